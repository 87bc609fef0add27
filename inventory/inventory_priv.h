/* SPDX-License-Identifier: Apache-2.0
 * Inside inventory: lines as they are stored, and one import under way. */
#ifndef INVENTORY_INVENTORY_PRIV_H
#define INVENTORY_INVENTORY_PRIV_H

#include "base/hash.h"
#include "base/mem.h"
#include "inventory/inventory.h"
#include "inventory/inventory_sql.h"

/* By enum inv_sql. */
extern const struct sql inv_sql[INV_SQL_COUNT];
struct stmt *inv_stmt(struct db *db, enum inv_sql id, struct err *err);

/* ---- words and dates as stored: words.c --------------------------------- */

/* ISO text of our own writing; no date for NULL, "" or anything else. */
struct date inv_date(const char *iso);
/* Stored words, checked by the schema; NULL is the unknown value. */
enum calc_category inv_category(const char *word);
enum calc_chassis inv_chassis(const char *word);
enum calc_acquisition inv_acquisition(const char *word);
enum calc_status inv_status(const char *word);
bool inv_same_date(struct date a, struct date b);
bool inv_same_num(double a, double b); /* NAN equals NAN */
bool inv_is_exit(enum calc_status s);

/* ---- a row of machine: line.c ------------------------------------------- */

struct inv_line {
    uint32_t units;
    enum calc_category category;
    enum calc_chassis chassis;
    enum calc_acquisition acquisition;
    int64_t product_id, project_id; /* 0: none */
    int cpu_count, cpu_cores;
    struct date manufactured_on, acquired_on, in_service_on, warranty_end,
            exit_on;
    double power_w, idle_w, max_w, energy_kwh_year, price_eur, mass_kg,
            fabrication_kg;
    const char *fabrication_source;
    int is_virtual;
    uint32_t unknown_kinds;
    const char *tag, *name, *serial, *uuid, *note, *source;
    const char *manufacturer, *product, *project; /* behind ids, when loaded */
    unsigned assumed; /* INV_ASSUMED_*: what no source stated */
};
enum {
    INV_ASSUMED_CATEGORY = 1,
    INV_ASSUMED_STATUS = 2,
    INV_ASSUMED_SITE = 4,
};

/* Columns of INV_LINE_LEAN from `col` on; text is borrowed from the row. */
void inv_line_lean(struct stmt *q, int col, struct inv_line *out);
enum { INV_LEAN_COLUMNS = 24 };
bool inv_line_load(
        struct db *db, int64_t id, struct arena *a, struct inv_line *out,
        struct err *err);
enum { INV_LINE_BINDS = 30 };
/* Binds positions 1..INV_LINE_BINDS. */
void inv_line_bind(struct stmt *q, const struct inv_line *l);

/* ---- fields and their owners: fields.c ---------------------------------- */

enum inv_field {
    INV_F_QUANTITY,
    INV_F_CATEGORY,
    INV_F_MANUFACTURER,
    INV_F_MODEL,
    INV_F_TAG,
    INV_F_NAME,
    INV_F_SERIAL,
    INV_F_UUID,
    INV_F_SITE,
    INV_F_STATUS,
    INV_F_ACQUISITION,
    INV_F_CHASSIS,
    INV_F_CPU_COUNT,
    INV_F_CPU_CORES,
    INV_F_VIRTUAL,
    INV_F_MANUFACTURED_ON,
    INV_F_ACQUIRED_ON,
    INV_F_IN_SERVICE_ON,
    INV_F_WARRANTY_END,
    INV_F_RETIRED_ON,
    INV_F_POWER_W,
    INV_F_IDLE_W,
    INV_F_MAX_W,
    INV_F_ENERGY_KWH_YEAR,
    INV_F_PRICE_EUR,
    INV_F_MASS_KG,
    INV_F_FABRICATION_KG,
    INV_F_FABRICATION_SOURCE,
    INV_F_PROJECT,
    INV_F_NOTE,
    INV_F_PARTS, /* + enum calc_kind: the parts of that kind */
    INV_FIELDS = INV_F_PARTS + CALC_KINDS
};
const char *inv_field_name(enum inv_field f);
bool inv_field_from(const char *name, enum inv_field *out);
enum inv_owner inv_owner_from(const char *word); /* INV_NOBODY: none */

/* A record that says this one thing: a scalar's text, or parts as JSON. */
bool inv_field_wire(
        enum inv_field f, const char *text, const char *parts, struct arena *a,
        struct wire_machine *out, struct err *err);

