#!/usr/bin/env bash
# Puts in place what the browser tests need: Chromium as the system packages it, and a font for what it shows.
set -euo pipefail

if [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; then exit 0; fi
if command -v chromium >/dev/null && [ -n "$(fc-list 2>/dev/null | head -1)" ]; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo 'browser set-up: install Chromium and a font, or name a browser with CHROMIUM=/path' >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then as_root=(env); else as_root=(sudo -n); fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  chromium fonts-dejavu-core fontconfig
