/* SPDX-License-Identifier: Apache-2.0
 * Batches that wait for the server, one file each. A file appears whole
 * (written beside, synced, renamed) and goes when the server has it. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/num.h"

#define SUFFIX ".json.gz"

enum {
    DIGITS = 16,
    SET_ASIDE_MAX = 50, /* batches kept in refused/ */
};

struct entry {
    uint64_t id;
    size_t size;
};

struct ag_spool {
    pthread_mutex_t lock;
    char folder[AG_PATH];
    size_t max, bytes;
    struct entry *entries; /* oldest first, from head on */
    size_t head, n, cap;
    uint64_t next;
    size_t n_aside;
    uint64_t refused, set_aside;
};

static bool
path_of(const struct ag_spool *s, const char *sub, uint64_t id,
        const char *suffix, char dst[static AG_PATH], struct err *err)
{
    return ag_path(dst, "%s/%s%0*" PRIu64 "%s", s->folder, sub, DIGITS, id,
                   suffix) ||
           err_set(err, ERR_LIMIT, "the path of the spool is too long");
}

static void push_back(struct ag_spool *s, uint64_t id, size_t size)
{
    /* The front that was sent makes room before more is asked for. */
    if (s->n == s->cap && s->head > s->n / 2) {
        s->n -= s->head;
        memmove(s->entries, s->entries + s->head, s->n * sizeof *s->entries);
        s->head = 0;
    }
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 16;
        s->entries = xreallocarray(s->entries, s->cap, sizeof *s->entries);
    }
    s->entries[s->n++] = (struct entry){.id = id, .size = size};
    s->bytes += size;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);

    return n >= m && strcmp(name + n - m, suffix) == 0;
}

/* "0000000000000042.json.gz"; anything else is not ours. */
static bool id_of(const char *name, uint64_t *id)
{
    int64_t n;

    if (strlen(name) != DIGITS + strlen(SUFFIX) || !has_suffix(name, SUFFIX) ||
        !num_parse_int(name, DIGITS, 1, INT64_MAX - 1, &n, NULL))
        return false;
    *id = (uint64_t)n;
    return true;
}

/* What an earlier start left: whole batches are taken over, halves that were
 * being written are removed. */
static bool take_over(struct ag_spool *s, struct err *err)
{
    char path[AG_PATH];
    char **names = NULL;
    size_t n = 0;
    struct stat st;
    uint64_t id;

    if (!file_names(s->folder, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!ag_path(path, "%s/%s", s->folder, names[i]))
            continue;
        if (has_suffix(names[i], ".tmp"))
            unlink(path);
        else if (id_of(names[i], &id) && stat(path, &st) == 0) {
            push_back(s, id, (size_t)st.st_size);
            s->next = id + 1;
        }
    }
    file_names_free(names, n);
    return true;
}

/* Batches set aside by earlier starts; their numbers are not given again. */
static void count_aside(struct ag_spool *s)
{
    char path[AG_PATH];
    char **names;
    size_t n;
    uint64_t id;

    if (!ag_path(path, "%s/refused", s->folder))
        return;
    ag_names(path, &names, &n);
    for (size_t i = 0; i < n; i++)
        if (id_of(names[i], &id)) {
            s->n_aside++;
            if (id >= s->next)
                s->next = id + 1;
        }
    file_names_free(names, n);
}

bool ag_spool_open(
        const char *folder, size_t max_bytes, struct ag_spool **out,
        struct err *err)
{
    struct ag_spool *s = xcalloc(1, sizeof *s);
    char inside[AG_PATH];

    s->max = max_bytes;
    s->next = 1;
    pthread_mutex_init(&s->lock, NULL);
    if (!ag_path(s->folder, "%s", folder) ||
        !ag_path(inside, "%s/x", s->folder)) {
        err_set(err, ERR_LIMIT, "the path of the spool is too long");
        goto fail;
    }
    if (!file_make_parents(inside, err) || !take_over(s, err))
        goto fail;
    count_aside(s);
    *out = s;
    return true;
fail:
    ag_spool_close(s);
    return false;
}

void ag_spool_close(struct ag_spool *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->lock);
    free(s->entries);
    free(s);
}

