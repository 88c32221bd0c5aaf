/* command: what all commands do alike. */
#include "command.h"

#include <stdarg.h>
#include <string.h>

static void help_show(const struct command *self, const struct option_row *rows)
{
    printf("usage: referent %s %s\n\n%s\n\nOptions:\n", self->name, self->usage, self->about);
    option_help(rows, stdout);
}

bool command_begin(const struct command *self, const struct option_row *rows, const bool *help, size_t argc,
                   const char **argv, struct operands *operands, int *exit_code)
{
    struct error error;
    if (option_parse(rows, argc, argv, false, operands, &error) != FAULT_NONE) {
        *exit_code = command_usage(self, "%s", error.text);
        return false;
    }
    if (*help) {
        help_show(self, rows);
        *exit_code = output_finish() ? DONE : FAILURE;
        return false;
    }
    return true;
}

int command_usage(const struct command *self, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    complain("%s", text);
    fprintf(stderr, "usage: referent %s %s\n'referent help %s' explains the options.\n", self->name, self->usage,
            self->name);
    return USAGE;
}

int command_failed(enum referent_result result, const char *endpoint, const struct referent_error *err)
{
    switch (result) {
    case REFERENT_UNREACHABLE:
        if (strcmp(err->rule, "search.unreachable") == 0)
            complain("nobody answers at %s: start referentd, or set --search (REFERENT_SEARCH) to where it runs",
                     endpoint);
        else
            complain("%s: give a longer --timeout, or see how referentd is there", err->text);
        break;
    case REFERENT_RETRY: complain("%s (%s): try again in a moment", err->text, err->rule); break;
    case REFERENT_AGAIN: complain("interrupted before the answer came"); break;
    default: complain("%s (%s)", err->text, err->rule); break;
    }
    return FAILURE;
}
