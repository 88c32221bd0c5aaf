/* vote: who voted how, out of the words of a decision. Pure.
 *
 * A side is told before its voters ("For stemte: A, B og Ø."), behind them ("DF og Ø stemte imod") or around them
 * ("Herefter stemte A og V for"). Sides are parties' letters as printed or single members; counts and the full names of
 * parties are none. Every list counts once. Source: tests/golden/README.md, minutes. */
#include "vote.h"

#include "roster.h"

#include <assert.h>
#include <string.h>

/* "Ø undlod at stemme", "Undlod at stemme: B", "derefter undlod Ø at stemme", "1 undlod (B)". */
static void idle_read(struct ballot *ballot, size_t i)
{
    size_t next = i + 1, bracket = next + (kind_of(ballot, next) == VOTE_COUNT);
    ballot->voted = true;
    ballot->side = SIDE_ABSTAIN;
    ballot->told = i;
    if (is_bracket(ballot, bracket)) {
        ballot_try(ballot, SIDE_ABSTAIN, bracket);
        return;
    }
    if (kind_of(ballot, next) != VOTE_COLON) {
        size_t list = ballot_subject(ballot, i, 4);
        bool dash = i >= 2 && (kind_of(ballot, i - 1) == VOTE_COLON || kind_of(ballot, i - 1) == VOTE_DASH) &&
                    is_list(ballot, i - 2);
        if (dash) { /* "B: Undlod" */
            ballot_take(ballot, SIDE_ABSTAIN, i - 2, true);
            return;
        }
        if (list == SIZE_MAX && i >= 2 && kind_of(ballot, i - 1) == VOTE_LIST && is_bracket(ballot, i - 1))
            list = i - 1; /* "2 (B og F) undlod" */
        if (list != SIZE_MAX && ballot_try(ballot, SIDE_ABSTAIN, list))
            return;
    }
    next += kind_of(ballot, next) == VOTE_CAST; /* "Undlod stemte" */
    ballot_try(ballot, SIDE_ABSTAIN, ballot_behind(ballot, next));
}

/* "Ø kan ikke tiltræde", "Ø, som ikke kan tiltræde", "kunne Ø ikke tiltræde", "Ø støtter ikke". */
static void refusal_read(struct ballot *ballot, size_t i)
{
    enum vote_kind before = kind_before(ballot, i, 1), next = kind_of(ballot, i + 1);
    size_t list = SIZE_MAX;
    if (before == VOTE_MODAL && is_edge(next)) /* "A kan anbefale. C kan ikke." */
        list = ballot_subject(ballot, i - 1, 0);
    else if ((before == VOTE_MODAL && next == VOTE_AGREE) || before == VOTE_ASSENT)
        list = ballot_subject(ballot, i - 1, 2);
    else if ((next == VOTE_MODAL && kind_of(ballot, i + 2) == VOTE_AGREE) || next == VOTE_ASSENT)
        list = ballot_subject(ballot, i, 2);
    else if (i >= 2 && is_list(ballot, i - 1) &&
             (kind_of(ballot, i - 2) == VOTE_ASSENT || (kind_of(ballot, i - 2) == VOTE_MODAL && next == VOTE_AGREE)))
        list = i - 1;
    else if (before == VOTE_MODAL && next == VOTE_CARRIED && kind_of(ballot, i + 2) == VOTE_BY)
        list = i + 3; /* "Kan ikke tiltrædes af Ø" */
    if (list != SIZE_MAX && ballot_try(ballot, SIDE_AGAINST, list))
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
        ballot_try(ballot, SIDE_FOR, list);
    }
}

/* Does the list name anybody? "Udvalget", "Venstre" do not. */
static bool list_named(const struct ballot *ballot, size_t i)
{
    const struct vote_word *list = &ballot->phrases.items[i];
    for (size_t at = list->first; at < list->first + list->count; at++)
        if (ballot->words.items[at].kind == VOTE_VOTER)
            return true;
    return false;
}

/* "Et flertal på 5 (A, V)", "mindretallet, Ø,": unless the sentence goes on to say how they voted, or what they wished.
 */
static void camp_read(struct ballot *ballot, size_t i, enum side side)
{
    size_t list = i + 1;
    for (;; list++) {
        enum vote_kind kind = kind_of(ballot, list);
        bool words = kind == VOTE_WORD && ballot->phrases.items[list].count < 4;
        bool body = kind == VOTE_LIST && !list_named(ballot, list); /* "et flertal i udvalget" */
        if (kind != VOTE_COUNT && kind != VOTE_BY && kind != VOTE_COMMA && kind != VOTE_COLON && kind != VOTE_FILL &&
            kind != VOTE_DASH && !words && !body)
            break;
    }
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
    ballot_try(ballot, side, list);
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
        enum vote_kind kind = kind_of(ballot, at);
        if (kind == VOTE_WISH || kind == VOTE_CAST || kind == VOTE_NOT || kind == VOTE_IDLE)
            return;
        decided = decided || kind_of(ballot, at) == VOTE_ASSENT;
    }
    if (decided) {
        ballot->voted = true;
        ballot_try(ballot, SIDE_AGAINST, list);
    }
}

/* "Godkendt med 4 stemmer (A, V og C).": "stemmer" at `i`, with no side behind those who cast them. */
static void count_read(struct ballot *ballot, size_t i)
{
    enum vote_kind verdict = kind_before(ballot, i, 3);
    bool counted = kind_before(ballot, i, 1) == VOTE_COUNT && kind_before(ballot, i, 2) == VOTE_WITH;
    if (!counted || !is_bracket(ballot, i + 1) || !is_edge(kind_of(ballot, i + 2)))
        return;
    if (verdict == VOTE_CARRIED)
        assent_read(ballot, i + 1);
    else if (verdict == VOTE_FELL && list_named(ballot, i + 1))
        ballot->voted = ballot_try(ballot, SIDE_AGAINST, i + 1) || ballot->voted;
}

static void phrase_read(struct ballot *ballot, size_t i)
{
    switch (kind_of(ballot, i)) {
    case VOTE_SIDE: ballot_side(ballot, i); break;
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
            assent_read(ballot, ballot_subject(ballot, i, 0));
        break;
    case VOTE_MODAL: /* "A og V kan tiltræde" */
        if (kind_of(ballot, i + 1) == VOTE_AGREE)
            assent_read(ballot, ballot_subject(ballot, i, 0));
        break;
    case VOTE_CARRIED: /* "tiltrådt af A, V og C" */
        if (kind_of(ballot, i + 1) == VOTE_BY)
            assent_read(ballot, i + 2);
        break;
    case VOTE_FELL: /* "nedstemt af A og Ø" */
        if (kind_of(ballot, i + 1) == VOTE_BY && is_list(ballot, i + 2) && list_named(ballot, i + 2)) {
            ballot->voted = true;
            ballot_try(ballot, SIDE_AGAINST, i + 2);
        }
        break;
    case VOTE_WITH: /* "med A's og V's stemmer" */
        if (is_list(ballot, i + 1) && kind_of(ballot, i + 2) == VOTE_CAST)
            assent_read(ballot, i + 1);
        break;
    case VOTE_CAST: /* "med stemmerne fra A, B og F" */
        if (kind_of(ballot, i + 1) == VOTE_FROM && kind_before(ballot, i, 1) != VOTE_SIDE)
            assent_read(ballot, i + 2 + (kind_of(ballot, i + 2) == VOTE_FILL));
        else
            count_read(ballot, i);
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
