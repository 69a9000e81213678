"""Logs of the families that `make bench` measures, of any size. All tell the same days: people with habits on a long tail of sites.

Beside each, in `queries/`, stands how DuckDB takes the same columns out of the same file: who asked for which domain in which hour, how often,
with how many bytes, a visit that is written twice counted once. It accounts for no line and judges nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

PEOPLE, SITES, CHUNK = 200, 20_000, 20_000
_PRIME: Final = 2**127 - 1  # spreads numbers over all digits of a fingerprint


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to a site."""

    number: int
    time: float
    client: str
    user: str
    site: str
    address: str
    port: int
    sent: int
    received: int

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)


@dataclass(frozen=True, slots=True)
class Family:
    """A log.

    Attributes:
        title: what it is.
        lines: the lines of one visit.
        head: its first lines.
    """

    title: str
    lines: Callable[[Visit], str]
    head: str = ""

    def write(self, path: Path, size: int, seed: int = 7) -> int:
        """Write about `size` bytes; returns the number of lines."""
        lines = self.head.count("\n")
        with path.open("w", encoding="utf-8") as out:
            written = out.write(self.head)
            for visits in _visits(seed):
                block = "".join(map(self.lines, visits))
                lines += block.count("\n")
                written += out.write(block)
                if written >= size:
                    return lines
        return lines


def _visits(seed: int) -> Iterator[list[Visit]]:
    rng = np.random.default_rng(seed)
    sites = [f"{'www' if n % 3 else 'api'}.{'abcdefghij'[n % 10]}site{n // 3}.{'com' if n % 4 else 'co.uk'}" for n in range(SITES)]
    habits = [rng.permutation(np.concatenate([np.arange(300), rng.integers(300, SITES, 300)])) for _ in range(PEOPLE)]
    clock, number = 1_760_000_000.0, 0
    while True:
        times = clock + np.cumsum(rng.exponential(0.05, CHUNK))
        people = rng.integers(0, PEOPLE, CHUNK).tolist()
        ranks = np.minimum((rng.pareto(0.9, CHUNK) * 3).astype(int), 599).tolist()
        ports = rng.integers(1024, 65_535, CHUNK).tolist()
        sent, received = (rng.lognormal(mean, 1.8, CHUNK).astype(int).tolist() for mean in (7, 9))
        clock = float(times[-1])
        yield [
            Visit(
                number + n,
                times[n],
                f"10.1.{people[n] // 100}.{people[n] % 100 + 10}",
                f"user{people[n]:03d}",
                sites[place := int(habits[people[n]][ranks[n]])],
                f"93.{place >> 16}.{place >> 8 & 255}.{place & 255}",
                ports[n],
                sent[n],
                received[n],
            )
            for n in range(CHUNK)
        ]
        number += CHUNK


_ZEEK_COLUMNS = (
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p trans_depth method host uri referrer version user_agent origin request_body_len "
    "response_body_len status_code status_msg info_code info_msg tags username password proxied orig_fuids orig_filenames orig_mime_types "
    "resp_fuids resp_filenames resp_mime_types"
)


def _zeek_http(visit: Visit) -> str:
    return (
        f"{visit.time:.6f}\tC{visit.number:017x}\t{visit.client}\t{visit.port}\t{visit.address}\t80\t1\tGET\t{visit.site}"
        f"\t/a/{visit.number % 9973}?id={visit.port}\t-\t1.1\tMozilla/5.0 (Windows NT 10.0; Win64; x64)\t-\t{visit.sent}\t{visit.received}"
        f"\t200\tOK\t-\t-\t(empty)\t{visit.user}\t-\t-\t-\t-\t-\tF{visit.number:016x}\t-\ttext/html\n"
    )


def _panos(visit: Visit) -> str:
    when = f"{visit.moment:%Y/%m/%d %H:%M:%S}"
    both = (
        f"2304,{when},{visit.client},{visit.address},0.0.0.0,0.0.0.0,staff,acme\\{visit.user},,ssl,vsys1,trust,untrust,ae1.10,ae2.20,forward,"
        f"{when},{visit.number},1,{visit.port},443,0,0"
    )
    site = (
        f'0x80b000,tcp,alert,"{visit.site}/",(9999),business-and-economy,informational,client-to-server,{visit.number},0x0,10.0.0.0-10.255.255.255,'
    )
    end = (
        f"0x1c,tcp,allow,{visit.sent + visit.received},{visit.sent},{visit.received},88,{when},30,business-and-economy,0,{visit.number},0x0,"
        f"United States,0,40,48,tcp-fin"
    )
    return f"1,{when},001801000001,THREAT,url,{both},{site}United States,0,,0,,,\n1,{when},001801000001,TRAFFIC,end,{both},{end}\n"


