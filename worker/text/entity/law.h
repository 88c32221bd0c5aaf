/* law: what the readers of acts share: the paragraphs that point into an act (law_paragraph.re), how far the title of
 * an act reaches (law_title.re), the acts themselves (entity_law.re), and a glance before them (law_glance.c).
 *
 * Shape  a text is what stands at `at`; a size of 0 means that it is nothing of the kind.
 * Unit   sizes are bytes from `at` on.
 * Owner  nothing is kept. Texts have a NUL behind them; `end` is where the reading of a name ends. Pure. */
#ifndef REFERENT_LAW_H
#define REFERENT_LAW_H

#include "entity.h"

/* A word goes on at `at`: a letter of any alphabet, a figure. */
static inline bool law_letter(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80 || (c >= '0' && c <= '9');
}

/* The word may be part of a reference to an act, told by the ends of it that are wanted (want.h): a quick look before
 * law_at. */
bool law_may_begin(const char *at, const char *stop, unsigned wants);

/* The size of the paragraphs at `at` ("§ 3, stk. 1", "§§ 3 og 24"), or 0; "§ 3 eller § 4" are two. */
size_t law_paragraphs(const char *at);
/* "kystbeskyttelseslovens 1 a og 9 a": all bare numbers, where nothing goes on behind the last of them. */
size_t law_bare_paragraphs(const char *at);
/* "lov om jernbane 8": the same behind a title, where a number may as well count what follows. */
size_t law_bare_behind_title(const char *at);
/* " artikel 6, stk. 1", " kapitel 3", " afsnit II": a part of an act that is no paragraph. The size of it with the
 * space before, or 0. */
size_t law_chapter(const char *at);

/* How far the title reaches that stands behind "lov om ", with the words of its list and its "m.v.". */
size_t law_title(const char *at, const char *end);
/* Behind a number: " om vederlag, diæter m.v." reaches to the end of the sentence's part. */
size_t law_title_of_number(const char *at, const char *end);

#endif
