/* org: named organisations and authorities.
 *
 * A name is known by its form (A/S, ApS), by the kind of house in it (Skole, Havn, Kommune), by its ending
 * (-styrelsen, -ministeriet), or because everybody knows it (org.def). The council's own committees, departments and
 * advisory councils are none; parties are none. Pure. */
#include "org.h"

/* Its first words or a later one tell it: the longer name counts. */
static enum org_form org_form(const unsigned char **at, const unsigned char *limit, struct span first,
                              const char *word_stop, unsigned classes)
{
    const unsigned char *start = *at;
    enum org_form form = org_by_lead(at, start, limit, first, word_stop, classes);
    const unsigned char *lead_stop = *at;
    *at = start;
    enum org_form tail = org_by_tail(at, start, limit);
    bool article = form == ORG_DANISH && start[0] == 'D' && start[1] == 'e' && start[3] == ' ';
    if (article && *at >= lead_stop)
        return ORG_DANISH; /* "Det Danske Madhus A/S": the article belongs to the name */
    if (tail != ORG_NONE && (form == ORG_NONE || *at >= lead_stop))
        return tail;
    *at = form != ORG_NONE ? lead_stop : start;
    return form;
}

const char org_known_rule[] = "org.known";

struct org_match org_at(const char *at, const char *end)
{
    const char *stop = glance_word_ahead(at);
    return org_at_word(at, stop, word_class(at, stop), end);
}

struct org_match org_at_word(const char *at, const char *word, unsigned classes, const char *end)
{
    static const char *const rules[] = {"",          "org.company", "org.municipality", "org.region", "org.authority",
                                        "org.house", "org.kind",    "org.ending",       "org.danish", "org.court",
                                        "org.center"};
    const unsigned char *cursor = (const unsigned char *)at;
    struct span first = {at, org_may_be_listed(classes, word) ? (size_t)(word - at) : 0};
    enum org_form form = org_form(&cursor, (const unsigned char *)end, first, word, classes);
    const char *stop = (const char *)cursor;
    size_t known_name = first.size ? org_known_size(first, end) : 0;
    struct org_match match = {0};
    if (form != ORG_NONE && stop <= end) {
        /* a genitive s: "Stevns Kommunes", "Miljøstyrelsens" */
        bool genitive = stop < end && *stop == 's' && !org_letter_before(stop + 1, end);
        bool inner = stop < end && org_letter_before(stop, end) && !genitive;
        bool compound = stop < end && *stop == '-' && org_letter_before(stop + 1, end);
        if (!inner && !compound && !org_refused(form, at, (size_t)(stop - at)))
            match = (struct org_match){(size_t)(stop - at), rules[form]};
    }
    if (known_name && org_generic((struct span){at, known_name})) /* "Microsoft Teams" is a program */
        known_name = match.size = 0;
    if (known_name > match.size || (known_name && form == ORG_DANISH && known_name >= 8))
        match = (struct org_match){known_name, org_known_rule};
    /* "Energinet.dk": the name as the house writes it */
    if (match.size && end - at > (ptrdiff_t)match.size + 2 && memcmp(at + match.size, ".dk", 3) == 0 &&
        !org_letter_before(at + match.size + 3, end) && match.rule == org_known_rule)
        match.size += 3;
    /* "Ansøgning fra Viby IF.pdf" is a file */
    if (match.size && end - at > (ptrdiff_t)match.size + 3 && at[match.size] == '.' && at[match.size + 1] >= 'a' &&
        at[match.size + 1] <= 'z' && memcmp(at + match.size, ".dk", 3) != 0 &&
        org_letter_of(match.rule) != ORG_BY_MUNICIPALITY)
        return (struct org_match){0};
    if (match.size)
        match.size = org_behind(at, match.size, end, match.rule);
    return match;
}
