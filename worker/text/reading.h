/* reading: what the stages know about one document while it is read; each adds its part. Lives in the arena.
 *
 *   body -> lines -> agenda (items, sections) -> entities and sightings -> tables -> roster -> decisions, attachments
 *
 * All offsets are into the clean text until minutes.c leads them back to the given bytes. */
#ifndef REFERENT_READING_H
#define REFERENT_READING_H

#include "heading.h"
#include "person.h"

#include <assert.h>
#include <string.h>

enum { NO_ITEM = -1, NO_SECTION = 255 };

/* Where a line belongs; beside struct line, one each. */
struct spot {
    int32_t item;     /* index into items, NO_ITEM before the first */
    uint8_t section;  /* enum section_kind, or NO_SECTION */
    uint8_t heading;  /* the line is the heading of an item (1), or names it once more (2) */
    uint8_t contents; /* the line is part of the table of contents */
    uint8_t body;     /* the line is "Byrådet den 27. november 2018:", who decided and when */
    uint8_t style;    /* enum heading_style of the line, as reading_heading has it */
    uint8_t currency; /* the line holds a currency that closes no sum, so it may be a unit (entity.c) */
};

/* A part of an item under one heading, in lines. */
struct part {
    uint8_t kind;        /* enum section_kind */
    bool body;           /* headed by who decided and when, so not the presentation */
    uint32_t heading;    /* line of the heading; the same as first if it has none */
    uint32_t first, end; /* lines of what stands under it */
    struct day day;      /* the day in its heading, if any */
};

struct draft_item {
    uint32_t first, end; /* lines */
    uint32_t heading;    /* line */
    uint32_t title_start, title_end, span_start, span_end;
    struct span number;  /* empty if unnumbered */
    bool open, marked;   /* marked: the text itself says whether it is open */
    bool numbered_apart; /* the number stands apart from the title */
    uint32_t first_part, part_count;
};

struct entity_list {
    struct entity *items;
    size_t count, capacity;
};

struct reading {
    struct arena *arena;
    struct error *err;
    struct span given; /* the bytes of the document */
    enum media_type media;
    struct body body;
    struct line_list lines;
    struct spot *spots;             /* as many as lines */
    struct heading_match *headings; /* as many; how the lines are numbered whose spot has a style, others are not set */
    LIST(struct draft_item) items;
    LIST(struct part) parts;
    struct entity_list entities; /* clean offsets, ascending */
    struct entity_list cells;    /* the same, cells of tables */
    struct sighting_list sightings;
    LIST(struct person) people;     /* members and officials; the roster comes first */
    size_t roster_count;            /* people on the roster */
    LIST(struct byte_range) cpr;    /* clean offsets */
    LIST(struct byte_range) masked; /* the same in the given bytes, and those of earlier rounds */
    struct minutes *out;
    struct meeting *meeting; /* of out */
};

/* The stages in order; minutes_read_many takes all its documents through one before the next, a program that measures
 * takes the time between. */
struct stage {
    const char *name;
    enum fault (*run)(struct reading *reading);
};
enum { READING_STAGES = 10 };
extern const struct stage reading_stages[READING_STAGES];
/* A reading before its first stage. Faults: FAULT_REJECT body.size. */
NODISCARD enum fault reading_begin(struct reading *reading, struct arena *arena, struct span body,
                                   enum media_type media, struct minutes *out, struct error *err);

NODISCARD enum fault agenda_read(struct reading *reading);
NODISCARD enum fault entity_read(struct reading *reading);
NODISCARD enum fault table_read(struct reading *reading);
NODISCARD enum fault roster_read(struct reading *reading);
NODISCARD enum fault head_read(struct reading *reading);
NODISCARD enum fault item_read(struct reading *reading);

static inline struct span reading_line(const struct reading *reading, size_t line)
{
    return line_text(&reading->body, &reading->lines.items[line]);
}

/* How the line is numbered, told once for all who ask. */
static inline const struct heading_match *reading_heading(const struct reading *reading, size_t line)
{
    static const struct heading_match none = {.style = STYLE_NONE};
    return reading->spots[line].style != STYLE_NONE ? &reading->headings[line] : &none;
}

static inline struct span reading_cut(const struct reading *reading, size_t start, size_t end)
{
    return (struct span){reading->body.text.at + start, end - start};
}

/* Small tools on text, shared by the stages (reading.c). */
/* Where `text` holds the `size` bytes of `word`, small or capital, first, or NULL; `whole`: between characters that are
 * no letters. */
