/* SPDX-License-Identifier: Apache-2.0
 * Slurm's nodes: the JSON of scontrol, slurmrestd and sinfo, and the text of
 * `scontrol show node`. Slurm has no disks and no serials, memory is what was
 * configured, and only the name joins a node to a machine. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/csv_priv.h"
#include "importers/json_priv.h"

enum {
    MANY_SOCKETS = 4, /* more with one core each were never described */
};

static const double NO_VAL = 4294967294.0; /* and the next is infinite */

/* One node, of either form. */
struct node {
    const char *name, *gres;
    double sockets, cores, memory_mib; /* cores of one socket */
    double boards, board_sockets;      /* of slurmd -C */
    bool has_gres;
};

struct slurm {
    struct imp_host host;
    struct imp_lines lines;
    uint64_t n;
    struct csv_tags names; /* of sinfo, which lists a node by partition */
};

/* ---- graphics cards ----------------------------------------------------- */

/* MIG cuts a card up: "1g.5gb", "a100_3g.20gb" are slices, not boards, and so
 * are those that a site calls "mig_24gb". */
static bool is_slice(const char *type)
{
    for (const char *p = type; (p = strstr(p, "mig")) != NULL; p++)
        if ((p == type || !isalnum((unsigned char)p[-1])) &&
            !isalpha((unsigned char)p[3]))
            return true;
    for (const char *p = type; (p = strstr(p, "g.")) != NULL; p++)
        if (p > type && p[-1] >= '1' && p[-1] <= '9' && strstr(p, "gb"))
            return true;
    return false;
}

/* Slurm counts devices, and each die of these boards is one [D: also where a
 * site gave a number without naming device files]. */
static int dies_of(const char *type)
{
    static const char *const two[] = {"mi250", "k80", "m60", NULL};

    for (size_t i = 0; two[i]; i++)
        if (imp_has(type, two[i]))
            return 2;
    return 1;
}

static double boards_of(struct imp_host *h, const char *type, double n)
{
    int dies = dies_of(type);
    double boards = ceil(n / dies);

    if (dies > 1 && n > 1)
        imp_host_warn(
                h, "%g GPUs of type '%.60s' are taken as %g boards of %d", n,
                type, boards, dies);
    return boards;
}

/* "gpu:a100:4(S:0-1)", "gpu:2", "gpu:tesla:1(IDX:0)"; other kinds are none. */
static void one_gres(struct imp_host *h, char *text)
{
    char *end = text + strcspn(text, "("), *type, *number;
    double n = 1;

    *end = '\0';
    if (strncmp(text, "gpu", 3) != 0 || (text[3] != ':' && text[3]))
        return;
    type = text[3] ? text + 4 : end;
    number = strrchr(type, ':');
    if (number) {
        *number++ = '\0';
        n = imp_number(number);
    } else if (type[strspn(type, "0123456789")] == '\0' && *type) {
        n = imp_number(type);
        type = end;
    }
    type[strcspn(type, ":")] = '\0'; /* "a100:no_consume" */
    if (strcmp(type, "no_consume") == 0)
        type = end;
    if (is_slice(type)) {
        imp_host_warn(
                h,
                "'%.60s' are slices of a card, their number of cards is "
                "unknown",
                type);
        h->seen &= ~(1u << CALC_GPU);
        h->m.open_kinds |= 1u << CALC_GPU;
        return;
    }
    if (imp_host_within(h, "gres", n, 1024, "expected 0 to 1024 cards") &&
        n >= 1)
        imp_host_part(
                h, CALC_GPU, *type ? type : NULL, NULL,
                (uint32_t)boards_of(h, type, n), NAN);
}

/* Commas inside "(IDX:0,2)" separate nothing. */
static void read_gres(struct imp_host *h, const char *gres)
{
    char *copy = arena_str(&h->arena, gres), *from = copy;
    int depth = 0;

    h->seen |= 1u << CALC_GPU;
    for (char *p = copy;; p++) {
        char c = *p;

        depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
        if ((c == ',' && depth == 0) || !c) {
            *p = '\0';
            one_gres(h, from);
            from = p + 1;
        }
        if (!c)
            return;
    }
}

/* ---- nodes -------------------------------------------------------------- */

/* Unset values are the last of 32 or of 64 bits. */
static bool unset(double v)
{
    return fabs(v - NO_VAL) <= 1 || fabs(v / 18446744073709551614.0 - 1) < 1e-9;
}

