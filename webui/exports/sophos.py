"""Sophos Firewall: names of a URL group, each with everything below it."""

from webui.exports.base import Target, bare

TARGET = Target("sophos", "txt", bare(str))
