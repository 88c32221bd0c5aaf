/* sighting: capitalised words that may be a person's name: where the name is cut, and what stands around it. Part of
 * the pass over the text (entity.c); who the person is, the roster tells later. Pure. */
#include "scan.h"

#include "word_class.h"

#include <string.h>

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

void scan_name(const struct scan *scan, const char *at, const char *limit, struct name_match *name)
{
    *name = name_at(at, limit);
    cut_at_line_end(scan, at, name);
    cut_at_weekday(scan, at, name);
}

size_t scan_name_words(const char *at, const struct name_match *name)
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

bool scan_sighting(struct scan *scan, const char *at, const struct name_match *name, size_t words, bool weak)
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
