#!/bin/sh
# Puts the release before back and removes this one, however far its deployment came. A second run ends in the same state.
set -eu
cd "$HOME/shop"
if [ ! -f "releases/$RUNNING/MANIFEST.sha256" ]; then
  echo "release $RUNNING is not there any more" >&2
  exit 3
fi
if [ "$(cat current/VERSION 2>/dev/null)" != "$RUNNING" ]; then
  echo "switching back to $RUNNING"
  ln -sfn "releases/$RUNNING" current
  echo "$RUNNING" >run/started
else
  echo "$RUNNING is current: the switch had not happened"
fi
rm -rf "releases/$VERSION"
echo "removed releases/$VERSION"
