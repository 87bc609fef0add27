/* SPDX-License-Identifier: Apache-2.0
 * CSV out: RFC 4180 quoting, and text that no spreadsheet runs as a formula. */
#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/num.h"

void csv_cell(struct out *o, const char *text, bool first)
{
    const char *s = text ? text : "";
    bool formula = s[0] && strchr("=+-@\t\r", s[0]);
    bool quote = s[strcspn(s, "\",;\r\n\t")] != '\0' || s[0] == ' ' ||
                 (s[0] && s[strlen(s) - 1] == ' ');

    if (!first)
        out_char(o, ',');
    if (quote)
        out_char(o, '"');
    if (formula)
        out_char(o, '\'');
    if (!quote) {
        out_str(o, s);
        return;
    }
    while (*s) {
        size_t n = strcspn(s, "\"");

        out_bytes(o, s, n);
        s += n;
        if (*s == '"') {
            out_str(o, "\"\"");
            s++;
        }
    }
    out_char(o, '"');
}

void csv_cell_num(struct out *o, double value, bool first)
{
    char text[NUM_TEXT];

    if (!first)
        out_char(o, ',');
    if (isfinite(value))
        out_str(o, num_print(value, text));
}

void csv_end_row(struct out *o)
{
    out_bytes(o, "\r\n", 2);
}
