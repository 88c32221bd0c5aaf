/* attendance_open: lists of names in the head whose label is no known one. Pure.
 *
 * "Med om bordet: N (A), M (V)", "Hvem var med?" and below it the names, "fra Ebeltoft   N, M": where no known label
 * leads the members, a line that is names and little else is a list, and the words before it, or on the line above,
 * tell what it lists. Members are those who have a party each or of whom the words say that they came. */
#include "roster.h"

#include "words.h"

#define HOLDS(sieve, list) text_holds_any((sieve), (sieve)->text, (list), sizeof(list) / sizeof *(list))

static const struct span came[] = {WORD("var med"),   WORD("deltog"),       WORD("deltag"),   WORD("mødt"),
                                   WORD("indfundet"), WORD("til stede"),    WORD("tilstede"), WORD("fremmød"),
                                   WORD("samlet"),    WORD("bordet"),       WORD("logget"),   WORD("medlem"),
                                   WORD("politik"),   WORD("nærværende"),   WORD("var der"),  WORD("kom til mødet"),
                                   WORD("er med"),    WORD("fra udvalget"), WORD("fra rådet")};
static const struct span away[] = {WORD("ikke"),   WORD("afbud"),  WORD("fravær"), WORD("forfald"), WORD("forhindret"),
                                   WORD("mangle"), WORD("udeble"), WORD("orlov"),  WORD("syg"),     WORD("hjemme")};
static const struct span except[] = {WORD("undtag"), WORD("bortset"), WORD("på nær"), WORD("pånær")};
static const struct span staff[] = {WORD("forvaltning"), WORD("administration"), WORD("embeds"),      WORD("direktion"),
                                    WORD("ansat"),       WORD("rådhus"),         WORD("hjalp"),       WORD("sekret"),
                                    WORD("gæst"),        WORD("medarbejder"),    WORD("referent"),    WORD("desuden"),
                                    WORD("endvidere"),   WORD("øvrige"),         WORD("tilforordne"), WORD("til:"),
                                    WORD("cc:"),         WORD("fra:"),           WORD("kopi")};

/* "N, M og L deltog i mødet": behind the names. */
static const struct span were_there[] = {WORD("deltog i mødet"), WORD("var til stede"), WORD("var mødt"),
                                         WORD("var tilstede"), WORD("var fremmødt")};

/* The sightings from `first` up to `last` stand on one line or on lines that were broken. */
struct names {
    size_t first, last;
    size_t named, parties; /* bytes of names and their parties; how many have one */
    size_t given;          /* how many begin with a known first name */
};

static struct names names_between(const struct reading *reading, size_t start, size_t end)
{
    struct names names = {.first = sighting_from(reading, start)};
    for (names.last = names.first;
         names.last < reading->sightings.count && reading->sightings.items[names.last].start < end; names.last++) {
        const struct sighting *sighting = &reading->sightings.items[names.last];
        if (sighting->weak) /* "Frederiksberg Skole" may be a house */
            return (struct names){0};
        names.named += sighting->after - sighting->start;
        names.parties += sighting->party.size > 0;
        names.given += sighting->given > 0;
    }
    return names;
}

/* What the words that lead a list say of it; false if they say nothing. */
static bool kind_told(struct span lead, enum list_kind *kind)
{
    if (!lead.size || lead.size > 160)
        return false;
    struct text_sieve sieve;
    text_sieve_make(&sieve, lead);
    bool absent = HOLDS(&sieve, away), others = HOLDS(&sieve, staff), present = HOLDS(&sieve, came);
    if (!absent && !others && !present)
        return false;
    *kind = others ? LIST_OFFICIAL : absent ? LIST_ABSENT : LIST_MEMBERS;
    return true;
}

/* Names and little else: commas, "og", roles; two of them at least, or one below words that tell. */
static bool is_list(const struct names *names, size_t size, bool told)
{
    size_t count = names->last - names->first;
    return count > (told ? 0u : 1u) && names->named * (told ? 5 : 3) >= size * 2;
}

