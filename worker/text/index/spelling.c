/* spelling: variants of a word and the distance between two. Pure; on search threads. */
#include "spelling.h"

#include "utf8.h"

enum { LETTERS_MAX = 64, EDITS_MAX = 3 };

static const struct {
    const char *letter, *other, *digraph; /* other: the same letter in Swedish and German */
} pairs[] = {{"å", "å", "aa"}, {"ø", "ö", "oe"}, {"æ", "ä", "ae"}, {"x", "x", "ks"}};
enum { PAIRS = 4 };

static bool list_has(const struct spelling_list *list, struct span word)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(list->words[i], word))
            return true;
    return false;
}

static bool list_add(struct arena *arena, struct spelling_list *list, size_t most, struct span word)
{
    if (list->count >= most || word.size > LETTERS_MAX || list_has(list, word)) /* no token is longer */
        return true;
    struct text copy = arena_copy(arena, word);
    list->words[list->count++] = (struct span){copy.at, copy.size};
    return copy.at != NULL;
}

/* Size of the pair's letter in any of its forms at the head of rest; 0 if it is another one. */
static size_t pair_at(struct span rest, size_t pair)
{
    const char *forms[] = {pairs[pair].letter, pairs[pair].other, pairs[pair].digraph};
    for (size_t i = 0; i < 3; i++)
        if (span_starts(rest, span_of(forms[i])))
            return strlen(forms[i]);
    return 0;
}

/* A bit for each pair that the word has, in any form: most words have none. */
static unsigned pairs_in(struct span word)
{
    unsigned found = 0;
    for (size_t at = 0; at < word.size; at++) {
        char c = word.at[at];
        if ((unsigned char)c < 0x80 && c != 'a' && c != 'o' && c != 'x' && c != 'k')
            continue;
        for (size_t pair = 0; pair < PAIRS; pair++)
            found |= (pair_at(span_cut(word, at, word.size), pair) > 0 ? 1U : 0U) << pair;
    }
    return found;
}

/* The word with each pair as a letter, or as a digraph where `digraphs` has its bit. */
static struct span respell(struct span word, unsigned digraphs, char out[static 2 * LETTERS_MAX])
{
    size_t size = 0;
    for (size_t at = 0; at < word.size && size + 4 < 2 * LETTERS_MAX;) {
        size_t pair = 0, taken = 0;
        while (pair < PAIRS && (taken = pair_at(span_cut(word, at, word.size), pair)) == 0)
            pair++;
        if (taken == 0) {
            out[size++] = word.at[at++];
            continue;
        }
        const char *form = digraphs >> pair & 1 ? pairs[pair].digraph : pairs[pair].letter;
        size_t length = strlen(form);
        memcpy(out + size, form, length);
        size += length;
        at += taken;
    }
    return (struct span){out, size};
}

bool spelling_variants(struct arena *arena, struct span word, struct spelling_list *out)
{
    char bytes[2 * LETTERS_MAX];
    out->count = 0;
    if (!list_add(arena, out, SPELLING_MAX, word))
        return false;
    if (word.size > LETTERS_MAX)
        return true;
    unsigned pairs_there = pairs_in(word);
    for (unsigned digraphs = 0; pairs_there != 0 && digraphs <= pairs_there; digraphs++)
        if ((digraphs & ~pairs_there) == 0 && !list_add(arena, out, SPELLING_MAX, respell(word, digraphs, bytes)))
            return false;
    return true;
}

/* Replacements of the byte at `at` by Danish letters, into out; behind it another one, as `depth` allows. */
static bool bare_from(struct arena *arena, struct span word, size_t at, unsigned depth, struct spelling_list *out)
{
    static const struct {
        char bare;
        const char *letters[2];
    } bares[] = {{'o', {"ø", NULL}}, {'a', {"å", "æ"}}, {'e', {"æ", NULL}}};
    char bytes[LETTERS_MAX + 2];
    for (; at < word.size && word.size < LETTERS_MAX; at++)
        for (size_t i = 0; i < sizeof bares / sizeof *bares; i++)
            for (size_t n = 0; word.at[at] == bares[i].bare && n < 2 && bares[i].letters[n] != NULL; n++) {
                memcpy(bytes, word.at, at);
                memcpy(bytes + at, bares[i].letters[n], 2);
                memcpy(bytes + at + 2, word.at + at + 1, word.size - at - 1);
                struct span made = {bytes, word.size + 1};
                if (!list_add(arena, out, SPELLING_BARE_MAX, made))
                    return false;
                if (depth > 1 && out->count < SPELLING_BARE_MAX && !bare_from(arena, made, at + 2, depth - 1, out))
                    return false;
            }
    return true;
}

bool spelling_bare(struct arena *arena, struct span word, struct spelling_list *out)
{
    out->count = 0;
    return bare_from(arena, word, 0, 1, out) && bare_from(arena, word, 0, 2, out);
}

/* ---- distance */

static size_t letters_read(struct span word, uint32_t letters[static LETTERS_MAX])
{
    size_t count = 0;
    const char *at = word.at, *end = at + word.size;
    while (at < end && count < LETTERS_MAX)
        at += utf8_decode(at, end, &letters[count++]);
    return at < end ? LETTERS_MAX + 1 : count;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Row by row, only as far from the diagonal as `most` reaches. */
static unsigned distance_of(const uint32_t *a, size_t as, const uint32_t *b, size_t bs, unsigned most)
{
    unsigned rows[3][LETTERS_MAX + 2];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];
    unsigned far = most + 1;
    for (size_t j = 0; j <= bs + 1; j++)
        before[j] = last[j] = row[j] = j <= most ? (unsigned)j : far;
    for (size_t i = 1; i <= as; i++) {
        size_t from = i > most ? i - most : 1, to = i + most < bs ? i + most : bs;
        unsigned best = row[from - 1] = from == 1 && i <= most ? (unsigned)i : far;
        for (size_t j = from; j <= to; j++) {
            row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
            row[j] = least(row[j], far);
            best = least(best, row[j]);
        }
        row[to + 1] = far;
        if (best == far)
            return far;
        unsigned *free_row = before;
        before = last, last = row, row = free_row;
    }
    return last[bs];
}

unsigned spelling_distance(struct span a, struct span b, unsigned most)
{
    uint32_t left[LETTERS_MAX], right[LETTERS_MAX];
    most = least(most, EDITS_MAX);
    size_t as = letters_read(a, left), bs = letters_read(b, right);
    if (as > LETTERS_MAX || bs > LETTERS_MAX || (as > bs ? as - bs : bs - as) > most)
        return most + 1;
    return distance_of(left, as, right, bs, most);
}

unsigned spelling_tolerance(struct span word)
{
    return word.size < 4 ? 0 : word.size < 8 ? 1 : 2;
}
