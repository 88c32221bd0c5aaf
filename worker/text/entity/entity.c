/* entity: the pass over the clean text that finds entities and everything that may be a person's name.
 *
 * One walk from word to word. What begins there is told by its first byte; the scanner of a family is asked only where
 * its kind of thing can begin. Nothing is read twice but a word or two, so the time is linear. Pure. */
#include "scan.h"

#include "glance.h"
#include "org.h"
#include "word_class.h"

#include <string.h>

/* What a byte may begin. Others begin nothing. */
enum kind { KIND_OTHER, KIND_END, KIND_DIGIT, KIND_CAPITAL, KIND_SMALL, KIND_LATIN, KIND_SIGN, KIND_C2, KIND_E2 };

#define TWO(first, kind)   [first] = (kind), [(first) + 1] = (kind)
#define EIGHT(first, kind) TWO(first, kind), TWO((first) + 2, kind), TWO((first) + 4, kind), TWO((first) + 6, kind)
#define TWENTY_SIX(first, kind)                                                                                        \
    EIGHT(first, kind), EIGHT((first) + 8, kind), EIGHT((first) + 16, kind), TWO((first) + 24, kind)
static const unsigned char kinds[256] = {[0] = KIND_END,
                                         TWENTY_SIX('a', KIND_SMALL),
                                         TWENTY_SIX('A', KIND_CAPITAL),
                                         EIGHT('0', KIND_DIGIT),
                                         TWO('8', KIND_DIGIT),
                                         ['-'] = KIND_SIGN,
                                         ['+'] = KIND_SIGN,
                                         [0xC2] = KIND_C2,
                                         [0xC3] = KIND_LATIN,
                                         EIGHT(0xC4, KIND_LATIN),
                                         [0xCC] = KIND_LATIN,
                                         TWO(0xCD, KIND_LATIN),
                                         [0xCF] = KIND_LATIN,
                                         EIGHT(0xD0, KIND_LATIN),
                                         EIGHT(0xD8, KIND_LATIN),
                                         TWO(0xE0, KIND_LATIN),
                                         [0xE2] = KIND_E2,
                                         [0xE3] = KIND_LATIN,
                                         TWO(0xE4, KIND_LATIN),
                                         TWO(0xE6, KIND_LATIN),
                                         EIGHT(0xE8, KIND_LATIN),
                                         EIGHT(0xF0, KIND_LATIN),
                                         EIGHT(0xF8, KIND_LATIN)};
#undef TWO
#undef EIGHT
#undef TWENTY_SIX

/* The white space of a surface is single spaces between its words, so that folding it changes nothing. */
static bool is_folded(const char *at, size_t size)
{
    const char *end = at + size;
    for (const char *white = at;; white++) {
        white = bytes_find4(white, end, ' ', '\n', '\t', '\r');
        if (white == end)
            return true;
        if (*white != ' ' || white == at || white + 1 == end || white[1] == ' ')
            return false;
    }
}

bool scan_add(struct scan *scan, enum entity_type type, const char *at, size_t size, struct span value,
              const char *rule)
{
    struct reading *reading = scan->reading;
    if (!value.at) {
        bool squeeze = type == ENTITY_CASE || type == ENTITY_DOCUMENT;
        bool clean = squeeze ? bytes_find4(at, at + size, ' ', '\n', '\t', '\t') == at + size : is_folded(at, size);
        struct text copy = clean     ? (struct text){at, size}
                           : squeeze ? text_squeeze(reading->arena, (struct span){at, size})
                                     : text_fold(reading->arena, (struct span){at, size});
        if (!copy.at)
            return false;
        value = (struct span){copy.at, copy.size};
    }
    struct entity *entity = LIST_PUSH(reading->arena, &reading->entities);
    if (!entity)
        return false;
    size_t start = (size_t)(at - scan->base);
    *entity = (struct entity){.type = type, .start = start, .end = start + size, .value = value, .rule = rule};
    return true;
}

/* The word begins with the head, capitals as small letters: the bit that tells them apart counts nowhere. */
static bool begins_small(struct span word, struct span head)
{
    size_t same = 0;
    while (same < head.size && (word.at[same] | 0x20) == (head.at[same] | 0x20))
        same++;
    return same == head.size;
}

