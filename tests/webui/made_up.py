"""A made-up firm, already judged: what pages are drawn from in tests that are about pages and not about judging.

`say` is applied to every text that a log, a user or a data file could have brought, so that the same firm exists in plain and in hostile words.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import polars as pl

from discovery.observations import OBSERVED, Coverage, LogAccount, Observations, Sample
from rules.findings import Assessment, Evidence, Finding, Gap, PersonUse, Reason, Risk, UnknownDomain
from webui.assessments import Picture
from webui.filters import Filter

Say = Callable[[str], str]
LAST = date(2026, 11, 13)
RULE = "several ten-minute slots with uploads on several days"
#: id, name, vendor, category, capability, score, people, megabytes a day, status, activity
SERVICES = (
    ("wetransfer", "WeTransfer", "Bending Spoons", "Files", "file_transfer", 71, 12, 210, "unreviewed", "active"),
    ("chatgpt", "ChatGPT", "OpenAI", "AI", "ai_assistant", 78, 24, 3, "unreviewed", "active"),
    ("deepseek", "DeepSeek", "DeepSeek", "AI", "ai_assistant", 93, 2, 1, "unreviewed", "active"),
    ("smallpdf", "Smallpdf", "Smallpdf", "Files", "file_conversion", 62, 9, 9, "unreviewed", "active"),
    ("ilovepdf", "iLovePDF", "iLovePDF", "Files", "file_conversion", 58, 5, 7, "in_review", "active"),
    ("dropbox", "Dropbox", "Dropbox", "Files", "cloud_storage", 55, 7, 80, "tolerated", "active"),
    ("trello", "Trello", "Atlassian", "Work", "project_mgmt", 44, 6, 1, "unreviewed", "active"),
    ("canva", "Canva", "Canva", "Content", "design", 39, 11, 14, "approved_with_conditions", "active"),
    ("whatsapp", "WhatsApp", "Meta", "Communication", "chat", 66, 19, 4, "not_approved", "active"),
    ("deepl", "DeepL", "DeepL", "Content", "translation_writing", 33, 8, 1, "unreviewed", "active"),
    ("microsoft-365", "Microsoft 365", "Microsoft", "Documents", "office_suite", 14, 40, 95, "approved", "active"),
    ("teamviewer", "TeamViewer", "TeamViewer", "IT and development", "remote_access", 84, 1, 2, "unreviewed", "active"),
    ("grammarly", "Grammarly", "Grammarly", "Content", "translation_writing", 64, 3, 2, "unreviewed", "background"),
    ("linkedin", "LinkedIn", "Microsoft", "Communication", "social_media", 24, 30, 1, "unreviewed", "embedded"),
    ("notion", "Notion", "Notion Labs", "Documents", "notes_wiki", 47, 2, 1, "unreviewed", "visit"),
)
TEAMS = ("Sales", "Studio", "Back office", None)


@dataclass(frozen=True)
class MadeUp:
    """Stands in for `webui.assessments.Assessments`: one picture, whatever the filter."""

    shown: Picture
    earlier: Picture | None

    def picture(self, _client: object, _chosen: Filter) -> Picture:
        return self.shown

    def alone(self, _client: object, chosen: Filter, **_how: object) -> Picture:
        return self.shown if self.earlier is None or chosen.until == LAST else self.earlier

    def before(self, _client: object, _chosen: Filter) -> Picture | None:
        return self.earlier


@lru_cache(maxsize=8)
def made_up(say: Say = str, *, people: int = 41, days: int = 30) -> MadeUp:
    """The firm over a period, and with a few differences over the period before."""
    shown = picture(say, people=people, days=days)
    earlier = replace(shown, assessment=replace(shown.assessment, findings=_earlier(shown.assessment.findings)))
    return MadeUp(shown, earlier)


def picture(say: Say = str, *, people: int = 41, days: int = 30) -> Picture:
    """One period of the firm."""
    dice = random.Random(7)  # noqa: S311 (a made-up firm)
    since = LAST - timedelta(days=days - 1)
    usage = pl.DataFrame(list(_usage(dice, say, people, since, days)), schema=OBSERVED)
    account = LogAccount("squid.log", "squid", "proxy", 10_000_000, 120_000, 118_000, {say("cache manager"): 1800}, {say("too few fields"): 200})
    account = replace(account, samples={say("too few fields"): (Sample(17, say("aaa 999.9 aa")),)}, warnings=(say("The clock jumped."),))
    covered = Coverage(people, people - 3, 700, 900, 0.1, (say("squid: 30 of 30 days"),), (say("Phones on mobile data."),))
    findings = tuple(_finding(dice, say, usage, row) for row in SERVICES)
    findings = tuple(sorted(findings, key=lambda finding: -finding.risk.score))
    unknown = tuple(UnknownDomain(say(f"supplier-{n}.example"), n % 7 or None, n % 20, 10 * n, n * 1000, None, say("a shop")) for n in range(130))
    judged = Assessment(findings, lambda: unknown, _gaps(say, findings), covered, (account,), since, LAST, {"version": "made up", "weights": []})
    seen = Observations(usage, (account,), covered, "Europe/London", since, LAST)
    return Picture(judged, judged, seen, since, LAST, LAST)


def _usage(dice: random.Random, say: Say, people: int, since: date, days: int):
    for service, *_, uses, megabytes, _status, activity in SERVICES:
        for n in dice.sample(range(people), min(uses, people)):
            person, team, kind = say(f"U-{n:03d}"), TEAMS[n % 4], "device" if n % 13 == 12 else "person"
            for day in (since + timedelta(days=d) for d in range(days)):
                if day.weekday() >= 5 or dice.random() > 0.4:
                    continue
                at = datetime.combine(day, time(9), UTC)
                up = int(megabytes * 1e6 * dice.random() / uses)
                role = {"active": "use", "background": "sync", "embedded": "embed", "visit": "visit"}[activity]
                yield {
                    "person": person, "person_kind": kind, "basis": say("user name in the log"), "team": team and say(team), "device": person,
                    "kind": "traffic", "account": "cannot_be_told", "source": say("squid: access.log"), "family": "proxy",
                    "domain": domain_of(say, service, role), "match": "service", "service": service, "role": role, "day": day,
                    "slots": dice.randint(1, 9), "hits": dice.randint(5, 80), "blocked_hits": 0, "uploaded_bytes": up, "downloaded_bytes": up // 3,
                    "first": at, "last": at, "log": say("access.log"), "first_line": n + 1,
                }  # fmt: skip


def domain_of(say: Say, service: str, role: str) -> str:
    return say(f"{role}.{service}.example")


def _finding(dice: random.Random, say: Say, usage: pl.DataFrame, row: tuple) -> Finding:  # type: ignore[type-arg]
    service, name, vendor, category, capability, score, _, _, status, activity = row
    mine = usage.filter(pl.col("service") == service)
    uses = tuple(_use(say, activity, *part) for part in mine.group_by("person", maintain_order=True))
    level = ("Low", "Guarded", "Elevated", "High", "Severe")[min(4, score // 20)]
    reasons = (
        Reason("data", round(score * 0.6), say("Files leave the firm through it"), say("editor, 2026-11")),
        Reason("use", round(score * 0.5), say("Many people use it"), "usage"),
    )
    reasons += (Reason("trust", -round(score * 0.1), say("A second factor can be switched on"), "2fa, 2026-08"),)
    risk = Risk(
        score, max(0, score - dice.randint(2, 14)), min(100, score + dice.randint(2, 14)), level, reasons, (say("Not known: where data is kept"),)
    )
    days = mine.group_by("day").agg(pl.col("person").n_unique()).sort("day")
    evidence = tuple(
        Evidence(domain, role, hits, say("access.log"), line)
        for domain, role, hits, line in mine.group_by("domain", "role").agg(pl.col("hits").sum(), pl.col("first_line").min()).iter_rows()
    )
    active = len(uses) if activity == "active" else 0
    return Finding(
        service, say(name), say(vendor), say(category), capability, status, activity, risk, len(uses), active, len(uses), mine["day"].n_unique(),
        mine["hits"].sum(), 0, mine["uploaded_bytes"].sum(), mine["downloaded_bytes"].sum(), mine["first"].min(), mine["last"].max(),
        uses, evidence, tuple(days.iter_rows()),
    )  # fmt: skip


def _use(say: Say, activity: str, key: tuple[object, ...], rows: pl.DataFrame) -> PersonUse:
    first = rows.row(0, named=True)
    return PersonUse(
        str(key[0]), first["basis"], first["person_kind"], first["team"], "cannot_be_told", activity, say(RULE),
        rows["day"].n_unique(), rows["hits"].sum(), 0, rows["uploaded_bytes"].sum(), rows["downloaded_bytes"].sum(),
        rows["first"].min(), rows["last"].max(),
    )  # fmt: skip


def _gaps(say: Say, findings: tuple[Finding, ...]) -> tuple[Gap, ...]:
    def gap(capability: str, title: str, kind: str, toolset: tuple[str, ...] = ()) -> Gap:
        mine = [finding for finding in findings if finding.capability == capability]
        users = {use.person for finding in mine for use in finding.by_person}
        return Gap(
            capability, say(title), kind, len(users), max((finding.days for finding in mine), default=0), tuple(finding.service for finding in mine),
            tuple(map(say, toolset)), say("Provide one tool for this and say so."), say("Seen on most working days."),
            say("What do you send, and to whom?"), len(mine) > 1,
        )  # fmt: skip

    return (
        gap("file_transfer", "Sending large files", "no_tool"),
        gap("file_conversion", "PDF and file conversion", "no_tool"),
        gap("ai_assistant", "AI assistants and writing", "tool_unused", ("Microsoft Copilot",)),
        gap("cloud_storage", "Cloud storage and sync", "tool_beside", ("OneDrive",)),
        gap("chat", "Chat", "tool_beside", ("Microsoft Teams",)),
        gap("project_mgmt", "Tasks and projects", "tool_beside", ("Planner",)),
        gap("design", "Design and stock media", "no_tool"),
        gap("office_suite", "Online documents and spreadsheets", "covered", ("Microsoft 365",)),
        gap("backup", "Backup", "covered", ("Veeam",)),
    )


def _earlier(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The period before: one service not there yet, one with fewer people."""
    kept = [finding for finding in findings if finding.service != "deepseek"]
    return tuple(replace(finding, active_people=9, by_person=finding.by_person[:9]) if finding.service == "chatgpt" else finding for finding in kept)
