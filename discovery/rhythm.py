"""When and beside what a host was asked: the evidence of time that the verdict on activity rests on.

Requests to a service that follow each other closely are one **sitting**. A sitting begins of its own accord, or within seconds of another site's
page (or of the service's widget or of advertisements in one), as the parts of that page do. One that asks for several of the hosts people work with
and goes on, or for one and the parts of its page, shows that the service itself was open. Hosts asked evenly from hour to hour tell of a program or
an open window and are left out of sittings; what opens within minutes of the machine itself is counted apart. All of it is counted per machine,
service and day: at midnight sittings begin anew, so days may be observed in any slices.
"""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

import polars as pl

from discovery import shipped, targets
from discovery.evenness import EVENNESS, Surge, evenness
from discovery.events import CHANNELS
from discovery.usage import NEVER, OPENED, UNTIL

#: The evidence, one row per machine, target and day; columns of `OBSERVED`.
EVIDENCE: Final = (
    *("sittings", "sat_seconds", "moments", "joint", "openings", "started", "led", "led_sittings", "joint_led", "steady_hosts", "gaps", "even_gaps"),
    *EVENNESS,
)

#: What a host may be.
_KINDS: Final = {
    "working": targets.working,
    "component": targets.component,
    "widget": targets.widget,
    "page": targets.page,
    "advertisement": targets.advertisement,
    "inside": targets.inside,
    "behind": targets.behind,
    "front": targets.front,
}

_DAY: Final = ("machine", "target", "day")
_FOUND: Final = {"machine": pl.Int64, "target": pl.Int64, "day": pl.Date, **dict.fromkeys(EVIDENCE, pl.Int64)}
_HOST: Final = ("machine", "domain", "day")
_TEN_MINUTES: Final = 600_000_000  # microseconds
_HUNDREDTH: Final = 10_000
_TENTH: Final = 100_000
_SECOND: Final = 1_000_000
_OWN, _PAGE, _WIDGET = range(3)  # whose a touch is


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The numbers under `[rhythm]` of `activity.toml`; their meaning and reason stand there."""

    sitting_ends_after: int
    sitting_lasts: int
    sitting_lasts_at_most: int
    page_seconds: int
    together_seconds: int
    own_components: int
    machine_starts_seconds: int
    machine_starts_targets: int
    steady_hours_share: float
    steady_hours: int
    steady_hours_of_span: int
    steady_dispersion: float
    often_an_hour: int
    regular_share: float
    regular_within: float
    longest_day_hours: int
    queries_a_name: int
    touches_by_name: int
    touches_by_name_unled: int
    surge_hours: int
    surge_times: int
    surge_hits: int
    surge_bytes: int


@cache
def rhythm() -> Rhythm:
    """The shipped numbers."""
    return Rhythm(**tomllib.loads(shipped.beside("discovery", "activity.toml").read_text(encoding="utf-8"))["rhythm"])


def evidence(rows: pl.DataFrame, domains: pl.DataFrame, limits: Rhythm | None = None) -> pl.DataFrame:
    """Evidence per `machine`, `target` and `day`; no row where the time within hours is not known.

    Args:
        rows: machine, domain, target, day, start (the hour), rank (of the channel), hits, bytes, first, `OPENED` and `UNTIL`.
        domains: domain, destination_domain, match, role and cls.
        limits: other numbers than the shipped ones.
    """
    limits = limits or rhythm()
    kinds = domains.select("domain", *(kind().alias(name) for name, kind in _KINDS.items()))
    timed = rows.filter((pl.col("hits") > 0) & (pl.min_horizontal(OPENED) < NEVER)).join(kinds, on="domain")
    known = timed.with_columns(pl.col("page") | (pl.col("advertisement") & ~_by_name()))  # names are looked up again while a page stays open
    near = _near(known)
    if not near.height:  # nothing that people work with: working it out would cost as much as for a busy day
        return pl.DataFrame(schema=_FOUND)
    hours = near.lazy()
    touches = _touches(hours)
    asked = hours.filter("working").group_by(_DAY).agg(pl.col("domain").n_unique().alias("asked"))
    machines = _machines(known.lazy().join(asked, on=["machine", "day"], how="semi"), limits)
    steady = _steady(hours.filter("working").join(machines, on=["machine", "day"]), touches, limits)
    even = steady.group_by(_DAY).agg(pl.len().cast(pl.Int64).alias("steady_hosts"))
    days = asked.join(machines, on=["machine", "day"]).join(even, on=_DAY, how="left").with_columns(pl.col("steady_hosts").fill_null(0))
    loose = touches.join(steady, on=_HOST, how="anti")
    sittings = _shown(_led(loose, _sittings(loose, limits), limits).join(days, on=_DAY), limits)
    spread = evenness(hours.filter("working"), steady, Surge(limits.surge_hours, limits.surge_times, limits.surge_hits, limits.surge_bytes))
    found = days.join(_counted(_intervals(sittings, limits)), on=_DAY, how="left").join(spread, on=_DAY, how="left")
    return found.select(*_DAY, pl.col(EVIDENCE).cast(pl.Int64).fill_null(0)).collect()


def _near(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the hours in which, or beside which, the machine asked for something that people work with; nothing else can be told from."""
    hours = rows.filter("working").select("machine", "start")
    beside = pl.concat([hours.with_columns(pl.col("start").dt.offset_by(by)) for by in ("-1h", "0h", "1h")]).unique()
    return rows.join(beside, on=["machine", "start"], how="semi")


