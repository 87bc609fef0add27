/* SPDX-License-Identifier: Apache-2.0
 * The rules of one record that need no database: shared by --dry-run and the
 * import. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <string.h>

struct finding {
    const char **column;
    struct err *err;
};

static bool bad(const struct finding *f, const char *column, const char *rule)
{
    *f->column = column;
    err_set(f->err, ERR_INVALID, "%s", rule);
    err_in(f->err, "%s", column);
    return false;
}

static size_t chars(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80 ? 1 : 0;
    return n;
}

static bool check_texts(const struct wire_machine *m, const struct finding *f)
{
    const struct {
        const char *column, *text;
    } texts[] = {
            {"tag", m->tag},
            {"name", m->name},
            {"manufacturer", m->manufacturer},
            {"model", m->product},
            {"serial", m->serial},
            {"uuid", m->uuid},
            {"site", m->site},
            {"project", m->project},
            {"fabrication_source", m->fabrication_source},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *s = texts[i].text;

        if (!s)
            continue;
        if (!s[0])
            return bad(f, texts[i].column, "empty, expected text or nothing");
        if (strlen(s) > WIRE_MAX_TEXT && chars(s) > WIRE_MAX_TEXT)
            return bad(f, texts[i].column, "longer than 200 characters");
    }
    if (m->note && strlen(m->note) > WIRE_MAX_NOTE &&
        chars(m->note) > WIRE_MAX_NOTE)
        return bad(f, "note", "longer than 4000 characters");
    if (!m->tag && !m->name && !inv_identity(m->serial) &&
        !inv_identity(m->uuid))
        return bad(f, "tag", "expected a tag, name, serial or uuid");
    return true;
}

static bool check_numbers(const struct wire_machine *m, const struct finding *f)
{
    const struct {
        const char *column;
        double value, high;
    } numbers[] = {
            {"price_eur", m->price_eur, 1e9},
            {"mass_kg", m->mass_kg, 1e6},
            {"power_w", m->power_w, 1e6},
            {"idle_w", m->idle_w, 1e6},
            {"max_w", m->max_w, 1e6},
            {"energy_kwh_year", m->energy_kwh_year, 1e9},
            {"fabrication_kg", m->fabrication_kg, 1e9},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!isnan(numbers[i].value) &&
            !(numbers[i].value >= 0 && numbers[i].value <= numbers[i].high))
            return bad(f, numbers[i].column, "negative or out of range");
    if (m->units < 1 || m->units > WIRE_MAX_UNITS)
        return bad(f, "quantity", "expected 1 to 10000000");
    if (m->cpu_count > WIRE_MAX_SOCKETS)
        return bad(f, "cpu_count", "expected at most 1024 sockets");
    if (m->cpu_cores > WIRE_MAX_CORES)
        return bad(f, "cpu_cores", "expected at most 1000000 cores");
    if (m->idle_w > m->max_w)
        return bad(f, "idle_w", "more than max_w, expected at most that");
    if (!isnan(m->fabrication_kg) && !m->fabrication_source)
        return bad(f, "fabrication_kg", "needs fabrication_source");
    return true;
}

static bool check_parts(const struct wire_machine *m, const struct finding *f)
{
    if (m->n_parts > WIRE_MAX_PARTS)
        return bad(f, "parts", "more than 512 kinds of parts");
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct wire_part *p = &m->parts[i];
        const char *kind = p->kind < CALC_KINDS ? calc_kind_word(p->kind) : "";

        if (p->kind >= CALC_KINDS || p->kind == CALC_ASSEMBLY)
            return bad(f, "parts", "not a kind of part");
        if (p->units < 1 || p->units > WIRE_MAX_UNITS)
            return bad(f, kind, "expected 1 to 10000000 units");
        if (!isnan(p->capacity) && !(p->capacity > 0 && p->capacity <= 1e9))
            return bad(f, kind, "size out of range");
        if (!isnan(p->die_mm2) && !(p->die_mm2 > 0 && p->die_mm2 <= 1e5))
            return bad(f, "cpu_die_mm2", "area out of range");
        if (!isnan(p->mass_kg) && !(p->mass_kg > 0 && p->mass_kg <= 100))
            return bad(f, "psu_kg", "mass out of range");
        if (p->model && chars(p->model) > WIRE_MAX_TEXT)
            return bad(f, kind, "longer than 200 characters");
    }
    if (m->category >= CALC_CATEGORIES)
        return bad(f, "category", "not a category");
    if (m->category == CALC_PART_LOT && m->n_parts != 1)
        return bad(f, "category", "a lot of parts describes one part");
    return true;
}

/* First and last day that a date of limited precision can mean. */
static int32_t first_day(struct date d)
{
    return date_days((struct date){
            .year = d.year,
            .month = d.month ? d.month : 1,
            .day = d.day ? d.day : 1});
}

static int32_t last_day(struct date d)
{
    struct date next = {.year = d.year, .month = d.month, .day = 1};

    if (d.day)
        return first_day(d);
    if (!d.month || d.month == 12)
        next = (struct date){
                .year = (int16_t)(d.year + 1), .month = 1, .day = 1};
    else
        next.month++;
    return date_days(next) - 1;
}

static bool before(struct date a, struct date b)
{
    return date_known(a) && date_known(b) && last_day(a) < first_day(b);
}

static bool check_dates(const struct wire_machine *m, const struct finding *f)
{
    if (before(m->exit_on, m->acquired_on))
        return bad(f, "retired_on", "before acquired_on");
    if (before(m->exit_on, m->in_service_on))
        return bad(f, "retired_on", "before in_service_on");
    if (before(m->exit_on, m->manufactured_on))
        return bad(f, "retired_on", "before manufactured_on");
    if (before(m->acquired_on, m->manufactured_on))
        return bad(f, "acquired_on", "before manufactured_on");
    if (before(m->in_service_on, m->manufactured_on))
        return bad(f, "in_service_on", "before manufactured_on");
    return true;
}

bool inv_wire_check(
        const struct wire_machine *m, const char **column, struct err *err)
{
    struct finding f = {column, err};

    *column = NULL;
    return check_texts(m, &f) && check_numbers(m, &f) && check_parts(m, &f) &&
           check_dates(m, &f);
}

const char *inv_identity(const char *text)
{
    return text && text[0] && !wire_placeholder(text) ? text : NULL;
}
