/* SPDX-License-Identifier: Apache-2.0
 * Fields of a found machine as text. */
#ifndef CLI_MACHINE_VALUE_H
#define CLI_MACHINE_VALUE_H

#include "base/num.h"
#include "wire/wire.h"

enum { MACHINE_VALUE = NUM_TEXT + DATE_TEXT };
/* By the name of the template's column; NULL when it has none, or the column
 * is a list of parts. Borrowed from m or room. */
const char *machine_value(
        const struct wire_machine *m, const char *column,
        char room[static MACHINE_VALUE]);

#endif
