/* SPDX-License-Identifier: Apache-2.0
 * Texts that firmware and forms hold where nobody filled anything in. */
#include "wire/wire.h"

#include <string.h>

#include "base/text.h"

enum { KEY = 64 };

/* As text_key writes them. */
static const char *const said_nothing[] = {
        "to_be_filled_by_o_e_m",
        "to_be_filled_by_oem",
        "to_be_filled_by_o_e_m_to_be_filled_by_o_e_m",
        "not_specified",
        "not_available",
        "not_applicable",
        "not_present",
        "not_installed",
        "not_provided",
        "not_supported",
        "not_settable",
        "unknown_error",
        "gpu_is_lost",
        "gpu_requires_reset",
        "insufficient_permissions",
        "not_found",
        "function_not_found",
        "err",
        "no_asset_tag",
        "no_asset_information",
        "no_dimm",
        "no_module_installed",
        "system_serial_number",
        "system_product_name",
        "system_manufacturer",
        "system_name",
        "chassis_serial_number",
        "base_board_serial_number",
        "serial_number",
        "product_name",
        "asset_tag",
        "default_string",
        "default",
        "undefined",
        "unspecified",
        "unknown",
        "inconnu",
        "none",
        "null",
        "n_a",
        "na",
        "nil",
        "oem",
        "o_e_m",
        "invalid",
        "empty",
        "removed",
        "redacted",
        "all_series",
        "manufacturer",
        "manufacturer00",
        "partnum",
        "serialnum",
        "sernum",
        "array_sernum",
        "array_partnumber",
        "tbd_by_oem",
        "fill_by_oem",
        "sys_1234567890", /* boards of ASUS */
        "mb_1234567890",
        /* UUIDs that board makers leave as they are, in both orders of bytes:
         * two such boards would pass for one machine. */
        "03000200_0400_0500_0006_000700080009",
        "00020003_0004_0005_0006_000700080009",
        "00010002_0003_0004_0005_000600070008",
        "02000100_0300_0400_0005_000600070008",
        "03020100_0504_0706_0809_0a0b0c0d0e0f",
        "00010203_0405_0607_0809_0a0b0c0d0e0f",
        "01234567_89ab_cdef_0123_4567890abcde",
        "67452301_ab89_efcd_0123_4567890abcde",
};

/* text_key for ASCII, which nearly all of them are: an inventory asks about
 * every text it holds. */
static void fold(const char *text, char key[static KEY])
{
    size_t n = 0;
    bool gap = false;

    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        unsigned char c = *s;

        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c - 'A' + 'a');
        if (c >= 0x80) {
            text_key(text, strlen(text), key, KEY);
            return;
        }
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
            gap = n > 0;
            continue;
        }
        if (n + (gap ? 1 : 0) + 1 >= KEY)
            break;
        if (gap)
            key[n++] = '_';
        gap = false;
        key[n++] = (char)c;
    }
    key[n] = '\0';
}

/* 0000, XXXXXX, 0123456789..., 12345678. */
static bool is_filler(const char *key, size_t n)
{
    bool same = true, from_0 = true, from_1 = true;

    for (size_t i = 0; i < n && (same || from_0 || from_1); i++) {
        same = same && (key[i] == key[0] || key[i] == '_');
        from_0 = from_0 && key[i] == (char)('0' + i % 10);
        from_1 = from_1 && key[i] == (char)('0' + (i + 1) % 10);
    }
    if (strncmp(key, "0123456789", 10) == 0 || (n >= 8 && (from_0 || from_1)))
        return true;
    return same && (n >= 4 || key[0] == 'x' || key[0] == '0');
}

bool wire_placeholder(const char *text)
{
    char key[KEY];

    fold(text, key);
    if (!key[0]) {
        /* "....", "????"; but a name in another script has letters */
        for (; *text; text++)
            if ((unsigned char)*text >= 0x80)
                return false;
        return true;
    }
    for (size_t i = 0; i < sizeof said_nothing / sizeof *said_nothing; i++)
        if (key[0] == said_nothing[i][0] && key[1] == said_nothing[i][1] &&
            strcmp(key, said_nothing[i]) == 0)
            return true;
    return is_filler(key, strlen(key));
}
