/* Options of a command: --name, --name=value, --name value, anywhere among the operands; -- ends them. One table
 * serves the parser and the help text, so that they cannot differ. */
#ifndef REFERENT_OPTION_H
#define REFERENT_OPTION_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { OPTION_LIST_MAX = 64 };

/* Values of an option that may be given several times. */
struct option_list {
    const char *items[OPTION_LIST_MAX];
    size_t count;
};

enum option_kind {
    OPTION_FLAG,   /* bool * */
    OPTION_TEXT,   /* const char **; not empty */
    OPTION_LIST,   /* struct option_list *; values not empty */
    OPTION_NUMBER, /* uint64_t *, decimal, low..high */
    OPTION_END     /* the last row */
};

struct option_row {
    enum option_kind kind;
    const char *name; /* without -- */
    char letter;      /* of -x, or 0 */
    void *target;
    const char *value; /* what stands for it in the help text: "NAME" */
    const char *help;  /* one line */
    uint64_t low, high;
};

/* Words of the command line that are no options. */
struct operands {
    const char *const *words;
    size_t count;
};

/* Sort argv: options into their targets, operands to the front of argv, in their order.
 * stop_at_operand: the first operand ends the options, and all behind it are operands (a command's own words).
 * Owner   targets and operands point into argv.
 * Faults  FAULT_REJECT usage.option: unknown (with a suggestion), a value missing, too many or out of range. */
NODISCARD enum fault option_parse(const struct option_row *rows, size_t argc, const char **argv, bool stop_at_operand,
                                  struct operands *operands, struct error *err);

/* The rows as help text: "  --limit N      hits on a page (10)". */
void option_help(const struct option_row *rows, FILE *out);

#endif