const char *text_seek(struct span text, const char *word, size_t size, bool whole);
/* Does it at all? In line, so that a text that is too short is told at once. */
static inline bool text_find(struct span text, const char *word, size_t size, bool whole)
{
    return text.size >= size && text_seek(text, word, size, whole) != NULL;
}
/* Which pairs of bytes stand in a text, letters' case aside: tells of most words that they do not, where many are
 * looked for in one short text. */
struct text_sieve {
    struct span text;
    bool pairs[32 * 32];
};
void text_sieve_make(struct text_sieve *sieve, struct span text);
/* Is one of the words a part of `text`, which the sieve's text holds? */
bool text_holds_any(const struct text_sieve *sieve, struct span text, const struct span *words, size_t count);
/* Does one of them stand there between characters that are no letters? */
bool text_has_any(const struct text_sieve *sieve, struct span text, const struct span *words, size_t count);
/* text_holds_any where nobody else asks of the text: a few words are looked for without a sieve. In line, so that their
 * number is known. */
static inline bool text_holds_one(struct span text, const struct span *words, size_t count)
{
    enum { FEW = 4 };
    for (size_t i = 0; count <= FEW && i < count; i++)
        if (text_find(text, words[i].at, words[i].size, false))
            return true;
    if (count <= FEW || text.size == 0)
        return false;
    struct text_sieve sieve;
    text_sieve_make(&sieve, text);
    return text_holds_any(&sieve, text, words, count);
}
/* A word by itself; part of a longer one. In line, so that the length of a literal is known. */
static inline bool text_has(struct span text, const char *word)
{
    return text_find(text, word, strlen(word), true);
}
static inline bool text_holds(struct span text, const char *part)
{
    return text_find(text, part, strlen(part), false);
}
/* The same for a part of the line: most lines hold no trace of the word. */
static inline bool line_find(const struct line *line, enum trace trace, struct span text, const char *word, bool whole)
{
    bool may = line->traces & trace;
    assert(may || !text_find(text, word, strlen(word), whole)); /* trace.def has four bytes of the word */
    return may && text_find(text, word, strlen(word), whole);
}
static inline bool line_has(const struct line *line, enum trace trace, struct span text, const char *word)
{
    return line_find(line, trace, text, word, true);
}
static inline bool line_holds(const struct line *line, enum trace trace, struct span text, const char *part)
{
    return line_find(line, trace, text, part, false);
}
/* The traces of the lines from the one that holds the clean offset up to `line`. */
static inline uint32_t reading_traces(const struct reading *reading, size_t offset, size_t line)
{
    const struct line *lines = reading->lines.items;
    uint32_t traces = lines[line].traces;
    while (line > 0 && offset < lines[line].start)
        traces |= lines[--line].traces;
    return traces;
}
/* `text` without white space and the given signs at both ends; the signs may be letters and figures, too. */
struct span text_strip(struct span text, const char *signs);
/* The same for signs that are none. In line, so that a text that begins and ends with a letter or figure is told at
 * once. */
static inline struct span text_trim(struct span text, const char *signs)
{
    unsigned char first = text.size ? (unsigned char)*text.at : 0,
                  last = text.size ? (unsigned char)text.at[text.size - 1] : 0;
    unsigned figures = (unsigned)((unsigned char)(first - '0') < 10) | (unsigned)(first >= 0x80) |
                       (unsigned)((unsigned char)((first | 0x20) - 'a') < 26);
    unsigned closing = (unsigned)((unsigned char)(last - '0') < 10) | (unsigned)(last >= 0x80) |
                       (unsigned)((unsigned char)((last | 0x20) - 'a') < 26);
    return figures & closing ? text : text_strip(text, signs);
}
/* The same letters, digits and nothing else: "1. Godkendelse" and "1 godkendelse" meet. */
bool text_alike_all(struct span a, struct span b);
/* In line, so that texts with other first letters are told at once. */
static inline bool text_alike(struct span a, struct span b)
{
    unsigned one = a.size ? (unsigned)((unsigned char)*a.at | 0x20) - 'a' : 26,
             other = b.size ? (unsigned)((unsigned char)*b.at | 0x20) - 'a' : 26;
    return (one >= 26 || other >= 26 || one == other) && text_alike_all(a, b);
}
uint64_t text_hash(struct span text);
/* A copy with every run of white space as one space; at NULL when the arena is full. */
struct text text_fold(struct arena *arena, struct span text);
/* A copy without white space. */
struct text text_squeeze(struct arena *arena, struct span text);
/* The word before clean offset `at`: letters and inner points, without a closing point or colon. */
struct span word_before(const struct body *body, size_t at);

#endif
