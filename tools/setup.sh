#!/bin/sh
# Makes the virtual environment named by $1: finds Python 3.11 or later, installs the lock by hash and links this project.
set -eu
venv=$1

suitable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ ! -x "$venv/bin/python" ] || ! suitable "$venv/bin/python"; then
    found=
    for name in ${PYTHON_FOR_VENV:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$name" >/dev/null 2>&1 && suitable "$name"; then found=$name; break; fi
    done
    if [ -z "$found" ]; then
        echo "Weerklank needs Python 3.11 or later with venv. On Debian: apt-get install python3 python3-venv" >&2
        exit 2
    fi
    echo "Making $venv with $("$found" --version)"
    rm -rf "$venv"
    "$found" -m venv "$venv"
fi

# uv is three times as quick; it comes from the same lock, and where it can't be had, pip does the same.
pinned=$(mktemp)
trap 'rm -f "$pinned"' EXIT
awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock >"$pinned"
if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$pinned" &&
    "$venv/bin/uv" --version >/dev/null 2>&1; then
    VIRTUAL_ENV=$venv "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes --requirement requirements.lock
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
"$venv/bin/python" -m compileall -q -j 0 "$venv"/lib/python3*/site-packages app 2>/dev/null || true
