/* elected: does the text around a sighting show a member: a party, a title, a seat taken, a vote, a challenge to sit in
 * the case? Pure. */
#include "roster.h"

#include "words.h"

#include <string.h>

/* The words behind a sighting, up to the end of the sentence. */
static struct span words_behind(const struct reading *reading, const struct sighting *sighting)
{
    const struct text *text = &reading->body.text;
    size_t left = text->size - sighting->after;
    struct span near = reading_cut(reading, sighting->after, sighting->after + (left < 120 ? left : 120));
    const char *line_end = memchr(near.at, '\n', near.size), *point = near.at;
    near.size = line_end ? (size_t)(line_end - near.at) : near.size;
    while ((point = memchr(point, '.', near.size - (size_t)(point - near.at))) != NULL) {
        if (point[1] == ' ')
            return span_cut(near, 0, (size_t)(point - near.at));
        point++;
    }
    return near;
}

bool in_absence_item(const struct reading *reading, const struct sighting *sighting)
{
    size_t line = sighting->line;
    int32_t item = reading->spots[line].item;
    if (item < 0 || reading->spots[line].section != SECTION_DECISION || reading->spots[line].heading)
        return false;
    const struct draft_item *draft = &reading->items.items[item];
    struct span title = reading_cut(reading, draft->title_start, draft->title_end);
    return span_starts(title, SPAN("Fraværende")) || span_starts(title, SPAN("Afbud")) ||
           span_starts(title, SPAN("Fravær"));
}

bool sighting_came_instead(struct span before)
{
    static const struct span leads[] = {WORD("I stedet deltog "),
                                        WORD("I stedet deltager "),
                                        WORD("I stedet mødte "),
                                        WORD("I deres sted "),
                                        WORD("I hans sted "),
                                        WORD("I hendes sted "),
                                        WORD("Som stedfortræder deltog "),
                                        WORD("Som stedfortrædere deltog "),
                                        WORD("Som suppleant deltog "),
                                        WORD("Som suppleanter deltog "),
                                        WORD("Som stedfortræder mødte "),
                                        WORD("Som stedfortrædere mødte "),
                                        WORD("Som suppleant mødte "),
                                        WORD("Som stedfortræder var "),
                                        WORD("Stedfortræder: "),
                                        WORD("Stedfortrædere: ")};
    struct span text = text_trim(before, "");
    text.size = before.size - (size_t)(text.at - before.at);
    if (!text.size || (*text.at != 'I' && *text.at != 'S'))
        return false;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (span_starts(text, leads[i]))
            return true;
    return false;
}

/* In a decision it is members who speak, propose and vote; staff and guests are named with a title. */
static bool speaks(const struct reading *reading, const struct sighting *sighting, struct span behind)
{
    static const struct span verbs[] = {
        WORD("orienterede"),      WORD("foreslog"),    WORD("ønskede"),   WORD("stillede"),      WORD("bad om"),
        WORD("spurgte"),          WORD("fremsatte"),   WORD("meddelte"),  WORD("redegjorde"),    WORD("anmodede"),
        WORD("begærede"),         WORD("tiltræder"),   WORD("oplyste"),   WORD("kan ikke"),      WORD("kunne ikke"),
        WORD("stemmer"),          WORD("undlod"),      WORD("bemærkede"), WORD("forespurgte"),   WORD("henstillede"),
        WORD("mindede om"),       WORD("takkede"),     WORD("udtalte"),   WORD("tog forbehold"), WORD("forbeholdt"),
        WORD("opfordrede"),       WORD("efterlyste"),  WORD("støttede"),  WORD("kan tilslutte"), WORD("tilsluttede"),
        WORD("gjorde opmærksom"), WORD("afholdt sig"), WORD("rejste"),    WORD("begærer"),       WORD("savner"),
        WORD("savnede"),          WORD("påpegede"),    WORD("ønsker")};
    size_t line = sighting->line;
    if (reading->spots[line].section != SECTION_DECISION || reading->spots[line].heading)
        return false;
    if (behind.size && *behind.at == ',') /* a citizen with an address */
        return false;
    int32_t item = reading->spots[line].item;
    const struct draft_item *draft = item >= 0 ? &reading->items.items[item] : NULL;
    if (draft && text_holds(reading_cut(reading, draft->title_start, draft->title_end), "spørgeti"))
        return false; /* citizens ask there, and a member has a party */
    struct span next = span_cut(behind, 0, behind.size < 40 ? behind.size : 40);
    struct text_sieve sieve;
    text_sieve_make(&sieve, next);
    return text_holds_any(&sieve, next, verbs, sizeof verbs / sizeof *verbs);
}

