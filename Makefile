# SPDX-License-Identifier: Apache-2.0
# Forwards to scripts/ and the CMake presets; nothing else lives here.
.PHONY: run test bench check fuzz build clean

run:
	@scripts/run

test:
	@scripts/test

bench:
	@scripts/bench

check:
	@scripts/check

fuzz:
	@scripts/fuzz

build:
	@scripts/build release

clean:
	rm -rf build
