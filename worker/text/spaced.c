/* spaced: typewriter registers read by machine, where a wide type came out as "K a r e n H o l me" and "2 0 0.0 0 0".
 *
 * A run is four or more characters that stand alone between single spaces. Numbers take part only in a text that has
 * spaced words as well: elsewhere "1 2 3" is a list. */
#include "body.h"

#include "utf8.h"

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_joint(char c)
{
    return c == '.' || c == ',' || c == '/' || c == ':' || c == '-';
}

/* The size of one token of a run: a character, or single characters joined by points ("9.0"); 0 if longer. */
static size_t lone_token(const char *at, const char *end, bool *digit)
{
    size_t size = 0;
    for (int part = 0; part < 6; part++) {
        uint32_t c = 0;
        if (at + size >= end)
            return size;
        if (part == 0 && is_joint(at[size]) && at + size + 1 < end && is_digit((uint32_t)at[size + 1]))
            size++; /* "/5 4 9" */
        size_t step = utf8_decode(at + size, end, &c);
        if (!is_letter(c) && !is_digit(c))
            return part ? size : 0;
        *digit = *digit || is_digit(c);
        size += step;
        if (at + size >= end || *(at + size) == ' ' || *(at + size) == '\n' || *(at + size) == '\r')
            return size;
        if (!is_joint(at[size]))
            return 0;
        if (at + size + 1 >= end || at[size + 1] == ' ' || at[size + 1] == '\n' || at[size + 1] == '\r')
            return size; /* a closing point is left outside */
        size++;
    }
    return 0;
}

/* A spaced word may end in a short rest that the machine read together: "H o l me". */
static size_t short_rest(const char *at, const char *end)
{
    size_t size = 0, letters = 0;
    while (at + size < end && letters < 4) {
        uint32_t c = 0;
        size_t step = utf8_decode(at + size, end, &c);
        if (!is_letter(c) || (c >= 'A' && c <= 'Z'))
            break;
        size += step;
        letters++;
    }
    bool ends = at + size >= end || at[size] == ' ' || at[size] == '\n' || at[size] == '\r' || at[size] == ',' ||
                at[size] == '.' || at[size] == ')' || at[size] == ':';
    return ends && letters >= 2 && letters <= 3 ? size : 0;
}

static bool lone_letters(const char *at, size_t count, const char *end)
{
    bool digit = false;
    for (size_t i = 0; i < count; i++) {
        size_t size = lone_token(at, end, &digit);
        if (!size || digit || at + size >= end || at[size] != ' ')
            return false;
        at += size + 1;
    }
    return true;
}

size_t spaced_run(const char *at, const char *end, bool digits)
{
    size_t used = 0, tokens = 0, letters = 0;
    for (;;) {
        bool digit = false;
        size_t size = lone_token(at + used, end, &digit);
        if (!size || (digit && !digits))
            break;
        tokens++;
        letters += !digit;
        used += size;
        if (at + used >= end || at[used] != ' ' || tokens > 4096)
            break;
        used++;
    }
    if (used && at[used - 1] == ' ') {
        size_t rest = letters >= 2 && tokens >= 3 ? short_rest(at + used, end) : 0;
        used = rest ? used + rest : used - 1;
        tokens += rest > 0;
    }
    bool number = letters == 0 && tokens >= 3;
    return tokens >= 4 || number ? used : 0;
}

void spaced_copy(struct pen *pen, const char *base, size_t raw, size_t size)
{
    const char *end = base + raw + size;
    bool small = false;
    for (size_t at = raw; at < raw + size;) {
        uint32_t c = 0;
        size_t step = utf8_decode(base + at, end, &c);
        if (c == ' ') {
            uint32_t next = 0;
            utf8_decode(base + at + 1, end, &next);
            bool capital = (next >= 'A' && next <= 'Z') || (next >= 0xC0 && next <= 0xDE);
            bool word = small && capital;
            pen_replace(pen, at, 1, word ? SPAN(" ") : SPAN(""));
            small = small && !word;
        } else {
            pen_copy(pen, at, step);
            small = (c >= 'a' && c <= 'z') || c >= 0xDF;
        }
        at += step;
    }
}

bool spaced_text(struct span raw)
{
    const char *end = raw.at + raw.size;
    for (const char *at = raw.at; (at = memchr(at, ' ', (size_t)(end - at))) != NULL && ++at + 8 < end;)
        if ((at[1] == ' ' || (at[2] == ' ' && (unsigned char)at[0] == 0xC3)) && lone_letters(at, 4, end))
            return true;
    return false;
}
