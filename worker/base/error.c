#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
    return fault;
}

const char *fault_name(enum fault fault)
{
    static const char *const names[] = {"none", "reject", "retry", "reopen", "stop"};
    return fault <= FAULT_STOP ? names[fault] : "unknown";
}
