#!/bin/sh
# Sees to a Chromium for the browser tests: Debian's own, installed when this is root on Debian; else those tests say why they skip.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get install -y -qq chromium >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq chromium >/dev/null 2>&1; }
    command -v chromium >/dev/null 2>&1 && exit 0
fi
if [ -n "${CI:-}" ]; then
    echo "Chromium is missing, and in CI the browser tests may not skip." >&2
    exit 1
fi
echo "No Chromium found: browser tests will be skipped. On Debian: apt-get install chromium" >&2
