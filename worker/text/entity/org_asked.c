/* org_asked: names of organisations that no word of their own gives away, told by the words around them: "tilbud fra
 * X", "leverandøren X", "X har budt". Pure. */
#include "org.h"
#include "person.h"
#include "word_class.h"

#include <string.h>

const char org_asked_rule[] = "org.asked";

/* The prepositions that a deed may stand before. */
enum { DEED_FROM = 1, DEED_WITH = 2, DEED_BY = 4, DEED_AT = 8, DEED_TO = 16, DEED_IS = 32 };

static const struct span askers[] = {
#define ASKER(what, ending) WORD(ending),
#include "asker.def"
#undef ASKER
};
static const unsigned char asker_asks[] = {
#define ASKER(what, ending) what,
#include "asker.def"
#undef ASKER
};
static const struct tail_list asker_list = {asker_first, asker_next};

static const struct span deeds[] = {
#define DEED(ending, prepositions) WORD(ending),
#include "deed.def"
#undef DEED
};
static const unsigned char deed_prepositions[] = {
#define DEED(ending, prepositions) (prepositions),
#include "deed.def"
#undef DEED
};
static const struct tail_list deed_list = {deed_first, deed_next};

static unsigned preposition_of(struct span word)
{
    switch (word.at[word.size - 1]) {
    case 'a': return DEED_FROM;
    case 'd': return DEED_WITH;
    case 'f': return DEED_BY;
    case 's': return DEED_AT;
    case 'r':
    case 'v': return DEED_IS;
    default: return DEED_TO;
    }
}

/* The text ends with the word; its first letter may be a capital. */
static bool ends_small(struct span text, struct span word)
{
    if (text.size < word.size)
        return false;
    const char *at = text.at + text.size - word.size;
    return (*at | 0x20) == *word.at && memcmp(at + 1, word.at + 1, word.size - 1) == 0;
}

/* A deed ends at `stop`, before the preposition. */
static bool is_deed(struct span text, unsigned preposition)
{
    for (size_t i = tail_first(&deed_list, text.at + text.size, text.size); i; i = deed_list.next[i - 1])
        if (deed_prepositions[i - 1] & preposition && ends_small(text, deeds[i - 1]))
            return true;
    return false;
}

enum org_ask org_asked(const char *base, const char *at)
{
    struct span text = {base, (size_t)(at - 1 - base)};
    for (size_t i = tail_first(&asker_list, at - 1, text.size); i; i = asker_list.next[i - 1]) {
        struct span asker = askers[i - 1];
        if (!ends_small(text, asker))
            continue;
        if (asker_asks[i - 1] != ASK_FROM)
            return (enum org_ask)asker_asks[i - 1];
        text.size -= asker.size;
        return is_deed(text, preposition_of(asker)) ? ASK_FROM : ASK_NONE;
    }
    return ASK_NONE;
}

bool org_asker(struct span word)
{
    for (size_t i = tail_first(&asker_list, word.at + word.size, word.size); i; i = asker_list.next[i - 1])
        if (asker_asks[i - 1] == ASK_KIND && ends_small(word, askers[i - 1]))
            return true;
    return false;
}

/* Words that no organisation's name ends with: bodies and offices of the council itself, people by what they are. */
static bool is_common_noun(struct span word)
{
    static const struct span endings[] = {
        WORD("erne"),     WORD("udvalg"),      WORD("udvalget"),  WORD("rådet"),  WORD("forvaltning"),
        WORD("afdeling"), WORD("sekretariat"), WORD("lokalplan"), WORD("byråd"),  WORD("bestyrelse"),
        WORD("chef"),     WORD("gruppen"),     WORD("partiet"),   WORD("listen"), WORD("stab"),
        WORD("sen"),      WORD("en"),          WORD("et"),        WORD("nr")};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (word_ends(word, endings[i]))
            return true;
    return false;
}

/* The last word of the name is that of a street, a spot or a body. */
static bool is_spot(struct span word)
{
    static const struct span spots[] = {
#define PLACE(word) WORD(word),
#include "place.def"
#undef PLACE
    };
    static const struct word_list list = {spots, place_slots, sizeof place_slots / sizeof *place_slots - 1};
    static const struct span tails[] = {WORD("vej"),   WORD("gade"), WORD("stræde"),
                                        WORD("plads"), WORD("torv"), WORD("allé")};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        if (word.size > tails[i].size && word_ends(word, tails[i]))
            return true;
    return word_listed(&list, word);
}

