#!/bin/sh
# node.sh VERSION: installs Node and npm below /usr/local of a Debian, and what root.sh needs. NODE_DIST may name a mirror.
set -eu
version=$1
dist=${NODE_DIST:-https://nodejs.org/dist}
case $(dpkg --print-architecture) in
  amd64) arch=x64 ;;
  arm64) arch=arm64 ;;
  *) echo "There is no Node for $(dpkg --print-architecture)." >&2; exit 1 ;;
esac

apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates curl libstdc++6 >/dev/null

name=node-v$version-linux-$arch
scratch=$(mktemp -d)
cd "$scratch"
curl --fail --silent --show-error --location --remote-name-all \
  "$dist/v$version/$name.tar.gz" "$dist/v$version/SHASUMS256.txt"
grep " $name.tar.gz\$" SHASUMS256.txt | sha256sum --check --quiet -
tar --extract --gzip --file "$name.tar.gz" --directory /usr/local --strip-components 1 --no-same-owner
cd /
rm -r "$scratch"
echo "Node $(node --version), npm $(npm --version)"
