/* Events for the operator: logfmt lines on standard error, one event a line: event=commit.done shard=2 docs=512.
 *
 * Keys are written in the call; values that hold spaces or quotes are quoted. Never give a document's text, a name or
 * a CPR number to a log: ids and counts only. Thread-safe: one write(2) a line. */
#ifndef REFERENT_LOG_H
#define REFERENT_LOG_H

#include "error.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_ALWAYS /* what others wait for, at any level */ };

/* Lines below this level are dropped; default LOG_INFO. Call before threads start. */
void log_level_set(enum log_level level);
/* 0 and *level, or -1 if name is none of debug, info, warn, error. */
int log_level_parse(const char *name, enum log_level *level);

/* `format` makes the pairs after event=: log_event(LOG_INFO, "commit.done", "shard=%u docs=%zu", shard, docs). */
void log_event(enum log_level level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);
/* An error as an event, with fault=, rule= and its text as error="...". */
void log_error(enum log_level level, const char *event, const struct error *err);

#endif