/* Those who vote are members: on a line "For: N, M", below one that is "For" alone, or in a sentence with "stemte". */
static bool votes(const struct reading *reading, const struct sighting *sighting, size_t line)
{
    if (reading->spots[line].section != SECTION_DECISION || reading->spots[line].heading)
        return false;
    const struct line *here = &reading->lines.items[line];
    for (size_t back = 0; back < 16 && back <= line; back++) {
        const struct line *above = here - back;
        if (above->label == LABEL_BALLOT)
            return back == 0 || above->gap == GAP_END || above->gap == GAP_COLON;
        if (above->label || above->end - above->start > 60)
            break;
    }
    size_t from = sighting->start > here->start + 200 ? sighting->start - 200 : here->start;
    struct span lead = reading_cut(reading, from, sighting->start);
    for (size_t i = lead.size; i > 1; i--)
        if (lead.at[i - 1] == ' ' && lead.at[i - 2] == '.' && i > 4 && lead.at[i - 4] != ' ')
            return text_holds(span_cut(lead, i, lead.size), "stemte");
    return text_holds(lead, "stemte");
}

/* The text shows the sighting to be a member: a party, a title, a seat, a challenge to sit in the case. */
static bool is_elected(const struct reading *reading, const struct sighting *sighting)
{
    if (sighting->weak && !sighting->given)
        return false;
    if (sighting->party.size || sighting->role == ROLE_ELECTED)
        return true;
    size_t here = sighting->line;
    bool cue = reading->lines.items[here].flags & LINE_CUE;
    bool decision = reading->spots[here].section == SECTION_DECISION && !reading->spots[here].heading;
    if (!sighting->weak && sighting->given && sighting->role == ROLE_CHAIR && decision)
        return true; /* "Formanden, N, mindede om ..." */
    struct span name = sighting_name(reading, sighting);
    bool initial =
        sighting->words == 2 && (name.at[1] == '.' || name.at[2] == '.'); /* "A. Imod": a party, a sentence */
    if (!sighting->weak && sighting->role == ROLE_NONE && !initial && votes(reading, sighting, here))
        return true;
    if (sighting->weak || !sighting->given || sighting->role == ROLE_OFFICIAL || sighting->role == ROLE_CHAIR)
        return false;
    struct span behind = words_behind(reading, sighting);
    if (in_absence_item(reading, sighting) || speaks(reading, sighting, behind))
        return true;
    size_t from = sighting->start > 160 ? sighting->start - 160 : 0;
    struct span lead = reading_cut(reading, from, sighting->start);
    for (size_t i = lead.size; cue && i > 1; i--) /* the sentence so far */
        if (lead.at[i - 1] == '\n' || (lead.at[i - 1] == ' ' && lead.at[i - 2] == '.')) {
            lead = span_cut(lead, i, lead.size);
            break;
        }
    if (cue && sighting_came_instead(lead))
        return true;
    if (!cue)
        return false;
    struct span word = word_before(&reading->body, sighting->start);
    static const struct span seats[] = {WORD("inhabil"),
                                        WORD("deltog ikke"),
                                        WORD("erklærede sig"),
                                        WORD("som suppleant for"),
                                        WORD("som stedfortræder for"),
                                        WORD("tog forbehold"),
                                        WORD("stemte imod"),
                                        WORD("stemte herimod"),
                                        WORD("stemte for"),
                                        WORD("undlod at stemme"),
                                        WORD("ankom kl"),
                                        WORD("mødte kl"),
                                        WORD("afbud"),
                                        WORD("forhindret i at deltage"),
                                        WORD("var fraværende"),
                                        WORD("er fraværende"),
                                        WORD("forlod mødet"),
                                        WORD("ankom til mødet"),
                                        WORD("tog sæde"),
                                        WORD("mødte som")};
    struct text_sieve sieve;
    text_sieve_make(&sieve, behind);
    if (text_holds_any(&sieve, behind, seats, sizeof seats / sizeof *seats))
        return true;
    struct span before = reading_cut(reading, sighting->start > 24 ? sighting->start - 24 : 0, sighting->start);
    bool stands_for =
        span_equal(word, SPAN("for")) && (text_holds(before, "suppleant for") || text_holds(before, "edfortræder for"));
    bool stands_in =
        span_equal(word, SPAN("er")) && (text_holds(before, "suppleant er") || text_holds(before, "edfortræder er"));
    return stands_for || stands_in;
}

/* "Valggruppe A, F og Ø indstiller N og N": the groups of the council elect among its members. */
static bool is_nominated(const struct reading *reading, const struct sighting *sighting)
{
    if (!(reading->lines.items[sighting->line].flags & LINE_CUE))
        return false;
    size_t start = sighting->start > 160 ? sighting->start - 160 : 0;
    struct span before = reading_cut(reading, start, sighting->start);
    for (size_t i = before.size; i > 0; i--)
        if (before.at[i - 1] == '\n') {
            before = span_cut(before, i, before.size);
            break;
        }
    return sighting->role == ROLE_NONE && text_holds(before, "Valggruppe") &&
           (text_holds(before, "indstill") || text_holds(before, "udpege"));
}

bool sighting_is_elected(const struct reading *reading, const struct sighting *sighting)
{
    return is_elected(reading, sighting) || (is_nominated(reading, sighting) && sighting->given);
}