static bool
known(struct imp_host *h, const char *what, double v, double max,
      const char *rule)
{
    return !unset(v) && imp_host_within(h, what, v, max, rule) && v >= 1;
}

/* Of a node whose CPUs are all that was configured Slurm makes as many
 * sockets of one core, and of one that was only named, as those of a cloud
 * are until they are first started, one of one core and 1 MiB: neither is
 * known then. */
static void read_cpus(struct imp_host *h, const struct node *n)
{
    int cores = known(h, "cores", n->cores, 4096, "expected 0 to 4096")
                        ? (int)n->cores
                        : -1;

    if (!known(h, "sockets", n->sockets, WIRE_MAX_SOCKETS,
               "expected 0 to 1024"))
        return;
    if (n->sockets > MANY_SOCKETS && cores == 1)
        imp_host_warn(
                h,
                "%g sockets of one core: the node's layout was never "
                "configured, its processors are taken as unknown",
                n->sockets);
    else if (n->sockets <= 1 && cores == 1 && n->memory_mib <= 1)
        imp_host_warn(
                h, "one core and no memory: nobody described the node, its "
                   "processors are taken as unknown");
    else
        imp_host_cpu(h, NULL, (uint32_t)n->sockets, cores);
}

static bool take(struct slurm *s, const struct node *n, struct err *err)
{
    struct imp_host *h = &s->host;

    h->m.partial = true;
    h->m.name = imp_host_text(h, "name", n->name);
    if (!h->m.name)
        return imp_host_refuse(
                h, "name", n->name, "a node without a name", err);
    if (strpbrk(h->m.name, "[,"))
        return imp_host_refuse(
                h, "name", h->m.name,
                "a list of nodes, expected one; run scontrol show node", err);
    read_cpus(h, n);
    if (known(h, "real_memory", n->memory_mib, 1e9,
              "expected 0 to 1000000000 MiB") &&
        n->memory_mib > 1) /* 1 is what an unset RealMemory= reads as */
        imp_host_memory(h, n->memory_mib / 1024);
    if (n->has_gres)
        read_gres(h, n->gres ? n->gres : "");
    h->m.has_category = true; /* nobody schedules jobs on a laptop [D] */
    h->m.category =
            (h->m.open_kinds >> CALC_GPU) & 1 ? CALC_GPU_NODE : CALC_SERVER;
    for (size_t i = 0; i < h->n_parts; i++)
        if (h->parts[i].kind == CALC_GPU)
            h->m.category = CALC_GPU_NODE;
    return imp_host_deliver(h, err);
}

/* ---- JSON --------------------------------------------------------------- */

/* A number, or {"set": true, "infinite": false, "number": 36}. */
static double number_of(const cJSON *node, const char *key)
{
    const cJSON *v = imp_at(node, key);
    double n;

    if (!cJSON_IsObject(v))
        return imp_num(v, "");
    if (!imp_true(v, "set") || imp_true(v, "infinite"))
        return NAN;
    n = imp_num(v, "number");
    return unset(n) ? NAN : n;
}

/* Text, or from some versions on a list of texts. */
static const char *gres_of(struct imp_host *h, const cJSON *v)
{
    const cJSON *item;
    char *all = arena_str(&h->arena, "");

    if (!cJSON_IsArray(v))
        return imp_raw(h, v, "");
    cJSON_ArrayForEach(item, v)
    {
        if (cJSON_IsString(item))
            all = arena_printf(
                    &h->arena, "%s%s%s", all, *all ? "," : "",
                    item->valuestring);
    }
    return all;
}

/* {"minimum": 2, "maximum": 2} of the nodes that a row of sinfo sums up; NAN
 * when they differ. */
static double same_of(const cJSON *v, const char *key)
{
    const cJSON *range = imp_at(v, key);
    double least = imp_num(range, "minimum"), most = imp_num(range, "maximum");

    return least < most || least > most ? NAN : least;
}

static bool differ(const cJSON *v)
{
    static const char *const ranges[] = {"sockets", "cores", "memory", NULL};

    for (size_t i = 0; ranges[i]; i++)
        if (isnan(same_of(v, ranges[i])) &&
            !isnan(imp_num(imp_at(v, ranges[i]), "minimum")))
            return true;
    return false;
}