/* "N, M og L var mødt": where such words begin between two clean offsets, or the second one if they do not. */
static size_t were_there_at(const struct reading *reading, size_t start, size_t stop)
{
    struct span text = reading_cut(reading, start, stop);
    size_t first = stop;
    for (size_t i = 0; i < sizeof were_there / sizeof *were_there; i++) {
        const char *found = text_seek(text, were_there[i].at, were_there[i].size, false);
        size_t at = found ? (size_t)(found - reading->body.text.at) : stop;
        first = at < first ? at : first;
    }
    static const struct span verb = WORD(" deltog"); /* "N, M og L deltog." */
    return first == stop && word_ends(text, verb) ? stop - verb.size : first;
}

/* "Borgmester N" and then names: who has the chair leads the list of those who sit around the table. */
static bool is_seated(const struct reading *reading, const struct sighting *chair, size_t line)
{
    static const struct span chairs[] = {WORD("Borgmester"),        WORD("Formand"),        WORD("Sognerådsformand"),
                                         WORD("Byrådsformand"),     WORD("Amtsborgmester"), WORD("Udvalgsformand"),
                                         WORD("Regionsrådsformand")};
    const struct line *here = &reading->lines.items[line];
    if (chair->start <= here->start || chair->start >= here->end || chair->after < here->end)
        return false;
    struct span title = text_trim(reading_cut(reading, here->start, chair->start), ":");
    for (size_t i = 0; i < sizeof chairs / sizeof *chairs; i++)
        if (span_equal(title, chairs[i]))
            return true;
    return false;
}

/* The list from `line` up to `end`: known by its own words, by those above, or by the parties of all its names. */
static bool list_read(struct roster *roster, size_t line, size_t start, size_t last, struct span above, bool cue,
                      bool *taken)
{
    struct reading *reading = roster->reading;
    size_t first = sighting_from(reading, start);
    size_t behind = first < reading->sightings.count ? reading->sightings.items[first].start : last;
    size_t stop = cue && behind < last ? were_there_at(reading, behind, last) : last;
    struct names names = names_between(reading, start, stop);
    /* "Mødet hos Virksomheden Alfa / N, M deltog": a house stands before the list */
    while (names.last - names.first > 2 && !reading->sightings.items[names.first].given &&
           !reading->sightings.items[names.first].party.size && reading->sightings.items[names.first + 1].given &&
           reading->sightings.items[names.first].line < reading->sightings.items[names.first + 1].line)
        names.first++;
    if (names.first == names.last || names.named * 5 < stop - reading->sightings.items[names.first].start)
        return true;
    struct span lead = reading_cut(reading, start, reading->sightings.items[names.first].start);
    enum list_kind kind = LIST_MEMBERS;
    bool own = kind_told(lead, &kind), told = own || stop < last;
    /* a lead of its own that says nothing, "Protokollen førtes af", is not the one above */
    told = (text_trim(lead, "").size < 16 && kind_told(above, &kind)) || told;
    size_t count = names.last - names.first;
    bool seated = !told && count > 2 && names.first && line &&
                  is_seated(reading, &reading->sightings.items[names.first - 1], line - 1);
    /* "N, M, L, K (afbud)": a line that is names and nothing else */
    bool alone = !told && count > 3 && !lead.size && names.given == count && names.named * 10 >= (stop - start) * 7;
    told = told || seated || alone;
    if (!is_list(&names, stop - start - lead.size, told) || (!told && names.parties < count))
        return true;
    if (own && kind == LIST_ABSENT && text_holds_one(lead, except, sizeof except / sizeof *except))
        return true; /* "Alle var mødt, undtagen N": its words have been read */
    *taken = true;
    names.first -= seated;
    return kind == LIST_OFFICIAL || attendance_names(roster, reading->sightings.items[names.first].start, stop, kind);
}

