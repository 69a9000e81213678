"""dnsmasq: `address=/name/` answers that a name and everything below it does not exist; `server=/name/#` asks as usual."""

from webui.exports.base import Target, lines

TARGET = Target("dnsmasq", "conf", lines("#", "address=/{}/".format, allowed="server=/{}/#".format))
