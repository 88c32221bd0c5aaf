/* vote: who voted how, out of the words of a decision. Pure.
 *
 * A side is told before its voters ("For stemte: A, B og Ø."), behind them ("DF og Ø stemte imod") or around them
 * ("Herefter stemte A og V for"). Sides are parties' letters as printed or single members; counts and the full names of
 * parties are none. Every list counts once. Source: tests/golden/README.md, minutes. */
#include "vote.h"

#include "roster.h"

#include <assert.h>
#include <string.h>

/* A sentence of more phrases than that tells nothing. */
enum { SENTENCE = 64 };

static bool is_edge(enum vote_kind kind)
{
    return kind == VOTE_STOP || kind == VOTE_LINE || kind == VOTE_CELL;
}

/* A clause may begin or end there. */
static bool is_joint(enum vote_kind kind)
{
    return is_edge(kind) || kind == VOTE_COMMA || kind == VOTE_CLAUSE || kind == VOTE_JOIN || kind == VOTE_OPEN ||
           kind == VOTE_CLOSE || kind == VOTE_COLON || kind == VOTE_DASH;
}

static bool is_bracket(const struct ballot *ballot, size_t i)
{
    return is_list(ballot, i) && ballot->phrases.items[i].bracket;
}

/* Counts the list at `i` if there is one. */
static bool take(struct ballot *ballot, enum side side, size_t i)
{
    if (!is_list(ballot, i))
        return false;
    ballot_take(ballot, side, i, false);
    return true;
}

static bool is_paragraph(const struct ballot *ballot, size_t i)
{
    return i < ballot->phrases.count && ballot->reading->body.text.at[ballot->phrases.items[i].start] == '\n';
}

/* Past what may stand between a verb or a colon and its voters: "11 medlemmer:", a line end behind a colon. */
static size_t behind_fill(const struct ballot *ballot, size_t i)
{
    bool colon = false;
    for (;; i++) {
        enum vote_kind kind = kind_of(ballot, i);
        bool mark = kind == VOTE_COLON || (kind == VOTE_DASH && !colon);
        colon = colon || mark;
        bool line = (kind == VOTE_LINE || kind == VOTE_DASH || kind == VOTE_CELL) && colon;
        /* "Stemte for:" and its voters in a paragraph of their own */
        line = line || (kind == VOTE_STOP && i > 0 && kind_of(ballot, i - 1) == VOTE_COLON && is_paragraph(ballot, i));
        if (!mark && !line && kind != VOTE_COUNT && kind != VOTE_FILL && kind != VOTE_FROM && kind != VOTE_BE)
            return i;
    }
}

