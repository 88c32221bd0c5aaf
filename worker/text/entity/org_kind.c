/* org_kind: how far a name reaches that begins with a kind of house or society ("Plejecenter Hotherhaven", "Foreningen
 * Lys i Sindet"): an owner, a place, a purpose may belong to it. Pure. */
#include "org.h"

const unsigned char *org_society_named(const unsigned char *start, const unsigned char *at, const unsigned char *limit)
{
    static const struct span ends[] = {WORD("foreningen"), WORD("lauget"),   WORD("laget"), WORD("klubben"),
                                       WORD("vennerne"),   WORD("riskolen"), WORD("fonden")};
    static const struct span joints[] = {WORD("i "), WORD("for "), WORD("ved "), WORD("af ")};
    bool society = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        society = society ||
                  ((size_t)(at - start) > ends[i].size && memcmp(at - 1 - ends[i].size, ends[i].at, ends[i].size) == 0);
    struct span text = {(const char *)at, (size_t)(limit - at)};
    size_t joint = society ? words_start(joints, sizeof joints / sizeof *joints, text) : 0;
    const unsigned char *line = joint ? memchr(at, '\n', (size_t)(limit - at)) : NULL; /* it ends with its line */
    const unsigned char *stop = joint ? org_words(at + joint, line ? line : limit, 4, joint == 4 ? 2 : 0) : NULL;
    for (const unsigned char *and = at; stop && and+5 < stop; and++) { /* "... og Kystdirektoratet": another one */
        const unsigned char *next = and+4;
        enum org_part other = memcmp(and, " og ", 4) == 0 ? org_part(&next, false) : PART_END;
        if (other == PART_AUTHORITY || other == PART_SOCIETY)
            return and;
    }
    return stop;
}

/* "Museet for Samtidskunst og Roskilde Universitet" are two: behind "og" a name of its own begins, of a place and a
 * house. Gives where the first one ends. */
static const unsigned char *before_another(const unsigned char *at, const unsigned char *stop)
{
    for (; at + 5 < stop; at++) {
        const unsigned char *next = at + 4, *word = next;
        if (memcmp(at, " og ", 4) != 0 || org_part(&next, true) != PART_CAP || *next != ' ')
            continue;
        struct span place = {(const char *)word, (size_t)(next - word)};
        const unsigned char *house = next + 1;
        if (is_place_name(place) && org_part(&house, false) == PART_HOUSE)
            return at;
    }
    return stop;
}

static const unsigned char *partner_behind(const unsigned char *stop, const unsigned char *limit)
{
    if (limit - stop < 7 || memcmp(stop, " og ", 4) != 0)
        return stop;
    const unsigned char *next = stop + 4;
    bool name =
        org_part(&next, true) == PART_CAP && next <= limit && !(*next == ' ' && next[1] < 'a' && next[1] >= 'A');
    bool letters = next - stop > 5 && stop[5] >= 'A' && stop[5] <= 'Z'; /* "og KL" */
    return name && !letters && !org_ends((const char *)stop + 4, (const char *)next) ? next : stop;
}

/* "Foreningen Lys i Sindet", "Fonden for Naturfag i Skolen", "Foreningen Scene Nord for Søerne": what the name says of
 * where, a thing that everybody knows and no town. Gives where the name ends. */
static const unsigned char *purpose_end(const unsigned char *stop, const unsigned char *limit)
{
    static const struct span joints[] = {WORD(" i "), WORD(" for ")};
    struct span text = {(const char *)stop, (size_t)(limit - stop)};
    size_t joint = limit - stop > 8 ? words_start(joints, sizeof joints / sizeof *joints, text) : 0;
    const unsigned char *next = stop + joint;
    if (!joint || org_part(&next, true) != PART_CAP || next > limit || !org_part_ends(next) ||
        (*next == ' ' && next[1] < 'a'))
        return stop;
    struct span word = {text.at + joint, (size_t)((const char *)next - text.at) - joint};
    bool thing = word_ends(word, SPAN("en")) || word_ends(word, SPAN("et")) || word_ends(word, SPAN("erne")) ||
                 (word.size >= 9 && word_ends(word, SPAN("er"))); /* "Forældre i Daginstitutioner" */
    return thing && !is_place_name(word) ? next : stop;
}

/* "Foreningen Syn og Bolig": behind "og" a word that tells what the society is for and names nobody. Gives where the
 * name ends. */
static const unsigned char *topic_behind(const unsigned char *stop, const unsigned char *limit)
{
    if (limit - stop < 7 || memcmp(stop, " og ", 4) != 0)
        return stop;
    const unsigned char *next = stop + 4;
    bool word = org_part(&next, true) == PART_CAP && next <= limit && org_part_ends(next) && *next != '-' &&
                !(*next == ' ' && next[1] < 'a' && next[1] >= 'A');
    return word && org_topic((struct span){(const char *)stop + 4, (size_t)(next - stop) - 4}) ? next : stop;
}

bool org_genitive(const unsigned char *stop)
{
    static const struct span quarters[] = {WORD("Nord"), WORD("Syd"), WORD("Øst"), WORD("Vest")};
    struct span word = {(const char *)stop - 1, 0};
    while (word.at[-1] != ' ' && word.at[-1] != '\n' && word.size < 40)
        word.at--, word.size++;
    if (word.size >= 9 && (word_ends(word, SPAN("en")) || word_ends(word, SPAN("et"))))
        return true;
    for (size_t i = 0; i < sizeof quarters / sizeof *quarters; i++)
        if (span_equal(quarters[i], word))
            return true;
    return is_place_name(word) && !is_place_name((struct span){word.at, word.size + 1});
}

const unsigned char *org_kind_end(const unsigned char *start, size_t kind, const unsigned char *stop,
                                  const unsigned char *limit)
{
    const unsigned char *named = start + kind;
    struct span what = {(const char *)start, kind - 1};
    if (stop &&
        (word_ends(what, SPAN("firmaet")) || word_ends(what, SPAN("giverne")) || word_ends(what, SPAN("mæglerne"))))
        stop = partner_behind(stop, limit);
    stop = stop ? before_another(named, stop) : org_society_named(start, named, limit);
    if (!stop)
        return NULL;
    if (limit - stop > 8 && memcmp(stop, " i ", 3) == 0) { /* "Foreningen af Kommuner i Fyns Amt" */
        const unsigned char *place = stop + 3, *word = place;
        enum org_part part = org_part(&word, true);
        part = part == PART_CAP && *word == ' ' && *++word ? org_part(&word, false) : PART_END;
        if ((part == PART_COMMUNE || part == PART_HOUSE) && word <= limit && word > place)
            stop = word;
    }
    if (kind > 6 && *stop == ' ' &&
        (*start == 'F' || word_ends(what, SPAN("Landsforeningen")) || word_ends(what, SPAN("Selskabet")))) {
        stop = purpose_end(stop, limit);
        if (!memchr(named, ' ', (size_t)(stop - named)))
            stop = topic_behind(stop, limit);
    }
    if (stop[-1] == 's' && *stop == ' ' && stop[1] >= 'a')
        stop -= org_genitive(stop);
    /* "Boligselskabet AKB, København": the seat belongs to the name of a housing company */
    if (strncmp((const char *)start, "Boligselskabet", 14) == 0 && stop[0] == ',' && stop[1] == ' ') {
        const unsigned char *seat = org_words(stop + 2, limit, 1, 0);
        stop = seat && !(seat[0] == ' ' && seat[1] >= 'A' && seat[1] <= 'Z') ? seat : stop;
    }
    return stop;
}
