"""Was it a person, a program or a page? The activity of each person on each service, and the rule that decided it, in words.

Evidence are the roles of the hosts, the bytes sent, and what `rhythm` found in time: sittings at the service, what they began with, and hosts that
are asked as evenly as only programs ask. What programs open is left out device by device (`programs`). A log of names (DNS) tells no bytes, and a
name may be asked for in advance. The first rule that fits wins:

1. sent more to the service's own hosts than headers explain, and more than came back: active
2. sat down to it, for minutes: active
3. opened another of its hosts beside one that a program asks: active
4. opened several of its own hosts together, or its own page (behind the public ones, or with its parts): active
5. opened it again and again: active
6. asked for far more than usual in some hours, beside what is asked evenly: active
7. asked evenly from hour to hour or day to day, opened at equal intervals, or again and again without a stay or any part of its pages: background
8. hosts that synchronise by themselves: background
9. began with other sites' pages: embedded
10. opened once or twice: visit
11. every request refused: visit
12. public pages: visit
13. what is left are parts of other people's pages: embedded

Where only days were kept, not the time within them, ten-minute slots decide in place of 2 to 7: very many are a machine's, several a person's.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from discovery.programs import per_device
from discovery.rhythm import EVIDENCE
from discovery.thresholds import Thresholds, thresholds

#: Strongest first (decision 18).
ACTIVITIES: Final = ("active", "background", "visit", "embedded")

#: Columns of `judge`.
JUDGED: Final[dict[str, pl.DataType]] = {
    "person": pl.String(),
    "service": pl.String(),
    "activity": pl.String(),
    "rule": pl.String(),  # why, in words
    "use_days": pl.Int64(),  # days on which hosts people work with answered
}

_SLOTS_A_DAY: Final = 144
_GIGABYTE: Final = 1_000  # megabytes
_IN_MINUTES: Final = 7_200  # seconds that are told in minutes; longer is told in hours
_Rule = tuple[pl.Expr, str, pl.Expr]


def judge(observed: pl.DataFrame, limits: Thresholds | None = None) -> pl.DataFrame:
    """Columns of `JUDGED`, one row per person (null: nobody can be told) and service, from rows of `OBSERVED` that match a service."""
    limits = limits or thresholds()
    counted = _per_person(_per_day(per_device(_per_domain(observed), limits), limits), limits)
    return counted.with_columns(_verdict(limits)).select(pl.col(name).cast(kind) for name, kind in JUDGED.items())


def _per_domain(observed: pl.DataFrame) -> pl.LazyFrame:
    """Add up sources: each hour was counted by one kind of log only, so the slots of one domain on one device add."""
    sums = (
        observed.lazy()
        .with_columns(pl.col("role").fill_null("use"))
        .group_by("person", "service", "day", "domain", "device", "role")
        .agg(
            pl.col("slots", "hits", "blocked_hits", "uploaded_bytes", "downloaded_bytes").sum(),
            pl.col("first").min(),
            pl.col(EVIDENCE).max(),
            (pl.col("family") != "dns").any().alias("connected"),
        )
    )
    of = {role: pl.when(pl.col("role") == role) for role in ("use", "sync", "visit", "infra")}
    own = pl.when(pl.col("role").is_in(["use", "infra"]))  # a file goes to the page's own host or to one that the page brings
    return sums.select(
        *("person", "service", "day", "device", "connected"),
        of["use"].then("slots").alias("slots"),
        of["use"].then(pl.col("first").dt.truncate("10m")).alias("first_slot"),
        of["use"].then("hits").alias("requests"),
        of["use"].then("blocked_hits").alias("refused"),
        own.then("hits").alias("transfers"),
        own.then("uploaded_bytes").alias("sent"),
        own.then("downloaded_bytes").alias("received"),
        of["sync"].then("hits").alias("sync"),
        of["visit"].then("hits").alias("visit"),
        of["infra"].then("hits").alias("parts"),
        *(of["use"].then(name).alias(name) for name in EVIDENCE),
    )


def _per_day(domains: pl.LazyFrame, limits: Thresholds) -> pl.LazyFrame:
    """One row per person, service and day.

    The slots of several hosts and devices overlap, and only their counts are kept: the day has at least as many as the busiest of them, and at
    least as many as there are different first slots.
    """
    firsts = pl.col("first_slot").drop_nulls().n_unique().cast(pl.Int64)
    sums = domains.group_by("person", "service", "day").agg(
        pl.min_horizontal(pl.max_horizontal(pl.col("slots").max(), firsts), _SLOTS_A_DAY).alias("slots"),
        pl.col("requests", "refused", "transfers", "sent", "received", "sync", "visit", "parts").sum(),
        pl.col("sittings").is_not_null().any().alias("timed"),
        pl.col(EVIDENCE).sum(),
        pl.col("connected").any(),
    )
    much = (pl.col("sent") >= limits.upload_bytes) & (pl.col("sent") >= limits.upload_bytes_per_request * pl.col("transfers"))
    return sums.with_columns(
        pl.min_horizontal("refused", "requests"),
        pl.when(much & (pl.col("sent") > pl.col("received")) & (pl.col("requests") > 0)).then("sent").otherwise(0).alias("handed_over"),
    )


def _per_person(days: pl.LazyFrame, limits: Thresholds) -> pl.DataFrame:
    answered = pl.col("requests") > pl.col("refused")
    slots = pl.col("slots").filter(answered)
    alone, beside = (answered & steady for steady in (pl.col("steady_hosts") == 0, pl.col("steady_hosts") > 0))
    return (
        days.group_by("person", "service")
        .agg(
            slots.sum().alias("slots"),
            slots.max().fill_null(0).alias("most_slots"),
            (slots >= limits.machine_slots).sum().cast(pl.Int64).alias("machine_days"),
            answered.sum().cast(pl.Int64).alias("use_days"),
            pl.col("requests", "refused", "handed_over", "sync", "visit", "parts").sum(),
            pl.col(EVIDENCE).filter(answered).sum(),
            pl.col("openings").filter(alone).sum().alias("alone"),  # on days without a program that asks evenly
            pl.col("openings").filter(beside).sum().alias("beside"),  # on days with one
            pl.col("timed").any(),
            *_days_with(answered, "sittings", "moments", "joint", "openings", "started", "steady_hosts"),
            (alone & (pl.col("openings") > 0)).sum().cast(pl.Int64).alias("alone_days"),
            (beside & (pl.col("openings") > 0)).sum().cast(pl.Int64).alias("beside_days"),
            pl.col("connected").any(),
        )
        .with_columns(_bare())
        .sort("person", "service")
        .collect()
    )


def _bare() -> pl.Expr:
    """Whether somebody in the firm got the parts of a service's pages (images, scripts), but this person never did: so a program asks, no browser."""
    return ((pl.col("parts") == 0) & (pl.col("parts").sum().over("service") > 0)).alias("bare")


