"""From usage to observations: say who it was, match each domain once, let one record speak for each visit, and roll hours up to days.

While rows are many, who and where are numbers of the two small tables `who` and `domains`; their words come back at the end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from discovery import memory, shared, targets, unmask
from discovery.answers import ALIASES
from discovery.behind import behind
from discovery.catalogue import Catalogue
from discovery.coverage import cover
from discovery.crew import in_order
from discovery.events import CHANNEL
from discovery.matching import matcher
from discovery.naming import OPEN
from discovery.observations import OBSERVED, WORD, Coverage, LogAccount, Observations
from discovery.parts import Part, sources
from discovery.rhythm import EVIDENCE, evidence
from discovery.runs import Runs, distinct
from discovery.shelf import Shelf
from discovery.sighted import sighted
from discovery.turns import turns
from discovery.usage import NEVER, OPENED, TIMES, UNTIL
from discovery.visits import by_day, strongest

#: What usage may carry beside `USAGE` and the columns of attribution, and what holds where it does not. Rows of grain "day" were compacted:
#: their `slots` are a count, not a mask; `people` counts those behind a row whose person is withheld.
_OPTIONAL: Final[dict[str, pl.Expr]] = {
    "grain": pl.lit("hour"),
    "people": pl.lit(None, pl.Int64),
    "sighting": pl.lit("traffic"),
    "account": pl.lit("cannot_be_told"),
    "naming": pl.lit(None, pl.String),
    **dict.fromkeys(OPENED, pl.lit(NEVER, pl.UInt16)),
    UNTIL: pl.lit(0, pl.UInt16),
    **dict.fromkeys(EVIDENCE, pl.lit(None, pl.Int64)),
}

#: What keeps rows apart, beside domain and day; the rest of what is known of who follows from it.
_WHO: Final = ("person", "device", "source", "sighting", "account")
_OF_WHO: Final = ("person_kind", "basis", "team", "family")
_MEASURES: Final = ("slots", "hits", "blocked_hits", "people", "source_bytes", "destination_bytes", "first", "last", "first_line", *EVIDENCE, *TIMES)


def observe(
    parts: Iterable[Part],
    people: pl.DataFrame | None,
    catalogue: Catalogue,
    *,
    zone: str,
    people_expected: int | None = None,
    aliases: pl.DataFrame | None = None,
) -> Observations:
    """What was seen in these logs, whatever their order.

    Args:
        parts: one per log. Their usage is taken off its shelf day by day, so that it and what becomes of it never stand side by side.
        people: the people list; counted where `people_expected` is not given.
        catalogue: what the domains are matched with.
        zone: the client's; a day is a day there.
        people_expected: people in the firm; None: not known.
        aliases: names that are other names (columns of `answers.ALIASES`), as DNS answers say.
    """
    parts = sorted(parts, key=lambda part: (part.source, part.account.path, part.format))
    if not parts:
        return Observations(pl.DataFrame(schema=OBSERVED), (), Coverage(people_expected=people_expected), zone, people_told_apart=False)
    told, parts = _without_traffic(parts)
    elsewhere = sighted(told, catalogue)
    domains = _domains(parts, catalogue, pl.DataFrame(schema=ALIASES) if aliases is None else aliases)
    logs, usage = sources(parts), [part.usage for part in parts]
    parts = [_emptied(part) for part in parts]
    words = domains.select("destination_domain", "match", "service", "role", "registrable", naming="words").cast({pl.String: WORD})
    slices = list(in_order(partial(_slice, domains=domains, words=words, parts=parts, zone=zone), _some(parts, usage, zone), ahead=1))
    crowd = shared.by_users(pl.concat([one.at_once for one in slices])).union(*(one.crowded for one in slices))
    present = shared.as_shared(pl.concat([one.present for one in slices]).unique(), crowd)
    asked = pl.concat([one.asked for one in slices])
    coverage = cover(present, asked, logs, people, people_expected, zone)
    return Observations(
        usage=shared.as_shared(pl.concat([one.usage for one in slices]), crowd),
        logs=tuple(account for _, account, _ in logs),
        coverage=coverage,
        zone=zone,
        since=present["day"].min() or _day(elsewhere["first"].min(), zone),  # type: ignore[arg-type]
        until=present["day"].max() or _day(elsewhere["last"].max(), zone),  # type: ignore[arg-type]
        people_told_apart=coverage.people_seen is not None,
        sightings=elsewhere,
    )


def _without_traffic(parts: Sequence[Part]) -> tuple[list[tuple[pl.DataFrame, LogAccount, str]], list[Part]]:
    """The attributed rows of files that saw no traffic; and the parts, those files without their rows."""
    others = [part for part in parts if part.account.family == "identity" and part.usage.height]
    told = [(part.who(part.usage.whole()), part.account, part.source) for part in others]
    return told, [_emptied(part) if part.account.family == "identity" else part for part in parts]


def _emptied(part: Part) -> Part:
    return replace(part, usage=Shelf([part.usage.nothing]))


def _day(moment: datetime | None, zone: str) -> date | None:
    return moment.astimezone(ZoneInfo(zone)).date() if moment else None


@dataclass(frozen=True, slots=True)
class _Slice:
    """What some days gave: rows of `OBSERVED`, who was there on which day, and what was asked for how often."""

    usage: pl.DataFrame
    present: pl.DataFrame
    asked: pl.DataFrame
    at_once: pl.DataFrame  # see `shared.users`
    crowded: set[str]  # devices that are many, as far as these rows tell


def _some(parts: Sequence[Part], usage: Sequence[Shelf], zone: str) -> Iterator[list[pl.DataFrame]]:
    """The usage of all parts with who it was, some days and people at a time: these do not depend on each other, so memory stays flat."""
    days = turns([piece["hour"] for table in usage for piece in table.pieces("hour")], zone)
    for one, *rows in zip(days, *(table.parted(days) for table in usage), strict=True):
        memory.give_back()
        attributed = [part.who(table) for part, table in zip(parts, rows, strict=True)]
        somebody = pl.col("person").cast(pl.String).fill_null("").hash() % one.shares
        for number in range(one.shares):
            yield [table.filter(somebody == number) for table in attributed] if one.shares > 1 else attributed


def _slice(usage: Sequence[pl.DataFrame], domains: pl.DataFrame, words: pl.DataFrame, parts: Sequence[Part], zone: str) -> _Slice:
    rows = _together(usage, parts, zone)
    who, numbers = _who(rows)
    rows = rows.with_columns(numbers, who["somebody"].gather(numbers), who["machine"].gather(numbers), _matched(rows, domains))
    first, _ = distinct(rows, ("person", "person_kind", "day"))
    present = rows.select("person", "person_kind", "day")[first].cast({"person": pl.String, "person_kind": pl.String})
    asked = _asked(rows)
    rows = rows.drop(*_WHO, *_OF_WHO, "destination_domain", "naming").drop_nulls("domain")
    at_once, crowded = shared.users(rows, who), shared.by_services(rows, who, domains)
    told = strongest(rows.with_columns(domains["target"].gather(rows["domain"])))
    reported = told.filter((domains["match"] != "private").gather(told["domain"]))
    days = _with_evidence(by_day(reported), evidence(told, domains), who, domains)
    return _Slice(_named(days, who, words, [part.account.path for part in parts]), present, asked, at_once, crowded)


def _asked(rows: pl.DataFrame) -> pl.DataFrame:
    """How often each domain was asked for, and whether it was told how much was sent there."""
    runs = Runs(rows, ("domain",))
    told = runs.reduced(rows["source_bytes"].is_not_null().cast(pl.Int64), np.add) > 0
    names = (rows[name].gather(runs.rows) for name in ("destination_domain", "naming"))
    return pl.DataFrame([*names, runs.reduced(rows["hits"], np.add), told.alias("bytes_told")])


def _together(usage: Sequence[pl.DataFrame], parts: Sequence[Part], zone: str) -> pl.DataFrame:
    """All rows in one table, with `part`, `unit`, `day`, and `start`: the hour, or the whole day for rows compacted to it."""
    units = {name: number for number, name in enumerate(sorted({part.format for part in parts}))}
    tables = [
        rows.with_columns(
            *(value.alias(name) for name, value in _OPTIONAL.items() if name not in rows.columns),
            pl.lit(number, pl.Int64).alias("part"),
            pl.lit(units[part.format], pl.Int64).alias("unit"),
            pl.lit(part.source).cast(pl.Categorical).alias("source"),
            pl.lit(part.family).cast(pl.Categorical).alias("family"),
            pl.col("channel").cast(CHANNEL).to_physical().cast(pl.Int64).alias("rank"),
        ).select("part", "unit", "rank", *_WHO, *_OF_WHO, pl.col("destination_domain", "naming").cast(pl.String), "hour", "grain", *_MEASURES)
        for number, (part, rows) in enumerate(zip(parts, usage, strict=True))
    ]
    day = pl.col("hour").dt.convert_time_zone(zone).dt.date()
    compacted = pl.col("grain") == "day"
    return (
        pl.concat(tables, how="vertical_relaxed")
        .with_columns(
            day.alias("day"),
            pl.when(compacted).then(day.cast(pl.Datetime("us", "UTC"))).otherwise("hour").alias("start"),
            pl.when(compacted).then(None).otherwise("slots").alias("mask"),
            pl.when(compacted).then(pl.col("slots").cast(pl.Int64)).alias("counted"),
            pl.col(*_WHO, *_OF_WHO).cast(pl.Categorical),
        )
        .drop("hour", "grain", "slots")
    )


def _who(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Each distinct who, numbered in alphabetical order, and the number of each row; `somebody` numbers the person, `machine` also the device."""
    first, which = distinct(rows, (*_WHO, *_OF_WHO))
    stated = rows.select(*_WHO, *_OF_WHO)[first].cast(pl.String)
    one = stated.group_by(_WHO).agg(pl.col(_OF_WHO).sort(nulls_last=True).first()).sort(_WHO, nulls_last=True).with_row_index("who")
    who = one.with_columns(
        pl.col("who").cast(pl.Int64),
        pl.col("person").rle_id().cast(pl.Int64).alias("somebody"),
        pl.struct("person", "device").rle_id().cast(pl.Int64).alias("machine"),
    )
    numbers = stated.join(who.select(*_WHO, "who"), on=_WHO, how="left", nulls_equal=True, maintain_order="left")["who"]
    return who, numbers.gather(which)


