/* glance: what may follow in a name. Pure. */
#include "glance.h"

/* What may stand behind a small letter that begins a word which joins two words of a name ("og", "de", "a/s"): a bit
 * for each letter, for the slash and for the point. A capital may stand there before anything. */
#define JOIN(second)       (1u << ((second) == '/' ? 0 : (second) == '.' ? 31 : (second)&31))
#define FIVE(first)        [first] = ~0u, [(first) + 1] = ~0u, [(first) + 2] = ~0u, [(first) + 3] = ~0u, [(first) + 4] = ~0u
#define TWENTY_FIVE(first) FIVE(first), FIVE((first) + 5), FIVE((first) + 10), FIVE((first) + 15), FIVE((first) + 20)
#define HUNDRED(first)                                                                                                 \
    TWENTY_FIVE(first), TWENTY_FIVE((first) + 25), TWENTY_FIVE((first) + 50), TWENTY_FIVE((first) + 75)
static const uint32_t joins_by[256] = {
    /* signs that may: neither figures nor those that part two words, as points, commas and brackets */
    FIVE(1),
    FIVE(6),
    FIVE(11),
    FIVE(16),
    FIVE(21),
    FIVE(26),
    [31] = ~0u,
    ['!'] = ~0u,
    ['#'] = ~0u,
    ['$'] = ~0u,
    ['%'] = ~0u,
    ['&'] = ~0u,
    [')'] = ~0u,
    ['/'] = ~0u,
    ['<'] = ~0u,
    ['='] = ~0u,
    ['>'] = ~0u,
    ['?'] = ~0u,
    ['@'] = ~0u,
    TWENTY_FIVE('A'),
    ['Z'] = ~0u,
    ['['] = ~0u,
    ['\\'] = ~0u,
    [']'] = ~0u,
    ['^'] = ~0u,
    ['_'] = ~0u,
    ['`'] = ~0u,
    ['{'] = ~0u,
    ['|'] = ~0u,
    ['}'] = ~0u,
    ['~'] = ~0u,
    [127] = ~0u,
    HUNDRED(128),
    TWENTY_FIVE(228),
    [253] = ~0u,
    [254] = ~0u,
    [255] = ~0u,
    ['a'] = JOIN('s') | JOIN('/') | JOIN('.') | JOIN('m') | JOIN('f') | JOIN('l'),
    ['b'] = JOIN('i'),                                     /* bin */
    ['d'] = JOIN('e') | JOIN('a') | JOIN('i') | JOIN('u'), /* de, den, del, da, di, du */
    ['e'] = JOIN('l'),
    ['f'] = JOIN('.'), /* f.m.b.a. */
    ['i'] = JOIN('/') | JOIN('b'),
    ['l'] = JOIN('a') | JOIN('e'),
    ['o'] = JOIN('g'),
    ['t'] = JOIN('e'), /* ten */
    ['v'] = JOIN('o') | JOIN('a'),
    ['z'] = JOIN('u')};
#undef JOIN
#undef FIVE
#undef TWENTY_FIVE
#undef HUNDRED

/* The bit of a byte behind the first one, as JOIN has it; 30 is that of no letter. */
static unsigned join_bit(unsigned char second)
{
    return (unsigned char)(second - 'a') < 26 ? second & 31u : second == '/' ? 0 : second == '.' ? 31 : 30;
}

/* A capital, a sign or a small word that joins two words of a name begins here. */
static bool joins(const char *at)
{
    uint32_t by = joins_by[(unsigned char)*at];
    return by && (by >> join_bit((unsigned char)at[1]) & 1);
}

/* What stands behind a capitalised word: white space, behind which another may follow, a point, or what parts it from
 * the next word. */
enum behind { BEHIND_MORE, BEHIND_WHITE, BEHIND_POINT, BEHIND_NOTHING };
static const unsigned char behinds[256] = {
    [0] = BEHIND_NOTHING,   [' '] = BEHIND_WHITE,   ['\n'] = BEHIND_WHITE,  ['.'] = BEHIND_POINT,
    [','] = BEHIND_NOTHING, [':'] = BEHIND_NOTHING, [';'] = BEHIND_NOTHING, [')'] = BEHIND_NOTHING,
    ['('] = BEHIND_NOTHING, ['"'] = BEHIND_NOTHING, ['!'] = BEHIND_NOTHING, ['?'] = BEHIND_NOTHING,
    ['\t'] = BEHIND_NOTHING};

bool glance_follows(const char *at, const char *stop)
{
    switch ((enum behind)behinds[(unsigned char)*stop]) {
    case BEHIND_WHITE:
        while (*stop == ' ' || *stop == '\n')
            stop++;
        return joins(stop) || (stop == at + 2 && stop[0] == '.' && stop[1] == ' '); /* "R . Hansen" */
    case BEHIND_POINT: return stop - at <= 6;                                       /* Chr., Skt., H.C. */
    case BEHIND_NOTHING: return false;
    default: return true;
    }
}

bool glance_name(const char *stop, const char *limit)
{
    if (stop >= limit)
        return false;
    switch ((unsigned char)*stop) {
    case ' ':
        stop += stop[1] == ' ' ? 2 : 1;
        return *stop >= 'a' && *stop <= 'z' ? glance_particle(*stop) : *stop == '.' || (unsigned char)*stop >= 'A';
    case '\n':
    case '.':  /* P. Hansen */
    case '\'': /* O'Brien */
    case 0xE2: return true;
    default: return false;
    }
}
