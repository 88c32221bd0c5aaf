/* snippet: hostile text -> what a terminal may see. */
#include "snippet.h"

#include "span.h"
#include "utf8.h"

#include <stdlib.h>

static const char MARK_ON[] = "\033[1;31m", MARK_OFF[] = "\033[0m";

/* Controls of ASCII and Latin-1, and Unicode's marks of direction (Trojan Source, CVE-2021-42574). */
static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x061C ||
           (character >= 0x200E && character <= 0x200F) || (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0xFEFF;
}

static bool is_white(uint32_t character)
{
    return character == ' ' || (character >= '\t' && character <= '\r') || character == 0xA0 || character == 0x2028 ||
           character == 0x2029;
}

static void character_write(uint32_t character, FILE *out)
{
    char bytes[4];
    size_t size = utf8_encode(character, bytes);
    fwrite(bytes, 1, size, out);
}

/* One line: white space is folded to one space, and there is none at either end. */
struct line {
    FILE *out;
    bool begun, space;
};

static void line_put(struct line *line, uint32_t character)
{
    if (is_white(character)) {
        line->space = line->begun;
        return;
    }
    if (is_control(character))
        return;
    if (line->space)
        fputc(' ', line->out);
    line->begun = true;
    line->space = false;
    character_write(character, line->out);
}

struct reference {
    const char *name;
    uint32_t character;
};

/* The character reference at the beginning of `rest`, such as &amp; or &#39;. Its length, or 0: there is none. */
static size_t reference_read(struct span rest, uint32_t *character)
{
    static const struct reference named[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                                             {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", 0xA0}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (span_starts(rest, span_of(named[i].name))) {
            *character = named[i].character;
            return strlen(named[i].name);
        }
    if (!span_starts(rest, SPAN("&#")))
        return 0;
    char *end;
    bool hexadecimal = rest.size > 2 && (rest.at[2] == 'x' || rest.at[2] == 'X');
    unsigned long number = strtoul(rest.at + (hexadecimal ? 3 : 2), &end, hexadecimal ? 16 : 10);
    if (*end != ';' || end - rest.at > 10 || number > 0x10FFFF)
        return 0;
    *character = (uint32_t)number;
    return (size_t)(end - rest.at) + 1;
}

void snippet_render(const char *html, bool color, FILE *out)
{
    struct line line = {.out = out};
    struct span rest = span_of(html);
    bool marked = false;
    while (rest.size > 0) {
        uint32_t character;
        size_t length = 0;
        bool on = span_starts(rest, SPAN("<mark>")), off = span_starts(rest, SPAN("</mark>"));
        if (on || off) {
            if (on && line.space) { /* the space before a match is not coloured */
                fputc(' ', out);
                line.space = false;
            }
            if (color && on != marked)
                fputs(on ? MARK_ON : MARK_OFF, out);
            marked = on;
            length = on ? 6 : 7;
        } else {
            length = reference_read(rest, &character);
            if (length == 0)
                length = utf8_decode(rest.at, rest.at + rest.size, &character);
            line_put(&line, character);
        }
        rest = span_cut(rest, length, rest.size);
    }
    if (color && marked)
        fputs(MARK_OFF, out);
}

void text_render(const char *text, FILE *out)
{
    for (const char *at = text, *end = text + strlen(text); at < end;) {
        uint32_t character;
        at += utf8_decode(at, end, &character);
        if (!is_control(character))
            character_write(character, out);
        else if (is_white(character))
            fputc(' ', out);
    }
}

void body_render(const char *body, size_t size, FILE *out)
{
    for (const char *at = body, *end = body + size; at < end;) {
        uint32_t character;
        at += utf8_decode(at, end, &character);
        if (character == '\n' || character == '\t' || !is_control(character))
            character_write(character, out);
    }
}
