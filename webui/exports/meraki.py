"""Cisco Meraki: a URL filter, where a name stands for everything below it, too."""

from webui.exports.base import Target, bare

TARGET = Target("meraki", "txt", bare(str))
