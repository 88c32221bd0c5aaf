/* attendance_line: which lines a list of names takes in, and which of them answer for one member or tell a story. Pure.
 */
#include "roster.h"

#include "words.h"

#include <string.h>

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
    static const struct span verbs[] = {WORD("ankom"),       WORD("forlod"),   WORD("deltog"),    WORD("deltager"),
                                        WORD("mødte"),       WORD("indkaldt"), WORD("indtræder"), WORD("er"),
                                        WORD("var"),         WORD("har"),      WORD("blev"),      WORD("foreslog"),
                                        WORD("orienterede"), WORD("stemte")};
    struct span text = line_text(&reading->body, line);
    for (size_t at = 4; at + 8 < text.size; at++) /* "N (V). I stedet mødte M (V)." */
        if (strchr(".,;", text.at[at]) &&
            (memcmp(text.at + at + 1, " I stedet", 9) == 0 || memcmp(text.at + at + 1, " i stedet", 9) == 0 ||
             memcmp(text.at + at + 1, " Som st", 7) == 0 || memcmp(text.at + at + 1, " Som su", 7) == 0))
            text.size = at;
    struct text_sieve sieve;
    text_sieve_make(&sieve, text);
    if (text_has_any(&sieve, text, verbs, sizeof verbs / sizeof *verbs))
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
    size_t empty = 0;
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
    return line;
}

size_t attendance_short_end(const struct reading *reading, size_t line)
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

/* "N: Deltog", "N: Afbud (Stedfortræder M)": a line that answers for one member. */
bool attendance_answers(const struct reading *reading, const struct line *line)
{
    if (line->label || !has_sighting(reading, line))
        return false;
    const struct sighting *sighting = &reading->sightings.items[sighting_from(reading, line->start)];
    static const struct span words[] = {WORD("Deltog"),   WORD("deltog"),    WORD("Afbud"),    WORD("afbud"),
                                        WORD("Fravær"),   WORD("fravær"),    WORD("Mødt"),     WORD("mødt"),
                                        WORD("Deltager"), WORD("Til sted"),  WORD("til sted"), WORD("Tilst"),
                                        WORD("tilst"),    WORD("Ikke mødt"), WORD("ikke mødt")};
    struct span behind = sighting_behind(reading, sighting);
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
        const char *last = reading->body.text.at + here->end - 1;
        if (here->end - here->start < 55 || (*last == '.' && attendance_closed(last)) || here[1].blanks ||
            here[1].label || here[1].flags & LINE_PAGE || reading->spots[line + 1].item != reading->spots[line].item)
            break;
        line++;
    }
    return line + 1;
}

/* A line of a roster that is a sentence: "N (A) deltog i stedet for M (A)." */
bool attendance_told(const struct reading *reading, const struct line *line)
{
    static const char *const verbs[] = {"var",       "har",     "havde",      "udeblev",     "forlod",
                                        "ankom",     "mødte",   "deltog",     "blev",        "indtrådte",
                                        "erstattet", "afløste", "erstattede", "vikarierede", "repræsenterede",
                                        "deltager",  "er"};
    if (!(line->flags & LINE_CUE) || line->label || !has_sighting(reading, line) || attendance_answers(reading, line))
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
