/* org_lead: names that their first words give away: "Styrelsen for", "Dansk", "Retten i", a kind of house. Pure. */
#include "org.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    small = [a-zæøåéäöüèáó];
    capital = [A-ZÆØÅÉÄÖÜ];
    sp = " " | "\n" " "*;
*/

/* What a name may begin with, if that alone tells what it is. */
enum lead { LEAD_NONE, LEAD_FORM, LEAD_REGION, LEAD_AUTHORITY, LEAD_KIND, LEAD_DANISH, LEAD_COURT, LEAD_CENTER };

static enum lead lead_words(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define LEAD(what) return *at = cursor, (what)
    /*!re2c
    // I/S Nordforbrænding
    ("I/S" | "A/S" | "K/S") sp { LEAD(LEAD_FORM); }
    "Region" sp ("Hovedstaden" | "Sjælland" | "Midtjylland" | "Nordjylland" | "Syddanmark") { LEAD(LEAD_REGION); }
    // Styrelsen for Arbejdsmarked og Rekruttering
    ("Styrelsen" | "Ministeriet" | "Direktoratet" | "Nævnet" | "Agenturet"
        | "Rådet") sp "for" sp { LEAD(LEAD_AUTHORITY); }
    ("Danmarks" | "Dansk" | "Danske" | ("Det" | "Den") sp (capital small+ "ske" | "Kongelige" | "Nationale" | "Danske"
        | "Jyske" | "Fynske" | "Sociale" | "Økologiske" | "Selvejende" sp "Institution")) sp { LEAD(LEAD_DANISH); }
    ("Retten" | capital small+ "retten") sp ("i" | "på") sp { LEAD(LEAD_COURT); }
    "Center" sp "for" sp { LEAD(LEAD_CENTER); }
    * { return LEAD_NONE; }
    */
#undef LEAD
}

/* Voldgiftsnævnet for Bygge- og Anlægsvirksomhed. */
static bool board_at(const unsigned char **at)
{
    const unsigned char *cursor = (const unsigned char *)glance_word((const char *)*at), *marker = cursor;
    struct span word = {(const char *)*at, (size_t)(cursor - *at)};
    (void)marker;
    if (!word_ends(word, SPAN("nævnet")))
        return false;
    const unsigned char *behind = cursor;
    cursor = *at;
    /*!re2c
    capital small+ { goto word; }
    * { return false; }
    */
word:
    if (cursor != behind || word.size < SPAN("Anævnet").size)
        return false;
    /*!re2c
    sp "for" sp { return *at = cursor, true; }
    * { return false; }
    */
}

static enum lead lead_at(const unsigned char **at)
{
    enum lead lead = lead_words(at);
    return lead == LEAD_NONE && board_at(at) ? LEAD_AUTHORITY : lead;
}

bool org_leads(const char *at)
{
    const unsigned char *cursor = (const unsigned char *)at;
    return lead_at(&cursor) != LEAD_NONE;
}

/* Houses that stand before their name: Plejecenter Hotherhaven. */
static const struct span kinds[] = {
#define KIND(words) WORD(words),
#include "kind.def"
#undef KIND
};

/* The size of the longest kind at `at`, whose first word this is, with the space behind it, or 0. */
static size_t listed_size(struct span word, const char *end)
{
    size_t best = 0, left = (size_t)(end - word.at);
    for (size_t i = kind_by_first[first_slot(word)]; i; i = kind_by_first_next[i - 1]) {
        struct span kind = kinds[i - 1];
        if (kind.size > best && org_stands_at(word.at, left, kind) && word.at[kind.size] == ' ')
            best = kind.size + 1;
    }
    return best;
}

/* "Aktivitetshuset Skovbo", "Ejendomsmæglerne Bang & Usserød": a kind told by its ending, and the space behind it; the
 * word ends at `stop`. */
static size_t kind_by_ending(const unsigned char *start, const unsigned char *stop, const unsigned char *limit)
{
    struct span word = {(const char *)start, (size_t)(stop - start)};
    bool kind = stop + 2 < limit && *stop == ' ' && org_ending(word) == PART_KIND;
    return kind && !org_generic(word) ? word.size + 1 : 0;
}

/* The size of the kind at `start`, with the space behind it, or 0; see org_by_lead. */
static size_t kind_size(struct span first, const unsigned char *start, const unsigned char *word_stop,
                        const unsigned char *limit)
{
    size_t size = first.size ? listed_size(first, (const char *)limit) : 0;
    return size ? size : kind_by_ending(start, word_stop, limit);
}

enum org_form org_by_lead(const unsigned char **at, const unsigned char *start, const unsigned char *limit,
                          struct span first, const char *word_stop, unsigned classes)
{
    const unsigned char *cursor = start, *stop = NULL;
    enum lead lead = org_may_lead((const char *)start, word_stop, classes) ? lead_at(&cursor) : LEAD_NONE;
    enum org_form form = ORG_NONE;
    size_t kind = lead == LEAD_NONE ? kind_size(first, start, (const unsigned char *)word_stop, limit) : 0;
    if (kind) {
        cursor = start + kind;
        lead = LEAD_KIND;
    }
    switch (lead) {
    case LEAD_NONE: return ORG_NONE;
    case LEAD_REGION: return *at = cursor, ORG_REGION;
    case LEAD_FORM: stop = org_words(cursor, limit, 2, 0), form = ORG_COMPANY; break;
    case LEAD_AUTHORITY: stop = org_words(cursor, limit, 4, 2), form = ORG_AUTHORITY; break;
    case LEAD_KIND:
        stop =
            org_words(cursor, limit, 3,
                      kind > 5 && (memcmp(cursor - 5, " for ", 5) == 0 || memcmp(cursor - 5, " til ", 5) == 0) ? 2 : 1),
        form = ORG_KIND;
        break;
    case LEAD_DANISH: /* Dansk Handel & Service */
        stop = org_words(cursor, limit, 3, 0), form = ORG_DANISH;
        if (stop && limit - stop > 4 && memcmp(stop, " & ", 3) == 0) {
            const unsigned char *second = org_words(stop + 3, limit, 1, 0);
            stop = second ? second : stop;
        }
        if (stop && limit - stop > 8 && memcmp(stop, " for ", 5) == 0 && memcmp(stop - 6, "Center", 6) == 0) {
            const unsigned char *what = org_words(stop + 5, limit, 3, 2); /* "Dansk Center for Undervisningsmiljø" */
            stop = what ? what : stop;
        }
        break;
    case LEAD_COURT: stop = org_words(cursor, limit, 1, 0), form = ORG_COURT; break;
    case LEAD_CENTER: { /* "Center for Børn og Unge" is a department, "Center for Psykisk Sundhedsfremme" a house */
        const unsigned char *one = org_words(cursor, limit, 1, 0);
        stop = org_words(cursor, limit, 2, 0), form = ORG_CENTER;
        /* "Center for Særlig Social Indsats indstiller": who proposes is a department */
        const unsigned char *whole = org_words(cursor, limit, 5, 2);
        if (stop == one || (whole && strncmp((const char *)whole, " indstiller", 11) == 0))
            stop = NULL;
        break;
    }
    }
    if (form == ORG_KIND)
        stop = org_kind_end(start, kind, stop, limit);
    else if (form == ORG_DANISH && stop && stop[-1] == 's' && *stop == ' ' && stop[1] >= 'a')
        stop -= org_genitive(stop);
    if (!stop)
        return ORG_NONE;
    *at = stop;
    return form;
}
