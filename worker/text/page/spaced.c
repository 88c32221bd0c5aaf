/* spaced: typewriter registers read by machine, where a wide type came out as "K a r e n H o l me" and "2 0 0.0 0 0".
 *
 * A run is four or more characters that stand alone between single spaces. Numbers take part only in a text that has
 * spaced words as well: elsewhere "1 2 3" is a list. */
#include "pen.h"

#include "utf8.h"

#include <stddef.h>
#include <string.h>

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7);
}

static bool is_figure(uint32_t c)
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
        if (part == 0 && is_joint(at[size]) && at + size + 1 < end && is_figure((uint32_t)at[size + 1]))
            size++; /* "/5 4 9" */
        size_t step = utf8_decode(at + size, end, &c);
        if (!is_letter(c) && !is_figure(c))
            return part ? size : 0;
        *digit = *digit || is_figure(c);
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

/* Words that are whole though they are short: a spaced run ends before them. */
static bool is_word(const char *at, size_t size)
{
    static const char *const words[] = {"og",  "af",  "på",  "til", "er",  "de", "den", "det", "en",
                                        "et",  "at",  "for", "fra", "kr",  "nr", "der", "som", "har",
                                        "var", "med", "men", "om",  "ved", "jf", "pr",  "kl",  "mod"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && memcmp(words[i], at, size) == 0)
            return true;
    return false;
}

/* Small letters that the machine read together inside a run: "ta", "re"; up to `most` of them. */
static size_t short_part(const char *at, const char *end, size_t most)
{
    size_t size = 0, letters = 0;
    while (at + size < end && letters < most) {
        uint32_t c = 0;
        size_t step = utf8_decode(at + size, end, &c);
        if (!is_letter(c) || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE))
            break;
        size += step;
        letters++;
    }
    bool ends = at + size >= end || strchr(" \n\r,.):;", at[size]) != NULL;
    return ends && letters >= 2 && !is_word(at, size) ? size : 0;
}

/* "1 50.000": a figure that slid away from its thousands. */
static size_t slid_number(const char *at, const char *end)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 2 && is_figure((uint32_t)(unsigned char)*cursor))
        cursor++;
    size_t head = (size_t)(cursor - at), tail = 0;
    if (!head || cursor >= end || *cursor != ' ')
        return 0;
    cursor++;
    while (cursor + tail < end && tail < 3 && is_figure((uint32_t)(unsigned char)cursor[tail]))
        tail++;
    bool thousands = head + tail == 3 && end - cursor > (ptrdiff_t)tail + 3 && cursor[tail] == '.';
    for (size_t i = 1; thousands && i <= 3; i++)
        thousands = is_figure((uint32_t)(unsigned char)cursor[tail + i]);
    return thousands ? head + 1 + tail + 4 : 0;
}

/* Figures that stand apart up to the last ones: "7 4 50", "3 8.1 1 2,50", "6 1,00", "1 2." before the name of a month.
 * All parts but the last hold single figures between their points. */
static size_t apart_number(const char *at, const char *end)
{
    const char *cursor = at;
    size_t parts = 0, last = 0;
    bool decimal = false;
    for (bool lone = true; lone;) {
        size_t group = 0, longest = 0;
        const char *part = cursor;
        decimal = false;
        while (cursor < end && (is_figure((uint32_t)(unsigned char)*cursor) ||
                                ((*cursor == '.' || *cursor == ',') && cursor > part && cursor + 1 < end &&
                                 is_figure((uint32_t)(unsigned char)cursor[1])))) {
            bool joint = is_joint(*cursor);
            decimal = decimal || *cursor == ',';
            group = joint ? 0 : group + 1;
            longest = group > longest ? group : longest;
            cursor++;
        }
        if (cursor == part)
            return 0;
        parts++;
        lone = longest == 1;
        last = longest;
        bool more = lone && cursor + 1 < end && *cursor == ' ' && is_figure((uint32_t)(unsigned char)cursor[1]);
        if (!more)
            break;
        cursor++;
    }
    bool day = parts == 2 && last == 1 && end - cursor > 2 && *cursor == '.' && cursor[1] == ' ' && cursor[2] >= 'a';
    bool ends = cursor >= end || strchr(" \n\r,.);:-", *cursor) != NULL;
    bool sum = parts >= 3 || (parts == 2 && decimal && last == 2);
    return ends && last <= 3 && (sum || day) ? (size_t)(cursor - at) : 0;
}

