/* SPDX-License-Identifier: Apache-2.0
 * Sizes as tools write them, brought back to what is sold. */
#include "importers/hardware_priv.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

/* GB (10^9) that disks are sold with, of 1998 to 2026. */
static const double marketed[] = {
        4.3,   8,     9.1,   10,    13,    15,    16,    18.2,  20,    24,
        30,    32,    36.4,  40,    45,    50,    60,    64,    73.4,  75,
        80,    90,    100,   120,   121,   128,   146.8, 150,   160,   180,
        200,   240,   250,   251,   256,   280,   300,   320,   375,   400,
        450,   480,   500,   512,   600,   640,   700,   750,   800,   900,
        960,   1000,  1024,  1200,  1500,  1600,  1800,  1920,  2000,  2048,
        2400,  3000,  3200,  3840,  4000,  4096,  5000,  6000,  6400,  7680,
        8000,  8192,  10000, 12000, 12800, 14000, 15360, 16000, 18000, 20000,
        22000, 24000, 25600, 26000, 28000, 30000, 30720, 32000, 36000, 61440,
        122880};

enum { N_MARKETED = sizeof marketed / sizeof *marketed };

/* Relative distance to the nearest size sold, and which. */
static double distance(double gb, double *nearest)
{
    double least = INFINITY;

    for (size_t i = 0; i < N_MARKETED; i++) {
        double d = fabs(gb / marketed[i] - 1);

        if (d < least) {
            least = d;
            *nearest = marketed[i];
        }
    }
    return least;
}

double imp_gb_marketed(double gb)
{
    double nearest = gb;

    return gb > 0 && distance(gb, &nearest) <= 0.015 ? nearest : gb;
}

double imp_gb_nearest(double a, double b)
{
    double ignored = 0;

    if (a < 0 || b < 0)
        return fmin(a, b); /* for imp_host_disk to refuse */
    if (!(a > 0) || !(b > 0))
        return NAN;
    return imp_gb_marketed(
            distance(a, &ignored) < distance(b, &ignored) ? a : b);
}

double imp_gb_of_mb(double mb)
{
    return imp_gb_nearest(mb * 1048576.0 / 1e9, mb / 1e3);
}

double imp_gb_of_ocs_mb(double mb)
{
    static const double units[] = {1e-3, 1.048576e-3, 1.024e-3};
    double best, least, size = NAN;

    if (!(mb > 0))
        return mb < 0 ? mb : NAN;
    best = mb * 1e-3;
    least = 0.015;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double d = distance(mb * units[i], &size);

        if (d < 0.003)
            return size;
        if (d < least) {
            least = d;
            best = size;
        }
    }
    return best;
}

double imp_gb_of_bytes(double bytes)
{
    return bytes > 0 || bytes < 0 ? imp_gb_marketed(bytes / 1e9) : NAN;
}

double imp_module_snap(double gib)
{
    static const double sizes[] = {1,  2,  3,  4,  6,  8,   12, 16,
                                   24, 32, 48, 64, 96, 128, 256};
    double best = gib, least = 0.075;

    if (imp_module_plausible(gib))
        return gib;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double d = fabs(gib / sizes[i] - 1);

        if (d < least) {
            least = d;
            best = sizes[i];
        }
    }
    return best;
}

double imp_memory_sum(double gib)
{
    /* eighteen, thirty-six and seventy-two are sums of three channels */
    static const double steps[] = {1, 1.125, 1.25, 1.5, 1.75, 2, 2.25, 2.5,
                                   3, 3.5,   4,    4.5, 5,    6, 7};
    double unit = 0.25;
    size_t i = 0;

    if (!(gib > 0) || gib > 1e6)
        return gib;
    while (gib > steps[i] * unit * 1.002) {
        if (++i == sizeof steps / sizeof *steps) {
            unit *= 8;
            i = 0;
        }
    }
    return steps[i] * unit;
}

/* Bytes of text that make a number: 12, -5, 0.5, 1e300 but not 1EB. */
static size_t digits(const char *s)
{
    size_t sign = s[0] == '-' ? 1 : 0, n = sign, e;

    while ((s[n] >= '0' && s[n] <= '9') || (n > sign && s[n] == '.'))
        n++;
    if (n == sign)
        return 0;
    n -= s[n - 1] == '.' ? 1 : 0;
    e = n + 1;
    if (s[n] != 'e' && s[n] != 'E')
        return n;
    e += s[e] == '+' || s[e] == '-' ? 1 : 0;
    if (!(s[e] >= '0' && s[e] <= '9'))
        return n;
    while (s[e] >= '0' && s[e] <= '9')
        e++;
    return e;
}

double imp_number(const char *text)
{
    double value = NAN;
    size_t n;

    if (!text)
        return NAN;
    text += text_blank_start(text, strlen(text));
    n = digits(text);
    if (n == 0 || n > 40 || !num_parse(text, n, NUM_POINT, &value, NULL))
        return NAN;
    return value;
}

double imp_gib_parse(const char *text, double unit_mib)
{
    double value = imp_number(text), mib = unit_mib;
    const char *p;

    if (isnan(value))
        return NAN;
    p = text + text_blank_start(text, strlen(text));
    p += digits(p);
    p += text_blank_start(p, strlen(p));
    switch (*p) {
    case 'k':
    case 'K':
        mib = 1.0 / 1024;
        break;
    case 'm':
    case 'M':
        mib = 1;
        break;
    case 'g':
    case 'G':
        mib = 1024;
        break;
    case 't':
    case 'T':
        mib = 1048576;
        break;
    case 'b':
    case 'B':
        mib = 1.0 / 1048576;
        break;
    default:
        break;
    }
    return value * mib / 1024;
}
