#!/bin/sh
# Installs Debian's programs that the tests drive, where this is Debian and we may; else the tests say what they left out.
set -eu
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
missing=""
command -v chromium >/dev/null || missing="$missing chromium fonts-dejavu-core"
[ -n "$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null)" ] || missing="$missing postgresql"
[ -z "$missing" ] && exit 0
echo "Installing for the tests:$missing ..." >&2
apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
