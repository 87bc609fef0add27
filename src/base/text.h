/* SPDX-License-Identifier: Apache-2.0
 * Small text helpers: UTF-8, legacy encodings, ASCII folding. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Well-formed UTF-8 without surrogates or NUL. */
bool text_utf8_ok(const char *s, size_t len);
/* Bytes of the well-formed character at s; 0 when there is none, or a NUL. */
size_t text_utf8_len(const char *s, size_t len);
/* Windows-1252 to UTF-8, appended to out (latin-1 is a subset in practice). */
bool text_from_cp1252(const char *s, size_t len, struct buf *out);
bool text_from_utf16(
        const char *s, size_t len, bool big_endian, struct buf *out);
/* Equal without regard to ASCII case. */
bool text_same(const char *a, const char *b);
bool text_starts(const char *s, const char *prefix);
/* Copies s into dst without blanks at both ends; returns the length. */
size_t text_trim(const char *s, size_t len, char *dst, size_t size);
/* Where the content of s starts and ends without its blanks (ASCII blanks and
 * no-break spaces). */
size_t text_blank_start(const char *s, size_t len);
size_t text_blank_end(const char *s, size_t len);
/* ASCII lower case in place. */
void text_lower(char *s);
/* Key for lenient matching: accents of French letters dropped, ASCII lower
 * case, runs of anything else become one '_': "Nom d'usage" -> "nom_d_usage".
 * None at the ends: "RAM (GiB)" -> "ram_gib". Always terminated. */
void text_key(const char *s, size_t len, char *dst, size_t size);

/* SHA-256 as 64 hex digits, NUL-terminated. */
void text_sha256(const void *bytes, size_t len, char dst[static 65]);

#endif
