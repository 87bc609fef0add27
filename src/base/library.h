/* SPDX-License-Identifier: Apache-2.0
 * Shared libraries opened when they are first needed, which most runs never
 * do. */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stdbool.h>

/* "libcurl", 4: libcurl.so.4 or, on macOS, libcurl.4.dylib. NULL: not there.
 * Stays open for ever. */
void *library_open(const char *name, int version);
/* *call, a pointer to a function, becomes the one of that name; false when lib
 * (may be NULL) has none. */
bool library_call(void *lib, const char *name, void *call);

#endif
