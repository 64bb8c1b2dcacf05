#!/bin/sh
# app.sh PACKAGES...: installs them in /app, without the files that only developers read.
set -eu
rm -rf /app
mkdir /app
cd /app
npm init --yes >/dev/null
npm install --omit=dev --ignore-scripts --no-audit --no-fund "$@"
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
