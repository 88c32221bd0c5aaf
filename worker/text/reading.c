/* reading: small tools on text that several stages use. Pure. */
#include "reading.h"

#include "utf8.h"

#include <string.h>

/* A byte of a letter or digit; every byte of a letter beyond ASCII counts. */
static bool word_byte(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Capital Æ, Ø, Å and their kin are C3 80..9E, the small ones 32 further. */
static bool same_byte(const char *at, const char *base, char wanted)
{
    if (small(*at) == small(wanted))
        return true;
    bool inner = at > base && (unsigned char)at[-1] == 0xC3;
    unsigned char c = (unsigned char)*at, w = (unsigned char)wanted;
    return inner && c >= 0x80 && c <= 0x9E && w == c + 0x20;
}

static bool same_text(const char *at, const char *base, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!same_byte(at + i, base, word[i]))
            return false;
    return true;
}

/* The first byte tells most places apart: it is compared without regard to case before anything else is looked at. */
static bool find(struct span text, const char *word, bool whole)
{
    size_t size = strlen(word);
    if (text.size < size)
        return false;
    const char *last = text.at + text.size - size;
    bool letter = (*word | 0x20) >= 'a' && (*word | 0x20) <= 'z';
    char fold = letter ? 0x20 : 0, first = (char)(*word | fold);
    for (const char *at = text.at; at <= last; at++) {
        if ((char)(*at | fold) != first || !same_text(at, text.at, word, size))
            continue;
        bool before = at == text.at || !word_byte(at[-1]);
        bool behind = at == last || !word_byte(at[size]);
        if (!whole || (before && behind))
            return true;
    }
    return false;
}

bool text_has(struct span text, const char *word)
{
    return find(text, word, true);
}

bool text_holds(struct span text, const char *part)
{
    return find(text, part, false);
}

struct span text_trim(struct span text, const char *signs)
{
    while (text.size && (strchr(" \t\n", *text.at) || strchr(signs, *text.at)) && *text.at) {
        text.at++;
        text.size--;
    }
    while (text.size && (strchr(" \t\n", text.at[text.size - 1]) || strchr(signs, text.at[text.size - 1])) &&
           text.at[text.size - 1])
        text.size--;
    return text;
}

/* The next letter or digit of a text, small; 0 at its end. */
static uint32_t next_sign(struct span text, size_t *at)
{
    while (*at < text.size) {
        uint32_t c = 0;
        *at += utf8_decode(text.at + *at, text.at + text.size, &c);
        if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE))
            c += 32;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0xDF)
            return c;
    }
    return 0;
}

bool text_alike(struct span a, struct span b)
{
    size_t i = 0, j = 0;
    for (;;) {
        uint32_t left = next_sign(a, &i), right = next_sign(b, &j);
        if (left != right)
            return false;
        if (!left)
            return true;
    }
}

uint64_t text_hash(struct span text)
{
    uint64_t hash = 1469598103934665603u; /* FNV-1a */
    size_t at = 0;
    for (uint32_t c; (c = next_sign(text, &at)) != 0;)
        hash = (hash ^ c) * 1099511628211u;
    return hash;
}

static struct text copy_without(struct arena *arena, struct span text, bool keep_one)
{
    char *out = arena_alloc(arena, text.size + 1);
    size_t used = 0;
    if (!out)
        return (struct text){0};
    for (size_t i = 0; i < text.size; i++) {
        bool white = strchr(" \t\n\r", text.at[i]) && text.at[i];
        if (!white)
            out[used++] = text.at[i];
        else if (keep_one && used && out[used - 1] != ' ')
            out[used++] = ' ';
    }
    while (used && out[used - 1] == ' ')
        used--;
    out[used] = 0;
    return (struct text){out, used};
}

struct text text_fold(struct arena *arena, struct span text)
{
    return copy_without(arena, text, true);
}

struct text text_squeeze(struct arena *arena, struct span text)
{
    return copy_without(arena, text, false);
}

struct span word_before(const struct body *body, size_t at)
{
    const char *base = body->text.at;
    size_t end = at;
    while (end > 0 && at - end < 40 && strchr(" \t\n.:(", base[end - 1]) && base[end - 1])
        end--;
    size_t start = end;
    while (start > 0 && end - start < 40 &&
           (word_byte(base[start - 1]) || base[start - 1] == '.' || base[start - 1] == '-'))
        start--;
    while (start < end && (base[start] & 0xC0) == 0x80)
        start++;
    return (struct span){base + start, end - start};
}
