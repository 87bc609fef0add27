/* SPDX-License-Identifier: Apache-2.0
 * Clocks for tests, preloaded: the file named by FAKE_CLOCK holds what is added
 * to the wall clock and to the time since boot, in nanoseconds: "REAL BOOT". A
 * suspend moves both; CLOCK_MONOTONIC stands still in one and is left alone. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Read each time, and by system calls alone: a sanitizer asks for the time
 * before its own functions work. */
static void moved_by(long long *real, long long *boot)
{
    const char *path = getenv("FAKE_CLOCK");
    char text[80];
    long fd, n;

    *real = *boot = 0;
    if (!path)
        return;
    fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    n = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    if (n > 0) {
        char *end;

        text[n] = '\0';
        *real = strtoll(text, &end, 10);
        *boot = strtoll(end, NULL, 10);
    }
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
    long long real, boot, ns;

    if (syscall(SYS_clock_gettime, clock, t) != 0)
        return -1;
    if (clock != CLOCK_REALTIME && clock != CLOCK_BOOTTIME)
        return 0;
    moved_by(&real, &boot);
    ns = t->tv_sec * 1000000000LL + t->tv_nsec +
         (clock == CLOCK_REALTIME ? real : boot);
    t->tv_sec = (time_t)(ns / 1000000000);
    t->tv_nsec = (long)(ns % 1000000000);
    return 0;
}