static bool is_capital(const char *at, const char *end)
{
    return at < end &&
           ((*at >= 'A' && *at <= 'Z') || ((unsigned char)*at == 0xC3 && at + 1 < end && (unsigned char)at[1] <= 0x9E));
}

/* "J y tte F a ...", "P re b e n": letters read together as early as this, before others that stand alone. */
static bool opens_name(const char *at, size_t used, const char *end)
{
    size_t size = is_capital(at, end) ? short_part(at + used, end, 3) : 0;
    bool digit = false;
    return size && end - at > (ptrdiff_t)(used + size + 3) && at[used + size] == ' ' &&
           lone_token(at + used + size + 1, end, &digit) && !digit;
}

/* A letter of Danish words at `at`. */
static bool is_word_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

bool slid_capital(struct pen *pen, const char *at)
{
    enum { LEAST = 3, MOST = 40, LOOKS = 400, WINDOW = 1 << 16 }; /* so often, in so many bytes of the text, it looks */
    struct span raw = pen->body->raw;
    const char *end = raw.at + raw.size, *tail = at + 2, *stop = tail;
    if (end - at < LEAST + 2 || *at < 'A' || *at > 'Z' || *at == 'I' || at[1] != ' ' || *tail < 'a' || *tail > 'z')
        return false;
    while (stop < end && stop - tail < MOST && is_word_byte((unsigned char)*stop))
        stop++;
    size_t size = (size_t)(stop - tail);
    if (size < LEAST || size == MOST || pen->looks >= LOOKS)
        return false;
    pen->looks++;
    end = raw.size > WINDOW ? raw.at + WINDOW : end;
    for (const char *found = raw.at; (found = memchr(found, *at, (size_t)(end - found))) != NULL; found++)
        if ((size_t)(end - found) > size && memcmp(found + 1, tail, size) == 0 &&
            (found == raw.at || !is_word_byte((unsigned char)found[-1])) &&
            (found + 1 + size == end || !is_word_byte((unsigned char)found[1 + size])))
            return true;
    return false;
}

