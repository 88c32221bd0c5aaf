/* law_glance: a quick look that tells that a word is no part of a reference to an act, by its two ends. Pure. */
#include "glance.h"
#include "law.h"

#include <assert.h>

/* The word begins with the head, capitals as small letters: the bit that tells them apart counts nowhere. */
static bool begins_small(struct span word, struct span head)
{
    size_t same = 0;
    while (same < head.size && (word.at[same] | 0x20) == (head.at[same] | 0x20))
        same++;
    return same == head.size;
}

bool law_may_begin(const char *at, const char *stop)
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
    struct span word = {at, (size_t)(stop - at)};
    const uint32_t firsts = 1u << ('b' & 31) | 1u << ('c' & 31) | 1u << ('f' & 31) | 1u << ('l' & 31) |
                            1u << ('v' & 31); /* what the heads begin with */
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        assert(firsts >> (*heads[i].head.at & 31) & 1);
    for (size_t i = 0; firsts >> (*at & 31) & 1 && i < sizeof heads / sizeof *heads; i++)
        if ((*at ^ *heads[i].head.at) & 31)
            continue;
        else if (word.size >= heads[i].least && word.size <= heads[i].most && begins_small(word, heads[i].head))
            return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (*at == *words[i].at && span_equal(word, words[i]))
            return true;
    static const struct tail_list list = {law_tail_first, law_tail_next};
    for (size_t i = word.size >= 5 ? tail_first(&list, stop, word.size) : 0; i; i = law_tail_next[i - 1])
        if (word_ends(word, tails[i - 1]))
            return true;
    return false;
}
