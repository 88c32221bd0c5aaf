/* fuzz_vote: votes. Their words lie inside the text; where no vote was taken nobody is on a side, nobody stands twice
 * on one, and no voter is without a name. The data stand as a decision, with a roster before it. */
#include "property.h"

#include "vote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_words(struct span text)
{
    const unsigned char *begin = (const unsigned char *)text.at, *end = begin + text.size;
    for (size_t at = 0; at < text.size; at++) {
        if (!property_boundary(text, at))
            continue;
        for (int cast = 0; cast < 2; cast++) {
            const unsigned char *cursor = begin + at, *voter = NULL;
            enum side side = SIDES;
            enum vote_kind kind = vote_word_at(&cursor, end, &side, &voter, cast != 0);
            PROPERTY(kind < VOTE_LIST && (kind != VOTE_SIDE || side < SIDES));
            PROPERTY(cursor >= begin + at && cursor <= end && property_boundary(text, (size_t)(cursor - begin)));
            PROPERTY(kind != VOTE_VOTER || (voter > begin + at && voter <= cursor));
        }
    }
}

static void check_side(const struct item *item, struct name_list side)
{
    PROPERTY(side.count <= VOTERS_MOST && (item->voted || side.count == 0));
    for (size_t i = 0; i < side.count; i++) {
        PROPERTY(side.names[i].size > 0 && utf8_valid(side.names[i], NULL));
        for (size_t j = 0; j < i; j++)
            PROPERTY(!span_equal(side.names[i], side.names[j]));
    }
}

static void check_votes(const struct minutes *minutes)
{
    for (size_t i = 0; i < minutes->meeting.item_count; i++) {
        const struct item *item = &minutes->meeting.items[i];
        check_side(item, item->votes_for);
        check_side(item, item->votes_against);
        check_side(item, item->votes_abstain);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char roster[] = "Byrådet\n\nMedlemmer:\nAnna Brask (A)\nBent Krogh (V)\nEva Holck (Ø)\nIda Lund (C)\n"
                                 "Ole Friis (V)\n\n1. Skolen\n\nBeslutning\n\n",
                      rest[] = "\n\n2. Eventuelt\n\nBeslutning\n\nIntet.\n";
    struct span text = property_text(data, size > 8000 ? 8000 : size);
    char *clean = property_clean(text);
    check_words((struct span){clean, text.size});
    free(clean);
    property_framed(roster, text, rest, MEDIA_MARKDOWN, check_votes);
    return 0;
}
