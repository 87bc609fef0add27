/* SPDX-License-Identifier: Apache-2.0
 * Settings: one table for the file, the command line and the help. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/num.h"
#include "base/text.h"

#define DEFAULT_FILE "/etc/fleetprint/agent.conf"
#define DEFAULT_TOKEN "/etc/fleetprint/token"
#define DEFAULT_SPOOL "/var/lib/fleetprint-agent"
#define DISKLESS_SPOOL "/run/fleetprint-agent"

enum {
    FILE_MAX = 64 * 1024,
    NODE_MAX = 120,
    SPOOL_LEAST = 64 * 1024,
};

enum setting_kind { TEXT, DURATION, BYTES, NUMBER, COUNT, FLAG, SWITCH };

#define AT(field) offsetof(struct ag_config, field)
static const struct setting {
    const char *key; /* '-' in place of '_' on the command line */
    enum setting_kind kind;
    bool args_only;
    size_t at;
    double least, most; /* of a number */
    const char *value, *help;
} settings[] = {
        {"server", TEXT, false, AT(server), 0, 0, "URL",
         "server to push to: https://host:8420"},
        {"token_file", TEXT, false, AT(token_file), 0, 0, "FILE",
         "this node's token (" DEFAULT_TOKEN ")"},
        {"enrol_file", TEXT, false, AT(enrol_file), 0, 0, "FILE",
         "the site's enrolment key: draw a token and ask to be let in"},
        {"node", TEXT, false, AT(node), 0, 0, "NAME",
         "name to enrol under (the host's)"},
        {"diskless", FLAG, false, AT(diskless), 0, 0, "yes|no",
         "derive the token, spool in " DISKLESS_SPOOL},
        {"ca_file", TEXT, false, AT(ca_file), 0, 0, "FILE",
         "certificates to trust in place of the system's (PEM)"},
        {"allow_http", FLAG, false, AT(allow_http), 0, 0, "yes|no",
         "send the token in clear over a network"},
        {"interval", DURATION, false, AT(interval_ns), 0, 0, "TIME",
         "between samples, 1ms to 1h (10s)"},
        {"batch", DURATION, false, AT(batch_ns), 0, 0, "TIME",
         "between pushes (1min)"},
        {"spool", TEXT, false, AT(spool), 0, 0, "DIR",
         "what waits for the server (" DEFAULT_SPOOL ")"},
        {"spool_max", BYTES, false, AT(spool_max), 0, 0, "SIZE",
         "of the spool: when it is full the oldest are kept (64M)"},
        {"nvml", TEXT, false, AT(nvml), 0, 0, "FILE|no",
         "NVIDIA's library (libnvidia-ml.so.1)"},
        {"ipmi", FLAG, false, AT(ipmi), 0, 0, "yes|no",
         "ask the BMC for the node's power (yes)"},
        {"model", FLAG, false, AT(model), 0, 0, "yes|no",
         "model what no counter measures (yes)"},
        {"grid_g", NUMBER, false, AT(grid_g), 0, 2000, "G",
         "g CO2e/kWh of the site's electricity, for `run`"},
        {"pue", NUMBER, false, AT(pue), 1, 10, "X",
         "of the site, for `run` (1)"},
        {"sysroot", TEXT, true, AT(sysroot), 0, 0, "DIR",
         "read the /sys, /proc and /dev of another tree"},
        {"count", COUNT, true, AT(count), 1, 1000000, "N", "rounds of `watch`"},
        {"json", SWITCH, true, AT(json), 0, 0, NULL, "write JSON"},
        {"csv", SWITCH, true, AT(csv), 0, 0, NULL, "write CSV (`run`)"},
        {"output", TEXT, true, AT(out), 0, 0, "FILE",
         "write data there (also -o)"},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

void ag_config_init(struct ag_config *c)
{
    *c = (struct ag_config){
            .sysroot = "",
            .nvml = "",
            .interval_ns = 0, /* 10 s, 1 s for watch, 100 ms for run */
            .batch_ns = INT64_C(60000000000),
            .spool_max = INT64_C(64) << 20,
            .grid_g = NAN,
            .pue = 1,
            .ipmi = true,
            .model = true};
}

void ag_config_clear(struct ag_config *c)
{
    arena_clear(&c->text);
    *c = (struct ag_config){0};
}

/* A number and the unit behind it: text "1.5h" gives 1.5 and "h". */
static bool split(const char *text, double *n, const char **unit)
{
    size_t digits = strspn(text, "0123456789.");

    *unit = text + digits + strspn(text + digits, " ");
    return num_parse(text, digits, NUM_POINT, n, NULL);
}

bool ag_duration(const char *text, int64_t *ns, struct err *err)
{
    static const struct {
        const char *word;
        double ns;
    } units[] = {
            {"ms", 1e6}, {"s", 1e9},    {"min", 60e9},
            {"m", 60e9}, {"h", 3600e9}, {"", 1e9},
    };
    const char *unit;
    double n;

    if (split(text, &n, &unit))
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (strcmp(unit, units[i].word) == 0) {
                if (n * units[i].ns < 1e6 || n * units[i].ns > 3600e9)
                    break;
                *ns = (int64_t)llrint(n * units[i].ns);
                return true;
            }
    return err_set(err, ERR_INVALID, "'%.40s' is no time from 1ms to 1h", text);
}

static bool bytes(const char *text, int64_t *out, struct err *err)
{
    static const char *const words[] = {"", "K", "M", "G"};
    const char *unit;
    double n, scale = 1;

    if (split(text, &n, &unit))
        for (size_t i = 0; i < sizeof words / sizeof *words; i++, scale *= 1024)
            if (strcmp(unit, words[i]) == 0 && n * scale >= SPOOL_LEAST &&
                n * scale <= 1e12) {
                *out = (int64_t)(n * scale);
                return true;
            }
    return err_set(
            err, ERR_INVALID, "'%.40s' is no size from 64K to 900G", text);
}

static bool flag(const char *text, bool *out, struct err *err)
{
    *out = strcmp(text, "yes") == 0;
    return *out || strcmp(text, "no") == 0 ||
           err_set(err, ERR_INVALID, "'%.40s' is neither yes nor no", text);
}

static bool
number(const struct setting *s, const char *text, double *out, struct err *err)
{
    double n;

    if (!num_parse(text, strlen(text), NUM_POINT, &n, NULL) || n < s->least ||
        n > s->most)
        return err_set(
                err, ERR_INVALID, "'%.40s' is no number from %g to %g", text,
                s->least, s->most);
    *out = n;
    return true;
}

static bool
set(struct ag_config *c, const struct setting *s, const char *value,
    struct err *err)
{
    char *place = (char *)c + s->at;
    struct err why = {0};
    bool ok = false;

    switch (s->kind) {
    case TEXT:
        ok = value[0] != '\0' || err_set(&why, ERR_INVALID, "expected a value");
        if (ok)
            *(const char **)(void *)place = arena_str(&c->text, value);
        break;
    case DURATION:
        ok = ag_duration(value, (int64_t *)(void *)place, &why);
        break;
    case BYTES:
        ok = bytes(value, (int64_t *)(void *)place, &why);
        break;
    case NUMBER:
        ok = number(s, value, (double *)(void *)place, &why);
        break;
    case COUNT:
        ok = num_parse_int(
                value, strlen(value), (int64_t)s->least, (int64_t)s->most,
                (int64_t *)(void *)place, &why);
        break;
    case FLAG:
        ok = flag(value, (bool *)place, &why);
        break;
    case SWITCH:
        ok = *(bool *)place = true;
        break;
    }
    return ok || err_set(err, ERR_INVALID, "%s: %s", s->key, why.msg);
}

/* The setting of a key, '-' and '_' alike; NULL none. */
static const struct setting *find(const char *key)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *a = settings[i].key, *b = key;

        while (*a && (*a == *b || (*a == '_' && *b == '-')))
            a++, b++;
        if (!*a && !*b)
            return &settings[i];
    }
    return NULL;
}

