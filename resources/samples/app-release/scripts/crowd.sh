#!/bin/sh
# Practice only. What goes wrong tonight: an incident of last week left core dumps that count against the quota.
set -eu
cd "$HOME/shop"
for day in 03 04 05 06; do
  awk -v day="$day" 'BEGIN { for (i = 1; i <= 15360; i++) printf "%-39s\n", "core of November " day ", block " i }' \
    >"dumps/core.2026-11-$day"
done
echo "4 core dumps, $(cat dumps/core.* | wc -c | tr -d ' ') bytes"