def _domains(parts: Sequence[Part], catalogue: Catalogue, aliases: pl.DataFrame) -> pl.DataFrame:
    """Each distinct domain with its match, numbered by service and name; `target` is what a visit goes to, `words` how it was found."""
    asked = pl.concat([_names(part.usage) for part in parts]).unique().drop_nulls("destination_domain")
    single = asked.filter(~pl.col("naming").is_in(OPEN).fill_null(value=False))
    found = unmask.matches(matcher(catalogue), single["destination_domain"], aliases).rename({"domain": "destination_domain"})
    words = pl.concat_str("naming", pl.format("another name for {}", "alias"), separator="; ", ignore_nulls=True)
    matches = asked.join(found, on="destination_domain", how="left").with_columns(
        pl.col("match").fill_null("unknown"), pl.when(words != "").then(words).alias("words")
    )
    ordered = matches.sort("service", "destination_domain", "naming", nulls_last=True).with_row_index("domain")
    return ordered.select(
        pl.col("domain").cast(pl.Int64),
        targets.target().alias("target"),
        behind(matcher(catalogue).match_all, ordered),
        *("destination_domain", "naming", "match", "service", "role", "cls", "registrable", "words"),
    )


def _names(usage: Shelf) -> pl.DataFrame:
    """The distinct domains of a log, each with how it was found."""
    if "naming" in usage.columns:
        return usage.distinct("destination_domain", "naming").cast(pl.String)
    return usage.distinct("destination_domain").select(pl.col("destination_domain").cast(pl.String), pl.lit(None, pl.String).alias("naming"))


