#!/bin/sh
# Copies the pages, checks the copy against the original, and only then calls it a backup. A second run replaces it.
set -eu
cd "$HOME/ledger"

log_in() {
  # A line that somebody left here while debugging. Holdpoint masks the password in what it keeps and shows.
  echo "connecting as ledger:$LEDGER_PASSWORD@db1"
  given=$(printf 'ledger:%s' "$LEDGER_PASSWORD" | sha256sum | cut -c1-64)
  if [ "$given" != "$(cat account)" ]; then
    echo "authentication failed for account ledger" >&2
    exit 11
  fi
}

log_in
echo read-only >state
backup=backups/ledger-$VERSION
rm -rf "$backup.tmp"
mkdir -p "$backup.tmp"
cp "data-$VERSION"/* "$backup.tmp/"
(cd "$backup.tmp" && sha256sum -c PAGES.sha256)
rm -rf "$backup"
mv "$backup.tmp" "$backup"
echo "backup of $(cat "$backup"/page.* | wc -l | tr -d ' ') postings in $backup"
