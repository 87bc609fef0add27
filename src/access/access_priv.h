/* SPDX-License-Identifier: Apache-2.0
 * The statements as the files of access share them. */
#ifndef ACCESS_ACCESS_PRIV_H
#define ACCESS_ACCESS_PRIV_H

#include "access/access.h"
#include "access/access_sql.h"

extern const struct sql acc_statements[ACC_SQL_COUNT];

#endif
