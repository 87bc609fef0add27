/* SPDX-License-Identifier: Apache-2.0
 * How often one address may ask: a bucket of tokens each, in a table of fixed
 * size. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "base/mem.h"
#include "web/web_priv.h"

enum {
    SLOTS = 4096, /* addresses kept; more than can be connected at once */
    PROBES = 8,
};

struct bucket {
    unsigned char from[WEB_FROM];
    unsigned char use;
    bool taken;
    double fill; /* requests left */
    double at_s;
};

struct web_rate {
    pthread_mutex_t lock;
    double per_s;
    struct bucket slots[SLOTS];
};

struct web_rate *web_rate_new(double per_s)
{
    struct web_rate *r = xcalloc(1, sizeof *r);

    pthread_mutex_init(&r->lock, NULL);
    r->per_s = per_s;
    return r;
}

void web_rate_free(struct web_rate *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* An IPv6 network is one address: its owner has 2^64 of them. */
void web_rate_from(
        const struct sockaddr *address, unsigned char out[static WEB_FROM])
{
    memset(out, 0, WEB_FROM);
    if (!address)
        return;
    if (address->sa_family == AF_INET6)
        memcpy(out,
               &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
               8);
    else if (address->sa_family == AF_INET)
        memcpy(out + 8,
               &((const struct sockaddr_in *)(const void *)address)->sin_addr,
               4);
}

/* Under the lock: the bucket of an address, or the fullest near it, which has
 * nothing to remember. */
static struct bucket *
find(struct web_rate *r, const unsigned char *from, unsigned char use,
     double now_s)
{
    unsigned char key[WEB_FROM + 1];
    struct bucket *best = NULL;
    double most = -1;
    unsigned at;

    memcpy(key, from, WEB_FROM);
    key[WEB_FROM] = use;
    at = hash_bytes(key, sizeof key);
    for (unsigned i = 0; i < PROBES; i++) {
        struct bucket *b = &r->slots[(at + i) % SLOTS];
        double fill;

        if (b->taken && b->use == use && !memcmp(b->from, from, WEB_FROM))
            return b;
        fill = b->taken ? b->fill + (now_s - b->at_s) * r->per_s : 1e300;
        if (fill > most) {
            most = fill;
            best = b;
        }
    }
    *best = (struct bucket){
            .use = use, .taken = true, .fill = r->per_s, .at_s = now_s};
    memcpy(best->from, from, WEB_FROM);
    return best;
}

bool web_rate_take(
        struct web_rate *r, const unsigned char from[static WEB_FROM],
        enum web_rate_use use, bool count)
{
    struct bucket *b;
    double now_s = web_now_s();
    bool ok;

    pthread_mutex_lock(&r->lock);
    b = find(r, from, (unsigned char)use, now_s);
    b->fill += (now_s - b->at_s) * r->per_s;
    b->at_s = now_s;
    if (b->fill > r->per_s)
        b->fill = r->per_s;
    ok = b->fill >= 1;
    if (ok && count)
        b->fill -= 1;
    pthread_mutex_unlock(&r->lock);
    return ok;
}
