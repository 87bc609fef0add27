/* SPDX-License-Identifier: Apache-2.0
 * The spool: order, bounds, what a restart finds, batches set aside. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/file.h"
#include "unit.h"

enum { LEAST = 65536 };

static char folder[] = "/tmp/test_agent_spool_XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[4][300];
    static int turn;
    char *p = path[turn++ % 4];

    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static void must_open(const char *name, size_t max, struct ag_spool **s)
{
    struct err err = {0};

    UNIT_CHECK(
            ag_spool_open(in_folder(name), max, s, &err), "open: %s", err.msg);
}

/* The oldest batch is this text; its number. */
static uint64_t first_is(struct ag_spool *s, const char *want)
{
    struct err err = {0};
    struct buf b;
    uint64_t id = 0;

    buf_init(&b, 1 << 20);
    UNIT_CHECK(
            ag_spool_first(s, &id, &b, &err) && strcmp(buf_text(&b), want) == 0,
            "first is '%s' and not '%s': %s", buf_text(&b), want, err.msg);
    buf_clear(&b);
    return id;
}

static void test_order(void)
{
    struct ag_spool *s = NULL;
    struct err err = {0};
    uint64_t id = 0;
    struct buf b;

    must_open("order", LEAST, &s);
    buf_init(&b, 100);
    UNIT_CHECK(
            !ag_spool_first(s, &id, &b, &err) && err.code == ERR_NOT_FOUND &&
                    id == 0,
            "empty");
    UNIT_CHECK(ag_spool_add(s, "one", 3, &err), "%s", err.msg);
    UNIT_CHECK(ag_spool_add(s, "three", 5, &err), "%s", err.msg);
    UNIT_CHECK(
            ag_spool_state(s).files == 2 && ag_spool_state(s).bytes == 8,
            "two files of eight bytes");
    id = first_is(s, "one");
    UNIT_CHECK(first_is(s, "one") == id, "it stays until it is dropped");
    UNIT_CHECK(ag_spool_drop(s, id, &err), "%s", err.msg);
    UNIT_CHECK(first_is(s, "three") > id, "the next");
    ag_spool_close(s);
    buf_clear(&b);
}

static void test_restart(void)
{
    struct ag_spool *s = NULL;
    struct err err = {0};
    struct stat st;
    uint64_t last;
    int fd;

    must_open("restart", LEAST, &s);
    UNIT_CHECK(ag_spool_add(s, "one", 3, &err), "%s", err.msg);
    UNIT_CHECK(ag_spool_add(s, "two", 3, &err), "%s", err.msg);
    ag_spool_close(s);
    fd =
            open(in_folder("restart/0000000000000003.json.gz.77-0.tmp"),
                 O_WRONLY | O_CREAT, 0600);
    UNIT_CHECK(fd >= 0 && write(fd, "half", 4) == 4, "a half");
    close(fd);
    fd = open(in_folder("restart/token"), O_WRONLY | O_CREAT, 0600);
    close(fd);
    must_open("restart", LEAST, &s);
    UNIT_CHECK(
            ag_spool_state(s).files == 2 && ag_spool_state(s).bytes == 6,
            "both are there");
    UNIT_CHECK(
            stat(in_folder("restart/0000000000000003.json.gz.77-0.tmp"), &st) !=
                    0,
            "the half is gone");
    UNIT_CHECK(stat(in_folder("restart/token"), &st) == 0, "other files stay");
    UNIT_CHECK(ag_spool_add(s, "three", 5, &err), "%s", err.msg);
    UNIT_CHECK(ag_spool_drop(s, first_is(s, "one"), &err), "%s", err.msg);
    UNIT_CHECK(ag_spool_drop(s, first_is(s, "two"), &err), "%s", err.msg);
    last = first_is(s, "three");
    ag_spool_close(s);
    must_open("restart", LEAST, &s);
    UNIT_CHECK(first_is(s, "three") == last, "same number");
    UNIT_CHECK(last == 3, "numbers go on: %llu", (unsigned long long)last);
    ag_spool_close(s);
}

