#!/bin/sh
# Converts page by page into a new folder, checks it, and only then makes it current. The old folder stays for the way back.
# A second run ends in the same state. Exit 12: there is no backup, and nothing was changed.
set -eu
cd "$HOME/ledger"

given=$(printf 'ledger:%s' "$LEDGER_PASSWORD" | sha256sum | cut -c1-64)
if [ "$given" != "$(cat account)" ]; then
  echo "authentication failed for account ledger" >&2
  exit 11
fi
if [ ! -f "backups/ledger-$FROM/PAGES.sha256" ]; then
  echo "there is no backup of version $FROM" >&2
  exit 12
fi
if [ "$(cat current/VERSION)" = "$VERSION" ]; then
  echo "version $VERSION is current already"
  exit 0
fi

echo stopped >state
rm -rf "data-$VERSION"
mkdir "data-$VERSION"
echo "$VERSION" >"data-$VERSION/VERSION"
for page in "data-$FROM"/page.*; do
  name=${page##*/}
  echo "converting $name"
  awk -F '\t' '{ printf "%s\t%s\t%s\tEUR\n", $1, $2, $3 }' "$page" >"data-$VERSION/$name"
  sleep 0.2 2>/dev/null || true
done
(cd "data-$VERSION" && sha256sum VERSION page.* >PAGES.sha256 && sha256sum -c PAGES.sha256)
ln -sfn "data-$VERSION" current
echo read-only >state
echo "ledger $VERSION is current, read-only"
