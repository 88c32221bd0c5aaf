/* vote_side: the voters of a side, "for" or "imod", who stand before it, behind it or around it. Pure.
 *
 * "For (forslaget) stemte A", "5 for (A, V)", "A og V stemte for", "derefter stemte A og V for", "Ø imod.", "vedtaget
 * med 7 stemmer (A) mod 3 (B)". Source: tests/golden/README.md, minutes. */
#include "vote.h"

bool ballot_try(struct ballot *ballot, enum side side, size_t i)
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

size_t ballot_behind(const struct ballot *ballot, size_t i)
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

size_t ballot_subject(const struct ballot *ballot, size_t i, size_t most)
{
    size_t words = 0;
    /* "N ønskede at få ført til protokols, at hun stemte imod", "N ønsker en plan, og kan ikke tiltræde" */
    bool told = most && i > 0 && kind_of(ballot, i - 1) == VOTE_JOIN;
    for (size_t at = i; at > 0 && i - at < SENTENCE; at--) {
        const struct vote_word *phrase = &ballot->phrases.items[at - 1];
        enum vote_kind kind = (enum vote_kind)phrase->kind;
        if (kind == VOTE_LIST)
            return phrase->taken || (phrase->bracket && at < i) ? SIZE_MAX : at - 1;
        told = told || kind == VOTE_PRONOUN;
        most = told ? 12 : most;
        words += kind == VOTE_WORD ? phrase->count : 0;
        bool over = kind == VOTE_WORD || kind == VOTE_COMMA || kind == VOTE_JOIN || kind == VOTE_THAT ||
                    kind == VOTE_FILL || kind == VOTE_LINE || kind == VOTE_AMENDMENT || kind == VOTE_MAIN ||
                    kind == VOTE_COUNT || kind == VOTE_PRONOUN || (told && (kind == VOTE_WISH || kind == VOTE_MODAL));
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
        ballot_try(ballot, fell ? SIDE_AGAINST : SIDE_FOR, many);
    if (is_bracket(ballot, few))
        ballot_try(ballot, fell ? SIDE_FOR : SIDE_AGAINST, few);
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
        return ballot_try(ballot, side, bracket);
    /* "mod stemmerne fra Ø", "imod Ø's stemmer" */
    if (kind_of(ballot, next) == VOTE_CAST && kind_of(ballot, next + 1) == VOTE_FROM)
        return ballot_try(ballot, side, next + 2 + (kind_of(ballot, next + 2) == VOTE_FILL));
    size_t owner = next + (kind_of(ballot, next) == VOTE_FILL); /* "mod liste O's stemmer" */
    if (side == SIDE_AGAINST && is_list(ballot, owner) && kind_of(ballot, owner + 1) == VOTE_CAST && !cast &&
        is_edge(kind_of(ballot, owner + 2)))
        return ballot_try(ballot, side, owner);
    /* "For: A, V", "Stemmer for forslaget: A", "For\tA, V", "For - A" */
    size_t colon = opens || cast || counted ? behind_matter(ballot, next) : next;
    colon += kind_of(ballot, colon) == VOTE_CAST;
    colon += kind_of(ballot, colon) == VOTE_COUNT;
    bool dash = kind_of(ballot, colon) == VOTE_DASH && (opens || counted),
         cell = kind_of(ballot, colon) == VOTE_CELL && opens;
    if (kind_of(ballot, colon) == VOTE_COLON || dash || cell) {
        size_t list = cell ? colon + 1 : ballot_behind(ballot, colon);
        ballot->voted = true;
        if (is_list(ballot, list) && (!cell || is_edge(kind_of(ballot, list + 1))))
            return ballot_try(ballot, side, list);
        return kind_of(ballot, colon) == VOTE_COLON;
    }
    /* "For forslaget stemte A", "Imod var Ø" */
    size_t verb = cast || counted ? next : opens ? behind_matter(ballot, next) : next;
    if (!cast && (kind_of(ballot, verb) == VOTE_CAST || (opens && kind_of(ballot, verb) == VOTE_BE))) {
        size_t list = ballot_behind(ballot, verb + 1);
        ballot->voted = ballot->voted || kind_of(ballot, verb) == VOTE_CAST;
        if (kind_of(ballot, list) == VOTE_WORD && ballot->phrases.items[list].count == 1)
            list++; /* "stemte alene A" */
        return ballot_try(ballot, side, list);
    }
    /* "6 for og 1 imod, nemlig Ø" */
    if ((counted || cast) && kind_of(ballot, next) == VOTE_COMMA && kind_of(ballot, next + 1) == VOTE_FILL &&
        is_list(ballot, next + 2) && is_edge(kind_of(ballot, next + 3)))
        return ballot_try(ballot, side, next + 2);
    /* "De, der stemte imod, var Ø" */
    size_t be = next + (kind_of(ballot, next) == VOTE_COMMA);
    if (cast && kind_before(ballot, i, 2) == VOTE_THAT && kind_of(ballot, be) == VOTE_BE && is_list(ballot, be + 1))
        return ballot_try(ballot, side, be + 1);
    /* "Godkendt mod V og Ø." */
    bool verdict = kind_before(ballot, i, 1) == VOTE_CARRIED || kind_before(ballot, i, 1) == VOTE_FELL;
    bool mine = kind_before(ballot, i, 1) == VOTE_CAST && kind_before(ballot, i, 2) == VOTE_LIST &&
                kind_before(ballot, i, 3) == VOTE_WITH; /* "med A's stemmer mod C's" */
    if (side == SIDE_AGAINST && (verdict || mine) && is_list(ballot, next) && is_edge(kind_of(ballot, next + 1)))
        return ballot_try(ballot, side, next);
    /* "Imod V, C." */
    bool sentence = i == 0 || is_edge(kind_of(ballot, i - 1)) || kind_of(ballot, i - 1) == VOTE_COLON;
    bool other = kind_before(ballot, i, 1) == VOTE_COMMA && kind_before(ballot, i, 2) == VOTE_LIST &&
                 ballot->phrases.items[i - 2].taken;         /* "For stemte A og F, imod V" */
    next += sentence && kind_of(ballot, next) == VOTE_COUNT; /* "Ja 10   A, V" */
    bool turns =
        (kind_of(ballot, next + 1) == VOTE_COMMA || kind_of(ballot, next + 1) == VOTE_CLAUSE ||
         kind_of(ballot, next + 1) == VOTE_JOIN) &&
        (kind_of(ballot, next + 2) == VOTE_SIDE || kind_of(ballot, next + 2) == VOTE_IDLE); /* "For F, imod A" */
    if ((sentence || other) && is_list(ballot, next) && (is_edge(kind_of(ballot, next + 1)) || turns)) {
        ballot->voted = true;
        return ballot_try(ballot, side, next);
    }
    return false;
}

/* Counts the subject `list` of "stemte" and the side at `i`. "Imod stemte V bortset fra N, der stemte for, og O": N
 * goes to those told before, and the list goes on behind the clause. */
static bool subject_take(struct ballot *ballot, enum side side, size_t list, size_t i)
{
    enum side own = side_of(ballot, list, i - 1, side);
    bool except = kind_before(ballot, list, 1) == VOTE_EXCEPT && own == side && list >= 2;
    if (!except) { /* "A stemmer for. V stemmer for. Ø stemmer imod." */
        const struct vote *vote = ballot->votes ? &ballot->votes[ballot->last] : NULL;
        bool one = own == SIDE_FOR && vote && !vote->sides[SIDE_AGAINST].count && !vote->sides[SIDE_ABSTAIN].count;
        if (!is_list(ballot, list))
            return false;
        ballot_take(ballot, own, list, one);
        return true;
    }
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
    bool row = mark >= 2 && kind_before(ballot, mark, 1) == VOTE_COMMA && is_edge(next) &&
               is_edge(kind_before(ballot, mark, 3)); /* "Ole Bruun, ja" on a line */
    if (mark >= 2 &&
        (row || kind_before(ballot, mark, 1) == VOTE_COLON || kind_before(ballot, mark, 1) == VOTE_DASH ||
         kind_before(ballot, mark, 1) == VOTE_CELL) &&
        is_list(ballot, mark - 2) && edge && next != VOTE_COLON && next != VOTE_DASH && next != VOTE_CELL) {
        ballot->voted = true;
        ballot_take(ballot, side, mark - 2, true);
        return true;
    }
    if (before == VOTE_CAST) { /* "A og V stemte for" */
        size_t list = ballot_subject(ballot, i - 1, 5);
        ballot->voted = true;
        return list != SIZE_MAX && subject_take(ballot, side, list, i);
    }
    if (before == VOTE_BE) { /* "Ø er imod" */
        size_t list = ballot_subject(ballot, i - 1, 0);
        return list != SIZE_MAX && side != SIDE_ABSTAIN && side != SIDE_FOR && ballot_try(ballot, side, list);
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
        return ballot_try(ballot, side, i - 1);
    }
    /* "Ø imod.", "Ø imod indstillingen.", "2 (Ø) imod" */
    size_t behind = i + 1 + (next == VOTE_MAIN || next == VOTE_AMENDMENT);
    size_t lead = i - 1;
    while (lead > 0 && (kind_of(ballot, lead - 1) == VOTE_COUNT || kind_of(ballot, lead - 1) == VOTE_FILL))
        lead--;
    if ((lead == 0 || is_joint(kind_of(ballot, lead - 1))) &&
        (is_joint(kind_of(ballot, behind)) && kind_of(ballot, behind) != VOTE_OPEN)) {
        ballot->voted = true;
        return ballot_try(ballot, side, i - 1);
    }
    return false;
}

void ballot_side(struct ballot *ballot, size_t i)
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
