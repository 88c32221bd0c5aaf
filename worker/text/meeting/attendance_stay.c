/* attendance_stay: who was there for a part of the meeting. Pure.
 *
 * "N ankom kl. 16.20", "N gik efter punkt 5", "N (inhabil) forlod mødet", "N deltog ikke i punkt 2", "N deltog via
 * Teams", "Fraværende: N, fra punkt 4", "Under punkt 2 var N fraværende": whoever came late, left early, stood aside
 * for one item or was away for some of them was there, wherever in the minutes it is told. */
#include "roster.h"

#include "words.h"

#include <string.h>

enum { CLAUSE_MOST = 160, CLAUSE_LEAST = 5, LEAD_LEAST = 7 }; /* the shortest words, clause and lead */

/* One sieve of a text is for all the lists. */
#define HOLDS(sieve, list) text_holds_any((sieve), (sieve)->text, (list), sizeof(list) / sizeof *(list))
#define BEGINS(text, list) words_start((list), sizeof(list) / sizeof *(list), (text))

/* Right behind the name: he came, left or took part in some way. */
static const struct span came_or_left[] = {WORD("ankom"),
                                           WORD("forlod"),
                                           WORD("gik "),
                                           WORD("kom "),
                                           WORD("indfandt sig"),
                                           WORD("tiltrådte mødet"),
                                           WORD("måtte forlade"),
                                           WORD("måtte gå"),
                                           WORD("mødte kl"),
                                           WORD("mødte først"),
                                           WORD("mødte under"),
                                           WORD("mødte fra"),
                                           WORD("mødte ved"),
                                           WORD("mødte op"),
                                           WORD("var til stede fra"),
                                           WORD("var til stede ind"),
                                           WORD("var til stede til"),
                                           WORD("var til stede und"),
                                           WORD("var kun til stede"),
                                           WORD("deltog fra"),
                                           WORD("deltog til"),
                                           WORD("deltog ind"),
                                           WORD("deltog kun"),
                                           WORD("deltog først"),
                                           WORD("deltog delvis"),
                                           WORD("deltog virtuelt"),
                                           WORD("deltog online"),
                                           WORD("deltog digitalt"),
                                           WORD("deltog via"),
                                           WORD("deltog pr"),
                                           WORD("deltog telefonisk"),
                                           WORD("deltog på Teams"),
                                           WORD("deltog over")};
/* Right behind the name: he stood aside. */
static const struct span aside[] = {WORD("erklærede sig"),   WORD("var inhabil"),       WORD("er inhabil"),
                                    WORD("blev erklæret"),   WORD("trådte ud"),         WORD("deltog ikke i behandl"),
                                    WORD("deltog ikke i p"), WORD("deltog ikke i sag"), WORD("deltog ikke under"),
                                    WORD("deltog ikke ved"), WORD("deltog ikke på p"),  WORD("deltog ikke i drøft"),
                                    WORD("deltog i p"),      WORD("deltog i sag"),      WORD("inhabil")};
/* He was away, and behind it for what. */
static const struct span away[] = {WORD("fraværende"), WORD("ikke til stede"),  WORD("ikke tilstede"), WORD("afbud"),
                                   WORD("ikke mødt"),  WORD("ikke var til st"), WORD("forhindret"),    WORD("forfald")};
static const struct span some[] = {WORD(" fra punkt"),  WORD(" fra pkt"),    WORD(" fra kl"),    WORD(" fra sag"),
                                   WORD(" fra og med"), WORD(" under p"),    WORD(" under sag"), WORD(" under beh"),
                                   WORD(" ved p"),      WORD(" ved sag"),    WORD(" ved beh"),   WORD(" i punkt"),
                                   WORD(" i pkt"),      WORD(" til punkt"),  WORD(" til pkt"),   WORD(" til kl"),
                                   WORD(" på punkt"),   WORD(" på pkt"),     WORD(" efter p"),   WORD(" indtil"),
                                   WORD(" del af mød"), WORD(" den første"), WORD(" den sidste")};
static const struct span adverbs[] = {WORD("først "), WORD("dog "), WORD("herefter "), WORD("derefter "),
                                      WORD("senere ")};
