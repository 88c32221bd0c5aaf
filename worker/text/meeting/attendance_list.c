/* attendance_list: a list of names, read name by name. Pure.
 *
 * "Til stede var A, B og C. Fraværende: D, i stedet deltog E. Fra forvaltningen: F": what stands between two names
 * tells whether the list goes on or another begins, and who came for whom. */
#include "roster.h"

#include "words.h"

#include <string.h>

/* "Fraværende: N, i stedet deltog N og N", "N, for hvem N var indkaldt": behind such words stand those who came; a
 * closing bracket or semicolon goes back to the absent. */
bool attendance_came(struct span between, bool came)
{
    static const struct span cues[] = {WORD("i stedet "),
                                       WORD("I stedet "),
                                       WORD("for hvem "),
                                       WORD("tedfortræder deltog"),
                                       WORD("tedfortræder: "),
                                       WORD("uppleant: "),
                                       WORD("tedfortræder er "),
                                       WORD("uppleant er "),
                                       WORD("uppleant deltog"),
                                       WORD("tedfortræder mødte"),
                                       WORD("uppleant mødte"),
                                       WORD("erstattes af "),
                                       WORD("erstattet af "),
                                       WORD("tedfortrædere deltog"),
                                       WORD("hvis sted "),
                                       WORD("deres sted "),
                                       WORD("hans sted "),
                                       WORD("hendes sted "),
                                       WORD("tedfortræderne "),
                                       WORD("uppleanterne "),
                                       WORD("- stedfortræder "),
                                       WORD("- suppleant "),
                                       WORD(", stedfortræder "),
                                       WORD(", suppleant "),
                                       WORD(" v/ "),
                                       WORD("(v/ ")};
    if (came && between.size && *between.at == ')') /* "A (suppleant: M) og B": the bracket is over */
        came = false;
    static const struct span over[] = {WORD(" deltog"), WORD(" mødte"), WORD(" deltager"), WORD(" møder")};
    if (came && words_start(over, sizeof over / sizeof *over, between) && memchr(between.at, ',', between.size))
        came = false; /* "A - M deltog i stedet, B" */
    if (memchr(between.at, ';', between.size) || text_holds(between, " mens ") || text_holds(between, "afløste") ||
        text_holds(between, "erstattede")) /* "M afløste N" */
        came = false;
    if (!came && between.size > 4 && between.size < 120)
        came = text_holds_one(between, cues, sizeof cues / sizeof *cues);
    /* "For A deltog C som stedfortræder": the verb stands right before the one who came */
    struct span verb = text_trim(between, "");
    static const struct span verbs[] = {WORD(" deltog"),    WORD(" mødte"),    WORD(" indkaldt"),
                                        WORD(" indtrådte"), WORD(" deltager"), WORD(" møder")};
    for (size_t i = 0; between.size < 120 && i < sizeof verbs / sizeof *verbs; i++) {
        struct span word = span_cut(verbs[i], 1, verbs[i].size);
        came = came || (between.size > verbs[i].size && word_ends(verb, word));
    }
    return came;
}

/* Behind a closed sentence or a line's end: "Mødt: A og B. Ikke mødt: C", "Til stede var A. Endvidere deltog B". */
static bool opens_anew(struct span between)
{
    for (size_t i = 0; i + 1 < between.size; i++)
        if ((between.at[i] == '.' && between.at[i + 1] == ' ') || between.at[i] == '\n' || between.at[i] == ';')
            return true;
    return false;
}

/* Who was there besides the members: "Endvidere deltog", "Fra forvaltningen". */
static bool staff_leads(struct span between)
{
    static const struct span cues[] = {WORD("ndvidere delt"),
                                       WORD("esuden delt"),
                                       WORD("Fra forvaltning"),
                                       WORD("fra forvaltning"),
                                       WORD("administrationen"),
                                       WORD("Fra administ"),
                                       WORD("ekretær"),
                                       WORD("Referent"),
                                       WORD("Protokolfør"),
                                       WORD("Sekr."),
                                       WORD("ndvidere mødte"),
                                       WORD("esuden mødte"),
                                       WORD("desuden til stede"),
                                       WORD("vrige deltagere"),
                                       WORD("ndvidere var"),
                                       WORD("esuden var"),
                                       WORD("ndre deltagere"),
                                       WORD("(administration"),
                                       WORD("(forvaltning"),
                                       WORD("(embeds"),
                                       WORD("(øvrige"),
                                       WORD("esuden til stede"),
                                       WORD("medarbejdere"),
                                       WORD("Administration"),
                                       WORD("Forvaltning"),
                                       WORD("Embedsm"),
                                       WORD("Gæst"),
                                       WORD("Øvrige:"),
                                       WORD("gså til stede"),
                                       WORD("Sagsbehandler"),
                                       WORD("fra forvalt"),
                                       WORD("fra admin")};
    return text_holds_one(between, cues, sizeof cues / sizeof *cues);
}

