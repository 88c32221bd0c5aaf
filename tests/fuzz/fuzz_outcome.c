/* fuzz_outcome: what a decision comes to. Words are told by themselves: an outcome of the known ones, the same each
 * time, none if there are no words, and one if they are an answer. The data also stand as the decision of an item, and
 * as all of an item that has no headings. */
#include "property.h"

#include "decision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_words(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80)
            return true;
    }
    return false;
}

static void check_words(struct span text)
{
    for (int last = 0; last < 2; last++) {
        enum outcome outcome = decision_outcome(text, last != 0);
        PROPERTY(outcome >= OUTCOME_NONE && outcome <= OUTCOME_OTHER && decision_outcome(text, last != 0) == outcome);
        PROPERTY(has_words(text) == (outcome != OUTCOME_NONE));
    }
    PROPERTY(!outcome_word(text) || has_words(text));
}

static void check_outcomes(const struct minutes *minutes)
{
    for (size_t i = 0; i < minutes->meeting.item_count; i++)
        PROPERTY(minutes->meeting.items[i].outcome <= OUTCOME_OTHER);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char rest[] = "\n\n2. Eventuelt\n\nBeslutning\n\nIntet.\n";
    struct span text = property_text(data, size > 8000 ? 8000 : size);
    char *clean = property_clean(text);
    check_words((struct span){clean, text.size});
    free(clean);
    property_framed("Byrådet\n\n1. Skolen\n\nBeslutning\n\n", text, rest, MEDIA_MARKDOWN, check_outcomes);
    property_framed("Byrådet\n\n1. Skolen\n\n", text, "\n\n2. Eventuelt\n\nIntet.\n", MEDIA_PLAIN, check_outcomes);
    return 0;
}
