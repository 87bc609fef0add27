/* SPDX-License-Identifier: Apache-2.0
 * JSON out as a stream. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"

void json_out_init(struct json_out *j, struct out *out, bool pretty)
{
    *j = (struct json_out){.out = out, .pretty = pretty};
}

static void escaped(struct out *o, const char *s)
{
    static const char hex[] = "0123456789abcdef";
    static const char raw[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    size_t len = strlen(s), i = 0, start = 0;

    out_char(o, '"');
    while (i < len) {
        unsigned char c = (unsigned char)s[i];
        size_t n = c >= 0x80 ? text_utf8_len(s + i, len - i) : 1;
        char esc[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15], '\0'};
        const char *at, *put = esc;

        if (n && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            i += n;
            continue;
        }
        out_bytes(o, s + start, i - start);
        at = memchr(raw, c, sizeof raw - 1);
        if (!n) {
            put = "\xEF\xBF\xBD"; /* U+FFFD */
        } else if (at) {
            esc[1] = letter[at - raw];
            esc[2] = '\0';
        }
        out_str(o, put);
        start = ++i;
    }
    out_bytes(o, s + start, len - start);
    out_char(o, '"');
}

static void new_line(struct json_out *j)
{
    static const char room[] = "                                        "
                               "                                        "
                               "                                        "
                               "                                        ";

    if (!j->pretty)
        return;
    out_char(j->out, '\n');
    out_bytes(j->out, room, 2 * (size_t)j->depth);
}

/* What stands before a value: comma, line break, key. */
static void before(struct json_out *j, const char *key)
{
    if (j->comma[j->depth])
        out_char(j->out, ',');
    if (j->depth)
        new_line(j);
    j->comma[j->depth] = true;
    if (key) {
        escaped(j->out, key);
        out_str(j->out, j->pretty ? ": " : ":");
    }
}

static void begin(struct json_out *j, const char *key, char c)
{
    before(j, key);
    out_char(j->out, c);
    CHECK(j->depth + 1u < sizeof j->comma);
    j->comma[++j->depth] = false;
}

static void end(struct json_out *j, char c)
{
    bool any = j->comma[j->depth];

    CHECK(j->depth > 0);
    j->depth--;
    if (any)
        new_line(j);
    out_char(j->out, c);
    if (j->depth == 0 && j->pretty)
        out_char(j->out, '\n');
}

void json_begin_obj(struct json_out *j, const char *key)
{
    begin(j, key, '{');
}

void json_end_obj(struct json_out *j)
{
    end(j, '}');
}

void json_begin_arr(struct json_out *j, const char *key)
{
    begin(j, key, '[');
}

void json_end_arr(struct json_out *j)
{
    end(j, ']');
}

void json_str(struct json_out *j, const char *key, const char *value)
{
    before(j, key);
    if (value)
        escaped(j->out, value);
    else
        out_str(j->out, "null");
}

void json_num(struct json_out *j, const char *key, double value)
{
    char text[NUM_TEXT];

    before(j, key);
    out_str(j->out, num_print(value, text)); /* "null" when not finite */
}

void json_int(struct json_out *j, const char *key, int64_t value)
{
    char text[NUM_TEXT + 4];

    before(j, key);
    out_str(j->out, num_print_i128(value, text));
}

void json_bool(struct json_out *j, const char *key, bool value)
{
    before(j, key);
    out_str(j->out, value ? "true" : "false");
}

void json_null(struct json_out *j, const char *key)
{
    before(j, key);
    out_str(j->out, "null");
}
