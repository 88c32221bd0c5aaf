/* Minutes as they are read: a document's bytes in, its meeting and entities out.
 *
 * Pure: no socket, no disk, no clock; the same bytes give the same result, in time linear in their number. */
#ifndef REFERENT_MINUTES_H
#define REFERENT_MINUTES_H

#include "arena.h"
#include "error.h"
#include "span.h"

#include <stdint.h>

enum media_type { MEDIA_MARKDOWN, MEDIA_PLAIN, MEDIA_HTML };

enum entity_type {
    ENTITY_MEMBER,
    ENTITY_OFFICIAL,
    ENTITY_CASE,
    ENTITY_DOCUMENT,
    ENTITY_KLE,
    ENTITY_AMOUNT,
    ENTITY_DATE,
    ENTITY_LAW,
    ENTITY_ORG,
    ENTITY_ITEM
};
enum { ENTITY_TYPES = ENTITY_ITEM + 1 };

/* A day; year 0 where the text gives none. */
struct day {
    int16_t year;
    int8_t month;
    int8_t day;
};

struct entity {
    enum entity_type type;
    size_t start, end; /* byte offsets into the body that was given */
    struct span value; /* normalised, in the terms of tests/golden/README.md; a member's is the name alone */
    struct span party; /* member: party letters as printed, or empty */
    const char *rule;  /* which rule found it, such as "amount.kr" */
    int64_t low_ore;   /* amount: lower and upper end, equal unless a range */
    int64_t high_ore;
    bool table;     /* amount: a cell under a head that gives its unit */
    struct day day; /* date */
};

enum outcome {
    OUTCOME_NONE,
    OUTCOME_APPROVED,
    OUTCOME_RECOMMENDED,
    OUTCOME_NOTED,
    OUTCOME_DISCUSSED,
    OUTCOME_POSTPONED,
    OUTCOME_REJECTED,
    OUTCOME_REFERRED,
    OUTCOME_OTHER
};

struct name_list {
    const struct span *names;
    size_t count;
};

struct attachment {
    struct span title;
    struct span document; /* empty if it has no number */
};

enum section_kind {
    SECTION_SUMMARY,        /* Resumé */
    SECTION_RECOMMENDATION, /* Indstilling */
    SECTION_DECISION,       /* Beslutning */
    SECTION_PRESENTATION,   /* Sagsfremstilling */
    SECTION_COMPETENCE,     /* Beslutningskompetence */
    SECTION_ECONOMY,        /* Økonomi */
    SECTION_LAW,            /* Lovgrundlag */
    SECTION_ATTACHMENTS,    /* Bilag */
    SECTION_HISTORY,        /* earlier treatment, Sagens forløb, Historik */
    SECTION_OTHER
};

struct section {
    enum section_kind kind;
    struct span heading; /* as printed, without marks; borrowed from the body */
    size_t start, end;   /* of what stands under the heading */
};

/* Facts that a case-management system gave: they hold over whatever is read in the text. */
enum given {
    GIVEN_PARTS = 1, /* of a meeting: it came in parts; items, their numbers, titles and access are given */
    GIVEN_COMMITTEE = 2,
    GIVEN_MUNICIPALITY = 4,
    GIVEN_DATE = 8,
    GIVEN_PRESENT = 16,
    GIVEN_ABSENT = 32,
    GIVEN_SUBSTITUTES = 64,
    GIVEN_CASE = 128, /* of an item */
    GIVEN_KLE = 256
};

struct item {
    struct span number;      /* as printed, or its position if unnumbered */
    struct span title;       /* without number */
    bool open;               /* false: a closed item, which never enters the open index */
    struct span case_number; /* empty if none */
    struct span kle;         /* empty if none */
    enum outcome outcome;
    bool voted;                 /* a vote was taken; the lists may still be empty */
    struct name_list votes_for; /* party letters as printed, or names */
    struct name_list votes_against;
    struct name_list votes_abstain;
    const struct attachment *attachments;
    size_t attachment_count;
    const struct section *sections; /* in reading order */
    size_t section_count;
    size_t start, end; /* the whole item, from its heading to the next item's */
    size_t heading_start, heading_end;
    unsigned given; /* bits of enum given; 0 for what was read */
};

enum presence { PRESENCE_UNKNOWN, PRESENCE_PRESENT, PRESENCE_ABSENT, PRESENCE_SUBSTITUTE };

/* Somebody on the roster, or named as absent or substitute. */
struct person {
    struct span name;
    struct span party; /* letters as printed, or empty */
    struct span role;  /* such as Formand; empty if none is printed */
    bool official;     /* secretary, director: not an elected member */
    enum presence presence;
};

struct meeting {
    struct span municipality; /* "Lejre Kommune"; empty unless the text names it */
    struct span committee;
    struct span date;       /* YYYY-MM-DD */
    struct span start, end; /* HH:MM */
    struct span place;
    const struct person *people;
    size_t person_count;
    struct name_list present, absent, substitutes; /* present holds the substitutes too */
    const struct item *items;
    size_t item_count;
    unsigned given; /* bits of enum given */
};

struct byte_range {
    size_t start, end;
};

struct minutes {
    struct text body;              /* the bytes that were given, CPR numbers masked at equal length */
    const struct entity *entities; /* in reading order; entities of one type never overlap */
    size_t entity_count;
    struct meeting meeting;
    const struct byte_range *cpr; /* where CPR numbers stood */
    size_t cpr_count;
};

/* A document to be read, and what came of it. */
struct minutes_document {
    struct arena *arena; /* its own */
    struct span body;
    enum media_type media;
    const void *owner;      /* whose it is, for the watch */
    struct minutes minutes; /* from here on: what came of it */
    enum fault fault;       /* one that comes with a fault is left alone */
    struct error err;
};

/* Told before each step of a reading which document it touches, so that one that ends the process is known. */
struct minutes_watch {
    void (*touch)(void *self, const struct minutes_document *document);
    void *self;
};

/* Documents are read side by side, stage after stage: the code of a stage and what the processor has learnt of it then
 * serve all of them. More than these gain next to nothing (tests/bench/README.md, Reading). */
enum { MINUTES_TOGETHER = 64, MINUTES_TOGETHER_BYTES = 512 * 1024 };

/* Read documents; none knows of another, and a fault of one is its own.
 * Shape   each body is valid UTF-8 and not empty; a document without any agenda item is fine.
 * Owner   the minutes live in the document's arena; their spans are borrowed from it or from the body, which must live
 *         as long. watch may be NULL.
 * Faults  of each: FAULT_REJECT arena.bound, body.size.
 * Source  the definition of every type and fact: tests/golden/README.md and NOTES.md beside it. */
void minutes_read_many(struct minutes_document *documents, size_t count, const struct minutes_watch *watch);
/* The same for one. */
NODISCARD enum fault minutes_read(struct arena *arena, struct span body, enum media_type media, struct minutes *out,
                                  struct error *err);

/* The result as JSON: {"entities":[{"type","start","end","value","rule"}...],"meeting":{...}}, exactly in the terms of
 * tests/golden/README.md (a member's value carries ";party", a table amount's ";table"). In the arena. */
NODISCARD enum fault minutes_json(struct arena *arena, const struct minutes *minutes, struct text *json,
                                  struct error *err);

/* "member", "official", ... as the JSON and the protocol name them. */
const char *entity_type_name(enum entity_type type);
/* "approved", "recommended", ... "none". */
const char *outcome_name(enum outcome outcome);
const char *section_kind_name(enum section_kind kind);

#endif
