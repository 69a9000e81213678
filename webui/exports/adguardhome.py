"""AdGuard Home: rules of its own syntax; `||name^` is the name and everything below it."""

from webui.exports.base import Target, lines

TARGET = Target("adguardhome", "txt", lines("!", "||{}^".format, allowed="@@||{}^".format))
