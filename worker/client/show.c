/* show: pieces of answers on a terminal. */
#include "show.h"

#include "snippet.h"
#include "terminal.h"

#include <inttypes.h>
#include <string.h>

void show_styled(const char *style, bool color, const char *text)
{
    if (color)
        fputs(style, stdout);
    text_render(text, stdout);
    if (color)
        fputs("\033[0m", stdout);
}

void show_fact(const char *text, bool *first)
{
    if (*text == '\0')
        return;
    fputs(*first ? "" : " · ", stdout);
    text_render(text, stdout);
    *first = false;
}

void show_heading(const struct referent_entry *entry, bool color)
{
    if (*entry->item) {
        show_styled("\033[1m", color, entry->item);
        fputs(". ", stdout);
    }
    show_styled("\033[1m", color, *entry->title ? entry->title : entry->position == 0 ? "(the meeting)" : "(no title)");
}

static void side_show(const char *side, struct referent_strings names, bool *first)
{
    for (size_t i = 0; i < names.count; i++) {
        if (i == 0)
            printf("%s%s ", *first ? "" : "; ", side);
        else
            fputs(", ", stdout);
        text_render(names.items[i], stdout);
        *first = false;
    }
}

bool show_votes(const char *before, const struct referent_entry *entry)
{
    bool first = true;
    if (entry->votes_for.count + entry->votes_against.count + entry->votes_abstain.count == 0)
        return false;
    fputs(before, stdout);
    side_show("for", entry->votes_for, &first);
    side_show("against", entry->votes_against, &first);
    side_show("abstaining", entry->votes_abstain, &first);
    return true;
}

void show_coverage(const struct referent_coverage *coverage)
{
    if (coverage->missing_count == 0)
        return;
    char list[128] = "";
    for (size_t i = 0, used = 0; i < coverage->missing_count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, " %" PRIu32, coverage->missing[i]);
    complain("only %" PRIu32 " of %" PRIu32 " shards answered; missing:%s", coverage->answered, coverage->shards, list);
}