static void test_full(void)
{
    static const size_t tail[] = {5535, 5536, 5537}; /* 60000 + n <=> 65536 */
    char *big = xcalloc(1, 60000);

    for (size_t i = 0; i < 3; i++) {
        struct ag_spool *s = NULL;
        struct err err = {0};
        char name[20];
        bool ok;

        memset(big, 'x', 60000 - 1);
        snprintf(name, sizeof name, "full%zu", i);
        must_open(name, LEAST, &s);
        UNIT_CHECK(ag_spool_add(s, big, 60000, &err), "%s", err.msg);
        ok = ag_spool_add(s, big, tail[i], &err);
        UNIT_CHECK(
                ok == (tail[i] <= 5536) && (ok || err.code == ERR_LIMIT),
                "%zu more bytes", tail[i]);
        UNIT_CHECK(
                ag_spool_state(s).refused == (ok ? 0 : 1), "refused: counted");
        /* The old one is kept, and when it goes there is room again. */
        UNIT_CHECK(ag_spool_drop(s, first_is(s, big), &err), "%s", err.msg);
        UNIT_CHECK(ag_spool_add(s, "new", 3, &err), "room: %s", err.msg);
        ag_spool_close(s);
        /* What is there already may be more than a smaller limit allows. */
        must_open(name, 1, &s);
        UNIT_CHECK(!ag_spool_add(s, "", 1, &err), "over a smaller limit");
        ag_spool_close(s);
    }
    free(big);
}

/* Many batches through a spool that never holds more than a few. */
static void test_long(void)
{
    struct ag_spool *s = NULL;
    struct err err = {0};
    char text[20];

    must_open("long", LEAST, &s);
    for (int i = 0; i < 200; i++) {
        snprintf(text, sizeof text, "%d", i);
        UNIT_CHECK(ag_spool_add(s, text, strlen(text), &err), "%s", err.msg);
        if (i >= 20) {
            snprintf(text, sizeof text, "%d", i - 20);
            UNIT_CHECK(
                    ag_spool_drop(s, first_is(s, text), &err), "%s", err.msg);
        }
    }
    /* 180 to 199 are left: twenty of three digits. */
    UNIT_CHECK(
            ag_spool_state(s).files == 20 && ag_spool_state(s).bytes == 60,
            "twenty are left");
    ag_spool_close(s);
}

static size_t files_in(const char *name)
{
    char **names;
    size_t n;

    ag_names(in_folder(name), &names, &n);
    file_names_free(names, n);
    return n;
}

static void test_aside(void)
{
    struct ag_spool *s = NULL;
    struct err err = {0};
    struct buf b;

    must_open("aside", LEAST, &s);
    for (int i = 0; i < 60; i++) {
        UNIT_CHECK(ag_spool_add(s, "bad", 3, &err), "%s", err.msg);
        UNIT_CHECK(
                ag_spool_set_aside(s, first_is(s, "bad"), "status 400\n", &err),
                "%s", err.msg);
    }
    UNIT_CHECK(
            ag_spool_state(s).files == 0 && ag_spool_state(s).set_aside == 60,
            "all are set aside");
    UNIT_CHECK(files_in("aside/refused") == 100, "50 of them are kept");
    buf_init(&b, 100);
    UNIT_CHECK(
            file_read(
                    in_folder("aside/refused/0000000000000001.txt"), 100, &b,
                    &err) &&
                    strcmp(buf_text(&b), "status 400\n") == 0,
            "the reason");
    buf_clear(&b);
    ag_spool_close(s);
    must_open("aside", LEAST, &s);
    UNIT_CHECK(ag_spool_state(s).files == 0, "not sent again");
    UNIT_CHECK(ag_spool_add(s, "good", 4, &err), "%s", err.msg);
    UNIT_CHECK(
            first_is(s, "good") > 50, "no number of a batch set aside again");
    ag_spool_close(s);
}

static void test_no_room_for_a_folder(void)
{
    struct ag_spool *s = NULL;
    struct err err = {0};
    int fd = open(in_folder("file"), O_WRONLY | O_CREAT, 0600);

    close(fd);
    UNIT_CHECK(
            !ag_spool_open(in_folder("file/spool"), LEAST, &s, &err) &&
                    err.code == ERR_IO && strstr(err.msg, "/file'"),
            "a file is in the way: %s", err.msg);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"order", test_order},
            {"restart", test_restart},
            {"full", test_full},
            {"long", test_long},
            {"set aside", test_aside},
            {"no folder", test_no_room_for_a_folder},
            {NULL, NULL}};
    char command[300];
    int status;

    if (!mkdtemp(folder))
        return 1;
    status = unit_main("agent spool", tests);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return status || system(command) != 0;
}
