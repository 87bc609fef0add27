/* SPDX-License-Identifier: Apache-2.0
 * The machine list (search, filter, sort, pages) and the page of one machine.
 * The whole state of the list is in its address. */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "web/web_priv.h"

/* ---- the list's state, from and to its address ----------------------------
 */

struct state {
    const char *text, *category, *status, *acquisition, *warranty, *sort;
    bool descending;
    uint32_t page; /* from 1 */
};

static const char *given(struct web_request *r, const char *name)
{
    const char *v = r->query(r, name);

    return v && v[0] ? v : NULL;
}

static bool state_of(struct web_request *r, struct state *out, struct err *err)
{
    const char *page = given(r, "page"), *order = given(r, "order");
    struct state s = {
            .text = given(r, "q"),
            .category = given(r, "category"),
            .status = given(r, "status"),
            .acquisition = given(r, "acquisition"),
            .warranty = given(r, "warranty"),
            .sort = given(r, "sort"),
            .descending = order && !strcmp(order, "desc"),
            .page = 1};
    int64_t n;

    if (page && !num_parse_int(page, strlen(page), 1, 1000000, &n, err))
        return err_set(
                err, ERR_INVALID, "no page '%.80s', expected 1, 2, 3 ...",
                page);
    if (page)
        s.page = (uint32_t)n;
    *out = s;
    return true;
}

static void add(struct buf *b, const char *name, const char *value)
{
    if (!value)
        return;
    buf_char(b, strchr(buf_text(b), '?') ? '&' : '?');
    buf_printf(b, "%s=", name);
    web_url_part(b, value);
}

/* The address of a state; borrowed until the answer is sent. */
static const char *address(struct web_answer *a, const struct state *s)
{
    char page[16];
    struct buf b;
    const char *kept;

    buf_init(&b, 16384);
    buf_str(&b, "/machines");
    add(&b, "q", s->text);
    add(&b, "category", s->category);
    add(&b, "status", s->status);
    add(&b, "acquisition", s->acquisition);
    add(&b, "warranty", s->warranty);
    add(&b, "sort", s->sort);
    add(&b, "order", s->descending ? "desc" : NULL);
    snprintf(page, sizeof page, "%u", (unsigned)s->page);
    add(&b, "page", s->page > 1 ? page : NULL);
    kept = arena_str(&a->arena, buf_text(&b));
    buf_clear(&b);
    return kept;
}

/* A word that is none of ours is an error rather than a list of everything. */
static bool
query_of(const struct state *s, struct inv_query *q, struct err *err)
{
    enum calc_acquisition acquisition;
    enum calc_category category;
    enum calc_status status;

    *q = (struct inv_query){
            .text = s->text,
            .category = -1,
            .status = -1,
            .acquisition = -1,
            .site_id = -1,
            .warranty = -1,
            .sort = s->sort,
            .descending = s->descending,
            .limit = WEB_PAGE_ROWS,
            .offset = (s->page - 1) * WEB_PAGE_ROWS};
    if (s->category) {
        if (!calc_category_from(s->category, &category))
            return err_set(
                    err, ERR_INVALID, "no category '%.80s'", s->category);
        q->category = (int)category;
    }
    if (s->status) {
        if (!calc_status_from(s->status, &status))
            return err_set(err, ERR_INVALID, "no status '%.80s'", s->status);
        q->status = (int)status;
    }
    if (s->acquisition) {
        if (!calc_acquisition_from(s->acquisition, &acquisition))
            return err_set(
                    err, ERR_INVALID, "no acquisition '%.80s'", s->acquisition);
        q->acquisition = (int)acquisition;
    }
    if (s->warranty) {
        if (strcmp(s->warranty, "0") != 0 && strcmp(s->warranty, "1") != 0)
            return err_set(
                    err, ERR_INVALID, "no warranty '%.80s', expected 0 or 1",
                    s->warranty);
        q->warranty = s->warranty[0] == '1';
    }
    return date_today(&q->today, err);
}

/* ---- filters ----------------------------------------------------------------
 */

enum { MAX_CHOICES = 16, MAX_COLUMNS = 10 };

static void select_field(
        struct ui *u, const char *name, const char *label, const char *value,
        const char *group, const char *const *words, size_t n)
{
    struct ui_option options[MAX_CHOICES];

    options[0] = (struct ui_option){"", ui_t(u, T_FILTER_ANY)};
    for (size_t i = 0; i < n; i++)
        options[i + 1] =
                (struct ui_option){words[i], ui_of(u, group, words[i])};
    ui_field(
            u, &(struct ui_field){
                       .kind = UI_FIELD_SELECT,
                       .name = name,
                       .label = label,
                       .value = value ? value : "",
                       .options = options,
                       .n_options = n + 1});
}

