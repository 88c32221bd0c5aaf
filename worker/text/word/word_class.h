/* word_class: which of the lists of words a word stands on, by one look into one table.
 *
 * The lists are .def files; make_lookup computes the tables from them. Pure. */
#ifndef REFERENT_WORD_CLASS_H
#define REFERENT_WORD_CLASS_H

#include "words.h"

enum word_class {
    CLASS_FUNCTION = 1, /* function_word.def */
    CLASS_HOUSE = 2,    /* house.def */
    CLASS_TELLER = 4,   /* tells that the words before it name an organisation; also with a genitive s */
    CLASS_LEAD = 8,     /* may begin the words that lead an organisation's name: "Styrelsen for" */
    CLASS_FIRST_ALONE = 16 /* a known organisation, also with a genitive s */,
    CLASS_FIRST_SPACE = 32 /* the first word of a known organisation or of a kind of house, before a space, */,
    CLASS_FIRST_POINT = 64 /* before a point, */,
    CLASS_FIRST_OTHER = 128 /* or before another sign */
};

/* The class of a first word of more, by the byte behind it. */
static inline unsigned class_first_before(char behind)
{
    return behind == ' ' ? CLASS_FIRST_SPACE : behind == '.' ? CLASS_FIRST_POINT : CLASS_FIRST_OTHER;
}

/* The 64 bits that stand for a word in a table. The lowest eight give way to its classes; make_lookup has seen that
 * the others tell all listed words apart. A word on no list is taken for one that is with a chance of 1 in 10^12 and
 * less. Eight bytes may be read from `at` on; no branch asks for the size of a usual word, as nothing foretells it. */
enum { CLASS_BITS = 8 };
static inline uint64_t word_mark(const char *at, size_t size)
{
    static const uint64_t masks[] = {0,
                                     UINT64_C(0xFF),
                                     UINT64_C(0xFFFF),
                                     UINT64_C(0xFFFFFF),
                                     UINT64_C(0xFFFFFFFF),
                                     UINT64_C(0xFFFFFFFFFF),
                                     UINT64_C(0xFFFFFFFFFFFF),
                                     UINT64_C(0xFFFFFFFFFFFFFF),
                                     UINT64_MAX};
    bool full = size >= 8, lengthy = size > 16;
    uint64_t mask = masks[full ? 8 : size];
    uint64_t head = word_load(at, 8) & mask, tail = word_load(at + ((size - 8) & -(size_t)full), 8) & mask;
    uint64_t middle = word_load(at + (8 & -(size_t)lengthy), 8) & -(uint64_t)lengthy;
    uint64_t mark = (head + size) * UINT64_C(0x9E3779B97F4A7C15) ^ middle * UINT64_C(0xC2B2AE3D27D4EB4F);
    for (size_t i = 16; i + 8 < size; i += 8)
        mark = (mark ^ mark >> 32 ^ word_load(at + i, 8)) * UINT64_C(0x9E3779B97F4A7C15);
    mark = (mark ^ mark >> 32 ^ tail) * UINT64_C(0xD6E8FEB86659FD93);
    return mark ^ mark >> 29;
}

/* Each listed word has a place of its own: its mark tells a group, the group's shift (which make_lookup has found)
 * the place. So a look takes no branch. Groups, shifts and places are powers of two. */
static inline size_t word_mark_group(uint64_t mark, size_t groups)
{
    return (size_t)(mark >> 16) & (groups - 1);
}

static inline size_t word_mark_place(uint64_t mark, size_t shift, size_t places)
{
    return (size_t)((mark >> 44) + shift * (mark >> 28 | 1)) & (places - 1);
}

/* The place of a word's mark in a sieve. */
enum { SIEVE_BITS = 1 << 17 };
static inline size_t sieve_bit(uint64_t mark)
{
    return (size_t)(mark >> 40) % SIEVE_BITS;
}

/* The classes of the word from `at` to `stop`, 0 if it is on no list. Eight bytes may be read from `at` on. */
unsigned word_class(const char *at, const char *stop);

enum name_class {
    NAME_GIVEN = 1, /* given_name.def */
    NAME_COMMON = 2 /* common_name.def */
};
/* What first name the word is, 0 if none. "Kaj-Erik" is one as "Kaj" is. */
unsigned name_class(struct span word);
/* NAME_COMMON if the word is such a name, 0 if not: its table is small. */
unsigned name_common(struct span word);

#endif