/* The subject to the left of the verb at `i`: the nearest list of the same sentence, over a few words. */
static size_t subject(const struct ballot *ballot, size_t i, size_t most)
{
    size_t words = 0;
    for (size_t at = i; at > 0 && i - at < SENTENCE; at--) {
        const struct vote_word *phrase = &ballot->phrases.items[at - 1];
        enum vote_kind kind = (enum vote_kind)phrase->kind;
        if (kind == VOTE_LIST)
            return phrase->taken || (phrase->bracket && at < i) ? SIZE_MAX : at - 1;
        words += kind == VOTE_WORD ? phrase->count : 0;
        bool over = kind == VOTE_WORD || kind == VOTE_COMMA || kind == VOTE_JOIN || kind == VOTE_THAT ||
                    kind == VOTE_FILL || kind == VOTE_LINE || kind == VOTE_AMENDMENT || kind == VOTE_MAIN ||
                    kind == VOTE_COUNT;
        if (!over || words > most || (kind == VOTE_LINE && at < i))
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

/* "Alle undtagen Ø stemte for": those named are on the other side. */
static enum side side_of(const struct ballot *ballot, size_t list, size_t verb, enum side side)
{
    bool except = kind_before(ballot, list, 1) == VOTE_EXCEPT, own = false;
    for (size_t at = list + 1; at < verb; at++)
        own = own || kind_of(ballot, at) == VOTE_THAT;
    if (!except || own || side == SIDE_ABSTAIN)
        return side;
    return side == SIDE_FOR ? SIDE_AGAINST : SIDE_FOR;
}

/* Past the matter that is voted on: "for forslaget om ... stemte", up to eight words. */
static size_t behind_matter(const struct ballot *ballot, size_t i)
{
    size_t words = 0;
    for (;; i++) {
        enum vote_kind kind = kind_of(ballot, i);
        bool matter = kind == VOTE_WORD || kind == VOTE_AMENDMENT || kind == VOTE_MAIN || kind == VOTE_COUNT ||
                      kind == VOTE_THAT || kind == VOTE_FROM || kind == VOTE_BY;
        words += kind == VOTE_WORD ? ballot->phrases.items[i].count : 1;
        if (!matter || words > 9)
            return i;
    }
}

/* Did the proposal fall, as the sentence up to `i` says? */
static bool fell_before(const struct ballot *ballot, size_t i)
{
    for (size_t steps = 0; i > 0 && steps < SENTENCE && kind_of(ballot, i - 1) != VOTE_STOP; i--, steps++)
        if (kind_of(ballot, i - 1) == VOTE_FELL)
            return true;
    return false;
}

/* "forkastet med 7 stemmer (A, B) mod 3 (C)": the many first, then the few. */
static bool few_read(struct ballot *ballot, size_t i)
{
    size_t few = i + 1, many = i > 0 && is_bracket(ballot, i - 1) ? i - 1 : SIZE_MAX;
    if (kind_of(ballot, few) != VOTE_COUNT || ballot->phrases.items[i].side != SIDE_AGAINST)
        return false;
    few += 1 + (kind_of(ballot, few + 1) == VOTE_CAST);
    size_t left = many != SIZE_MAX ? many : i; /* "7 stemmer mod 3", "7 mod 3", "godkendt mod 2 stemmer" */
    left -= kind_before(ballot, left, 1) == VOTE_CAST && kind_before(ballot, left, 2) == VOTE_COUNT;
    enum vote_kind before = kind_before(ballot, left, 1);
    bool counted = before == VOTE_COUNT || before == VOTE_CARRIED || before == VOTE_FELL;
    if (!counted)
        return false;
    ballot->voted = true;
    bool fell = fell_before(ballot, i);
    if (many != SIZE_MAX)
        take(ballot, fell ? SIDE_AGAINST : SIDE_FOR, many);
    if (is_bracket(ballot, few))
        take(ballot, fell ? SIDE_FOR : SIDE_AGAINST, few);
    return true;
}

/* The voters of the side at `i` stand behind it. */
static bool side_leads(struct ballot *ballot, size_t i, enum side side)
{
    size_t next = i + 1;
    bool cast = kind_before(ballot, i, 1) == VOTE_CAST, opens = i == 0 || is_joint(kind_of(ballot, i - 1));
    bool counted = kind_before(ballot, i, 1) == VOTE_COUNT;
    /* "5 for (A, V)", "2 stemmer imod (Ø)", "Imod 2 (Ø)" */
    size_t bracket = next + (kind_of(ballot, next) == VOTE_COUNT);
    bracket += kind_of(ballot, bracket) == VOTE_CAST;
    if (cast && kind_before(ballot, i, 2) == VOTE_COUNT && !is_list(ballot, bracket))
        bracket = behind_matter(ballot, next); /* "3 stemmer for udkastet (A, V)" */
    if (is_bracket(ballot, bracket))
        return take(ballot, side, bracket);
    /* "mod stemmerne fra Ø", "imod Ø's stemmer" */
    if (kind_of(ballot, next) == VOTE_CAST && kind_of(ballot, next + 1) == VOTE_FROM)
        return take(ballot, side, next + 2 + (kind_of(ballot, next + 2) == VOTE_FILL));
    if (side == SIDE_AGAINST && is_list(ballot, next) && kind_of(ballot, next + 1) == VOTE_CAST && !cast &&
        is_edge(kind_of(ballot, next + 2)))
        return take(ballot, side, next);
    /* "For: A, V", "Stemmer for forslaget: A", "For\tA, V", "For - A" */
    size_t colon = opens || cast || counted ? behind_matter(ballot, next) : next;
    colon += kind_of(ballot, colon) == VOTE_CAST;
    colon += kind_of(ballot, colon) == VOTE_COUNT;
    bool dash = kind_of(ballot, colon) == VOTE_DASH && opens, cell = kind_of(ballot, colon) == VOTE_CELL && opens;
    if (kind_of(ballot, colon) == VOTE_COLON || dash || cell) {
        size_t list = cell ? colon + 1 : behind_fill(ballot, colon);
        ballot->voted = true;
        if (is_list(ballot, list) && (!cell || is_edge(kind_of(ballot, list + 1))))
            return take(ballot, side, list);
        return kind_of(ballot, colon) == VOTE_COLON;
    }
    /* "For forslaget stemte A", "Imod var Ø" */
    size_t verb = cast || counted ? next : opens ? behind_matter(ballot, next) : next;
    if (!cast && (kind_of(ballot, verb) == VOTE_CAST || (opens && kind_of(ballot, verb) == VOTE_BE))) {
        size_t list = behind_fill(ballot, verb + 1);
        ballot->voted = ballot->voted || kind_of(ballot, verb) == VOTE_CAST;
        if (kind_of(ballot, list) == VOTE_WORD && ballot->phrases.items[list].count == 1)
            list++; /* "stemte alene A" */
        return take(ballot, side, list);
    }
    /* "De, der stemte imod, var Ø" */
    size_t be = next + (kind_of(ballot, next) == VOTE_COMMA);
    if (cast && kind_before(ballot, i, 2) == VOTE_THAT && kind_of(ballot, be) == VOTE_BE && is_list(ballot, be + 1))
        return take(ballot, side, be + 1);
    /* "Godkendt mod V og Ø." */
    bool verdict = kind_before(ballot, i, 1) == VOTE_CARRIED || kind_before(ballot, i, 1) == VOTE_FELL;
    bool mine = kind_before(ballot, i, 1) == VOTE_CAST && kind_before(ballot, i, 2) == VOTE_LIST &&
                kind_before(ballot, i, 3) == VOTE_WITH; /* "med A's stemmer mod C's" */
    if (side == SIDE_AGAINST && (verdict || mine) && is_list(ballot, next) && is_edge(kind_of(ballot, next + 1)))
        return take(ballot, side, next);
    /* "Imod V, C." */
    bool sentence = i == 0 || is_edge(kind_of(ballot, i - 1)) || kind_of(ballot, i - 1) == VOTE_COLON;
    bool other = kind_before(ballot, i, 1) == VOTE_COMMA && kind_before(ballot, i, 2) == VOTE_LIST &&
                 ballot->phrases.items[i - 2].taken;         /* "For stemte A og F, imod V" */
    next += sentence && kind_of(ballot, next) == VOTE_COUNT; /* "Ja 10   A, V" */
    if ((sentence || other) && is_list(ballot, next) && is_edge(kind_of(ballot, next + 1))) {
        ballot->voted = true;
        return take(ballot, side, next);
    }
    return false;
}

/* Counts the subject `list` of "stemte" and the side at `i`. "Imod stemte V bortset fra N, der stemte for, og O": N
 * goes to those told before, and the list goes on behind the clause. */
static bool subject_take(struct ballot *ballot, enum side side, size_t list, size_t i)
{
    enum side own = side_of(ballot, list, i - 1, side);
    bool except = kind_before(ballot, list, 1) == VOTE_EXCEPT && own == side && list >= 2;
    if (!except)
        return take(ballot, own, list);
    size_t rest = i + 1 + (kind_of(ballot, i + 1) == VOTE_COMMA);
    bool whole = kind_of(ballot, list - 2) == VOTE_LIST && ballot->phrases.items[list - 2].taken;
    ballot_take(ballot, side, list, true);
    if (whole && rest > i + 1 && is_list(ballot, rest))
        ballot_take(ballot, (enum side)ballot->phrases.items[list - 2].side, rest, true);
    return true;
}

/* The voters of the side at `i` stand before it. */
static bool side_follows(struct ballot *ballot, size_t i, enum side side)
{
    enum vote_kind before = kind_before(ballot, i, 1), next = kind_of(ballot, i + 1);
    bool edge = is_joint(next) && next != VOTE_OPEN;
    /* "Anna Brask (A): Imod", "A: stemmer for", "B (V) - ja" */
    size_t mark = i - (before == VOTE_CAST && i > 0);
    if (mark >= 2 &&
        (kind_before(ballot, mark, 1) == VOTE_COLON || kind_before(ballot, mark, 1) == VOTE_DASH ||
         kind_before(ballot, mark, 1) == VOTE_CELL) &&
        is_list(ballot, mark - 2) && edge && next != VOTE_COLON && next != VOTE_DASH && next != VOTE_CELL) {
        ballot->voted = true;
        ballot_take(ballot, side, mark - 2, true);
        return true;
    }
    if (before == VOTE_CAST) { /* "A og V stemte for" */
        size_t list = subject(ballot, i - 1, 5);
        ballot->voted = true;
        return list != SIZE_MAX && subject_take(ballot, side, list, i);
    }
    if (before == VOTE_BE) { /* "Ø er imod" */
        size_t list = subject(ballot, i - 1, 0);
        return list != SIZE_MAX && side != SIDE_ABSTAIN && side != SIDE_FOR && take(ballot, side, list);
    }
    if (i < 1 || !is_list(ballot, i - 1))
        return false;
    /* "Herefter stemte A og V for", "5 stemmer (A, V) for" */
    size_t verb = i - 1;
    verb -= verb > 0 && (kind_of(ballot, verb - 1) == VOTE_WORD || kind_of(ballot, verb - 1) == VOTE_FILL) &&
            kind_before(ballot, verb, 2) == VOTE_CAST;
    bool led = kind_before(ballot, verb, 2) == VOTE_SIDE; /* "For stemte A imod" would tell its list before */
    if ((kind_before(ballot, verb, 1) == VOTE_CAST && !led) ||
        (kind_before(ballot, verb, 1) == VOTE_BE && side == SIDE_AGAINST)) {
        ballot->voted = true;
        return take(ballot, side, i - 1);
    }
    /* "Ø imod.", "Ø imod indstillingen.", "2 (Ø) imod" */
    size_t behind = i + 1 + (next == VOTE_MAIN || next == VOTE_AMENDMENT);
    size_t lead = i - 1;
    while (lead > 0 && (kind_of(ballot, lead - 1) == VOTE_COUNT || kind_of(ballot, lead - 1) == VOTE_FILL))
        lead--;
    if ((lead == 0 || is_joint(kind_of(ballot, lead - 1))) &&
        (is_joint(kind_of(ballot, behind)) && kind_of(ballot, behind) != VOTE_OPEN)) {
        ballot->voted = true;
        return take(ballot, side, i - 1);
    }
    return false;
}

static void side_read(struct ballot *ballot, size_t i)
{
    enum side side = (enum side)ballot->phrases.items[i].side;
    ballot->side = side;
    ballot->told = i;
    if (few_read(ballot, i))
        return;
    bool colon = kind_of(ballot, i + 1) == VOTE_COLON, named = i > 0 && is_list(ballot, i - 1);
    if (named && !colon && side_follows(ballot, i, side))
        return;
    if (kind_before(ballot, i, 1) == VOTE_DASH || kind_before(ballot, i, 1) == VOTE_COLON ||
        kind_before(ballot, i, 1) == VOTE_CELL) {
        if (side_follows(ballot, i, side) || side_leads(ballot, i, side))
            return;
    } else if (side_leads(ballot, i, side) || side_follows(ballot, i, side)) {
        return;
    }
    if (kind_before(ballot, i, 1) == VOTE_COUNT)
        ballot->voted = true;
}

/* "Ø undlod at stemme", "Undlod at stemme: B", "derefter undlod Ø at stemme", "1 undlod (B)". */
static void idle_read(struct ballot *ballot, size_t i)
{
    size_t next = i + 1, bracket = next + (kind_of(ballot, next) == VOTE_COUNT);
    ballot->voted = true;
    ballot->side = SIDE_ABSTAIN;
    ballot->told = i;
    if (is_bracket(ballot, bracket)) {
        take(ballot, SIDE_ABSTAIN, bracket);
        return;
    }
    if (kind_of(ballot, next) != VOTE_COLON) {
        size_t list = subject(ballot, i, 4);
        bool dash = i >= 2 && (kind_of(ballot, i - 1) == VOTE_COLON || kind_of(ballot, i - 1) == VOTE_DASH) &&
                    is_list(ballot, i - 2);
        if (dash) { /* "B: Undlod" */
            ballot_take(ballot, SIDE_ABSTAIN, i - 2, true);
            return;
        }
        if (list == SIZE_MAX && i >= 2 && kind_of(ballot, i - 1) == VOTE_LIST && is_bracket(ballot, i - 1))
            list = i - 1; /* "2 (B og F) undlod" */
        if (list != SIZE_MAX && take(ballot, SIDE_ABSTAIN, list))
            return;
    }
    next += kind_of(ballot, next) == VOTE_CAST; /* "Undlod stemte" */
    take(ballot, SIDE_ABSTAIN, behind_fill(ballot, next));
}

/* "Ø kan ikke tiltræde", "Ø, som ikke kan tiltræde", "kunne Ø ikke tiltræde", "Ø støtter ikke". */
static void refusal_read(struct ballot *ballot, size_t i)
{
    enum vote_kind before = kind_before(ballot, i, 1), next = kind_of(ballot, i + 1);
    size_t list = SIZE_MAX;
    if ((before == VOTE_MODAL && next == VOTE_AGREE) || before == VOTE_ASSENT)
        list = subject(ballot, i - 1, 2);
    else if ((next == VOTE_MODAL && kind_of(ballot, i + 2) == VOTE_AGREE) || next == VOTE_ASSENT)
        list = subject(ballot, i, 2);
    else if (i >= 2 && is_list(ballot, i - 1) &&
             (kind_of(ballot, i - 2) == VOTE_ASSENT || (kind_of(ballot, i - 2) == VOTE_MODAL && next == VOTE_AGREE)))
        list = i - 1;
    else if (before == VOTE_MODAL && next == VOTE_CARRIED && kind_of(ballot, i + 2) == VOTE_BY)
        list = i + 3; /* "Kan ikke tiltrædes af Ø" */
    if (list != SIZE_MAX && take(ballot, SIDE_AGAINST, list))
        ballot->voted = true;
}

/* "A, V og C anbefaler": those who follow, if they are parties or more than one. "Tiltrådt af A, V og C". */
static void assent_read(struct ballot *ballot, size_t list)
{
    if (list == SIZE_MAX || !is_list(ballot, list))
        return;
    const struct vote_word *phrase = &ballot->phrases.items[list];
    size_t parties = 0, people = 0;
    for (size_t at = phrase->first; at < phrase->first + phrase->count; at++) {
        bool voter = ballot->words.items[at].kind == VOTE_VOTER;
        parties += voter && ballot->words.items[at].person < 0;
        people += voter && ballot->words.items[at].person >= 0;
    }
    if (parties + people > 1 || parties) {
        ballot->voted = true;
        take(ballot, SIDE_FOR, list);
    }
}

/* "Et flertal på 5 (A, V)", "mindretallet, Ø,": unless the sentence goes on to say how they voted, or what they wished.
 */
static void camp_read(struct ballot *ballot, size_t i, enum side side)
{
    size_t list = i + 1;
    while (kind_of(ballot, list) == VOTE_COUNT || kind_of(ballot, list) == VOTE_BY ||
           kind_of(ballot, list) == VOTE_COMMA || kind_of(ballot, list) == VOTE_COLON ||
           kind_of(ballot, list) == VOTE_FILL || kind_of(ballot, list) == VOTE_DASH ||
           (kind_of(ballot, list) == VOTE_WORD && ballot->phrases.items[list].count < 4))
        list++;
    if (!is_list(ballot, list))
        return;
    for (size_t at = list + 1;
         at - list < SENTENCE && kind_of(ballot, at) != VOTE_STOP && kind_of(ballot, at) != VOTE_CELL; at++) {
        enum vote_kind kind = kind_of(ballot, at);
        if (kind == VOTE_LIST || kind == VOTE_CLAUSE)
            break;
        if (kind == VOTE_WISH) {
            ballot->phrases.items[list].taken = true; /* their wish is no vote */
            return;
        }
        bool cast = kind == VOTE_CAST && kind_of(ballot, at + 1) == VOTE_SIDE;
        if (cast || kind == VOTE_NOT || kind == VOTE_IDLE)
            return;
    }
    ballot->voted = true;
    take(ballot, side, list);
}

/* "Godkendt med undtagelse af Ø": not those who were away. */
static void except_read(struct ballot *ballot, size_t i)
{
    bool decided = false;
    size_t list = i + 1 + (kind_of(ballot, i + 1) == VOTE_COUNT);
    if (!is_list(ballot, list))
        return;
    for (size_t at = i; at > 0 && i - at < SENTENCE && kind_of(ballot, at - 1) != VOTE_STOP; at--) {
        enum vote_kind kind = kind_of(ballot, at - 1);
        if (kind == VOTE_WISH)
            return;
        decided = decided || kind == VOTE_CARRIED || kind == VOTE_LIST || kind == VOTE_SIDE || kind == VOTE_FELL;
    }
    for (size_t at = list + 1;
         at - list < SENTENCE && kind_of(ballot, at) != VOTE_STOP && kind_of(ballot, at) != VOTE_LIST; at++) {
        if (kind_of(ballot, at) == VOTE_WISH || kind_of(ballot, at) == VOTE_CAST || kind_of(ballot, at) == VOTE_NOT)
            return;
        decided = decided || kind_of(ballot, at) == VOTE_ASSENT;
    }
    if (decided) {
        ballot->voted = true;
        take(ballot, SIDE_AGAINST, list);
    }
}

static void phrase_read(struct ballot *ballot, size_t i)
{
    switch (kind_of(ballot, i)) {
    case VOTE_SIDE: side_read(ballot, i); break;
    case VOTE_IDLE: idle_read(ballot, i); break;
    case VOTE_NOT: refusal_read(ballot, i); break;
    case VOTE_MAJORITY: camp_read(ballot, i, SIDE_FOR); break;
    case VOTE_MINORITY: camp_read(ballot, i, SIDE_AGAINST); break;
    case VOTE_EXCEPT: except_read(ballot, i); break;
    case VOTE_LIKE: /* "Ø undlod at stemme, ligesom N" */
        if (is_list(ballot, i + 1) && ballot->told && i - ballot->told < 6)
            ballot_take(ballot, ballot->side, i + 1, true);
        break;
    case VOTE_ASSENT:
        if (kind_of(ballot, i + 1) != VOTE_NOT && !(is_list(ballot, i + 1) && kind_of(ballot, i + 2) == VOTE_NOT))
            assent_read(ballot, subject(ballot, i, 0));
        break;
    case VOTE_MODAL: /* "A og V kan tiltræde" */
        if (kind_of(ballot, i + 1) == VOTE_AGREE)
            assent_read(ballot, subject(ballot, i, 0));
        break;
    case VOTE_CARRIED: /* "tiltrådt af A, V og C" */
        if (kind_of(ballot, i + 1) == VOTE_BY)
            assent_read(ballot, i + 2);
        break;
    case VOTE_WITH: /* "med A's og V's stemmer" */
        if (is_list(ballot, i + 1) && kind_of(ballot, i + 2) == VOTE_CAST)
            assent_read(ballot, i + 1);
        break;
    case VOTE_CAST: /* "med stemmerne fra A, B og F" */
        if (kind_of(ballot, i + 1) == VOTE_FROM && kind_before(ballot, i, 1) != VOTE_SIDE)
            assent_read(ballot, i + 2 + (kind_of(ballot, i + 2) == VOTE_FILL));
        break;
    default: break;
    }
}

/* Does the word from `at` to `stop` begin with three letters, capitals as small? */
static bool begins(const char *at, const char *head)
{
    return ((*at ^ head[0]) & ~0x20) == 0 && ((at[1] ^ head[1]) & ~0x20) == 0 && ((at[2] ^ head[2]) & ~0x20) == 0;
}

/* May the word tell a side, or that somebody keeps out of the vote? */
static bool may_be_side(const char *at, size_t size)
{
    switch (*at | 0x20) {
    case 'a': return begins(at, "afh") || begins(at, "afs");                             /* afholdt, afstod */
    case 'b': return begins(at, "bla") || begins(at, "bor");                             /* blank, bortset */
    case 'd': return size == 7 && begins(at, "der");                                     /* derimod */
    case 'e': return begins(at, "eks");                                                  /* eksklusive */
    case 'f': return (size == 3 && begins(at, "for")) || begins(at, "fle");              /* for, flertal */
    case 'h': return (size > 4 && begins(at, "her")) || (size > 5 && begins(at, "hve")); /* herfor, hverken */
    case 'i':
        return begins(at, "imo") || begins(at, "ikk") || (size == 1 && strchr(" \n", at[1])); /* imod, ikke, i mod */
    case 'j': return (at[1] | 0x20) == 'a' && (size == 2 || size > 5);                        /* ja, jastemmer */
    case 'm': return (size == 3 && begins(at, "mod")) || begins(at, "min"); /* mod, mindretal, minus */
    case 'n': return begins(at, "nej");
    case 'p': return size == 3 && (unsigned char)at[1] == 0xC3; /* på nær */
    case 'u': return begins(at, "und");                         /* undlod, undtagen */
    default: return false;
    }
}

/* May the word be the letters of a party: "A", "SF", "Alt"? */
static bool may_be_party(const char *at, size_t size)
{
    bool latin = (unsigned char)*at == 0xC3 && (unsigned char)at[1] <= 0x9E;
    if (size > 3 || !(latin || (*at >= 'A' && *at <= 'Z')))
        return false;
    bool one = size == 1 + (size_t)latin;
    if (one && *at == 'I' && at[1] == ' ' && at[2] >= 'a' && at[2] <= 'z' && at[3] >= 'a' && at[3] <= 'z')
        return false; /* "I henhold til" */
    return one || (at[1] >= 'A' && at[1] <= 'Z') || begins(at, "alt") || begins(at, "krf") ||
           (size == 2 && at[1] == 'p');
}

/* Nobody is named between the offsets who could vote, and no side is told: most decisions are such. A quick look. */
static bool tells_no_vote(const struct reading *reading, size_t start, size_t end)
{
    const char *base = reading->body.text.at, *stop = base + end;
    for (const char *at = base + start; at < stop;) {
        if (!byte_is_letter((unsigned char)*at)) {
            at++;
            continue;
        }
        const char *word = at;
        at = signs_end(word);
        if (may_be_side(word, (size_t)(at - word)) || may_be_party(word, (size_t)(at - word)))
            return false;
    }
    for (size_t i = sighting_from(reading, start);
         i < reading->sightings.count && reading->sightings.items[i].start < end; i++)
        if (reading->sightings.items[i].person >= 0)
            return false;
    return true;
}

enum fault vote_read(struct reading *reading, size_t start, size_t end, struct item *item)
{
    struct ballot ballot = {.reading = reading};
    bool silent = tells_no_vote(reading, start, end);
#ifdef NDEBUG /* elsewhere the look is put to the proof */
    if (silent)
        return FAULT_NONE;
#endif
    if (!vote_words_read(reading, start, end, &ballot.words) ||
        !vote_phrases_make(reading, &ballot.words, &ballot.phrases))
        return arena_full(reading->err);
    for (size_t next; ballot.at < ballot.phrases.count && !ballot.full; ballot.at = next) {
        uint8_t topic = ballot_topic(&ballot, ballot.at);
        ballot.heard = topic ? topic : ballot.heard;
        next = ballot_table(&ballot, ballot.at);
        if (next == ballot.at)
            phrase_read(&ballot, next++);
    }
    if (ballot.full)
        return arena_full(reading->err);
    assert(!silent || (!ballot.voted && !ballot.votes));
    (void)silent;
    ballot_result(&ballot, item);
    return FAULT_NONE;
}