/* Why somebody was not there for an item: he had not come yet, or was gone. */
static const struct span moves[] = {WORD(" ankom"), WORD(" forlod"), WORD(" gik "), WORD(" kom ")};
/* In a list of the absent, right behind the name. */
static const struct span item[] = {
    WORD("punkt "),       WORD("punkterne "),  WORD("pkt. "),      WORD("pkt "),         WORD("fra punkt "),
    WORD("fra pkt"),      WORD("fra sag "),    WORD("fra kl. "),   WORD("fra og med p"), WORD("fra og med sag"),
    WORD("til punkt "),   WORD("til pkt"),     WORD("til kl. "),   WORD("til og med p"), WORD("indtil "),
    WORD("under punkt "), WORD("under pkt"),   WORD("under sag "), WORD("under beh"),    WORD("ved punkt "),
    WORD("ved pkt"),      WORD("ved beh"),     WORD("i punkt "),   WORD("i pkt"),        WORD("kl. "),
    WORD("del af mødet"), WORD("en del af m"), WORD("delvis"),     WORD("på punkt "),    WORD("på pkt")};
/* Before the name. */
static const struct span partly_leads[] = {WORD("elvis frav"), WORD("elvist frav"),  WORD("del af mødet"),
                                           WORD("nhabil"),     WORD("ommet senere"), WORD("nkommet")};
static const struct span numbers[] = {WORD("punkt"), WORD("pkt"), WORD("sag nr"), WORD("sagerne")};
static const struct span turns[] = {WORD("forlod"),     WORD("ankom"), WORD("deltog ikke"), WORD("eltog"),
                                    WORD("fraværende"), WORD("ravær"), WORD(" kom"),        WORD("var")};

/* A part of what each answer but STAY_UNTOLD wants, of a name in a sentence. */
static const struct span any[] = {WORD("ankom"),     WORD("forlod"), WORD("gik "),    WORD("kom "),    WORD("indfandt"),
                                  WORD("tiltrådte"), WORD("måtte "), WORD("mødte "),  WORD("var t"),   WORD("var kun"),
                                  WORD("deltog"),    WORD("erklær"), WORD("nhabil"),  WORD("trådte"),  WORD("punkt"),
                                  WORD("pkt"),       WORD("sag nr"), WORD("sagerne"), WORD(" fra "),   WORD(" under"),
                                  WORD(" ved "),     WORD(" i p"),   WORD(" til p"),  WORD(" til kl"), WORD(" på p"),
                                  WORD(" efter"),    WORD(" indti"), WORD(" del af"), WORD(" den "),   WORD("elvis"),
                                  WORD("ommet s"),   WORD("del af"), WORD("nkommet")};

bool attendance_stays(const struct text_sieve *line)
{
    return HOLDS(line, any);
}

/* Does a sentence or its line end at `at`? */
static bool is_stop(const char *at, size_t left)
{
    if (*at == '\n' || *at == ';')
        return true;
    return *at == '.' && left > 2 && at[1] == ' ' && ((at[2] >= 'A' && at[2] <= 'Z') || (unsigned char)at[2] == 0xC3) &&
           !(at[-1] >= 'A' && at[-1] <= 'Z');
}

/* What stands behind the name, up to the next one or the end of the sentence. Of names that are joined it stands behind
 * the last: "N og M gik kl. 18". */
static struct span clause_behind(const struct reading *reading, size_t index, bool *joined)
{
    const struct sighting *items = reading->sightings.items;
    for (int joint = 0; joint < 6; joint++, index++) {
        *joined = joint > 0;
        size_t start = items[index].after, most = reading->body.text.size - start;
        struct span clause = reading_cut(reading, start, start + (most < CLAUSE_MOST ? most : CLAUSE_MOST));
        bool next = index + 1 < reading->sightings.count && items[index + 1].start < start + clause.size;
        if (next)
            clause = span_cut(clause, 0, items[index + 1].start - start);
        for (size_t at = 0; at < clause.size; at++)
            if (is_stop(clause.at + at, most - at))
                return span_cut(clause, 0, at);
        struct span words = text_trim(clause, ",");
        bool comma = !words.size && memchr(clause.at, ',', clause.size); /* "Fraværende: N M gik ...": of M alone */
        if (!next || !(span_equal(words, SPAN("og")) || span_equal(words, SPAN("samt")) || comma))
            return clause;
    }
    return SPAN("");
}

