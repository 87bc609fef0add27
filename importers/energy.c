/* SPDX-License-Identifier: Apache-2.0
 * Small things that every importer of energy files needs: amounts, times in a
 * zone, lists of nodes. */
#include "importers/energy_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

static const double max_uj = 9e18;

bool imp_energy(
        const struct wire_sink *sink, const struct wire_energy *e,
        struct err *err)
{
    if (!sink->energy)
        return err_set(
                err, ERR_INVALID,
                "the file holds energy, which this command does not take; "
                "'fleetprint energy import' does");
    return sink->energy(sink->ctx, e, err);
}

static bool as_uj(double uj, int64_t *out, struct err *why)
{
    if (isnan(uj) || uj < 0)
        return err_set(
                why, ERR_INVALID, "expected an amount of energy, 0 or more");
    if (uj > max_uj)
        return err_set(
                why, ERR_INVALID, "more than 2.5 GWh, expected one machine's");
    *out = (int64_t)nearbyint(uj);
    return true;
}

bool imp_energy_uj(
        double amount, enum wire_unit unit, int64_t *out, struct err *why)
{
    return as_uj(amount * (double)wire_unit_micro(unit), out, why);
}

bool imp_energy_of_power(
        double watts, int64_t ns, int64_t *out, struct err *why)
{
    return as_uj(watts * ((double)ns / 1e3), out, why);
}

bool imp_energy_plausible(const struct wire_energy *e, struct err *why)
{
    double seconds = (double)(e->to_ns - e->from_ns) / 1e9, watts;

    if (e->to_ns <= e->from_ns)
        return err_set(why, ERR_INVALID, "ends before it begins");
    watts = (double)e->energy_uj / 1e6 / seconds;
    if (watts > IMP_MAX_W)
        return err_set(
                why, ERR_INVALID,
                "%.0f kW on average over %.1f s, expected at most %d kW: is "
                "the unit right?",
                watts / 1000, seconds, IMP_MAX_W / 1000);
    return true;
}

/* ---- times -------------------------------------------------------------- */

bool imp_clock_open(
        struct imp_clock *c, const struct wire_sink *sink, const char *file,
        struct err *err)
{
    const struct wire_energy_ask *ask = sink->energy_ask;

    *c = (struct imp_clock){.sink = sink, .file = file};
    if (!ask || !ask->timezone)
        return true;
    c->named = true;
    return tz_load(ask->timezone, &c->tz, err);
}

/* Up to four digits at *s, which moves on; their number is *n. */
static bool number_at(const char **s, int *v, size_t *n)
{
    *n = strspn(*s, "0123456789");
    if (*n == 0 || *n > 4)
        return false;
    *v = 0;
    for (size_t i = 0; i < *n; i++)
        *v = *v * 10 + ((*s)[i] - '0');
    *s += *n;
    return true;
}

/* "PM" at the end of a time: its hour is of twelve. */
static bool half_of_day(char *rest, int *hour)
{
    size_t len = strlen(rest);
    bool pm;

    if (len < 2 || (rest[len - 1] != 'M' && rest[len - 1] != 'm') ||
        !strchr("AaPp", rest[len - 2]))
        return true;
    pm = rest[len - 2] == 'P' || rest[len - 2] == 'p';
    rest[len - 2] = '\0';
    rest[text_blank_end(rest, strlen(rest))] = '\0';
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (pm ? 12 : 0);
    return true;
}

/* 31/12/2024 13:45, 31.12.2024, 2024/12/31 8:40 and 12/31/2024 1:45 PM as
 * 2024-12-31 13:45; false: none of these. */
static bool iso_of(const char *text, bool month_first, char *dst, size_t size)
{
    int v[3], hour;
    size_t n[3], digits;
    char sep, rest[64];

    if (!number_at(&text, &v[0], &n[0]) || !*text || !strchr("/.-", *text))
        return false;
    sep = *text++;
    if (!number_at(&text, &v[1], &n[1]) || n[1] > 2 || *text++ != sep ||
        !number_at(&text, &v[2], &n[2]) || n[0] == 3 ||
        (n[0] == 4 ? n[2] > 2 : n[2] != 4))
        return false;
    if (n[0] == 4) {
        int year = v[0];

        v[0] = v[2];
        v[2] = year;
    } else if (month_first) {
        int month = v[0];

        v[0] = v[1];
        v[1] = month;
    }
    text += strspn(text, ", T");
    if (!*text) {
        snprintf(dst, size, "%04d-%02d-%02d", v[2], v[1], v[0]);
        return true;
    }
    if (!number_at(&text, &hour, &digits) || digits > 2)
        return false;
    snprintf(rest, sizeof rest, "%s", text);
    if (!half_of_day(rest, &hour))
        return false;
    snprintf(
            dst, size, "%04d-%02d-%02d %02d%s%s", v[2], v[1], v[0], hour,
            rest[0] ? "" : ":00", rest);
    return true;
}