/* The word may be part of a reference to an act, told by its ends: a quick look before the scanner. */
static bool may_be_law(const char *at, const char *stop)
{
    static const struct {
        struct span head;
        size_t least, most;
    } heads[] = {
#define LAW_HEAD(head, least) {WORD(head), least, SIZE_MAX},
#define LAW_KIND(word)        {WORD(word), sizeof(word) - 1, sizeof(word) - 1},
#define LAW_WORD(word)
#define LAW_TAIL(tail)
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_KIND
#undef LAW_WORD
#undef LAW_TAIL
    };
    static const struct span tails[] = {
#define LAW_HEAD(head, least)
#define LAW_KIND(word)
#define LAW_WORD(word)
#define LAW_TAIL(tail) WORD(tail),
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_KIND
#undef LAW_WORD
#undef LAW_TAIL
    };
    static const struct span words[] = {
#define LAW_HEAD(head, least)
#define LAW_KIND(word)
#define LAW_WORD(word) WORD(word),
#define LAW_TAIL(tail)
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_KIND
#undef LAW_WORD
#undef LAW_TAIL
    };
    struct span word = {at, (size_t)(stop - at)};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (word.size >= heads[i].least && word.size <= heads[i].most && begins_small(word, heads[i].head))
            return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_equal(word, words[i]))
            return true;
    static const struct tail_list list = {law_tail_first, law_tail_next};
    for (size_t i = word.size >= 5 ? tail_first(&list, stop, word.size) : 0; i; i = law_tail_next[i - 1])
        if (word_ends(word, tails[i - 1]))
            return true;
    return false;
}

/* "budget- og regnskabsbekendtgørelsens": where the first half of a double word before `at` begins, or `at`. */
static const char *half_before(const struct scan *scan, const char *at)
{
    if (at - scan->base < 8 || memcmp(at - 5, "- og ", 5) != 0)
        return at;
    const char *half = at - 5;
    while (half > scan->base && glance_bytes[(unsigned char)half[-1]] == BYTE_LETTER)
        half--;
    return half < at - 5 ? half : at;
}

static const char *try_law(struct scan *scan, const char *at, bool *full)
{
    struct law_match law = law_at(at, scan->end);
    if (!law.size)
        return NULL;
    const char *start = at + law.lead, *half = half_before(scan, start), *stop = start + law.size;
    if (strcmp(law.rule, "law.directive") == 0 && at - scan->base > 5 && memcmp(at - 5, "EU's ", 5) == 0)
        half = at - 5;
    *full = !scan_add(scan, ENTITY_LAW, half, (size_t)(stop - half), (struct span){0}, law.rule);
    return stop;
}

static bool is_figure(char c)
{
    return c >= '0' && c <= '9';
}

/* A figure, or an l or I read for one, stands behind a word and the point and space behind it. */
static bool digit_follows(const char *stop)
{
    stop += *stop == '.';
    while (*stop == ' ' || *stop == '\n')
        stop++;
    bool misread = (*stop == 'l' || *stop == 'I') && (stop[1] == '.' || is_figure(stop[1]) || stop[2] == '.');
    return is_figure(*stop) || misread;
}

/* "halvanden million kroner": the words before the currency from `at` to `stop` are the sum. */
static const char *try_words(struct scan *scan, const char *at, const char *stop, bool *full)
{
    const char *start = at;
    stop += *stop == '.' && stop - at == 2;
    struct amount_match amount = amount_words_before(scan->base, at, stop, &start);
    const struct entity_list *found = &scan->reading->entities;
    if (!amount.size || (found->count && found->items[found->count - 1].end > (size_t)(start - scan->base)))
        return NULL;
    *full = !scan_amount(scan, start, &amount);
    return stop;
}

