/* stemmer: a Danish word -> its stem, by cutting endings off. Pure.
 *
 * Endings are looked for behind R1: what follows the first consonant behind the first vowel, and never less than three
 * letters from the start. */
#include "stemmer.h"

#include "span.h"

enum { WORD_MAX_BYTES = 128 };

/* What is left of the word, and where R1 begins. */
struct cutting {
    const char *at;
    size_t size, region;
};

/* ---- letters */

static size_t letter_size(struct cutting cutting, size_t at)
{
    size_t size = 1;
    while (at + size < cutting.size && ((unsigned char)cutting.at[at + size] & 0xC0) == 0x80)
        size++;
    return size;
}

/* Letters of ASCII, a bit each. */
#define LETTER(letter) (UINT32_C(1) << ((letter) - 'a'))
static const uint32_t VOWELS = LETTER('a') | LETTER('e') | LETTER('i') | LETTER('o') | LETTER('u') | LETTER('y');
/* An s is a genitive's behind all but these: e, i, q, s, u, w, x. */
static const uint32_t NO_GENITIVE =
    LETTER('e') | LETTER('i') | LETTER('q') | LETTER('s') | LETTER('u') | LETTER('w') | LETTER('x');

static bool is_small(char letter)
{
    return letter >= 'a' && letter <= 'z';
}

/* æ, å and ø are C3 A6, C3 A5 and C3 B8. */
static bool is_vowel(struct cutting cutting, size_t at)
{
    if ((unsigned char)cutting.at[at] != 0xC3)
        return is_small(cutting.at[at]) && (VOWELS >> (cutting.at[at] - 'a') & 1);
    unsigned char second = at + 1 < cutting.size ? (unsigned char)cutting.at[at + 1] : 0;
    return second == 0xA6 || second == 0xA5 || second == 0xB8;
}

static size_t region_of(struct cutting cutting)
{
    size_t third = 0, at = 0;
    for (size_t letters = 0; letters < 3; letters++) {
        if (third == cutting.size)
            return cutting.size;
        third += letter_size(cutting, third);
    }
    while (at < cutting.size && !is_vowel(cutting, at))
        at += letter_size(cutting, at);
    while (at < cutting.size && is_vowel(cutting, at))
        at += letter_size(cutting, at);
    if (at == cutting.size)
        return at;
    at += letter_size(cutting, at);
    return at > third ? at : third;
}

/* ---- endings */

/* Behind R1; the size is a constant, so that no loop is needed. */
#define ENDS(cutting, ending)                                                                                          \
    ((cutting).size >= (cutting).region + sizeof(ending) - 1 &&                                                        \
     memcmp((cutting).at + (cutting).size - (sizeof(ending) - 1), (ending), sizeof(ending) - 1) == 0)

/* An s goes only behind letters that a genitive can have. */
static bool is_s_ending(struct cutting cutting)
{
    if (cutting.size < 2)
        return false;
    char before = cutting.at[cutting.size - 2];
    bool ring =
        (unsigned char)before == 0xA5 && cutting.size > 2 && (unsigned char)cutting.at[cutting.size - 3] == 0xC3;
    return ring || (is_small(before) && (NO_GENITIVE >> (before - 'a') & 1) == 0);
}

/* How long the longest of the endings is that the word has; by their last letter, longer ones first. */
#define IF_ENDS(ending)                                                                                                \
    if (ENDS(cutting, ending))                                                                                         \
        return sizeof(ending) - 1;
static size_t ending_s(struct cutting cutting)
{
    IF_ENDS("erendes")
    IF_ENDS("hedens")
    IF_ENDS("endes")
    IF_ENDS("ernes")
    IF_ENDS("erens")
    IF_ENDS("erets")
    IF_ENDS("heds")
    IF_ENDS("enes")
    IF_ENDS("eres")
    IF_ENDS("ens")
    IF_ENDS("ers")
    IF_ENDS("ets")
    IF_ENDS("es")
    return is_s_ending(cutting);
}

static size_t ending_e(struct cutting cutting)
{
    IF_ENDS("erende")
    IF_ENDS("erede")
    IF_ENDS("ende")
    IF_ENDS("erne")
    IF_ENDS("ene")
    IF_ENDS("ere")
    return 1;
}

static size_t main_ending(struct cutting cutting)
{
    switch (cutting.at[cutting.size - 1]) {
    case 'd': IF_ENDS("ethed") IF_ENDS("ered") IF_ENDS("hed") return 0;
    case 'e': return ending_e(cutting);
    case 'n': IF_ENDS("heden") IF_ENDS("eren") IF_ENDS("en") return 0;
    case 'r': IF_ENDS("heder") IF_ENDS("erer") IF_ENDS("er") return 0;
    case 's': return ending_s(cutting);
    case 't': IF_ENDS("eret") IF_ENDS("et") return 0;
    default: return 0;
    }
}

static size_t main_suffix(struct cutting cutting)
{
    return cutting.size > cutting.region ? cutting.size - main_ending(cutting) : cutting.size;
}

static size_t consonant_pair(struct cutting cutting)
{
    bool pair = ENDS(cutting, "gd") || ENDS(cutting, "dt") || ENDS(cutting, "gt") || ENDS(cutting, "kt");
    return pair ? cutting.size - 1 : cutting.size;
}

static size_t other_ending(struct cutting cutting)
{
    IF_ENDS("elig")
    IF_ENDS("lig")
    IF_ENDS("els")
    IF_ENDS("ig")
    return 0;
}

/* "igst" loses its st wherever R1 begins. */
static size_t other_suffix(struct cutting cutting)
{
    if (cutting.size >= 4 && memcmp(cutting.at + cutting.size - 4, "igst", 4) == 0)
        cutting.size -= 2;
    if (ENDS(cutting, "l\xC3\xB8st"))
        return cutting.size - 1;
    size_t ending = other_ending(cutting);
    cutting.size -= ending;
    return ending > 0 ? consonant_pair(cutting) : cutting.size;
}

/* Of two alike at the end of R1 one goes: consonants, but digits and signs too. */
static size_t undouble(struct cutting cutting)
{
    size_t last = cutting.size;
    while (last > cutting.region && ((unsigned char)cutting.at[--last] & 0xC0) == 0x80)
        continue;
    size_t size = cutting.size - last;
    if (size == 0 || last < size || is_vowel(cutting, last) ||
        !bytes_equal(cutting.at + last - size, cutting.at + last, size))
        return cutting.size;
    return last;
}

size_t danish_stem(void *self, const char *word, size_t size, char out[static 128])
{
    (void)self;
    struct cutting cutting = {.at = word, .size = size};
    if (size > WORD_MAX_BYTES)
        return 0;
    cutting.region = region_of(cutting);
    cutting.size = main_suffix(cutting);
    cutting.size = consonant_pair(cutting);
    cutting.size = other_suffix(cutting);
    cutting.size = undouble(cutting);
    memcpy(out, word, cutting.size);
    return cutting.size;
}
