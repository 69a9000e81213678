"""Cisco Umbrella: a destination list, name and comment."""

from webui.exports.base import Target, reason, table

TARGET = Target("umbrella", "csv", table((), lambda entry: (entry.domain, reason(entry))))
