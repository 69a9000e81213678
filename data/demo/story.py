"""Who uses which service, how often, from which week on: the story that the demo logs tell.

`who` names people by first name, with the weeks from and to where it is not all thirteen: `Leonie:5` began in week five, `Rhodri:-8` stopped after
week eight. `weekly` is the number of sessions in a week of five days at work. `push` is what is uploaded in a session, in megabytes.
"""

from dataclasses import dataclass

from firm import WEEKS


@dataclass(frozen=True)
class Habit:
    """One person's use of one service, in the weeks `since` to `until`."""

    service: str
    weekly: float
    since: int
    until: int
    at: str  # work, lunch or phone (also around lunch)
    push: tuple[float, float] | None


_OFFICE = "Hester Idris Oluwaseun Tamsin Callum Priyanka Beatrix Mateusz Leonie Sunniva Jorge Gethin Nadia Rhodri Xiulan Tobias Anneliese Kasper"
_STUDIO = "Zainab Piotr Morag Dilan Efua Owain Saoirse Luca Ingrid Femi"
_BACK_OFFICE = "Mirela Desmond Yasmin Agnes Kwabena Ffion Goran Shanice Barnaby Nuala Vikram Aurelio Wren"
EVERYONE = f"{_OFFICE} {_STUDIO} {_BACK_OFFICE}"

