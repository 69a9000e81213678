"""SonicWall: a list of URIs; what is below a name is asked for by a pattern of its own."""

from webui.exports.base import Target, bare

TARGET = Target("sonicwall", "txt", bare(lambda name: (name, f"*.{name}")))
