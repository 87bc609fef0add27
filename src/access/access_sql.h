/* SPDX-License-Identifier: Apache-2.0
 * The statements of access. */
#ifndef ACCESS_ACCESS_SQL_H
#define ACCESS_ACCESS_SQL_H

#define ACC_SQL(X)                                                             \
    X(ACC_AUDIT_ADD, "INSERT INTO audit (at, actor, action, detail) "          \
                     "VALUES (:at, :actor, :action, :detail)")                 \
    X(ACC_AUDIT_LAST, "SELECT max(id) FROM audit")                             \
    X(ACC_AUDIT_LAST_OF, "SELECT at FROM audit WHERE action = :action "        \
                         "ORDER BY id DESC LIMIT 1")                           \
    X(ACC_TOKEN_ADD,                                                           \
      "INSERT INTO token (hash, kind, source_id, site_id, note, created_at, "  \
      "expires_at) VALUES (:hash, :kind, :source, :site, :note, :now, "        \
      ":expires)")                                                             \
    X(ACC_TOKEN_FIND,                                                          \
      "SELECT id, kind, source_id, site_id, NULL, created_at, expires_at, "    \
      "used_at, revoked_at FROM token WHERE hash = ?")                         \
    X(ACC_TOKEN_BY_ID,                                                         \
      "SELECT id, kind, source_id, site_id, NULL, created_at, expires_at, "    \
      "used_at, revoked_at FROM token WHERE id = ?")                           \
    X(ACC_TOKEN_USED, "UPDATE token SET used_at = ? WHERE id = ?")             \
    X(ACC_TOKEN_REVOKE, "UPDATE token SET revoked_at = :now "                  \
                        "WHERE id = :id AND revoked_at IS NULL")               \
    X(ACC_TOKENS,                                                              \
      "SELECT id, kind, source_id, site_id, note, created_at, expires_at, "    \
      "used_at, revoked_at FROM token "                                        \
      "WHERE :source = 0 OR source_id = :source ORDER BY id")

#define AS_ID(id, text) id,
enum { ACC_SQL(AS_ID) ACC_SQL_COUNT };
#undef AS_ID

#endif