def _days_with(answered: pl.Expr, *names: str) -> Iterator[pl.Expr]:
    """For each kind of evidence, on how many days there was any."""
    return ((answered & (pl.col(name) > 0)).sum().cast(pl.Int64).alias(f"{name}_days") for name in names)


def _verdict(limits: Thresholds) -> list[pl.Expr]:
    used = pl.col("use_days") > 0
    megabytes = pl.col("handed_over") / 1e6
    in_gigabytes = pl.format("{} GB", (megabytes / _GIGABYTE).round(1))
    amount = pl.when(megabytes < _GIGABYTE).then(pl.format("{} MB", megabytes.round(1))).otherwise(in_gigabytes)
    sent = pl.format("sent {} to it, more than came back", amount)
    seen = pl.format("{} on {}", _counted("slots", "ten-minute slot"), _counted("use_days", "day"))
    rules: list[_Rule] = [
        (pl.col("handed_over") > 0, "active", sent),
        *((pl.col("timed") & fits, name, words) for fits, name, words in _by_time(limits)),
        *((~pl.col("timed") & fits, name, words) for fits, name, words in _by_slots(limits, seen)),
        (pl.col("sync") > 0, "background", pl.format("{} to hosts that synchronise by themselves, no sign of a person", _counted("sync", "request"))),
        (used & (pl.col("led") > pl.col("openings")), "embedded", pl.format("began {} with another site's page", _times("led"))),
        (used & _lone(), "visit", pl.format("lone requests only, as pages of others make them: {}", seen)),
        (used, "visit", pl.format("no more than {}, and nothing of size was sent", seen)),
        (pl.col("requests") > 0, "visit", pl.format("tried only: {}, all refused", _counted("requests", "request"))),
        (pl.col("visit") > 0, "visit", pl.lit("only its public pages")),
    ]
    activity: pl.Expr = pl.lit("embedded")
    rule: pl.Expr = pl.lit("only as a part of other people's pages")
    for fits, name, words in reversed(rules):
        activity = pl.when(fits).then(pl.lit(name)).otherwise(activity)
        rule = pl.when(fits).then(words).otherwise(rule)
    return [activity.alias("activity"), rule.alias("rule")]


