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

static bool letter_in(char letter, const char *letters)
{
    return letter != '\0' && strchr(letters, letter) != NULL;
}

/* æ, å and ø are C3 A6, C3 A5 and C3 B8. */
static bool is_vowel(struct cutting cutting, size_t at)
{
    if ((unsigned char)cutting.at[at] != 0xC3)
        return letter_in(cutting.at[at], "aeiouy");
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

static bool ends_with(struct cutting cutting, const char *ending, size_t size)
{
    if (cutting.size < cutting.region + size)
        return false;
    const char *at = cutting.at + cutting.size - size;
    while (size > 0 && at[size - 1] == ending[size - 1])
        size--;
    return size == 0;
}
#define ENDS(cutting, ending) ends_with((cutting), (ending), sizeof(ending) - 1)

/* An s goes only behind letters that a genitive can have. */
static bool is_s_ending(struct cutting cutting)
{
    if (cutting.size < 2)
        return false;
    char before = cutting.at[cutting.size - 2];
    bool ring =
        (unsigned char)before == 0xA5 && cutting.size > 2 && (unsigned char)cutting.at[cutting.size - 3] == 0xC3;
    return letter_in(before, "abcdfghjklmnoprtvyz") || ring;
}

struct ending {
    const char *bytes;
    size_t size;
};
#define ENDING(bytes)                                                                                                  \
    {                                                                                                                  \
        (bytes), sizeof(bytes) - 1                                                                                     \
    }

/* The longest of these that the word ends with is cut off; by their last letter, longer ones first. */
static size_t main_suffix(struct cutting cutting)
{
    static const struct ending d[] = {ENDING("ethed"), ENDING("ered"), ENDING("hed")},
                               e[] = {ENDING("erende"), ENDING("erede"), ENDING("ende"), ENDING("erne"),
                                      ENDING("ene"),    ENDING("ere"),   ENDING("e")},
                               n[] = {ENDING("heden"), ENDING("eren"), ENDING("en")},
                               r[] = {ENDING("heder"), ENDING("erer"), ENDING("er")},
                               s[] = {ENDING("erendes"), ENDING("hedens"), ENDING("endes"), ENDING("ernes"),
                                      ENDING("erens"),   ENDING("erets"),  ENDING("heds"),  ENDING("enes"),
                                      ENDING("eres"),    ENDING("ens"),    ENDING("ers"),   ENDING("ets"),
                                      ENDING("es")},
                               t[] = {ENDING("eret"), ENDING("et")};
#define ENDINGS(letter, list)                                                                                          \
    case (letter): endings = (list), count = sizeof(list) / sizeof *(list); break
    const struct ending *endings = NULL;
    size_t count = 0;
    if (cutting.size <= cutting.region)
        return cutting.size;
    char last = cutting.at[cutting.size - 1];
    switch (last) {
        ENDINGS('d', d);
        ENDINGS('e', e);
        ENDINGS('n', n);
        ENDINGS('r', r);
        ENDINGS('s', s);
        ENDINGS('t', t);
    default: return cutting.size;
    }
    for (size_t i = 0; i < count; i++)
        if (ends_with(cutting, endings[i].bytes, endings[i].size))
            return cutting.size - endings[i].size;
    return last == 's' && is_s_ending(cutting) ? cutting.size - 1 : cutting.size;
}

static size_t consonant_pair(struct cutting cutting)
{
    bool pair = ENDS(cutting, "gd") || ENDS(cutting, "dt") || ENDS(cutting, "gt") || ENDS(cutting, "kt");
    return pair ? cutting.size - 1 : cutting.size;
}

/* "igst" loses its st wherever R1 begins. */
static size_t other_suffix(struct cutting cutting)
{
    static const struct ending endings[] = {ENDING("elig"), ENDING("lig"), ENDING("els"), ENDING("ig")};
    if (cutting.size >= 4 && memcmp(cutting.at + cutting.size - 4, "igst", 4) == 0)
        cutting.size -= 2;
    if (ENDS(cutting, "l\xC3\xB8st"))
        return cutting.size - 1;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(cutting, endings[i].bytes, endings[i].size)) {
            cutting.size -= endings[i].size;
            return consonant_pair(cutting);
        }
    return cutting.size;
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
