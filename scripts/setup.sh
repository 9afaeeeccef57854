#!/usr/bin/env bash
# Makes this machine ready: system packages that are missing, the virtual environment, the project in it.
# Usage: scripts/setup.sh [test]     ("test" adds what the tests need). Safe to repeat; does nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
kind="${1:-run}"

say() { printf '%s\n' "$*" >&2; }

new_enough() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; }

can_make_venv() { new_enough "$1" && "$1" -c 'import ensurepip, venv' 2>/dev/null; }

find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if command -v "$name" >/dev/null && can_make_venv "$name"; then command -v "$name"; return; fi
    done
}

has_english() { command -v tesseract >/dev/null && tesseract --list-langs 2>/dev/null | grep -qx eng; }

missing=()
if [ ! -x .venv/bin/python ] && [ -z "$(find_python)" ]; then missing+=(python3 python3-venv); fi
has_english || missing+=(tesseract-ocr tesseract-ocr-eng)
# Requests for information are printed in it: it has the letters of people's names.
[ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
if [ "$kind" = test ]; then
    # A server of its own is begun and ended by the tests, as an unprivileged user; the package's own is not needed.
    [ -n "$(command -v initdb || find /usr/lib/postgresql -name initdb -print -quit 2>/dev/null)" ] || missing+=(postgresql)
    command -v pdftoppm >/dev/null || missing+=(poppler-utils)
    [ -n "$(find /usr/share/fonts -name 'Liberation*.ttf' -print -quit 2>/dev/null)" ] || missing+=(fonts-liberation)
fi

install() {
    if ! command -v apt-get >/dev/null; then
        say "Missing: $*. This script installs with apt-get; install them your way, then run again."; exit 3
    fi
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { say "Missing: $*. Run as root or with sudo, then again."; exit 3; }
        as_root=(sudo)
    fi
    say "Installing $*"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if [ "${#missing[@]}" -gt 0 ]; then install "${missing[@]}"; fi

# The desk is tested in a real browser. Ubuntu hands out chromium as a snap only, which containers lack: there the browser
# tests fail and say what is missing; they are never skipped silently.
if [ "$kind" = test ]; then
    { command -v chromium >/dev/null && command -v chromedriver >/dev/null; } || (install chromium chromium-driver) \
        || say "No browser could be installed; the desk's browser tests will say so and fail."
fi

if [ ! -x .venv/bin/python ] || ! new_enough .venv/bin/python; then
    python="$(find_python)"
    if [ -z "$python" ]; then say "Python 3.11 to 3.14 with venv is needed; this machine has $(python3 --version 2>&1)."; exit 3; fi
    say "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

# The stamp holds what was installed: nothing is done while pyproject.toml stays as it is.
extras=""
[ "$kind" = test ] && extras="[test]"
stamp=".venv/.installed-$kind"
wanted="$(sha256sum pyproject.toml | cut -d' ' -f1)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Installing the project into .venv (the first time takes some minutes)"
    .venv/bin/python -m pip install -q --disable-pip-version-check -e ".$extras"
    echo "$wanted" > "$stamp"
fi