# service, sessions a week, who, when, upload
_HABITS: tuple[tuple[str, float, str, str, tuple[float, float] | None], ...] = (
    # Provided and used well
    ("outlook", 6.0, EVERYONE, "work", None),
    ("teams", 3.8, EVERYONE, "work", None),
    ("sharepoint", 3.4, EVERYONE, "work", (1, 30)),
    ("office", 0.9, _BACK_OFFICE, "work", None),
    ("breathe", 0.4, EVERYONE, "work", None),
    ("xero", 5.0, "Mirela Desmond Yasmin Agnes", "work", None),
    ("docusign", 1.4, "Callum Priyanka Mirela Tamsin", "work", (0.5, 4)),
    ("dext", 1.5, "Desmond Agnes", "work", None),
    # Provided and hardly used
    ("onenote", 0.3, "Tamsin", "work", None),
    ("microsoft-forms", 0.4, "Barnaby Aurelio", "work", None),
    # No tool for it: large drawings to contractors, every week
    ("wetransfer", 1.6, "Nadia Rhodri Xiulan Zainab Piotr Morag Dilan Efua Saoirse", "work", (60, 900)),
    ("smash", 1.3, "Owain:3 Zainab:4", "work", (300, 1900)),
    # One free tool ends after week eight, and its people move on
    ("transfernow", 1.6, "Luca:-8 Efua:-8 Tobias:-8 Kasper:-8 Femi:-8", "work", (80, 1100)),
    ("smash", 1.7, "Luca:9 Efua:9 Tobias:9 Kasper:9 Femi:10", "work", (80, 1100)),
    # PDF files that Office alone does not mend
    ("smallpdf", 2.6, "Mirela Desmond Agnes Tamsin Priyanka:4", "work", (1, 9)),
    ("ilovepdf", 1.6, "Yasmin Agnes Shanice Nuala:8 Ingrid", "work", (1, 12)),
    ("cloudconvert", 1.0, "Xiulan Dilan Owain", "work", (8, 60)),
    # ChatGPT: three people in the first week, fifteen in the last
    ("chatgpt", 4.4, "Callum Jorge Wren Hester:2 Beatrix:3 Sunniva:4 Zainab:5 Leonie:6 Desmond:7 Nadia:8 Piotr:9", "work", None),
    ("chatgpt", 4.4, "Vikram:10 Ffion:11 Gethin:11 Barnaby:12", "work", None),
    ("deepseek", 1.8, "Wren:6 Dilan:8", "work", None),
    ("claude", 2.0, "Aurelio:4 Tobias:7", "work", None),
    ("gemini", 0.9, "Sunniva Kasper:5", "work", None),
    ("perplexity", 0.9, "Callum:6 Wren", "work", None),
    ("microsoft-copilot", 0.5, "Idris:5 Goran:7 Mateusz:9", "work", None),
    ("otter", 1.7, "Hester Idris Oluwaseun:5", "work", None),
    ("fireflies", 0.8, "Callum:8", "work", None),
    ("quillbot", 0.7, "Beatrix", "work", None),
    ("midjourney", 0.9, "Saoirse:3 Xiulan:6", "work", None),
    ("remove-bg", 0.5, "Sunniva Jorge", "work", None),
    # OneDrive is there; some keep their own
    ("dropbox", 2.0, "Kasper Gethin Nadia Vikram:4", "work", (4, 90)),
    ("google-drive", 1.0, "Rhodri Leonie Morag Goran Jorge", "work", (1, 40)),
    ("box", 0.5, "Anneliese", "work", None),
    ("google-docs", 0.9, "Leonie Rhodri", "work", None),
    # Planner is there; Sales plans elsewhere
    ("trello", 3.4, "Callum Priyanka Beatrix Mateusz Leonie", "work", None),
    ("asana", 0.8, "Tobias", "work", None),
    ("monday", 0.7, "Rhodri Idris", "work", None),
    ("notion", 3.4, "Jorge Sunniva:2 Beatrix:4 Callum:6 Tobias:7 Zainab:8 Aurelio:9 Efua:10 Oluwaseun:12", "work", None),
    ("evernote", 0.7, "Barnaby", "work", None),
    ("miro", 1.4, "Nadia Tobias Morag Saoirse", "work", None),
    ("excalidraw", 0.5, "Aurelio", "work", None),
    ("google-forms", 0.4, "Jorge", "work", None),
    ("jotform", 0.5, "Shanice Kwabena", "work", None),
    ("calendly", 0.9, "Callum Leonie Gethin", "work", None),
    ("doodle", 0.3, "Tamsin Idris", "work", None),
    ("zapier", 0.6, "Jorge:3", "work", None),
    # Talking to sites and clients
    ("whatsapp", 3.2, "Kwabena Goran Shanice Nuala Ingrid Femi Mateusz Leonie", "work", None),
    ("slack", 1.3, "Sunniva Piotr", "work", None),
    ("zoom", 0.8, "Callum Hester Idris Oluwaseun Gethin", "work", None),
    ("google-meet", 0.4, "Rhodri Priyanka", "work", None),
    ("linkedin", 1.2, "Callum Priyanka Beatrix Leonie Gethin Sunniva Hester Oluwaseun Barnaby", "work", None),
    ("pinterest", 1.0, "Saoirse Efua Xiulan Anneliese Nadia", "work", None),
    ("facebook", 0.9, "Sunniva Jorge", "work", None),
    ("gmail", 1.3, "Mateusz Kwabena Goran Shanice Agnes Luca Rhodri", "lunch", None),
    ("outlook-personal", 0.9, "Tamsin Yasmin Ingrid", "lunch", None),
    ("facebook", 0.9, "Shanice Kwabena Goran", "phone", None),
    ("gmail", 1.2, "Callum Hester Nadia", "phone", None),
    # Marketing and sales
    ("canva", 3.0, "Sunniva Jorge Beatrix:5 Priyanka:9", "work", (0.5, 12)),
    ("figma", 1.2, "Saoirse", "work", None),
    ("loom", 0.9, "Oluwaseun Jorge Aurelio:4", "work", (20, 160)),
    ("capcut", 0.7, "Jorge", "work", (20, 200)),
    ("grammarly", 0.8, "Beatrix", "work", None),
    ("deepl", 0.9, "Mateusz Piotr Kasper", "work", None),
    ("google-translate", 0.6, "Xiulan Mateusz Femi", "work", None),
    ("hubspot", 3.0, "Callum Priyanka Gethin", "work", None),
    ("mailchimp", 1.0, "Sunniva Jorge", "work", None),
    ("buffer", 0.8, "Sunniva", "work", None),
    ("wix", 0.5, "Jorge", "work", None),
    # IT and the rest
    ("github", 1.4, "Aurelio Wren", "work", None),
    ("pastebin", 0.7, "Wren Aurelio Dilan:6", "work", None),
    ("lastpass", 1.4, "Desmond Jorge", "work", None),
    ("bitwarden", 1.6, "Aurelio Wren", "work", None),
    ("teamviewer", 0.9, "Wren", "work", None),
    ("temp-mail", 0.3, "Jorge", "work", None),
    ("snag list", 1.8, "Kwabena Goran Shanice Ingrid Femi:4 Nadia:6", "work", (1, 8)),
    ("ceiling grid", 0.7, "Vikram Xiulan Owain", "work", None),
)


def _weeks(mark: str) -> tuple[int, int]:
    since, _, until = mark.partition("-")
    return int(since or 1), int(until or WEEKS)


def _by_person() -> dict[str, list[Habit]]:
    habits: dict[str, list[Habit]] = {}
    for service, weekly, who, at, push in _HABITS:
        for entry in who.split():
            first, _, mark = entry.partition(":")
            habits.setdefault(first, []).append(Habit(service, weekly, *_weeks(mark), at=at, push=push))
    return habits


HABITS = _by_person()

# Programs that talk by themselves, on the computers of these people
DROPBOX_AGENT = frozenset(("Kasper", "Gethin", "Anneliese"))
GRAMMARLY_EXTENSION = frozenset(("Beatrix", "Callum", "Priyanka", "Oluwaseun", "Desmond", "Vikram", "Idris"))
BACKUP_AGENT = frozenset(("Tamsin",))
TRIED_A_VPN = {"Dilan": (4, 5), "Callum": (9,)}  # in these weeks, and the firm's filters refused
