/* attendance: who was present, absent or came for somebody, out of lists and notes. Pure. */
#include "roster.h"

#include "agenda.h"
#include "words.h"

#include <string.h>

static struct span after_sighting(const struct reading *reading, const struct sighting *sighting)
{
    const struct text *text = &reading->body.text;
    size_t left = text->size - sighting->after;
    struct span near = reading_cut(reading, sighting->after, sighting->after + (left < 160 ? left : 160));
    const char *line_end = memchr(near.at, '\n', near.size);
    /* "N" and on the next line "(suppleant)": a column was too narrow */
    struct span below = line_end == near.at ? text_trim(near, "") : (struct span){0};
    if (below.size && *below.at == '(') {
        line_end = memchr(below.at, '\n', below.size);
        return line_end ? span_cut(below, 0, (size_t)(line_end - below.at)) : below;
    }
    return line_end ? span_cut(near, 0, (size_t)(line_end - near.at)) : near;
}

/* "(Sekretær)", "(Formand)": the role in brackets behind a name; the text between the brackets. */
static struct span bracket_role(struct span behind)
{
    behind = text_trim(behind, "-,");
    if (!behind.size || *behind.at != '(')
        return (struct span){0};
    const char *stop = memchr(behind.at, ')', behind.size);
    struct span role = stop ? (struct span){behind.at + 1, (size_t)(stop - behind.at - 1)} : (struct span){0};
    return role.size > 2 && role.size < 40 && !is_party(role) ? role : (struct span){0};
}

static bool is_staff_role(struct span role)
{
    static const struct span words[] = {
        WORD("sekretær"),    WORD("direktør"),    WORD("chef"),           WORD("referent"),    WORD("konsulent"),
        WORD("leder"),       WORD("forvaltning"), WORD("administration"), WORD("medarbejder"), WORD("fuldmægtig"),
        WORD("ingeniør"),    WORD("kæmner"),      WORD("protokolfører"),  WORD("assistent"),   WORD("jurist"),
        WORD("koordinator"), WORD("arkitekt"),    WORD("inspektør")};
    if (text_holds(role, "repræsentant")) /* "(medarbejderrepræsentant)" sits on the board */
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_find(role, words[i].at, words[i].size, false))
            return true;
    return false;
}

/* "Dan Fogh Lind, sekretær": the role behind a comma, if it closes the line or the name's place in the list. */
static struct span comma_role(struct span behind)
{
    behind = text_trim(behind, "");
    if (behind.size < 4 || behind.at[0] != ',' || behind.at[1] != ' ')
        return (struct span){0};
    size_t stop = 2;
    while (stop < behind.size && !strchr(",;.\n", behind.at[stop]))
        stop++;
    struct span role = span_cut(behind, 2, stop);
    bool small = role.size > 4 && role.size < 30 && ((*role.at >= 'a' && *role.at <= 'z') || (*role.at & 0x80));
    return small && !memchr(role.at, ' ', role.size) ? role : (struct span){0};
}

/* "N, suppleant for M", "N (1. stedfortræder for M)", "N - i stedet for M": what stands behind N says that he came for
 * M. */
static bool is_stand_in(struct span rest)
{
    static const struct span words[] = {WORD("suppleant for"),     WORD("Suppleant for"), WORD("stedfortræder"),
                                        WORD("Stedfortræder for"), WORD("i stedet for"),  WORD("I stedet for"),
                                        WORD("afløser for"),       WORD("vikar for")};
    bool bracket = rest.size && *rest.at == '(';
    rest = span_cut(rest, bracket, rest.size);
    if (rest.size > 3 && *rest.at >= '1' && *rest.at <= '9' && rest.at[1] == '.' && rest.at[2] == ' ')
        rest = span_cut(rest, 3, rest.size);
    return words_start(words, sizeof words / sizeof *words, rest) || (bracket && span_starts(rest, SPAN("suppleant")));
}

/* "N (A) (afbud)", "N - fraværende": a word behind the name that tells that he is away. */
static bool is_away_word(struct span text)
{
    static const struct span words[] = {
        WORD("var fraværende"),  WORD("er fraværende"),  WORD("havde meldt afbud"), WORD("Afbud"),
        WORD("afbud"),           WORD("Fraværende"),     WORD("fraværende"),        WORD("ikke mødt"),
        WORD("Ikke mødt"),       WORD("ikke til stede"), WORD("udeblev"),           WORD("orlov"),
        WORD("lovligt forfald"), WORD("forfald"),        WORD("Ikke til stede"),    WORD("nej "),
        WORD("meldt afbud"),     WORD("deltog ikke."),   WORD("Deltog ikke")};
    return words_start(words, sizeof words / sizeof *words, text) > 0;
}

