#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files of one machine by many tools, in random orders: the same inventory.
. "$(dirname "$0")/lib.sh"

python3 -B "$(dirname "$0")/orders.py" "$FP" ../shared/samples || fail 'orders'
finish
