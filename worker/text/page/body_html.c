/* body_html: a page of HTML as lines of text. Tags go, blocks become lines, cells become tabs, entities characters.
 *
 * Not a parser of HTML: minutes need the words in order and where a line, a cell or a heading begins. Anything between
 * `<` and the next `>` is a tag; script and style go with what they hold. */
#include "pen.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

struct tag {
    struct span name; /* as written */
    bool closing;
    size_t size;
};

static bool tag_read(const char *at, const char *end, struct tag *tag)
{
    const char *cursor = at + 1;
    tag->closing = cursor < end && *cursor == '/';
    cursor += tag->closing;
    const char *name = cursor;
    while (cursor < end && cursor - name < 16 &&
           ((*cursor >= 'a' && *cursor <= 'z') || (*cursor >= 'A' && *cursor <= 'Z') ||
            (*cursor >= '0' && *cursor <= '9')))
        cursor++;
    tag->name = (struct span){name, (size_t)(cursor - name)};
    bool comment = end - at >= 4 && memcmp(at, "<!--", 4) == 0;
    if (!tag->name.size && !comment && !(at + 1 < end && (at[1] == '!' || at[1] == '?')))
        return false;
    if (comment) { /* one that never ends takes the rest */
        const char *stop = at + 4;
        while (stop + 3 <= end && memcmp(stop, "-->", 3) != 0)
            stop++;
        tag->size = stop + 3 <= end ? (size_t)(stop + 3 - at) : (size_t)(end - at);
        return true;
    }
    /* A tag ends before the next one begins: a lone `<` must not make the rest of the page vanish. */
    const char *stop = cursor;
    while (stop < end && *stop != '>' && *stop != '<')
        stop++;
    if (stop >= end || *stop != '>')
        return false;
    tag->size = (size_t)(stop + 1 - at);
    return true;
}

static bool tag_is(const struct tag *tag, const char *name)
{
    size_t size = strlen(name);
    if (tag->name.size != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((tag->name.at[i] | 0x20) != name[i] && tag->name.at[i] != name[i])
            return false;
    return true;
}

static bool tag_in(const struct tag *tag, const char *const *names)
{
    for (; *names; names++)
        if (tag_is(tag, *names))
            return true;
    return false;
}

static void line_break(struct pen *pen, size_t raw, size_t size)
{
    pen_replace(pen, raw, size, SPAN("\n"));
    pen->body->line_count++;
}

/* The end of the `</script>` that closes what begins at `at`. */
static size_t skip_to_close(struct span raw, size_t at, const char *name)
{
    while (at < raw.size) {
        const char *next = memchr(raw.at + at, '<', raw.size - at);
        struct tag tag;
        if (!next)
            return raw.size;
        at = (size_t)(next - raw.at);
        if (raw.size - at > 2 && next[1] == '/' && tag_read(next, raw.at + raw.size, &tag) && tag_is(&tag, name))
            return at + tag.size;
        at++;
    }
    return raw.size;
}

/* A picture's text instead of it, as readers hear it: `alt="Stevns Kommune"` on a line of its own. A word that is none
 * of a name ("logo") is left out. Gives the offset behind the tag. */
static size_t html_image(struct pen *pen, struct span raw, size_t at, const struct tag *tag)
{
    struct span text = {raw.at + at, tag->size};
    size_t from = 4, size = 0;
    while (from + 5 < text.size && memcmp(text.at + from, " alt=\"", 6) != 0)
        from++;
    from += 6;
    while (from + size < text.size && text.at[from + size] != '"')
        size++;
    bool named = from + size < text.size && size > 5 && memchr(text.at + from, ' ', size) && text.at[from] >= 'A' &&
                 text.at[from] <= 'Z' && !memchr(text.at + from, '&', size) && !memchr(text.at + from, '\n', size);
    if (!named) {
        pen_replace(pen, at, tag->size, SPAN(""));
        return at + tag->size;
    }
    line_break(pen, at, from);
    pen_copy(pen, at + from, size);
    line_break(pen, at + from + size, tag->size - from - size);
    return at + tag->size;
}

/* One tag; gives the offset behind it. */
static size_t html_tag(struct pen *pen, struct span raw, size_t at, const struct tag *tag)
{
    static const char *const blocks[] = {
        "p",   "div",  "br",    "tr",    "li",    "ul",   "ol",       "table",  "section", "header", "footer",
        "dt",  "dd",   "hr",    "dl",    "h1",    "h2",   "h3",       "h4",     "h5",      "h6",     "article",
        "nav", "main", "thead", "tbody", "title", "body", "fieldset", "legend", "button",  "form",   NULL};
    static const char *const cells[] = {"td", "th", NULL};
    if (!tag->closing && (tag_is(tag, "script") || tag_is(tag, "style"))) {
        size_t next = skip_to_close(raw, at + tag->size, tag_is(tag, "script") ? "script" : "style");
        pen_replace(pen, at, next - at, SPAN(""));
        return next;
    }
    if (tag_is(tag, "img"))
        return html_image(pen, raw, at, tag);
    bool heading =
        tag->name.size == 2 && (tag->name.at[0] | 0x20) == 'h' && tag->name.at[1] >= '1' && tag->name.at[1] <= '6';
    if (tag_in(tag, cells))
        pen_replace(pen, at, tag->size, tag->closing ? SPAN("\t") : SPAN(""));
    else if (tag_in(tag, blocks))
        line_break(pen, at, tag->size);
    else
        pen_replace(pen, at, tag->size, SPAN(""));
    if (heading && !tag->closing)
        pen_mark(pen, (uint8_t)(tag->name.at[1] - '0'));
    return at + tag->size;
}

static const struct {
    const char *name, *text;
} entities[] = {
    {"amp;", "&"},   {"lt;", "<"},     {"gt;", ">"},     {"quot;", "\""}, {"apos;", "'"},   {"nbsp;", " "},
    {"shy;", ""},    {"aelig;", "æ"},  {"oslash;", "ø"}, {"aring;", "å"}, {"AElig;", "Æ"},  {"Oslash;", "Ø"},
    {"Aring;", "Å"}, {"eacute;", "é"}, {"Eacute;", "É"}, {"auml;", "ä"},  {"ouml;", "ö"},   {"uuml;", "ü"},
    {"Uuml;", "Ü"},  {"Ouml;", "Ö"},   {"Auml;", "Ä"},   {"sect;", "§"},  {"frac12;", "½"}, {"ndash;", "–"},
    {"mdash;", "—"}, {"laquo;", "«"},  {"raquo;", "»"},  {"bull;", "•"},  {"middot;", "·"}, {"sup2;", "²"},
    {"rsquo;", "’"}, {"lsquo;", "‘"},  {"ldquo;", "“"},  {"rdquo;", "”"}, {"hellip;", "…"}, {"divide;", "÷"},
};

/* The entity at `at` (`&aelig;`, `&#230;`, `&#xE6;`): its size and its text (at most 4 bytes), or 0. */
static size_t html_entity(const char *at, const char *end, char text[8], size_t *text_size)
{
    size_t left = (size_t)(end - at);
    if (left > 3 && at[1] == '#') {
        bool hex = at[2] == 'x' || at[2] == 'X';
        uint32_t value = 0;
        size_t size = hex ? 3 : 2, digits = size;
        for (; size < left && size < 10 && at[size] != ';'; size++) {
            char c = at[size], *stop = NULL;
            char one[2] = {c, 0};
            value = value * (hex ? 16 : 10) + (uint32_t)strtoul(one, &stop, hex ? 16 : 10);
            if (!*one || *stop)
                return 0;
        }
        if (size >= left || at[size] != ';' || size == digits)
            return 0;
        bool space = value == 0xA0 || value < 0x20;
        *text_size = value == 0xAD ? 0 : space ? 1 : utf8_encode(value, text);
        if (space)
            text[0] = ' ';
        return size + 1;
    }
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        if (left < 2 || at[1] != *entities[i].name)
            continue;
        size_t size = strlen(entities[i].name);
        if (left > size && memcmp(at + 1, entities[i].name, size) == 0) {
            *text_size = strlen(entities[i].text);
            memcpy(text, entities[i].text, *text_size);
            return size + 1;
        }
    }
    return 0;
}

