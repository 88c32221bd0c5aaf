/* line: the clean text as lines, each with what kind of line it is.
 *
 * Second stage of reading. Minutes are forms: labels, headings of sections, rows of tables, page heads. Everything
 * after this stage asks what kind a line is, not how it is written. Pure. */
#ifndef REFERENT_LINE_H
#define REFERENT_LINE_H

#include "body.h"
#include "trace.h"

/* What a line begins with. Labels of the head first, then of an item, then marks between items, then sections. */
enum label {
    LABEL_NONE,
    LABEL_DATE,
    LABEL_TIME,
    LABEL_START,
    LABEL_END,
    LABEL_PLACE,
    LABEL_COMMITTEE,
    LABEL_MEMBERS,
    LABEL_CHAIR, /* "Formand: N"; label_at gives it as LABEL_MEMBERS */
    LABEL_ABSENT,
    LABEL_SUBSTITUTE,
    LABEL_OFFICIAL,
    LABEL_REMARK,
    LABEL_SIGNED,
    LABEL_CASE,
    LABEL_DOCUMENT,
    LABEL_DOCUMENTS,   /* a list of document numbers follows */
    LABEL_ITEM_NUMBER, /* "Sag nr. 130": the number of the item, not of its case */
    LABEL_POINT,       /* "Punkt 2", "Pkt. 42" */
    LABEL_OPEN,
    LABEL_CLOSED,
    LABEL_KLE,
    LABEL_CLERK, /* Initialer, Sagsbehandler */
    LABEL_CONTENTS,
    LABEL_GROUP_OPEN,
    LABEL_GROUP_CLOSED,
    LABEL_NOISE,
    LABEL_BALLOT, /* "For stemte", "Imod" */
    LABEL_SECTION,
    /* LABEL_SECTION + enum section_kind */
    LABEL_LAST = LABEL_SECTION + SECTION_OTHER
};

/* What stands between a label and its value. */
enum gap { GAP_END, GAP_COLON, GAP_WIDE, GAP_SPACE, GAP_STUCK, GAP_POINT };

struct label_match {
    enum label label;
    enum gap gap;
    size_t size;  /* of the label's words */
    size_t value; /* where the value begins, from the start of the line */
};

/* The label that the text at `at` (up to `end`, a line's end) begins with; LABEL_NONE if with none. */
struct label_match label_at(const char *at, const char *end);

enum line_flag {
    LINE_BULLET = 1,
    LINE_ROW = 2,       /* cells between tabs, bars or wide gaps */
    LINE_CAPITALS = 4,  /* no small letter */
    LINE_PAGE = 8,      /* a page's head or foot */
    LINE_CONTENTS = 16, /* an entry of the table of contents */
    LINE_CUE = 32,      /* holds a word that tells of attendance or a seat */
    LINE_UNIT = 64,     /* holds "kr", so it may give the unit of a table */
    LINE_ITEM = 128     /* the row of an agenda: number and title of an item */
};

struct line {
    uint32_t start, end; /* without indentation, bullet and trailing white space */
    uint16_t blanks;     /* blank lines before */
    uint16_t indent;
    uint8_t level;   /* as struct body_mark has it */
    uint8_t flags;   /* enum line_flag */
    uint8_t label;   /* enum label */
    uint8_t gap;     /* enum gap */
    uint32_t value;  /* where a label's value begins */
    uint32_t traces; /* enum trace: words that it may hold; it holds no others of them */
};

struct line_list {
    struct line *items;
    size_t count;
    uint32_t traces; /* of all lines */
};

/* Lines that are not blank. */
NODISCARD enum fault line_split(struct arena *arena, const struct body *body, struct line_list *out, struct error *err);

/* Marks the lines beside the numbers of pages that stand there time and again (running.c); line_split does. */
void lines_running(const struct body *body, struct line_list *lines);

/* Sets the traces of all lines (trace.c); line_split does. */
void lines_trace(const struct body *body, struct line_list *lines);

/* The line that holds the clean offset `at`, or the last one before it. */
size_t line_at(const struct line_list *lines, size_t at);

static inline struct span line_text(const struct body *body, const struct line *line)
{
    return (struct span){body->text.at + line->start, line->end - line->start};
}

static inline struct span line_value(const struct body *body, const struct line *line)
{
    return (struct span){body->text.at + line->value, line->end > line->value ? line->end - line->value : 0};
}

/* "Sagsnr.: Sagen afgøres i: Bilag: 13/22 Handicaprådet": are the lines above `line` labels without values, that of the
 * case among them? Then the values of all of them stand behind the last one. */
static inline bool line_ends_labels(const struct line *first, const struct line *line)
{
    if (line->gap != GAP_COLON || line->value >= line->end)
        return false;
    for (int back = 1; back <= 3 && line - first >= back && line[-back].label && line[-back].gap <= GAP_COLON &&
                       line[-back].value >= line[-back].end;
         back++)
        if (line[-back].label == LABEL_CASE)
            return true;
    return false;
}

static inline bool line_is_section(const struct line *line)
{
    return line->label >= LABEL_SECTION;
}

static inline enum section_kind line_section(const struct line *line)
{
    return (enum section_kind)(line->label - LABEL_SECTION);
}

#endif
