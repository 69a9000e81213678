"""Usage comes back from the store as it went in."""

import polars as pl

from discovery.store import usage_parts


def test_usage_comes_back_as_it_went_in(made, visit):
    visits = [
        visit("a.example.com", "2026-03-05T09:01", user_name="ann", source_ip="10.0.0.1", up=5, down=None),
        visit("a.example.com", "2026-03-05T09:59", user_name="ann", source_ip="10.0.0.1", up=None, down=7, action="blocked"),
        visit("b.example.com", "2026-03-05T10:00", source_ip="10.0.0.2", channel="dns"),
        visit("b.example.com", "2026-03-05T23:59:59.999999", host_name="laptop", channel="bytes", up=0, down=2**62),
    ]
    made.classes = {"a.example.com": "service", "b.example.com": "background"}
    result = made.result(visits)
    made.take_in(visits)
    (part,), _ = usage_parts(made.store, made.client, None, None)
    kept = [
        "channel",
        "destination_domain",
        "hour",
        "slots",
        "hits",
        "blocked_hits",
        "source_bytes",
        "destination_bytes",
        "first",
        "last",
        "first_line",
    ]
    usage = part.usage.whole()
    assert usage.select(kept).sort(kept).equals(result.usage.whole().select(kept).sort(kept))
    assert usage["people"].null_count() == usage.height
    assert pl.concat([usage["sighting"].unique().cast(pl.String), usage["account"].unique().cast(pl.String)]).to_list() == [
        "traffic",
        "cannot_be_told",
    ]
