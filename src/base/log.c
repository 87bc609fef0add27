/* SPDX-License-Identifier: Apache-2.0
 * One log line per event on stderr. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

enum { LINE_MAX_BYTES = 8 * 1024 };

static atomic_int level_max = LOG_INFO;

void log_level_set(enum log_level max)
{
    atomic_store(&level_max, (int)max);
}

static const char *word(enum log_level level)
{
    switch (level) {
    case LOG_ERROR:
        return "error";
    case LOG_WARN:
        return "warn";
    case LOG_INFO:
        return "info";
    default:
        return "debug";
    }
}

/* A value with blanks, quotes or control characters is quoted and escaped: a
 * log line stays one line whatever a file or a client put into it. */
static void add_value(struct buf *b, const char *s)
{
    static const char hex[] = "0123456789abcdef";
    bool plain = s[0] != '\0';

    for (const char *p = s; *p && plain; p++)
        plain = (unsigned char)*p > ' ' && *p != '"' && *p != '\\' &&
                *p != 0x7f;
    if (plain) {
        buf_str(b, s);
        return;
    }
    buf_char(b, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            buf_char(b, '\\');
        if (c < ' ' || c == 0x7f) {
            char esc[] = {'\\', 'x', hex[c >> 4], hex[c & 15], '\0'};
            buf_str(b, esc);
        } else {
            buf_char(b, (char)c);
        }
    }
    buf_char(b, '"');
}

/* The values have to be seen one by one for quoting, so the few conversions
 * that log lines use are done here: %s %d %u %x with h l ll z j, %g %f %%. */
static const char *add_conversion(struct buf *b, const char *f, va_list *ap)
{
    int longs = 0;
    size_t digits = strspn(f, "0123456789.");
    int decimals = digits && f[0] == '.' ? f[1] - '0' : 6;

    f += digits;
    for (; *f && strchr("hlzj", *f); f++)
        longs += *f == 'l' ? 1 : *f == 'h' ? 0 : 2;
    switch (*f) {
    case 's': {
        const char *s = va_arg(*ap, const char *);
        add_value(b, s ? s : "-");
        break;
    }
    case 'd':
    case 'i':
        buf_printf(
                b, "%lld",
                longs == 0   ? (long long)va_arg(*ap, int)
                : longs == 1 ? (long long)va_arg(*ap, long)
                             : va_arg(*ap, long long));
        break;
    case 'u':
    case 'x': {
        unsigned long long v = longs == 0   ? va_arg(*ap, unsigned)
                               : longs == 1 ? va_arg(*ap, unsigned long)
                                            : va_arg(*ap, unsigned long long);
        if (*f == 'x')
            buf_printf(b, "%llx", v);
        else
            buf_printf(b, "%llu", v);
        break;
    }
    case 'f':
        buf_printf(b, "%.*f", decimals, va_arg(*ap, double));
        break;
    case 'g':
        buf_printf(b, "%g", va_arg(*ap, double));
        break;
    case '%':
        buf_char(b, '%');
        break;
    default:
        CHECK(*f == '%'); /* a conversion that is not known here */
    }
    return f + 1;
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    struct buf b;
    va_list ap;

    if ((int)level > atomic_load(&level_max))
        return;
    buf_init(&b, LINE_MAX_BYTES);
    if (getenv("JOURNAL_STREAM"))
        buf_printf(&b, "<%d>", (int)level);
    buf_printf(&b, "%s %s", word(level), event);
    if (fmt && fmt[0])
        buf_char(&b, ' ');
    va_start(ap, fmt);
    while (fmt && *fmt) {
        if (*fmt == '%')
            fmt = add_conversion(&b, fmt + 1, &ap);
        else
            buf_char(&b, *fmt++);
    }
    va_end(ap);
    /* One write: lines of several threads do not mix. */
    fprintf(stderr, "%s\n", buf_text(&b));
    buf_clear(&b);
}
