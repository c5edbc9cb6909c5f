#!/bin/sh
# Unpacks the release beside the running one, builds its cache, and only then makes it current.
# A second run ends in the same state. Exit 28: no room under the quota, and nothing was switched.
set -eu
cd "$HOME/shop"
release=releases/$VERSION
package=incoming/shop-$VERSION.pkg

require_room() {
  used=$(find . -type f -exec cat {} + | wc -c)
  free=$(($(cat quota.kib) * 1024 - used))
  echo "room: $free bytes, needed for $2: $1"
  if [ "$free" -lt "$1" ]; then
    echo "quota exceeded: $2 needs $1 bytes, $free are left" >&2
    exit 28
  fi
}

if [ "$(cat current/VERSION)" = "$VERSION" ] && [ "$(cat run/started)" = "$VERSION" ]; then
  echo "$VERSION is current already"
  exit 0
fi

echo "unpacking $package"
rm -rf "$release"
require_room "$(wc -c <"$package" | tr -d ' ')" "the package"
mkdir -p "$release/cache"
echo "$VERSION" >"$release/VERSION"
cp "$package" "$release/pages"

echo "building the cache"
require_room 307200 "the cache"
awk 'BEGIN { for (i = 1; i <= 7680; i++) printf "%-39s\n", "cached " i }' >"$release/cache/pages.idx"
(cd "$release" && sha256sum VERSION pages cache/pages.idx >MANIFEST.sha256)

echo "switching to $VERSION"
ln -sfn "$release" current
echo "$VERSION" >run/started
echo "shop $VERSION started"
