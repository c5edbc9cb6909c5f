#!/bin/sh
# Makes the old version current again and opens it. A second run ends in the same state.
set -eu
cd "$HOME/ledger"
given=$(printf 'ledger:%s' "$LEDGER_PASSWORD" | sha256sum | cut -c1-64)
if [ "$given" != "$(cat account)" ]; then
  echo "authentication failed for account ledger" >&2
  exit 11
fi
(cd "data-$FROM" && sha256sum -c PAGES.sha256)
ln -sfn "data-$FROM" current
rm -rf "data-$VERSION"
echo open >state
echo "ledger $FROM is current and open for writes"
