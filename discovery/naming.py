"""Names for addresses: what a firewall logs as an address alone is joined with the DNS answers of that time.

An address is what the same device was told it is, shortly before it went there. Where that device asked nobody we hear, the answers to other
devices of the firm name it, with less certainty. An address that stands for several sites at that time (a delivery network's) stays "one of"
them: it is no evidence of either. The words for each are kept in `naming`. No row is added, taken away or put together here.
"""

import ipaddress
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

import polars as pl

from discovery.events import SUBJECT
from discovery.names import domains
from discovery.shelf import Shelf

#: What stands before an address, or its keyed hash, where a store keeps it in place of a domain.
ADDRESS: Final = "address:"

#: How a name was found, for rows whose log has only an address; null: the log names the site itself, or nothing names it.
OWN: Final = "address only; named by a DNS answer to the same device"
OTHERS: Final = "address only; named by DNS answers to other devices"
ONE_OF: Final = "address only; several sites share it, as DNS answers to the same device say"
ONE_OF_OTHERS: Final = "address only; several sites share it, as DNS answers to other devices say"
REVERSE: Final = "address only; named by reverse DNS, which says who runs it and not what was visited"

#: The ways that leave open which site it was.
OPEN: Final = (ONE_OF, ONE_OF_OTHERS)

# An answer counts for the hour it was given in and the next: programs go on using an address beyond its time to live, but asking again is
# usual within the hour. The answers of the hour itself go first. Two machines write the two logs, and their clocks differ.
_CLOCKS: Final = timedelta(minutes=2)
_NEXT: Final = timedelta(hours=1)

_WAYS: Final[dict[str, tuple[str | None, ...]]] = {
    "were named by DNS answers to the same device": (OWN,),
    "were named by DNS answers to other devices": (OTHERS,),
    "were named by reverse DNS": (REVERSE,),
    "went to an address that several sites share": OPEN,
    "have no name": (None,),
}

_SHOWN: Final = 3  # sites of "one of"
_AT_ONCE: Final = 50_000
_HOUR, _DAY = "hour", "day"

#: Rows of usage -> the handles by which the device of each is known, as columns; null: not known by it.
Handles = Callable[[pl.DataFrame], Sequence[pl.Series]]
#: Names -> columns `asked` and `target`: what a visit to each goes to.
Targets = Callable[[pl.Series], pl.DataFrame]


def named(usage: Sequence[Shelf], answers: Sequence[pl.DataFrame], handles: Handles, targets: Targets, *, zone: str = "UTC") -> list[Shelf]:
    """Usage of several logs, with `naming`, and a name in `destination_domain` wherever an answer names the address.

    Args:
        usage: tables with the columns of `USAGE`; rows whose `grain` is "day" were compacted, and meet all answers of that day.
        answers: tables with the columns of `ANSWERS`; those whose `grain` is "day" only tell the day.
        handles: of the device behind rows of either.
        targets: what the names stand for.
        zone: in which a day is a day.
    """
    nameless = [pl.concat([_addresses(piece) for piece in table.pieces("destination_domain", "destination_ip")]).unique() for table in usage]
    addresses = pl.concat(nameless).unique()
    known = [table.filter(pl.col("address").cast(pl.String).is_in(addresses.implode())) for table in answers if table.height]
    if not any(table.height for table in known):
        return list(usage)
    texts = pl.concat([table.with_columns(pl.col(pl.Categorical).cast(pl.String)) for table in known])
    book = _Book(texts, handles, targets, zone if any("grain" in table.columns for table in usage) else None)
    return [table.each(book.named) if len(asked) else table for table, asked in zip(usage, nameless, strict=True)]


def handles(who: Callable[[pl.DataFrame], pl.DataFrame], rows: pl.DataFrame) -> list[pl.Series]:
    """The device as far as it is known, and the device that had the address; `who` as `identity.attribute`."""
    address = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in SUBJECT if name != "source_ip")
    return [who(rows)["device"], who(address)["device"]]


def _nameless() -> pl.Expr:
    return pl.col("destination_domain").is_null() & pl.col("destination_ip").is_not_null()


def _addresses(usage: pl.DataFrame) -> pl.Series:
    """The different addresses that no log names."""
    return usage.filter(_nameless())["destination_ip"].unique().cast(pl.String)