bool ag_config_set(
        struct ag_config *c, const char *key, const char *value,
        struct err *err)
{
    const struct setting *s = find(key);

    if (!s)
        return err_set(err, ERR_INVALID, "no setting '%.40s'", key);
    return set(c, s, value, err);
}

static bool
line_read(struct ag_config *c, const char *line, size_t len, struct err *err)
{
    char key[64], value[AG_PATH];
    const char *equals = memchr(line, '=', len);
    const struct setting *s;
    size_t n;

    n = text_trim(line, len, value, sizeof value);
    if (n == 0 || value[0] == '#')
        return true;
    if (memchr(line, '\0', len))
        return err_set(err, ERR_INVALID, "a NUL character");
    if (!equals)
        return err_set(err, ERR_INVALID, "expected 'key = value'");
    if (len >= sizeof value)
        return err_set(err, ERR_LIMIT, "a line of over %d bytes", AG_PATH);
    text_trim(line, (size_t)(equals - line), key, sizeof key);
    text_trim(
            equals + 1, len - (size_t)(equals + 1 - line), value, sizeof value);
    s = find(key);
    if (!s || s->args_only)
        return err_set(err, ERR_INVALID, "no setting '%.40s'", key);
    return set(c, s, value, err);
}

bool ag_config_read(
        struct ag_config *c, const char *text, size_t len, const char *name,
        struct err *err)
{
    unsigned line = 0;

    while (len) {
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;

        line++;
        if (!line_read(c, text, n, err)) {
            err_in(err, "%s: line %u", name, line);
            return false;
        }
        n += end != NULL;
        text += n;
        len -= n;
    }
    return true;
}

/* ---- command line -------------------------------------------------------- */