bool attendance_name(struct roster *roster, struct sighting *sighting, enum list_kind kind)
{
    struct reading *reading = roster->reading;
    struct span behind = after_sighting(reading, sighting), role = bracket_role(behind);
    /* old rosters give members their trades: "gårdejer N, lærer M"; posts of the administration show staff */
    bool post = sighting->role == ROLE_OFFICIAL && !sighting->party.size &&
                (is_staff_role(word_before(&reading->body, sighting->start)) || kind == LIST_OFFICIAL);
    struct span trade = kind == LIST_MEMBERS && !sighting->party.size ? comma_role(behind) : (struct span){0};
    if (kind == LIST_OFFICIAL && sighting->party.size) /* "Øvrige deltagere: N (A)" has a seat */
        kind = LIST_MEMBERS;
    bool staff = kind == LIST_OFFICIAL || is_staff_role(role) || post || (trade.size && is_staff_role(trade));
    int32_t person = roster_put(roster, reading_cut(reading, sighting->start, sighting->end), sighting->party, staff);
    if (person < 0)
        return false;
    sighting->person = person;
    sighting->weak = false;
    struct attendance *attendance = &roster->attendance.items[person];
    struct person *who = &reading->people.items[person];
    if (role.size && !who->role.size)
        who->role = role;
    if (staff)
        return true;
    /* "N: Afbud (Stedfortræder N, ...)", "N (A), Suppleant for N (A)" */
    struct span rest = text_trim(behind, ":,- ");
    if (span_starts(rest, SPAN("–")))
        rest = text_trim(span_cut(rest, SPAN("–").size, rest.size), "");
    /* but "N (A) Fraværende: M" leads the next list */
    const char *word = rest.size ? memchr(rest.at, ' ', rest.size) : NULL;
    if (rest.size && (word ? word[-1] : rest.at[rest.size - 1]) == ':')
        rest.size = 0;
    if (is_away_word(rest) || is_away_word(role))
        kind = LIST_ABSENT;
    bool stands_in = is_stand_in(rest);
    /* "N (stedfortræder: M)" and ", stedfortræder: M" name the one who came for N */
    const char *colon = rest.size ? memchr(rest.at, ':', rest.size < 17 ? rest.size : 17) : NULL;
    struct span clause = span_cut(rest, 0, rest.size < 60 ? rest.size : 60);
    bool nobody = text_holds(clause, " ikke ") || text_holds(clause, "ingen "); /* "stedfortræder ikke indkaldt" */
    /* "N - stedfortræder M": M came for N */
    size_t index = (size_t)(sighting - reading->sightings.items) + 1, word_size = 0;
    while (word_size < rest.size && rest.at[word_size] != ' ')
        word_size++;
    bool next_came = index < reading->sightings.count && word_size < rest.size &&
                     sighting[1].start == (size_t)(rest.at - reading->body.text.at) + word_size + 1;
    stands_in = stands_in && !colon && !nobody && !next_came;
    struct span before = word_before(&reading->body, sighting->start);
    bool close = before.size &&
                 !memchr(before.at, '\n', sighting->start - (size_t)(before.at - reading->body.text.at)) &&
                 !memchr(before.at, '.', sighting->start - (size_t)(before.at - reading->body.text.at));
    stands_in = stands_in || (kind != LIST_SUBSTITUTE && close &&
                              (text_has(before, "Stedfortræder") || text_has(before, "Suppleant")));
    if (before.size == 3 &&
        (span_equal(before, SPAN("for")) || span_equal(before, SPAN("For")))) /* the one somebody stands in for */
        return attendance->absent = true, true;
    enum stay stay =
        kind == LIST_ABSENT || kind == LIST_SUBSTITUTE ? attendance_stay(reading, sighting, kind) : STAY_UNTOLD;
    if (stay != STAY_UNTOLD && !stands_in) {
        attendance->noted = attendance->noted || stay == STAY_PARTLY;
        return true;
    }
    attendance->listed = attendance->listed || kind == LIST_MEMBERS;
    attendance->absent = attendance->absent || kind == LIST_ABSENT;
    attendance->signed_off = attendance->signed_off || kind == LIST_SIGNED;
    attendance->substitute = attendance->substitute || kind == LIST_SUBSTITUTE || stands_in;
    if (stands_in)
        attendance->absent = false;
    return true;
}

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
    if (memchr(between.at, ';', between.size) || text_holds(between, " mens ") || text_holds(between, "afløste") ||
        text_holds(between, "erstattede")) /* "M afløste N" */
        came = false;
    for (size_t i = 0; between.size < 120 && i < sizeof cues / sizeof *cues; i++)
        came = came || text_find(between, cues[i].at, cues[i].size, false);
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
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
        if (text_find(between, cues[i].at, cues[i].size, false))
            return true;
    return false;
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
            is_note(after_sighting(reading, here)))
            break;
        /* the next line tells of the next one who is away */
        const char *newline = came ? memchr(between.at, '\n', between.size) : NULL;
        struct span told_before = text_trim(span_cut(between, 0, newline ? (size_t)(newline - between.at) : 0), "");
        bool goes_over =
            told_before.size && (told_before.at[told_before.size - 1] == ',' || word_ends(told_before, SPAN(" og")) ||
                                 span_equal(told_before, SPAN("og")));
        bool line_end =
            newline && !goes_over && !text_trim(span_cut(between, told_before.size, between.size), ".)").size;
        came = kind == LIST_ABSENT && !line_end &&
               (attendance_came(between, came) || (is_deputy(after_sighting(reading, here)) &&
                                                   attendance_stay(reading, here, LIST_SUBSTITUTE) == STAY_UNTOLD));
        /* "Mødt for N: M", "I stedet for N deltog M" amid a list: N is away, M came */
        bool named = i && here[-1].person >= 0 && roster->attendance.items[here[-1].person].absent && i > 1 &&
                     here[-2].person >= 0 && roster->attendance.items[here[-2].person].substitute;
        bool instead = replaced && !named && between.size < 60 && !opens_anew(between);
        replaced = attendance_replaced(reading, here, between);
        /* "M (A) for N (A)" in the list of those present: M came for N */
        if (kind == LIST_MEMBERS && i && here[-1].person >= 0 && here[-1].after + 5 == here->start &&
            span_equal(between, SPAN(" for ")))
            roster->attendance.items[here[-1].person].substitute = true;
        enum list_kind own = came || instead ? LIST_SUBSTITUTE : replaced ? LIST_ABSENT : kind;
        /* "N (Viborg Idrætsråd)": whom he speaks for */
        bool sends = here->start > start && !here->given && !here->party.size && i &&
                     here[-1].after + 2 == here->start && reading->body.text.at[here->start - 1] == '(' && own == kind;
        if (!sends && !sighting_is_place(reading, here) && !attendance_name(roster, here, own))
            return false;
    }
    return true;
}

