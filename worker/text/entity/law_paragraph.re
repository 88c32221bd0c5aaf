/* law_paragraph: what points into an act: paragraphs with all that is below them, chapters, bare numbers.
 *
 * Source: Justitsministeriets vejledning. Pure. */
#include "law.h"

#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    digit = [0-9];
    gap = " "{1,3} | " "* "\n" " "*;
    gap0 = gap?;
    // One paragraph with all that is below it: 17, stk. 4, nr. 1, litra a, 2. pkt. The letter i is a preposition.
    suffix = gap0 [a-hj-zA-E];
    below = ","? gap "stk" "."? gap0 digit{1,2} (("-" | "–" | gap "og" gap | ", ") digit{1,2})?
        | ","? gap "nr" "."? gap0 digit{1,3} (("-" | "–" | gap "og" gap) digit{1,3})?
        | ","? gap "litra" gap [a-z] | ","? gap digit{1,2} ". pkt" "."? | ","? gap "pkt" "."? gap0 digit{1,2};
    one = digit{1,4} below*;
    mark = "§" gap0;
    marks = "§§" gap0 | "§ §" gap0 | "paragraf" gap;
*/

size_t law_paragraphs(const char *at)
{
    const unsigned char *start = (const unsigned char *)at, *cursor = start, *marker = cursor;
    const unsigned char *taken = NULL;
    bool many = false;
    (void)marker;
head:
    /*!re2c
    marks one { many = true; goto number; }
    mark one { goto number; }
    * { return taken ? (size_t)(taken - start) : 0; }
    */
number:
    taken = cursor;
    /* "§ 3 a": a letter of its own, then what is below it */
    /*!re2c
    suffix below* { goto letter; }
    * { cursor = taken; goto more; }
    */
letter : {
    const unsigned char *behind = taken;
    while (*behind == ' ' || *behind == '\n')
        behind++;
    unsigned char next = behind[1];
    bool word = ((next | 0x20) >= 'a' && (next | 0x20) <= 'z') || next == 0xC3;
    bool time = next == '.' && ((behind[2] | 0x20) >= 'a' && (behind[2] | 0x20) <= 'z');
    /* "§ 16 A, stk. 2": a capital of an act, but "§ 17 A og V" goes on with parties */
    bool capital = *behind <= 'Z' && !strchr(".;)", next) && memcmp(behind + 1, ", stk", 5) != 0 &&
                   memcmp(behind + 1, " stk", 4) != 0;
    if (word || time || capital)
        cursor = taken;
    taken = cursor;
}
more:
    marker = cursor;
    /*!re2c
    (","? gap "og" gap | ","? gap "samt" gap | ", " gap0 | gap "jf" "."? gap
        | ", jf" "."? gap) "§" { cursor -= 2; goto again; }
    (","? gap "og" gap | ", " | "-" | "–" | " - ") digit{1,4} below* { goto listed; }
    * { return (size_t)(taken - start); }
    */
again:
    many = false;
    goto head;
listed:
    if (!many)
        return (size_t)(taken - start);
    goto number;
}

/* The size of what is below the paragraph that ends at `at` (", stk. 2, nr. 1"), or 0. */
static size_t below_size(const char *at)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    /*!re2c
    below+ { return (size_t)((const char *)cursor - at); }
    * { return 0; }
    */
}

/* "styrelseslovens 17, stk. 4": transcripts lose the sign. The size of the bare number at `at`, or 0. */
static size_t bare_paragraph(const char *at)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    /*!re2c
    digit{1,3} below* { goto number; }
    * { return 0; }
    */
number:
    if (*cursor == ' ' && cursor[1] >= 'a' && cursor[1] <= 'z' && cursor[1] != 'i' && !law_letter((const char *)cursor + 2))
        cursor += 2; /* "planlovens 11 g" */
    if (*cursor == ',') /* "retssikkerhedslovens 37 a, stk. 2" */
        cursor += below_size((const char *)cursor);
    return *cursor == ' ' || *cursor == ',' || *cursor == '.' || *cursor == ')' || *cursor == '\n'
               ? (size_t)((const char *)cursor - at)
               : 0;
}

size_t law_bare_paragraphs(const char *at)
{
    size_t size = bare_paragraph(at);
    if (!size || strncmp(at + size, " og ", 4) != 0)
        return size;
    size_t more = bare_paragraph(at + size + 4);
    return more && strchr(".,)\n", at[size + 4 + more]) ? size + 4 + more : size;
}

size_t law_bare_behind_title(const char *at)
{
    size_t size = *at == ' ' && at[1] >= '1' && at[1] <= '9' ? law_bare_paragraphs(at + 1) : 0;
    return size && (strchr(".,)\n", at[1 + size]) || memchr(at, ',', size)) ? 1 + size : 0;
}

size_t law_chapter(const char *at)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    (void)marker;
    /*!re2c
    gap ('artikel' | 'art.' | 'kapitel' | 'kap.' | 'bilag' | 'afsnit') gap (digit{1,3} [a-h]? below* | [IVX]{1,5}) { goto found; }
    * { return 0; }
    */
found:
    return law_letter((const char *)cursor) ? 0 : (size_t)((const char *)cursor - at);
}
