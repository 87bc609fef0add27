/* SPDX-License-Identifier: Apache-2.0
 * libcurl opened when it is first needed. */
#include "base/curl_load.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#ifdef __APPLE__
#define CURL_LIBRARY "libcurl.4.dylib"
#else
#define CURL_LIBRARY "libcurl.so.4"
#endif

static struct curl_calls calls;
static bool loaded;

/* POSIX has the address of a function fit a void *; ISO C has no cast. */
static bool symbol(void *lib, const char *name, void *call)
{
    void *at = dlsym(lib, name);

    memcpy(call, &at, sizeof at);
    return at != NULL;
}

static void load(void)
{
    void *lib = dlopen(CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    CURLcode (*global_init)(long);

    loaded = lib && symbol(lib, "curl_global_init", &global_init) &&
             symbol(lib, "curl_easy_init", &calls.easy_init) &&
             symbol(lib, "curl_easy_cleanup", &calls.easy_cleanup) &&
             symbol(lib, "curl_easy_reset", &calls.easy_reset) &&
             symbol(lib, "curl_easy_setopt", &calls.easy_setopt) &&
             symbol(lib, "curl_easy_getinfo", &calls.easy_getinfo) &&
             symbol(lib, "curl_easy_perform", &calls.easy_perform) &&
             symbol(lib, "curl_easy_strerror", &calls.easy_strerror) &&
             symbol(lib, "curl_slist_append", &calls.slist_append) &&
             symbol(lib, "curl_slist_free_all", &calls.slist_free_all) &&
             global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct curl_calls *curl_load(struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    if (loaded)
        return &calls;
    err_set(err, ERR_IO,
            "no usable libcurl (" CURL_LIBRARY
            "), that fetches over HTTP: install the package libcurl4");
    return NULL;
}
