/* SPDX-License-Identifier: Apache-2.0
 * Single values of a record against those that stand: what it states replaces,
 * what it does not know erases nothing, and what a human typed no machine
 * overwrites. */
#include "inventory/change_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

void change_note(struct change *c, const char *what)
{
    char *detail = c->t->detail;
    size_t room = sizeof c->t->detail - c->n_detail;
    int n = snprintf(
            detail + c->n_detail, room, "%s%s", c->n_detail ? ", " : "", what);

    if (n > 0 && (size_t)n < room)
        c->n_detail += (size_t)n;
    else
        detail[c->n_detail] = '\0';
}

bool change_free(const struct change *c)
{
    return !c->merging && (c->accepting || c->t->owner == INV_HUMAN);
}

enum inv_owner change_owner(const struct change *c, enum inv_field f)
{
    return c->merging ? inv_owner_of(c->merging, f) : c->t->owner;
}

const char *change_source(const struct change *c, enum inv_field f)
{
    return c->merging ? inv_owner_source(c->merging, f) : c->t->format;
}

static bool known(struct change_value v)
{
    switch (v.type) {
    case VALUE_TEXT:
        return v.text != NULL;
    case VALUE_NUM:
        return !isnan(v.num);
    case VALUE_WHOLE:
        return v.whole >= 0;
    default:
        return date_known(v.date);
    }
}

static bool same(struct change_value a, struct change_value b)
{
    switch (a.type) {
    case VALUE_TEXT:
        return a.text && strcmp(a.text, b.text) == 0;
    case VALUE_NUM:
        return inv_same_num(a.num, b.num);
    case VALUE_WHOLE:
        return a.whole == b.whole;
    default:
        return inv_same_date(a.date, b.date);
    }
}

static const char *text_of(struct change *c, struct change_value v)
{
    char room[NUM_TEXT + DATE_TEXT];

    if (!known(v))
        return NULL;
    switch (v.type) {
    case VALUE_TEXT:
        return v.text;
    case VALUE_NUM:
        return arena_str(&c->t->arena, num_print(v.num, room));
    case VALUE_WHOLE:
        return arena_printf(&c->t->arena, "%d", v.whole);
    default:
        return arena_str(&c->t->arena, date_print(v.date, room));
    }
}

static size_t precision(struct date d)
{
    return d.day ? 3 : d.month ? 2 : d.year ? 1 : 0;
}

/* Cards and shelves of disks are seen by some tools only. */
static int category_weight(const char *word)
{
    enum calc_category c = inv_category(word);

    return c == CALC_GPU_NODE                           ? 3
           : c == CALC_STORAGE || c == CALC_WORKSTATION ? 2
           : c == CALC_OTHER_UNIT                       ? 0
                                                        : 1;
}

/* Of two spellings of the same always one, whichever file came first: the more
 * precise, the stronger source's, the longer, the first of the alphabet. */
static bool better_spelled(
        const struct change *c, enum inv_field f, struct change_value stored,
        struct change_value said)
{
    const char *source = inv_owner_source(&c->owners, f);
    const char *from = change_source(c, f);

    switch (said.type) {
    case VALUE_DATE:
        return precision(said.date) > precision(stored.date);
    case VALUE_NUM:
        return said.num > stored.num;
    case VALUE_WHOLE:
        return said.whole > stored.whole;
    default:
        break;
    }
    if (f == INV_F_CATEGORY)
        return category_weight(said.text) > category_weight(stored.text);
    if (strcmp(source, from) != 0)
        return inv_outranks(from, source);
    if (strlen(said.text) != strlen(stored.text))
        return strlen(said.text) > strlen(stored.text);
    return strcmp(said.text, stored.text) < 0;
}

/* Two machine sources differ. */
static enum change_verdict between_machines(
        const struct change *c, enum inv_field f, struct change_value stored,
        struct change_value said, bool alike)
{
    const char *source = inv_owner_source(&c->owners, f);
    const char *from = change_source(c, f);

