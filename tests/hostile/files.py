"""Files that break readers, made when they are needed: nothing large lies in the repository."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from typing import Final

import zstandard

#: A sound log of three requests; everything below is made around it.
GOOD: Final = b"".join(
    b"179507880%d.500    215 192.0.2.1%d TCP_MISS/200 4096 GET http://files%d.example/a - HIER_DIRECT/198.51.100.7 text/html\n" % (n, n, n)
    for n in range(3)
)


def line(
    n: int = 0, *, time: str = "1795078800.5", client: str = "192.0.2.10", size: str = "4096", url: str = "http://files.example/a", user: str = "-"
) -> bytes:
    """One line of a Squid log with one odd value."""
    return f"{time} {n} {client} TCP_MISS/200 {size} GET {url} {user} HIER_DIRECT/198.51.100.7 text/html\n".encode()


def long_log(lines: int = 30_000) -> bytes:
    """A log long enough to be cut anywhere; its lines differ, so that it shrinks as logs do."""
    return b"".join(line(n, time=f"{1_795_078_800 + n}.5", url=f"http://files{n * 7919 % 999}.example/{n}") for n in range(lines))


PACKED: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gz": gzip.compress,
    "zst": zstandard.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
    "bz2": bz2.compress,
}


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def encrypted_zip() -> bytes:
    """A zip whose entry says that it needs a password."""
    packed = bytearray(zipped({"access.log": GOOD}))
    packed[6] |= 1  # flag of the local header
    packed[packed.index(b"PK\x01\x02") + 8] |= 1  # flag of the directory
    return bytes(packed)


def overlapping_zip() -> bytes:
    """Two entries of the directory that point at the same bytes (CVE-2024-0450)."""
    packed = zipped({"a.log": GOOD})
    start = packed.index(b"PK\x01\x02")
    entry, end = packed[start : packed.index(b"PK\x05\x06")], packed[packed.index(b"PK\x05\x06") :]
    counts = struct.pack("<HHI", 2, 2, 2 * len(entry))
    return packed[:start] + entry + entry.replace(b"a.log", b"b.log") + end[:8] + counts + end[16:]


def broken_zip() -> bytes:
    """An entry whose bytes do not match its checksum."""
    packed = bytearray(zipped({"access.log": long_log()}))
    packed[len(packed) // 2] ^= 0xFF
    return bytes(packed)


def linked_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("link.log")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
        archive.writestr("../../outside.log", GOOD)
    return packed.getvalue()


def nasty_tar() -> bytes:
    """Links, devices, absolute and climbing names around two plain files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, kind in (("soft.log", tarfile.SYMTYPE), ("hard.log", tarfile.LNKTYPE), ("null", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/hostname"
            archive.addfile(entry)
        for name in ("/absolute.log", "../climbing.log"):
            entry = tarfile.TarInfo(name)
            entry.size = len(GOOD)
            archive.addfile(entry, io.BytesIO(GOOD))
    return packed.getvalue()


def twin_tar() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for _ in range(2):
            entry = tarfile.TarInfo("access.log")
            entry.size = len(GOOD)
            archive.addfile(entry, io.BytesIO(GOOD))
    return packed.getvalue()


def bomb(kind: str, size: int = 128 << 20) -> bytes:
    """A log that ends in zeros and unpacks to far more than a log would."""
    zeros = GOOD + bytes(size)
    return zipped({"zeros.log": zeros}) if kind == "zip" else PACKED[kind](zeros)
