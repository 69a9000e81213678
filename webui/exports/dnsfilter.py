"""DNSFilter: names with notes."""

from webui.exports.base import Target, reason, table

TARGET = Target("dnsfilter", "csv", table(("domain", "notes"), lambda entry: (entry.domain, reason(entry))))
