/* capital: what begins with a capital: words that an organisation or a person is named by, or neither. Part of the pass
 * over the text (entity.c). Pure. */
#include "scan.h"

#include "glance.h"
#include "org.h"

#include <string.h>

/* How far a name that begins at `at` may reach: over the line's end only if the line was so long that it was broken,
 * and the next line is no label. */
static const char *wrap_limit(const struct scan *scan, const char *at)
{
    const struct line *line = scan_line(scan);
    const char *end = scan->base + line->end;
    bool last = scan->line + 1 >= scan->reading->lines.count;
    if (at >= end || last || line->end - line->start < 55 || line[1].label || line[1].blanks ||
        line[1].flags & LINE_PAGE || (line->flags & LINE_ROW && line[1].flags & LINE_ROW))
        return at < end ? end : scan->end;
    return scan->base + line[1].end;
}

/* "Desuden Hans Jensen", "Anbefalet af Niller Gravstrup": the first word opens the sentence, the name begins later. */
static bool opens_before_name(const char *at, const struct name_match *name)
{
    if (name->words < 3)
        return false;
    struct span first = {at, name->word[0].end};
    bool letter = first.at[first.size - 1] == '.' &&
                  first.size <= 2 + ((unsigned char)*first.at == 0xC3); /* "A. Hans Jensen foreslog" is a list */
    if (is_given_name(first) && !letter)
        return false;
    struct span second = {at + name->word[1].start, name->word[1].end - name->word[1].start};
    bool particle = second.at[0] >= 'a' && second.at[0] <= 'z';
    return particle || is_common_name(second);
}

/* "Netto" in front of a row is a sum, not a shop: a short known name that opens its line must be more than a word. */
static bool size_of_line_start(const struct scan *scan, const char *at, size_t size)
{
    const struct line *line = scan_line(scan);
    bool capitals = size >= 2 && at[1] >= 'A' && at[1] <= 'Z'; /* but "OUH" is a house */
    return (size_t)(at - scan->base) == line->start && line->flags & LINE_ROW && size < 8 && at[size] == '\t' &&
           !capitals;
}

/* "SAGSFREMSTILLING Fursund Færgeri": a heading in capitals, which the name follows. */
static bool is_shouted(const char *at, const char *stop, const char *rule)
{
    if (stop - at < 8 || *stop != ' ' || (org_letter_of(rule) != ORG_BY_HOUSE && !org_by_company(rule)))
        return false;
    for (const char *letter = at; letter < stop; letter++)
        if (*letter >= 'a' && *letter <= 'z')
            return false;
    return stop[1] >= 'A' && stop[1] <= 'Z' && stop[2] >= 'a';
}

/* An article ends at `stop`, and a capital adjective follows: "Det Gode ...", not "Det Roskilde ...". */
static bool is_adjective_behind(const char *stop)
{
    static const struct span articles[] = {WORD("Det"), WORD("Den"), WORD("De")};
    struct span article = {stop - 3, 3}, brief = {stop - 2, 2};
    const char *word = stop + 1, *end = *stop == ' ' ? glance_word(word) : word;
    bool led = span_equal(article, articles[0]) || span_equal(article, articles[1]) || span_equal(brief, articles[2]);
    return led && end - word > 3 && end[-1] == 'e' && *end == ' ' &&
           !is_place_name((struct span){word, (size_t)(end - word)});
}

/* "Store Heddinge Skole", "Lille Næstved Skole": the adjective belongs to the town, the house stands behind both. */
static bool is_part_of_town(struct span adjective, size_t size)
{
    static const struct span adjectives[] = {WORD("Store"), WORD("Lille")};
    const char *town = adjective.at + adjective.size + 1, *stop = glance_word(town);
    return (span_equal(adjective, adjectives[0]) || span_equal(adjective, adjectives[1])) &&
           (size_t)(stop - adjective.at) < size && is_place_like((struct span){town, (size_t)(stop - town)});
}

/* The word at `at` goes on a list of names that were asked for: ", Y", " og Z". */
static bool asked_listed(const struct scan *scan, const char *at)
{
    size_t here = (size_t)(at - scan->base);
    return scan->asked && ((here == scan->asked + 2 && at[-2] == ',' && at[-1] == ' ') ||
                           (here == scan->asked + 4 && memcmp(at - 4, " og ", 4) == 0));
}

/* A name that the words before it ask for, or that goes on a list of such names: "tilbud fra X, Y og Z". Few words are
 * asked for: how far the name may reach is asked last. */
static size_t asked_size(const struct scan *scan, const char *at, const char *word_stop)
{
    enum org_ask ask = asked_listed(scan, at)             ? ASK_FROM
                       : org_may_be_asked(scan->base, at) ? org_asked(scan->base, at)
                                                          : ASK_NONE;
    return ask == ASK_NONE ? 0 : org_asked_size(at, word_stop, wrap_limit(scan, at), ask == ASK_KIND);
}

static const char *asked_add(struct scan *scan, const char *at, size_t size, bool *full)
{
    scan->asked = (size_t)(at - scan->base) + size;
    scan->found_more = true;
    *full = !scan_add(scan, ENTITY_ORG, at, size, (struct span){0}, org_asked_rule);
    return at + size;
}

/* "Skema A. Landsbyggefonden har ...": a letter that ends its sentence and is no initial, for the word behind it is an
 * authority or a society. Gives where that word begins, 0 if there is none. */
