#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the shell tests share: the program, a folder of their own, assertions.
# shellcheck shell=sh disable=SC2034
set -u
FP=${FLEETPRINT:-$PWD/build/asan/fleetprint}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export FLEETPRINT_DB="$work/fleet.db" FLEETPRINT_TODAY=2026-11-21
bad=0

fail() {
    echo "FAIL: $*"
    bad=1
}
# status WANT COMMAND... runs it, keeps what it prints in $work/out and $work/err
status() {
    want=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    if [ "$got" != "$want" ]; then
        fail "status $got instead of $want: $*"
        sed 's/^/    /' "$work/err" | head -n 20
    fi
}
# says FILE PATTERN: the file ($work/out, $work/err) has a line that matches
says() {
    grep -qE -- "$2" "$work/$1" || {
        fail "$1 does not say: $2"
        sed 's/^/    /' "$work/$1" | head -n 10
    }
}
silent_on() {
    grep -qE -- "$2" "$work/$1" && fail "$1 should not say: $2"
    return 0
}
# json FILE EXPRESSION: the Python expression over d (the document) is true
json() {
    python3 - "$1" "$2" <<'P' || fail "not so: $2"
import json, math, sys
d = json.load(open(sys.argv[1]))
if not eval(sys.argv[2]):
    print("    false:", sys.argv[2])
    sys.exit(1)
P
}
finish() {
    exit "$bad"
}