bool org_topic(struct span word)
{
    static const struct span topics[] = {
#define TOPIC(word) WORD(word),
#include "topic.def"
#undef TOPIC
    };
    static const struct word_list list = {topics, topic_slots, sizeof topic_slots / sizeof *topic_slots - 1};
    return word_listed(&list, word);
}

static bool is_party_word(struct span word)
{
    static const struct span parties[] = {
#define PARTY(letters, name) WORD(name),
#include "party.def"
#undef PARTY
    };
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++)
        if (span_equal(parties[i], word))
            return true;
    return false;
}

/* The words from `at` to `stop` may name an organisation, the first of them ends at `word_stop`. */
static bool may_name(const char *at, const char *word_stop, const char *stop, bool kind)
{
    struct span first = {at, (size_t)(word_stop - at)}, name = {at, (size_t)(stop - at)}, last = name;
    bool single = stop <= word_stop;
    for (size_t i = name.size; i-- > 0;)
        if (name.at[i] == ' ' || name.at[i] == '\n') {
            last = span_cut(name, i + 1, name.size);
            break;
        }
    if (name.size < 3 || last.size < 2 || org_topic(first) || is_party_word(name) ||
        role_of(first.at, word_stop) != ROLE_NONE || role_of(last.at, stop) != ROLE_NONE || is_spot(last))
        return false;
    bool pair = name.size > first.size + 3 && memcmp(word_stop, " & ", 3) == 0; /* "Friis & Molktoft" */
    bool person = !pair && (is_given_name(first) || name_common(first));
    if (kind)
        return single || !person;
    return !person && !is_common_noun(last) && !(is_place_like(first) && is_place_like(last));
}

size_t org_asked_size(const char *at, const char *word_stop, const char *limit, bool kind)
{
    if (word_class(at, word_stop) & CLASS_FUNCTION)
        return 0;
    const unsigned char *stop = org_words((const unsigned char *)at, (const unsigned char *)limit, 4, 1);
    if (!stop || (const char *)stop < word_stop || (const char *)stop > limit)
        return 0;
    const char *behind = (const char *)stop;
    bool compound =
        *behind == '-' || *behind == '/' || (*behind == '.' && org_letter(behind + 1)) || org_letter(behind);
    return !compound && may_name(at, word_stop, behind, kind) ? (size_t)(behind - at) : 0;
}

/* What an actor does, behind its name. */
static bool deed_behind(struct span text)
{
    static const struct span done[] = {WORD("budt"),      WORD("afgivet"),   WORD("vundet"),    WORD("bragt"),
                                       WORD("søgt"),      WORD("ansøgt"),    WORD("fremsendt"), WORD("indsendt"),
                                       WORD("leveret"),   WORD("udført"),    WORD("takket"),    WORD("udarbejdet"),
                                       WORD("tilbudt"),   WORD("beskrevet"), WORD("beregnet"),  WORD("opsagt"),
                                       WORD("etableret"), WORD("overtaget"), WORD("meddelt"),   WORD("oplyst")};
    static const struct span does[] = {
        WORD("ansøger om"), WORD("søger om"),  WORD("tilbyder"),     WORD("leverer"),
        WORD("opfører"),    WORD("udfører"),   WORD("vinder"),       WORD("får tilskud"),
        WORD("står for"),   WORD("overtager"), WORD("arrangerer"),   WORD("udbyder"),
        WORD("bygger"),     WORD("driver"),    WORD("er valgt som"), WORD("er gået konkurs")};
    if (span_starts(text, SPAN("har ")))
        return words_start(done, sizeof done / sizeof *done, span_cut(text, 4, text.size)) > 0;
    return words_start(does, sizeof does / sizeof *does, text) > 0;
}

size_t org_acting(const char *at, const char *word_stop, const char *name_stop, const char *limit)
{
    if (*name_stop != ' ' || name_stop[1] < 'a' || name_stop[1] > 'z' || limit - name_stop < 8 ||
        !deed_behind((struct span){name_stop + 1, (size_t)(limit - name_stop - 1)}))
        return 0;
    size_t size = org_asked_size(at, word_stop, limit, false);
    return at + size == name_stop ? size : 0;
}
