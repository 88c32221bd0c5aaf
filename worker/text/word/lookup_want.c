/* lookup_want: the sets of want.h: which rules may want a word, by what it begins and ends with. Part of make_lookup.
 */
#include "lookup_print.h"

#include "want.h"

#include <inttypes.h>
#include <stdio.h>

static const struct span law_tails[] = {
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
/* Usual words that nothing wants, the most usual ones first. */
static const struct span usual[] = {
#define USUAL(word) WORD(word),
#include "usual_word.def"
#undef USUAL
};
/* What makes a word worth more than a glance: what it begins with, and how long it must be. */
static const struct {
    struct span head;
    size_t least;
    unsigned kind;
} wanted[] = {
#define LAW_HEAD(head, least) {WORD(head), least, WANT_LAW},
#define LAW_KIND(word)        {WORD(word), 3, WANT_LAW},
#define LAW_WORD(word)        {WORD(word), 3, WANT_LAW},
#define LAW_TAIL(tail)
#include "law_word.def"
#define CUE(head) {WORD(head), 3, WANT_CUE},
#include "cue.def"
#define LED(head, kinds) {WORD(head), 3, kinds},
#include "led.def"
};

static struct affix_kinds heads, tails;

static void want_put(struct affix_kinds *set, const char *at, size_t size, uint32_t factor, unsigned kind)
{
    set->kinds[want_slot(affix_of(at, size), size, factor)] |= (unsigned char)kind;
}

/* What the word has in common with those in the sets, by its place there. */
static unsigned want_of(struct span word, uint32_t factor)
{
    size_t most = word.size < 4 ? word.size : 4;
    char head[4] = {' ', ' ', ' ', ' '}, tail[4] = {' ', ' ', ' ', ' '};
    memcpy(head, word.at, most);
    memcpy(tail, word.at + word.size - most, most);
    return heads.kinds[want_slot(affix_load(head) | 0x20202020, 3, factor)] |
           heads.kinds[want_slot(affix_load(head) | 0x20202020, 4, factor)] |
           tails.kinds[want_slot(affix_load(tail) >> 8, 3, factor)] |
           tails.kinds[want_slot(affix_load(tail), 4, factor)];
}

static void wanted_fill(uint32_t factor)
{
    memset(&heads, 0, sizeof heads);
    memset(&tails, 0, sizeof tails);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        char head[4] = {0};
        size_t size = wanted[i].head.size < 4 ? 3 : 4;
        for (size_t j = 0; j < size; j++)
            head[j] = (char)(wanted[i].head.at[j] | 0x20);
        want_put(&heads, head, size, factor, wanted[i].least < WANT_LONG_LEAST ? wanted[i].kind : WANT_LONG_LAW);
    }
    want_put(&heads, "kr  ", 4, factor, WANT_LED | WANT_CUE);
    want_put(&heads, "d   ", 4, factor, WANT_LED);     /* "d. 5" */
    want_put(&heads, "l   ", 4, factor, WANT_LED);     /* "l. maj" for "1. maj" */
    want_put(&heads, "t   ", 4, factor, WANT_LED);     /* "t.kr." */
    want_put(&heads, "for", 3, factor, WANT_LONG_LAW); /* the others in "for" (law_glance.c) */
    want_put(&tails, "dag", 3, factor, WANT_LED);      /* of the week */
    want_put(&tails, "DAG", 3, factor, WANT_LED);
    for (size_t i = 0; i < COUNT(law_tails); i++) {
        size_t size = law_tails[i].size < 4 ? 3 : 4;
        want_put(&tails, law_tails[i].at + law_tails[i].size - size, size, factor, WANT_LAW_TAIL);
    }
}

/* The factor by which the fewest of the usual words share a place with what is wanted. */
void wanted_print(void)
{
    uint32_t factor = 0x9E3779B1u, best = factor;
    const size_t all = COUNT(usual);
    double least = (double)all;
    for (size_t tries = 0; tries < 4000; tries++, factor = factor * 1664525u + 1013904223u) {
        double shared = 0;
        wanted_fill(factor | 1);
        for (size_t i = 0; i < COUNT(usual); i++)
            shared += want_of(usual[i], factor | 1) ? 1.0 / (double)(i + 10) : 0;
        if (shared < least) {
            least = shared;
            best = factor | 1;
        }
    }
    wanted_fill(best);
    printf("static const uint32_t wanted_factor = %" PRIu32 "u;\n", best);
    kinds_print("wanted_heads", &heads);
    kinds_print("wanted_tails", &tails);
}
