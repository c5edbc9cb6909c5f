#!/bin/sh
# Says what the quota went to. Changes nothing.
cd "$HOME/shop" || exit 1
echo "quota: $(cat quota.kib) KiB"
for folder in releases incoming dumps; do
  printf '%-10s %s bytes\n' "$folder" "$(find "$folder" -type f -exec cat {} + | wc -c | tr -d ' ')"
done
ls -l dumps
