"""Pi-hole: a list of names."""

from webui.exports.base import Target, lines

TARGET = Target("pihole", "txt", lines("#", str))
