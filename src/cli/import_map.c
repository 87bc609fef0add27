/* SPDX-License-Identifier: Apache-2.0
 * import --map, --guess, --save-map and import maps: how the columns of a CSV
 * file of any header are read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/import_run.h"

enum { MAP_MAX = 64 * 1024 };

/* The text of a map that a person saved; false without a database or map. */
static bool saved_text(struct cmd_call *c, const char *name, char **out)
{
    struct db *db = NULL;
    struct err ignored = {0};
    bool ok;

    if (file_kind(c->db_path) == FILE_NONE ||
        !db_open(c->db_path, DB_READ, &db, &ignored))
        return false;
    ok = inv_map_load(db, name, out, &ignored);
    db_close(db);
    return ok;
}

static bool
save(struct cmd_call *c, const char *name, const char *text, struct err *err)
{
    struct db *db = NULL;
    bool ok;

    if (imp_map_preset(name) || !strcmp(name, "own"))
        return err_set(
                err, ERR_INVALID,
                "'%s' is a preset of the program, expected another name", name);
    if (!db_open(c->db_path, DB_CREATE, &db, err))
        return false;
    ok = inv_map_save(db, name, text, acc_cli_actor(), err);
    db_close(db);
    if (ok)
        fprintf(stderr, "saved; next: fleetprint import --map %s FILE\n", name);
    return ok;
}

static bool save_file(
        struct cmd_call *c, const char *name, const char *path, struct err *err)
{
    struct buf b;
    bool ok;

    buf_init(&b, MAP_MAX);
    ok = file_read(path, MAP_MAX, &b, err) && save(c, name, buf_text(&b), err);
    buf_clear(&b);
    return ok;
}

/* Only a file is worth saving: the others have their names already. */
static bool may_save(const char *map, bool is_file, struct err *err)
{
    return (map && is_file) ||
           err_set(err, ERR_USAGE,
                   "--save-map goes with --map FILE or --guess");
}

/* A name of the program, one that was saved, or a file. */
bool import_map_option(struct import_run *r, struct err *err)
{
    struct cmd_call *c = r->call;
    const char *name = cmd_value(c, "map"), *keep = cmd_value(c, "save-map");
    char *text = NULL;
    bool ok = false;

    if (name && cmd_value(c, "as"))
        return err_set(
                err, ERR_USAGE, "--map is for CSV files, it needs no --as");
    r->options.own = name && !strcmp(name, "own");
    r->options.map = name ? imp_map_preset(name) : NULL;
    if (!name || r->options.own || r->options.map)
        return !keep || may_save(name, false, err);
    if (saved_text(c, name, &text)) {
        ok = (!keep || may_save(name, false, err)) &&
             imp_map_parse(text, strlen(text), name, &r->map, err);
    } else if (file_kind(name) == FILE_NONE) {
        err_set(err, ERR_NOT_FOUND,
                "no map is called '%s', and there is no such file; 'import "
                "maps' lists them",
                name);
    } else {
        ok = imp_map_load(name, &r->map, err) &&
             (!keep || cmd_flag(c, "dry-run") || save_file(c, keep, name, err));
    }
    r->options.map = r->map;
    free(text);
    return ok;
}

int import_guess(struct cmd_call *c, struct err *err)
{
    const char *keep = cmd_value(c, "save-map");
    struct imp_map *map = NULL;
    struct buf b;
    bool ok;

    if (c->argc != 1) {
        err_set(err, ERR_USAGE, "--guess looks at one file");
        return CMD_ERR;
    }
    buf_init(&b, MAP_MAX);
    ok = imp_map_guess(c->argv[0], true, &b, err) &&
         imp_map_parse(buf_text(&b), b.len, "guessed", &map, err);
    imp_map_free(map);
    if (ok && c->json) {
        struct cmd_answer answer;

        cmd_object_begin(&answer, true);
        json_str(&answer.json, "map", buf_text(&b));
        ok = cmd_object_end(&answer, err);
    } else if (ok) {
        fputs(buf_text(&b), stdout);
    }
    if (ok && keep) { /* without values: they are this file's */
        buf_reset(&b);
        ok = strcmp(c->argv[0], "-") == 0
                     ? err_set(err, ERR_USAGE,
                               "--save-map reads the file twice, expected a "
                               "file and not standard input")
                     : imp_map_guess(c->argv[0], false, &b, err) &&
                               save(c, keep, buf_text(&b), err);
    }
    buf_clear(&b);
    return ok ? CMD_DONE : CMD_ERR;
}

/* ---- import maps -------------------------------------------------------- */

struct listing {
    struct json_out *j; /* NULL: as text */
};

static void put(struct listing *l, const char *name, const char *about)
{
    if (!l->j) {
        printf("%-16s %s\n", name, about);
        return;
    }
    json_begin_obj(l->j, NULL);
    json_str(l->j, "name", name);
    json_str(l->j, "about", about);
    json_end_obj(l->j);
}

static bool put_saved(void *ctx, const char *name, struct err *err)
{
    (void)err;
    put(ctx, name, "saved here");
    return true;
}

static bool list_maps(struct cmd_call *c, struct listing *l, struct err *err)
{
    const struct imp_map *m;
    struct db *db = NULL;
    bool ok = true;

    put(l, "own", "the CSV template");
    for (size_t i = 0; (m = imp_map_preset_at(i)) != NULL; i++)
        put(l, imp_map_name(m), imp_map_about(m));
    if (file_kind(c->db_path) == FILE_NONE)
        return true;
    if (!cmd_db(c, DB_READ, &db, err))
        return false;
    ok = inv_maps(db, put_saved, l, err);
    db_close(db);
    return ok;
}

static int show_map(struct cmd_call *c, struct err *err)
{
    const char *name = c->argv[0];
    const char *text = imp_map_preset_text(name);
    char *own = NULL;

    if (text) {
        fputs(text, stdout);
        return CMD_DONE;
    }
    if (!saved_text(c, name, &own)) {
        err_set(err, ERR_NOT_FOUND,
                "no map is called '%s'; 'import maps' lists them", name);
        return CMD_ERR;
    }
    fputs(own, stdout);
    free(own);
    return CMD_DONE;
}

static int run_maps(struct cmd_call *c, struct err *err)
{
    struct listing l = {NULL};
    struct cmd_answer answer;

    if (c->argc > 0)
        return show_map(c, err);
    if (!c->json)
        return list_maps(c, &l, err) ? CMD_DONE : CMD_ERR;
    cmd_list_begin(&answer, c);
    l.j = &answer.json;
    if (!list_maps(c, &l, err))
        return CMD_ERR;
    return cmd_list_end(&answer, err) ? CMD_DONE : CMD_ERR;
}

const struct cmd cmd_import_maps = {
        .noun = "import",
        .verb = "maps",
        .group = "Inventory",
        .summary = "Lists how columns of CSV files are read, or shows one map",
        .args = "[NAME]",
        .max_args = 1,
        .examples = "  fleetprint import maps\n"
                    "  fleetprint import maps glpi >my.map",
        .run = run_maps,
};
