#!/bin/sh
# root.sh FOLDER: builds the content of the image: Node with the libraries that it loads, /app, and folders to write into. There is no
# shell and no package manager.
set -eu
out=$1
rm -rf "$out"
mkdir -p "$out/usr/local/bin" "$out/etc"
mkdir -m 0700 "$out/data"
mkdir -m 1777 "$out/tmp"
chown 1000:1000 "$out/data"
echo 'waybill:x:1000:1000::/data:/sbin/nologin' >"$out/etc/passwd"
echo 'waybill:x:1000:' >"$out/etc/group"
echo 'hosts: files dns' >"$out/etc/nsswitch.conf"

cp /usr/local/bin/node "$out/usr/local/bin/"
for library in $(ldd /usr/local/bin/node | grep -o '/[^ ]*'); do
  mkdir -p "$out$(dirname "$library")"
  cp --dereference "$library" "$out$library"
done
cp -R /app "$out/app"
du --summarize --block-size=MB "$out"