/* The lists of the paragraph from `line` up to `end`, one a sentence. */
static bool lists_read(struct roster *roster, size_t line, size_t end, struct span above, bool *taken)
{
    const struct line *lines = roster->reading->lines.items;
    size_t start = lines[line].start, last = lines[end - 1].end;
    bool cue = false; /* the words that are looked for mark their line */
    for (size_t next = line; next < end; next++)
        cue = cue || lines[next].flags & LINE_CUE;
    *taken = false;
    for (size_t stop; start < last; start = stop + 1) {
        stop = cue ? attendance_sentence_end(roster->reading, start, last) : last;
        if (!list_read(roster, line, start, stop, above, cue, taken))
            return false;
        above = (struct span){0};
    }
    return true;
}

/* One name a line, three lines at least, each with nothing but a party, a role or a word of attendance behind it: the
 * roster of a head that has no label for it. Gives the line behind them, or `line`. */
static size_t column_end(const struct reading *reading, size_t line)
{
    const struct line *lines = reading->lines.items;
    size_t next = line;
    for (; next < reading->lines.count; next++) {
        size_t i = sighting_from(reading, lines[next].start);
        const struct sighting *name = i < reading->sightings.count ? &reading->sightings.items[i] : NULL;
        bool first = name && name->start == lines[next].start && !name->weak && (name->given || name->party.size);
        bool second = first && i + 1 < reading->sightings.count && name[1].start < lines[next].end;
        bool alone = first && (second ? span_equal(word_before(&reading->body, name[1].start), SPAN("for"))
                                      : lines[next].end - name->after < 24);
        if (!alone || lines[next].label || reading->spots[next].item != NO_ITEM || reading->spots[next].heading ||
            reading->spots[next].contents)
            break;
    }
    return next - line > 2 ? next : line;
}

/* The end of the paragraph at `line`, or a line in it that a lead of its own opens: "Hvem hjalp os: N, M". */
static size_t list_end(const struct reading *reading, size_t line)
{
    size_t end = attendance_prose_end(reading, line);
    for (size_t next = line + 1; next < end; next++) {
        const struct line *here = &reading->lines.items[next];
        size_t first = sighting_from(reading, here->start);
        const struct sighting *name = first < reading->sightings.count ? &reading->sightings.items[first] : NULL;
        if (name && name->start > here->start + 2 && name->start < here->end &&
            reading->body.text.at[name->start - 2] == ':')
            return next;
    }
    return end;
}

bool attendance_open(struct roster *roster)
{
    enum { HEAD_MOST = 40 }; /* lines */
    struct reading *reading = roster->reading;
    const struct line *lines = reading->lines.items;
    for (size_t i = 0; i < roster->attendance.count; i++)
        if (roster->attendance.items[i].listed)
            return true;     /* a known label led the members */
    size_t above = SIZE_MAX; /* the line whose words lead what stands below it */
    for (size_t line = 0, next; line < reading->lines.count && line < HEAD_MOST; line = next) {
        bool head = reading->spots[line].item == NO_ITEM && !reading->spots[line].contents &&
                    !(lines[line].flags & LINE_PAGE) && lines[line].label != LABEL_ABSENT &&
                    lines[line].label != LABEL_OFFICIAL && lines[line].label != LABEL_SUBSTITUTE;
        bool taken = false;
        if (reading->spots[line].item != NO_ITEM)
            break;
        next = column_end(reading, line);
        if (head && next > line) {
            if (!attendance_names(roster, lines[line].start, lines[next - 1].end, LIST_MEMBERS))
                return false;
            continue;
        }
        next = list_end(reading, line);
        struct span lead = above < line ? reading_line(reading, above) : (struct span){0};
        if (head && !lists_read(roster, line, next, lead, &taken))
            return false;
        above = taken ? above : next - 1;
    }
    return true;
}
