/* SPDX-License-Identifier: Apache-2.0
 * Power of the whole node as its BMC measures it: DCMI "get power reading"
 * through the kernel's IPMI device. */
#include <errno.h>
#include <fcntl.h>
#include <linux/ipmi.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "agent/agent.h"

enum {
    DCMI_NETFN = 0x2C, /* group extension */
    DCMI_GROUP = 0xDC,
    DCMI_POWER = 0x02,
    DCMI_ACTIVE = 0x40, /* "power measurement active" of the state byte */
    ANSWER_MS = 2000,
};

struct ag_dcmi {
    int fd;
    long id;
};

/* Answer: completion code, group, then little-endian current, minimum, maximum
 * and average watts, a time stamp, a period, a state [DCMI 1.5, 6.6.1]. */
bool ag_dcmi_decode(
        const uint8_t *data, size_t len, int64_t *uw, struct err *err)
{
    if (len >= 1 && data[0] == 0xC1)
        return err_set(err, ERR_INVALID, "the BMC does not know DCMI");
    if (len >= 1 && data[0] != 0)
        return err_set(
                err, ERR_INVALID, "the BMC refuses the power reading: 0x%02x",
                data[0]);
    if (len < 19 || data[1] != DCMI_GROUP)
        return err_set(
                err, ERR_INVALID, "the BMC's answer is no power reading");
    if (!(data[18] & DCMI_ACTIVE))
        return err_set(
                err, ERR_INVALID, "the BMC measures no power at this time");
    *uw = (int64_t)(data[2] | data[3] << 8) * 1000000;
    if (*uw == 0)
        return err_set(err, ERR_INVALID, "the BMC reads 0 W of a running node");
    return true;
}

static bool send_ask(struct ag_dcmi *d, struct err *err)
{
    unsigned char body[] = {DCMI_GROUP, 0x01, 0x00, 0x00};
    struct ipmi_system_interface_addr to = {
            .addr_type = IPMI_SYSTEM_INTERFACE_ADDR_TYPE,
            .channel = IPMI_BMC_CHANNEL};
    struct ipmi_req ask = {
            .addr = (unsigned char *)&to,
            .addr_len = sizeof to,
            .msgid = ++d->id,
            .msg = {.netfn = DCMI_NETFN,
                    .cmd = DCMI_POWER,
                    .data_len = sizeof body,
                    .data = body}};

    if (ioctl(d->fd, IPMICTL_SEND_COMMAND, &ask) == 0)
        return true;
    return err_set(
            err, ERR_IO, "the IPMI device takes no command: %s",
            strerror(errno));
}

/* The answer to the last question; late ones to earlier questions are passed
 * over. */
static bool
receive(struct ag_dcmi *d, unsigned char *room, size_t size, size_t *len,
        struct err *err)
{
    struct pollfd p = {.fd = d->fd, .events = POLLIN};

    for (int tries = 0; tries < 8; tries++) {
        struct ipmi_addr from;
        struct ipmi_recv got = {
                .addr = (unsigned char *)&from,
                .addr_len = sizeof from,
                .msg = {.data = room, .data_len = (unsigned short)size}};

        if (poll(&p, 1, ANSWER_MS) <= 0)
            break;
        if (ioctl(d->fd, IPMICTL_RECEIVE_MSG_TRUNC, &got) != 0 &&
            errno != EMSGSIZE)
            return err_set(
                    err, ERR_IO, "the IPMI device gives no answer: %s",
                    strerror(errno));
        if (got.recv_type != IPMI_RESPONSE_RECV_TYPE || got.msgid != d->id)
            continue;
        *len = got.msg.data_len;
        return true;
    }
    return err_set(err, ERR_IO, "the BMC does not answer");
}

static bool
read_dcmi(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    struct ag_dcmi *d = s->ctx;
    unsigned char room[64];
    size_t len = 0;

    return send_ask(d, err) && receive(d, room, sizeof room, &len, err) &&
           ag_dcmi_decode(room, len, value, err);
}

void ag_dcmi_find(struct ag_set *s)
{
    static const char *const devices[] = {
            "/dev/ipmi0", "/dev/ipmi/0", "/dev/ipmidev/0"};
    char path[AG_PATH];
    struct ag_sensor *sensor;
    int fd = -1, why = ENOENT;

    for (size_t i = 0; i < sizeof devices / sizeof *devices && fd < 0; i++) {
        if (!ag_path(path, "%s%s", s->root, devices[i]))
            return;
        fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
            why = errno;
    }
    if (fd < 0) {
        ag_set_miss(
                s, "node/dcmi", "%s",
                why == ENOENT
                        ? "no /dev/ipmi0: no BMC, or ipmi_devintf and ipmi_si "
                          "are not loaded"
                : why == EACCES || why == EPERM
                        ? "/dev/ipmi0: permission denied: it takes root or the "
                          "device's group"
                        : strerror(why));
        return;
    }
    sensor = ag_set_add(s, WIRE_NODE, WIRE_GAUGE, "node/dcmi");
    if (!sensor) {
        close(fd);
        return;
    }
    s->dcmi = xcalloc(1, sizeof *s->dcmi);
    s->dcmi->fd = fd;
    snprintf(sensor->label, sizeof sensor->label, "BMC (DCMI)");
    sensor->read = read_dcmi;
    sensor->least_ns = 1000000000; /* some 20 ms of a slow bus each */
    sensor->ctx = s->dcmi;
    ag_set_try(s, sensor);
}

void ag_dcmi_close(struct ag_dcmi *d)
{
    if (!d)
        return;
    close(d->fd);
    free(d);
}
