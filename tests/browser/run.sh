#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The browser tests: gets their two packages when they are not there, then runs
# run.mjs on the program of $FLEETPRINT. Chromium: $CHROMIUM or the system's.
set -eu
cd "$(dirname "$0")"
FLEETPRINT=${FLEETPRINT:-$PWD/../../build/asan/fleetprint}
for c in chromium chromium-browser; do
    CHROMIUM=${CHROMIUM:-$(command -v $c || true)}
done
[ -n "$CHROMIUM" ] || {
    echo "no chromium; scripts/deps test installs it" >&2
    exit 1
}
# Each as it is pinned; the lock holds their hashes.
if ! cmp -s package-lock.json node_modules/.installed; then
    npm ci --no-audit --no-fund --ignore-scripts >&2
    cp package-lock.json node_modules/.installed
fi
export FLEETPRINT CHROMIUM
exec node run.mjs
