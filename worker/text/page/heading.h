/* heading: how the heading of an agenda item is written. Pure. */
#ifndef REFERENT_HEADING_H
#define REFERENT_HEADING_H

#include "line.h"

enum heading_style {
    STYLE_NONE,
    STYLE_POINT,   /* Punkt 2: T */
    STYLE_NR,      /* Nr.60 - T */
    STYLE_ACCESS,  /* 1 (Åben) T */
    STYLE_DOT,     /* 1. T */
    STYLE_BARE,    /* 1  T */
    STYLE_STUCK,   /* 114Title */
    STYLE_COLUMN,  /* Punkt 1<tab>5 min<tab>T */
    STYLE_LISTED,  /* åbent 1 T: an entry of a table of contents */
    STYLE_ALONE,   /* Pkt. 42, and the title on the next line */
    STYLE_BELOW,   /* T, and "Sag nr. 130" on the next line */
    STYLE_PLAIN,   /* T without a number */
    STYLE_DASH,    /* 1 - T */
    STYLE_NESTED,  /* 3.1 T */
    STYLE_AD,      /* Ad 3. T */
    STYLE_BRACKET, /* (1) T */
    STYLE_YEAR,    /* 41/2020 T */
    STYLE_CELL,    /* | 41 | T | */
    STYLE_FIGURE,  /* 41., and the title on the next line */
    STYLES
};

struct heading_match {
    enum heading_style style;
    unsigned number;
    bool lettered;                   /* "6a." */
    size_t number_start, number_end; /* as printed */
    size_t title;                    /* where the title begins */
    int access;                      /* 1 open, -1 closed, 0 not said */
};

/* Most lines begin with another byte than every form does. */
static inline bool heading_may_begin(char first)
{
    /* #, (, figures, A, B, D, L, N, P, R, S, [, l, n, p and |: a bit each, and the lead of Å */
    static const uint64_t firsts[4] = {UINT64_C(0x03FF010800000000), UINT64_C(0x10015000080D5016), 0, 8};
    unsigned char byte = (unsigned char)first;
    return firsts[byte >> 6] >> (byte & 63) & 1;
}

/* How the line from `at` to `end` is written; STYLE_NONE if not like a numbered heading. */
struct heading_match heading_at(const char *at, const char *end);

#endif