def _matched(rows: pl.DataFrame, domains: pl.DataFrame) -> pl.Series:
    """The number of each row's domain; null where it has none."""
    key = ("destination_domain", "naming")
    first, which = distinct(rows, key)
    asked = rows.select(*key)[first].join(domains, on=key, how="left", nulls_equal=True, maintain_order="left")
    return asked["domain"].gather(which)


def _with_evidence(days: pl.DataFrame, found: pl.DataFrame, who: pl.DataFrame, domains: pl.DataFrame) -> pl.DataFrame:
    """Rows with the evidence of the machine's day with the service, as found now or as kept; null for hosts that nobody works with."""
    keyed = days.join(who.select("who", "machine"), on="who", how="left").join(
        domains.filter(targets.working()).select("domain", "target"), on="domain", how="left"
    )
    joined = keyed.join(found, on=["machine", "target", "day"], how="left", maintain_order="left", suffix="_now")
    return joined.select(*(pl.coalesce(f"{name}_now", name).alias(name) if name in EVIDENCE else name for name in days.columns))


def _named(days: pl.DataFrame, who: pl.DataFrame, words: pl.DataFrame, logs: Sequence[str]) -> pl.DataFrame:
    """Rows of `OBSERVED`, with the words behind the numbers: those of domains are the same for all days."""
    wide = pl.concat([days.drop("domain"), who.cast({pl.String: WORD})[days["who"]].drop("who"), words[days["domain"]]], how="horizontal")
    renamed = {"destination_domain": "domain", "sighting": "kind", "source_bytes": "uploaded_bytes", "destination_bytes": "downloaded_bytes"}
    log = pl.Series("log", logs, dtype=WORD)[days["part"]]
    return wide.with_columns(log).rename(renamed).select(pl.col(name).cast(kind) for name, kind in OBSERVED.items())
