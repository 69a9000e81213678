"""Where the line runs between a person, a program and a page: the numbers under `[verdict]` of `activity.toml`, typed."""

import tomllib
from dataclasses import dataclass
from functools import cache

from discovery import shipped


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Their meaning and reason stand in the file."""

    led_for_one: int
    led_for_one_by_name: int
    stay_seconds: int
    led_for_stay: int
    led_for_opening: int
    openings_for_sitting: int
    calls_for_sitting: float
    calls_hours: int
    requests_a_part: int
    openings_a_day: int
    openings_of_use: int
    openings_a_day_of_use: float
    openings_unled: int
    openings_unled_by_name: int
    openings_of_slots: float
    openings_without_stay: int
    openings_without_stay_by_name: int
    openings_a_day_without_stay: float
    parts_a_request: float
    openings_by_name: int
    openings_a_day_by_name: float
    daily_days: int
    beside_program: int
    beside_program_by_name: int
    steady_days_share: float
    steady_day_gaps: int
    even_gaps: int
    even_gaps_share: float
    even_hours: int
    even_slots_an_hour: float
    even_dispersion: float
    lone_dispersion: float
    alike_days: int
    alike_openings_a_day: int
    alike_dispersion: float
    surges_of_use: int
    sittings_a_day: int
    moments_a_day: int
    slots_of_use: int
    machine_slots: int
    machine_days_share: float
    upload_bytes: int
    upload_bytes_per_request: int


@cache
def thresholds() -> Thresholds:
    """The shipped thresholds."""
    return Thresholds(**tomllib.loads(shipped.beside("discovery", "activity.toml").read_text(encoding="utf-8"))["verdict"])
