"""Google Chrome: URLBlocklist and URLAllowlist, where a name stands for everything below it, too."""

from webui.exports.base import Target, registry

TARGET = Target("chrome-policy", "reg", registry(r"Google\Chrome"))
