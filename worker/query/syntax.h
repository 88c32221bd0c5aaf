/* What a person typed -> a tree. Pure: knows neither the index nor its terms.
 *
 *   tilskud fleksjob           both words
 *   "den kommunale fond"       the words in a row
 *   skole*                     words that begin so
 *   A OR B, A AND B, NOT A     also ELLER, OG, IKKE; only in capitals; -A and +A
 *   ( ... )                    groups
 *   medlem:"Anna Bro" dato:2019-01..2019-06   fields, Danish or English; a range has two points
 *
 * Nothing is refused for its form: an open quote ends with the query, a stray operator is passed over, an unknown field
 * is two words. */
#ifndef REFERENT_SYNTAX_H
#define REFERENT_SYNTAX_H

#include "arena.h"
#include "span.h"

#include <stdint.h>

enum { SYNTAX_NODES_MAX = 512, SYNTAX_DEPTH_MAX = 32 };

enum syntax_kind {
    SYNTAX_WORD,   /* text: as typed, may hold several words ("19/11679") */
    SYNTAX_PHRASE, /* text: what stood between the quotes */
    SYNTAX_PREFIX, /* text: without the star */
    SYNTAX_FIELD,  /* field and text: the value, without quotes */
    SYNTAX_AND,
    SYNTAX_OR,
    SYNTAX_NOT /* its first child shall not match */
};

enum syntax_field {
    FIELD_QUERY_MEMBER,
    FIELD_QUERY_CASE,
    FIELD_QUERY_COMMITTEE,
    FIELD_QUERY_MUNICIPALITY,
    FIELD_QUERY_PARTY,
    FIELD_QUERY_OUTCOME,
    FIELD_QUERY_KLE,
    FIELD_QUERY_LAW,
    FIELD_QUERY_ORG,
    FIELD_QUERY_DATE,    /* of the meeting */
    FIELD_QUERY_MENTION, /* a date in the text */
    FIELD_QUERY_AMOUNT,
    FIELD_QUERY_TITLE
};

struct syntax {
    enum syntax_kind kind;
    enum syntax_field field;
    struct span text;     /* borrowed from the query */
    struct syntax *first; /* child */
    struct syntax *next;  /* sibling */
    size_t start, end;    /* bytes in the query */
};

/* Faults: FAULT_REJECT query.words above SYNTAX_NODES_MAX nodes, query.depth; arena.bound. *tree is NULL when the query
 * says nothing. */
NODISCARD enum fault syntax_parse(struct arena *arena, struct span query, struct syntax **tree, struct error *err);

/* The field by its name, any case; false if unknown. */
bool syntax_field_parse(struct span name, enum syntax_field *field);

#endif