static bool has_sighting(const struct reading *reading, const struct line *line)
{
    size_t i = sighting_from(reading, line->start);
    return i < reading->sightings.count && reading->sightings.items[i].start < line->end;
}

/* A line that goes on with a list of absentees or substitutes: it begins with a name, and tells no story. */
static bool goes_on(const struct reading *reading, const struct line *line)
{
    if (line->label || line->flags & LINE_PAGE || !has_sighting(reading, line))
        return false;
    const struct sighting *sighting = &reading->sightings.items[sighting_from(reading, line->start)];
    static const char *const verbs[] = {"ankom", "forlod", "deltog", "deltager", "mødte",    "indkaldt",    "indtræder",
                                        "er",    "var",    "har",    "blev",     "foreslog", "orienterede", "stemte"};
    struct span text = line_text(&reading->body, line);
    for (size_t at = 4; at + 8 < text.size; at++) /* "N (V). I stedet mødte M (V)." */
        if (strchr(".,;", text.at[at]) &&
            (memcmp(text.at + at + 1, " I stedet", 9) == 0 || memcmp(text.at + at + 1, " i stedet", 9) == 0 ||
             memcmp(text.at + at + 1, " Som st", 7) == 0 || memcmp(text.at + at + 1, " Som su", 7) == 0))
            text.size = at;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (text_has(text, verbs[i]))
            return false;
    if (!sighting->given && !sighting->party.size && sighting->role == ROLE_NONE)
        return false;
    if (sighting->role == ROLE_OFFICIAL && line->blanks) /* "Direktør N nævnte ...": what was told, below the list */
        return false;
    return sighting->line_start || sighting->start - line->start < 20 || sighting->role != ROLE_NONE;
}

