#!/bin/sh
# Practice only. Makes the ledger what it was on the evening of the change: version 14, 5000 postings, one account.
set -eu
cd "$HOME"
rm -rf ledger
mkdir -p "ledger/data-$VERSION" ledger/backups
cd ledger
data=data-$VERSION
echo "$VERSION" >"$data/VERSION"
# Posting, account, amount in cents: the same ones each time.
awk -v folder="$data" 'BEGIN {
  for (i = 1; i <= 5000; i++) {
    page = sprintf("%s/page.%02d", folder, int((i - 1) / 1000))
    printf "%d\t%d\t%d\n", i, 1000 + (i * 7919) % 400, ((i * 104729) % 200000) - 50000 >page
  }
}'
(cd "$data" && sha256sum VERSION page.* >PAGES.sha256)
ln -s "$data" current
echo open >state
# The account keeps a digest, never the password.
umask 077
printf 'ledger:%s' "$LEDGER_PASSWORD" | sha256sum | cut -c1-64 >account
echo "ledger $VERSION is laid out below $HOME/ledger: $(cat current/page.* | wc -l | tr -d ' ') postings"