bool imp_clock_utc(
        struct imp_clock *c, const char *text, bool month_first,
        int64_t after_s, int64_t *utc_s, struct err *why)
{
    struct imp_when when;
    char iso[80];
    int64_t at[2];
    int n;

    if (strlen(text) > 60)
        return err_set(why, ERR_INVALID, "expected a date and a time");
    if (!imp_when_parse(
                iso_of(text, month_first, iso, sizeof iso) ? iso : text, &when,
                why))
        return false;
    *utc_s = when.utc_s;
    if (when.zoned)
        return true;
    if (!c->named && !c->told)
        imp_say(c->sink, c->file,
                "its times name no zone and are taken for UTC; --timezone "
                "Europe/Paris says otherwise");
    c->told = true;
    if (!c->tz)
        return true;
    n = imp_when_local(c->tz, when.civil_s, at);
    if (n == 0)
        return err_set(
                why, ERR_INVALID, "a time that clocks jump over in that zone");
    *utc_s = n == 2 && at[0] <= after_s ? at[1] : at[0];
    return true;
}

/* ---- lists of nodes ----------------------------------------------------- */

struct nodes {
    bool (*node)(void *ctx, const char *name, struct err *err);
    void *ctx;
    int count;
};

static bool bad_list(const char *list, struct err *err)
{
    return err_set(
            err, ERR_INVALID,
            "'%.60s' is no list of nodes, expected one such as node[01-04,7]",
            list);
}

static bool one_node(
        struct nodes *n, const char *front, size_t front_len,
        const char *number, const char *tail, size_t tail_len, struct err *err)
{
    char name[WIRE_MAX_TEXT + 1];

    if (front_len + strlen(number) + tail_len > WIRE_MAX_TEXT)
        return err_set(err, ERR_INVALID, "the name of a node is too long");
    snprintf(
            name, sizeof name, "%.*s%s%.*s", (int)front_len, front, number,
            (int)tail_len, tail);
    if (!name[0] || imp_has_control(name) || strpbrk(name, "[] "))
        return err_set(
                err, ERR_INVALID, "the list of nodes has an empty or odd name");
    if (++n->count > IMP_MAX_NODES)
        return err_set(
                err, ERR_INVALID, "more than %d nodes in one list",
                (int)IMP_MAX_NODES);
    return n->node(n->ctx, name, err);
}

/* "0-2,07" between the brackets of one name. */
static bool numbered(
        struct nodes *n, const char *front, size_t front_len,
        const char *inside, size_t len, const char *tail, size_t tail_len,
        struct err *err)
{
    for (size_t at = 0; at < len;) {
        size_t a = strspn(inside + at, "0123456789"), b = 0, width = a;
        const char *first = inside + at, *last = first;
        int64_t lo, hi;

        if (inside[at + a] == '-') {
            last = first + a + 1;
            b = strspn(last, "0123456789");
        }
        if (a == 0 || a > 9 || b > 9 || (last != first && b == 0) ||
            !num_parse_int(first, a, 0, 999999999, &lo, NULL) ||
            !num_parse_int(last, b ? b : a, lo, 999999999, &hi, NULL))
            return bad_list(front, err);
        for (int64_t i = lo; i <= hi; i++) {
            char number[24];

            snprintf(number, sizeof number, "%0*lld", (int)width, (long long)i);
            if (!one_node(n, front, front_len, number, tail, tail_len, err))
                return false;
        }
        at += a + (last != first ? b + 1 : 0);
        if (at < len && inside[at++] != ',')
            return bad_list(front, err);
    }
    return true;
}

bool imp_nodes(
        const char *list,
        bool (*node)(void *ctx, const char *name, struct err *err), void *ctx,
        struct err *err)
{
    struct nodes n = {.node = node, .ctx = ctx};

    for (const char *s = list; *s;) {
        size_t front = strcspn(s, ",["), inside, tail;
        const char *end;

        if (s[front] != '[') {
            if (!one_node(&n, s, front, "", "", 0, err))
                return false;
            s += front + (s[front] == ',');
            continue;
        }
        inside = strcspn(s + front + 1, "[]");
        end = s + front + 1 + inside;
        if (*end != ']' || inside == 0)
            return bad_list(list, err);
        tail = strcspn(end + 1, ",");
        if (!numbered(&n, s, front, s + front + 1, inside, end + 1, tail, err))
            return false;
        s = end + 1 + tail + (end[1 + tail] == ',');
    }
    return n.count > 0 || bad_list(list, err);
}