class _Book:
    """Which name each device was told for which address, hour by hour."""

    def __init__(self, answers: pl.DataFrame, handles: Handles, targets: Targets, zone: str | None) -> None:
        names = targets(answers["asked"].unique()).select("asked", pl.col("target").rank("dense"), pl.col("asked").rank("ordinal").alias("name"))
        self._handles, self._zone, self._days = handles, zone or "UTC", zone is not None  # no zone: nothing was compacted to days
        self._names = names.select("name", "asked")
        told = _grained(answers).join(names, on="asked").with_columns(pl.col("address").cast(pl.Categorical))
        timed = told.with_columns(pl.col("since").alias("first"), pl.col("since").alias("last"))
        mine = pl.concat([told.with_columns(handle) for handle in _distinct(handles(timed))]).drop_nulls("handle")
        self._own = self._told(mine, ("handle",))
        self._everyone = self._told(told, ())

    def _told(self, answers: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
        """Answers of an hour, for it and for the next; and all answers of a day, for what was compacted to it."""
        hours = answers.filter(pl.col("grain") == _HOUR).with_columns(pl.col("since").dt.truncate("1h").alias("hour"))
        if not self._days:
            return _with_next(hours.group_by(*key, "address", "name", "target", "grain", "hour").agg(pl.col("since").min()))
        days = answers.with_columns(_day(pl.col("since"), self._zone).alias("hour"), pl.lit(_DAY).cast(pl.Enum((_HOUR, _DAY))).alias("grain"))
        return _with_next(pl.concat([hours, days]).group_by(*key, "address", "name", "target", "grain", "hour").agg(pl.col("since").min()))

    def named(self, usage: pl.DataFrame) -> pl.DataFrame:
        """A table of usage with names where there are answers."""
        rows = usage.with_row_index("_row")
        found = [self._found(piece) for piece in rows.filter(_nameless()).iter_slices(_AT_ONCE)]
        nothing = rows.clear().select("_row", pl.lit(None, pl.String).alias("_name"), pl.lit(None, pl.String).alias("naming"))
        joined = rows.join(pl.concat([nothing, *found]), on="_row", how="left", maintain_order="left")
        name = pl.coalesce(pl.col("destination_domain").cast(pl.String), "_name")
        return joined.with_columns(name.cast(pl.Categorical).alias("destination_domain"), pl.col("naming").cast(pl.Categorical)).drop("_row", "_name")

    def _found(self, rows: pl.DataFrame) -> pl.DataFrame:
        """For each row that has one, its name (`_name`) and how it was found (`naming`)."""
        hour = pl.when(pl.col("grain") == _DAY).then(_day(pl.col("hour"), self._zone)).otherwise("hour").alias("hour")
        address = pl.col("destination_ip").cast(pl.String).cast(pl.Categorical).alias("address")
        asked = _grained(rows).select("_row", address, "grain", hour, "last")
        mine = pl.concat([asked.with_columns(handle) for handle in _distinct(self._handles(rows))]).drop_nulls("handle")
        own = self._chosen(mine.join(self._own, on=["handle", "address", "grain", "hour"]), OWN, ONE_OF)
        rest = asked.join(own, on="_row", how="anti").join(self._everyone, on=["address", "grain", "hour"])
        return pl.concat([own, self._chosen(rest, OTHERS, ONE_OF_OTHERS)])

    def _chosen(self, candidates: pl.DataFrame, sure: str, open_: str) -> pl.DataFrame:
        """The name of each row out of its candidates: the one it asked for last, if all go to the same place; else all of them as "one of"."""
        before = candidates.filter(pl.col("since") <= pl.col("last") + _CLOCKS)
        nearest = before.filter(pl.col("later") == pl.col("later").min().over("_row"))
        each = nearest.group_by("_row", "name", "target").agg(pl.col("since").max()).join(self._names, on="name")
        chosen = (
            each.sort("since", "name", descending=[True, False])
            .group_by("_row")
            .agg(
                pl.col("asked").first().alias("_one"),
                pl.col("asked").sort().head(_SHOWN).str.join(", ").alias("_some"),
                pl.len().alias("_names"),
                pl.col("target").n_unique().alias("_targets"),
            )
        )
        more = pl.when(pl.col("_names") > _SHOWN).then(pl.format(" and {} more", pl.col("_names") - _SHOWN)).otherwise(pl.lit(""))
        single = pl.col("_targets") == 1
        return chosen.select(
            "_row",
            pl.when(single).then("_one").otherwise(pl.format("one of {}{}", "_some", more)).alias("_name"),
            pl.when(single).then(pl.lit(sure)).otherwise(pl.lit(open_)).alias("naming"),
        )


def _with_next(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers, those of an hour also for the next (`later` 1)."""
    now = answers.with_columns(pl.lit(0, pl.Int8).alias("later"))
    return pl.concat([now, now.filter(pl.col("grain") == _HOUR).with_columns(pl.col("hour") + _NEXT, pl.lit(1, pl.Int8).alias("later"))])


def _distinct(handles_: Sequence[pl.Series]) -> list[pl.Series]:
    """Handles as categories, without one that says the same as the first."""
    first, *others = (handle.cast(pl.String).cast(pl.Categorical).alias("handle") for handle in handles_)
    return [first, *(other for other in others if not first.equals(other))]


def _grained(table: pl.DataFrame) -> pl.DataFrame:
    """A table with its grain as text; hours where it has none."""
    return table.with_columns(
        (pl.col("grain").cast(pl.String) if "grain" in table.columns else pl.lit(_HOUR)).cast(pl.Enum((_HOUR, _DAY))).alias("grain")
    )


def _day(moment: pl.Expr, zone: str) -> pl.Expr:
    """The begin of the day in a zone."""
    return moment.dt.convert_time_zone(zone).dt.truncate("1d").dt.convert_time_zone("UTC")


def reversed_(usage: Sequence[Shelf], look_up: Callable[[list[str]], Mapping[str, str]]) -> list[Shelf]:
    """Usage with names from reverse DNS for what nothing else names; the busiest public addresses are looked up first.

    Args:
        usage: as `named` returns it.
        look_up: addresses -> those with a name, in canonical form.
    """
    pieces = (piece for table in usage for piece in table.pieces("destination_domain", "destination_ip", "hits"))
    hits = pl.concat([piece.filter(_nameless()).group_by(pl.col("destination_ip").cast(pl.String)).agg(pl.col("hits").sum()) for piece in pieces])
    busiest = hits.group_by("destination_ip").agg(pl.col("hits").sum()).sort("hits", "destination_ip", descending=[True, False])
    public = [address for address in busiest["destination_ip"] if ipaddress.ip_address(address).is_global]
    found = look_up(public)
    names = pl.DataFrame({"destination_ip": found.keys(), "_name": found.values()}, schema=dict.fromkeys(("destination_ip", "_name"), pl.String))
    names = names.with_columns(domains(names["_name"])).drop_nulls()
    return [table.each(partial(_with_reverse, names=names)) for table in usage]


def _with_reverse(usage: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    texts = usage.with_columns(pl.col("destination_domain", "destination_ip").cast(pl.String))
    if "naming" not in texts.columns:
        texts = texts.with_columns(pl.lit(None, pl.String).alias("naming"))
    rows = texts.join(names, on="destination_ip", how="left", maintain_order="left")
    now = _nameless() & pl.col("_name").is_not_null()
    return rows.with_columns(
        pl.when(now).then("_name").otherwise("destination_domain").cast(pl.Categorical).alias("destination_domain"),
        pl.col("destination_ip").cast(pl.Categorical),
        pl.when(now).then(pl.lit(REVERSE)).otherwise(pl.col("naming").cast(pl.String)).cast(pl.Categorical).alias("naming"),
    ).drop("_name")


def in_words(usage: Shelf) -> str:
    """A sentence on how the addresses of a log got names; empty where it was not tried."""
    if "naming" not in usage.columns:
        return ""
    hits: Counter[str | None] = Counter()
    for piece in usage.pieces("destination_ip", "naming", "hits"):
        hits.update(dict(piece.drop_nulls("destination_ip").group_by("naming").agg(pl.col("hits").sum()).iter_rows()))
    every = hits.total()
    if not every:
        return ""
    said = [f"{sum(hits[way] for way in ways) / every:.0%} {words}" for words, ways in _WAYS.items() if any(hits.get(way) for way in ways)]
    return f"Of its connections that only have an address, {', '.join(said)}."
