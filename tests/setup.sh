#!/bin/sh
# Installs Debian's programs that the tests drive, where this is Debian and we may; else the tests say what they left out.
set -eu
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
missing=""
command -v chromium >/dev/null || missing="$missing chromium fonts-dejavu-core"
[ -n "$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null)" ] || missing="$missing postgresql"
command -v named-checkzone >/dev/null || missing="$missing bind9-utils"
command -v unbound-checkconf >/dev/null || missing="$missing unbound"
command -v dnsmasq >/dev/null || missing="$missing dnsmasq-base"
command -v squid >/dev/null || missing="$missing squid"
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing="$missing fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1 || missing="$missing libpangoft2-1.0-0 libharfbuzz-subset0"
[ -z "$missing" ] && exit 0
echo "Installing for the tests:$missing ..." >&2
apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
