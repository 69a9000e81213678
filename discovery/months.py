"""Months as languages other than English abbreviate them, as `journalctl` and other programs write dates for people."""

from typing import Final

import polars as pl

# The months as other languages write them where English has Jan to Dec (Unicode CLDR, glibc); those that several languages mean differently are left.
_ABROAD: Final = {
    name: english
    for english, names in {
        "Jan": "janv jän jänn ene gen led sty oca янв 1月 1월",
        "Feb": "févr fév fev úno lut şub фев 2月 2월",
        "Mar": "mär märz mars mrt maart bře мар 3月 3월",
        "Apr": "avr avril abr dub kwi nis апр 4月 4월",
        "May": "mai maj mei mag kvě май мая 5月 5월",
        "Jun": "juin juni giu čen cze haz июн 6月 6월",
        "Jul": "juil juli lug čec lip tem июл 7月 7월",
        "Aug": "août aoû ago sie ağu авг 8月 8월",
        "Sep": "sept set zář wrz eyl сен 9月 9월",
        "Oct": "okt ott out říj paź eki окт 10月 10월",
        "Nov": "kas ноя 11月 11월",
        "Dec": "déc dez dic des gru pro ara дек 12月 12월",
    }.items()
    for name in names.split()
}


def in_english(text: pl.Expr) -> pl.Expr:
    """The text with the month it begins with in English, null where that is in no other language."""
    month = text.str.extract(r"^([^\s.]+)", 1).str.to_lowercase()
    return month.replace_strict(_ABROAD, default=None, return_dtype=pl.String) + text.str.extract(r"^\S+( .*)$", 1)
