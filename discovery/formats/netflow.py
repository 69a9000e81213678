"""NetFlow and IPFIX as their collectors print them: nfdump (text, CSV, JSON), SiLK's rwcut, and JSON of other collectors.

After nfdump(1), section OUTPUT FORMATS, and rwcut(1) (https://tools.netsa.cert.org/silk/rwcut.html); no sample seen. A record is one direction of a
connection unless the collector joined both, as Argus does (ra(1), `-c ,`). Byte counts that are rounded (1.2 M) are left out. Collectors that look
into packets (nProbe, ntopng) add the name of the site: https://www.ntop.org/guides/nprobe/flow_information_elements.html. Flow logs of Oracle's cloud
are such, too.
"""

from dataclasses import replace

import polars as pl

from discovery.format import NO_PERSON, Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named, spelt
from discovery.kinds.pattern import Pattern
from discovery.kinds.reach import Half
from discovery.times import Epoch, FirstOf, Iso, Stamp

_SIDE = r"(?P<{0}>[\d.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*?)[:.](?P<{0}_port>\d+)(?:\.\d+)?"
_TEXT = (
    r"(?P<begin>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) +(?:[A-Z]+ +)?[\d.:]+ +\S+ +"
    rf"{_SIDE.format('source')} +<?->? +{_SIDE.format('destination')} +"
    r"(?:[.A-Z]{6,8} +\d+ +)?(?P<packet_count>[\d.]+(?: [KMGT])?) +(?P<sent>[\d.]+(?: [KMGT])?)(?: .*)?$"
)
_NOTES = r"^(?:Date first seen|Date flow start|Summary|Time window|Total flows|Sys|Top \d+|Aggregated|No matched|Blocks processed|$)"
_CSV_SUMMARY = r"^(?:Summary|flows,bytes,packets,avg_bps,avg_pps,avg_bpp|\d+,\d+,\d+,[\d.]+,[\d.]+,[\d.]+)$"
_NAMES = spelt(
    {
        "begin": "ts firstseen t_first first stime first_switched time_flow_start time_flow_start_ns timestamp_start flow_start starttime",
        "source": "sa srcaddr src4_addr src6_addr src_addr sip ip_src ipv4_src_addr ipv6_src_addr",
        "destination": "da dstaddr dst4_addr dst6_addr dst_addr dip ip_dst ipv4_dst_addr ipv6_dst_addr",
        "source_port": "sp srcport src_port sport port_src l4_src_port",
        "destination_port": "dp dstport dst_port dport port_dst l4_dst_port",
        "sent": "ibyt bytes in_bytes srcbytes",
        "both": "totbytes",
        "returned": "obyt out_bytes",
        "packet_count": "ipkt packets in_packets in_pkts totpkts",
        "site": "tls_server_name ssl_server_name",
        "page": "http_host http_site",
        "asked": "dns_query",
        "client_name": "src_name",
    }
)
#: Of flow logs of Oracle's cloud.
_ORACLE = {
    "begin": "startTime",
    "source": "sourceAddress",
    "destination": "destinationAddress",
    "source_port": "sourcePort",
    "destination_port": "destinationPort",
    "sent": "bytesOut",
    "packet_count": "packets",
}
_PATHS = {
    name: (*given, *(key.upper() for key in given), *(f"netflow.{key}" for key in given), _ORACLE.get(name, name)) for name, given in _NAMES.items()
}
_WHOLE = pl.when(pl.col("sent").str.contains(r"^ *\d+ *$")).then(pl.col("sent").str.strip_chars())
_SOURCE = pl.col("source").str.strip_chars()
_HALF = Half(
    source=_SOURCE,
    destination=pl.col("destination").str.strip_chars(),
    source_port=pl.col("source_port").str.strip_chars(),
    destination_port=pl.col("destination_port").str.strip_chars(),
    count=_WHOLE,
)
_ADDRESS = _SOURCE.str.contains(r"^[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+$")
_RETURNED = pl.coalesce("returned", (pl.col("both").cast(pl.Int64, strict=False) - _WHOLE.cast(pl.Int64, strict=False)).cast(pl.String))
_OTHER = pl.when(_RETURNED.str.strip_chars() != "0").then(_RETURNED.str.strip_chars())
_BOTH = {
    "source_bytes": pl.when(_HALF.back()).then(_OTHER).otherwise(_WHOLE),
    "destination_bytes": pl.when(_HALF.back()).then(_WHOLE).otherwise(_OTHER),
}
_ASKED = pl.when(pl.col("asked") != "").then("asked")
_CSV = Layout(
    name="CSV",
    kind=Named(
        _NAMES,
        must=(("begin",), ("source",), ("destination",), ("sent",), ("packet_count",)),
        comment=(("heading or summary", _CSV_SUMMARY),),
    ),
    clock=FirstOf((Iso("begin"), Stamp(("begin",), ("%Y/%m/%dT%H:%M:%S%.f", "%Y/%m/%d %H:%M:%S%.f")), Epoch("begin"))),
    only=_ADDRESS,
    event={
        **_HALF.event(),
        **_BOTH,
        "host_name": pl.when((pl.col("client_name") != _SOURCE) & ~_HALF.back()).then("client_name"),
        "destination_domain": pl.coalesce(_ASKED, *(pl.when(pl.col(name) != "").then(name) for name in ("site", "page"))),
        "destination_ip": pl.when(_ASKED.is_null()).then(_HALF.event()["destination_ip"]),
    },
    skip=_HALF.skip(),
    channel=pl.when(_ASKED.is_not_null()).then(pl.lit("dns")).otherwise(pl.lit("bytes")),
    requests=pl.when(_HALF.back() & _OTHER.is_null()).then(0).otherwise(1),
)

FORMAT = LogFormat(
    id="netflow",
    title="NetFlow or IPFIX records",
    family="firewall",
    cannot_tell=(
        "Which site was visited, where the collector does not look into packets: then there are only addresses.",
        "Whether a connection was let through or refused.",
        NO_PERSON,
    ),
    layouts=(
        _CSV,
        replace(_CSV, name="text", kind=Pattern(_TEXT, comment=(("heading or summary", _NOTES),))),
        replace(_CSV, name="JSON", kind=JsonLines(must=("sent",), paths=_PATHS), only=_ADDRESS & pl.col("packet_count").is_not_null()),
    ),
)
