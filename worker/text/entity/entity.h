/* entity: the scanners of the entity families, and the pass that runs them over a text.
 *
 * Every scanner looks at one place: what begins at `at` and ends before `end`? It never looks further back; the
 * caller has made sure that a word or number begins there. The text must have a NUL behind `end`, for organisations
 * BODY_PAD of them (bytes.h). A size of 0 means no match. Which rule matched is told by name, as "family.rule". Pure.
 */
#ifndef REFERENT_ENTITY_H
#define REFERENT_ENTITY_H

#include "line.h"

struct amount_match {
    size_t size;
    int64_t low_ore, high_ore;
    const char *currency; /* "DKK", "EUR" */
    const char *rule;
};
struct amount_match amount_at(const char *at, const char *end);
/* "halvanden million kroner": the sum in words whose currency stands from `at` to `stop`, if there is one; it begins at
 * *start, behind `base`. The one scanner that looks back: few words that may open a sum in words do. */
struct amount_match amount_words_before(const char *base, const char *at, const char *stop, const char **start);

/* A number as a cell of a table has it ("-1.500", "÷ 250", "10,7"), in ten-thousandths; size 0 if it is none. */
struct cell_match {
    size_t size;
    int64_t parts;
};
struct cell_match cell_at(const char *at, const char *end);

struct date_match {
    size_t size;
    struct day day;
    const char *rule;
    bool bare;  /* day and month as "1/9" alone: a date only if the words around say so */
    bool brief; /* "5.2.79", which may be a version or a paragraph: a date only behind a word that leads one */
};
struct date_match date_at(const char *at, const char *end);

/* The shapes of numbers that cases and documents have. */
enum number_shape {
    NUMBER_NONE,
    NUMBER_KLE,          /* 00.22.04 or 27.36.08.Ø54: a subject */
    NUMBER_KLE_BARE,     /* 07.01.01 without facet: could be a date or an account */
    NUMBER_KLE_CASE,     /* 00.22.00-A00-8-17 */
    NUMBER_KLE_PART,     /* 00.22.00-A00-8-17-4 */
    NUMBER_AUTHORITY,    /* 306-2009-600 */
    NUMBER_YEAR_LONG,    /* 2017-0229357 */
    NUMBER_YEAR_PART,    /* 2017-0229357-3 */
    NUMBER_SLASH,        /* 19/11679 */
    NUMBER_SLASH_PART,   /* 14/47755-9 */
    NUMBER_LETTERS,      /* EMN-2019-01234 */
    NUMBER_LETTERS_PART, /* EMN-2018-04417-31 */
    NUMBER_REGION,       /* 1-51-71-3321-08 */
    NUMBER_LONG_SLASH,   /* 012497 - 2017/12299 */
    NUMBER_YEAR_SLASH,   /* 2017/12299 */
    NUMBER_DASH_YEAR,    /* 22711-19 */
    NUMBER_YEAR_DASH,    /* 19-31022: only by its label */
    NUMBER_PLAIN         /* 15017402 */
};
struct number_match {
    size_t size;
    enum number_shape shape;
};
struct number_match case_number_at(const char *at, const char *end);

/* A reference to an act at the word or sign at `at`. `lead` bytes at its front are no part of it. */
struct law_match {
    size_t lead, size;
    const char *rule;
};
struct law_match law_at(const char *at, const char *end);

/* A named organisation whose name begins at `at`. */
struct org_match {
    size_t size;
    const char *rule;
};
struct org_match org_at(const char *at, const char *end);
/* The same for who knows where the word ends and of which classes it is (word_class.h). */
struct org_match org_at_word(const char *at, const char *word_stop, unsigned classes, const char *end);
/* May the word from `at` to `stop`, behind which no other word of a name follows, begin one? A quick look; `classes`
 * are the word's (word_class.h). */
bool org_may_begin(const char *at, const char *stop, unsigned classes);
/* The same for a word behind which another one may follow. */
bool org_may_follow(const char *at, const char *stop, unsigned classes);

/* Two to five capitalised words that may be a person's full name. */
enum { NAME_WORDS = 6 };
struct name_match {
    size_t size, words;
    struct {
        size_t start, end;
    } word[NAME_WORDS];
};
struct name_match name_at(const char *at, const char *end);

#endif