/* A day or a sum that a word leads: "den 5. februar", "Onsdag ...", "kr. 500.000". */
static const char *try_led(struct scan *scan, const char *at, const char *stop, bool *full)
{
    size_t size = (size_t)(stop - at);
    char first = (char)(*at | 0x20);
    bool weekday = size >= 6 && size <= 8 && (memcmp(stop - 3, "dag", 3) == 0 || memcmp(stop - 3, "DAG", 3) == 0);
    weekday = weekday || (size >= 4 && size <= 6 && stop < scan->end && *stop == '.'); /* "tirsd." */
    bool den = (size == 3 && first == 'd' && at[1] == 'e' && at[2] == 'n') || (size == 1 && first == 'd') ||
               (size == 3 && memcmp(at, "DEN", 3) == 0) || (size == 1 && *at == 'l' && *stop == '.');
    bool english = *at >= 'A' && *at <= 'Z' && size >= 3 && size <= 9 && strchr("JFMASOND", *at);
    if (weekday || english || (den && (*at == 'l' || digit_follows(stop)))) {
        struct date_match date = date_at(at, scan->end);
        if (date.size) {
            *full = !scan_date(scan, at, &date);
            return at + date.size;
        }
    }
    bool scaled =
        stop < scan->end && *stop == '.' &&
        ((size == 1 && first == 't') || (size == 3 && first == 'm' && (at[1] | 0x20) == 'i' && (at[2] | 0x20) == 'o'));
    bool krone = scaled || (size == 2 && (at[1] | 0x20) == 'r' && first == 'k') ||
                 (size == 3 && (memcmp(at, "DKK", 3) == 0 || memcmp(at, "EUR", 3) == 0)) ||
                 (size == 6 && memcmp(at, "kroner", 6) == 0);
    if (krone) {
        struct amount_match amount = amount_at(at, scan->end);
        if (!scaled || amount.size)
            scan_line(scan)->flags |= LINE_UNIT;
        bool unit = !amount.size || scan_is_unit(scan, at, &amount);
        scan_spot(scan)->currency |= unit;
        if (amount.size) {
            *full = !unit && !scan_amount(scan, at, &amount);
            return at + amount.size;
        }
        return scaled ? NULL : try_words(scan, at, stop, full);
    }
    return NULL;
}

/* A name goes on over a line end only where the line is so long that it was broken; lists have short lines. */
static void cut_at_line_end(const struct scan *scan, const char *at, struct name_match *name)
{
    const struct line *line = scan_line(scan);
    for (size_t i = 1; i < name->words; i++) {
        const char *gap = at + name->word[i - 1].end;
        size_t white = name->word[i].start - name->word[i - 1].end;
        if (white == 1 ? *gap != '\n' : !memchr(gap, '\n', white))
            continue;
        bool full_line = line->end - line->start >= 55 && (size_t)(gap - scan->base) <= line->end;
        bool second = memchr(at + name->word[i].start, '\n', name->size - name->word[i].start) != NULL;
        if (!full_line || second || i + 2 < name->words) {
            name->words = i;
            name->size = name->word[i - 1].end;
            return;
        }
    }
}

/* "Handicaprådet Onsdag den 6. oktober": the day in the head of a page is no part of the name before it. */
static void cut_at_weekday(const struct scan *scan, const char *at, struct name_match *name)
{
    for (size_t i = 1; i < name->words; i++) {
        const char *word = at + name->word[i].start, *stop = at + name->word[i].end;
        bool weekday = stop - word >= 6 && stop - word <= 8 &&
                       (memcmp(stop - 3, "dag", 3) == 0 || memcmp(stop - 3, "DAG", 3) == 0);
        if (weekday && date_at(word, scan->end).size) {
            name->words = i;
            name->size = name->word[i - 1].end;
            return;
        }
    }
}

/* A list of names without separators ("Konrad Brask Dammlev Helge Bisp Hallander") is cut where a first name follows
 * a family name. Gives the number of words of the first name. */
