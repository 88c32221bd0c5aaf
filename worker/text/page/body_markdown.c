/* body_markdown: Markdown and plain text to clean text. On a text thread, pure.
 *
 * One pass from byte to byte that needs a look. Every rule takes out or replaces; nothing is ever added, so the clean
 * text fits into as many bytes as were given. */
#include "look.h"
#include "pen.h"

#include <string.h>

static bool small_letter(const char *at, const char *end)
{
    unsigned char first = at < end ? (unsigned char)*at : 0;
    if (first >= 'a' && first <= 'z')
        return true;
    return first == 0xC3 && at + 1 < end && (unsigned char)at[1] >= 0x9F; /* U+00DF..U+00FF */
}

static bool letter_before(const char *base, const char *at)
{
    if (at == base)
        return false;
    unsigned char last = (unsigned char)at[-1];
    return (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z') || (last >= 0x80 && last < 0xC0);
}

/* "Social-\nog Sundhedsudvalget": the hyphen stands for a left-out part and stays. */
static bool joins_words(const char *at, const char *end)
{
    static const char *const words[] = {"og ", "eller ", "samt ", "til ", "at ", "og\n", "mv"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        if ((size_t)(end - at) >= size && memcmp(at, words[i], size) == 0)
            return true;
    }
    return false;
}

/* A line end in the middle of a word ("vurde-\nrer") or of a number ("15/\n10204"): how many given bytes from `at`,
 * which is the hyphen or the line end, go; 0 if the line end stays. */
static size_t broken_word(const char *base, const char *at, const char *end, bool *keep_hyphen)
{
    const char *next = at;
    bool hyphen = *next == '-';
    if (hyphen)
        next++;
    while (next < end && next - at < 8 && (*next == ' ' || *next == '\r'))
        next++;
    if (next >= end || *next != '\n')
        return 0;
    const char *line = ++next;
    while (next < end && next - line < 100 && (*next == ' ' || *next == '\t' || *next == '\f'))
        next++;
    *keep_hyphen = false;
    if (!hyphen) { /* after a slash a number goes on */
        bool number = at - base >= 2 && at[-1] == '/' && at[-2] >= '0' && at[-2] <= '9';
        return number && next < end && *next >= '0' && *next <= '9' ? (size_t)(next - at) : 0;
    }
    if (!letter_before(base, at))
        return 0;
    if (small_letter(next, end))
        return joins_words(next, end) ? 0 : (size_t)(next - at);
    *keep_hyphen = next < end && ((*next >= 'A' && *next <= 'Z') || (unsigned char)*next == 0xC3);
    return *keep_hyphen ? (size_t)(next - at) : 0; /* "Lütken-\nLunn" */
}

/* The size of a run of `*` that marks bold or slanted text; a bullet ("* Punkt") or a lonely star is none. */
static size_t star_run(const char *base, const char *at, const char *end)
{
    const char *stop = at;
    while (stop < end && *stop == '*')
        stop++;
    bool bullet = stop - at == 1 && stop < end && *stop == ' ' && (at == base || at[-1] == '\n' || at[-1] == ' ');
    return bullet ? 0 : (size_t)(stop - at);
}

/* Level of the heading that begins at the line start `at`: `## T` gives 2, a line all in `**` 7. */
static uint8_t heading_level(const char *at, const char *end, size_t *marks)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 6 && *cursor == '#')
        cursor++;
    size_t level = (size_t)(cursor - at);
    *marks = 0;
    if (level && cursor < end && *cursor == ' ') {
        while (cursor < end && *cursor == ' ')
            cursor++;
        *marks = (size_t)(cursor - at);
        return (uint8_t)level;
    }
    if (end - at < 5 || at[0] != '*' || at[1] != '*' || at[2] == '*')
        return 0;
    const char *stop = memchr(at, '\n', (size_t)(end - at > 400 ? 400 : end - at));
    if (!stop)
        stop = end - at > 400 ? at : end;
    while (stop > at && (stop[-1] == ' ' || stop[-1] == '\r'))
        stop--;
    bool bold = stop - at > 4 && stop[-1] == '*' && stop[-2] == '*' && !memchr(at + 2, '*', (size_t)(stop - at - 4));
    return bold ? BODY_BOLD : 0;
}

/* A Markdown link `[words](address)`: the words stay. Size of the `](address)` at `at`, or 0. */
static size_t link_tail(const char *at, const char *end)
{
    if (end - at < 3 || at[1] != '(')
        return 0;
    const char *stop = at + 2;
    while (stop < end && stop - at < 400 && *stop != ')' && *stop != '\n' && *stop != ' ')
        stop++;
    return stop < end && *stop == ')' ? (size_t)(stop + 1 - at) : 0;
}

