"""A hosts file: each name leads nowhere, in both kinds of address."""

from webui.exports.base import Target, lines

TARGET = Target("hosts", "txt", lines("#", lambda name: (f"0.0.0.0 {name}", f":: {name}")))
