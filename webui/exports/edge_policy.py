"""Microsoft Edge: URLBlocklist and URLAllowlist, where a name stands for everything below it, too."""

from webui.exports.base import Target, registry

TARGET = Target("edge-policy", "reg", registry(r"Microsoft\Edge"))
