/* SPDX-License-Identifier: Apache-2.0
 * Shared libraries opened when they are first needed. */
#include "base/library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

void *library_open(const char *name, int version)
{
    char file[100];

#ifdef __APPLE__
    snprintf(file, sizeof file, "%s.%d.dylib", name, version);
#else
    snprintf(file, sizeof file, "%s.so.%d", name, version);
#endif
    return dlopen(file, RTLD_NOW | RTLD_LOCAL);
}

/* POSIX has the address of a function fit a void *; ISO C has no cast. */
bool library_call(void *lib, const char *name, void *call)
{
    void *at = lib ? dlsym(lib, name) : NULL;

    memcpy(call, &at, sizeof at);
    return at != NULL;
}
