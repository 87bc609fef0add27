/* SPDX-License-Identifier: Apache-2.0
 * HTML, SVG and XML out: a thin layer over libxml2's xmlTextWriter. Escapes
 * every text and attribute, closes what it opens, knows the void elements,
 * streams to a struct out. The first failure is kept in the out. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/out.h"

enum mk_kind { MK_HTML, MK_XML };

struct mk; /* one document being written */

/* Writes the prologue (<!DOCTYPE html> or the XML declaration). The out is
 * borrowed until mk_close. Never NULL. */
struct mk *mk_open(struct out *out, enum mk_kind kind);
/* Closes all open elements, frees mk; false with the first error. The out is
 * then finished by its owner (out_finish). */
bool mk_close(struct mk *mk, struct err *err);

void mk_begin(struct mk *mk, const char *element);
/* The innermost open element must be `element` (CHECKed). */
void mk_end(struct mk *mk, const char *element);
/* Attributes right after mk_begin. Style attributes are refused (CHECK). */
void mk_attr(struct mk *mk, const char *name, const char *value);
void mk_attrf(struct mk *mk, const char *name, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
void mk_attr_num(struct mk *mk, const char *name, double value);
void mk_text(struct mk *mk, const char *text); /* NULL writes nothing */
void mk_textf(struct mk *mk, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* begin + text + end */
void mk_element(struct mk *mk, const char *element, const char *text);
/* Bytes of our own embedded style sheet or script, inside <style>/<script>. */
void mk_asset(struct mk *mk, const char *bytes);

#endif