/* The roster goes on until another label or the agenda; a line without a name may hold a role or a party. */
size_t roster_end(const struct reading *reading, size_t line)
{
    size_t first = line, empty = 0;
    for (line++; line < reading->lines.count; line++) {
        const struct line *here = &reading->lines.items[line];
        bool other = here->label != LABEL_NONE && here->label != LABEL_OFFICIAL && here->label != LABEL_CLERK;
        if (other || reading->spots[line].contents || reading->spots[line].item != NO_ITEM ||
            reading->spots[line].heading || here->flags & LINE_PAGE)
            break;
        empty = has_sighting(reading, here) ? 0 : empty + 1;
        if (empty > 4 || (empty && here->end - here->start > 60))
            break;
    }
    (void)first;
    return line;
}

static size_t short_list_end(const struct reading *reading, size_t line)
{
    const struct line *lines = reading->lines.items;
    size_t i = sighting_from(reading, lines[line].end);
    /* "Afbud" and right below it "N (V). Som stedfortræder deltog M (V)." */
    if (lines[line].value >= lines[line].end && line + 1 < reading->lines.count && !lines[line + 1].label &&
        !reading->spots[line + 1].heading && i < reading->sightings.count &&
        reading->sightings.items[i].start == lines[line + 1].start)
        line++;
    for (line++; line < reading->lines.count && goes_on(reading, &reading->lines.items[line]); line++)
        if (reading->spots[line].heading || reading->spots[line].contents)
            break;
    return line;
}

bool attendance_kind(enum label label, enum list_kind *kind)
{
    switch (label) {
    case LABEL_MEMBERS: *kind = LIST_MEMBERS; return true;
    case LABEL_ABSENT: *kind = LIST_ABSENT; return true;
    case LABEL_SUBSTITUTE: *kind = LIST_SUBSTITUTE; return true;
    case LABEL_OFFICIAL: *kind = LIST_OFFICIAL; return true;
    case LABEL_SIGNED: *kind = LIST_SIGNED; return true;
    default: return false;
    }
}

/* "(A)" alone on a line belongs to the member above it. */
static void loose_parties(struct roster *roster, size_t first, size_t end)
{
    struct reading *reading = roster->reading;
    int32_t person = -1;
    for (size_t line = first; line < end; line++) {
        const struct line *here = &reading->lines.items[line];
        size_t i = sighting_from(reading, here->start);
        if (i < reading->sightings.count && reading->sightings.items[i].start < here->end)
            person = reading->sightings.items[i].person;
        struct span text = line_text(&reading->body, here);
        bool bracket = text.size > 2 && text.size < 16 && *text.at == '(' && text.at[text.size - 1] == ')';
        struct span letters = bracket ? span_cut(text, 1, text.size - 1) : (struct span){0};
        if (bracket && person >= 0 && is_party(letters) && !reading->people.items[person].party.size)
            reading->people.items[person].party = letters;
        else if (person >= 0 && text.size < 30 &&
                 (span_starts(text, SPAN("Formand")) || span_starts(text, SPAN("Næstformand"))))
            reading->people.items[person].role = text;
    }
}

/* Is the line inside the decision that this meeting took on its item? Absences of earlier bodies do not count. */
bool in_own_decision(const struct reading *reading, size_t line)
{
    int32_t item = reading->spots[line].item;
    if (item < 0)
        return true;
    const struct draft_item *draft = &reading->items.items[item];
    const struct part *part = part_final(reading, draft);
    if (part && line >= part->first && line < part->end)
        return true;
    /* no decision at all, or a part that names the absent of the meeting */
    for (uint32_t i = 0; i < draft->part_count; i++) {
        const struct part *other = &reading->parts.items[draft->first_part + i];
        if (line >= other->first && line < other->end)
            return !other->body &&
                   (other->kind == NO_SECTION || other->kind == SECTION_OTHER || !part || other->first >= part->end);
    }
    return false;
}

static bool absent_in_item(struct roster *roster, size_t start, size_t end)
{
    struct reading *reading = roster->reading;
    bool came = false;
    for (size_t i = sighting_from(reading, start);
         i < reading->sightings.count && reading->sightings.items[i].start < end; i++) {
        struct sighting *sighting = &reading->sightings.items[i];
        int32_t person =
            roster_put(roster, reading_cut(reading, sighting->start, sighting->end), sighting->party, false);
        if (person < 0)
            return false;
        sighting->person = person;
        size_t before = i > 0 && sighting[-1].end > start ? sighting[-1].end : start;
        came = attendance_came(reading_cut(reading, before, sighting->start), came);
        if (came)
            roster->attendance.items[person].substitute = true;
        else
            roster->attendance.items[person].items++;
    }
    return true;
}