    if (alike)
        return better_spelled(c, f, stored, said) ? CHANGE_TAKEN
                                                  : CHANGE_AGREED;
    /* A guest is known by signs; who saw none says that it is none. */
    if (f == INV_F_VIRTUAL && strcmp(source, from) != 0)
        return said.whole > stored.whole ? CHANGE_TAKEN : CHANGE_SILENT;
    if (f == INV_F_CATEGORY && category_weight(stored.text) == 0)
        return CHANGE_TAKEN;
    return inv_weaker(f, from, source) ? CHANGE_SILENT : CHANGE_TAKEN;
}

static enum change_verdict
judge(const struct change *c, enum inv_field f, struct change_value stored,
      struct change_value said, bool alike)
{
    enum inv_owner owner = inv_owner_of(&c->owners, f);

    if (same(stored, said))
        return CHANGE_AGREED;
    if (!known(stored) || change_free(c) || owner == INV_NOBODY)
        return CHANGE_TAKEN;
    if ((c->merging && !c->joining) || owner == INV_HUMAN)
        return alike ? CHANGE_AGREED : CHANGE_OFFERED;
    if (change_owner(c, f) == INV_HUMAN) /* a line that is joined */
        return CHANGE_TAKEN;
    return between_machines(c, f, stored, said, alike);
}

bool change_settle(
        struct change *c, enum inv_field f, struct change_value stored,
        struct change_value said, bool alike)
{
    enum inv_owner owner = inv_owner_of(&c->owners, f);
    enum inv_owner new_owner = change_owner(c, f);
    const char *source = change_source(c, f);
    enum change_verdict v;

    if (!known(said))
        return false;
    v = judge(c, f, stored, said, alike);
    c->said[f].verdict = v;
    if (v == CHANGE_SILENT)
        return false;
    if (v == CHANGE_TAKEN || owner == INV_NOBODY ||
        (v == CHANGE_AGREED && owner != INV_HUMAN &&
         (new_owner == INV_HUMAN ||
          inv_weaker(f, inv_owner_source(&c->owners, f), source))))
        inv_owners_set(&c->owners, f, new_owner, source);
    if (v == CHANGE_TAKEN)
        change_note(c, inv_field_name(f));
    if (v == CHANGE_OFFERED || c->t->any_differences)
        c->any_said = true;
    if (c->any_said) {
        c->said[f].stored = text_of(c, stored);
        c->said[f].said = text_of(c, said);
    }
    return v == CHANGE_TAKEN;
}

bool change_settle_text(
        struct change *c, enum inv_field f, const char *stored,
        const char *said, bool alike)
{
    return change_settle(
            c, f, (struct change_value){.type = VALUE_TEXT, .text = stored},
            (struct change_value){.type = VALUE_TEXT, .text = said}, alike);
}

static void take_text(
        struct change *c, enum inv_field f, const char *said, bool alike,
        const char **now)
{
    if (change_settle_text(c, f, *now, said, alike))
        *now = said;
}

static void
take_num(struct change *c, enum inv_field f, double said, double *now)
{
    bool alike = fabs(said - *now) <= 0.001 * fabs(*now);

    if (change_settle(
                c, f, (struct change_value){.type = VALUE_NUM, .num = *now},
                (struct change_value){.type = VALUE_NUM, .num = said}, alike))
        *now = said;
}

static void take_whole(struct change *c, enum inv_field f, int said, int *now)
{
    if (change_settle(
                c, f, (struct change_value){.type = VALUE_WHOLE, .whole = *now},
                (struct change_value){.type = VALUE_WHOLE, .whole = said},
                false))
        *now = said;
}

static void take_date(
        struct change *c, enum inv_field f, struct date said, struct date *now)
{
    if (change_settle(
                c, f, (struct change_value){.type = VALUE_DATE, .date = *now},
                (struct change_value){.type = VALUE_DATE, .date = said},
                inv_alike_date(*now, said)))
        *now = said;
}