static bool
file(struct ag_config *c, const char *path, bool must, struct err *err)
{
    struct buf b;
    struct err why = {0};
    bool ok;

    buf_init(&b, FILE_MAX);
    ok = file_read(path, FILE_MAX, &b, &why);
    if (ok)
        ok = ag_config_read(c, buf_text(&b), b.len, path, &why);
    else if (!must && why.code == ERR_NOT_FOUND)
        ok = true;
    buf_clear(&b);
    if (!ok && err)
        *err = why;
    return ok;
}

/* One option: "--key value", "--key=value", "-o FILE"; how many words it
 * took, 0 with err set. */
static int option(struct ag_config *c, int left, char **argv, struct err *err)
{
    char key[64];
    const char *word = argv[0] + 2, *equals = strchr(word, '=');
    const struct setting *s;
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    struct err why = {0};

    if (strcmp(argv[0], "-o") == 0) {
        word = "output";
        equals = NULL;
        len = strlen(word);
    }
    text_trim(word, len, key, sizeof key);
    s = find(key);
    if (!s) {
        err_set(err, ERR_USAGE, "no option '%.60s'; see --help", argv[0]);
        return 0;
    }
    if (s->kind == SWITCH && !equals)
        return set(c, s, "", err) ? 1 : 0;
    if (s->kind == SWITCH || (!equals && left < 2)) {
        err_set(err, ERR_USAGE, "'--%s' takes %s", key,
                s->kind == SWITCH ? "no value" : s->value);
        return 0;
    }
    if (!set(c, s, equals ? equals + 1 : argv[1], &why)) {
        err_set(err, ERR_USAGE, "--%s", why.msg);
        return 0;
    }
    return equals ? 1 : 2;
}

/* "--config FILE" among the options, before they are read: they stand above
 * the file. NULL: not there. */
static const char *config_file(int argc, char **argv)
{
    for (int i = 1; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "--") == 0)
            break;
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
            return argv[i + 1];
        if (text_starts(argv[i], "--config="))
            return argv[i] + strlen("--config=");
        if (argv[i][1] != '-' || strchr(argv[i], '=') || !find(argv[i] + 2) ||
            find(argv[i] + 2)->kind != SWITCH)
            i += strchr(argv[i], '=') == NULL;
    }
    return NULL;
}

/* What follows from other settings, and from where we are. */
static bool settle(struct ag_config *c, struct err *err)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char host[256] = "";
    size_t root;

    if (!c->token_file && folder && !c->enrol_file) /* systemd LoadCredential */
        c->token_file = arena_printf(&c->text, "%s/token", folder);
    if (!c->spool)
        c->spool = c->diskless ? DISKLESS_SPOOL : DEFAULT_SPOOL;
    if (!c->token_file)
        c->token_file = c->enrol_file
                                ? arena_printf(&c->text, "%s/token", c->spool)
                                : DEFAULT_TOKEN;
    if (!c->node) {
        if (gethostname(host, sizeof host - 1) != 0 || !host[0])
            return err_set(err, ERR_IO, "the host has no name: set node");
        c->node = arena_str(&c->text, host);
    }
    if (strlen(c->node) > NODE_MAX)
        return err_set(err, ERR_INVALID, "node: over %d characters", NODE_MAX);
    if (c->diskless && !c->enrol_file)
        return err_set(
                err, ERR_INVALID, "diskless: takes enrol_file, the site's key");
    root = strlen(c->sysroot);
    while (root > 0 && c->sysroot[root - 1] == '/')
        root--;
    c->sysroot = arena_strn(&c->text, c->sysroot, root);
    return true;
}

bool ag_config_args(
        struct ag_config *c, int argc, char **argv, int *first, struct err *err)
{
    const char *path = config_file(argc, argv);
    int i = 1;

    if (!file(c, path ? path : DEFAULT_FILE, path != NULL, err))
        return false;
    while (i < argc && argv[i] && argv[i][0] == '-' && argv[i][1]) {
        int n;

        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (strcmp(argv[i], "--config") == 0)
            n = 2;
        else if (text_starts(argv[i], "--config="))
            n = 1;
        else if (argv[i][1] == '-' || strcmp(argv[i], "-o") == 0)
            n = option(c, argc - i, argv + i, err);
        else {
            n = 0;
            err_set(err, ERR_USAGE, "no option '%.60s'; see --help", argv[i]);
        }
        if (n == 0)
            return false;
        if (n > argc - i)
            return err_set(err, ERR_USAGE, "'--config' takes FILE");
        i += n;
    }
    *first = i;
    return settle(c, err);
}

void ag_config_help(struct out *o)
{
    out_str(o, "      --config FILE          "
               "settings, 'key = value' a line (" DEFAULT_FILE ")\n");
    for (size_t i = 0; i < SETTINGS; i++) {
        char word[64];
        const struct setting *s = &settings[i];
        struct buf b;

        buf_init(&b, sizeof word);
        buf_printf(&b, "--%s", s->key);
        for (char *p = b.p; *p; p++)
            if (*p == '_')
                *p = '-';
        if (s->value)
            buf_printf(&b, " %s", s->value);
        out_printf(o, "      %-22s %s\n", buf_text(&b), s->help);
        buf_clear(&b);
    }
}