/* A row of sinfo: nodes of a partition in one state, by their names. */
static bool
on_sinfo(struct slurm *s, const struct json_record *r, struct err *err)
{
    struct imp_host *h = &s->host;
    const cJSON *name, *v = r->value;
    bool warned = false;

    cJSON_ArrayForEach(name, imp_at(v, "nodes/nodes"))
    {
        struct node n = {
                .name = imp_raw(h, name, ""),
                .sockets = same_of(v, "sockets"),
                .cores = same_of(v, "cores"),
                .memory_mib = same_of(v, "memory"),
                .boards = NAN,
                .board_sockets = NAN,
                .has_gres = imp_at(v, "gres/total") != NULL};

        if (n.name && csv_tag_line(&s->names, n.name, r->index))
            continue;
        imp_host_begin(h, r->index);
        if (differ(v) && !warned)
            imp_host_warn(
                    h, "the nodes of this row differ and sinfo gives their "
                       "ranges alone, the rest is unknown; run sinfo -N "
                       "--json");
        warned = true;
        n.name = imp_raw(h, name, "");
        n.gres = imp_raw(h, v, "gres/total");
        if (!take(s, &n, err))
            return false;
    }
    return true;
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct slurm *s = ctx;
    struct imp_host *h = &s->host;
    const cJSON *v = r->value;
    struct node n;

    imp_host_begin(h, r->index);
    if (!v)
        return imp_refuse_record(h, r, err);
    if (cJSON_IsArray(imp_at(v, "nodes/nodes")))
        return on_sinfo(s, r, err);
    if (!imp_at(v, "name") && !imp_at(v, "hostname"))
        return imp_host_refuse(
                h, "name", NULL, "not a node, expected an object with name",
                err);
    n = (struct node){
            .name = imp_raw(h, v, "name"),
            .sockets = number_of(v, "sockets"),
            .cores = number_of(v, "cores"),
            .memory_mib = number_of(v, "real_memory"),
            .gres = gres_of(h, imp_at(v, "gres")),
            .has_gres = imp_at(v, "gres") != NULL};
    if (!n.name)
        n.name = imp_raw(h, v, "hostname");
    return take(s, &n, err);
}

/* `named`: an object of nodes by their names, as pyslurm gives them. */
static bool
read_json(struct slurm *s, const char *path, bool named, struct err *err)
{
    static const char *const lists[] = {"nodes", "sinfo", NULL};
    struct json_cut cut = {
            .lists = named ? NULL : lists,
            .members = named,
            .record = on_record,
            .ctx = s};

    if (!imp_json_cut(&s->host, path, &cut, err))
        return false;
    if (cut.count == 0)
        imp_host_warn(&s->host, "no nodes in the file");
    return true;
}

/* ---- text --------------------------------------------------------------- */

struct text_node {
    struct node n;
    bool open;
};

static bool end_node(struct slurm *s, struct text_node *t, struct err *err)
{
    if (!t->open)
        return true;
    t->open = false;
    if (isnan(t->n.sockets) && !isnan(t->n.board_sockets))
        t->n.sockets =
                t->n.board_sockets *
                (t->n.boards >= 1 && !unset(t->n.boards) ? t->n.boards : 1);
    return take(s, &t->n, err);
}

static bool no_text(const char *v)
{
    return strcmp(v, "(null)") == 0 || strcmp(v, "N/A") == 0;
}

/* The first of a key wins: a reason may hold any words. */
static bool
on_pair(struct slurm *s, struct text_node *t, const char *key, const char *v,
        struct err *err)
{
    const struct {
        const char *key;
        double *to;
    } numbers[] = {
            {"Sockets", &t->n.sockets},
            {"CoresPerSocket", &t->n.cores},
            {"Boards", &t->n.boards},
            {"SocketsPerBoard", &t->n.board_sockets},
            {"RealMemory", &t->n.memory_mib},
    };

    if (strcmp(key, "NodeName") == 0) {
        if (!end_node(s, t, err))
            return false;
        imp_host_begin(&s->host, ++s->n);
        *t = (struct text_node){
                .open = true,
                .n = {.name = arena_str(&s->host.arena, v),
                      .sockets = NAN,
                      .cores = NAN,
                      .boards = NAN,
                      .board_sockets = NAN,
                      .memory_mib = NAN}};
        return true;
    }
    if (t->open && strcmp(key, "Gres") == 0 && !t->n.has_gres) {
        t->n.has_gres = true;
        t->n.gres = no_text(v) ? NULL : arena_str(&s->host.arena, v);
    }
    for (size_t i = 0; t->open && i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(key, numbers[i].key) == 0 && isnan(*numbers[i].to))
            *numbers[i].to = imp_number(v);
    return true;
}

