"""Files that are no logs, and the one sentence that each of them gets."""

from tests.hostile import files
from tests.hostile.files import GOOD

DECLINED = "This is a web server's own access log: it shows who visited a site of yours, not which services your people use."
BINARY = "This is a binary file, not a log in text form."
UNREADABLE = {
    "empty": (b"", "The file is empty."),
    "blanks": (b" \n\t\n\n", "The file is empty."),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40, "This is a JPEG picture, not a log."),
    "PNG with a zip behind": (b"\x89PNG\r\n\x1a\n" + bytes(64) + files.zipped({"a.log": GOOD}), "This is a PNG picture, not a log."),
    "PDF": (b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n" * 50, "This is a PDF document, not a log."),
    "ELF": (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00" * 500, "This is a Linux program, not a log."),
    "Windows program": (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" * 100, "This is a Windows program, not a log."),
    "Windows event log": (b"ElfFile\x00" + bytes(4_000), "This is a Windows event log in binary form (export it as text or CSV), not a log."),
    "office document": (
        files.zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
        "made.log is an office document or a program, not a log.",
    ),
    "binary": (bytes(range(256)) * 300, BINARY),
    "web server's own log": (b'192.0.2.9 - - [19/Nov/2026:09:00:00 +0000] "GET /shop HTTP/1.1" 200 99 "-" "Mozilla/5.0"\n' * 30, DECLINED),
    "web server's own log with what scanners try": (
        b'192.0.2.9 - - [19/Nov/2026:09:00:00 +0000] "GET /shop HTTP/1.1" 200 99 "-" "Mozilla/5.0"\n' * 3
        + b'203.0.113.9 - - [19/Nov/2026:09:00:01 +0000] "CONNECT mail.example:25 HTTP/1.1" 405 226 "-" "-"\n',
        DECLINED,
    ),
    "list of orders": (
        b"date,time,user,ip,url,amount\n2026-11-19,09:00:00,ann@own.example,203.0.113.9,https://shop.example/p/1,19.90\n",
        "No format understands this file; it begins “date,time,user,ip,url,amount”. `gnomon formats` lists the logs that can be read.",
    ),
    "prose": (
        b"Dear Ann,\nthe log is attached.\n",
        "No format understands this file; it begins “Dear Ann,”. `gnomon formats` lists the logs that can be read.",
    ),
    "only comments": (b"# one\n# two\n", "No format understands this file; it begins “# one”. `gnomon formats` lists the logs that can be read."),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(99), "This is a 7z archive, which is not read here. Save it as zip or gz and try again."),
    "RAR": (b"Rar!\x1a\x07\x01\x00" + bytes(99), "This is a RAR archive, which is not read here. Save it as zip or gz and try again."),
    "zip with password": (files.encrypted_zip(), "made.log is protected by a password. Save it without one and try again."),
    "zip that overlaps": (
        files.overlapping_zip(),
        "made.log is built so that its files overlap, as archives that are meant to fill a disk are. It was not read.",
    ),
    "zip without files": (files.zipped({}), "made.log is an archive without files."),
    "zip in zip": (
        files.zipped({"inner.zip": files.zipped({"a.log": GOOD})}),
        "This is an archive inside an archive (unpack the outer one), not a log.",
    ),
    "gz in gz": (files.PACKED["gz"](files.PACKED["gz"](GOOD)), "This is a file that was compressed twice (unpack it once), not a log."),
    "tar with two of one name": (
        files.twin_tar(),
        "made.log holds two files of the name access.log; only one of them could be read. Unpack it and try again.",
    ),
    "damaged database": (b"SQLite format 3\x00" + bytes(4_080), "The database cannot be read: file is not a database."),
}
