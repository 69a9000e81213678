"""Windows DNS server: a query resolution policy per name, as PowerShell; taking them back removes those policies by name."""

from collections.abc import Iterator

from webui.exports.base import Sheet, Target, head, reason


def write(sheet: Sheet) -> Iterator[str]:
    """The script."""
    yield from head(sheet, "#")
    action = "ALLOW" if sheet.kind == "allow" else "DENY"
    for entry in sheet.entries:
        name = f"gnomon-{action.lower()}-{entry.domain}"
        if sheet.kind == "rollback":
            yield f"Remove-DnsServerQueryResolutionPolicy -Name '{name}' -Force"
        else:
            yield f"# {reason(entry)}"
            yield f"Add-DnsServerQueryResolutionPolicy -Name '{name}' -Action {action} -FQDN 'EQ,{entry.domain},*.{entry.domain}'"


TARGET = Target("windows-dns", "ps1", write)
