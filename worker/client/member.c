/* member: attendance, votes and items of an elected member. */
#include "command.h"

#include "report.h"
#include "show.h"
#include "snippet.h"

#include <inttypes.h>
#include <string.h>

enum { NAME_MAX_BYTES = 200 };

/* ---- Answer -> terminal ---- */

static void others_show(const struct referent_member *member)
{
    for (size_t i = 0; i < member->others.count; i++) {
        fputs(i == 0 ? "others of a like name: " : ", ", stdout);
        text_render(member->others.items[i], stdout);
    }
    fputs(member->others.count > 0 ? "\n" : "", stdout);
}

static void who_show(const struct referent_member *member, const char *asked, bool color)
{
    if (!member->exact) {
        fputs("nobody is called '", stdout);
        text_render(asked, stdout);
        fputs("'; the nearest is\n", stdout);
    }
    show_styled("\033[1m", color, member->name);
    if (*member->party) {
        fputs(" (", stdout);
        text_render(member->party, stdout);
        putchar(')');
    }
    putchar('\n');
    others_show(member);
}

static void section_show(const char *name, size_t shown, uint64_t total)
{
    printf("\n%s: %zu", name, shown);
    if (total > shown)
        printf(" of %" PRIu64, total);
    putchar('\n');
}

static void line_begin(const char *date, const char *what, bool color)
{
    fputs("  ", stdout);
    show_styled("\033[36m", color, *date ? date : "(no date) ");
    printf("  %-*s", what ? 12 : 0, what ? what : "");
}

static void entry_show(const struct referent_entry *entry, bool color)
{
    bool first = false;
    show_heading(entry, color);
    show_fact(entry->outcome, &first);
    show_fact(entry->committee, &first);
    show_fact(entry->municipality, &first);
    show_fact(entry->id, &first);
    putchar('\n');
}

static void meetings_show(const struct referent_member *member, bool color)
{
    section_show("meetings", member->meeting_count, member->meetings_total);
    for (size_t i = 0; i < member->meeting_count; i++) {
        const struct referent_attendance *meeting = &member->meetings[i];
        bool first = true;
        line_begin(meeting->date, *meeting->presence ? meeting->presence : "-", color);
        show_fact(meeting->committee, &first);
        show_fact(meeting->municipality, &first);
        show_fact(meeting->id, &first);
        putchar('\n');
    }
}

static bool member_show(const struct referent_member *member, const char *asked)
{
    bool color = terminal_color(stdout);
    if (*member->name == '\0') {
        fputs("nobody on a roster is called '", stdout);
        text_render(asked, stdout);
        fputs("', or nearly so\n", stdout);
        return output_finish();
    }
    who_show(member, asked, color);
    meetings_show(member, color);
    section_show("votes", member->ballot_count, 0);
    for (size_t i = 0; i < member->ballot_count; i++) {
        const struct referent_ballot *ballot = &member->ballots[i];
        line_begin(ballot->item.date, ballot->vote, color);
        fputs(ballot->by_party ? "with the party: " : "", stdout);
        entry_show(&ballot->item, color);
    }
    section_show("named in items", member->item_count, member->items_total);
    for (size_t i = 0; i < member->item_count; i++) {
        line_begin(member->items[i].date, NULL, color);
        entry_show(&member->items[i], color);
    }
    return output_finish();
}

/* ---- Command line -> question ---- */

static bool name_join(const struct operands *words, char name[NAME_MAX_BYTES + 1])
{
    size_t used = 0;
    for (size_t i = 0; i < words->count; i++) {
        int size = snprintf(name + used, NAME_MAX_BYTES + 1 - used, "%s%s", i > 0 ? " " : "", words->words[i]);
        if (size < 0 || (size_t)size > NAME_MAX_BYTES - used)
            return false;
        used += (size_t)size;
    }
    return used > 0;
}

static int member_ask(const struct referent_member_query *query, const char *endpoint, int timeout_ms, bool json)
{
    struct referent_searcher *searcher = NULL;
    struct referent_member *member = NULL;
    struct referent_error error;
    enum referent_result result = referent_searcher_open(endpoint, &searcher, &error);
    if (result == REFERENT_OK)
        result = referent_member_history(searcher, query, timeout_ms, &member, &error);
    referent_searcher_close(&searcher);
    if (result != REFERENT_OK)
        return command_failed(result, endpoint, &error);
    bool written = json ? report_print(report_member(member)) : member_show(member, query->name);
    show_coverage(&member->coverage);
    referent_member_free(&member);
    return written ? DONE : FAILURE;
}

int member_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false, json = false;
    uint64_t limit = 20, offset = 0, timeout_s = 10;
    struct option_list municipality = {.count = 0};
    const struct option_row rows[] = {
        {OPTION_LIST, "municipality", 0, &municipality, "NAME", "only in this municipality", 0, 0},
        {OPTION_NUMBER, "limit", 0, &limit, "N", "so many meetings, and as many items (20)", 1, 1000},
        {OPTION_NUMBER, "offset", 0, &offset, "N", "pass over the newest N of both", 0, 100000},
        {OPTION_FLAG, "json", 0, &json, NULL, "print one JSON object", 0, 0},
        ROW_TIMEOUT(&timeout_s),
        ROW_SEARCH(&endpoints->search),
        ROW_HELP(&help),
        ROW_END};
    struct operands words;
    char name[NAME_MAX_BYTES + 1] = "";
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &words, &exit_code))
        return exit_code;
    if (!name_join(&words, name))
        return command_usage(self, "give one name of 1 to %d bytes", NAME_MAX_BYTES);
    const struct referent_member_query query = {.name = name,
                                                .municipality = {municipality.items, municipality.count},
                                                .limit = (uint32_t)limit,
                                                .offset = (uint32_t)offset};
    return member_ask(&query, endpoints->search, (int)timeout_s * 1000, json);
}