def _by_time(limits: Thresholds) -> list[_Rule]:
    """Rules for what is known by the time within hours."""
    even = pl.format(
        "{} asked evenly from hour to hour on {}, no sign of a person",
        _counted("steady_hosts", "host", pl.max_horizontal(pl.col("steady_hosts") // pl.col("steady_hosts_days"), 1)),
        _counted("steady_hosts_days", "day"),
    )
    evenly = (pl.col("steady_hosts") > 0, "background", even)
    return [_sat(limits), *_opened(limits), *_opened_again(limits), _surged(limits), evenly, *_looked_in(limits)]


def _program(limits: Thresholds) -> pl.Expr:
    """Whether the whole looks like a program's."""
    return (pl.col("steady_hosts_days") > 0) & (pl.col("steady_hosts_days") >= limits.steady_days_share * pl.col("use_days"))


def _few(name: str, a_day: int) -> pl.Expr:
    return pl.col(name) <= a_day * pl.col(f"{name}_days")


def _sat(limits: Thresholds) -> _Rule:
    minutes = _counted("sat_seconds", "minute", pl.max_horizontal(pl.col("sat_seconds") // 60, 1))
    hours = pl.format("about {} hours", (pl.col("sat_seconds") / 3600).round().cast(pl.Int64))
    lasted = pl.when(pl.col("sat_seconds") < _IN_MINUTES).then(minutes).otherwise(hours)
    words = pl.format("sat down to it {} on {}, for {} in all", _times("sittings"), _counted("sittings_days", "day"), lasted)
    return ~_of_page(limits) & (~_program(limits) | _few("sittings", limits.sittings_a_day)), "active", words


def _of_page(limits: Thresholds) -> pl.Expr:
    """Whether pages of others explain the sittings: many began with one, unless these are longer and those seldom lasted."""
    look_alikes = pl.when("connected").then(limits.led_for_one).otherwise(limits.led_for_one_by_name)
    stays = (pl.col("sat_seconds") >= limits.stay_seconds * pl.col("sittings")) & (pl.col("sittings") * limits.led_for_stay >= pl.col("led"))
    like_led = pl.when(stays).then("led_sittings").otherwise("led")
    return (pl.col("sittings") * look_alikes <= like_led) | (pl.col("sittings") * limits.led_for_opening <= pl.col("joint_led"))


def _opened(limits: Thresholds) -> list[_Rule]:
    """Short moments with more than one host that other pages bring; of those when the machine starts only what does not start with it again."""
    several = (pl.col("joint") > pl.col("joint_led")) & _few("joint", limits.sittings_a_day)
    alone = ~_program(limits) & (pl.col("sync") == 0)  # no program of the service may have started with the machine
    first = pl.when((pl.col("started_days") == 1) & alone).then("started").otherwise(0)
    shown = pl.col("moments") + first
    whole = ~pl.col("bare") & (shown * limits.led_for_opening > pl.col("led")) & _few("moments", limits.moments_a_day)
    words = pl.format("opened its own page, {}", _times("moments", shown))
    return [(several, "active", pl.format("opened several of its own hosts together, {}", _times("joint"))), (whole, "active", words)]


def _opened_again(limits: Thresholds) -> list[_Rule]:
    """Openings of one host: beside one that a program asks, or again and again."""
    least = pl.when("connected").then(limits.beside_program).otherwise(limits.beside_program_by_name)
    another = _own(limits) & ~pl.col("bare") & (pl.col("beside") >= least) & _few("beside", limits.moments_a_day)
    opened = pl.format("opened of its own accord {} on {}", _times("openings"), _counted("openings_days", "day"))
    return [
        (another, "active", pl.format("opened another of its hosts {}, beside one that is asked evenly", _times("beside"))),
        (_again(limits) & ~pl.col("bare") & ~_never_stays(limits), "active", opened),
    ]


def _never_stays(limits: Thresholds) -> pl.Expr:
    """Whether it was opened so often, with few parts of its pages, that a person would have stayed once, and asked for more of them."""
    least = pl.when("connected").then(limits.openings_without_stay).otherwise(limits.openings_without_stay_by_name)
    few = (pl.col("parts") > 0) & (pl.col("parts") <= limits.parts_a_request * pl.col("requests"))
    often = (pl.col("openings") >= least) & (pl.col("openings") >= limits.openings_a_day_without_stay * pl.col("openings_days"))
    return often & (pl.col("sittings") == 0) & few


def _looked_in(limits: Thresholds) -> list[_Rule]:
    """What would be use, if anybody had ever stayed, or any part of the service's pages had ever come with it."""
    opened = pl.format("{} on {}", _times("openings"), _counted("openings_days", "day"))
    stayless = _again(limits) & _never_stays(limits), "background", pl.format("opened {}, never for as long as work", opened)
    return [stayless, (_again(limits) & pl.col("bare"), "background", pl.format("asked for {}, never with a part of its pages", opened))]


def _own(limits: Thresholds) -> pl.Expr:
    """Whether enough of the openings came of their own accord."""
    return pl.col("openings") * limits.led_for_opening >= pl.col("led")


def _again(limits: Thresholds) -> pl.Expr:
    """Whether it was opened again and again, and not by a program that looks in."""
    program = pl.col("connected") | (pl.col("sync") > 0)
    looks_in = program & (pl.col("alone") > limits.openings_a_day * pl.col("alone_days"))
    return _own(limits) & _often(limits) & ~looks_in & (~_program(limits) | _few("alone", limits.sittings_a_day))


def _often(limits: Thresholds) -> pl.Expr:
    """Whether openings without a program beside them are more than looks, links looked up in advance, and connections that a program renews."""
    times, days = pl.col("alone"), pl.col("alone_days")
    most = times * limits.openings_of_slots >= pl.col("slots") - pl.col("led")
    unled = pl.col("led") == 0
    again = (times > days) & (times >= pl.when("connected").then(limits.openings_unled).otherwise(limits.openings_unled_by_name))
    by_connection = most & (times >= limits.openings_of_use) & ((times >= limits.openings_a_day_of_use * days) | unled)
    by_name = (times >= limits.openings_by_name) & ((times >= limits.openings_a_day_by_name * days) | (unled & most))
    daily = (days >= limits.daily_days) & (times < limits.openings_a_day_of_use * days)
    return ~daily & (pl.when("connected").then(by_connection).otherwise(by_name) | (unled & again))


def _surged(limits: Thresholds) -> _Rule:
    """Somebody works in a window that asks evenly all day."""
    words = pl.format("asked for far more than usual in {}, beside what is asked evenly", _counted("surges", "hour"))
    return (pl.col("steady_hosts") > 0) & (pl.col("surges") >= limits.surges_of_use), "active", words


def _by_slots(limits: Thresholds, seen: pl.Expr) -> list[_Rule]:
    """Rules for what is known by days and slots only."""
    machine = (pl.col("machine_days") > 0) & (pl.col("machine_days") >= limits.machine_days_share * pl.col("use_days"))
    words = f"{limits.machine_slots} or more of the day's {_SLOTS_A_DAY} ten-minute slots on {{}}, longer than anybody works"
    several = (pl.col("use_days") > 0) & (pl.col("slots") >= limits.slots_of_use) & ~_lone()
    return [
        (machine, "background", pl.format(words, _counted("machine_days", "day"))),
        (several, "active", pl.format("hosts people work with, in {}", seen)),
    ]


def _lone() -> pl.Expr:
    """Every slot holds a lone request, the trace of somebody else's page."""
    return (pl.col("most_slots") == 1) & (pl.col("requests") <= pl.col("slots"))


def _counted(column: str, noun: str, number: pl.Expr | None = None) -> pl.Expr:
    """A number with its noun: "1 day", "3 days"."""
    number = pl.col(column) if number is None else number
    return pl.when(number == 1).then(pl.lit(f"1 {noun}")).otherwise(pl.format(f"{{}} {noun}s", number))


def _times(column: str, number: pl.Expr | None = None) -> pl.Expr:
    number = pl.col(column) if number is None else number
    return pl.when(number == 1).then(pl.lit("once")).otherwise(pl.format("{} times", number))
