/* SPDX-License-Identifier: Apache-2.0
 * uthash as this product uses it: keyed hash, abort when memory runs out.
 * Include this, never uthash.h. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>

/* SipHash under a key drawn at process start: names in a hostile file cannot
 * be chosen to collide. Iteration order must not reach any output. */
unsigned hash_bytes(const void *bytes, size_t len);
_Noreturn void hash_fatal(const char *what);

#define HASH_FUNCTION(key, len, hash) ((hash) = hash_bytes((key), (len)))
#define uthash_fatal(what) hash_fatal(what)
#include <uthash.h>

#endif
