#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum log_level lowest = LOG_INFO;

static const char *const level_names[] = {"debug", "info", "warn", "error", "info"};

void log_level_set(enum log_level level)
{
    lowest = level;
}

int log_level_parse(const char *name, enum log_level *level)
{
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
        if (strcmp(name, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return 0;
        }
    return -1;
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    if (level < lowest)
        return;
    char line[1024];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t used = (size_t)snprintf(line, sizeof line, "event=%s ", event);
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(line + used, sizeof line - used, format, arguments);
    va_end(arguments);
    if (more > 0)
        used += (size_t)more < sizeof line - used ? (size_t)more : sizeof line - used - 1;
    char stamp[60];
    size_t room = (size_t)snprintf(stamp, sizeof stamp, " level=%s", level_names[level]);
    room += strftime(stamp + room, sizeof stamp - room, " time=%Y-%m-%dT%H:%M:%S", &utc);
    if (used + room + 8 > sizeof line)
        used = sizeof line - room - 8;
    for (size_t i = 0; i < used; i++) /* a line break in a value would forge an event */
        if ((unsigned char)line[i] < ' ')
            line[i] = ' ';
    used += (size_t)snprintf(line + used, sizeof line - used, "%s.%03ldZ\n", stamp, now.tv_nsec / 1000000);
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written; /* nowhere left to complain */
}

void log_error(enum log_level level, const char *event, const struct error *err)
{
    char text[sizeof err->text];
    size_t at = 0;
    for (const char *from = err->text; *from && at + 1 < sizeof text; from++)
        text[at++] = *from == '"' ? '\'' : *from;
    text[at] = '\0';
    log_event(level, event, "fault=%s rule=%s error=\"%s\"", fault_name(err->fault), err->rule, text);
}