struct inv_take;
struct inv_owners {
    enum inv_owner line; /* of fields without a row */
    const char *line_source;
    struct {
        enum inv_owner owner;
        const char *source; /* NULL: the line's */
        bool dirty;
    } of[INV_FIELDS];
    bool dirty; /* any */
};
enum inv_owner inv_owner_of(const struct inv_owners *o, enum inv_field f);
const char *inv_owner_source(const struct inv_owners *o, enum inv_field f);
/* Texts live in t's arena and in the line. */
bool inv_owners_load(
        struct inv_take *t, int64_t id, const struct inv_line *line,
        struct inv_owners *out, struct err *err);
void inv_owners_set(
        struct inv_owners *o, enum inv_field f, enum inv_owner owner,
        const char *source);
bool inv_owners_write(
        struct inv_take *t, int64_t id, const struct inv_owners *o,
        struct err *err);

/* ---- parts: parts.c ----------------------------------------------------- */

struct inv_part_row {
    enum calc_kind kind;
    int64_t spec_id;
    uint32_t units;
    const char *serial;
};
struct inv_part_rows {
    struct inv_part_row items[WIRE_MAX_PARTS];
    size_t n;
};

/* In full: parts_text.c. Texts live in the arena. */
bool inv_parts_detail(
        struct db *db, int64_t id, struct arena *a,
        struct wire_part out[WIRE_MAX_PARTS], size_t *n, struct err *err);
/* Those of a kind for people, "2x Tesla T4", or "none". */
const char *inv_parts_text(
        struct arena *a, enum calc_kind kind, const struct wire_part *parts,
        size_t n);
const char *inv_parts_json(
        struct arena *a, enum calc_kind kind, const struct wire_part *parts,
        size_t n);
bool inv_parts_from_json(
        const char *text, enum calc_kind kind, struct arena *a,
        struct wire_part out[WIRE_MAX_PARTS], size_t *n, struct err *err);

/* How two descriptions of the parts of one kind relate: parts_relate.c. */
enum inv_relation {
    INV_RELATE_SAME, /* the said one adds nothing */
    INV_RELATE_ADDS, /* both hold: *out is what they tell together */
    INV_RELATE_DIFFERS,
};
enum { INV_RELATE_MAX = 64 }; /* kinds of part; more always differ */
/* [D] A system sees at least this much of the memory that its modules make. */
#define INV_SEEN_FRAC 0.85
/* said_first: where both know a detail, the said one stands. out has room for
 * WIRE_MAX_PARTS. */
enum inv_relation inv_parts_relate(
        const struct wire_part *stored, size_t n, const struct wire_part *said,
        size_t m, bool said_first, struct wire_part *out, size_t *n_out);

/* One may be the other, described in less detail. */
bool inv_parts_compatible(const struct wire_part *a, const struct wire_part *b);

/* Where neither list is a person's: parts_join.c. */
struct inv_parts_side {
    const struct wire_part *parts;
    size_t n;
    bool known;   /* these and no others, or none */
    bool some;    /* there may be more of them */
    bool partial; /* of a source that never sees the whole machine */
    bool same_source;
    int strength; /* inv_parts_strength */
};
/* out has room for WIRE_MAX_PARTS. True: the said parts replace; false: those
 * that stand stay, with what the said ones know besides. */
bool inv_parts_join(
        struct arena *a, enum calc_kind kind,
        const struct inv_parts_side *stored, const struct inv_parts_side *said,
        struct wire_part *out, size_t *n);

/* ---- whose word counts: strength.c -------------------------------------- */

/* A machine source that may complete, but not replace, what the other said. */
bool inv_weaker(enum inv_field f, const char *said, const char *stored);
/* Which of two spellings of the same stands. */
bool inv_outranks(const char *said, const char *stored);
int inv_parts_strength(enum calc_kind kind, const char *format);
int inv_disk_kind_strength(const char *format);

/* Remarks of two tools in one order; of two on one matter ("SN1: 900 hours
 * on") the said one. In the arena; `stored` where they do not fit: notes.c. */
const char *
inv_notes_join(struct arena *a, const char *stored, const char *said);

/* ---- spellings: alike.c ------------------------------------------------- */

bool inv_alike_model(const char *a, const char *b);
/* Also where one tool gives the maker's whole number, another its start:
 * "MZ7LH960" and "SAMSUNG MZ7LH960HAJR-00005". */
bool inv_alike_disk(const char *a, const char *b);
bool inv_alike_product(const char *a, const char *b);
bool inv_alike_maker(const char *a, const char *b);
bool inv_alike_host(const char *a, const char *b); /* with and without domain */
bool inv_alike_uuid(const char *a, const char *b); /* whatever byte order */
/* The same in small and large letters, each also with its first three groups
 * turned; what is no UUID as it is. */
