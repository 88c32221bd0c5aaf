/* attendance_note: sentences anywhere in the text that tell who was away, came late or sat in for somebody, and the
 * meeting's lists of present, absent and substitutes that all of it gives. Pure. */
#include "roster.h"

#include "agenda.h"
#include "words.h"

#include <string.h>

/* A point ends a sentence if a space and a capital follow; "stk. 1" and "kl. 17" go on. */
static bool is_stop(const char *base, size_t at, size_t size)
{
    if (base[at] != '.' || at + 1 >= size)
        return base[at] == '.';
    if (base[at + 1] != ' ')
        return false;
    size_t word = at + 2;
    while (word < size && word < at + 4 && base[word] == ' ') /* typists set two spaces */
        word++;
    unsigned char next = word < size ? (unsigned char)base[word] : 0,
                  second = word + 1 < size ? (unsigned char)base[word + 1] : 0;
    bool capital = (next >= 'A' && next <= 'Z') || (next == 0xC3 && second >= 0x80 && second <= 0x9E);
    bool initial = at >= 2 && ((base[at - 1] >= 'A' && base[at - 1] <= 'Z') || /* Æ, Ø, Å end so too */
                               ((unsigned char)base[at - 2] == 0xC3 && (unsigned char)base[at - 1] <= 0x9E));
    return capital && !initial;
}

enum { SENTENCE_MOST = 260 };

/* The sentence around a sighting: what stands before it and behind it. */
static void sentence_around(const struct reading *reading, const struct sighting *sighting, struct span *before,
                            struct span *behind)
{
    const char *base = reading->body.text.at;
    size_t start = sighting->start, end = sighting->after, size = reading->body.text.size;
    while (start > 0 && sighting->start - start < SENTENCE_MOST && base[start - 1] != '\n' &&
           (base[start - 1] != '.' || !is_stop(base, start - 1, size)))
        start--;
    size_t limit = size - end < SENTENCE_MOST ? size : end + SENTENCE_MOST;
    while ((end = (size_t)(bytes_find4(base + end, base + limit, '\n', '.', '\n', '.') - base)) < limit &&
           base[end] == '.' && !is_stop(base, end, size))
        end++;
    *before = reading_cut(reading, start, sighting->start);
    *behind = reading_cut(reading, sighting->after, end);
}

#define HOLDS_ANY(sieve, text, words) text_holds_any((sieve), (text), (words), sizeof(words) / sizeof *(words))

/* The last of the words stands in the text and no other name between it and the sighting. */
static bool ends_with(struct span text, const char *word)
{
    struct span trimmed = text_trim(text, "");
    size_t size = strlen(word);
    return trimmed.size >= size && text_holds(span_cut(trimmed, trimmed.size - size, trimmed.size), word);
}

/* The sentence tells of an election: "N udpeges som stedfortræder". */
static bool is_elected_to(const struct text_sieve *sieve, struct span before, struct span behind)
{
    static const struct span chosen[] = {WORD("udpege"), WORD("vælge"), WORD("valgt"), WORD("suppleant til"),
                                         WORD("stedfortræder til")};
    return HOLDS_ANY(sieve, before, chosen) || HOLDS_ANY(sieve, behind, chosen);
}

/* The one before whose name it says so sits in for somebody else: "N mødte som stedfortræder for M". `next` is what
 * stands right behind the name. */
static bool stands_in(const struct text_sieve *sieve, struct span before, struct span behind, struct span next)
{
    static const struct span seats[] = {WORD("indkaldt"),   WORD("indkaldes"), WORD("mødte"),
                                        WORD("møder"),      WORD("deltog"),    WORD("deltager"),
                                        WORD("indtræder"),  WORD("indtrådte"), WORD("tiltræder"),
                                        WORD("tager sæde"), WORD("tog sæde"),  WORD("tog herefter sæde")};
    static const struct span substitutes[] = {WORD("tedfortræder"), WORD("uppleant")}, place[] = {WORD("stedet for ")};
    bool named = HOLDS_ANY(sieve, before, substitutes) || HOLDS_ANY(sieve, before, place) ||
                 HOLDS_ANY(sieve, behind, substitutes);
    if (!named || !(HOLDS_ANY(sieve, before, seats) || HOLDS_ANY(sieve, behind, seats)) ||
        is_elected_to(sieve, before, behind))
        return false;
    bool replaced = ends_with(before, "tedfortræder for") || ends_with(before, "uppleant for") ||
                    ends_with(before, "i stedet for") || span_starts(text_trim(behind, ",("), SPAN("for hvem")) ||
                    span_starts(text_trim(behind, ",("), SPAN("i stedet")) ||
                    span_starts(text_trim(behind, ",("), SPAN("hvis s")) || ends_with(before, "da");
    /* "Som stedfortræder for N mødte M", "I stedet for N deltog M" */
    bool for_other = (text_holds(before, "tedfortræder for ") || text_holds(before, "uppleant for ") ||
                      text_holds(before, "stedet for ")) &&
                     (ends_with(before, " mødte") || ends_with(before, " deltog") || ends_with(before, " indkaldt") ||
                      ends_with(before, " deltager") || ends_with(before, " indtrådte") || ends_with(before, " mødt"));
    /* "Socialdemokratiets 1. stedfortræder, N, er indkaldt" */
    struct span title = text_trim(before, ",");
    bool came = for_other || ends_with(title, "tedfortræder") || ends_with(before, "uppleant") ||
                ends_with(before, "tedfortræderen") || ends_with(before, "uppleanten") ||
                ((text_holds(next, "tedfortræder for") || text_holds(next, "uppleant for") ||
                  text_holds(next, "som stedfortræder") || text_holds(next, "som suppleant")) &&
                 !replaced && !span_starts(text_trim(next, ",."), SPAN("Som "))); /* that tells of the next name */
    return came || ((text_holds(behind, "som stedfortræder for") || text_holds(behind, "som suppleant for")) &&
                    ends_with(before, "at") && !replaced);
}

