"""What is kept of each firm, and the only way to it.

    store = open_store()                                    # creates or upgrades the database, sweeps what killed imports left behind
    client = create_client(store, "Example & Co", zone="Europe/London", people_expected=40, show_names=True)
    done = import_log(store, client, path)                  # exactly once; done.state: published, already, failed
    seen = observations(store, client, catalogue, names=True)

The web creates the import first and lets a worker run it:

    job = start_import(store, client, name="access.log")    # a row in state "staging", shown at once
    run_import(store, job.id, path)                         # in the worker; never raises for a bad log, the row says why

`Client` and `Import` are rows: read their attributes, change them only through the functions here. Reading and writing of one's own tables:
`with store.read() as session` and `with store.write() as session` (SQLAlchemy sessions; a write is committed at the end of the block or not at
all; `write(durable=True)` for people's own work: accounts, decisions). A wing that adds a table declares it on `Base` in its `tables.py` and adds
the step to `discovery/store/migrations/versions`.

Public API (each says more in its own docstring):
    open_store(url=None) -> Store
    home() -> Path                                           GNOMON_HOME, mode 0700
    database_url() -> str                                    GNOMON_DATABASE or SQLite in home
    create_client(store, name, *, slug=None, zone="UTC", people_expected=None, show_names=False, toolset="") -> Client
    get_client(store, slug) -> Client                        UnknownClient if there is none
    clients(store) -> list[Client]                           by name
    update_client(store, client, **settings) -> Client       name, zone, people_expected, show_names, toolset
    delete_client(store, client) -> None                     everything of it, keys included
    keep_people_for(store, client, days) -> Client           how long it is kept who used what; None: until the log is removed
    forget_older(store, client) -> bool                      gives up what is older; done with every import, and daily while Gnomon serves
    import_log(store, client, path, *, name=None, format_id=None, zone=None, progress=None, cancelled=None) -> Imported
    start_import(store, client, *, name) -> Import
    run_import(store, import_id, path, *, format_id=None, zone=None, progress=None, cancelled=None) -> Imported
    get_import(store, client, import_id) -> Import           UnknownImport if this client has none of that number
    imports(store, client) -> list[Import]                   newest first, all states
    remove_import(store, client, import_id) -> Import        its numbers go; one that runs is stopped
    bundle(store, client) -> (file, fingerprint, logs)       all that is kept of its logs, signed, without a name
    take_bundle(store, client, file, *, trust="") -> Taken   a bundle made elsewhere; each log exactly once
    is_bundle(file) -> bool
    back_up(store, file, passphrase) -> Backup               the database, and the keys sealed; people may go on working
    restore(store, file, passphrase) -> Backup               into an empty store: equal to the original
    account(import) -> LogAccount
    counted_before(store, client) -> dict[int, int]          import -> requests counted with another log that it overlaps with
    network_ranges(store, client) -> list[Range]             whose addresses are whose; applied to logs as they come in
    keep_ranges(store, client, texts, *, count_guests) -> int
    import_people(store, client, path) -> int                people in the list, which replaces the one before
    people_listed(store, client) -> int                      people in the list that is in force
    observations(store, client, catalogue, *, since=None, until=None, names=False) -> Observations      None: unbounded
    usage_parts(store, client, since, until, *, names=False, catalogue=None) -> (parts, people), as discovery.observe.observe takes them
    taught_formats(store, client) -> dict[Path, OwnFormat]   formats of the client's own; used where no shipped format understands a log
    teach_format(store, client, own) -> Path
    forget_format(store, client, format_id) -> bool
    own_services(store, client) -> Own                       the client's own services and overrides; changed by the functions of store/own.py
    catalogue_of(store, client, shipped) -> Catalogue        the shipped catalogue with them laid over: what to match and judge a client with
    week_bytes(store, client, catalogue, *, since=None, until=None) -> rows of spent.SPENT: bytes by hour of week, of the whole firm
    first_event_day, last_event_day(store, client) -> date | None    in the client's zone; "last 30 days" ends on the last
    data_version(store, client) -> str                       changes with data, settings and decisions: a key for caches
"""

from discovery.store.account import account
from discovery.store.backup import Backup, back_up, restore
from discovery.store.bundle import bundle
from discovery.store.bundle_file import is_bundle
from discovery.store.bundle_in import Taken, take_bundle
from discovery.store.clients import UnknownClient, clients, create_client, data_version, delete_client, get_client, update_client
from discovery.store.home import database_url, home
from discovery.store.imports import UnknownImport, get_import, import_log, imports, remove_import, run_import, start_import
from discovery.store.networks import keep_ranges, network_ranges
from discovery.store.observe import first_event_day, last_event_day, observations, usage_parts
from discovery.store.overlaps import counted_before
from discovery.store.own import catalogue_of, own_services
from discovery.store.people import import_people, people_listed
from discovery.store.retention import forget_older, keep_people_for
from discovery.store.running import Imported
from discovery.store.spent import week_bytes
from discovery.store.store import Store, open_store
from discovery.store.tables import Client, Import
from discovery.store.taught import forget_format, taught_formats, teach_format

__all__ = [
    "Backup", "Client", "Import", "Imported", "Store", "Taken", "UnknownClient", "UnknownImport", "account", "back_up", "bundle", "catalogue_of",
    "clients", "counted_before", "create_client", "data_version", "database_url", "delete_client", "first_event_day", "forget_format", "forget_older",
    "get_client", "get_import", "home", "import_log", "import_people", "imports", "is_bundle", "keep_people_for", "keep_ranges", "last_event_day",
    "network_ranges", "observations", "open_store", "own_services", "people_listed", "remove_import", "restore", "run_import", "start_import",
    "take_bundle", "taught_formats", "teach_format", "update_client", "usage_parts", "week_bytes",
]  # fmt: skip
