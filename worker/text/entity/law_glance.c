/* law_glance: a quick look that tells that a word is no part of a reference to an act, by its two ends. Pure. */
#include "glance.h"
#include "law.h"

#include <string.h>

/* The word begins with the head, capitals as small letters: the bit that tells them apart counts nowhere. */
static bool begins_small(struct span word, struct span head)
{
    size_t same = 0;
    while (same < head.size && (word.at[same] | 0x20) == (head.at[same] | 0x20))
        same++;
    return same == head.size;
}

/* A long word in "for" that no head and no tail tells: few of them may be an act, "forsyningsregulativ". */
static bool is_other_for(struct span word)
{
    static const struct span ends[] = {WORD("regulativ"), WORD("regulativs"), WORD("reglements")};
    if (word.size < WANT_LONG_LEAST || !begins_small(word, SPAN("for")))
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (word_ends(word, ends[i]))
            return true;
    return memchr(word.at, '-', word.size) != NULL;
}

static bool head_listed(struct span word)
{
    static const struct {
        struct span head;
        size_t least, most;
    } heads[] = {
#define LAW_HEAD(head, least) {WORD(head), least, SIZE_MAX},
#define LAW_KIND(word)        {WORD(word), sizeof(word) - 1, sizeof(word) - 1},
#define LAW_WORD(word)
#define LAW_TAIL(tail)
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_KIND
#undef LAW_WORD
#undef LAW_TAIL
    };
    static const struct span words[] = {
#define LAW_HEAD(head, least)
#define LAW_KIND(word)
#define LAW_WORD(word) WORD(word),
#define LAW_TAIL(tail)
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_KIND
#undef LAW_WORD
#undef LAW_TAIL
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (word.size >= heads[i].least && word.size <= heads[i].most && begins_small(word, heads[i].head))
            return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_equal(word, words[i]))
            return true;
    return is_other_for(word);
}

static bool tail_listed(struct span word)
{
    static const struct span tails[] = {
#define LAW_HEAD(head, least)
#define LAW_KIND(word)
#define LAW_WORD(word)
#define LAW_TAIL(tail) WORD(tail),
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_KIND
#undef LAW_WORD
#undef LAW_TAIL
    };
    static const struct tail_list list = {law_tail_first, law_tail_next};
    for (size_t i = word.size >= 5 ? tail_first(&list, word.at + word.size, word.size) : 0; i; i = law_tail_next[i - 1])
        if (word_ends(word, tails[i - 1]))
            return true;
    return false;
}

bool law_may_begin(const char *at, const char *stop, unsigned wants)
{
    struct span word = {at, (size_t)(stop - at)};
    return (wants & WANT_LAW_HEAD && head_listed(word)) || (wants & WANT_LAW_TAIL && tail_listed(word));
}