/* Words behind a name that tell of somebody who was not there. */
static const struct span away[] = {WORD("meldt afbud"),
                                   WORD("meldte afbud"),
                                   WORD("er fraværende"),
                                   WORD("var fraværende"),
                                   WORD("forhindret i at deltage i mødet"),
                                   WORD("deltog ikke i mødet"),
                                   WORD("havde afbud"),
                                   WORD("deltager ikke i mødet")};

/* A part of every word that note_read looks for. A line without them has nothing to tell of anybody. */
static const struct span told[] = {WORD("sted"),      WORD("tedfortræder"), WORD("uppleant"), WORD("sæde"),
                                   WORD("indtræder"), WORD("ankom"),        WORD("mødte"),    WORD("forlod"),
                                   WORD("kom kl"),    WORD("deltog"),       WORD("gik kl"),   WORD("afbud"),
                                   WORD("fravær"),    WORD("forhindret"),   WORD("deltager"), WORD("forfald")};

/* What is known of the line where a note may stand: made once, for all the names on it. */
struct note_line {
    size_t line;
    bool silent; /* it holds none of the words */
    bool stays;  /* its words may tell of somebody who was there for a part */
    bool sieved; /* the sieve is that of the line, with what stands before its words; a longer one has a sieve for each
                  * sentence */
    struct text_sieve sieve;
};
enum { NOTE_LINE_MAX = 1000 };

static void note_line_make(const struct reading *reading, size_t line, struct note_line *note)
{
    const struct line *here = &reading->lines.items[line];
    size_t start = here->start;
    while (start > 0 && reading->body.text.at[start - 1] != '\n')
        start--;
    note->line = line;
    note->silent = !(here->traces & TRACE_ATTENDANCE);
    note->sieved = !note->silent && here->end - start < NOTE_LINE_MAX;
    if (!note->sieved)
        return;
    struct span text = reading_cut(reading, start, here->end);
    text_sieve_make(&note->sieve, text);
    note->silent = !HOLDS_ANY(&note->sieve, text, told);
    note->stays = note->silent || attendance_stays(&note->sieve);
}

/* A sentence around a name, and of what stands behind it what is told of nobody else. */
struct sentence {
    const struct text_sieve *sieve;
    struct span before, behind, next;
};

/* Does it tell that somebody takes a seat, his own or another's? */
static void seat_read(const struct reading *reading, const struct sighting *sighting, struct attendance *attendance,
                      const struct sentence *sentence)
{
    const struct text_sieve *sieve = sentence->sieve;
    struct span before = sentence->before, behind = sentence->behind, next = sentence->next;
    if (stands_in(sieve, before, behind, next) || (sighting_came_instead(before) && !ends_with(before, " for")))
        attendance->substitute = true;
    if (text_holds(next, "tog herefter sæde") || text_holds(next, "tog sæde") ||
        (text_holds(next, " indtræder ") && !is_elected_to(sieve, before, behind) &&
         text_holds(reading_cut(reading, sighting->start > 300 ? sighting->start - 300 : 0, sighting->start),
                    "edfortræder")))
        attendance->substitute = true;
    /* "N (A) - N (A) mødte som stedfortræder" */
    struct span dash = text_trim(behind, "");
    if (dash.size > 2 && dash.at[0] == '-' && dash.at[1] == ' ' && dash.at[2] >= 'A' &&
        text_holds(dash, "som stedfortræder")) {
        attendance->substitute = false;
        attendance->absent = true;
    }
}

