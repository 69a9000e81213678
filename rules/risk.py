"""The risk of a service: a score from 0 to 100 where 100 is worst, the interval that unknown facts leave open, and reasons that add up to it.

`risk.toml` holds every point and sentence and explains how they become a score. `here` judges a service with this firm's use of it, `inherent`
the service alone. Both judge the plan people probably use, the free one, unless told that the firm has the business plan.

The interval joins what each unknown fact could change as independent doubts are joined, by the root of the sum of squares: whichever of them becomes
known, the new score lies inside; that all of them turn out worst at once is possible, but nothing a reader should plan by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import hypot
from typing import Final

from discovery.catalogue import Service
from rules.factors import Exposure, Factor, RiskRules, Said, rules
from rules.findings import Reason, Risk
from rules.words import sentence, signed

_WORST: Final = 100

#: From how many points on a reader is told that a missing fact matters.
_WORTH_SAYING: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Share:
    """What one factor puts on the scale: its points as believed, the least and the most they could be, and its points were it not known."""

    title: str
    part: str
    said: Said
    points: float
    least: float
    most: float
    unknown: float = 0.0


def here(service: Service, exposure: Exposure, on: date, plan: str = "free", table: RiskRules | None = None) -> Risk:
    """The risk of a service as this firm uses it, on that day; `table` are the rules in force, the shipped ones unless told otherwise."""
    table = table or rules()
    activity = table.activity[exposure.activity]
    used = exposure.activity in {"active", "background"}
    use = _shares(table, ("use",), service, exposure, on, plan) if used else []
    return _risk(table, _shares(table, _OF_SERVICE, service, None, on, plan), use, activity["keeps"], activity["text"])


def inherent(service: Service, on: date, plan: str = "free", table: RiskRules | None = None) -> Risk:
    """The risk of a service on a plan, whatever anybody does with it."""
    table = table or rules()
    return _risk(table, _shares(table, _OF_SERVICE, service, None, on, plan))


_OF_SERVICE: Final = ("stake", "guard", "standing")


def _shares(table: RiskRules, parts: Sequence[str], service: Service, exposure: Exposure | None, on: date, plan: str) -> list[_Share]:
    counting = [(factor, times) for factor in table.factors if factor.part in parts and (times := factor.times_for(service))]
    shares = [_share(factor, times, table.parts[factor.part], table.read(factor, service, exposure, on, plan)) for factor, times in counting]
    return shares if parts == ("use",) else [*shares, *_own(table, service)]


def _own(table: RiskRules, service: Service) -> Iterator[_Share]:
    """What the firm itself adds or takes off."""
    if (own := table.overrides.get(service.id)) and own.points:
        said = Said(own.points, 1.0, sentence(f"the firm's own judgement: {own.note}"), own.source)
        yield _Share("own judgement", table.parts["own"], said, own.points, own.points, own.points)


def _share(factor: Factor, times: float, part: str, said: Said) -> _Share:
    """What is not known lies between the least and the most; what is known is believed as far as its trust, and the rest is the usual guess."""
    guess = times * factor.unknown["points"] if factor.unknown else 0.0
    if said.points is None:
        least, most = factor.range
        return _Share(factor.title, part, said, guess, times * least, times * most, guess)
    points = times * said.trust * said.points + (1 - said.trust) * guess
    return _Share(factor.title, part, said, points, points, points, guess)


def _risk(table: RiskRules, facts: Sequence[_Share], use: Sequence[_Share] = (), keeps: float = 1.0, why_less: str = "") -> Risk:
    service = sum(share.points for share in facts)
    whole = max(0.0, service) * keeps + sum(share.points for share in use)
    open_ = [(share, keeps) for share in facts if share.said.points is None] + [(share, 1.0) for share in use if share.said.points is None]
    down, up = (hypot(*(times * (getattr(share, end) - share.points) for share, times in open_)) for end in ("least", "most"))
    unverified = [share.points - share.unknown for share in facts if not share.said.verified]
    moves = [(max(0.0, service) - max(0.0, service - points)) * keeps for points in (*unverified, sum(unverified))]
    raw = min(_WORST, whole)
    score, low, high = (round(_held(table, min(_WORST, max(0.0, end)), moves)) for end in (whole, whole - down, whole + up))
    reasons = [Reason(share.title, share.points, share.said.text, share.said.source, share.part) for share in (*facts, *use)]
    reasons += _bounds(table, facts, use, keeps, why_less)
    if held := _held(table, raw, moves) - raw:
        text = f"Kept in {table.level(score)}: the step to {table.level(raw)} would rest on one fact from general knowledge."
        reasons.append(Reason("unverified fact", held, text, "rules/risk.toml"))
    return Risk(score, min(low, score), max(high, score), table.level(score), _adding_up(reasons, score), _unknowns(open_))


def _bounds(table: RiskRules, facts: Sequence[_Share], use: Sequence[_Share], keeps: float, why_less: str) -> list[Reason]:
    """The reasons that are no facts: the floor at 0, what the activity takes off, the ceiling at 100."""
    service, used = (sum(share.points for share in shares) for shares in (facts, use))
    floor, lost = max(0.0, -service), -max(0.0, service) * (1 - keeps)
    over = min(0.0, _WORST - (max(0.0, service) * keeps + used))
    bounds = [
        Reason("lowest score", floor, "What speaks for it outweighs what speaks against it; no score is below 0.", "rules/risk.toml"),
        Reason("activity", lost, why_less, "these logs", table.parts["use"]),
        Reason("highest score", over, "No score is above 100.", "rules/risk.toml"),
    ]
    return [reason for reason in bounds if reason.points]


def _held(table: RiskRules, raw: float, moves: Sequence[float]) -> float:
    """The score, kept at the edge of the level it had without unverified facts, where one of them alone would carry it over (decision 23).

    `moves` are the points by which each unverified fact moved it, and last those of all together: below zero a fact moves nothing more.
    """
    *each, together = moves
    starts = list(table.levels.values())

    def level(score: float) -> int:
        return starts.index(table.levels[table.level(score)])

    reached, without = level(raw), level(raw - together)
    if reached > without and level(raw - max(each)) < reached:
        return starts[reached] - 1
    if reached < without and level(raw - min(each)) > reached:
        return starts[reached + 1]
    return raw


def _adding_up(reasons: Sequence[Reason], score: int) -> tuple[Reason, ...]:
    """The reasons, most points first, rounded to tenths so that their sum is the score."""
    weights = [abs(reason.points) for reason in reasons]
    missing = score - sum(reason.points for reason in reasons)
    exact = [10 * (reason.points + missing * weight / (sum(weights) or 1)) for reason, weight in zip(reasons, weights, strict=True)]
    tenths = [int(points // 1) for points in exact]
    largest = sorted(range(len(exact)), key=lambda n: (tenths[n] - exact[n], n))[: 10 * score - sum(tenths)]
    made = [replace(reason, points=(tenth + (n in largest)) / 10) for n, (reason, tenth) in enumerate(zip(reasons, tenths, strict=True))]
    return tuple(sorted(made, key=lambda reason: -reason.points))


def _unknowns(shares: Sequence[tuple[_Share, float]]) -> tuple[str, ...]:
    """What is not known, and how far the score could move: the widest first."""
    said = []
    for share, keeps in sorted(shares, key=lambda pair: pair[0].least - pair[0].most):
        down, up = ((end - share.points) * keeps for end in (share.least, share.most))
        if up - down >= _WORTH_SAYING:
            said.append(f"{share.said.text.removesuffix('.')} (would change the score by {signed(down)} to {signed(up)})")
    return tuple(said)
