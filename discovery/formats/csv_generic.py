"""Any CSV whose header names what it holds: a time, who asked, and which site. Only where no vendor's own format fits."""

import polars as pl

from discovery.format import Layout, LogFormat
from discovery.kinds.named import Named
from discovery.names import host_of
from discovery.times import DayMonth, Epoch, FirstOf, Iso, Stamp, Zoned

_SPELLINGS = {
    "timestamp": (
        "timestamp datetime date_time time_stamp event_time eventtime log_time logtime start_time generated_time receive_time "
        "time_generated when utc_time ts _time time"
    ),
    "date": "date day log_date event_date",
    "clock": "time clock log_time event_time",
    "user": ("user username user_name login account cs_username source_user src_user srcuser user_id userid email user_email suser identity"),
    "client": (
        "client_ip clientip client source_ip src_ip srcip src source source_address src_address sourceip c_ip ip ip_address "
        "internal_ip client_address local_ip device_ip"
    ),
    "mac": "mac mac_address client_mac source_mac src_mac srcmac",
    "host": ("device device_name devicename computer computer_name hostname host_name client_name client_host source_host srcname machine"),
    "domain": (
        "domain destination_domain dest_domain fqdn query query_name qname dns_query question domain_name destination_host "
        "dest_host dsthost dst_host site website sni server_name cs_host host destination_hostname dst_name hostname"
    ),
    "url": "url uri request_url cs_uri full_url request link web_address destination_url",
    "address": "destination_ip dest_ip dst_ip dstip dst destination destination_address dst_address server_ip remote_ip s_ip r_ip",
    "up": (
        "bytes_sent sent_bytes sentbyte upload_bytes uploaded_bytes bytes_out out_bytes cs_bytes source_bytes bytes_up upload "
        "request_size sent client_bytes"
    ),
    "down": (
        "bytes_received received_bytes rcvdbyte download_bytes downloaded_bytes bytes_in in_bytes sc_bytes destination_bytes "
        "bytes_down download response_size received rcvd server_bytes"
    ),
    "action": "action verdict disposition status result policy_action event_action decision filter_result",
}
_STAMPS = (
    "%Y/%m/%d %H:%M:%S%.f",
    "%d %b %Y %H:%M:%S",
    "%b %d %Y %H:%M:%S",
    "%b %d, %Y %H:%M:%S",
    "%d-%b-%Y %H:%M:%S",
    "%a %b %e %H:%M:%S %Y",
    "%d/%b/%Y:%H:%M:%S",
)
_CLOCK = FirstOf(
    (
        Epoch("timestamp"),
        Iso("timestamp"),
        Zoned(("timestamp",), ("%d/%b/%Y:%H:%M:%S %z",)),
        Stamp(("timestamp",), _STAMPS),
        DayMonth(("timestamp",)),
        Stamp(("date", "clock"), ("%Y-%m-%d %H:%M:%S%.f", *_STAMPS)),
        DayMonth(("date", "clock")),
    )
)

FORMAT = LogFormat(
    id="csv",
    title="CSV with a header",
    family="generic",
    generic=True,
    layouts=(
        Layout(
            kind=Named(
                {field: tuple(names.split()) for field, names in _SPELLINGS.items()},
                must=(("timestamp", "date"), ("domain", "url", "address"), ("client", "user", "mac", "host")),
            ),
            clock=_CLOCK,
            event={
                "user_name": pl.col("user"),
                "source_ip": pl.col("client"),
                "source_mac": pl.col("mac"),
                "host_name": pl.col("host"),
                "destination_domain": host_of(pl.coalesce(pl.when(pl.col("domain") != "").then("domain"), "url")),
                "destination_ip": pl.col("address"),
                "source_bytes": pl.col("up"),
                "destination_bytes": pl.col("down"),
                "event_action": pl.when(pl.col("action").str.contains(r"(?i)block|den(?:y|ied)|drop|refus|reject|reset"))
                .then(pl.lit("blocked"))
                .when(pl.col("action") != "")
                .then(pl.lit("allowed")),
            },
            channel="name",
        ),
    ),
)