/* "Medlemmer: Fraværende: A, B, C D": both labels first, then both lists; where no comma parts two names the absent
 * begin. Other words of the head stand before the names, so only known first names count. */
static bool joint_list(struct roster *roster, size_t start, size_t end)
{
    struct reading *reading = roster->reading;
    enum list_kind kind = LIST_MEMBERS;
    size_t before = SIZE_MAX;
    for (size_t i = sighting_from(reading, start);
         i < reading->sightings.count && reading->sightings.items[i].start < end; i++) {
        struct sighting *here = &reading->sightings.items[i];
        if (!here->given || sighting_is_place(reading, here))
            continue;
        if (before != SIZE_MAX && here->start - before == 1)
            kind = LIST_ABSENT;
        before = here->after;
        if (!attendance_name(roster, here, kind))
            return false;
    }
    return true;
}

/* Is the line "Fraværende: ..." behind an empty "Medlemmer:"? */
static bool labels_first(const struct reading *reading, size_t line)
{
    const struct line *here = &reading->lines.items[line];
    return line > 0 && here->label == LABEL_ABSENT && here->gap == GAP_COLON && here[-1].label == LABEL_MEMBERS &&
           here[-1].value >= here[-1].end && here->end - here->value > 40;
}

/* "N: Deltog", "N: Afbud (Stedfortræder M)": a line that answers for one member. */
static bool answers(const struct reading *reading, const struct line *line)
{
    if (line->label || !has_sighting(reading, line))
        return false;
    const struct sighting *sighting = &reading->sightings.items[sighting_from(reading, line->start)];
    static const struct span words[] = {WORD("Deltog"),   WORD("deltog"),    WORD("Afbud"),    WORD("afbud"),
                                        WORD("Fravær"),   WORD("fravær"),    WORD("Mødt"),     WORD("mødt"),
                                        WORD("Deltager"), WORD("Til sted"),  WORD("til sted"), WORD("Tilst"),
                                        WORD("tilst"),    WORD("Ikke mødt"), WORD("ikke mødt")};
    struct span behind = after_sighting(reading, sighting);
    size_t mark = 0;
    while (mark < behind.size && strchr(" :\t|-", behind.at[mark]))
        mark++;
    bool marked = mark && text_trim(span_cut(behind, 0, mark), "").size;
    marked = marked || (mark && memchr(behind.at, '\t', mark));
    return sighting->start == line->start && marked &&
           words_start(words, sizeof words / sizeof *words, span_cut(behind, mark, behind.size));
}

size_t attendance_prose_end(const struct reading *reading, size_t line)
{
    while (line + 1 < reading->lines.count) {
        const struct line *here = &reading->lines.items[line];
        if (here->end - here->start < 55 || here[1].blanks || here[1].label || here[1].flags & LINE_PAGE ||
            reading->spots[line + 1].item != reading->spots[line].item)
            break;
        line++;
    }
    return line + 1;
}

/* A line of the head without a label that matters: what its words tell. Gives the line behind, or 0 if the arena is
 * full. */
static size_t prose_read(struct roster *roster, size_t line)
{
    struct reading *reading = roster->reading;
    const struct line *here = &reading->lines.items[line];
    bool prose = here->label == LABEL_NONE || here->label == LABEL_REMARK ||
                 (here->label == LABEL_BALLOT && here->gap == GAP_SPACE); /* "For N mødte M" */
    if (!prose || reading->spots[line].contents || reading->spots[line].item != NO_ITEM)
        return line + 1;
    if (answers(reading, here))
        return attendance_names(roster, here->start, here->end, LIST_MEMBERS) ? line + 1 : 0;
    size_t end = attendance_prose_end(reading, line);
    bool cue = false;
    for (size_t i = line; i < end; i++)
        cue = cue || (reading->lines.items[i].flags & LINE_CUE);
    if (cue && !attendance_sentences(roster, here->start, reading->lines.items[end - 1].end))
        return 0;
    return end;
}

/* A line of a roster that is a sentence: "N (A) deltog i stedet for M (A)." */
bool attendance_told(const struct reading *reading, const struct line *line)
{
    static const char *const verbs[] = {
        "var",  "har",       "havde",     "udeblev", "forlod",     "ankom",       "mødte",          "deltog",
        "blev", "indtrådte", "erstattet", "afløste", "erstattede", "vikarierede", "repræsenterede", "deltager"};
    if (!(line->flags & LINE_CUE) || line->label || !has_sighting(reading, line) || answers(reading, line))
        return false;
    struct span text = line_text(&reading->body, line), rest = text;
    for (size_t at = 1; at + 2 < text.size; at++) /* its first sentence: a list that ends here is none */
        if (text.at[at] == '.' && text.at[at + 1] == ' ' && text.at[at - 1] >= 'a') {
            rest = span_cut(text, 0, at);
            break;
        }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (text_has(rest, verbs[i]))
            return true;
    return false;
}

