/* SPDX-License-Identifier: Apache-2.0
 * Numbers and dates: whatever the text, a finite value that reads back, or an
 * error with a message. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/num.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    char number[NUM_TEXT], day[DATE_TEXT];
    struct err err = {0};
    struct date d, again;
    double v, w;

    for (int style = 0; style < 2; style++) {
        if (num_parse(text, len, (enum num_style)style, &v, &err)) {
            FUZZ_HOLDS(isfinite(v));
            num_print(v, number);
            FUZZ_HOLDS(num_parse(number, strlen(number), NUM_POINT, &w, &err));
            FUZZ_HOLDS(memcmp(&v, &w, sizeof v) == 0 || v == w);
        } else {
            FUZZ_HOLDS(err.msg[0]);
        }
    }
    if (date_parse(text, len, &d, &err)) {
        date_print(d, day);
        FUZZ_HOLDS(date_parse(day, strlen(day), &again, &err));
        FUZZ_HOLDS(date_days(d) == date_days(again));
    }
    return 0;
}
