#include "error.h"

#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What "%.40s" cuts in the middle of a character, or what a name on the disk has, would make a reply that no client
 * can decode. */
static void text_mend(char *text)
{
    struct span rest = span_of(text);
    for (size_t bad; !utf8_valid(rest, &bad); rest = span_cut(rest, bad + 1, rest.size))
        text[rest.at - text + (ptrdiff_t)bad] = '?';
}

enum fault error_set(struct error *err, enum fault fault, const char *rule, const char *format, ...)
{
    if (err == NULL)
        return fault;
    err->fault = fault;
    snprintf(err->rule, sizeof err->rule, "%s", rule);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    for (char *at = err->text; *at; at++)
        if (*at == '\n' || *at == '\r')
            *at = ' ';
    text_mend(err->text);
    return fault;
}

const char *fault_name(enum fault fault)
{
    static const char *const names[] = {"none", "reject", "retry", "reopen", "stop"};
    return fault <= FAULT_STOP ? names[fault] : "unknown";
}
