/* SPDX-License-Identifier: Apache-2.0
 * One update of a line under way, between the files that merge its values,
 * parts and states. */
#ifndef INVENTORY_CHANGE_PRIV_H
#define INVENTORY_CHANGE_PRIV_H

#include "inventory/inventory_priv.h"

/* What came of a field that the record speaks of. */
enum change_verdict {
    CHANGE_SILENT, /* it does not, or it does not matter */
    CHANGE_AGREED, /* it says what is stored */
    CHANGE_TAKEN,
    CHANGE_OFFERED, /* a human's value stands: a difference */
};

struct change {
    struct inv_take *t;
    const struct wire_machine *m;
    int64_t id;
    /* What stands is replaced whoever owns it: a difference is accepted. */
    bool accepting;
    /* Owners of another record of the machine: what it knows fills, and every
     * conflict is a difference. NULL: no merge. */
    const struct inv_owners *merging;
    bool joining; /* nobody asked for the merge: as if their files came again */
    struct inv_line old, now;
    struct inv_owners owners;
    struct inv_aliases aliases;
    struct {
        enum change_verdict verdict;
        const char *stored, *said, *parts; /* texts, where needed */
    } said[INV_FIELDS];
    bool any_said;
    bool kept;           /* the line as it was is in import_undo */
    size_t n_detail;     /* of t->detail */
    bool completed_only; /* parts changed only where they were unknown */
    const char *event, *event_detail; /* NULL: by what changed */
    struct date event_on;
    /* From here on only the first n of each list are set. */
    struct inv_part_rows old_parts, now_parts;
    struct inv_states old_states, now_states;
};

/* A scalar of any type, so that one rule settles all. */
struct change_value {
    const char *text; /* or */
    double num;       /* NAN unknown, or */
    int whole;        /* -1 unknown, or */
    struct date date;
    enum { VALUE_TEXT, VALUE_NUM, VALUE_WHOLE, VALUE_DATE } type;
};

/* The one change of t, empty; m NULL: none. Lives as long as t. */
struct change *
change_begin(struct inv_take *t, int64_t id, const struct wire_machine *m);
/* Loads what stands. */
bool change_load(struct change *c, struct err *err);
/* Whether the record's value is to be stored. Notes the change, the owner and
 * the difference. `alike`: another spelling of the same. */
bool change_settle(
        struct change *c, enum inv_field f, struct change_value stored,
        struct change_value said, bool alike);
/* The same where the texts are at hand: category, site, parts. */
bool change_settle_text(
        struct change *c, enum inv_field f, const char *stored,
        const char *said, bool alike);
void change_note(struct change *c, const char *what);
/* Whose and which source's the record's value is. */
enum inv_owner change_owner(const struct change *c, enum inv_field f);
const char *change_source(const struct change *c, enum inv_field f);
/* Whether the record may replace what stands, whoever owns it. */
bool change_free(const struct change *c);

bool change_values(struct change *c, struct err *err);
bool change_parts(struct change *c, struct err *err);
bool change_states(struct change *c, struct err *err);
/* Makes the fields of t->clear unknown; after change_parts. */
bool change_clear(struct change *c, struct err *err);
/* Raises, renews and closes differences: differences.c. */
bool change_differences(struct change *c, struct err *err);
/* Keeps the line as it was, before the first row is written. */
bool change_keep(struct change *c, struct err *err);
/* Writes line, parts, states, owners and differences, after keeping what they
 * were; *changed: whether the line itself did. */
bool change_write(struct change *c, bool *changed, struct err *err);

#endif
