/* SPDX-License-Identifier: Apache-2.0
 * Generation of memory modules and the density of their dies [2.3]. */
#include "factors/factors_priv.h"

#include <ctype.h>
#include <string.h>

enum { TEXT_MAX = 200 };

enum fac_ram_gen fac_ram_gen_of(const char *text, int year)
{
    /* As makers and JEDEC write them: "DDR4-2666", "PC4-21300". */
    static const struct {
        const char *word;
        int gen;
    } words[] = {{"ddr5", 5}, {"ddr4", 4}, {"ddr3", 3}, {"pc5-", 5},
                 {"pc4-", 4}, {"pc3-", 3}, {"pc3l-", 3}};
    char lower[TEXT_MAX + 1];
    size_t len = text ? strlen(text) : 0;
    int gen = 0;

    if (len == 0 || len > TEXT_MAX)
        return FAC_RAM_UNKNOWN;
    for (size_t i = 0; i <= len; i++)
        lower[i] = (char)tolower((unsigned char)text[i]);
    for (size_t i = 0; i < sizeof words / sizeof words[0] && !gen; i++)
        if (strstr(lower, words[i].word))
            gen = words[i].gen;
    if (gen == 3)
        return FAC_DDR3;
    if (gen == 5 || (gen == 4 && year >= 2018))
        return FAC_DDR4_LATE_OR_5;
    return gen == 4 && year > 0 ? FAC_DDR4_EARLY : FAC_RAM_UNKNOWN;
}

double fac_ram_density(enum fac_ram_gen g)
{
    switch (g) {
    case FAC_DDR3:
        return 0.75;
    case FAC_DDR4_EARLY:
        return 1.3;
    case FAC_DDR4_LATE_OR_5:
        return 2.375;
    case FAC_RAM_UNKNOWN:
        break;
    }
    return 13.688 / 11; /* mean of the eleven published dies */
}