/* Words of a list; the unknown one is no statement. */
static void take_words(struct change *c)
{
    const struct wire_machine *m = c->m;
    struct inv_line *l = &c->now;

    /* One is what a record of a single machine says by default. */
    if ((m->has_units || m->units > 1) && !m->partial &&
        change_settle(
                c, INV_F_QUANTITY,
                (struct change_value){
                        .type = VALUE_WHOLE, .whole = (int)l->units},
                (struct change_value){
                        .type = VALUE_WHOLE, .whole = (int)m->units},
                false))
        l->units = m->units;
    if (m->has_category) {
        if (change_settle_text(
                    c, INV_F_CATEGORY, calc_category_word(l->category),
                    calc_category_word(m->category),
                    inv_alike_category(l->category, m->category)))
            l->category = m->category;
        l->assumed &= ~(unsigned)INV_ASSUMED_CATEGORY;
    }
    if (m->chassis != CALC_CHASSIS_UNKNOWN &&
        change_settle_text(
                c, INV_F_CHASSIS,
                l->chassis == CALC_CHASSIS_UNKNOWN
                        ? NULL
                        : calc_chassis_word(l->chassis),
                calc_chassis_word(m->chassis), false))
        l->chassis = m->chassis;
    if (m->acquisition != CALC_ACQUISITION_UNKNOWN &&
        change_settle_text(
                c, INV_F_ACQUISITION,
                l->acquisition == CALC_ACQUISITION_UNKNOWN
                        ? NULL
                        : calc_acquisition_word(l->acquisition),
                calc_acquisition_word(m->acquisition), false))
        l->acquisition = m->acquisition;
}

static bool
is_alias(const struct change *c, const char *kind, const char *value)
{
    return !c->accepting && inv_alias_has(&c->aliases, kind, value);
}

/* Another name of the machine, from a record merged into it, is no news. */
static void take_identity(struct change *c)
{
    const struct wire_machine *m = c->m;
    struct inv_line *l = &c->now;
    const char *serial = inv_identity(m->serial), *uuid = inv_identity(m->uuid);

    if (m->name && !is_alias(c, "name", m->name))
        take_text(
                c, INV_F_NAME, m->name,
                l->name && inv_alike_host(l->name, m->name), &l->name);
    if (serial && !is_alias(c, "serial", serial))
        take_text(
                c, INV_F_SERIAL, serial,
                l->serial && text_same(l->serial, serial), &l->serial);
    if (uuid && !is_alias(c, "uuid", uuid))
        take_text(
                c, INV_F_UUID, uuid, l->uuid && inv_alike_uuid(l->uuid, uuid),
                &l->uuid);
}

/* A machine's remarks give way to a human's, and join another tool's. */
static void take_note(struct change *c)
{
    enum inv_owner owner = inv_owner_of(&c->owners, INV_F_NOTE);
    const char *said = c->m->note;

    if (c->now.note && !change_free(c)) {
        if (owner == INV_HUMAN)
            return;
        if (said && !c->merging)
            said = inv_notes_join(&c->t->arena, c->now.note, said);
    }
    take_text(c, INV_F_NOTE, said, false, &c->now.note);
}

