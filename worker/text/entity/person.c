/* person: names and parties, word by word. Pure. */
#include "person.h"

#include "utf8.h"
#include "word_class.h"

#include <string.h>

/* "H.", "Chr.": an initial stands for a first name. */
static bool is_initial(struct span word)
{
    return word.size >= 2 && word.size <= 4 && word.at[word.size - 1] == '.';
}

unsigned given_class(struct span word)
{
    return name_class(word) | (is_initial(word) ? NAME_GIVEN : 0);
}

bool is_given_name(struct span word)
{
    return is_initial(word) || name_class(word) & NAME_GIVEN;
}

bool is_common_name(struct span word)
{
    return name_common(word);
}

/* Letters that stand for a party though they are more than two. Source: minutes; see party.def for the letters. */
static const struct span long_parties[] = {
    WORD("Løsgænger"),
    WORD("løsgænger"),
    WORD("Løsg."),
    WORD("løsg."),
    WORD("UFP"),
    WORD("ufp"),
    WORD("ALT"),
    WORD("KRF"),
    WORD("KrF"),
    WORD("Uafhængig"),
    WORD("uafhængig"),
    WORD("udenfor parti"),
    WORD("uden for parti"),
    WORD("Udenfor parti"),
    WORD("Uden for parti"),
    WORD("Soc."),
    WORD("Rad."),
    WORD("Kons."),
    WORD("Lokallisten"),
    WORD("Borgerlisten"),
    WORD("Enh."),
    WORD("Alt."),
    WORD("Kd."),
    WORD("Upol."),
    WORD("Fælleslisten"),
    WORD("Løs"),
    WORD("UDP"),
    WORD("UPL"),
#define PARTY(letters, name) WORD(name),
#include "party.def"
#undef PARTY
};

bool is_party(struct span letters)
{
    size_t count = 0, capitals = 0; /* of letters, 3 if there are more */
    for (size_t at = 0; at < letters.size && count < 3; count++) {
        uint32_t c = 0;
        at += utf8_decode(letters.at + at, letters.at + letters.size, &c);
        bool capital = (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE);
        bool small = (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF);
        capitals += capital;
        if (!capital && !small && letters.size < 4)
            return false;
    }
    if (count == 1)
        return capitals == 1;
    if (count == 2)
        return capitals >= 1 && !(letters.at[0] >= 'a' && letters.at[0] <= 'z');
    for (size_t i = 0; i < sizeof long_parties / sizeof *long_parties; i++)
        if (span_equal(letters, long_parties[i]))
            return true;
    return false;
}

/* "(A, formand)", "(formand, liste A)", "(liste A)": the letters among the words in brackets from `start` to `stop`;
 * words that are neither a party nor begin small are those of no member. */
static struct span party_among(const char *start, const char *stop)
{
    struct span found = {0};
    for (const char *at = start; at < stop;) {
        while (at < stop && *at == ' ')
            at++;
        const char *comma = memchr(at, ',', (size_t)(stop - at));
        struct span part = {at, (size_t)((comma ? comma : stop) - at)};
        bool list = part.size > 6 && memcmp(part.at + 1, "iste ", 5) == 0 && (*part.at | 0x20) == 'l';
        struct span letters = list ? span_cut(part, 6, part.size) : part;
        bool small = part.size && *part.at >= 'a' && *part.at <= 'z';
        if (letters.size && !found.at && is_party(letters) && (list || !small))
            found = letters;
        else if (!small && (unsigned char)(part.size ? *part.at : 0) != 0xC3)
            return (struct span){0};
        at = part.at + part.size + 1;
    }
    return found;
}

/* " (A)", " (Å)", as most parties stand: the size of the letter, 0 if something else stands there. */
static size_t party_letter(const char *at, const char *end)
{
    if (end - at < 5 || at[0] != ' ' || at[1] != '(')
        return 0;
    bool latin = (unsigned char)at[2] == 0xC3 && (unsigned char)at[3] >= 0x80 && (unsigned char)at[3] <= 0x9E;
    return at[2] >= 'A' && at[2] <= 'Z' && at[3] == ')' ? 1 : latin && at[4] == ')' ? 2 : 0;
}

struct party_match party_at(const char *at, const char *end)
{
    size_t single = party_letter(at, end);
    if (single)
        return (struct party_match){single + 3, 2, 2 + single};
    const char *cursor = at;
    bool comma = cursor < end && *cursor == ',';
    cursor += comma;
    while (cursor < end && (*cursor == ' ' || *cursor == '\n' || *cursor == '\t') && cursor - at < 40)
        cursor++;
    struct party_match none = {0};
    if (cursor >= end)
        return none;
    if (*cursor == '(') {
        const char *stop = cursor + 1;
        while (stop < end && stop - cursor < 30 && *stop != ')' && *stop != '\n' && *stop != '(')
            stop++;
        struct span letters = {cursor + 1, (size_t)(stop - cursor - 1)};
        if (stop >= end || *stop != ')' || !letters.size)
            return none;
        if (!is_party(letters)) {
            struct span among = party_among(letters.at, stop);
            if (!among.size)
                return none;
            size_t start = (size_t)(among.at - at);
            return (struct party_match){(size_t)(stop + 1 - at), start, start + among.size};
        }
        return (struct party_match){(size_t)(stop + 1 - at), (size_t)(cursor + 1 - at), (size_t)(stop - at)};
    }
    bool cell = !comma && at < end && *at == '\t'; /* name and party in cells of a row */
    if (!cell && (!comma || cursor - at != 2))
        return none;
    /* ", F," or ", V" at the end of a line or before a dash: one letter alone */
    size_t letter = (unsigned char)*cursor == 0xC3 ? 2 : 1;
    if ((size_t)(end - cursor) < letter || !is_party((struct span){cursor, letter}))
        return none;
    const char *behind = cursor + letter;
    bool ends =
        behind >= end || *behind == ',' || *behind == '\n' || *behind == '\t' || *behind == ';' ||
        (*behind == ' ' && behind + 1 < end && (behind[1] == '-' || behind[1] == '(')) ||
        (end - behind > 10 && (memcmp(behind, " stedfortr", 10) == 0 || memcmp(behind, " suppleant", 10) == 0)) ||
        (*behind == '.' && behind + 1 < end && behind[1] == '\n');
    if (!ends)
        return none;
    return (struct party_match){(size_t)(behind - at), (size_t)(cursor - at), (size_t)(behind - at)};
}
