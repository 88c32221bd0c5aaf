/* org: what the readers of organisations share: the words of a name (entity_org.re), what may follow a name
 * (org_behind.c), where towns and regions lie (org_place.c), and names that the words around them tell (org_asked.c).
 *
 * Texts have BODY_PAD bytes behind them. Pure. */
#ifndef REFERENT_ORG_H
#define REFERENT_ORG_H

#include "entity.h"
#include "glance.h"

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

/* The part at *at, and *at behind it; `first`: nothing of the name stands before it. */
enum org_part org_part(const unsigned char **at, bool first);

/* Capitalised words from `at` on, at most `most`, before `limit`. `joined`: 1 if "&" may join two, 2 if "og" may, too.
 * Gives where they end, NULL if there are none. */
const unsigned char *org_words(const unsigned char *at, const unsigned char *limit, int most, int joined);

/* White space between two words of a name, 0 if there is more or less; a line end only before `limit`. */
size_t org_white(const unsigned char *at, const unsigned char *limit);

/* A word goes on at `at`, where the glance sees it go on, too: a letter of any alphabet, a figure, a picture. */
static inline bool org_letter(const char *at)
{
    return glance_bytes[(unsigned char)*at] & (BYTE_LETTER | BYTE_DIGIT);
}

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
    ORG_BY_MUNICIPALITY = 'm'
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
