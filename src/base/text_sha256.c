/* SPDX-License-Identifier: Apache-2.0
 * SHA-256 as text; a file of its own, so that a program that only handles text
 * does not load libsodium. */
#include <sodium.h>

#include "base/text.h"

void text_sha256(const void *bytes, size_t len, char dst[static 65])
{
    unsigned char sum[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(sum, bytes, len);
    sodium_bin2hex(dst, 65, sum, sizeof sum);
}