static size_t body_in_name(const char *at, const struct name_match *name)
{
    for (size_t i = 1; i < name->words; i++) {
        const unsigned char *word = (const unsigned char *)at + name->word[i].start;
        bool initial = word[-1] == ' ' && word[-2] == '.' && name->word[i - 1].end - name->word[i - 1].start <= 2;
        enum org_part part = initial ? org_part(&word, true) : PART_END;
        if (part == PART_AUTHORITY || part == PART_SOCIETY)
            return name->word[i].start;
    }
    return 0;
}

/* An organisation, a name, or neither. */
static const char *scan_names(struct scan *scan, const char *at, const char *word_stop, bool *full)
{
    const struct line *line = scan_line(scan);
    if (line->value > line->start && at < scan->base + line->value && scan->base + line->value < word_stop)
        at = scan->base + line->value; /* "FormandEva Brask" */
    bool follows = glance_follows(at, word_stop);
    unsigned classes = word_class(at, word_stop);
    bool may = follows ? org_may_follow(at, word_stop, classes) : org_may_begin(at, word_stop, classes);
    size_t asked = may ? 0 : asked_size(scan, at, word_stop);
    if (asked)
        return asked_add(scan, at, asked, full);
    if (!follows && !may)
        return word_stop;
    const char *limit = wrap_limit(scan, at);
    bool named = glance_name(word_stop, limit);
    if (!named && !may)
        return word_stop;
    struct org_match org = may ? org_at_word(at, word_stop, classes, limit) : (struct org_match){0};
    bool whole_word = *word_stop == ' ' || *word_stop == '\n' || *word_stop == ',';
    bool function = whole_word && classes & CLASS_FUNCTION;
    if (!org.size && function)
        return word_stop;
    struct name_match name;
    name.words = 0;
    if (named)
        scan_name(scan, at, limit, &name);
    bool firm = org.size && (org_by_company(org.rule) || org_letter_of(org.rule) == ORG_BY_HOUSE);
    struct span first_word = {at, (size_t)(word_stop - at)};
    if (firm && whole_word && !is_place_name(first_word) && role_of(at, word_stop) != ROLE_NONE)
        return word_stop; /* "Murermester Johannes Gravborg ApS" */
    if (org.size && is_shouted(at, word_stop, org.rule))
        return word_stop;
    if (org.size && org.rule == org_known_rule && size_of_line_start(scan, at, org.size))
        org.size = 0;
    /* "Irma Holm" is a woman, "Irma" a chain of shops */
    if (org.size && org.size == first_word.size && name.words >= 2 && is_given_name(first_word))
        org.size = 0;
    /* "Det Gode Madhus", "Den Lille Skole": an article that belongs to a name */
    bool titled = function && org.size && org_letter_of(org.rule) == ORG_BY_HOUSE &&
                  (is_adjective_behind(word_stop) || is_part_of_town(first_word, org.size));
    if (org.size && function && !titled && org.rule != org_known_rule && org_letter_of(org.rule) != ORG_BY_DANISH)
        return word_stop;
    if (!org.size && may && (asked = asked_size(scan, at, word_stop)) > 0)
        return asked_add(scan, at, asked, full);
    if (!org.size && name.words >= 2) {
        if (opens_before_name(at, &name) || org_asker(first_word))
            return word_stop;
        size_t acting = org_acting(at, word_stop, at + name.size, limit);
        if (acting)
            return asked_add(scan, at, acting, full);
    }
    size_t body = org.size || name.words < 2 ? 0 : body_in_name(at, &name);
    if (body)
        return at + body;
    size_t words = name.words >= 2 ? scan_name_words(at, &name) : 0;
    if (words >= 2 && role_of(at, at + name.word[0].end) == ROLE_NONE) {
        *full = !scan_sighting(scan, at, &name, words, org.size > 0);
        if (*full)
            return at;
    } else {
        words = 0;
    }
    if (org.size) {
        /* "Brdr. Hald Anlæg I/S": brothers are part of the firm's name */
        size_t lead = at - scan->base >= 6 && memcmp(at - 6, "Brdr. ", 6) == 0 ? 6 : 0;
        *full = !scan_add(scan, ENTITY_ORG, at - lead, org.size + lead, (struct span){0}, org.rule);
        if (asked_listed(scan, at) || (org_may_be_asked(scan->base, at) && org_asked(scan->base, at) != ASK_NONE))
            scan->asked = (size_t)(at - scan->base) + org.size;
        scan->found_more = scan->found_more || org_by_company(org.rule);
    }
    size_t size = words ? name.word[words - 1].end : 0;
    size = org.size > size ? org.size : size;
    return size ? at + size : word_stop;
}

const char *scan_capital(struct scan *scan, const char *at)
{
    bool full = false;
    const char *stop = glance_word_ahead(at);
    unsigned wants = glance_wants(at, stop);
    const char *next = wants ? scan_wanted(scan, at, stop, wants, &full) : NULL;
    size_t size = 0;
    bool lettered = !next && stop < scan->end &&
                    ((*stop == '-' && stop - at <= 4) || (stop - at >= 5 && at[1] >= '0' && at[1] <= '9') ||
                     (*stop == '/' && stop - at <= 4));
    if (lettered) {
        full = !scan_lettered(scan, at, &size);
        next = size ? at + size : NULL;
    }
    if (!next && !full)
        next = scan_names(scan, at, stop, &full);
    return full ? NULL : next;
}
