/* A command of `referent`: one file each, one row each in the table of main.c. */
#ifndef REFERENT_COMMAND_H
#define REFERENT_COMMAND_H

#include "option.h"
#include "referent.h"
#include "terminal.h"

/* What the shell gets. */
enum { DONE = 0, FAILURE = 1, USAGE = 2, INTERRUPTED = 130 };

/* Where the worker is: options before or after the command, else the environment, else the defaults. */
struct endpoints {
    const char *feed;
    const char *search;
};

struct command {
    const char *name;
    const char *summary; /* one line, in the list of commands */
    const char *usage;   /* what comes behind the name: "[OPTIONS] PATH..." */
    const char *about;   /* paragraphs of the help */
    int (*run)(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
};

int feed_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int reconcile_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int search_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int get_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int delete_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int extract_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int explain_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int case_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int member_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int complete_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int dead_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int backup_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int check_command_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int restore_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);
int status_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv);

/* Parse a command's words. True: go on. False: help was shown or the usage is wrong, and *exit_code says which. `help`
 * is the target of the row --help. */
bool command_begin(const struct command *self, const struct option_row *rows, const bool *help, size_t argc,
                   const char **argv, struct operands *operands, int *exit_code);
/* The usage is wrong: say how, and where help is. Gives USAGE. */
int command_usage(const struct command *self, const char *format, ...) PRINTF_LIKE(2, 3);
/* A call of the library failed: say what to do. Gives FAILURE. */
int command_failed(enum referent_result result, const char *endpoint, const struct referent_error *err);

#define ROW_HELP(target)                                                                                               \
    {                                                                                                                  \
        OPTION_FLAG, "help", 'h', (target), NULL, "show this help", 0, 0                                               \
    }
#define ROW_FEED(target)                                                                                               \
    {                                                                                                                  \
        OPTION_TEXT, "feed", 0, (target), "ENDPOINT", "where the worker is fed", 0, 0                                  \
    }
#define ROW_SEARCH(target)                                                                                             \
    {                                                                                                                  \
        OPTION_TEXT, "search", 0, (target), "ENDPOINT", "where the worker is asked", 0, 0                              \
    }
#define ROW_TIMEOUT(target)                                                                                            \
    {                                                                                                                  \
        OPTION_NUMBER, "timeout", 0, (target), "SECONDS", "wait so long for the answer (10)", 1, 3600                  \
    }
#define ROW_END                                                                                                        \
    {                                                                                                                  \
        OPTION_END, NULL, 0, NULL, NULL, NULL, 0, 0                                                                    \
    }

#endif
