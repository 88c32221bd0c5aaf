/* attendance_name: one name on a list: what list it is on by the words right before and behind it. Pure.
 *
 * "N (A), sekretær" is staff, "N: Afbud" is away, "N, suppleant for M" came for M, "N (stedfortræder: M)" is the one
 * somebody came for, and "N ankom kl. 17" on a list of the absent was there. */
#include "roster.h"

#include "words.h"

#include <string.h>

struct span sighting_behind(const struct reading *reading, const struct sighting *sighting)
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
    return text_holds_one(role, words, sizeof words / sizeof *words);
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
    static const struct span words[] = {WORD("suppleant for"),
                                        WORD("Suppleant for"),
                                        WORD("stedfortræder"),
                                        WORD("Stedfortræder for"),
                                        WORD("i stedet for"),
                                        WORD("I stedet for"),
                                        WORD("afløser for"),
                                        WORD("vikar for"),
                                        WORD("som stedfortræder for"),
                                        WORD("som suppleant for"),
                                        WORD("suppl. for"),
                                        WORD("mødt for"),
                                        WORD("mødt i stedet for"),
                                        WORD("mødte i stedet for"),
                                        WORD("deltog i stedet for"),
                                        WORD("deltager i stedet for"),
                                        WORD("er stedfortræder for"),
                                        WORD("er suppleant for"),
                                        WORD("var stedfortræder for")};
    bool bracket = rest.size && *rest.at == '(';
    rest = span_cut(rest, bracket, rest.size);
    if (rest.size > 3 && *rest.at >= '1' && *rest.at <= '9' && rest.at[1] == '.' && rest.at[2] == ' ')
        rest = span_cut(rest, 3, rest.size);
    if (rest.size < SPAN("vikar for").size) /* as behind most names: shorter than all of them */
        return false;
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
    return text.size > 0 && words_start(words, sizeof words / sizeof *words, text) > 0;
}

/* Old rosters give members their trades: "gårdejer N, lærer M"; posts of the administration show staff. */
static bool is_staff(const struct reading *reading, const struct sighting *sighting, struct span behind,
                     enum list_kind kind)
{
    bool post = sighting->role == ROLE_OFFICIAL && !sighting->party.size &&
                (is_staff_role(word_before(&reading->body, sighting->start)) || kind == LIST_OFFICIAL);
    struct span trade = kind == LIST_MEMBERS && !sighting->party.size ? comma_role(behind) : (struct span){0};
    /* "Øvrige deltagere: N (A)" and "Endvidere mødte N som suppleant for M" have a seat */
    bool listed = kind == LIST_OFFICIAL && !sighting->party.size && !is_stand_in(text_trim(behind, ","));
    return listed || is_staff_role(bracket_role(behind)) || post || (trade.size && is_staff_role(trade));
}

/* "N: Afbud (Stedfortræder N, ...)", "N (A), Suppleant for N (A)": what is told of the name behind its mark. */
static struct span told_of(struct span behind)
{
    struct span rest = text_trim(behind, ":,- ");
    if (span_starts(rest, SPAN("–")))
        rest = text_trim(span_cut(rest, SPAN("–").size, rest.size), "");
    /* but "N (A) Fraværende: M" leads the next list */
    const char *word = rest.size ? memchr(rest.at, ' ', rest.size) : NULL;
    if (rest.size && (word ? word[-1] : rest.at[rest.size - 1]) == ':')
        rest.size = 0;
    return rest;
}

/* Do the words behind the name, though they begin as "N, stedfortræder for M" does, name the one who came for N? */
static bool is_stood_for(const struct reading *reading, const struct sighting *sighting, struct span rest)
{
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
    return colon || nobody || next_came;
}

/* "Stedfortræder N", "Suppleant: N": the word right before the name, in the same sentence. */
static bool is_titled_stand_in(const struct reading *reading, const struct sighting *sighting, struct span before)
{
    size_t size = before.size ? sighting->start - (size_t)(before.at - reading->body.text.at) : 0;
    bool close = before.size && !memchr(before.at, '\n', size) && !memchr(before.at, '.', size);
    return close && (text_has(before, "Stedfortræder") || text_has(before, "Suppleant"));
}

/* Notes of one who is not staff what his list, the word before his name and `rest`, the words behind it, tell. */
static void attendance_put(struct attendance *attendance, const struct reading *reading,
                           const struct sighting *sighting, struct span rest, enum list_kind kind)
{
    struct span before = word_before(&reading->body, sighting->start);
    bool somebody = sighting->given || sighting->party.size; /* "N, Dansk Blindesamfund, deltog i stedet for M" */
    bool stands_in = (somebody && is_stand_in(rest) && !is_stood_for(reading, sighting, rest)) ||
                     (kind != LIST_SUBSTITUTE && is_titled_stand_in(reading, sighting, before));
    if (span_equal(before, SPAN("for")) || span_equal(before, SPAN("For"))) { /* the one somebody stands in for */
        bool other = sighting > reading->sightings.items && sighting[-1].line == sighting->line;
        struct span between = other ? reading_cut(reading, sighting[-1].after, sighting->start) : (struct span){0};
        attendance->absent = attendance->absent || !attendance_one_day(between);
        return;
    }
    enum stay stay =
        kind == LIST_ABSENT || kind == LIST_SUBSTITUTE ? attendance_stay(reading, sighting, kind) : STAY_UNTOLD;
    if (stay != STAY_UNTOLD && !stands_in) {
        attendance->noted = attendance->noted || stay == STAY_PARTLY;
        return;
    }
    attendance->listed = attendance->listed || kind == LIST_MEMBERS;
    attendance->absent = (attendance->absent || kind == LIST_ABSENT) && !stands_in;
    attendance->signed_off = attendance->signed_off || kind == LIST_SIGNED;
    attendance->substitute = attendance->substitute || kind == LIST_SUBSTITUTE || stands_in;
}

/* "(Konservative) (Afbud)", "(Viborg) - fraværende": what stands behind the first bracket. */
static struct span behind_bracket(struct span rest)
{
    const char *stop = rest.size && *rest.at == '(' ? memchr(rest.at, ')', rest.size) : NULL;
    if (!stop)
        return (struct span){0};
    size_t at = (size_t)(stop - rest.at) + 1, word = at;
    while (word < rest.size && strchr(" (-:", rest.at[word]))
        word++;
    return word > at ? span_cut(rest, word, rest.size) : (struct span){0};
}

bool attendance_name(struct roster *roster, struct sighting *sighting, enum list_kind kind)
{
    struct reading *reading = roster->reading;
    struct span behind = sighting_behind(reading, sighting), role = bracket_role(behind);
    bool staff = is_staff(reading, sighting, behind, kind);
    if (kind == LIST_OFFICIAL && !staff)
        kind = LIST_MEMBERS; /* he has a seat */
    int32_t person = roster_put(roster, reading_cut(reading, sighting->start, sighting->end), sighting->party, staff);
    if (person < 0)
        return false;
    sighting->person = person;
    sighting->weak = false;
    struct person *who = &reading->people.items[person];
    if (role.size && !who->role.size)
        who->role = role;
    if (staff)
        return true;
    struct span rest = told_of(behind);
    if (is_away_word(rest) || is_away_word(role) || is_away_word(behind_bracket(rest)))
        kind = LIST_ABSENT;
    attendance_put(&roster->attendance.items[person], reading, sighting, rest, kind);
    return true;
}
