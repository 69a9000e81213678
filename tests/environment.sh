#!/bin/sh
# Makes the environment: tests/environment.sh PYTHON FOLDER
set -eu
python=$1 folder=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Gnomon needs Python 3.11 or newer; $("$python" --version) was found. Name another one: make demo PYTHON=python3.12" >&2
    exit 1
}
if ! "$python" -m venv "$folder" >/dev/null 2>&1; then
    # Debian keeps venv in a package of its own
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv "$folder"
    else
        echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv" >&2
        exit 1
    fi
fi
echo "Installing what Gnomon needs into $folder (once, about a minute) ..." >&2
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
# where Python is told to write no bytecode, every start would translate all modules anew: half a second
"$folder/bin/python" -m compileall -q discovery rules webui