enum { INV_UUID_FORMS = 4, INV_UUID_TEXT = 40 };
void inv_uuid_forms(const char *uuid, char out[INV_UUID_FORMS][INV_UUID_TEXT]);
bool inv_alike_category(enum calc_category a, enum calc_category b);
bool inv_alike_date(struct date a, struct date b); /* one is more precise */
/* Names that differ in their digits alone: node1 and node2. */
bool inv_neighbours(const char *a, const char *b);

/* ---- states: states.c --------------------------------------------------- */

struct inv_states {
    struct inv_state items[INV_MAX_STATES];
    int n;
};
/* The states that dates and status of a line tell by themselves: received
 * until in service, in service until the exit, gone after it. */
void inv_states_derive(
        const struct inv_line *l, enum calc_status status, int64_t site_id,
        struct inv_states *out);
/* By day. Their texts sort otherwise: "2020" is 1 July, after "2020-06-15". */
void inv_states_sort(struct inv_state *items, int n);
bool inv_states_load(
        struct db *db, int64_t id, struct inv_states *out, struct err *err);
bool inv_states_write(
        struct db *db, int64_t id, const struct inv_states *s, struct err *err);
bool inv_states_same(const struct inv_states *a, const struct inv_states *b);
/* Ends the last state on `day` and begins another, or corrects the last one
 * when it began no earlier. False: more than INV_MAX_STATES. */
bool inv_states_turn(
        struct inv_states *s, struct date day, enum calc_status status,
        int64_t site_id);

/* ---- ids of texts, remembered: ids.c ------------------------------------ */

struct inv_id; /* an entry of a map from bytes to an id */
struct inv_ids {
    struct inv_id *map;
    unsigned n;
};
void inv_ids_clear(struct inv_ids *ids);

/* ---- one import: take.c ------------------------------------------------- */

struct change;
struct inv_take {
    struct db *db;
    char *site, *actor, *file;
    bool site_known;    /* that site may be used */
    const char *format; /* of the records now: one of formats */
    int64_t import_id, now_s;
    struct date today;
    enum inv_owner owner; /* of what the format brings */
    char *action;         /* for the audit: "import", "machine set" */
    struct date on;       /* day on which status and site turn; none: today */
    struct inv_counts counts;
    bool fresh; /* no line was there at the start: no identity to look up */
    /* Whether there are rows of these at all; else nothing is looked up. */
    bool any_owned, any_differences, any_aliases;
    int64_t span_from, span_to; /* lines added in a row, not yet noted */
    int64_t first_added;        /* 0: none yet */
    bool keep_events;           /* images tell which events a line has */
    bool joined;                /* the record joined two lines */
    bool found_nameless;        /* the line found last has no name */
    uint64_t clear;             /* bits of enum inv_field made unknown */
    char *remark;               /* goes into events; NULL */
    bool (*on_joined)(
            struct db *db, int64_t keep, int64_t drop, struct buf *undo,
            struct err *err);
    int64_t joins;  /* of this import so far */
    char *audit;    /* detail for the audit; NULL: the counts */
    char **formats; /* names that format had, the first first */
    size_t n_formats;
    char detail[300]; /* what the last record changed */
    struct inv_ids specs, products, projects, sites;
    uint8_t *touched; /* a bit per line id that this import has seen */
    size_t n_touched; /* bytes */
    struct arena arena;
    struct stmt *line_add, *part_add, *part_add_4, *event_add;
    struct change *change; /* NULL until the first record of a known line */
};

bool inv_id_of_spec(
        struct inv_take *t, const struct wire_part *p, int64_t *id,
        struct err *err);
bool inv_id_of_product(
        struct inv_take *t, const char *manufacturer, const char *name,
        int64_t *id, struct err *err);
bool inv_id_of_project(
        struct inv_take *t, const char *name, int64_t *id, struct err *err);
bool inv_id_of_site(
        struct inv_take *t, const char *name, int64_t *id, struct err *err);
/* Borrowed until the next record. */
bool inv_site_name(
        struct inv_take *t, int64_t id, const char **name, struct err *err);

/* Alike rows joined, in the order of kinds. */
bool inv_parts_of_list(
        struct inv_take *t, const struct wire_part *parts, size_t n,
        struct inv_part_rows *out, struct err *err);
bool inv_parts_load(
        struct db *db, int64_t id, struct arena *a, struct inv_part_rows *out,
        struct err *err);
