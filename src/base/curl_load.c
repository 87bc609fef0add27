/* SPDX-License-Identifier: Apache-2.0
 * libcurl opened when it is first needed. */
#include "base/curl_load.h"

#include <pthread.h>

#include "base/library.h"

static struct curl_calls calls;
static bool loaded;

static void load(void)
{
    void *lib = library_open("libcurl", 4);
    CURLcode (*global_init)(long);

    loaded = library_call(lib, "curl_global_init", &global_init) &&
             library_call(lib, "curl_easy_init", &calls.easy_init) &&
             library_call(lib, "curl_easy_cleanup", &calls.easy_cleanup) &&
             library_call(lib, "curl_easy_reset", &calls.easy_reset) &&
             library_call(lib, "curl_easy_setopt", &calls.easy_setopt) &&
             library_call(lib, "curl_easy_getinfo", &calls.easy_getinfo) &&
             library_call(lib, "curl_easy_perform", &calls.easy_perform) &&
             library_call(lib, "curl_easy_strerror", &calls.easy_strerror) &&
             library_call(lib, "curl_slist_append", &calls.slist_append) &&
             library_call(lib, "curl_slist_free_all", &calls.slist_free_all) &&
             global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct curl_calls *curl_load(struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    if (loaded)
        return &calls;
    err_set(err, ERR_IO,
            "no usable libcurl, that fetches over HTTP: install the package "
            "libcurl4");
    return NULL;
}
