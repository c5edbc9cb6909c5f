#!/bin/sh
# Practice only. Makes the server what it was on the evening of the change: one running release under a quota.
set -eu
cd "$HOME"
rm -rf shop
mkdir -p shop/releases shop/incoming shop/run shop/config shop/dumps
cd shop
echo 4096 >quota.kib
printf 'listen = 8080\norders = ledger.example:5432\n' >config/shop.conf

release=releases/$VERSION
mkdir -p "$release/cache"
echo "$VERSION" >"$release/VERSION"
awk -v version="$VERSION" 'BEGIN { for (i = 1; i <= 10240; i++) printf "%-39s\n", version " page " i }' >"$release/pages"
awk 'BEGIN { for (i = 1; i <= 7680; i++) printf "%-39s\n", "cached " i }' >"$release/cache/pages.idx"
(cd "$release" && sha256sum VERSION pages cache/pages.idx >MANIFEST.sha256)

ln -s "$release" current
echo "$VERSION" >run/started
echo "shop $VERSION is laid out below $HOME/shop"
