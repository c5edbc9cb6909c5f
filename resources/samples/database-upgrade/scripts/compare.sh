#!/bin/sh
# Numbers and sums of the new pages against the backup. Reads only.
set -eu
cd "$HOME/ledger"
sum() {
  cat "$1"/page.* | awk -F '\t' '{ n += 1; cents += $3 } END { printf "%d postings, %.0f cents\n", n, cents }'
}
before=$(sum "backups/ledger-$FROM")
after=$(sum "data-$VERSION")
echo "backup:     $before"
echo "version $VERSION: $after"
[ "$before" = "$after" ] || { echo "they differ" >&2; exit 1; }
