/* SPDX-License-Identifier: Apache-2.0
 * What `import --dry-run` prints (DESIGN section 4): machines as they come,
 * then refused rows, warnings and the format. */
#ifndef CLI_DRY_RUN_H
#define CLI_DRY_RUN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/out.h"
#include "wire/wire.h"

struct dry_run;
struct dry_run *dry_run_begin(struct out *out, bool json);
void dry_run_file(struct dry_run *d, const struct wire_file *f);
void dry_run_machine(struct dry_run *d, const struct wire_machine *m);
/* A row of a factor set, or a grid value, that would be taken. */
void dry_run_factor(struct dry_run *d);
void dry_run_grid(struct dry_run *d);
void dry_run_energy(struct dry_run *d, const struct wire_energy *e);
void dry_run_reject(struct dry_run *d, const struct wire_reject *x);
void dry_run_warn(struct dry_run *d, const char *place, const char *text);
/* Finishes the document and frees d; err (may be NULL) is why reading ended
 * early, told as one more refused row. */
void dry_run_end(struct dry_run *d, const char *format, const struct err *err);
/* Frees d; what was written stays as it is. */
void dry_run_drop(struct dry_run *d);

#endif
