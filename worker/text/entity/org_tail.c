/* org_tail: names that a later word gives away: a company's form ("Hald Anlæg A/S"), a house ("Valhøj Skole"), an
 * ending, a trade behind a place ("Hobro Handel"), what a couple gave ("Kirsten og Arne Holdts Fond"). Pure. */
#include "org.h"
#include "person.h"

static bool is_trade(struct span word)
{
    static const struct span trades[] = {
#define TRADE(word) WORD(word),
#include "trade.def"
#undef TRADE
    };
    static const struct word_list list = {trades, trade_slots, sizeof trade_slots / sizeof *trade_slots - 1};
    return word_listed(&list, word);
}

static bool trade_next(const unsigned char *at)
{
    const char *word = (const char *)at + 1;
    return *at == ' ' && is_trade((struct span){word, (size_t)(glance_word(word) - word)});
}

/* "og Flise ApS" behind a trade: one word and a company's form. */
static bool form_follows(const unsigned char *at)
{
    if (*at++ != ' ' || org_part(&at, false) != PART_CAP || *at++ != ' ')
        return false;
    return org_part(&at, false) == PART_FORM;
}

/* Another name begins with the word behind "og": "Allerslev Lokalforum og Museum Sydøstdanmark"; a form closes its own.
 */
static bool cap_next(const unsigned char *at)
{
    const unsigned char *next = at + 1;
    return *at == ' ' && org_part(&next, false) != PART_FORM && at[1] < 'a' && at[1] >= 'A';
}

/* A trade from `word` to `stop` makes a name of what begins with a place ("Hobro Handel"), a house does so behind "og",
 * too ("Middelfart Gymnastik og Idrætsforening"). */
static bool is_trade_of(const unsigned char *start, const unsigned char *word, const unsigned char *stop)
{
    struct span trade = {(const char *)word, (size_t)(stop - word)};
    unsigned classes = word_class(trade.at, trade.at + trade.size);
    if (span_equal(trade, SPAN("Land")) && memcmp(trade.at - 3, "og ", 3) != 0) /* "Rørvig By og Land" */
        return false;
    if (!(classes & CLASS_TELLER) || (!(classes & CLASS_HOUSE) && !is_trade(trade))) /* as most: a trade tells */
        return false;
    const char *at = (const char *)start, *behind = glance_word(at);
    struct span first = {at, (size_t)(behind - at)};
    return *behind == ' ' && (is_place_like(first) || is_regional(first));
}

/* "Kirsten og Arne Holdts Fond": what a couple gave bears their names. */
static bool is_gift_of(const unsigned char *start, const unsigned char *word, const unsigned char *stop)
{
    static const struct span gifts[] = {WORD("Fond"), WORD("Legat"), WORD("Mindefond"), WORD("Mindelegat")};
    struct span gift = {(const char *)word, (size_t)(stop - word)};
    bool given = false;
    for (size_t i = 0; i < sizeof gifts / sizeof *gifts && !given; i++)
        given = span_equal(gifts[i], gift);
    const char *at = (const char *)start;
    return given && is_given_name((struct span){at, (size_t)(glance_word(at) - at)});
}

/* The same, told at the second name or the one behind it. */
static bool gift_follows(const unsigned char *start, const unsigned char *at)
{
    for (int words = 0; words < 3; words++) {
        const unsigned char *word = at;
        enum org_part part = org_part(&at, false);
        if (part == PART_HOUSE)
            return is_gift_of(start, word, at);
        if (part != PART_CAP || *at++ != ' ')
            return false;
    }
    return false;
}

/* How far a name goes on behind a word that tells by its ending what it names. */
static const unsigned char *ending_end(const unsigned char *start, const unsigned char *stop,
                                       const unsigned char *limit)
{
    size_t gap = org_white(stop, limit);
    if (gap) { /* Regionshospitalet Randers */
        const unsigned char *place = org_words(stop + gap, limit, 2, 0);
        stop = place ? place : stop;
    }
    if (stop[0] == ' ' && (strncmp((const char *)stop, " i ", 3) == 0 || strncmp((const char *)stop, " på ", 4) == 0)) {
        const unsigned char *place = org_words(stop + 3 + (stop[1] == 'p'), limit, 1, 0);
        bool society = stop - start > 8 && memcmp(stop - 8, "forbundet", 8) != 0 && stop[-1] == 't' &&
                       stop[-2] == 'e' && stop[-3] == 'd';
        stop = place && society ? place : stop;
    }
    struct span ended = {(const char *)start, (size_t)(stop - start)};
    if (word_ends(ended, SPAN("foreningen")) || word_ends(ended, SPAN("fonden"))) {
        const unsigned char *named = stop + 1 < limit ? org_society_named(start, stop + 1, limit) : NULL;
        bool file = named && named[0] == '.' && named[1] >= 'a'; /* org_behind knows those of a town */
        stop = named && !file ? named : stop;                    /* "Havneforeningen i Marbæk" */
    }
    return stop;
}