def _machines(rows: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Each machine's day: hours in which it asked for anything, when it began, and how much it asked for in its first minutes."""
    since = pl.col("first") - pl.col("first").min()
    return rows.group_by("machine", "day").agg(
        pl.col("start").n_unique().alias("present"),
        pl.col("first").min().alias("on"),
        pl.col("target").filter(since <= timedelta(seconds=limits.machine_starts_seconds)).n_unique().alias("woke"),
    )


def _touches(hours: pl.LazyFrame) -> pl.LazyFrame:
    """One row per host and ten minutes with requests: when it was first asked, and until when as far as is known."""
    columns = ("machine", "target", "domain", "day", "rank", *_KINDS)
    seen = hours.filter(pl.any_horizontal("working", "component", "widget", "page"))
    parts = []
    last = pl.col("start").cast(pl.Int64) + pl.col(UNTIL).cast(pl.Int64) * _TENTH  # of the latest slot, be it in one that follows
    for slot, opened in enumerate(OPENED):
        begin = pl.col("start").cast(pl.Int64) + slot * _TEN_MINUTES
        at = begin + pl.col(opened).cast(pl.Int64) * _HUNDREDTH
        later = pl.any_horizontal(pl.lit(value=False), *(pl.col(name) < NEVER for name in OPENED[slot + 1 :]))
        end = pl.when(~later).then(pl.max_horizontal(last, at)).otherwise(at)
        parts.append(seen.filter(pl.col(opened) < NEVER).select(*columns, at.alias("at"), end.alias("end")))
    side = pl.when("widget").then(_WIDGET).when(pl.col("working") | pl.col("component")).then(_OWN).otherwise(_PAGE)
    return pl.concat(parts).with_columns(side.alias("side"))


def _steady(hours: pl.LazyFrame, touches: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Hosts that were asked evenly in most hours of the machine, or between the first and the last, or in more hours than anybody works.

    Of what is asked often, the requests of an hour vary less than by chance, whose variance is its mean (Poisson); a name is asked for by several
    queries at once, which vary together. The first and the last hour are only partly filled and do not count. What is asked seldom is asked at
    equal intervals: so many an hour says little.
    """
    whole = (pl.col("start") > pl.col("start").min()) & (pl.col("start") < pl.col("start").max())
    asked = pl.col("hits").filter(whole)
    queries = pl.when(pl.col("rank").min() == CHANNELS.index("dns")).then(limits.queries_a_name).otherwise(1)
    found = hours.group_by(*_HOST, "target").agg(
        pl.col("start").n_unique().alias("hours"),
        pl.col("present").first(),
        ((pl.col("start").max() - pl.col("start").min()).dt.total_hours() + 1).alias("span"),
        (asked.mean().fill_null(0) >= limits.often_an_hour * queries).alias("often"),
        ((asked.var() / asked.mean()).fill_null(0) <= queries * limits.steady_dispersion).alias("level"),
    )
    gap = (pl.col("at") - pl.col("at").shift()).over(_HOST, order_by="at")
    regular = _regular(touches.filter("working").with_columns(gap.alias("gap")), _HOST, limits).group_by(_HOST).agg(_filled(limits))
    evenly = pl.when("often").then("level").otherwise("regular")
    most = _most("present", limits.steady_hours, limits) | _most("span", limits.steady_hours_of_span, limits)
    return found.join(regular, on=_HOST, how="left").filter(most & evenly | (pl.col("hours") >= limits.longest_day_hours))


def _most(whole: str, least: int, limits: Rhythm) -> pl.Expr:
    return (pl.col("hours") >= limits.steady_hours_share * pl.col(whole)) & (pl.col("hours") >= least)


def _filled(limits: Rhythm) -> pl.Expr:
    """Whether equal intervals are most of all, and fill most of the time: those of a person at work are short, and fill minutes."""
    filled = pl.col("gap").filter("regular").sum() / pl.col("gap").sum()
    return ((pl.col("regular").mean() >= limits.regular_share) & (filled >= limits.regular_share)).alias("regular")


def _regular(rows: pl.LazyFrame, key: tuple[str, ...], limits: Rhythm) -> pl.LazyFrame:
    """Rows with whether their `gap` is about as long as is usual on that day; one gap alone is neither."""
    usual = pl.col("gap").median().over(key)
    near = (pl.col("gap") - usual).abs() <= limits.regular_within * usual
    return rows.with_columns((near & (pl.col("gap").count().over(key) > 1)).alias("regular"))


def _sittings(touches: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Touches of one target that follow each other closely: those of its own hosts, of its public pages and of its widgets apart."""
    side = ("machine", "target", "day", "side")
    ordered = touches.sort(*side, "at", "end")
    before = pl.col("end").cum_max().shift().over(side)
    begins = ((pl.col("at") - before) > limits.sitting_ends_after * _SECOND).fill_null(value=True)
    last = {name: pl.when("working").then(name).shift().forward_fill().over(side) for name in ("domain", "at")}
    at_once = (pl.col("domain") != last["domain"]) & (pl.col("at") - last["at"] <= limits.together_seconds * _SECOND)
    return (
        ordered.with_columns(begins.cum_sum().alias("sitting"), (pl.col("working") & at_once).fill_null(value=False).alias("together"))
        .group_by(*side, "sitting")
        .agg(
            pl.col("at").min(),
            pl.col("end").max(),
            pl.col("domain").filter("working").n_unique().alias("hosts"),
            pl.col("domain").filter("component").n_unique().alias("components"),
            pl.col("inside", "behind", "front", "together").any(),
            pl.len().alias("touches"),
            (pl.col("working") & (pl.col("at") - pl.col("at").min() > limits.page_seconds * _SECOND)).any().alias("onward"),
            pl.col("rank").max(),
        )
    )


def _led(touches: pl.LazyFrame, sittings: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Sittings at a service's own hosts, with whether they began within seconds of another site's page, or of the service's widget in one.

    In the same instant, what is not the service's own comes first.
    """
    own = sittings.filter(pl.col("side") == _OWN)
    of = pl.when("widget").then(-1).otherwise("target").alias("of")
    pages = touches.filter(pl.col("page") | pl.col("widget")).select("machine", "day", "at", of, pl.col("side") != _OWN)
    begun = own.select("machine", "day", "at", pl.col("target").alias("of"), pl.lit(value=False).alias("side"), "sitting")
    asked = pl.concat([pages, begun], how="diagonal").sort("machine", "at", ~pl.col("side"), "of")
    another = pl.any_horizontal(pl.col(name) != pl.col(name).shift() for name in ("of", "machine", "day"))
    turns = asked.with_columns(another.fill_null(value=True).cum_sum().alias("turn"))
    before = turns.group_by("machine", "day", "turn").agg(pl.col("at").max().alias("before")).with_columns(pl.col("turn") + 1)
    public, its_turn = (pl.when("side").then(name).forward_fill() for name in ("at", "turn"))
    turns = turns.with_columns(pl.when(its_turn == pl.col("turn")).then(public).alias("public"))
    near, visited = ((pl.col("at") - pl.col(name) <= limits.page_seconds * _SECOND).fill_null(value=False) for name in ("before", "public"))
    begun_by = turns.drop_nulls("sitting").join(before, on=["machine", "day", "turn"], how="left")
    led = begun_by.select("sitting", near.alias("led"), visited.alias("visited"))
    return own.join(led, on="sitting", how="left")


def _shown(sittings: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Sittings with what they show.

    `several` hosts at once, `joint` where it goes on, `own` pages of the service, `opened` by who came to work, `lasting` as long as work,
    `at_start` of the machine.
    """
    working = pl.col("hosts") > 0
    seconds = (pl.col("end") - pl.col("at")) // _SECOND
    long = seconds.is_between(limits.sitting_lasts, limits.sitting_lasts_at_most)
    called = pl.col("visited") & ~long  # a look at its public page, which calls what lies behind
    several = pl.col("together") & ~called
    joint = several & (long | pl.any_horizontal("onward", "inside", "behind"))  # one page calls several hosts at once, and no more
    whole = (pl.col("components") >= limits.own_components) & (working | (pl.col("steady_hosts") > 0))
    own = (joint | whole | pl.col("behind") | (pl.col("inside") & (pl.col("components") > 0))).fill_null(value=False)
    in_advance = pl.col("touches") == 1  # looked up or connected to for a link that nobody followed, it brings nothing
    look = (pl.col("front") & ~joint) | called  # visitors, too, open the page at a service's own name, with its parts
    early = pl.col("at") - pl.col("on").cast(pl.Int64) <= limits.machine_starts_seconds * _SECOND
    least = pl.when(pl.col("led").any().over(_DAY)).then(limits.touches_by_name).otherwise(limits.touches_by_name_unled)
    sure = working & (~_by_name() | (pl.col("touches") >= least))
    told = sittings.with_columns(
        seconds.alias("seconds"),
        several.alias("several"),
        joint.alias("joint"),
        own.alias("own"),
        (own & ~in_advance & ~look).alias("opened"),
        (early & (pl.col("woke") >= limits.machine_starts_targets)).alias("at_start"),
    )
    return told.filter(working | pl.col("own")).with_columns((long & (pl.col("own") | sure)).alias("lasting"))


def _by_name() -> pl.Expr:
    """Whether only names are known (DNS)."""
    return pl.col("rank") <= CHANNELS.index("dns")


def _intervals(sittings: pl.LazyFrame, limits: Rhythm) -> pl.LazyFrame:
    """Sittings with the `gap` to the one before, and whether it is as long as usual.

    Beside a service's own pages, what opens alone tells nothing; nor do intervals of different hosts, as a program asks for the same again.
    """
    telling = pl.col("own") | ~pl.col("own").any().over(_DAY)
    gap = (pl.col("at") - pl.col("at").shift()).over(*_DAY, "telling", order_by="at")
    same = pl.col("telling") & (pl.col("asked") - pl.col("steady_hosts") <= pl.col("hosts").max().over(_DAY))
    placed = sittings.with_columns(telling.alias("telling")).with_columns(pl.when(same).then(gap).alias("gap"))
    return _regular(placed, _DAY, limits)


def _counted(sittings: pl.LazyFrame) -> pl.LazyFrame:
    """Sittings added up by day."""
    led, lasting, joint = pl.col("led"), pl.col("lasting"), pl.col("joint")
    led = led & ~(lasting & joint)
    free = ~led & ~pl.col("at_start")
    return sittings.group_by(_DAY).agg(
        (free & lasting).sum().alias("sittings"),
        pl.col("seconds").filter(free & lasting).sum().alias("sat_seconds"),
        (free & pl.col("opened") & ~lasting).sum().alias("moments"),
        (free & joint).sum().alias("joint"),
        free.sum().alias("openings"),
        (~led & pl.col("at_start") & (lasting | pl.col("opened"))).sum().alias("started"),
        (led & (pl.col("hosts") > 0)).sum().alias("led"),
        (led & lasting).sum().alias("led_sittings"),
        (led & pl.col("several")).sum().alias("joint_led"),
        pl.col("gap").count().alias("gaps"),
        pl.col("regular").sum().alias("even_gaps"),
    )