static size_t first_name_words(const char *at, const struct name_match *name)
{
    /* "Lis Ejstrup Sekretær Vibe Konradsen" in transcripts: no family name */
    static const struct span roles[] = {WORD("Sekretær"),   WORD("Referent"),  WORD("Formand"),   WORD("Næstformand"),
                                        WORD("Direktør"),   WORD("Konsulent"), WORD("Suppleant"), WORD("Stedfortræder"),
                                        WORD("Fraværende"), WORD("Deltagere"), WORD("Medlemmer")};
    for (size_t i = 2; i < name->words; i++)
        for (size_t j = 0; strchr("DFKMNRS", at[name->word[i].start]) && j < sizeof roles / sizeof *roles; j++)
            if (name->word[i].end - name->word[i].start == roles[j].size && at[name->word[i].start] == *roles[j].at &&
                memcmp(at + name->word[i].start, roles[j].at, roles[j].size) == 0)
                return i;
    for (size_t i = 2; i + 1 < name->words; i++) {
        struct span here = {at + name->word[i].start, name->word[i].end - name->word[i].start};
        struct span before = {at + name->word[i - 1].start, name->word[i - 1].end - name->word[i - 1].start};
        bool wide = name->word[i].start - name->word[i - 1].end > 1;
        if (wide && at[name->word[i - 1].end] == '\n' && is_common_name(before))
            continue; /* "Else Marie / Rødding": no family name yet */
        /* "... og Gry Ulrik / Sara Winding kom": a first name begins the next line */
        bool anew = at[name->word[i - 1].end] == '\n' && is_common_name(here);
        if (wide || anew ||
            (is_common_name(here) && !is_common_name(before) && before.at[before.size - 1] != '.' && before.size > 2))
            return i;
    }
    for (size_t i = 1; i < name->words; i++)
        if (name->word[i].start - name->word[i - 1].end > 1 && i >= 2) {
            struct span before = {at + name->word[i - 1].start, name->word[i - 1].end - name->word[i - 1].start};
            /* one word alone is no name: "Nanna Lund / Schiøtt, ..." in a column goes on */
            bool closed = strchr(",.;)(\n", at[name->size]) || memcmp(at + name->size, " (", 2) == 0;
            if (at[name->word[i - 1].end] != '\n' || (!is_common_name(before) && (i + 1 < name->words || !closed)))
                return i;
        }
    return name->words > 5 ? 5 : name->words;
}

/* "Ikke til stedeKaj Lolk": the first name is stuck to the label of a grid, and the name that begins at `start` is the
 * rest of it: how far before it the whole name begins, or 0. */
static size_t stuck_name(const struct scan *scan, size_t start)
{
    const struct line *line = scan_line(scan);
    if (line->value <= line->start || line->value >= start || scan->base[line->value - 1] < 'a' ||
        scan->base[line->value - 1] > 'z')
        return 0;
    struct span word = {scan->base + line->value, start - line->value};
    return word.size > 2 && memchr(word.at, ' ', word.size) == word.at + word.size - 1 ? word.size : 0;
}

static bool sighting_add(struct scan *scan, const char *at, const struct name_match *name, size_t words, bool weak)
{
    struct sighting *sighting = LIST_PUSH(scan->reading->arena, &scan->reading->sightings);
    if (!sighting)
        return false;
    size_t start = (size_t)(at - scan->base), size = name->word[words - 1].end;
    size_t stuck = stuck_name(scan, start);
    at -= stuck;
    start -= stuck;
    size += stuck;
    words += stuck > 0;
    struct span before = word_before(&scan->reading->body, start), first = {at, stuck ? stuck - 1 : name->word[0].end};
    bool joined = start > 0 && (scan->base[start - 1] == ' ' || scan->base[start - 1] == '\n');
    /* one initial may be a list's letter, two are a person's: "H.P. Krag" */
    bool lone_initial = words == 2 && first.at[first.size - 1] == '.' && first.size < 4;
    const struct line *line = scan_line(scan);
    struct party_match party = party_at(at + size, scan->end);
    unsigned names = lone_initial ? 0 : given_class(first);
    *sighting = (struct sighting){.start = (uint32_t)start,
                                  .end = (uint32_t)(start + size),
                                  .words = (uint8_t)words,
                                  .weak = weak,
                                  .person = -1,
                                  .given = names & NAME_COMMON ? 2 : (names & NAME_GIVEN) != 0,
                                  .line_start = start == line->start};
    bool led =
        start > line->start || (line->blanks == 0 && scan->line > 0 && !scan->reading->spots[scan->line - 1].heading);
    sighting->role =
        (uint8_t)(joined && before.size > 2 && led ? role_of(before.at, before.at + before.size) : ROLE_NONE);
    sighting->after = (uint32_t)(start + size + party.size);
    if (party.size)
        sighting->party = (struct span){at + size + party.start, party.end - party.start};
    return true;
}

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

