/* SPDX-License-Identifier: Apache-2.0
 * libcurl opened when it is first needed. With what it pulls in (TLS, LDAP,
 * Kerberos) it costs every start some milliseconds and the node agent several
 * megabytes; most commands never fetch anything. */
#ifndef BASE_CURL_LOAD_H
#define BASE_CURL_LOAD_H

#include <curl/curl.h>

#include "base/err.h"

struct curl_calls { /* as in curl/easy.h, without the prefix */
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    void (*easy_reset)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    CURLcode (*easy_perform)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
};

/* Loaded and set up at the first call, from any thread; NULL with err
 * (ERR_IO) when the library is not there. Stays for ever. */
const struct curl_calls *curl_load(struct err *err);

#endif
