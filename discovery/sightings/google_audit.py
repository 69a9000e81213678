"""Google Workspace audit of third-party tokens and of sign-ins, there and on to other services: the Reports API's JSON, the Admin console's CSV.

Also the apps with access, as App access control lists them and as the Directory API gives the tokens of a person (`tokens.list`).
Events are `authorize` of application token and `login_success` of application login
or saml
(https://developers.google.com/workspace/admin/reports/v1/appendix/activity/token). A sign-in there is one to the firm's own Google Workspace.
"""

import polars as pl

from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named, spelt
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import COMPANY, grants, of_mail, when

# What the console calls its columns, in the languages it speaks.
_COLUMNS = spelt(
    {
        "user": "user actor actor_email email nutzer akteur utilisateur acteur usuario utente attore usuário ator gebruiker ユーザー",
        "time": "date time date_and_time datum fecha data 日付",
        "event": "event event_name event_type ereignis événement évènement evento gebeurtenis イベント",
        "app": (
            "application_name app_name oauth_client_name anwendungsname name_der_app nom_de_l_application nom_de_l_appli "
            "nombre_de_la_aplicación nome_dell_applicazione nome_applicazione nome_do_aplicativo nome_do_app naam_van_app アプリ名"
        ),
        "client": (
            "client_id application_id app_id oauth_client_id anwendungs_id id_client id_du_client id_de_cliente id_do_cliente id_cliente "
            "id_de_l_application id_de_la_aplicación クライアント_id"
        ),
        "scopes": "scope scopes scope_s bereich umfang champ_d_application portée alcance ámbito ambito escopo bereik",
        "login": "login_type challenge_type is_second_factor is_suspicious anmeldetyp type_de_connexion tipo_de_inicio_de_sesión",
    }
)
_LISTED = spelt({"app": "app_name", "services": "requested_services requested_scopes", "users": "users"})
_TAKEN_BACK = "(?i)revok|widerr|entzog|entzieh|révo|revoc|ingetrokken|取り消|activity|aktivit|api|request"
_SUCCEEDED = "(?i)success|erfolgreich|réussi|correct|exitos|riuscit|bem.sucedid|geslaagd|成功"
_PATHS = {"time": ("id.time",), "user": ("actor.email",), "about": ("id.applicationName",), "owner": ("ownerDomain",)}

_GOOGLE = pl.lit("Google Workspace")
_MAIL = pl.col("user").str.to_lowercase()
_OWN = {
    "user_name": pl.col("user"),
    "account": pl.coalesce(of_mail(_MAIL), pl.when(_MAIL.str.ends_with("@" + pl.col("owner"))).then(pl.lit(COMPANY))),
}


def _parameter(name: str) -> pl.Expr:
    """The value of a parameter of the event."""
    text = r'"value":\s*"((?:[^"\\]|\\.)*)"'
    key = rf'"name":\s*"{name}"'
    return pl.coalesce(pl.col("events").str.extract(rf"{key},\s*{text}"), pl.col("events").str.extract(rf"{text},\s*{key}"))


def _named(event: str) -> pl.Expr:
    return pl.col("events").str.contains(rf'"name":\s*"(?:{event})"')


FORMAT = SightingFormat(
    id="google-audit",
    title="Google Workspace token and login audit",
    records=(
        Record(
            kind=JsonLines(must=("events",), paths=_PATHS),
            sighting="consent",
            named=pl.coalesce(_parameter("app_name"), _parameter("client_id")),
            clock=when("time"),
            said={**_OWN, "grants": grants(pl.col("events"))},
            only=pl.col("about") == "token",
            skip={"not a consent": ~_named("authorize")},
        ),
        Record(
            kind=JsonLines(must=("events",), paths=_PATHS),
            sighting="sign-in",
            named=_GOOGLE,
            clock=when("time"),
            said=_OWN,
            only=pl.col("about") == "login",
            skip={"no sign-in that succeeded": ~_named("login_success")},
        ),
        Record(
            kind=JsonLines(must=("events",), paths=_PATHS),
            sighting="sign-in",
            named=pl.coalesce(_parameter("application_name"), _parameter("app_name")),
            clock=when("time"),
            said=_OWN,
            only=pl.col("about") == "saml",
            skip={"no sign-in that succeeded": ~_named("login_success")},
        ),
        Record(
            kind=Named(_COLUMNS, must=(("app",), ("client",), ("user",), ("time",))),
            sighting="consent",
            named=pl.coalesce(pl.col("app").replace("", None), "client"),
            clock=when("time"),
            said={"user_name": pl.col("user"), "account": of_mail(_MAIL), "grants": grants(pl.col("scopes"))},
            skip={"not a consent": pl.col("event").str.contains(_TAKEN_BACK)},
            unless=r"resource|tenant",
        ),
        Record(
            kind=JsonLines(must=("displayText",)),
            sighting="consent",
            named=pl.coalesce("displayText", "clientId"),
            said={"grants": grants(pl.col("scopes"))},
            only=pl.col("clientId").is_not_null() & pl.col("scopes").is_not_null(),
        ),
        Record(
            kind=Named(_LISTED, must=(("app",), ("services",), ("users",))),
            sighting="consent",
            named=pl.col("app"),
            said={"times": pl.col("users")},
        ),
        Record(
            kind=Named(_COLUMNS, must=(("user",), ("time",), ("event",), ("login",))),
            sighting="sign-in",
            named=_GOOGLE,
            clock=when("time"),
            said={"user_name": pl.col("user"), "account": of_mail(_MAIL)},
            skip={"no sign-in that succeeded": ~pl.col("event").str.contains(_SUCCEEDED)},
        ),
    ),
)
