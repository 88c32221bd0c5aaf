/* unfold_title: where a title ends that a transcript has run into the text behind it. Pure.
 *
 * "8. Meddelelser Borgmester N oplyste ..." shows no end of the title; the table of contents does: "Meddelelser Lukket
 * dagsorden". The longest run of words that the line shares with the contents is the title. */
#include "body.h"

#include <string.h>

enum { WINDOW = 4000, TITLES = 200, TITLE_LEAST = 6, TITLE_SURE = 10 };

/* The first place of `word` in the text, or NULL. */
static const char *find(const char *at, const char *end, const char *word, size_t size)
{
    while ((size_t)(end - at) >= size && (at = memchr(at, *word, (size_t)(end - at) - size + 1)) != NULL) {
        if (memcmp(at, word, size) == 0)
            return at;
        at++;
    }
    return NULL;
}

/* Where the table of contents begins, behind its heading; the size of the text if there is none. */
static size_t contents_start(struct span text)
{
    static const char *const heads[] = {"Indholdsfortegnelse", "INDHOLDSFORTEGNELSE", "Sagsoversigt", "Sagsliste"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const char *found = find(text.at, text.at + text.size, heads[i], strlen(heads[i]));
        if (found)
            return (size_t)(found - text.at) + strlen(heads[i]);
    }
    return text.size;
}

/* How many bytes of whole words the two texts begin with in common. */
static size_t common_words(struct span a, struct span b)
{
    size_t size = a.size < b.size ? a.size : b.size, same = 0, words = 0;
    while (same < size && a.at[same] == b.at[same] && a.at[same] != '\n') {
        words = a.at[same] == ' ' ? same : words;
        same++;
    }
    bool ends = (same == a.size || strchr(" \n", a.at[same])) && (same == b.size || strchr(" \n.", b.at[same]));
    return ends ? same : words;
}

/* The size of the title that begins at `title`, as the contents have it, or 0. */
static size_t title_size(struct span contents, struct span title)
{
    const char *space = memchr(title.at, ' ', title.size);
    size_t first = space ? (size_t)(space - title.at) : title.size, best = 0;
    for (const char *at = contents.at, *end = at + contents.size;
         first && (at = find(at, end, title.at, first)) != NULL; at += first) {
        size_t common = common_words(title, (struct span){at, (size_t)(end - at)});
        best = common > best ? common : best;
    }
    return best;
}

static void break_at(struct body *body, size_t at)
{
    ((char *)(uintptr_t)body->text.at)[at] = '\n';
    body->line_count++;
}

/* The first figure behind a space from `at` on, or `end`; a byte stands before `at`. */
static const char *next_number(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' ');
    for (; at < end; at += 16) {
        __m128i digits = bytes_between(bytes_load(at), '0', '9'), spaces = _mm_cmpeq_epi8(bytes_load(at - 1), space);
        unsigned places = (unsigned)_mm_movemask_epi8(_mm_and_si128(digits, spaces));
        if (places) {
            at += __builtin_ctz(places);
            return at < end ? at : end;
        }
    }
    return end;
#else
    while (at < end && !(at[-1] == ' ' && is_digit(*at)))
        at++;
    return at;
#endif
}

/* "... Overslag 3. Nedlæggelse af skole Sagsnr": a number amid a line with a title of the contents begins a heading. */
static void break_before_titles(struct body *body, size_t start)
{
    struct span text = {body->text.at, body->text.size};
    size_t looks = 0;
    for (size_t at = start + 1; at + 4 < text.size && looks < TITLES * 2; at++) {
        at = (size_t)(next_number(text.at + at, text.at + text.size - 4) - text.at);
        if (at + 4 >= text.size)
            break;
        size_t title = at;
        while (title < text.size && is_digit(text.at[title]) && title - at < 4)
            title++;
        bool numbered = title + 3 < text.size && text.at[title] == '.' && text.at[title + 1] == ' ';
        unsigned char first = numbered ? (unsigned char)text.at[title + 2] : 0;
        if (!numbered || !((first >= 'A' && first <= 'Z') || first == 0xC3))
            continue;
        looks++;
        struct span contents = span_cut(text, start, at < start + WINDOW ? at : start + WINDOW);
        if (title_size(contents, span_cut(text, title + 2, text.size)) >= TITLE_SURE)
            break_at(body, at - 1);
    }
}

void unfold_titles(struct body *body)
{
    struct span text = {body->text.at, body->text.size};
    size_t start = contents_start(text), titles = 0;
    break_before_titles(body, start);
    for (size_t at = start; at < text.size && titles < TITLES;) {
        const char *stop = memchr(text.at + at, '\n', text.size - at);
        size_t next = stop ? (size_t)(stop - text.at) : text.size, title = at;
        while (title < next && is_digit(text.at[title]) && title - at < 4)
            title++;
        bool numbered = title > at && title + 2 < next && text.at[title] == '.' && text.at[title + 1] == ' ';
        if (numbered) {
            titles++;
            struct span contents = span_cut(text, start, at < start + WINDOW ? at : start + WINDOW);
            size_t size = title_size(contents, span_cut(text, title + 2, next)), end = title + 2 + size;
            unsigned char behind = end + 1 < next ? (unsigned char)text.at[end + 1] : 0;
            if (size >= TITLE_LEAST && text.at[end] == ' ' && ((behind >= 'A' && behind <= 'Z') || behind == 0xC3))
                break_at(body, end);
        }
        at = next + 1;
    }
}
