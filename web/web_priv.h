/* SPDX-License-Identifier: Apache-2.0
 * What the files of the site share: a request, an answer, the pages' context.
 * Nothing here knows libmicrohttpd: server.c alone does. */
#ifndef WEB_WEB_PRIV_H
#define WEB_WEB_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "reports/reports.h"
#include "store/store.h"
#include "ui/ui.h"
#include "web/web.h"

enum {
    WEB_MAX_BODY = 8 * 1024 * 1024,     /* OPERATIONS 1 row 8 */
    WEB_MAX_ANSWER = 256 * 1024 * 1024, /* a report of very many machines */
    WEB_PAGE_ROWS = 100,
};

struct web_pool; /* pool.c */

struct web_request {
    const char *method; /* GET or POST; HEAD is answered as GET */
    const char *path;   /* decoded, begins with '/' */
    /* Query value (decoded, UTF-8), NULL when absent. */
    const char *(*query)(const struct web_request *r, const char *name);
    const char *(*header)(const struct web_request *r, const char *name);
    const char *(*cookie)(const struct web_request *r, const char *name);
    void *server; /* for the three above */
    const char *body;
    size_t body_len;
    const char *rest; /* path after the route's prefix */
    enum ui_lang lang;
    enum ui_theme theme;
    struct web_pool *pool;
    struct fac_pack *pack;
};

struct web_answer {
    int status;
    const char *type;     /* Content-Type */
    const char *location; /* redirect target; NULL none */
    const char *allow;    /* of a 405 */
    const char *download; /* file name to save as; NULL shows it */
    bool cache;           /* a fixed asset: may be kept for a day */
    struct buf body;
    struct arena arena; /* texts above */
};

/* ---- routes.c ------------------------------------------------------------ */

/* Answers any request; failures become pages or problem+json. */
void web_answer(struct web_request *r, struct web_answer *a);

/* A handler fills the answer; false: err says why, and its code the status. */
typedef bool
web_handler(struct web_request *r, struct web_answer *a, struct err *err);
web_handler web_dashboard, web_machines, web_machine, web_reports, web_report,
        web_factors, web_static, web_livez, web_readyz, web_estimate;

/* ---- pages.c: the frame of every page -------------------------------------
 */

struct web_page {
    struct ui ui;
    struct out out;
};
struct web_frame {
    const char *title, *lead;
    const char *current; /* nav entry: "/", "/machines", ... */
    const struct ui_link *crumbs;
    size_t n_crumbs;
    const struct ui_link *action;
    const char *query;   /* content of the search field */
    const char *address; /* own address with its query */
    bool wide;
};
void web_page_begin(
        struct web_page *p, struct web_request *r, struct web_answer *a,
        const struct web_frame *f);
bool web_page_end(struct web_page *p, struct err *err);
/* After a failure half-way: drops what was written. */
void web_page_drop(struct web_page *p, struct web_answer *a);
/* The page of an error, in the reader's language. */
void web_error_page(
        struct web_request *r, struct web_answer *a, const struct err *err);
/* Percent-encodes everything but letters, digits and "-_.~". */
void web_url_part(struct buf *b, const char *text);

/* ---- pool.c: database connections and finished years ----------------------
 */

struct web_pool *web_pool_new(const char *db_path, struct fac_pack *pack);
void web_pool_free(struct web_pool *p);
/* A read-only connection in a read transaction; give it back. */
bool web_db_take(struct web_pool *p, struct db **out, struct err *err);
void web_db_give(struct web_pool *p, struct db *db);
/* The year's document (0: the fleet as of today), computed once for a state of
 * the database and a day; give it back. */
struct web_year {
    const struct rep_year *year;
    struct rep_options options;
    struct web_year_entry *entry;
};
bool web_year_take(
        struct web_pool *p, int year, struct web_year *out, struct err *err);
void web_year_give(struct web_pool *p, struct web_year *y);

#endif
