/* vote: the words of a decision as a vote has them, and what they come to. Used by vote*.c alone; vote_read is in
 * decision.h.
 *
 *   text --vote_word.re--> words --vote_phrase.c--> phrases, in which every list of voters is one --vote.c--> sides
 *
 * Source: tests/golden/README.md, minutes. Pure. */
#ifndef REFERENT_VOTE_H
#define REFERENT_VOTE_H

#include "decision.h"

enum side { SIDE_FOR, SIDE_AGAINST, SIDE_ABSTAIN, SIDES };

enum vote_kind {
    VOTE_WORD,      /* words that tell nothing, as many as `count` */
    VOTE_VOTER,     /* a party's letters, or a member by name */
    VOTE_GROUP,     /* voters that are not listed: "Venstre", "alle", "de øvrige" */
    VOTE_FILL,      /* what may stand before voters in a list: "liste", "medlemmerne" */
    VOTE_FROM,      /* fra */
    VOTE_JOIN,      /* og, samt, + */
    VOTE_COMMA,     /* , */
    VOTE_CLAUSE,    /* mens, men */
    VOTE_COUNT,     /* 7, syv, én, (7) */
    VOTE_OPEN,      /* ( */
    VOTE_CLOSE,     /* ) */
    VOTE_COLON,     /* : */
    VOTE_DASH,      /* -, or a bullet */
    VOTE_CELL,      /* a tab or a bar between two cells */
    VOTE_STOP,      /* the end of a sentence */
    VOTE_LINE,      /* the end of a line */
    VOTE_SIDE,      /* for, imod, ja, nej, blankt, hverken for eller imod */
    VOTE_CAST,      /* stemte, stemmer */
    VOTE_IDLE,      /* undlod at stemme */
    VOTE_BE,        /* er, var, gik */
    VOTE_MODAL,     /* kan, kunne */
    VOTE_NOT,       /* ikke */
    VOTE_ASSENT,    /* tiltræder, anbefaler */
    VOTE_AGREE,     /* tiltræde, anbefale: behind "kan" */
    VOTE_MAJORITY,  /* flertallet */
    VOTE_MINORITY,  /* mindretallet */
    VOTE_EXCEPT,    /* undtagen, bortset fra */
    VOTE_WITH,      /* med */
    VOTE_BY,        /* af, bestående af */
    VOTE_THAT,      /* som, der, idet */
    VOTE_PRONOUN,   /* hun, han */
    VOTE_CARRIED,   /* vedtaget, godkendt */
    VOTE_FELL,      /* forkastet, faldt */
    VOTE_AMENDMENT, /* ændringsforslag */
    VOTE_MAIN,      /* indstillingen, hovedforslaget */
    VOTE_LIKE,      /* ligesom, sammen med: the same side as those before */
    VOTE_WISH,      /* tog forbehold, ønsker: no vote */
    VOTE_LIST       /* voters in a row; only among phrases */
};

struct vote_word {
    uint32_t start, end; /* clean offsets */
    uint8_t kind;        /* enum vote_kind */
    uint8_t side;        /* enum side, of VOTE_SIDE and of a list that is taken */
    bool bracket;        /* of a list: it stands in brackets; of VOTE_STOP: a paragraph ends */
    bool taken;          /* of a list: it is counted already */
    int32_t person;      /* of a voter: index into people, -1 for a party */
    uint32_t count;      /* of words; of a list's voters */
    uint32_t first;      /* of a list: its first voter among the words it was made of */
};

struct vote_words {
    struct vote_word *items;
    size_t count, capacity;
};

/* The kind of the word at *at, which is not past `end`; *at moves behind it. `side` is set for VOTE_SIDE; `voter` is
 * where a party's letters end, for "A's" and "A-gruppen". `cast`: the word before is one of VOTE_CAST. */
enum vote_kind vote_word_at(const unsigned char **at, const unsigned char *end, enum side *side,
                            const unsigned char **voter, bool cast);
