/* org_glance: quick looks that tell that a capitalised word begins no organisation's name. Most begin none. Pure. */
#include "org.h"

/* A small word may be part of a name: og, de, a/s, as, amba, f.m.b.a., i/s. */
static bool is_small_part(const char *at)
{
    unsigned char third = at[1] ? glance_bytes[(unsigned char)at[2]] : 0;
    bool two = third != BYTE_LETTER && third != BYTE_DIGIT;
    switch (*at) {
    case 'a': /* as, with a genitive s too */
        return at[1] == '/' || at[1] == '.' || (at[1] == 's' && (two || at[2] == 's')) ||
               (at[1] == 'm' && at[2] == 'b');
    case 'd': return at[1] == 'e' && two;
    case 'f': return at[1] == '.';
    case 'i': return at[1] == '/';
    case 'k': return strncmp(at, "kommune", 7) == 0 && at[7] != 'n' && at[7] != 'r';
    case 'o': return at[1] == 'g' && two;
    default: return false;
    }
}

/* Where the name may go on behind its word from `at` to `stop`, white space aside: behind an initial's point and half a
 * double word's hyphen too. NULL if the word is the last, as before an empty line; `odd` if only the rules know. */
static const char *name_next(const char *at, const char *stop, bool *odd)
{
    size_t letters = (size_t)(stop - at);
    *odd = false;
    switch (*stop) {
    case ' ':
    case '\n': break;
    case '.': /* "H. C. Andersen" goes on; "A.m.b.a." and "Ltd." are forms */
        *odd = letters <= 4 && (letters > 1 || (stop[1] | 0x20) == 'm');
        if (letters > 1)
            return NULL;
        stop++;
        break;
    case '-':
        *odd = stop[1] != ' ' && stop[1] != '\n';
        stop++;
        break;
    case '/':
        *odd = letters == 1; /* "A/S" */
        return NULL;
    case '\'': *odd = true; return NULL;
    default: return NULL;
    }
    size_t lines = 0;
    for (; *stop == ' ' || *stop == '\n'; stop++)
        lines += *stop == '\n';
    return lines < 2 ? stop : NULL;
}

/* Does one of the capitalised words from `at` on tell that they name an organisation: a house, a form, an authority? A
 * quick look at each, as far as the name may reach; what is not plain words counts as yes. The first one is of these
 * classes and ends at `stop`. */
static bool tells_org(const char *at, const char *stop, unsigned classes)
{
    for (int words = 0; words < 9; words++) {
        unsigned char first = (unsigned char)*at;
        bool capital = (first >= 'A' && first <= 'Z') || first == 0xC3;
        if (!capital)
            return is_small_part(at) || first == '&';
        if (words > 0) {
            stop = glance_word_ahead(at);
            classes = word_class(at, stop);
        }
        if (classes & CLASS_TELLER || org_ends(at, stop))
            return true;
        bool odd;
        const char *next = name_next(at, stop, &odd);
        if (odd || !next)
            return odd;
        at = next;
        if (at[0] == 'o' && at[1] == 'g' && at[2] == ' ' && at[3] != ' ' && at[3] != '\n' && at[3] != 'S')
            at += 3; /* what follows tells */
    }
    return true;
}

bool org_may_follow(const char *at, const char *stop, unsigned classes)
{
    return org_may_be_listed(classes, stop) || tells_org(at, stop, classes) ||
           (org_may_lead(at, stop, classes) && org_leads(at));
}

/* A word that stands alone names an organisation only if it is known, is a kind of house with its name behind it, has
 * an ending that tells, or leads what it is for: "Styrelsen for", "Retten på". */
bool org_may_begin(const char *at, const char *stop, unsigned classes)
{
    if (org_ends(at, stop) || org_may_be_listed(classes, stop))
        return true;
    const char *next = stop;
    while (*next == ' ' || *next == '\n')
        next++;
    if (next > stop && *next == 'k' && is_small_part(next)) /* "Sundeved kommune" */
        return true;
    return next > stop && (*next == 'f' || *next == 'i' || *next == 'p') && org_may_lead(at, stop, classes) &&
           org_leads(at);
}
