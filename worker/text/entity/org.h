/* org: what the readers of organisations share.
 *
 *   org_word.re   one word of a name: a form, a house, an ending         org_words.c    several words in a row
 *   org_lead.re   names that their first words give away                 org_kind.c     kinds of houses and societies
 *   org_tail.c    names that a later word gives away                     org_known.c    names everybody knows
 *   org_refused.c what is no name, though its form fits                  org_glance.c   quick looks before all of them
 *   org.c         one name: which of these tells it, and how far it reaches
 *   org_behind.c  what may follow a name                                 org_place.c    where towns and regions lie
 *   org_asked.c   names that the words around them tell                  org_again.c    the same names elsewhere
 *
 * Shape  a name begins at `at` or `start` and ends before `limit`; a size of 0, or NULL, means that it is none.
 * Unit   sizes are bytes.
 * Owner  nothing is kept. Texts have BODY_PAD bytes behind them. Pure. */
#ifndef REFERENT_ORG_H
#define REFERENT_ORG_H

#include "entity.h"
#include "glance.h"
#include "word_class.h"

#include <string.h>

/* One word of a name. */
enum org_part {
    PART_END,
    PART_CAP,       /* any capitalised word */
    PART_LINK,      /* og, &, i, for: only between capitalised words */
    PART_HALF,      /* "Slots-", the first half of a double name */
    PART_FORM,      /* A/S, a.m.b.a. */
    PART_COMMUNE,   /* Kommune */
    PART_HOUSE,     /* Skole, Havn: behind a name */
    PART_AUTHORITY, /* Miljøstyrelsen */
    PART_SOCIETY,   /* Nordstjerneskolen */
    PART_KIND       /* Aktivitetshuset: before a name */
};

/* ---- org_word.re */

/* The part at *at, and *at behind it; `first`: nothing of the name stands before it. */
enum org_part org_part(const unsigned char **at, bool first);
/* The end of a part: a word's end, or a genitive s behind it. */
bool org_part_ends(const unsigned char *at);
/* Is the word behind one space a kind of house? */
bool org_house_next(const unsigned char *at);
/* What the word's ending tells that it names, PART_CAP if nothing. */
enum org_part org_ending(struct span word);
/* The word ends as names of authorities, institutions and societies do; a genitive s may follow. */
bool org_ends(const char *at, const char *stop);

/* A word goes on at `at`, where the glance sees it go on, too: a letter of any alphabet, a figure, a picture. */
static inline bool org_letter(const char *at)
{
    return glance_bytes[(unsigned char)*at] & (BYTE_LETTER | BYTE_DIGIT);
}

/* The same before `end`. */
static inline bool org_letter_before(const char *at, const char *end)
{
    return at < end && org_letter(at);
}

/* ---- org_words.c */

/* Capitalised words from `at` on, at most `most`, before `limit`. `joined`: 1 if "&" may join two, 2 if "og" may, too.
 * Gives where they end, NULL if there are none. */
const unsigned char *org_words(const unsigned char *at, const unsigned char *limit, int most, int joined);
/* White space between two words of a name, 0 if there is more or less; a line end only before `limit`. */
size_t org_white(const unsigned char *at, const unsigned char *limit);

/* ---- org_known.c, org_kind.c */

/* The name stands at `at`; its last byte tells most others apart. */
static inline bool org_stands_at(const char *at, size_t left, struct span name)
{
    if (name.size > left || at[name.size - 1] != name.at[name.size - 1] || *at != *name.at)
        return false;
    for (size_t i = 0; i < name.size; i++) /* a line may end between two words */
        if (at[i] != name.at[i] && (at[i] != '\n' || name.at[i] != ' '))
            return false;
    return true;
}

/* The word of these classes, which ends at `stop`, may begin a known name or is a kind of house. */
static inline bool org_may_be_listed(unsigned classes, const char *stop)
{
    return classes & (CLASS_FIRST_ALONE | class_first_before(*stop));
}

/* The size of the longest known name at `word`, its first word, or its first word with a genitive s; 0 if none. */
size_t org_known_size(struct span word, const char *end);
/* How far the name reaches that begins at `start` with a kind of so many bytes, the space counted, and goes on to
 * `stop` (NULL: no capitalised words stand behind the kind). */
const unsigned char *org_kind_end(const unsigned char *start, size_t kind, const unsigned char *stop,
                                  const unsigned char *limit);
/* "Borgerforeningen i Vrå", "Digelaget for Lollands Sydkyst": a society without a name of its own, told by its place or
 * purpose; `at` is behind the kind and its space. NULL if the words are none. */
const unsigned char *org_society_named(const unsigned char *start, const unsigned char *at, const unsigned char *limit);
/* The s that ends the name belongs to the sentence: "Dansk Svømmeunion Nords stævne", "Foreningen Hverdagscyklistens
 * pris". */
