/* SPDX-License-Identifier: Apache-2.0
 * Bodies of gzip, unpacked no further than their limit. */
#include <zlib.h>

#include "base/buf.h"
#include "importers/feed_priv.h"

static bool inflate_into(z_stream *z, struct buf *out, struct err *err)
{
    unsigned char room[65536];
    int rc = Z_OK;

    while (rc != Z_STREAM_END) {
        z->next_out = room;
        z->avail_out = sizeof room;
        rc = inflate(z, Z_NO_FLUSH);
        if (rc == Z_BUF_ERROR || (rc == Z_OK && z->avail_out == sizeof room))
            return err_set(err, ERR_INVALID, "the gzip body ends early");
        if (rc != Z_OK && rc != Z_STREAM_END)
            return err_set(err, ERR_INVALID, "the body is no good gzip");
        if (!buf_add(out, room, sizeof room - z->avail_out))
            return err_set(
                    err, ERR_LIMIT, "the body unpacks to more than %zu bytes",
                    out->max);
    }
    if (z->avail_in)
        return err_set(err, ERR_INVALID, "bytes behind the gzip body");
    return true;
}

bool imp_feed_gunzip(
        const void *bytes, size_t len, struct buf *out, struct err *err)
{
    z_stream z = {0};
    bool ok;

    CHECK(len <= IMP_FEED_BYTES);
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return err_set(err, ERR_IO, "cannot begin to unpack gzip");
    z.next_in = (z_const Bytef *)bytes;
    z.avail_in = (uInt)len;
    ok = inflate_into(&z, out, err);
    inflateEnd(&z);
    return ok;
}
