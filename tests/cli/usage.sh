#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Help, near misses, global options anywhere, exit statuses.
. tests/cli/lib.sh
status 0 "$FP" --help
says out 'report year'
status 0 "$FP" help import
says out 'Examples'
status 0 "$FP" machine --help
says out 'Registers one machine'
silent_on out 'Makes the database from a backup'
status 0 "$FP" import --help
says out 'keep-going'
status 2 "$FP"
status 2 "$FP" imprt x
says err "did you mean 'import'"
status 2 "$FP" report yera 2025
says err "did you mean 'report year'"
status 2 "$FP" report
status 2 "$FP" report year
status 2 "$FP" report year abc
status 2 "$FP" report year 2025 --format pdf
status 2 "$FP" report year 2025 --no-such-option
status 1 "$FP" report year 2025
says err 'no database'
status 0 "$FP" init
status 1 "$FP" init
says err 'exists'
status 0 "$FP" --version
status 2 "$FP" --no-such-option
says err "no option '--no-such-option'"
status 2 "$FP" --db
says err "'--db' needs a value"
status 2 "$FP" report year --no-such-option
says err '^fleetprint: unrecognized'
# data that did not arrive is a failure, of help too
for words in --help --version 'check' 'factor list' 'report year 2025 --json'; do
    # shellcheck disable=SC2086
    "$FP" $words >/dev/full 2>"$work/err" && fail "$words to a full disk is done"
done
status 0 "$FP" check --json
json "$work/out" 'd["schema_version"] > 0 and all(i["holds"] for i in d["identities"])'
status 0 "$FP" site set lyon --country FRA --pue 1.3 --json
json "$work/out" 'd["name"] == "lyon" and d["country"] == "FRA" and d["pue"] == 1.3'
silent_on err warning
status 0 "$FP" site set nowhere --country ZZZ
says err "warning: no grid factor is known for country 'ZZZ'"
status 2 "$FP" site set lyon --grid-year 1e30
says err "grid-year '1e30'"
status 0 "$FP" report year 2025 --json --db "$FLEETPRINT_DB"
json "$work/out" 'd["fleet"]["machines"] == 0 and d["ratios"]["gross_years"]["value"] is None'
status 0 "$FP" report year --db "$FLEETPRINT_DB" 2025
status 1 "$FP" report machine nobody
says err 'nobody'
status 0 "$FP" completion bash
finish
