"""pfBlockerNG: a DNSBL list of names."""

from webui.exports.base import Target, lines

TARGET = Target("pfblockerng", "txt", lines("#", str))
