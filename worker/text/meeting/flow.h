/* flow: what a text says of closed items in the flow of its words, where lines tell nothing. Used by flow*.c only. */
#ifndef REFERENT_FLOW_H
#define REFERENT_FLOW_H

#include "agenda.h"

/* A stretch of the clean text. */
struct stretch {
    const char *at, *end;
};

/* The heading of an item amid other words: "... Godkendt. Punkt 7: Title". */
struct flow_heading {
    const char *at, *title; /* NULL if there is none */
    unsigned number;
    enum heading_style style;
};

/* Words that say that something is closed. */
enum flow_kind {
    FLOW_NONE,
    FLOW_ITEM,  /* "Lukket punkt": one item */
    FLOW_GROUP, /* "Lukkede punkter": all that follow */
    FLOW_DOORS  /* "Punktet blev behandlet for lukkede døre." */
};
struct flow_mark {
    enum flow_kind kind;
    const char *at, *end;        /* the words */
    struct flow_heading heading; /* the one that they belong to */
    bool sure;                   /* so even where other lines show what is a heading */
};

enum { FLOW_LOOKS = 100 }; /* all that stands before is looked at so often for one document; more is a burden */

static inline bool flow_is_word(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || is_digit(c) || c & 0x80;
}

static inline bool flow_is_big(const char *at)
{
    unsigned char first = (unsigned char)at[0], second = (unsigned char)at[1];
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

/* Nothing but signs and spaces stands between: what is at `at` stands above what begins at `end`. */
static inline bool flow_is_above(const char *at, const char *end)
{
    while (at < end && !flow_is_word(*at))
        at++;
    return at == end;
}

/* Behind words that close something with this number (0: without one), or a group: where something else begins, which
 * *heading is if it has a heading, or the end of `words`. `looks`: how often all before was looked at by now. */
const char *flow_end(const struct reading *reading, unsigned *looks, struct stretch words, unsigned number, bool group,
                     struct flow_heading *heading);
/* A style that no list within an item has: a number that names itself, "Punkt 8". That, or a number with a point. */
bool flow_is_named(enum heading_style style);
bool flow_is_dotted(enum heading_style style);

/* The next mark in `words`; what stands before them, up to `floor`, tells what it means. FLOW_NONE if there is none. */
struct flow_mark flow_mark_next(struct stretch words, const char *floor);

/* A stretch of the text that is closed, and what was found of its heading; or of an open one behind it. */
struct flow_item {
    uint32_t start, title, title_end;
    struct span number;
    bool open;
};
struct flow_list {
    struct flow_item *items;
    size_t count, capacity;
};
/* Items that begin amid lines become items of their own, ascending. Faults: FAULT_REJECT arena.bound. */
NODISCARD enum fault flow_cut(struct reading *reading, const struct flow_list *list);

/* The heading that begins at `at`, behind a sentence, a mark or a space. */
struct flow_heading flow_heading_at(const char *at, const char *end);
/* The heading whose number stands before the words, with no end of a sentence between. */
struct flow_heading flow_heading_before(struct stretch words, const char *floor);
/* Where the numbers of cases that stand right before `at` begin, or `at`. */
const char *flow_numbers_before(const char *at, const char *floor);
/* May a word begin at `at`? */
bool flow_begins(const char *at, const char *floor);

#endif