static void note_read(struct roster *roster, const struct sighting *sighting, struct note_line *note)
{
    size_t line = sighting->line;
    struct reading *reading = roster->reading;
    struct attendance *attendance = &roster->attendance.items[sighting->person];
    if (note->line != line)
        note_line_make(reading, line, note);
    struct text_sieve own, *sieve = &note->sieve;
    bool wraps = sighting->after > reading->lines.items[line].end;
    if (note->silent && !wraps && !in_absence_item(reading, sighting))
        return;
    struct span before, behind;
    sentence_around(reading, sighting, &before, &behind);
    if (!note->sieved || wraps) {
        sieve = &own;
        text_sieve_make(sieve, (struct span){before.at, (size_t)(behind.at + behind.size - before.at)});
    }
    size_t near = behind.size < 70 ? behind.size : 70, index = (size_t)(sighting - reading->sightings.items);
    struct span all = span_cut(behind, 0, near);            /* "A, B og C havde meldt afbud": all of them */
    const char *other = text_seek(all, " mens ", 6, false); /* "A og B var mødt, mens C havde meldt afbud" */
    all.size = other ? (size_t)(other - all.at) : all.size;
    /* but who came is told right behind the name */
    if (index + 1 < reading->sightings.count && sighting[1].start >= sighting->after &&
        sighting[1].start - sighting->after < near)
        near = sighting[1].start - sighting->after;
    struct span next = span_cut(behind, 0, near);
    if (wraps || reading->lines.items[line].traces & TRACE_SEAT)
        seat_read(reading, sighting, attendance, &(struct sentence){sieve, before, behind, next});
    if (in_absence_item(reading, sighting)) {
        attendance->substitute = attendance->substitute || text_holds(before, "stedfortræder") ||
                                 text_holds(before, "suppleant") || text_holds(before, "i stedet");
        attendance->absent = attendance->absent || !attendance->substitute;
    }
    bool stays = sieve == &own || note->stays;
    assert(stays || attendance_stay(reading, sighting, LIST_MEMBERS) == STAY_UNTOLD);
    enum stay stay = stays ? attendance_stay(reading, sighting, LIST_MEMBERS) : STAY_UNTOLD;
    if (stay == STAY_PARTLY)
        attendance->noted = true;
    else if (stay == STAY_UNTOLD && HOLDS_ANY(sieve, all, away))
        attendance->absent = true;
    static const struct span lists[] = {WORD("Afbud fra"),     WORD("Fraværende:"), WORD("forfald:"),
                                        WORD("Afbud:"),        WORD("Fravær:"),     WORD("Ikke til stede:"),
                                        WORD("Ej til stede:"), WORD("Ikke mødt:"),  WORD("Ej mødt:")};
    bool listed = before.size < 200 && reading->lines.items[line].label != LABEL_ABSENT &&
                  HOLDS_ANY(sieve, before, lists) && !text_holds(before, " mødte ");
    if (listed && stay == STAY_UNTOLD && in_own_decision(reading, line)) {
        if (reading->spots[line].item > 0)
            attendance->items++;
        else
            attendance->absent = true;
    }
}

bool attendance_notes(struct roster *roster)
{
    struct reading *reading = roster->reading;
    struct note_line note;
    note.line = SIZE_MAX;
    for (size_t i = 0; i < reading->sightings.count; i++) {
        const struct sighting *sighting = &reading->sightings.items[i];
        bool cue = reading->lines.items[sighting->line].flags & LINE_CUE;
        if (sighting->person >= 0 && (cue || in_absence_item(reading, sighting)) &&
            !reading->people.items[sighting->person].official)
            note_read(roster, sighting, &note);
    }
    return true;
}

static bool name_add(struct arena *arena, struct name_list *list, size_t *capacity, struct span name)
{
    void *names = (void *)(uintptr_t)list->names;
    if (!arena_grow(arena, &names, capacity, list->count, sizeof *list->names))
        return false;
    ((struct span *)names)[list->count++] = name;
    list->names = names;
    return true;
}

bool attendance_result(struct roster *roster)
{
    struct reading *reading = roster->reading;
    struct meeting *meeting = reading->meeting;
    size_t capacity[3] = {0}, decisions = 0;
    bool head_absent = false, fits = true;
    for (size_t i = 0; i < reading->items.count; i++)
        decisions += part_final(reading, &reading->items.items[i]) != NULL;
    for (size_t i = 0; i < roster->attendance.count; i++)
        head_absent = head_absent || roster->attendance.items[i].absent;
    for (size_t i = 0; i < roster->attendance.count && fits; i++) {
        struct attendance *attendance = &roster->attendance.items[i];
        struct person *person = &reading->people.items[i];
        if (person->official)
            continue;
        bool through = attendance->items && (!head_absent || (size_t)attendance->items * 2 >= decisions);
        bool absent = (attendance->absent || (through && !attendance->noted)) && !attendance->substitute;
        bool present =
            !absent && (attendance->listed || attendance->substitute || attendance->noted || attendance->signed_off);
        person->presence = absent                   ? PRESENCE_ABSENT
                           : attendance->substitute ? PRESENCE_SUBSTITUTE
                           : present                ? PRESENCE_PRESENT
                                                    : PRESENCE_UNKNOWN;
        if (absent)
            fits = name_add(reading->arena, &meeting->absent, &capacity[0], person->name);
        if (present)
            fits = fits && name_add(reading->arena, &meeting->present, &capacity[1], person->name);
        if (present && attendance->substitute)
            fits = fits && name_add(reading->arena, &meeting->substitutes, &capacity[2], person->name);
    }
    return fits;
}