enum org_form org_by_tail(const unsigned char **at, const unsigned char *start, const unsigned char *limit)
{
    const unsigned char *cursor = start, *stop = NULL;
    enum org_form form = ORG_NONE;
    bool linked = false, half = false, traded = false;
    int caps = 0, joined = 0; /* words since an "og" that joins two names */
    struct span house = {0};
    for (int words = 0; words < 9; words++) {
        const unsigned char *next = cursor;
        enum org_part part = org_part(&next, words == 0);
        enum org_form here = ORG_NONE;
        if (part == PART_END || (part == PART_LINK && (words == 0 || linked)))
            break;
        if (joined > 1 && part != PART_FORM && !gift_follows(start, cursor))
            break; /* behind "og" one word and a form: "Jord og Kloak A/S" */
        if (part == PART_FORM && caps)
            here = ORG_COMPANY;
        else if (part == PART_COMMUNE && caps && !joined && (*cursor != 'k' || caps == 1))
            here = ORG_MUNICIPALITY;
        else if (part == PART_HOUSE && ((caps && !joined) || (joined > 1 && is_gift_of(start, cursor, next))))
            here = ORG_HOUSE; /* "Valhøj Skole", "Kirsten og Arne Holdts Fond" */
        else if ((part == PART_HOUSE || part == PART_CAP) && caps && joined < 2 && !(joined && cap_next(next)) &&
                 is_trade_of(start, cursor, next))
            here = ORG_HOUSE, traded = true; /* "Hobro Handel", "Jydsk Bro og Beton" */
        else if (part == PART_AUTHORITY && (!caps || half))
            here = ORG_AUTHORITY;
        else if (part == PART_SOCIETY && (!caps || half)) /* "Børne- og Kulturchefforeningen" */
            here = ORG_ENDING;
        if (here == ORG_HOUSE && form == ORG_HOUSE && (size_t)(next - cursor) == house.size &&
            memcmp(cursor, house.at, house.size) == 0)
            break; /* "Kirkeby Skole Stenstrup Skole": a column of them in one line */
        if (here != ORG_NONE && org_part_ends(next)) {
            /* behind "og" only a company's form still speaks for the whole */
            form = here;
            stop = next;
            house = (struct span){(const char *)cursor, (size_t)(next - cursor)};
            bool son = *cursor == '&' && *next == ' '; /* "Hald & Søn Entreprise A/S" */
            if ((here == ORG_COMPANY && !son) || here == ORG_MUNICIPALITY || here == ORG_AUTHORITY)
                break;
        }
        bool plain_link = part == PART_LINK && next - cursor == 2 && *cursor == 'o' && !half;
        if (plain_link && form != ORG_NONE && !org_house_next(next) && !trade_next(next) &&
            !(traded && form_follows(next)))
            break; /* "Nord Entreprise og Jensen A/S" are two, "Vestkystens Jord og Beton A/S" is one */
        bool omegn =
            plain_link && caps && strncmp((const char *)next, " Omegn", 6) == 0; /* "Svendborg og Omegns Museum" */
        joined = plain_link && !omegn ? 1 : joined ? joined + 1 : 0;
        half = part == PART_HALF || (half && part == PART_LINK);
        linked = part == PART_LINK;
        caps += part != PART_LINK;
        size_t white = org_white(next, limit);
        if (!white || !(next[white] < 'a' || next[white] == '&' || next[white] == 'o' || next[white] == 'd' ||
                        next[white] == 'a' || next[white] == 'i' || next[white] == 'f' || next[white] == 'k' ||
                        next[white] >= 0x80))
            break; /* no part begins so */
        cursor = next + white;
    }
    stop = form == ORG_ENDING ? ending_end(start, stop, limit) : stop;
    *at = stop ? stop : *at;
    return form;
}
