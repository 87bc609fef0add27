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
    WEB_MAX_TARGET = 4096,              /* path and query, as sent */
    WEB_MAX_BODY = 8 * 1024 * 1024,     /* OPERATIONS 1 row 8 */
    WEB_MAX_ANSWER = 256 * 1024 * 1024, /* a report of very many machines */
    WEB_PAGE_ROWS = 100,
};

struct web_pool;   /* pool.c */
struct web_ingest; /* ingest.c */
struct web_job;
struct web_rate; /* rate.c */
struct sockaddr;

enum {
    WEB_FROM = 16,  /* bytes that stand for an address */
    WEB_PER_S = 100 /* requests of one address, where they are limited */
};

/* Its texts are borrowed from the connection until the answer is queued. */
struct web_request {
    const char *method; /* as sent; HEAD is answered as GET */
    const char *path;   /* decoded, UTF-8 */
    /* Value (a query's decoded, UTF-8), NULL when absent. */
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
    struct web_pack *factors;
    struct web_ingest *ingest;
    struct web_rate *rate;        /* of anonymous requests */
    unsigned char from[WEB_FROM]; /* the client's address */
    struct web_job *job; /* set by a handler whose answer comes from the writer
                            later; the server's then */
};

/* Texts are fixed, or in the arena. Those that become headers hold nothing
 * that came from outside but in percent-encoding. */
struct web_answer {
    int status;
    const char *route;    /* pattern that matched, for the log */
    const char *type;     /* Content-Type */
    const char *location; /* redirect target; NULL none */
    const char *allow;    /* of a 405 */
    const char *download; /* file name to save as; NULL shows it */
    const char *etag;     /* of a fixed asset, with its quotes; NULL none */
    const char *title;    /* of a problem, in place of its code's word; NULL */
    unsigned retry_s;     /* Retry-After; 0 none */
    bool quiet;           /* not worth a line in the log */
    bool last;            /* the connection ends with it */
    struct buf body;
    struct arena arena;
};

/* ---- routes.c ------------------------------------------------------------ */

/* Answers any request; failures become pages or problem+json. */
void web_answer(struct web_request *r, struct web_answer *a);
/* Answers with a refusal that the server decided on. */
void web_refuse(
        struct web_request *r, struct web_answer *a, int status,
        const char *why);
/* Counts readings refused by their headers or size, where nothing else does. */
void web_count_unread(struct web_request *r, int status);
/* Whether a body sent there is read at all. */
bool web_takes_body(const char *method, const char *path);
/* Before a body is read, from the headers: 0, or the status that it is refused
 * with, and why. */
int web_gate(struct web_request *r, const char **why);
/* Fills the answer with a failure of an API: status, problem+json. */
void web_problem(struct web_answer *a, const struct err *err);
/* The answer of a job that the writer is done with. */
void web_answer_job(
        struct web_request *r, struct web_answer *a, struct web_job *job);

/* A handler fills the answer; false: err says why, and its code the status. */
typedef bool
web_handler(struct web_request *r, struct web_answer *a, struct err *err);
web_handler web_dashboard, web_machines, web_machine, web_energy_page,
        web_reports, web_report, web_factors, web_static, web_livez, web_readyz,
        web_estimate, web_energy, web_otlp, web_enrol, web_metrics;

/* ---- gate.c: tokens -------------------------------------------------------
 */

/* 0 when the request has a token of that kind that holds, else the status. The
 * writer asks once more, in its transaction. */
int web_token_gate(struct web_request *r, int kind, const char **why);
/* The same with the headers of a body of readings: 415. */
int web_feed_gate(struct web_request *r, int kind, const char **why);
/* "Bearer TOKEN" of good shape, or NULL. */
const char *web_bearer(const struct web_request *r);

double web_now_s(void); /* monotonic; ingest.c */

/* ---- rate.c ----------------------------------------------------------------
 */

enum web_rate_use { WEB_RATE_ESTIMATE, WEB_RATE_FAILED };
struct web_rate *web_rate_new(double per_s);
void web_rate_free(struct web_rate *r);
void web_rate_from(
        const struct sockaddr *address, unsigned char out[static WEB_FROM]);
/* False: too many in this second. count: this is one of them. */
bool web_rate_take(
        struct web_rate *r, const unsigned char from[static WEB_FROM],
        enum web_rate_use use, bool count);

/* ---- target.c: what a client asks for, before anything is decoded -------- */

/* NULL, or why "/path?query" of at most WEB_MAX_TARGET bytes is refused: a
 * broken percent sign, an encoded NUL or control character, bad UTF-8. */
const char *web_target_fault(const char *target);
/* Percent-encodes everything but letters, digits and "-_.~". */
void web_url_part(struct buf *b, const char *text);
/* The same but for '/', which stays: a whole path. */
void web_url_path(struct buf *b, const char *path);

/* ---- listen.c ------------------------------------------------------------ */

struct sockaddr_storage;
/* "127.0.0.1:8420", "localhost:8420", "[::1]:8420"; ERR_INVALID. */
bool web_parse_listen(
        const char *text, struct sockaddr_storage *out, struct err *err);
bool web_is_loopback(const struct sockaddr_storage *a);

/* ---- pages.c: the frame of every page ------------------------------------ */

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
/* What an empty installation shows: the three ways to fill it. */
void web_teach(struct ui *u);
/* The page of an error, in the reader's language. */
void web_error_page(
        struct web_request *r, struct web_answer *a, const struct err *err);

/* ---- pool.c: database connections ---------------------------------------- */

/* Reads the factors once. */
bool web_pool_new(
        const char *db_path, web_load *load, void *load_ctx,
        struct web_pool **out, struct err *err);
void web_pool_free(struct web_pool *p);
const char *web_pool_path(const struct web_pool *p); /* of the database */
/* A read-only connection in a read transaction; give it back. Any failure is
 * ERR_DB: that the file is not there is no fault of the reader. */
struct web_db {
    struct db *db;
    uint64_t file; /* which file it has open: it may be replaced by another */
};
bool web_db_take(struct web_pool *p, struct web_db *out, struct err *err);
void web_db_give(struct web_pool *p, struct web_db *db);

/* The factors as they are now; give them back. Never NULL: where they cannot be
 * read again the last ones stay. */
struct web_pack;
struct web_pack *web_pack_take(struct web_pool *p);
void web_pack_give(struct web_pool *p, struct web_pack *w);
struct fac_pack *web_pack_of(const struct web_request *r);

/* A state of the data: which file is there, and its version. */
struct web_state {
    uint64_t file;
    int64_t version;
};
/* How many lines match a filter, when it has been counted in the present
 * state; else *found is false, and the count is kept by the second. */
bool web_count_find(
        struct web_pool *p, const char *filter, struct web_state *state,
        uint64_t *total, bool *found, struct err *err);
void web_count_keep(
        struct web_pool *p, const char *filter, const struct web_state *state,
        uint64_t total);

/* ---- years.c: finished documents ----------------------------------------- */

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