/* What list the next name is on, from the words before it; `silent`: they hold no trace of attendance. */
static enum list_kind kind_behind(struct span between, enum list_kind kind, bool silent)
{
    assert(!silent || !(attendance_away_leads(between) || text_holds(between, "fraværende") ||
                        text_holds(between, "ikke mødt") || text_holds(between, "undtag")));
    struct span tail = text_trim(between, "");
    bool named = tail.size && tail.at[tail.size - 1] == ':'; /* "Fraværende med lovligt forfald: N" */
    bool staff = between.size < 200 && opens_anew(between) && staff_leads(between);
    if (!staff && !silent && kind == LIST_ABSENT && named && between.size < 60 && opens_anew(between) &&
        (text_has(tail, "stede") || text_has(tail, "mødt") || text_has(tail, "tilstede") ||
         text_has(tail, "deltagere")) &&
        !text_has(tail, "ikke"))
        return LIST_MEMBERS; /* "Afbud: N. Til stede: M" */
    bool away = !silent && between.size < 200 &&
                (text_holds(between, "fraværende") || text_holds(between, "afbud") || text_holds(between, "forfald") ||
                 text_holds(between, "ikke mødt"));
    if (!silent && kind == LIST_MEMBERS && between.size < 200 &&
        ((away && named) || (opens_anew(between) && attendance_away_leads(between)) ||
         text_holds(between, "bortset fra") || text_holds(between, "undtagelse af") || text_holds(between, "undtagen")))
        kind = LIST_ABSENT;
    if ((kind == LIST_MEMBERS || kind == LIST_ABSENT) && staff)
        return LIST_OFFICIAL;
    return kind;
}

/* What stands behind a name tells how somebody who was there came, left or stood aside. */
static bool is_note(struct span behind)
{
    static const struct span verbs[] = {WORD("forlod"),    WORD("ankom"),     WORD("gik "), WORD("var inhabil"),
                                        WORD("erklærede"), WORD("deltog"),    WORD("kom "), WORD("mødte kl"),
                                        WORD("måtte"),     WORD("er inhabil")};
    behind = text_trim(behind, "");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (span_starts(behind, verbs[i]))
            return true;
    return false;
}

/* "Fraværende: N - M deltog", "N, M mødte som suppleant": what stands behind M says that he came. */
static bool is_deputy(struct span behind)
{
    static const struct span verbs[] = {WORD("afløste"), WORD("afløser"),     WORD("erstattede"),
                                        WORD("deltog"),  WORD("mødte"),       WORD("deltager"),
                                        WORD("møder"),   WORD("er indkaldt"), WORD("var indkaldt")};
    static const struct span not [] = {WORD("deltog ikke"),  WORD("mødte ikke"),    WORD("deltog fra"),
                                       WORD("deltog kun"),   WORD("deltager ikke"), WORD("mødte kl"),
                                       WORD("deltog i sag"), WORD("deltog i pu")};
    behind = text_trim(behind, "");
    return words_start(verbs, sizeof verbs / sizeof *verbs, behind) &&
           !words_start(not, sizeof not / sizeof *not, behind);
}

/* "N var ikke erstattet af stedfortræder": nobody came for N, and N did not. */
static bool is_unreplaced(struct span behind)
{
    static const struct span words[] = {WORD("var ikke erstattet"),       WORD("er ikke erstattet"),
                                        WORD("blev ikke erstattet"),      WORD("havde ingen stedfortræder"),
                                        WORD("havde ikke stedfortræder"), WORD("har ingen stedfortræder")};
    return words_start(words, sizeof words / sizeof *words, text_trim(behind, "")) > 0;
}

