/* SPDX-License-Identifier: Apache-2.0
 * The statements of access. */
#ifndef ACCESS_ACCESS_SQL_H
#define ACCESS_ACCESS_SQL_H

#define ACC_SQL(X)                                                             \
    X(ACC_AUDIT_ADD, "INSERT INTO audit (at, actor, action, detail) "          \
                     "VALUES (:at, :actor, :action, :detail)")                 \
    X(ACC_AUDIT_LAST, "SELECT max(id) FROM audit")

#define AS_ID(id, text) id,
enum { ACC_SQL(AS_ID) ACC_SQL_COUNT };
#undef AS_ID

#endif
