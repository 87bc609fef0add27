/* SPDX-License-Identifier: Apache-2.0
 * NVML for tests: the cards are the folders 0, 1, ... of $FAKE_NVML, their
 * values the first lines of the files in them (energy mJ, power mW, uuid, name,
 * serial, limit mW, memory bytes). A file that is not there is "Not Supported";
 * "error N" is that error. A file "init" beside them fails the start. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OK = 0, NOT_SUPPORTED = 3, NOT_FOUND = 6, CARDS = 64 };

struct memory {
    unsigned long long total, free, used;
};

static unsigned cards[CARDS];

int nvmlInit_v2(void);
int nvmlShutdown(void);
const char *nvmlErrorString(int code);
int nvmlDeviceGetCount_v2(unsigned *n);
int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **card);
int nvmlDeviceGetUUID(void *card, char *dst, unsigned size);
int nvmlDeviceGetName(void *card, char *dst, unsigned size);
int nvmlDeviceGetSerial(void *card, char *dst, unsigned size);
int nvmlDeviceGetTotalEnergyConsumption(void *card, unsigned long long *mj);
int nvmlDeviceGetPowerUsage(void *card, unsigned *mw);
int nvmlDeviceGetPowerManagementLimitConstraints(
        void *card, unsigned *least, unsigned *most);
int nvmlDeviceGetMemoryInfo(void *card, struct memory *m);

static int line_of(const char *path, char *dst, size_t size)
{
    FILE *f = fopen(path, "r");
    int code = OK;

    if (!f)
        return NOT_SUPPORTED;
    if (!fgets(dst, (int)size, f))
        dst[0] = '\0';
    fclose(f);
    dst[strcspn(dst, "\n")] = '\0';
    if (sscanf(dst, "error %d", &code) == 1)
        return code;
    return OK;
}

static int get(void *card, const char *file, char *dst, size_t size)
{
    char path[4096];

    snprintf(
            path, sizeof path, "%s/%u/%s", getenv("FAKE_NVML"),
            *(unsigned *)card, file);
    return line_of(path, dst, size);
}

static int number(void *card, const char *file, unsigned long long *out)
{
    char text[64];
    int code = get(card, file, text, sizeof text);

    if (code == OK)
        *out = strtoull(text, NULL, 10);
    return code;
}

int nvmlInit_v2(void)
{
    char path[4096], text[64];

    snprintf(path, sizeof path, "%s/init", getenv("FAKE_NVML"));
    return line_of(path, text, sizeof text) == NOT_SUPPORTED ? OK : 9;
}

int nvmlShutdown(void)
{
    return OK;
}

const char *nvmlErrorString(int code)
{
    return code == NOT_SUPPORTED ? "Not Supported"
           : code == 9           ? "Driver Not Loaded"
           : code == 15          ? "GPU is lost"
                                 : "Unknown Error";
}

int nvmlDeviceGetCount_v2(unsigned *n)
{
    struct stat st;
    char path[4096];

    for (*n = 0; *n < CARDS; ++*n) {
        snprintf(path, sizeof path, "%s/%u", getenv("FAKE_NVML"), *n);
        if (stat(path, &st) != 0)
            break;
    }
    return OK;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **card)
{
    char text[64];
    int code;

    if (i >= CARDS)
        return NOT_FOUND;
    cards[i] = i;
    *card = &cards[i];
    code = get(*card, "handle", text, sizeof text);
    return code == NOT_SUPPORTED ? OK : code;
}

int nvmlDeviceGetUUID(void *card, char *dst, unsigned size)
{
    return get(card, "uuid", dst, size);
}

int nvmlDeviceGetName(void *card, char *dst, unsigned size)
{
    return get(card, "name", dst, size);
}

int nvmlDeviceGetSerial(void *card, char *dst, unsigned size)
{
    return get(card, "serial", dst, size);
}

int nvmlDeviceGetTotalEnergyConsumption(void *card, unsigned long long *mj)
{
    return number(card, "energy", mj);
}

int nvmlDeviceGetPowerUsage(void *card, unsigned *mw)
{
    unsigned long long n = 0;
    int code = number(card, "power", &n);

    *mw = (unsigned)n;
    return code;
}

int nvmlDeviceGetPowerManagementLimitConstraints(
        void *card, unsigned *least, unsigned *most)
{
    unsigned long long n = 0;
    int code = number(card, "limit", &n);

    *least = 0;
    *most = (unsigned)n;
    return code;
}

int nvmlDeviceGetMemoryInfo(void *card, struct memory *m)
{
    int code = number(card, "memory", &m->total);

    return code;
}