/* "M (A) for N (A)", "M (afløser N)": between the one who came and the one whose seat he took. */
static bool takes_seat(struct span between)
{
    static const struct span words[] = {WORD(" for "),      WORD(" - for "),    WORD(" (for "),   WORD(", for "),
                                        WORD(" (afløser "), WORD(", afløser "), WORD(" afløser ")};
    size_t size = words_start(words, sizeof words / sizeof *words, between);
    return size && size == between.size;
}

/* The next line tells of the next one who is away, unless a comma or "og" goes over the line's end. */
static bool begins_line(struct span between)
{
    const char *newline = memchr(between.at, '\n', between.size);
    struct span told = text_trim(span_cut(between, 0, newline ? (size_t)(newline - between.at) : 0), "");
    bool goes_over =
        told.size && (told.at[told.size - 1] == ',' || word_ends(told, SPAN(" og")) || span_equal(told, SPAN("og")));
    return newline && !goes_over && !text_trim(span_cut(between, told.size, between.size), ".)").size;
}

bool attendance_names(struct roster *roster, size_t start, size_t end, enum list_kind kind)
{
    struct reading *reading = roster->reading;
    bool came = false, replaced = false;
    enum list_kind listed = kind;
    for (size_t i = sighting_from(reading, start);
         i < reading->sightings.count && reading->sightings.items[i].start < end; i++) {
        struct sighting *here = &reading->sightings.items[i];
        size_t before = i && here[-1].after > start ? here[-1].after : start;
        struct span between = reading_cut(reading, before < here->start ? before : here->start, here->start);
        /* "... bortset fra A og B. C forlod mødet": the list of the sentence is over, the next one is prose */
        bool told = kind == LIST_ABSENT && listed == LIST_MEMBERS && opens_anew(between);
        bool silent = !(reading_traces(reading, before, here->line) & TRACE_ATTENDANCE);
        kind = kind_behind(between, kind, silent);
        const struct line *line = &reading->lines.items[here->line];
        if ((line->label == LABEL_OFFICIAL || line->label == LABEL_CLERK) && line->gap == GAP_COLON &&
            line->start >= start && here->start >= line->value)
            kind = LIST_OFFICIAL; /* "Embedsmænd: N" below the members */
        if (told && kind == LIST_ABSENT && !attendance_away_leads(between) && !attendance_came(between, false) &&
            is_note(sighting_behind(reading, here)))
            break;
        bool seat = attendance_replaced(reading, here, between); /* "Som stedfortræder for N deltog M" */
        came = kind == LIST_ABSENT && !(came && begins_line(between)) &&
               !is_unreplaced(sighting_behind(reading, here)) &&
               (attendance_came(between, came) || (!seat && is_deputy(sighting_behind(reading, here)) &&
                                                   attendance_stay(reading, here, LIST_SUBSTITUTE) == STAY_UNTOLD));
        /* "Mødt for N: M", "I stedet for N deltog M" amid a list: N is away, M came */
        bool named = i && here[-1].person >= 0 && roster->attendance.items[here[-1].person].absent && i > 1 &&
                     here[-2].person >= 0 && roster->attendance.items[here[-2].person].substitute;
        bool instead = replaced && !named && between.size < 60 && !opens_anew(between);
        replaced = seat;
        /* "M (A) for N (A)" in the list of those present: M came for N */
        bool taken =
            kind == LIST_MEMBERS && i && here[-1].person >= 0 && here[-1].after == before && takes_seat(between);
        if (taken)
            roster->attendance.items[here[-1].person].substitute = true;
        enum list_kind own = came || instead ? LIST_SUBSTITUTE : replaced || taken ? LIST_ABSENT : kind;
        /* "N (Viborg Idrætsråd)": whom he speaks for */
        bool sends = here->start > start && !here->given && !here->party.size && i &&
                     here[-1].after + 2 == here->start && reading->body.text.at[here->start - 1] == '(' && own == kind;
        if (!sends && !sighting_is_place(reading, here) && !attendance_name(roster, here, own))
            return false;
    }
    return true;
}
