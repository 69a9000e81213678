"""Cloudflare Gateway: a list of domains with descriptions."""

from webui.exports.base import Target, reason, table

TARGET = Target("cloudflare-gateway", "csv", table(("value", "description"), lambda entry: (entry.domain, reason(entry))))