static void take_plain(struct change *c)
{
    const struct wire_machine *m = c->m;
    struct inv_line *l = &c->now;
    double kg = l->fabrication_kg;

    take_whole(c, INV_F_CPU_COUNT, m->cpu_count, &l->cpu_count);
    take_whole(c, INV_F_CPU_CORES, m->cpu_cores, &l->cpu_cores);
    take_whole(c, INV_F_VIRTUAL, m->is_virtual, &l->is_virtual);
    take_date(
            c, INV_F_MANUFACTURED_ON, m->manufactured_on, &l->manufactured_on);
    take_date(c, INV_F_ACQUIRED_ON, m->acquired_on, &l->acquired_on);
    take_date(c, INV_F_IN_SERVICE_ON, m->in_service_on, &l->in_service_on);
    take_date(c, INV_F_WARRANTY_END, m->warranty_end, &l->warranty_end);
    take_date(c, INV_F_RETIRED_ON, m->exit_on, &l->exit_on);
    take_num(c, INV_F_POWER_W, m->power_w, &l->power_w);
    take_num(c, INV_F_IDLE_W, m->idle_w, &l->idle_w);
    take_num(c, INV_F_MAX_W, m->max_w, &l->max_w);
    take_num(c, INV_F_ENERGY_KWH_YEAR, m->energy_kwh_year, &l->energy_kwh_year);
    take_num(c, INV_F_PRICE_EUR, m->price_eur, &l->price_eur);
    take_num(c, INV_F_MASS_KG, m->mass_kg, &l->mass_kg);
    take_num(c, INV_F_FABRICATION_KG, m->fabrication_kg, &l->fabrication_kg);
    /* The source stays with its figure. */
    if (isnan(m->fabrication_kg) || isnan(kg) ||
        c->said[INV_F_FABRICATION_KG].verdict != CHANGE_OFFERED)
        take_text(
                c, INV_F_FABRICATION_SOURCE, m->fabrication_source, false,
                &l->fabrication_source);
}

/* A typed tag replaces one that was only the name; a name never replaces a
 * typed tag. */
static bool take_tag(struct change *c, struct err *err)
{
    const struct wire_machine *m = c->m;
    bool was_name = c->old.name && strcmp(c->old.tag, c->old.name) == 0;
    int64_t other = 0;

    if (!m->tag || strcmp(m->tag, c->old.tag) == 0 ||
        is_alias(c, "tag", m->tag) ||
        (m->name && strcmp(m->tag, m->name) == 0 && !was_name))
        return true;
    if (!was_name && !change_free(c) &&
        inv_owner_of(&c->owners, INV_F_TAG) == INV_HUMAN) {
        take_text(c, INV_F_TAG, m->tag, false, &c->now.tag); /* a difference */
        return true;
    }
    if (!inv_id_of_tag(c->t->db, m->tag, &other, err))
        return false;
    if (other)
        return err_set(
                err, ERR_CONFLICT,
                "the machine is known as '%s', but its tag '%s' belongs to "
                "another one; 'machine merge' joins two records of one",
                c->old.tag, m->tag);
    change_settle_text(
            c, INV_F_TAG, was_name ? NULL : c->now.tag, m->tag, false);
    c->now.tag = m->tag;
    return true;
}

static const char *text_or_null(const char *s)
{
    return s && s[0] ? s : NULL;
}

static bool take_references(struct change *c, struct err *err)
{
    const struct wire_machine *m = c->m;
    const char *maker = text_or_null(c->old.manufacturer);
    const char *product = text_or_null(c->old.product);
    const char *project = text_or_null(c->old.project);

    take_text(
            c, INV_F_MANUFACTURER, m->manufacturer,
            maker && inv_alike_maker(maker, m->manufacturer), &maker);
    take_text(
            c, INV_F_MODEL, m->product,
            product && inv_alike_product(product, m->product), &product);
    if (c->said[INV_F_MANUFACTURER].verdict == CHANGE_TAKEN ||
        c->said[INV_F_MODEL].verdict == CHANGE_TAKEN) {
        c->now.manufacturer = maker;
        c->now.product = product;
        if (!inv_id_of_product(c->t, maker, product, &c->now.product_id, err))
            return false;
    }
    take_text(c, INV_F_PROJECT, m->project, false, &project);
    if (c->said[INV_F_PROJECT].verdict == CHANGE_TAKEN) {
        c->now.project = project;
        if (!inv_id_of_project(c->t, project, &c->now.project_id, err))
            return false;
    }
    return true;
}

bool change_values(struct change *c, struct err *err)
{
    take_words(c);
    take_plain(c);
    take_identity(c);
    take_note(c);
    return take_tag(c, err) && take_references(c, err);
}