static bool
write_file(const char *path, const void *bytes, size_t len, struct err *err)
{
    struct file_out f;

    if (!file_out_open(&f, path, err))
        return false;
    fwrite(bytes, 1, len, f.file);
    return file_out_commit(&f, err);
}

bool ag_spool_add(
        struct ag_spool *s, const void *bytes, size_t len, struct err *err)
{
    char path[AG_PATH];
    bool ok = false;

    pthread_mutex_lock(&s->lock);
    if (len > s->max - (s->bytes < s->max ? s->bytes : s->max)) {
        s->refused++;
        err_set(err, ERR_LIMIT,
                "the spool '%s' is full (%zu bytes): the oldest batches are "
                "kept",
                s->folder, s->max);
        goto done;
    }
    if (!path_of(s, "", s->next, SUFFIX, path, err))
        goto done;
    if (!write_file(path, bytes, len, err)) {
        s->refused++;
        goto done;
    }
    push_back(s, s->next++, len);
    ok = true;
done:
    pthread_mutex_unlock(&s->lock);
    return ok;
}

bool ag_spool_first(
        struct ag_spool *s, uint64_t *id, struct buf *out, struct err *err)
{
    char path[AG_PATH];
    bool ok = false;

    pthread_mutex_lock(&s->lock);
    if (s->n == s->head) {
        err_set(err, ERR_NOT_FOUND, "the spool is empty");
        goto done;
    }
    *id = s->entries[s->head].id;
    ok = path_of(s, "", *id, SUFFIX, path, err) &&
         file_read(path, AG_BATCH_BYTES, out, err);
done:
    pthread_mutex_unlock(&s->lock);
    return ok;
}

/* It is the oldest: no other is ever handed out. */
static void forget(struct ag_spool *s, uint64_t id)
{
    if (s->head < s->n && s->entries[s->head].id == id)
        s->bytes -= s->entries[s->head++].size;
}

bool ag_spool_drop(struct ag_spool *s, uint64_t id, struct err *err)
{
    char path[AG_PATH];
    bool ok = false;

    pthread_mutex_lock(&s->lock);
    if (!path_of(s, "", id, SUFFIX, path, err))
        goto done;
    /* Not synced: a file that comes back after a power cut is sent again, and
     * the server knows its rows. */
    if (unlink(path) != 0 && errno != ENOENT) {
        err_set(err, ERR_IO, "cannot remove '%s': %s", path, strerror(errno));
        goto done;
    }
    ok = true;
done:
    forget(s, id);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

static bool
move_aside(struct ag_spool *s, uint64_t id, const char *reason, struct err *err)
{
    char from[AG_PATH], to[AG_PATH], text[AG_PATH];

    if (!path_of(s, "", id, SUFFIX, from, err) ||
        !path_of(s, "refused/", id, SUFFIX, to, err) ||
        !path_of(s, "refused/", id, ".txt", text, err))
        return false;
    if (s->n_aside >= SET_ASIDE_MAX)
        return unlink(from) == 0 || errno == ENOENT;
    if (!file_make_parents(to, err))
        return false;
    if (rename(from, to) != 0)
        return err_set(
                err, ERR_IO, "cannot move '%s' aside: %s", from,
                strerror(errno));
    s->n_aside++;
    return write_file(text, reason, strlen(reason), err);
}

bool ag_spool_set_aside(
        struct ag_spool *s, uint64_t id, const char *reason, struct err *err)
{
    bool ok;

    pthread_mutex_lock(&s->lock);
    s->set_aside++;
    ok = move_aside(s, id, reason, err);
    forget(s, id); /* whatever becomes of the file, it is not sent again */
    pthread_mutex_unlock(&s->lock);
    return ok;
}

struct ag_spool_state ag_spool_state(struct ag_spool *s)
{
    struct ag_spool_state state;

    pthread_mutex_lock(&s->lock);
    state = (struct ag_spool_state){
            .files = s->n - s->head,
            .bytes = s->bytes,
            .refused = s->refused,
            .set_aside = s->set_aside};
    pthread_mutex_unlock(&s->lock);
    return state;
}