/* The words of the sentence before the name, or of the label of its line. */
static struct span lead_before(const struct reading *reading, const struct sighting *sighting)
{
    const char *base = reading->body.text.at;
    size_t start = sighting->start;
    while (start > 1 && sighting->start - start < CLAUSE_MOST &&
           !is_stop(base + start - 1, reading->body.text.size - start + 1))
        start--;
    size_t index = sighting_from(reading, sighting->start);
    while (index && reading->sightings.items[index - 1].start >= start) {
        struct span between = reading_cut(reading, reading->sightings.items[index - 1].after, sighting->start);
        struct span words = text_trim(between, ",");
        if (words.size && !span_equal(words, SPAN("og")) && !span_equal(words, SPAN("samt")))
            return between; /* what stands before another name is told of that one */
        index--;
    }
    return reading_cut(reading, start, sighting->start);
}

/* "var ikke til stede den 26. september": of a meeting on two days. */
bool attendance_one_day(struct span clause)
{
    for (size_t at = 0; at + 6 < clause.size; at++)
        if (memcmp(clause.at + at, " den ", 5) == 0 && clause.at[at + 5] >= '0' && clause.at[at + 5] <= '9')
            return true;
    return false;
}

enum stay attendance_some(struct span told)
{
    struct text_sieve sieve;
    text_sieve_make(&sieve, told);
    return HOLDS(&sieve, some) || attendance_one_day(told) ? STAY_PARTLY : STAY_UNTOLD;
}

static enum stay stay_told(const struct reading *reading, const struct sighting *sighting, enum list_kind kind)
{
    bool joined = false;
    struct span clause = clause_behind(reading, (size_t)(sighting - reading->sightings.items), &joined);
    struct span rest = text_trim(clause, "(,-");
    rest = span_cut(rest, BEGINS(rest, adverbs), rest.size); /* "mens N først ankom kl. 15.45" */
    if (BEGINS(rest, came_or_left) && !span_starts(rest, SPAN("kom i stedet")))
        return text_holds(clause, "nhabil") ? STAY_ASIDE : STAY_PARTLY;
    struct text_sieve sieve;
    if (rest.size >= CLAUSE_LEAST)
        text_sieve_make(&sieve, clause);
    if (BEGINS(rest, aside))
        return HOLDS(&sieve, moves) && !text_holds(clause, "nhabil") ? STAY_PARTLY : STAY_ASIDE;
    if (kind == LIST_SUBSTITUTE) /* "(Stedfortræder N, fraværende ved sag 1-4)" came all the same */
        return STAY_UNTOLD;
    if (rest.size >= CLAUSE_LEAST && HOLDS(&sieve, away) && (HOLDS(&sieve, some) || attendance_one_day(clause)))
        return STAY_PARTLY;
    bool sag = rest.at > clause.at && rest.at[-1] == '(' && span_starts(rest, SPAN("sag "));
    if (kind == LIST_ABSENT && !joined && (BEGINS(rest, item) || sag))
        return STAY_PARTLY;
    struct span lead = lead_before(reading, sighting);
    if (lead.size < LEAD_LEAST)
        return STAY_UNTOLD;
    text_sieve_make(&sieve, lead);
    if (HOLDS(&sieve, partly_leads))
        return STAY_ASIDE;
    return HOLDS(&sieve, numbers) && HOLDS(&sieve, turns) ? STAY_ASIDE : STAY_UNTOLD;
}

enum stay attendance_stay(const struct reading *reading, const struct sighting *sighting, enum list_kind kind)
{
    enum stay stay = stay_told(reading, sighting, kind);
    /* "deltog ikke i pkt. 54" in the head tells who was there; in an item, or of an interest in it, of the case alone
     */
    if (stay != STAY_ASIDE || reading->spots[sighting->line].item != NO_ITEM)
        return stay;
    bool joined = false;
    struct span clause = clause_behind(reading, (size_t)(sighting - reading->sightings.items), &joined);
    return text_holds(clause, "nhabil") && !text_holds(clause, "deltog derfor ikke") ? STAY_ASIDE : STAY_PARTLY;
}