/* White space between tags is one space, or nothing at the start of a line. */
static size_t html_space(struct pen *pen, struct span raw, size_t at)
{
    size_t next = at;
    while (next < raw.size && (raw.at[next] == ' ' || raw.at[next] == '\n' || raw.at[next] == '\r' ||
                               raw.at[next] == '\t' || raw.at[next] == 0))
        next++;
    bool line_start = pen->used == 0 || pen->out[pen->used - 1] == '\n' || pen->out[pen->used - 1] == '\t';
    if (next - at == 1 && raw.at[at] == ' ' && !line_start)
        pen_copy(pen, at, 1);
    else
        pen_replace(pen, at, next - at, line_start ? SPAN("") : SPAN(" "));
    return next;
}

static size_t html_character(struct pen *pen, struct span raw, size_t at)
{
    const char *here = raw.at + at, *end = raw.at + raw.size;
    char text[8];
    size_t text_size = 0, size = *here == '&' ? html_entity(here, end, text, &text_size) : 0;
    if (size) {
        pen_replace(pen, at, size, (struct span){text, text_size});
        return at + size;
    }
    unsigned char first = (unsigned char)*here, second = end - here > 1 ? (unsigned char)here[1] : 0;
    if (first == 0xC2 && (second == 0xA0 || second == 0xAD)) {
        pen_replace(pen, at, 2, second == 0xA0 ? SPAN(" ") : SPAN(""));
        return at + 2;
    }
    size = 1;
    while (at + size < raw.size && strchr(" \n\r\t<&\xC2", raw.at[at + size]) == NULL)
        size++;
    pen_copy(pen, at, size);
    return at + size;
}

void body_html(struct pen *pen, struct span raw)
{
    pen->body->line_count++;
    for (size_t at = 0; at < raw.size && !pen->full;) {
        struct tag tag;
        char c = raw.at[at];
        if (c == '<' && tag_read(raw.at + at, raw.at + raw.size, &tag))
            at = html_tag(pen, raw, at, &tag);
        else if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0)
            at = html_space(pen, raw, at);
        else
            at = html_character(pen, raw, at);
    }
}
