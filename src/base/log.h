/* SPDX-License-Identifier: Apache-2.0
 * Words on stderr, one line each: `level event key=value`. Only cli and web
 * log; library code returns errors. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_ERROR = 3, LOG_WARN = 4, LOG_INFO = 6, LOG_DEBUG = 7 };
void log_level_set(enum log_level max);
/* Values are quoted when they hold blanks; never pass secrets. With systemd's
 * JOURNAL_STREAM set each line starts with its <N> priority. */
void log_line(enum log_level level, const char *event, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

#endif