size_t spaced_run(const char *at, const char *end, bool digits)
{
    size_t used = 0, tokens = 0, letters = 0, word = 0; /* letters of the word so far */
    size_t slid = digits ? slid_number(at, end) : 0, figures = digits && !slid ? apart_number(at, end) : 0;
    if (slid)
        return slid;
    for (;;) {
        bool digit = false;
        size_t size = lone_token(at + used, end, &digit);
        bool day = !tokens && size >= 3 && at[1] == '/'; /* "6/5 1 9 9 8": the year is a run of its own */
        if ((size && digit && !digits) || day)
            size = 0;
        bool capital = size && is_capital(at + used, end);
        if (!size && (letters >= 3 || (letters && opens_name(at, used, end))))
            size = short_part(at + used, end, word == 1 ? 12 : word == 2 ? 6 : 3);
        if (!size && tokens > 4 && end - at > (ptrdiff_t)used + 2 && at[used] == '/' && at[used + 1] == ' ' &&
            is_figure((uint32_t)(unsigned char)at[used + 2]))
            size = 1, digit = true; /* "G 0 1 / 1 8" */
        bool joined = false;        /* "K r a r u p - R i n g e" */
        if (!size && letters >= 3 && end - at > (ptrdiff_t)used + 3 && at[used] == '-' && at[used + 1] == ' ' &&
            at[used + 2] >= 'A' && at[used + 2] <= 'Z')
            size = lone_token(at + used + 2, end, &joined) && !joined ? 1 : 0;
        if (!size)
            break;
        tokens++;
        letters += !digit;
        word = capital ? 1 : word + 1;
        used += size;
        if (at + used >= end || at[used] != ' ' || tokens > 4096)
            break;
        used++;
        /* two spaces part the words of such a run */
        bool apart = letters >= 2 && at + used < end && at[used] == ' ';
        bool other = false;
        if (apart && lone_token(at + used + 1, end, &other) && !other) {
            used++;
            word = 0;
        } else if (apart && end - at > (ptrdiff_t)used + 4 && at[used + 1] == ' ' &&
                   lone_token(at + used + 2, end, &other) && !other) { /* or three, where the line was widened */
            used += 2;
            word = 0;
        }
    }
    while (used && at[used - 1] == ' ')
        used--;
    /* "... B a l l e i brev": the preposition is no part of the run */
    if (used > 2 && at[used - 1] == 'i' && at[used - 2] == ' ' && end - at > (ptrdiff_t)used + 2 && at[used] == ' ' &&
        is_letter((uint32_t)(unsigned char)at[used + 1]) && !(used > 6 && at[used - 5] == 'u')) { /* but "j u l i" */
        used -= 2;
        tokens--;
        letters -= letters > 0;
    }
    bool number = letters == 0 && tokens >= 3;
    bool mixed = digits && tokens - letters >= 4; /* a number with letters in it */
    bool brief = tokens == 3 && letters == 3 && is_capital(at, end) && !is_capital(at + used - 1, end) && word == 3 &&
                 at + used < end && at[used] == ' ' && is_capital(at + used + 1, end); /* "O l e Krag" */
    size_t run = (tokens >= 4 && (letters >= 3 || mixed)) || number || brief ? used : 0;
    return run > figures ? run : figures;
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
            bool wide = next == ' ';
            bool word = (small && capital) || wide;
            step += wide;
            step += wide && base[at + 2] == ' ' && at + 3 < raw + size;
            pen_replace(pen, at, step, word ? SPAN(" ") : SPAN(""));
            small = small && !word;
        } else {
            pen_copy(pen, at, step);
            small = (c >= 'a' && c <= 'z') || c >= 0xDF;
        }
        at += step;
    }
}

/* A character of one or two bytes between spaces stands behind the space at `at`; at least three bytes are left. */
static bool lone_behind(const char *at)
{
    return at[0] == ' ' && (at[2] == ' ' || (at[3] == ' ' && (unsigned char)at[1] == 0xC3));
}

/* Behind that character and its space another one may stand alone: a quick look, eight bytes are left. */
static bool may_go_on(const char *at)
{
    const char *next = at + (at[2] == ' ' ? 3 : 4), *behind = next + ((unsigned char)*next == 0xC3 ? 2 : 1);
    return *behind == ' ' || *behind == '\n' || *behind == '\r' || is_joint(*behind);
}

bool spaced_text(struct span raw)
{
    const char *at = raw.at, *end = raw.at + raw.size;
#ifdef __SSE2__
    enum { LOOK = 64, BEHIND = 4, STEP = LOOK - BEHIND }; /* as many bits, so that those behind a space are there */
    for (; end - at > LOOK + 16; at += STEP) {
        uint64_t spaces = bytes_same64(at, ' '), leads = bytes_same64(at, (char)0xC3);
        uint64_t lone = spaces & (spaces >> 2 | (spaces >> 3 & leads >> 1)) & (UINT64_MAX >> BEHIND);
        for (; lone; lone &= lone - 1) {
            const char *place = at + __builtin_ctzll(lone);
            if (may_go_on(place) && lone_letters(place + 1, 4, end))
                return true;
        }
    }
#endif
    for (; end - at > 9; at++)
        if (lone_behind(at) && may_go_on(at) && lone_letters(at + 1, 4, end))
            return true;
    return false;
}