def _fortigate(visit: Visit) -> str:
    nanos = int(visit.time * 1e6) * 1000
    start = f'date={visit.moment:%Y-%m-%d} time={visit.moment:%H:%M:%S} devname="fw1" devid="FGT60F0000000001" eventtime={nanos} tz="+0000"'
    both = (
        f'level="notice" vd="root" policyid=5 sessionid={visit.number} user="{visit.user.upper()}" group="staff" srcip={visit.client} '
        f'srcport={visit.port} srcintf="lan" srcintfrole="lan" dstip={visit.address} dstport=443 dstintf="wan1" dstintfrole="wan" proto=6 '
        f'service="HTTPS"'
    )
    return (
        f'{start} logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" {both} hostname="{visit.site}" profile="default" '
        f'action="passthrough" reqtype="direct" url="https://{visit.site}/" sentbyte=0 rcvdbyte=0 direction="outgoing" '
        f'msg="URL belongs to an allowed category in policy" cat=52 catdesc="Information Technology"\n'
        f'{start} logid="0000000013" type="traffic" subtype="forward" {both} action="close" trandisp="snat" app="SSL" apprisk="medium" duration=30 '
        f"sentbyte={visit.sent} rcvdbyte={visit.received} sentpkt=9 rcvdpkt=11\n"
    )


def _eve(visit: Visit) -> str:
    stamp = f"{visit.moment:%Y-%m-%dT%H:%M:%S.%f}+0000"
    both = (
        f'"timestamp":"{stamp}","flow_id":{visit.number + 10**15},"in_iface":"eth1","src_ip":"{visit.client}","src_port":{visit.port},'
        f'"dest_ip":"{visit.address}","dest_port":443,"proto":"TCP"'
    )
    return (
        f'{{{both},"event_type":"tls","tls":{{"subject":"CN={visit.site}","issuerdn":"C=US, O=Example Trust, CN=R3","serial":"03:{visit.port:08X}",'
        f'"fingerprint":"{visit.number * _PRIME % 16**40:040x}","sni":"{visit.site}","version":"TLS 1.3","notbefore":"2025-08-01T00:00:00",'
        f'"ja3":{{}}}}}}\n'
        f'{{{both},"event_type":"flow","app_proto":"tls","flow":{{"pkts_toserver":9,"pkts_toclient":11,"bytes_toserver":{visit.sent},'
        f'"bytes_toclient":{visit.received},"start":"{stamp}","age":30,"state":"closed","reason":"timeout","alerted":false}}}}\n'
    )


def _cloudflare(visit: Visit) -> str:
    return (
        f'{{"AccountID":"0123456789abcdef0123456789abcdef","Action":"allow","BlockedFileHash":"","BlockedFileName":"","Datetime":"'
        f'{visit.moment:%Y-%m-%dT%H:%M:%SZ}","DestinationIP":"{visit.address}","DestinationPort":443,"DeviceID":"{visit.number % 200:036x}",'
        f'"DeviceName":"desk-{visit.user[4:]}","DownloadedFileNames":[],"Email":"{visit.user}@acme.example","FileInfo":{{}},"HTTPHost":"{visit.site}",'
        f'"HTTPMethod":"GET","HTTPStatusCode":200,"HTTPVersion":"HTTP/2","IsIsolated":false,"PolicyID":"","PolicyName":"","Quarantined":false,'
        f'"Referer":"","RequestID":"{visit.number:032x}","SourceIP":"198.51.100.7","SourceInternalIP":"{visit.client}","SourcePort":{visit.port},'
        f'"URL":"https://{visit.site}/a?id={visit.port}","UntrustedCertificateAction":"none","UserAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64)",'
        f'"UserID":"{visit.user:>036}"}}\n'
    )


FAMILIES: Final = {
    "delimited": Family(
        "Zeek http.log, between tabs",
        _zeek_http,
        f"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n#fields\t{_ZEEK_COLUMNS.replace(' ', chr(9))}\n",
    ),
    "csv": Family("PAN-OS URL and traffic log, CSV", _panos),
    "keyvalue": Family("FortiGate web filter and traffic log", _fortigate),
    "json": Family("Suricata EVE, tls and flow records", _eve),
    "flatjson": Family("Cloudflare Gateway HTTP", _cloudflare),
}
