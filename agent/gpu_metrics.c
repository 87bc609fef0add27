/* SPDX-License-Identifier: Apache-2.0
 * The energy counter of AMD cards: amdgpu's binary file gpu_metrics.
 *
 * Layouts: struct gpu_metrics_v1_0 to v1_9 in the kernel's
 * drivers/gpu/drm/amd/include/kgd_pp_interface.h (NUM_VCN 4, NUM_JPEG_ENG 32).
 * From v1_4 on (MI300) it says the unit, 2^-16 J. v1_1 to v1_3 do not: of the
 * MI200 family smu13_driver_if_aldebaran.h does ("15.259uJ resolution"); MI100
 * is known to stand still (ROCm/amdsmi issue 38) and Radeon cards to show what
 * is no energy (kernel commit 2ac4996c3c4e), so they are not believed. v1_9 is
 * a list of attributes, v2 and v3 are of processors with graphics, without one.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/num.h"

enum {
    HEAD = 4,    /* size in 2 bytes, format, content */
    MOST = 4096, /* a file of sysfs is a page at most */
};

static uint64_t little(const uint8_t *p, size_t n)
{
    uint64_t v = 0;

    while (n-- > 0)
        v = v << 8 | p[n];
    return v;
}

/* Where energy_accumulator stands; 0: it has none that is known. */
static size_t place(unsigned format, unsigned content, bool mi200)
{
    static const uint8_t at[] = {[1] = 24, [2] = 24, [3] = 24, [4] = 24,
                                 [5] = 88, [6] = 16, [7] = 24, [8] = 24};

    if (format != 1 || content >= sizeof at || (content < 4 && !mi200))
        return 0;
    return at[content];
}

bool ag_gpu_metrics_decode(
        const uint8_t *data, size_t len, bool mi200, int64_t *uj,
        struct err *err)
{
    size_t size, at;
    uint64_t units;
    num_i128 sum;

    if (len < HEAD)
        return err_set(err, ERR_INVALID, "gpu_metrics: shorter than its head");
    size = (size_t)little(data, 2);
    at = place(data[2], data[3], mi200);
    if (at == 0)
        return err_set(
                err, ERR_NOT_FOUND, "gpu_metrics: no known energy in v%u.%u",
                data[2], data[3]);
    if (size > len || at + 8 > size)
        return err_set(
                err, ERR_INVALID, "gpu_metrics: %zu bytes of v%u.%u are there",
                len, data[2], data[3]);
    units = little(data + at, 8);
    /* What a driver cannot fill it sets to all ones. 0 is what a card shows
     * that does not count: the second die of an MI250, whose energy is in the
     * first one's counter, or firmware without it. */
    if (units == UINT64_MAX || units == 0)
        return err_set(
                err, ERR_NOT_FOUND, "gpu_metrics: the card counts no energy");
    sum = (num_i128)units * 15625 / 1024; /* 10^6 / 2^16 */
    if (sum > INT64_MAX)
        return err_set(err, ERR_INVALID, "gpu_metrics: out of range");
    *uj = (int64_t)sum;
    return true;
}

bool ag_gpu_metrics_read(
        const char *path, bool mi200, int64_t *uj, struct err *err)
{
    uint8_t data[MOST];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), e;
    ssize_t n;

    if (fd < 0)
        return err_set(
                err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO,
                "gpu_metrics: %s", strerror(errno));
    n = read(fd, data, sizeof data);
    e = errno;
    close(fd);
    if (n < 0)
        return err_set(err, ERR_IO, "gpu_metrics: %s", strerror(e));
    return ag_gpu_metrics_decode(data, (size_t)n, mi200, uj, err);
}
