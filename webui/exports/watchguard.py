"""WatchGuard: patterns for exceptions of WebBlocker."""

from webui.exports.base import Target, bare

TARGET = Target("watchguard", "txt", bare(lambda name: (f"{name}/*", f"*.{name}/*")))