/* What the form does not show goes along with it. */
static void kept_field(struct ui *u, const char *name, const char *value)
{
    if (value)
        ui_field(
                u,
                &(struct ui_field){
                        .kind = UI_FIELD_HIDDEN, .name = name, .value = value});
}

static void filters(struct ui *u, const struct state *s)
{
    const char *categories[CALC_CATEGORIES], *statuses[CALC_STATUSES],
            *acquisitions[CALC_ACQUISITION_UNKNOWN];

    for (int i = 0; i < CALC_CATEGORIES; i++)
        categories[i] = calc_category_word((enum calc_category)i);
    for (int i = 0; i < CALC_STATUSES; i++)
        statuses[i] = calc_status_word((enum calc_status)i);
    for (int i = 0; i < CALC_ACQUISITION_UNKNOWN; i++)
        acquisitions[i] = calc_acquisition_word((enum calc_acquisition)i);
    ui_form_begin(
            u, &(struct ui_form){
                       .kind = UI_FORM_FILTER,
                       .action = "/machines",
                       .label = ui_t(u, T_FILTERS)});
    ui_field(
            u, &(struct ui_field){
                       .kind = UI_FIELD_SEARCH,
                       .name = "q",
                       .label = ui_t(u, T_FILTER_TEXT),
                       .value = s->text ? s->text : ""});
    select_field(
            u, "category", ui_t(u, T_COL_CATEGORY), s->category, "category",
            categories, CALC_CATEGORIES);
    select_field(
            u, "status", ui_t(u, T_COL_STATUS), s->status, "status", statuses,
            CALC_STATUSES);
    select_field(
            u, "acquisition", ui_t(u, T_COL_ACQUISITION), s->acquisition,
            "acquisition", acquisitions, CALC_ACQUISITION_UNKNOWN);
    kept_field(u, "warranty", s->warranty);
    kept_field(u, "sort", s->sort);
    kept_field(u, "order", s->descending ? "desc" : NULL);
    ui_form_end(u, ui_t(u, T_APPLY));
}

static void chips(struct ui *u, struct web_answer *a, const struct state *s)
{
    struct state without;

    if (!s->text && !s->category && !s->status && !s->acquisition &&
        !s->warranty)
        return;
    ui_chips_begin(u, ui_t(u, T_FILTERS_IN_FORCE));
#define CHIP(field, shown)                                                     \
    if (s->field) {                                                            \
        without = *s;                                                          \
        without.field = NULL;                                                  \
        without.page = 1;                                                      \
        ui_chip(u, shown, address(a, &without));                               \
    }
    CHIP(text, s->text)
    CHIP(category, ui_of(u, "category", s->category))
    CHIP(status, ui_of(u, "status", s->status))
    CHIP(acquisition, ui_of(u, "acquisition", s->acquisition))
    CHIP(warranty, ui_t(u, s->warranty[0] == '1' ? T_FLEET_UNDER_WARRANTY
                                                 : T_FLEET_OUT_OF_WARRANTY))
#undef CHIP
    ui_chips_end(u);
}

/* ---- rows -------------------------------------------------------------------
 */

struct rows {
    struct arena arena;
    struct inv_row items[WEB_PAGE_ROWS];
    size_t n;
};

static bool keep_row(void *ctx, const struct inv_row *r, struct err *err)
{
    struct rows *rows = ctx;
    struct inv_row *k;

    (void)err;
    CHECK(rows->n < WEB_PAGE_ROWS);
    k = &rows->items[rows->n++];
    *k = *r;
    k->tag = arena_str(&rows->arena, r->tag);
    k->name = arena_str(&rows->arena, r->name);
    k->manufacturer = arena_str(&rows->arena, r->manufacturer);
    k->product = arena_str(&rows->arena, r->product);
    k->category = arena_str(&rows->arena, r->category);
    k->status = arena_str(&rows->arena, r->status);
    k->site = arena_str(&rows->arena, r->site);
    k->acquisition = arena_str(&rows->arena, r->acquisition);
    k->acquired_on = arena_str(&rows->arena, r->acquired_on);
    k->warranty_end = arena_str(&rows->arena, r->warranty_end);
    return true;
}

/* Columns that say nothing on this page are left out, but for the one that it
 * is sorted by. */
struct shown {
    bool name, model, units;
};

static bool has_name(const struct inv_row *r)
{
    return r->name && r->name[0] && strcmp(r->name, r->tag) != 0;
}

static bool has_model(const struct inv_row *r)
{
    return (r->manufacturer && r->manufacturer[0]) ||
           (r->product && r->product[0]);
}

