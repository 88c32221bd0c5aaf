/* name: folds names into keys and compares them with a bounded edit distance. Pure. */
#include "name.h"

#include "error.h"
#include "person.h"
#include "utf8.h"

#include <string.h>

/* Eight bytes at a time; as many may be read behind the last one. */
static uint64_t hash_bytes(const char *at, size_t size)
{
    uint64_t hash = 1469598103934665603u, word;
    for (; size >= sizeof word; at += sizeof word, size -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    memcpy(&word, at, sizeof word);
    word = (word & ((UINT64_C(1) << 8 * size) - 1)) | (uint64_t)size << 56;
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* What one letter of U+00C0..U+00FF is folded to; at most two letters. NULL: it stands for itself. */
static const char *const latin[64] = {
    [0x04] = "ae", [0x05] = "aa", [0x06] = "ae", [0x08] = "e",  [0x09] = "e",  [0x16] = "oe",
    [0x18] = "oe", [0x1C] = "y",  [0x24] = "ae", [0x25] = "aa", [0x26] = "ae", [0x28] = "e",
    [0x29] = "e",  [0x36] = "oe", [0x38] = "oe", [0x3C] = "y"};

/* The letter beyond ASCII at *at, folded, into out; gives the letters written, 0 if it is none. */
static size_t fold_beyond(struct span name, size_t *at, char out[2])
{
    uint32_t c = (unsigned char)name.at[*at];
    *at += utf8_decode(name.at + *at, name.at + name.size, &c);
    const char *folded = c >= 0xC0 && c <= 0xFF ? latin[c - 0xC0] : NULL;
    if (!folded) {
        out[0] = (char)((c & 0x3F) | 0x80);
        return c > 0xBF;
    }
    out[0] = folded[0];
    out[1] = folded[1];
    return folded[1] ? 2 : 1;
}

static inline bool is_ascii_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

void name_key(struct span name, struct name_key *out)
{
    char text[NAME_KEY_MAX + sizeof(uint64_t)] = {0};
    size_t used = 0, word = 0, first_end = 0, last = 0;
    bool between = true;
    for (size_t at = 0; at < name.size && used + 3 < NAME_KEY_MAX;) {
        unsigned char c = (unsigned char)name.at[at];
        char letters[2] = {(char)(c | 0x20), 0};
        size_t count = is_ascii_letter((char)c);
        if (c >= 0x80)
            count = fold_beyond(name, &at, letters);
        else
            at++;
        if (!count) {
            between = between || c == ' ' || c == '\n' || c == '\t' || c == '-';
            continue;
        }
        if (between) {
            first_end = word == 1 ? used : first_end;
            last = used;
            word++;
            between = false;
        }
        text[used] = letters[0];
        text[used + 1] = letters[1];
        used += count;
        size_t room = NAME_KEY_MAX - 3 - (used < NAME_KEY_MAX - 3 ? used : NAME_KEY_MAX - 3), left = name.size - at;
        const char *letter = name.at + at, *stop = letter + (left < room ? left : room);
        char *to = text + used;
        for (; letter < stop && is_ascii_letter(*letter); letter++)
            *to++ = (char)(*letter | 0x20);
        at = (size_t)(letter - name.at);
        used = (size_t)(to - text);
    }
    memset(text + used, 0, sizeof(uint64_t));
    memcpy(out->text, text, NAME_KEY_MAX);
    out->size = (uint8_t)used;
    out->whole = hash_bytes(text, used);
    out->first = word < 2 ? out->whole : hash_bytes(text, first_end);
    out->last = hash_bytes(text + last, used - last) ^ 0x5bd1e995u;
}

uint64_t name_key_stem(const struct name_key *key)
{
    return hash_bytes(key->text, (size_t)key->size - 1);
}

/* The edit distance of two keys if it is at most `most`, else most + 1. A band around the diagonal is enough. */
static int distance(const struct name_key *a, const struct name_key *b, int most)
{
    int rows[2][NAME_KEY_MAX + 1];
    int n = a->size, m = b->size;
    if (n - m > most || m - n > most)
        return most + 1;
    for (int j = 0; j <= m; j++)
        rows[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = rows[i & 1], *before = rows[(i - 1) & 1];
        int low = i - most > 1 ? i - most : 1, high = i + most < m ? i + most : m, best = most + 1;
        now[low - 1] = low == 1 ? i : most + 1;
        for (int j = low; j <= high; j++) {
            int change = before[j - 1] + (a->text[i - 1] != b->text[j - 1]);
            int left_out = j < i + most ? before[j] + 1 : most + 1, put_in = now[j - 1] + 1;
            now[j] = change < left_out ? change : left_out;
            now[j] = put_in < now[j] ? put_in : now[j];
            best = now[j] < best ? now[j] : best;
        }
        if (high < m)
            now[high + 1] = most + 1;
        if (best > most)
            return most + 1;
    }
    return rows[n & 1][m];
}

static struct span first_word(struct span name)
{
    size_t size = 0;
    while (size < name.size && name.at[size] != ' ' && name.at[size] != '-' && name.at[size] != '\n')
        size++;
    return (struct span){name.at, size};
}

/* "D." is Dorthe, "Sv." is Svend. */
static bool is_short_for(struct span brief, struct span word)
{
    size_t letters = brief.size ? brief.size - 1 : 0;
    return brief.size >= 2 && brief.size <= 6 && brief.at[letters] == '.' && word.size >= letters &&
           memcmp(brief.at, word.at, letters) == 0;
}

static bool same_word(struct span a, struct span b)
{
    return span_equal(a, b) || is_short_for(a, b) || is_short_for(b, a);
}

/* Every word of the shorter name stands in the longer one, in order; a word may be short for another. */
static bool words_within(struct span small, struct span large)
{
    while (small.size) {
        struct span word = first_word(small), other;
        do {
            if (!large.size)
                return false;
            other = first_word(large);
            size_t step = other.size < large.size ? other.size + 1 : other.size;
            large = (struct span){large.at + step, large.size - step};
        } while (!same_word(word, other));
        size_t step = word.size < small.size ? word.size + 1 : word.size;
        small = (struct span){small.at + step, small.size - step};
    }
    return true;
}

bool name_close(const struct name_key *a, struct span name_a, const struct name_key *b, struct span name_b)
{
    if (a->whole == b->whole)
        return true;
    bool ends = a->last == b->last && (a->first == b->first || is_short_for(first_word(name_a), first_word(name_b)) ||
                                       is_short_for(first_word(name_b), first_word(name_a)));
    if (ends && (words_within(name_a, name_b) || words_within(name_b, name_a)))
        return true;
    /* "L. Skovfoged" is Laurids Skovfoged, if the family name is the same */
    struct span short_a = first_word(name_a), short_b = first_word(name_b);
    bool initial = (short_a.size == 2 && short_a.at[1] == '.') || (short_b.size == 2 && short_b.at[1] == '.');
    if (initial && a->last == b->last && a->text[0] == b->text[0])
        return true;
    int length = a->size < b->size ? a->size : b->size;
    int most = length < 8 ? 0 : length < 14 ? 1 : 2;
    if (distance(a, b, most) > most)
        return false;
    struct span one = first_word(name_a), other = first_word(name_b);
    /* Jan and Jens are two people, Jona and Jonna one */
    return a->first == b->first || !(is_common_name(one) && is_common_name(other)) || a->last == b->last;
}

static bool index_grow(struct name_index *index)
{
    size_t capacity = index->capacity ? index->capacity * 2 : 64;
    struct name_entry *entries = arena_alloc(index->arena, capacity * sizeof *entries);
    int32_t *heads = arena_alloc(index->arena, capacity * 2 * sizeof *heads);
    if (!entries || !heads)
        return false;
    if (index->count)
        memcpy(entries, index->entries, index->count * sizeof *entries);
    index->entries = entries;
    index->heads = heads;
    index->capacity = capacity;
    index->mask = capacity * 2 - 1;
    for (size_t i = 0; i <= index->mask; i++)
        heads[i] = -1;
    for (size_t i = 0; i < index->count; i++) {
        int32_t *head = &heads[entries[i].hash & index->mask];
        entries[i].next = *head;
        *head = (int32_t)i;
    }
    return true;
}

bool name_index_add(struct name_index *index, uint64_t hash, int32_t person)
{
    if (index->count == index->capacity && !index_grow(index))
        return false;
    int32_t *head = &index->heads[hash & index->mask];
    index->entries[index->count] = (struct name_entry){hash, person, *head};
    *head = (int32_t)index->count++;
    return true;
}

int32_t name_index_next(const struct name_index *index, int32_t entry, uint64_t hash)
{
    while (entry >= 0 && index->entries[entry].hash != hash)
        entry = index->entries[entry].next;
    return entry;
}

int32_t name_index_first(const struct name_index *index, uint64_t hash)
{
    return index->count ? name_index_next(index, index->heads[hash & index->mask], hash) : -1;
}