/* The words from clean offset `start` to `end`; false if the arena is full. */
bool vote_words_read(struct reading *reading, size_t start, size_t end, struct vote_words *out);
/* The same with every list of voters as one phrase. */
bool vote_phrases_make(struct reading *reading, const struct vote_words *words, struct vote_words *out);

/* Sides that were told, vote by vote. The largest council has 55 members. */
enum { VOTERS_MOST = 64 };
struct vote_names {
    struct span items[VOTERS_MOST];
    int32_t people[VOTERS_MOST]; /* -1 for a party */
    size_t count;
};
struct vote {
    struct vote_names sides[SIDES];
    bool told, amendment;
};

/* A part of a meeting while its votes are read. */
struct ballot {
    struct reading *reading;
    struct vote_words words, phrases;
    struct vote
        *votes;     /* two: the last one and, if that is on an amendment, the last on the proposal; NULL: none yet */
    bool last;      /* which of the two is the last */
    size_t at;      /* the phrase that is read */
    uint8_t heard;  /* the last topic up to it: VOTE_AMENDMENT, VOTE_MAIN or 0 */
    uint8_t topic;  /* of the last vote */
    enum side side; /* the last side that was told, by the phrase at `told` */
    size_t told;
    bool voted, full;
};

static inline enum vote_kind kind_of(const struct ballot *ballot, size_t i)
{
    return i < ballot->phrases.count ? (enum vote_kind)ballot->phrases.items[i].kind : VOTE_STOP;
}

/* The kind `steps` before `i`; before the first phrase as well a sentence ends. */
static inline enum vote_kind kind_before(const struct ballot *ballot, size_t i, size_t steps)
{
    return i >= steps ? kind_of(ballot, i - steps) : VOTE_STOP;
}

/* Is the phrase at `i` a list that nobody has counted yet? */
static inline bool is_list(const struct ballot *ballot, size_t i)
{
    return kind_of(ballot, i) == VOTE_LIST && !ballot->phrases.items[i].taken;
}

/* A sentence of more phrases than that tells nothing. */
enum { SENTENCE = 64 };

static inline bool is_edge(enum vote_kind kind)
{
    return kind == VOTE_STOP || kind == VOTE_LINE || kind == VOTE_CELL;
}

/* A clause may begin or end there. */
static inline bool is_joint(enum vote_kind kind)
{
    return is_edge(kind) || kind == VOTE_COMMA || kind == VOTE_CLAUSE || kind == VOTE_JOIN || kind == VOTE_OPEN ||
           kind == VOTE_CLOSE || kind == VOTE_COLON || kind == VOTE_DASH;
}

static inline bool is_bracket(const struct ballot *ballot, size_t i)
{
    return is_list(ballot, i) && ballot->phrases.items[i].bracket;
}

/* Counts the list at `i` if there is one; gives whether there is (vote_side.c, also the next three). */
bool ballot_try(struct ballot *ballot, enum side side, size_t i);
/* Past what may stand between a verb or a colon and its voters: "11 medlemmer:", a line end behind a colon. */
size_t ballot_behind(const struct ballot *ballot, size_t i);
/* The subject to the left of the verb at `i`: the nearest list of the same sentence, over at most so many words that
 * tell nothing; SIZE_MAX if there is none. */
size_t ballot_subject(const struct ballot *ballot, size_t i, size_t most);
/* The voters of the side at `i`. */
void ballot_side(struct ballot *ballot, size_t i);
/* The topic that the phrase at `i` tells, or 0. */
uint8_t ballot_topic(const struct ballot *ballot, size_t i);
/* Counts the list at `i` for a side. A new vote begins when those for it are told again, or when another matter is
 * voted on; `call`: one answer of many, as when names are called. */
void ballot_take(struct ballot *ballot, enum side side, size_t i, bool call);
/* The votes of `item`: those of its last vote that is not on an amendment, or of the last one. */
void ballot_result(const struct ballot *ballot, struct item *item);
/* Reads a table of a vote whose head begins at `i` ("For | Imod | Undlod"); behind it, or `i` if there is none. */
size_t ballot_table(struct ballot *ballot, size_t i);

#endif