static struct shown shown_of(const struct state *s, const struct rows *rows)
{
    struct shown shown = {
            .name = s->sort && !strcmp(s->sort, "name"),
            .model = s->sort && !strcmp(s->sort, "product")};

    for (size_t i = 0; i < rows->n; i++) {
        shown.name |= has_name(&rows->items[i]);
        shown.model |= has_model(&rows->items[i]);
        shown.units |= rows->items[i].units != 1;
    }
    return shown;
}

static void model_cell(struct ui *u, const struct inv_row *r)
{
    struct buf model;

    buf_init(&model, 1024);
    if (r->manufacturer)
        buf_str(&model, r->manufacturer);
    if (r->product && r->product[0]) {
        if (model.len)
            buf_char(&model, ' ');
        buf_str(&model, r->product);
    }
    ui_cell(u, buf_text(&model));
    buf_clear(&model);
}

static void
table_row(struct ui *u, const struct inv_row *r, const struct shown *shown)
{
    struct buf href;

    buf_init(&href, 3 * WEB_MAX_TARGET);
    buf_str(&href, "/machines/");
    web_url_part(&href, r->tag);
    ui_row(u);
    ui_cell_link(u, buf_text(&href), r->tag);
    buf_clear(&href);
    if (shown->name)
        ui_cell(u, has_name(r) ? r->name : NULL);
    if (shown->model)
        model_cell(u, r);
    ui_cell(u, r->category ? ui_of(u, "category", r->category) : NULL);
    ui_cell(u, r->status ? ui_of(u, "status", r->status) : NULL);
    ui_cell(u, r->acquisition ? ui_of(u, "acquisition", r->acquisition) : NULL);
    ui_cell(u, r->site);
    ui_cell(u, r->acquired_on);
    ui_cell(u, r->warranty_end);
    if (shown->units)
        ui_cell_count(u, r->units);
}

static const char *
sort_address(struct web_answer *a, const struct state *s, const char *column)
{
    bool same = s->sort ? !strcmp(s->sort, column) : !strcmp(column, "tag");
    struct state to = *s;

    to.sort = column;
    to.descending = same && !s->descending;
    to.page = 1;
    return address(a, &to);
}

static int sorted(const struct state *s, const char *column)
{
    if (strcmp(s->sort ? s->sort : "tag", column) != 0)
        return 0;
    return s->descending ? -1 : 1;
}

static struct ui_col
sorting(struct web_answer *a, const struct state *s, enum ui_word head,
        const char *word)
{
    return (struct ui_col){
            .head = head,
            .sort = sort_address(a, s, word),
            .sorted = sorted(s, word)};
}

static size_t
columns(struct web_answer *a, const struct state *s, const struct shown *shown,
        struct ui_col *cols)
{
    size_t n = 0;

    cols[n] = sorting(a, s, T_COL_TAG, "tag");
    cols[n++].kind = UI_COL_HEAD;
    if (shown->name)
        cols[n++] = sorting(a, s, T_COL_NAME, "name");
    if (shown->model)
        cols[n++] = sorting(a, s, T_COL_MODEL, "product");
    cols[n++] = sorting(a, s, T_COL_CATEGORY, "category");
    cols[n++] = sorting(a, s, T_COL_STATUS, "status");
    cols[n++] = (struct ui_col){.head = T_COL_ACQUISITION};
    cols[n++] = (struct ui_col){.head = T_COL_SITE};
    cols[n++] = sorting(a, s, T_COL_ACQUIRED, "acquired");
    cols[n++] = (struct ui_col){.head = T_COL_WARRANTY_END};
    if (shown->units)
        cols[n++] = (struct ui_col){.head = T_COL_UNITS, .kind = UI_COL_NUMBER};
    return n;
}

static void
table(struct ui *u, struct web_answer *a, const struct state *s,
      const struct rows *rows)
{
    const struct shown shown = shown_of(s, rows);
    struct ui_col cols[MAX_COLUMNS];
    size_t n = columns(a, s, &shown, cols);

    ui_table_begin(
            u,
            &(struct ui_table){
                    .caption = ui_t(u, T_LIST_CAPTION),
                    .cols = cols,
                    .n_cols = n,
                    .compact = true},
            rows->n);
    for (size_t i = 0; i < rows->n; i++)
        table_row(u, &rows->items[i], &shown);
    ui_table_end(u);
}

static void
pager(struct ui *u, struct web_answer *a, const struct state *s, size_t shown,
      uint64_t total)
{
    struct state to = *s;
    size_t first = (size_t)(s->page - 1) * WEB_PAGE_ROWS + 1;
    struct ui_pager p = {
            .first = first, .last = first + shown - 1, .total = (size_t)total};

    if (s->page > 1) {
        to.page = s->page - 1;
        p.prev_href = address(a, &to);
    }
    if (p.last < total) {
        to.page = s->page + 1;
        p.next_href = address(a, &to);
    }
    ui_pager(u, &p);
}

