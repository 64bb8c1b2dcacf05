#!/bin/sh
# app.sh PACKAGES...: installs them in /app, without what only people who write code read.
set -eu
rm -rf /app
mkdir /app
cd /app
npm init --yes >/dev/null
npm install --omit=dev --ignore-scripts --no-audit --no-fund "$@"
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
