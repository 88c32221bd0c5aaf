/* referent: the command line client. The table of commands, and what stands before a command. */
#include "command.h"

#include "suggest.h"

#include <stdlib.h>
#include <string.h>

enum { BEFORE_COLUMN = 12 };

static const struct command commands[] = {
    {"feed", "feed files and folders of minutes", "[OPTIONS] PATH...",
     "Feed minutes to the worker and wait for a receipt for every one of them. PATH is a file, or a folder in which\n"
     "every .md and .txt file is fed. A document's id is its path below that folder, or the name of a file that is\n"
     "given by itself. A second run sends the same again, and the worker changes only what is different; with\n"
     "--ledger it sends only what changed, and with --mirror it deletes what is gone.\n\n"
     "What is rejected or fails is named on standard error. The last line on standard output adds up:\n"
     "found = committed + unchanged + superseded + rejected + failed. The exit status is 0 if nothing was rejected\n"
     "and nothing failed, 1 otherwise, 130 when interrupted.",
     feed_run},
    {"reconcile", "compare files, ledger and index", "[OPTIONS] PATH...",
     "Compare the files of these paths with what the worker's shards hold and with the ledger, and name each\n"
     "difference on a line of its own: missing (not in the index), other (the index holds another content), extra (in\n"
     "the index alone), stale (the ledger says what is not so). The last line counts them.\n\n"
     "With --mend, what is missing or other is fed, the ledger is put right, and an extra document is deleted if the\n"
     "ledger knows that it came from here. The exit status is 0 if no difference is left.",
     reconcile_run},
    {"search", "search the minutes", "[OPTIONS] [--] [QUERY...]",
     "Search agenda items and meetings. Several values of one filter mean any of them, several filters all of them;\n"
     "filters work without a query. Amounts are kroner: 250000, 1.070.664,50 or 1,5mio.\n"
     "A query may be written as people write: tilskud over 1 mio. i 2019. The answer says what was understood;\n"
     "fields (udvalg:teknik dato:2019), \"phrases\", -without, word* and OR are known too.\n\n"
     "The exit status is 0 if the search was answered, also when nothing was found.",
     search_run},
    {"case", "show the history of a case", "[OPTIONS] NUMBER",
     "Show where a case was treated, oldest first: date, committee, item, outcome, and votes where the minutes give\n"
     "them. NUMBER is taken in any notation. Items that only name the case are marked.",
     case_run},
    {"member", "show what a member was there for, voted, and is named in", "[OPTIONS] NAME",
     "Show the meetings with an elected member on the roster, whether the member came, the votes that the minutes "
     "give\n"
     "by name or by party, and the items that name the member. A misspelt name, or a part of one, is taken for the\n"
     "nearest there is, and the answer says whom it took.",
     member_run},
    {"complete", "show what a beginning may become", "[OPTIONS] PREFIX",
     "Show members, committees, municipalities and case numbers that begin with PREFIX, as one types; of names also\n"
     "those with a later word that does.",
     complete_run},
    {"get", "print a stored document", "[OPTIONS] ID",
     "Print the body of a document as it is stored: CPR numbers are masked, closed items blanked.", get_run},
    {"delete", "delete documents", "[OPTIONS] ID...",
     "Delete documents by id. A document that was fed with a version needs a --version that is not older.\n"
     "The exit status is 0 if none of them is left.",
     delete_run},
    {"extract", "show what is found in a file, without a worker", "[OPTIONS] FILE",
     "Read one file of minutes (- is standard input) and print, as one JSON object, the meeting and the entities\n"
     "that are found in it. Nothing is fed, no worker is needed.",
     extract_run},
    {"explain", "show a file with everything found marked in it", "[OPTIONS] FILE",
     "Read one file of minutes (- is standard input) and print its text with every entity in its colour, followed by\n"
     "the rule that found it and its value, and with items and sections in the margin. CPR numbers are masked.\n"
     "Below stand the terms under which the meeting and each item would be indexed: a line for each prefix.\n"
     "Nothing is fed, no worker is needed. With --html, one page for a browser; see it in a terminal with less -R.",
     explain_run},
    {"dead", "list, show, replay or drop what was rejected", "list|show|replay|drop [OPTIONS] [NUMBER...]",
     "The worker keeps every document that it rejected, with rule, reason and time.\n\n"
     "  dead list              what is kept\n"
     "  dead show NUMBER       one letter and its document, as it was fed: CPR numbers are not masked\n"
     "  dead replay NUMBER...  feed it again, as after a fix, and drop what is not rejected once more\n"
     "  dead drop NUMBER...    forget it\n\n"
     "replay and drop take --all instead of numbers. A document that is committed later, under the same id and in a\n"
     "version that is not older, takes its letters away by itself. The last line of replay adds up: found = committed\n"
     "+ unchanged + superseded + rejected + failed. The exit status is 0 if nothing was left out.",
     dead_run},
    {"backup", "copy an index while it is fed and searched", "[OPTIONS] TARGET",
     "Copy the index in a folder, with its dead letters, to the new folder TARGET, on the machine where it lies; its\n"
     "daemon may run, and goes on. Each shard waits between two commits while it is copied. Every document that was\n"
     "committed before is in the copy, and the copy is checked. TARGET/manifest is written last: without it the "
     "backup\n"
     "was interrupted. The shards of a backup open in any Xapian program.",
     backup_run},
    {"restore", "make a backup an index again", "[OPTIONS] BACKUP",
     "Copy a backup to the folder of an index, which is not there or empty, and check it. Every shard gets a new\n"
     "lineage: feeders with a ledger see that, compare, and send again what came after the backup. If it is\n"
     "interrupted, the folder is no index until the same command has ended well.",
     restore_run},
    {"check", "check an index, and repair it", "[OPTIONS] [DIR]",
     "Check the shards of the index in DIR, on the machine where it lies: by Xapian's own check, and by what must "
     "hold\n"
     "of the documents. Each finding is a line. A daemon may run; the writer of a shard waits while it is checked.\n\n"
     "With --repair, and without a daemon, a damaged shard is made anew from what can be read of its documents. What\n"
     "cannot be read is named. The shard gets a new lineage, so that feeders with a ledger send again what is "
     "missing;\n"
     "what was there stays beside it as damaged-gen-... until it is removed. Where nothing can be read it says that a\n"
     "backup or a replica is needed. The exit status is 0 if nothing was found, or all of it is mended.",
     check_command_run},
    {"status", "show how the worker is", "[OPTIONS]",
     "Show the worker's shards, its load, how many dead letters wait, and its counters.", status_run},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void help_main(const struct option_row *rows, FILE *out)
{
    fputs("usage: referent [OPTIONS] COMMAND [...]\n\nMunicipal minutes in, answers out. Commands:\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-*s%s\n", BEFORE_COLUMN, commands[i].name, commands[i].summary);
    fprintf(out, "  %-*s%s\n\nOptions, before the command or behind it:\n", BEFORE_COLUMN, "help",
            "explain a command: referent help COMMAND");
    option_help(rows, out);
    fputs("\nEnvironment: REFERENT_FEED and REFERENT_SEARCH are endpoints too; NO_COLOR turns colours off.\n", out);
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int command_unknown(const char *name)
{
    const char *names[COMMANDS + 1] = {"help"};
    for (size_t i = 0; i < COMMANDS; i++)
        names[i + 1] = commands[i].name;
    const char *meant = suggest(name, names, COMMANDS + 1);
    if (meant != NULL)
        complain("there is no command '%s'; did you mean '%s'?", name, meant);
    else
        complain("there is no command '%s'; 'referent --help' lists them", name);
    return USAGE;
}

static int run(const char *name, struct endpoints *endpoints, size_t argc, const char **argv)
{
    const struct command *command = command_find(name);
    return command != NULL ? command->run(command, endpoints, argc, argv) : command_unknown(name);
}

/* `referent help`, `referent help COMMAND`: as --help would. */
static int help_run(const struct option_row *rows, struct endpoints *endpoints, size_t argc, const char **argv)
{
    const char *help[] = {"--help"};
    if (argc > 0 && argv[0][0] != '-')
        return run(argv[0], endpoints, 1, help);
    help_main(rows, stdout);
    return output_finish() ? DONE : FAILURE;
}

static const char *from_environment(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : otherwise;
}

int main(int argc, char **argv)
{
    struct endpoints endpoints = {from_environment("REFERENT_FEED", "tcp://127.0.0.1:7700"),
                                  from_environment("REFERENT_SEARCH", "tcp://127.0.0.1:7701")};
    bool help = false, version = false;
    const struct option_row rows[] = {
        {OPTION_TEXT, "feed", 0, &endpoints.feed, "ENDPOINT", "where the worker is fed (tcp://127.0.0.1:7700)", 0, 0},
        {OPTION_TEXT, "search", 0, &endpoints.search, "ENDPOINT", "where it is asked (tcp://127.0.0.1:7701)", 0, 0},
        ROW_HELP(&help),
        {OPTION_FLAG, "version", 0, &version, NULL, "show the version", 0, 0},
        ROW_END};
    struct operands words;
    struct error error;
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    if (option_parse(rows, count, (const char **)argv + 1, true, &words, &error) != FAULT_NONE) {
        complain("%s", error.text);
        return USAGE;
    }
    if (version) {
        printf("referent %s\n", referent_version());
        return output_finish() ? DONE : FAILURE;
    }
    if (help)
        return help_run(rows, &endpoints, words.count, (const char **)argv + 1);
    if (words.count == 0) {
        help_main(rows, stderr);
        return USAGE;
    }
    const char **rest = (const char **)argv + 2; /* the words behind the command: option_parse moved them up */
    if (strcmp(words.words[0], "help") == 0)
        return help_run(rows, &endpoints, words.count - 1, rest);
    return run(words.words[0], &endpoints, words.count - 1, rest);
}