/* Nothing matches; where nothing could match, how to begin. */
static void nothing(struct ui *u, const struct inv_query *q)
{
    if (q->text || q->category >= 0 || q->status >= 0 || q->acquisition >= 0 ||
        q->warranty >= 0)
        ui_empty(
                u, ui_t(u, T_MACHINES_EMPTY), ui_t(u, T_MACHINES_EMPTY_TEXT),
                &(struct ui_link){"/machines", ui_t(u, T_CLEAR_FILTERS)}, 1);
    else
        web_teach(u);
}

/* Counting reads every line, showing a page does not: a count serves all pages
 * and orders of a list until the data change. */
static bool load_rows(
        struct web_request *r, const char *filter, const struct inv_query *q,
        struct rows *rows, uint64_t *total, struct err *err)
{
    struct web_state state;
    struct web_db db = {0};
    bool counted, ok;

    if (!web_count_find(r->pool, filter, &state, total, &counted, err))
        return false;
    ok = web_db_take(r->pool, &db, err) &&
         inv_list(db.db, q, keep_row, rows, counted ? NULL : total, err);
    web_db_give(r->pool, &db);
    if (!ok)
        return false;
    if (!counted)
        web_count_keep(r->pool, filter, &state, *total);
    if (rows->n || !q->offset)
        return true;
    return err_set(
            err, ERR_NOT_FOUND, "no page %u, the list ends at page %u",
            (unsigned)(q->offset / WEB_PAGE_ROWS + 1),
            (unsigned)((*total + WEB_PAGE_ROWS - 1) / WEB_PAGE_ROWS));
}

/* The filter alone, with the day that warranties depend on. */
static const char *filter_of(
        struct web_answer *a, const struct state *s, const struct inv_query *q)
{
    struct state filter = *s;
    char day[DATE_TEXT];

    filter.sort = NULL;
    filter.descending = false;
    filter.page = 1;
    return arena_printf(
            &a->arena, "%s %s", date_print(q->today, day), address(a, &filter));
}

bool web_machines(struct web_request *r, struct web_answer *a, struct err *err)
{
    struct rows *rows = xcalloc(1, sizeof *rows);
    struct state s = {0};
    struct inv_query q;
    struct web_page p;
    uint64_t total = 0;
    bool ok = false;

    if (!state_of(r, &s, err) || !query_of(&s, &q, err) ||
        !load_rows(r, filter_of(a, &s, &q), &q, rows, &total, err))
        goto done;
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = ui_word_text(r->lang, T_MACHINES_TITLE),
                    .current = "/machines",
                    .query = s.text,
                    .address = address(a, &s),
                    .wide = true});
    filters(&p.ui, &s);
    chips(&p.ui, a, &s);
    if (rows->n) {
        table(&p.ui, a, &s, rows);
        pager(&p.ui, a, &s, rows->n, total);
    } else {
        nothing(&p.ui, &q);
    }
    ok = web_page_end(&p, err);
done:
    arena_clear(&rows->arena);
    free(rows);
    return ok;
}

/* ---- one machine ------------------------------------------------------------
 */

static bool machine_page(
        struct web_request *r, struct web_answer *a,
        const struct rep_machine *m, struct err *err)
{
    const struct ui_link crumb = {
            "/machines", ui_word_text(r->lang, T_NAV_MACHINES)};
    struct web_page p;
    struct buf self;

    buf_init(&self, 3 * WEB_MAX_TARGET);
    buf_str(&self, "/machines/");
    web_url_part(&self, m->tag);
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = m->tag,
                    .current = "/machines",
                    .crumbs = &crumb,
                    .n_crumbs = 1,
                    .address = buf_text(&self)});
    buf_clear(&self);
    rep_machine_html_body(m, &p.ui);
    return web_page_end(&p, err);
}

bool web_machine(struct web_request *r, struct web_answer *a, struct err *err)
{
    struct rep_options o = {.rule = CALC_RESIDUAL_SL};
    struct rep_machine *m = NULL;
    struct web_db db = {0};
    bool ok = false;

    if (!date_today(&o.today, err) || !web_db_take(r->pool, &db, err))
        goto done;
    if (!rep_machine_make(db.db, web_pack_of(r), &o, r->rest, &m, err))
        goto done;
    ok = machine_page(r, a, m, err);
done:
    rep_machine_free(m);
    web_db_give(r->pool, &db);
    return ok;
}
