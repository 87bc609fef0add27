/* SPDX-License-Identifier: Apache-2.0
 * Clocks, waiting, and the kernel's random bytes. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/select.h>
#include <time.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/log.h"
#include "base/num.h"

enum {
    LINE = 128,
    NAP_S = 60, /* longest wait at a time: waits stand still in a suspend */
};

static int64_t now_ns(clockid_t clock)
{
    struct timespec t;

    CHECK(clock_gettime(clock, &t) == 0);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t ag_utc_ns(void)
{
    return now_ns(CLOCK_REALTIME);
}

/* It goes on while the machine sleeps, and no clock step moves it. */
int64_t ag_boot_ns(void)
{
    return now_ns(CLOCK_BOOTTIME);
}

bool ag_wait_until(int64_t boot_ns, const sigset_t *mask)
{
    int64_t left;

    do {
        struct timespec t = {0};

        left = boot_ns - ag_boot_ns();
        if (left >= NAP_S * INT64_C(1000000000)) {
            t.tv_sec = NAP_S;
        } else if (left > 0) {
            t.tv_sec = (time_t)(left / 1000000000);
            t.tv_nsec = (long)(left % 1000000000);
        }
        /* With nothing left this looks for signals and comes straight back. */
        if (pselect(0, NULL, NULL, NULL, &t, mask) != 0)
            return false;
    } while (left >= NAP_S * INT64_C(1000000000));
    return true;
}

/* ---- the time of samples ------------------------------------------------- */

/* A boot id goes into a header and into each batch: letters, digits and '-'. */
static void boot_read(struct ag_clock *c, const char *root)
{
    static const char fine[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    char path[AG_PATH];

    if (!ag_path(path, "%s/proc/sys/kernel/random/boot_id", root) ||
        !ag_file_line(path, c->boot, sizeof c->boot, NULL) ||
        strspn(c->boot, fine) != strlen(c->boot))
        c->boot[0] = '\0';
}

/* "BOOT OFFSET" of an earlier start in this boot. */
static bool offset_read(const struct ag_clock *c, const char *path, int64_t *ns)
{
    char line[LINE];
    size_t n = strlen(c->boot);

    return ag_file_line(path, line, sizeof line, NULL) &&
           strncmp(line, c->boot, n) == 0 && line[n] == ' ' &&
           num_parse_int(
                   line + n + 1, strlen(line + n + 1), INT64_MIN / 2,
                   INT64_MAX / 2, ns, NULL) &&
           ag_boot_ns() + *ns > 0;
}

static void offset_write(const struct ag_clock *c, const char *path)
{
    struct file_out f = {0};
    struct err err = {0};

    if (file_out_open(&f, path, &err)) {
        fprintf(f.file, "%s %lld\n", c->boot, (long long)c->offset_ns);
        file_out_commit(&f, &err);
    }
    file_out_clear(&f);
    if (err.code != ERR_NONE) /* the next start begins by its wall clock */
        log_line(LOG_WARN, "clock-not-kept", "error=%s", err.msg);
}

void ag_clock_open(struct ag_clock *c, const char *root, const char *folder)
{
    char path[AG_PATH];

    *c = (struct ag_clock){0};
    boot_read(c, root);
    if (!c->boot[0] || !folder || !ag_path(path, "%s/clock", folder))
        path[0] = '\0';
    if (path[0] && offset_read(c, path, &c->offset_ns))
        return;
    c->offset_ns = ag_utc_ns() - ag_boot_ns();
    if (path[0])
        offset_write(c, path);
}

int64_t ag_clock_ns(const struct ag_clock *c)
{
    return ag_boot_ns() + c->offset_ns;
}

int64_t ag_clock_step_ns(const struct ag_clock *c)
{
    return ag_utc_ns() - ag_clock_ns(c);
}

void ag_random(void *dst, size_t len)
{
    unsigned char *p = dst;

    while (len) {
        ssize_t n = getrandom(p, len, 0);

        CHECK(n > 0 || errno == EINTR);
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        }
    }
}

double ag_random_frac(void)
{
    uint32_t r;

    ag_random(&r, sizeof r);
    return r / 4294967296.0;
}