/* Capitalised words from `at` on: an organisation, a name, or neither. */
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
    if (named) {
        name = name_at(at, limit);
        cut_at_line_end(scan, at, &name);
        cut_at_weekday(scan, at, &name);
    }
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
    size_t words = name.words >= 2 ? first_name_words(at, &name) : 0;
    if (words >= 2 && role_of(at, at + name.word[0].end) == ROLE_NONE) {
        *full = !sighting_add(scan, at, &name, words, org.size > 0);
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

/* Words that tell of attendance, of a seat, or of money: their line is marked, so that later stages look there only. */
static void mark_line(struct scan *scan, const char *at, const char *stop)
{
    static const struct span cues[] = {
#define CUE(head) WORD(head),
#include "cue.def"
#undef CUE
    };
    size_t size = (size_t)(stop - at);
    char first = (char)(*at | 0x20);
    if (size < 2 || first < 'a' || first > 'z')
        return;
    bool unit = first == 'k'
                    ? size == 2 && (at[1] | 0x20) == 'r'
                    : (first == 't' || first == 'm') && size == 3 && (at[1] | 0x20) == 'k' && (at[2] | 0x20) == 'r';
    unit = unit || (size == 4 && memcmp(at, "TDKK", 4) == 0);
    if (unit) {
        scan_line(scan)->flags |= LINE_UNIT;
        scan_spot(scan)->currency |= size > 2; /* "kr" itself, try_led has seen */
    }
    for (size_t i = cue_first[first & 31]; i < sizeof cues / sizeof *cues && cues[i].at[0] == first; i++)
        if (at[1] == cues[i].at[1] && size >= cues[i].size && memcmp(at + 1, cues[i].at + 1, cues[i].size - 1) == 0) {
            scan_line(scan)->flags |= LINE_CUE;
            return;
        }
}

/* What leads a day, a sum or a reference to an act at the word, if some rule wants it; NULL if nothing does, or if the
 * arena is full. */
__attribute__((noinline)) static const char *scan_wanted(struct scan *scan, const char *at, const char *stop,
                                                         unsigned wants, bool *full)
{
    const char *next = wants & WANT_LED ? try_led(scan, at, stop, full) : NULL;
    if (wants & WANT_CUE)
        mark_line(scan, at, stop);
    return wants & WANT_ANY_LAW && !next && !*full && may_be_law(at, stop) ? try_law(scan, at, full) : next;
}

static const char *scan_capital(struct scan *scan, const char *at)
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

/* From a word to the next as long as small words follow that no rule wants: most of the text. */
static const char *scan_small(struct scan *scan, const char *at)
{
    const char *event = scan->event < (size_t)(scan->end - scan->base) ? scan->base + scan->event : scan->end;
    for (;;) {
        const char *stop = glance_word_ahead(at);
        unsigned wants = glance_wants(at, stop);
        if (wants) {
            bool full = false;
            const char *next = scan_wanted(scan, at, stop, wants, &full);
            if (next || full)
                return full ? NULL : next;
        }
        at = stop > at ? stop : at + 1;
        if (*at != ' ')
            return at;
        at++;
        if (at >= event || kinds[(unsigned char)*at] != KIND_SMALL)
            return at;
    }
}

/* "en rabat på - 125.000 kr.": a dash set apart from the sum is its sign if a preposition wants a sum. Gives the size
 * of the sign and the sum, 0 if it is a dash. */
static size_t sign_apart(const struct scan *scan, const char *at, const char *number, struct amount_match *amount)
{
    static const struct span leads[] = {WORD("på"), WORD("af"), WORD("til"), WORD("udgør"), WORD("med")};
    struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
    bool led = false;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        led = led || span_equal(word, leads[i]);
    *amount = led && word.at + word.size + 1 == at ? amount_at(number, scan->end) : (struct amount_match){0};
    if (!amount->size || amount->low_ore != amount->high_ore)
        return 0;
    amount->low_ore = amount->high_ore = -amount->low_ore;
    return amount->size += (size_t)(number - at);
}

/* A sign belongs to the sum behind it if nothing but space or a bracket stands before. */
static const char *scan_sign(struct scan *scan, const char *at, size_t size)
{
    char before = at > scan->base ? at[-1] : ' ';
    const char *number = at + size;
    bool free = before == ' ' || before == '\n' || before == '(' || before == '\t';
    if (number < scan->end && *number == ' ' && (unsigned char)*at == 0xC3)
        number++;
    struct amount_match amount;
    if (before == ' ' && number + 1 < scan->end && *number == ' ' && number[1] >= '0' && number[1] <= '9' &&
        sign_apart(scan, at, number + 1, &amount))
        return scan_amount(scan, at, &amount) ? at + amount.size : NULL;
    if (!free || number >= scan->end || !(*number >= '0' && *number <= '9'))
        return at + size;
    amount = amount_at(at, scan->end);
    if (!amount.size)
        return at + size;
    return scan_amount(scan, at, &amount) ? at + amount.size : NULL;
}

static bool is_capital_latin(const char *at)
{
    unsigned char second = (unsigned char)at[1];
    return (unsigned char)at[0] == 0xC3 && second >= 0x80 && second <= 0x9E;
}

static const char *scan_step(struct scan *scan, const char *at)
{
    switch ((enum kind)kinds[(unsigned char)*at]) {
    case KIND_DIGIT: return scan_number(scan, at);
    case KIND_CAPITAL: return scan_capital(scan, at);
    case KIND_SMALL: return scan_small(scan, at);
    case KIND_SIGN: return scan_sign(scan, at, 1);
    case KIND_LATIN:
        if ((unsigned char)at[0] == 0xC3 && (unsigned char)at[1] == 0xB7) /* ÷ */
            return scan_sign(scan, at, 2);
        return is_capital_latin(at) || (unsigned char)at[0] == 0xC5 ? scan_capital(scan, at) : scan_small(scan, at);
    case KIND_C2: {
        if ((unsigned char)at[1] >= 0xBC && (unsigned char)at[1] <= 0xBE && at > scan->base &&
            strchr(" (\n\t", at[-1])) { /* "½ mio. kr.", but "½ time" has no figure to step over */
            const char *stop = scan_number(scan, at);
            return stop == at ? at + 2 : stop;
        }
        bool full = false, section = (unsigned char)at[1] == 0xA7;
        const char *next = section ? try_law(scan, at, &full) : NULL;
        return full ? NULL : next ? next : at + 2;
    }
    case KIND_E2:
        if ((unsigned char)at[1] == 0x88 && (unsigned char)at[2] == 0x92) /* U+2212, the minus sign */
            return scan_sign(scan, at, 3);
        if ((unsigned char)at[1] == 0x80 && (unsigned char)at[2] == 0x93 && at > scan->base &&
            (at[-1] == ' ' || at[-1] == '\t'))
            return scan_sign(scan, at, 3);
        return at + 3 <= scan->end ? at + 3 : scan->end;
    default: return at + 1;
    }
}

/* The line at `at` is another than before, or `at` is where a line with a label begins: the words of a label are no
 * name
 * ("Mødedato Tirsdag" is a label and a day). Gives where to go on. */
static const char *scan_follow(struct scan *scan, const char *at)
{
    const struct line_list *lines = &scan->reading->lines;
    size_t offset = (size_t)(at - scan->base);
    while (scan->line + 1 < lines->count && offset >= lines->items[scan->line + 1].start)
        scan->line++;
    struct line *line = scan_line(scan);
    bool last = scan->line + 1 >= lines->count;
    scan->event = line->label && offset < line->start ? line->start : last ? SIZE_MAX : line[1].start;
    if (!line->label || offset != line->start)
        return at;
    line->flags |= LINE_CUE;
    bool label = line->label < LABEL_SECTION && line->value <= line->end;
    return label ? scan->base + line->value : at;
}

enum fault entity_read(struct reading *reading)
{
    const struct text *text = &reading->body.text;
    struct scan scan = {.reading = reading, .base = text->at, .end = text->at + text->size};
    if (!reading->lines.count)
        return FAULT_NONE;
    for (const char *at = scan.base;;) {
        while (kinds[(unsigned char)*at] == KIND_OTHER)
            at++;
        if (at >= scan.end)
            break;
        const char *value = (size_t)(at - scan.base) >= scan.event ? scan_follow(&scan, at) : at;
        at = value > at ? value : scan_step(&scan, at);
        if (!at)
            return arena_full(reading->err);
    }
    return scan.found_more && !org_again(reading) ? arena_full(reading->err) : FAULT_NONE;
}