bool inv_parts_write(
        struct inv_take *t, int64_t id, const struct inv_part_rows *p,
        struct err *err);
bool inv_parts_same(
        const struct inv_part_rows *a, const struct inv_part_rows *b);

/* Bits of the kinds of which a record does not tell all; a source that never
 * sees the whole machine names some of its disks: change_parts.c. */
uint32_t inv_open_kinds(const struct wire_machine *m);
/* Finds the line that a record speaks of: find.c. 0: none. */
bool inv_take_find(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err);
/* The line with that tag; 0: none. */
bool inv_id_of_tag(
        struct db *db, const char *tag, int64_t *id, struct err *err);
/* Joins a line that is known by its number alone and one that is known by its
 * name alone: whose value counts decides, not the order of their files. *id is
 * the line that stays: edit.c. */
bool inv_take_join(
        struct inv_take *t, int64_t *id, int64_t other, struct err *err);
bool inv_touched(const struct inv_take *t, int64_t id);
void inv_touch(struct inv_take *t, int64_t id);

/* The tag that somebody gave; NULL where a list of another system has none and
 * its name stands for it: find.c. */
const char *inv_own_tag(const struct inv_take *t, const struct wire_machine *m);
/* What a line is called when nobody gave it a tag. */
const char *inv_first_tag(const struct wire_machine *m);
/* Adds a line; *added false: its tag is taken. */
bool inv_take_add(
        struct inv_take *t, const struct wire_machine *m, bool *added,
        struct err *err);
/* Adds a machine that has no tag of its own and whose name, or serial, is the
 * tag of another one; *added false: no tag was found for it. */
bool inv_take_add_made(
        struct inv_take *t, const struct wire_machine *m, bool *added,
        struct err *err);
const char *inv_event_of_status(enum calc_status s);

/* Other identities of a line: alias.c. */
struct inv_alias {
    const char *kind, *value;
};
struct inv_aliases {
    struct inv_alias *items; /* in the arena */
    size_t n;
};
bool inv_aliases_load(
        struct inv_take *t, int64_t id, struct inv_aliases *out,
        struct err *err);
bool inv_alias_has(
        const struct inv_aliases *a, const char *kind, const char *value);
bool inv_alias_add(
        struct inv_take *t, int64_t id, const char *kind, const char *value,
        struct err *err);
/* The line that has it; 0: none, or several. */
bool inv_alias_find(
        struct inv_take *t, const char *kind, const char *value, int64_t *id,
        struct err *err);

/* ---- what undoes an import: undo.c, image.c ----------------------------- */

/* Keeps a line as it is now; does nothing for one that this import added. */
bool inv_undo_line(
        struct inv_take *t, int64_t id, const struct inv_line *line,
        const struct inv_states *states, const struct inv_part_rows *parts,
        struct err *err);
/* Adds to a line that was kept: it goes into `keep`, and what others put down
 * of that. */
bool inv_undo_joined(
        struct inv_take *t, int64_t drop, int64_t keep, const char *undo,
        struct err *err);
/* Notes a line that was added. */
bool inv_undo_added(struct inv_take *t, int64_t id, struct err *err);
/* Notes the last span of added lines and forgets what is too old to undo. */
bool inv_undo_end(struct inv_take *t, struct err *err);
/* Keeps a site as it was before it changed; image NULL: it was added. */
bool inv_undo_site(
        struct db *db, int64_t import_id, int64_t id, const char *image,
        struct err *err);
enum { INV_UNDO_KEEP = 20 }; /* [D] imports and edits that can be undone */

bool inv_take_change(
        struct inv_take *t, int64_t id, const struct wire_machine *m,
        bool *changed, struct err *err);
/* A serial or uuid that identifies: NULL for placeholders. */
const char *inv_identity(const char *text);
/* Sets the any_* flags and fresh. */
bool inv_take_flags(struct inv_take *t, struct err *err);
/* Appends to the life ledger. */
bool inv_event_add(
        struct inv_take *t, int64_t id, const char *kind, struct date on,
        const char *detail, struct err *err);

/* The site that a record is at: its own, else that of the import; NULL: none is
 * stated. ERR_NOT_FOUND where the import's is not there: a slip of the finger
 * makes no site. */
bool inv_site_of(
        struct inv_take *t, const struct wire_machine *m, const char **name,
        struct err *err);
/* Adds the site or changes its stated fields, for that import; *added tells
 * which. */
bool inv_site_write(
        struct db *db, const struct wire_site *s, int64_t import_id,
        int64_t *id, bool *added, struct err *err);

#endif