/* The lines of a roster, from `line` up to `last`; sentences among them are read as such. Who is neither away nor a
 * substitute by them is there. */
static bool roster_lines(struct roster *roster, size_t line, size_t last, size_t start)
{
    struct reading *reading = roster->reading;
    const struct line *lines = reading->lines.items;
    for (size_t next = line + 1; next <= last; next++) {
        if (next < last && !attendance_told(reading, &lines[next]))
            continue;
        if (!attendance_names(roster, start, lines[next - 1].end, LIST_MEMBERS))
            return false;
        if (next == last)
            break;
        size_t end = attendance_prose_end(reading, next), first = sighting_from(reading, lines[next].start);
        end = end < last ? end : last;
        if (!attendance_sentences(roster, lines[next].start, lines[end - 1].end))
            return false;
        struct sighting *sighting = &reading->sightings.items[first];
        bool told = sighting->person >= 0 && (roster->attendance.items[sighting->person].absent ||
                                              roster->attendance.items[sighting->person].substitute);
        if (!told && sighting->start == lines[next].start && !attendance_name(roster, sighting, LIST_MEMBERS))
            return false;
        next = end - 1;
        start = lines[next].end;
    }
    return true;
}

/* Names alone at the end of the document, on two lines at least: the signatures. */
static bool signatures_read(struct roster *roster)
{
    struct reading *reading = roster->reading;
    size_t first = reading->lines.count, lines = 0;
    while (first && reading->lines.count - first < 60) {
        const struct line *here = &reading->lines.items[first - 1];
        bool names = is_names_only(reading, here) && !here->label;
        if (!names && !(here->flags & LINE_PAGE))
            break;
        lines += names;
        first--;
    }
    if (lines < 2)
        return true;
    size_t i = sighting_from(reading, reading->lines.items[first].start);
    return reading->sightings.count - i < 4 ||
           attendance_names(roster, reading->lines.items[first].start, reading->body.text.size, LIST_SIGNED);
}

bool attendance_lists(struct roster *roster)
{
    struct reading *reading = roster->reading;
    for (size_t line = 0; line < reading->lines.count; line++) {
        const struct line *here = &reading->lines.items[line];
        enum list_kind kind;
        size_t behind = attendance_columns(roster, line);
        if (behind != line) {
            if (!behind)
                return false;
            line = behind - 1;
            continue;
        }
        if (attendance_heads(reading, line))
            continue;
        if (!attendance_kind((enum label)here->label, &kind) || reading->spots[line].contents) {
            size_t next = prose_read(roster, line);
            if (!next)
                return false;
            line = next - 1;
            continue;
        }
        bool head = reading->spots[line].item == NO_ITEM,
             members = kind == LIST_MEMBERS || kind == LIST_OFFICIAL || kind == LIST_SIGNED;
        if (!head && (kind == LIST_MEMBERS || kind == LIST_OFFICIAL) && reading->spots[line].item > 0)
            continue;
        if (kind == LIST_SUBSTITUTE && span_starts(line_value(&reading->body, here), SPAN("Ingen")))
            continue;
        size_t last = members ? roster_end(reading, line) : short_list_end(reading, line);
        /* "Mødt for N: M": the words of the label tell as well */
        size_t start = here->gap == GAP_SPACE ? here->start : here->value, end = reading->lines.items[last - 1].end;
        bool own = head || in_own_decision(reading, line);
        bool item_absence = !head && kind == LIST_ABSENT && reading->spots[line].item > 0;
        if (head && labels_first(reading, line)) {
            if (!joint_list(roster, start, end))
                return false;
        } else if (item_absence) {
            if (own && !absent_in_item(roster, start, end))
                return false;
        } else if (own && kind == LIST_MEMBERS) {
            if (!roster_lines(roster, line, last, start))
                return false;
        } else if (own && !attendance_names(roster, start, end, kind)) {
            return false;
        }
        if (members)
            loose_parties(roster, line, last);
        line = members && last > line + 1 ? last - 1 : line;
    }
    return signatures_read(roster) && attendance_open(roster);
}