/* `[` begins a link if a `](` follows on the same line. */
static bool link_head(const char *at, const char *end)
{
    for (const char *cursor = at + 1; cursor + 1 < end && cursor - at < 300 && *cursor != '\n' && *cursor != '[';
         cursor++)
        if (*cursor == ']')
            return link_tail(cursor, end) > 0;
    return false;
}

static bool punctuation(const char *at, const char *end)
{
    return at<end && * at> 0 && strchr("\\`*_{}[]()#+-.!|<>", *at) != NULL;
}

/* One byte that needs a look; gives the offset to go on from. */
static size_t body_look(struct pen *pen, size_t at)
{
    const char *base = pen->body->raw.at, *here = base + at, *end = base + pen->body->raw.size;
    size_t size = 0;
    bool flag = false;
    switch (*here) {
    case 0: pen_replace(pen, at, 1, SPAN(" ")); return at + 1;
    case '*':
        if ((size = star_run(base, here, end)) == 0)
            break;
        pen_replace(pen, at, size, SPAN(""));
        return at + size;
    case '\r': pen_replace(pen, at, 1, here + 1 < end && here[1] == '\n' ? SPAN("") : SPAN("\n")); return at + 1;
    case '\f': /* a page ends: a line end, if there is none yet */
        pen_replace(pen, at, 1, at && (here[-1] == '\n' || here[-1] == '\r') ? SPAN("") : SPAN("\n"));
        return at + 1;
    case '\\':
        if (!punctuation(here + 1, end))
            break;
        pen_replace(pen, at, 1, SPAN(""));
        pen_copy(pen, at + 1, 1);
        return at + 2;
    case '[':
        if (!link_head(here, end))
            break;
        pen_replace(pen, at, 1, SPAN(""));
        return at + 1;
    case ']':
        if ((size = link_tail(here, end)) == 0)
            break;
        pen_replace(pen, at, size, SPAN(""));
        return at + size;
    case '\n':
        if ((size = broken_word(base, here, end, &flag)) == 0)
            break;
        pen_replace(pen, at, size, SPAN(""));
        return at + size;
    default:
        if (!look_space(here, end, &size, &flag))
            break;
        pen_replace(pen, at, size, flag ? SPAN("") : SPAN(" "));
        return at + size;
    }
    pen_copy(pen, at, 1);
    return at + 1;
}

static size_t body_line_start(struct pen *pen, size_t at)
{
    const char *base = pen->body->raw.at;
    size_t marks = 0;
    pen->body->line_count++;
    uint8_t level = heading_level(base + at, base + pen->body->raw.size, &marks);
    if (level)
        pen_mark(pen, level);
    if (marks)
        pen_replace(pen, at, marks, SPAN(""));
    return at + marks;
}

/* Bytes from `at` on that stay as they are. */
static size_t plain_run(struct pen *pen, size_t at)
{
    const char *base = pen->body->raw.at, *end = base + pen->body->raw.size, *stop = base + at;
    if (pen->spaced) {
        for (; stop < end && !look_needed(stop, end); stop++)
            if (*stop == ' ' && (spaced_run(stop + 1, end, true) || slid_capital(pen, stop + 1)))
                return (size_t)(stop + 1 - base) - at;
        return (size_t)(stop - base) - at;
    }
    return (size_t)(look_next(base, stop, end, &pen->body->line_count) - base) - at;
}

void body_markdown(struct pen *pen)
{
    const char *base = pen->body->raw.at;
    size_t size = pen->body->raw.size;
    size_t at = body_line_start(pen, 0);
    while (at < size && !pen->full) {
        bool word_start = at == 0 || base[at - 1] == ' ' || base[at - 1] == '\n';
        size_t spaced = pen->spaced && word_start ? spaced_run(base + at, base + size, true) : 0;
        bool slid = pen->spaced && word_start && !spaced && slid_capital(pen, base + at);
        size_t run = spaced || slid ? 0 : plain_run(pen, at);
        bool keep = false;
        if (spaced) {
            spaced_copy(pen, base, at, spaced);
            at += spaced;
        } else if (slid) {
            pen_copy(pen, at, 1);
            pen_replace(pen, at + 1, 1, SPAN(""));
            at += 2;
        } else if (run) {
            pen_copy(pen, at, run);
            at += run;
        } else if (base[at] == '-') {
            size_t broken = broken_word(base, base + at, base + size, &keep);
            size_t kept = !broken || keep;
            pen_copy(pen, at, kept);
            if (broken)
                pen_replace(pen, at + kept, broken - kept, SPAN(""));
            at += broken ? broken : 1;
        } else {
            bool line_end =
                base[at] == '\n' || base[at] == '\f' || (base[at] == '\r' && !(at + 1 < size && base[at + 1] == '\n'));
            size_t next = body_look(pen, at);
            at = line_end && next == at + 1 ? body_line_start(pen, next) : next;
        }
    }
}
