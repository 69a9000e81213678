"""PAN-OS: an external dynamic list of URLs. The slash at the end keeps `example.com` from meaning `example.com.evil.org`, too."""

from webui.exports.base import Target, bare

TARGET = Target("panos-edl", "txt", bare(lambda name: (f"{name}/", f"*.{name}/")))
