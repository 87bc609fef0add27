/* SPDX-License-Identifier: Apache-2.0
 * Clocks, waiting, and the kernel's random bytes. */
#include <errno.h>
#include <sys/random.h>
#include <sys/select.h>
#include <time.h>

#include "agent/agent.h"

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
    int64_t left = boot_ns - ag_boot_ns();
    struct timespec t = {0};

    if (left > 0) {
        t.tv_sec = (time_t)(left / 1000000000);
        t.tv_nsec = (long)(left % 1000000000);
    }
    /* With nothing left this looks for signals and comes straight back. */
    return pselect(0, NULL, NULL, NULL, &t, mask) == 0;
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