/* Words "Key=value" with blanks between; a value that has blanks itself is of
 * no interest here. Only a line's first word starts a node: reasons quote. */
static bool
on_line(struct slurm *s, struct text_node *t, char *line, struct err *err)
{
    char *rest = line;
    bool first = true;

    while (*rest) {
        char *word = rest + strspn(rest, " \t"), *equals;

        rest = word + strcspn(word, " \t");
        if (*rest)
            *rest++ = '\0';
        equals = strchr(word, '=');
        if (!equals)
            continue;
        *equals = '\0';
        if (strcmp(word, "NodeName") == 0 && !first)
            continue;
        first = false;
        if (!on_pair(s, t, word, equals + 1, err))
            return false;
    }
    return true;
}

static bool read_text(struct slurm *s, const char *path, struct err *err)
{
    struct text_node t = {0};
    struct arena words = {0};
    FILE *in = NULL;
    const char *line;
    bool ok = false;

    if (!file_open(path, &in, err))
        return false;
    imp_lines_open(&s->lines, in);
    for (;;) {
        if (!imp_lines_next(&s->lines, &line, err))
            goto done;
        if (!line)
            break;
        arena_reset(&words);
        if (!on_line(s, &t, arena_str(&words, line), err))
            goto done;
    }
    ok = end_node(s, &t, err);
    if (ok && s->n == 0)
        ok = err_set(
                err, ERR_INVALID,
                "no line starts with NodeName=, expected the text of scontrol "
                "show node");
done:
    if (!ok)
        err_in(err, "%s", s->host.file);
    imp_lines_close(&s->lines);
    arena_clear(&words);
    if (in != stdin)
        fclose(in);
    return ok;
}

/* ---- the format --------------------------------------------------------- */

/* A node of its own line, not one that a comment or a YAML text quotes: no
 * JSON has such a line, though a shell's prompt before it may be "[user@". */
static bool starts_node(const char *head, size_t len)
{
    const char *p = head, *end = head + len;
    size_t n = strlen("NodeName=");

    for (; p && p < end; p = memchr(p, '\n', (size_t)(end - p))) {
        p += text_blank_start(p, (size_t)(end - p));
        if ((size_t)(end - p) > n && memcmp(p, "NodeName=", n) == 0)
            return true;
    }
    return false;
}

static bool look(const char *path, bool *json, bool *named, struct err *err)
{
    char *head;
    FILE *in;
    size_t n;

    if (!file_open(path, &in, err))
        return false;
    head = xmalloc(IMP_HEAD);
    n = fread(head, 1, IMP_HEAD, in);
    *json = (imp_head_json(head, n) && !starts_node(head, n)) ||
            (n >= 3 && (memcmp(head, "\xFF\xFE{", 3) == 0 ||
                        memcmp(head, "\xFF\xFE[", 3) == 0));
    *named = imp_head_first(head, n) == '{' &&
             !imp_head_has(head, n, "\"nodes\"");
    free(head);
    if (in != stdin)
        fclose(in);
    else
        rewind(in);
    return true;
}

static bool
slurm_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct slurm *s = xcalloc(1, sizeof *s);
    bool json = true, named = false, ok;

    imp_host_open(&s->host, sink, path);
    ok = look(path, &json, &named, err) &&
         (json ? read_json(s, path, named, err) : read_text(s, path, err));
    imp_host_close(&s->host);
    csv_tags_clear(&s->names);
    free(s);
    return ok;
}

static int slurm_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"real_memory\"",
            "\"slurmd_version\"",
            "\"gres_used\"",
            "\"tres_used\"",
            "\"cpu_binding\"",
            "\"alloc_cpus\"",
            "\"mcs_label\"",
            "\"sockets\"",
            "\"cores\"",
            "\"gres\"",
            NULL};

    (void)file_name;
    if (imp_head_json(head, len) && !starts_node(head, len)) {
        if (imp_head_count(head, len, words) < 2)
            return imp_head_no_list(head, len, "\"nodes\"") ? 45 : 0;
        return imp_head_has(head, len, "\"nodes\"") ? 90 : 60;
    }
    return starts_node(head, len) &&
                           (imp_head_has(head, len, "CoresPerSocket=") ||
                            imp_head_has(head, len, "RealMemory="))
                   ? 90
                   : 0;
}

const struct imp_format imp_slurm = {
        .name = "slurm-nodes",
        .what = "Slurm nodes: scontrol show node as JSON or text, sinfo as "
                "JSON",
        .recognise = slurm_recognise,
        .read = slurm_read,
};
