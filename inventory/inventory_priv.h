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
    const char *manufacturer, *product; /* behind product_id, when loaded */
};

/* Columns of INV_LINE_LEAN from `col` on; text is borrowed from the row. */
void inv_line_lean(struct stmt *q, int col, struct inv_line *out);
enum { INV_LEAN_COLUMNS = 24 };
bool inv_line_load(
        struct db *db, int64_t id, struct arena *a, struct inv_line *out,
        struct err *err);
/* Binds positions 1..29. */
void inv_line_bind(struct stmt *q, const struct inv_line *l);

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

struct inv_take {
    struct db *db;
    char *site, *actor, *file, *format;
    int64_t import_id, now_s;
    struct date today;
    struct inv_counts counts;
    bool fresh; /* no line was there at the start: no identity to look up */
    struct inv_ids specs, products, projects, sites;
    uint8_t *touched; /* a bit per line id that this import has seen */
    size_t n_touched; /* bytes */
    struct arena arena;
    struct stmt *line_add, *part_add, *part_add_4, *event_add;
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

/* Alike rows joined, in the order of kinds. */
bool inv_parts_of_wire(
        struct inv_take *t, const struct wire_machine *m,
        struct inv_part_rows *out, struct err *err);
bool inv_parts_load(
        struct db *db, int64_t id, struct arena *a, struct inv_part_rows *out,
        struct err *err);
bool inv_parts_write(
        struct inv_take *t, int64_t id, const struct inv_part_rows *p,
        struct err *err);
bool inv_parts_same(
        const struct inv_part_rows *a, const struct inv_part_rows *b);

/* Finds the line that a record speaks of: find.c. 0: none. */
bool inv_take_find(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err);
bool inv_touched(const struct inv_take *t, int64_t id);
void inv_touch(struct inv_take *t, int64_t id);

bool inv_take_add(
        struct inv_take *t, const struct wire_machine *m, bool *added,
        struct err *err);
bool inv_take_change(
        struct inv_take *t, int64_t id, const struct wire_machine *m,
        bool *changed, struct err *err);
/* A serial or uuid that identifies: NULL for placeholders. */
const char *inv_identity(const char *text);
/* Appends to the life ledger. */
bool inv_event_add(
        struct inv_take *t, int64_t id, const char *kind, struct date on,
        const char *detail, struct err *err);

/* Adds the site or changes its stated fields; *added tells which. */
bool inv_site_write(
        struct db *db, const struct wire_site *s, int64_t *id, bool *added,
        struct err *err);

#endif
