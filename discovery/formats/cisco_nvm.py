"""Cisco Secure Client (AnyConnect) Network Visibility Module: connections of computers, as its collector writes them, key=value.

Fields after Cisco's “Network Visibility Module Collector” (nvzFlow). The collector writes records of computers and of their networks, too.
"""

import polars as pl

from discovery.format import LogFormat
from discovery.kinds.keyvalue import KeyValue
from discovery.layouts import endpoint
from discovery.times import SYSLOG, Epoch, FirstOf

_KNOWN = r"\.|:"

FORMAT = LogFormat(
    id="cisco-nvm",
    title="Cisco Network Visibility Module, connections of computers",
    family="firewall",
    cannot_tell=("Whether a connection was let through or refused.",),
    layouts=(
        endpoint.records(
            KeyValue(must=("fv", "udid")),
            FirstOf((Epoch("fss"), SYSLOG)),
            pl.col("fv").str.starts_with("nvzFlow"),
            {
                "user": pl.coalesce("liuidp", "liuid"),
                "client": pl.col("sa"),
                "machine": pl.col("vsn"),
                "site": pl.when(pl.col("dh").str.contains(r"\.[A-Za-z]")).then("dh"),
                "address": pl.when(pl.col("da").str.contains(_KNOWN)).then("da"),
                "up": pl.col("obc"),
                "down": pl.col("ibc"),
            },
        ),
    ),
)
