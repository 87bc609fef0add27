#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files of one machine by many tools, in random orders: the same inventory.
. tests/cli/lib.sh

python3 -B tests/cli/orders.py "$FP" ../shared/samples || fail 'orders'
finish
