#!/bin/sh
# Puts the package into the incoming folder. Here it is made on the spot; a real one would be fetched from the repository.
set -eu
cd "$HOME/shop"
package=incoming/shop-$VERSION.pkg
awk -v version="$VERSION" 'BEGIN { for (i = 1; i <= 10240; i++) printf "%-39s\n", version " page " i }' >"$package.tmp"
mv "$package.tmp" "$package"
echo "staged $package"
sha256sum "$package"