bool org_genitive(const unsigned char *stop);

/* ---- what tells a name */

enum org_form {
    ORG_NONE,
    ORG_COMPANY,
    ORG_MUNICIPALITY,
    ORG_REGION,
    ORG_AUTHORITY,
    ORG_HOUSE,
    ORG_KIND,
    ORG_ENDING,
    ORG_DANISH,
    ORG_COURT,
    ORG_CENTER
};

/* A name that its first words give away; `first`: the word that a known one or a kind of house may begin with, empty if
 * none does; that word ends at `word_stop` and is of these classes. *at goes behind the name. */
enum org_form org_by_lead(const unsigned char **at, const unsigned char *start, const unsigned char *limit,
                          struct span first, const char *word_stop, unsigned classes);
/* The first word of a text, of these classes, may lead a name; a glance before org_leads. */
static inline bool org_may_lead(const char *at, const char *stop, unsigned classes)
{
    struct span word = {at, (size_t)(stop - at)};
    return classes & CLASS_LEAD || *stop == '/' ||
           (word.size > 6 && (word_ends(word, SPAN("retten")) || word_ends(word, SPAN("nævnet"))));
}
/* The words from `at` on lead a name: "Styrelsen for". */
bool org_leads(const char *at);
/* A name that a later word gives away: the words up to the last one that does. *at goes behind them. */
enum org_form org_by_tail(const unsigned char **at, const unsigned char *start, const unsigned char *limit);
/* "Fonden" alone, "Dansk Folkeparti", "Danske Lov": the form fits and yet it is no organisation. */
bool org_refused(enum org_form form, const char *at, size_t size);
/* Words with the ending of an organisation that are none by themselves, and what the council itself is made of. */
bool org_generic(struct span words);

/* ---- org_place.c */

/* A municipality, a town, a part of the country. */
bool is_place_name(struct span word);
/* The same, or a word with the ending of a village: Lumsås, Ågerup. */
bool is_place_like(struct span word);
/* The name of such a place at `at`, of one word or a half and a word ("Midt- og Vestjylland"): its size, or 0. */
size_t place_name_size(const char *at, const char *end);
/* The same for a municipality's name alone. */
size_t municipality_name_size(const char *at, const char *end);
/* "Jydsk", "Midtjysk": a name that begins so is that of a firm or a society. */
bool is_regional(struct span word);

/* ---- org_behind.c, org_asked.c, org_again.c */

/* What belongs to a name of `size` bytes, found by `rule`, behind it: a branch's town, a company's form, an office. */
size_t org_behind(const char *at, size_t size, const char *end, const char *rule);

/* A look at the two bytes before `at`: only a small word or a label asks for a name. */
static inline bool org_may_be_asked(const char *base, const char *at)
{
    return at - base >= 8 && at[-1] == ' ' && ((unsigned char)(at[-2] - 'a') < 26 || at[-2] == ':');
}

/* What asks for a name before `at`, where a word begins and org_may_be_asked: nothing, a kind of actor right before it
 * ("leverandøren"), a deed and a preposition ("tilbud fra"), a label ("Ansøger:"). */
enum org_ask { ASK_NONE, ASK_KIND, ASK_FROM, ASK_LABEL };
enum org_ask org_asked(const char *base, const char *at);
/* The name that is asked for, of the words from `at` on, the first of which ends at `word_stop`: its size, 0 if they
 * are none; `kind`: by a kind. */
size_t org_asked_size(const char *at, const char *word_stop, const char *limit, bool kind);
/* The name of several words up to `name_stop` that what it does shows to be one ("Zenith Dental har budt"): its size,
 * or 0. */
size_t org_acting(const char *at, const char *word_stop, const char *name_stop, const char *limit);
/* "Entreprenøren": a kind of actor, whose name may follow. */
bool org_asker(struct span word);
/* "Bolig", "Miljø": a subject that societies, plans and departments are for, and no name by itself. */
bool org_topic(struct span word);

extern const char org_known_rule[], org_asked_rule[];

/* Rules by the first letter of what they know a name by; those of companies, courts and centres share theirs. */
enum org_by {
    ORG_BY_AUTHORITY = 'a',
    ORG_BY_DANISH = 'd',
    ORG_BY_ENDING = 'e',
    ORG_BY_HOUSE = 'h',
    ORG_BY_KIND = 'k' /* "org.known" too */,
    ORG_BY_MUNICIPALITY = 'm',
    ORG_BY_REGION = 'r'
};

static inline char org_letter_of(const char *rule)
{
    return rule[sizeof "org." - 1];
}

static inline bool org_by_company(const char *rule)
{
    return memcmp(rule, "org.comp", sizeof "org.comp" - 1) == 0;
}

/* Finds names told by a company's form or by the words around them where they stand without these. False: arena full.
 */
struct reading;
bool org_again(struct reading *reading);

#endif
