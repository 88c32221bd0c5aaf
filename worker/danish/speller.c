/* speller: every word form of da_DK in one table of fingerprints, read-only once it is loaded. Any thread.
 *
 * Cutting a compound asks about a thousand pieces for a document of new words. Hunspell takes 5 µs for each under a
 * lock, which was nine tenths of the time of indexing; a look into the table takes 50 ns and needs no lock. A test
 * holds the table against Hunspell itself. */
#define _GNU_SOURCE
#include "speller.h"

#include "affix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xxhash.h>

enum {
    RULES_MAX_BYTES = 16 << 20,
    FORMS_BITS = 22, /* of the table; da_DK has 1.6 million forms of lower-case words */
    ENTRY_BITS = 20, /* a form names the entry it was made of */
    HEADS_BITS = 22, /* of the filter of beginnings, half a megabyte: it stays near the core */
    FORBIDDEN = 0    /* entry 0: must not be known, whatever makes it */
};

/* A form: the upper bits of its hash, and its entry. 0 is a free place. */
struct speller {
    uint64_t *forms;
    size_t count;
    uint64_t *heads;             /* a bit for each beginning of a form, of head_sizes bytes */
    char latest[AFFIX_WORD_MAX]; /* form, whose beginnings are there already */
    size_t latest_size;
    char *text; /* the word list, entries cut apart by NUL */
    char **entries;
    size_t entry_count;
    size_t loading; /* entry whose forms are being made */
};

static const char affix_path[] = DICTIONARY_FOLDER "/da_DK.aff", words_path[] = DICTIONARY_FOLDER "/da_DK.dic";
static const uint64_t entry_mask = (UINT64_C(1) << ENTRY_BITS) - 1;
static const size_t form_mask = ((size_t)1 << FORMS_BITS) - 1;

/* Beginnings of so many bytes are kept. */
static const size_t head_sizes[] = {4, 6, 8, 11};
enum { HEAD_SIZES = sizeof head_sizes / sizeof *head_sizes };

/* ---------------------------------------------------------------- the table */

static uint64_t mark_of(uint64_t hash)
{
    return hash & ~entry_mask ? hash & ~entry_mask : ~entry_mask;
}

static size_t head_bit(const char *word, size_t size)
{
    return XXH3_64bits(word, size) & (((size_t)1 << HEADS_BITS) - 1);
}

/* Forms of one entry begin alike, and so do neighbours in the list: most of it is there. */
static void heads_add(struct speller *speller, struct span word)
{
    size_t shared = 0;
    while (shared < word.size && shared < speller->latest_size && word.at[shared] == speller->latest[shared])
        shared++;
    for (size_t i = 0; i < HEAD_SIZES && head_sizes[i] <= word.size; i++) {
        if (head_sizes[i] <= shared)
            continue;
        size_t bit = head_bit(word.at, head_sizes[i]);
        speller->heads[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    memcpy(speller->latest, word.at, word.size);
    speller->latest_size = word.size;
}

static void form_add(void *self, struct span word)
{
    struct speller *speller = self;
    uint64_t hash = XXH3_64bits(word.at, word.size), form = mark_of(hash) | speller->loading;
    if (speller->count > form_mask / 4 * 3)
        return; /* a dictionary of twice the size; its rarest words fall off */
    size_t at = hash & form_mask;
    for (; speller->forms[at] != 0; at = (at + 1) & form_mask)
        if (speller->forms[at] == form)
            return;
    speller->forms[at] = form;
    speller->count++;
    heads_add(speller, word);
}

/* The next entry of the word from place *at on; false at the end of the run. */
static bool entry_next(const struct speller *speller, uint64_t hash, size_t *at, size_t *entry)
{
    for (; speller->forms[*at] != 0; *at = (*at + 1) & form_mask)
        if ((speller->forms[*at] & ~entry_mask) == mark_of(hash)) {
            *entry = speller->forms[*at] & entry_mask;
            *at = (*at + 1) & form_mask;
            return true;
        }
    return false;
}

/* ---------------------------------------------------------------- loading */

static enum fault no_memory(struct error *err)
{
    return error_set(err, FAULT_STOP, "memory", "out of memory for the dictionary");
}

static enum fault text_read(struct speller *speller, size_t *size, struct error *err)
{
    FILE *file = fopen(words_path, "re");
    if (file == NULL)
        return error_set(err, FAULT_STOP, "dictionary.missing", "cannot read %s: %s; install hunspell-da", words_path,
                         strerror(errno));
    size_t room = 1 << 16;
    *size = 0;
    for (size_t got = 1; got > 0; *size += got) {
        char *larger = realloc(speller->text, room *= 2);
        if (larger == NULL) {
            fclose(file);
            return no_memory(err);
        }
        speller->text = larger;
        got = fread(speller->text + *size, 1, room - 1 - *size, file);
    }
    speller->text[*size] = '\0';
    fclose(file);
    return FAULT_NONE;
}

/* Words are asked in lower case, so what has a capital is never found. */
static bool has_capital(struct span word)
{
    for (size_t i = 0; i < word.size; i++) {
        unsigned char byte = (unsigned char)word.at[i];
        bool capital = (byte >= 'A' && byte <= 'Z') ||
                       (byte == 0xC3 && i + 1 < word.size && (unsigned char)word.at[i + 1] >= 0x80 &&
                        (unsigned char)word.at[i + 1] <= 0x9E);
        if (capital)
            return true;
    }
    return false;
}

/* The dictionary form of an entry: the word itself, or what "st:" names. */
static char *entry_form(char *line, char *fields)
{
    char *named = fields ? strstr(fields, "st:") : NULL;
    if (named == NULL)
        return line;
    named[3 + strcspn(named + 3, " \t")] = '\0';
    return named + 3;
}

/* "budget/10,11,39" or "hila st:hilum". */
static void line_read(struct speller *speller, const struct affix_table *affixes, char *line)
{
    struct affix_flags flags = {.count = 0};
    size_t word_size = strcspn(line, "/\\ \t"), whole = strcspn(line, " \t");
    char *fields = line[whole] ? line + whole + 1 : NULL;
    bool readable =
        line[word_size] != '/' || affix_flags_read((struct span){line + word_size + 1, whole - word_size - 1}, &flags);
    if (!readable) /* A/S, c/o: words with a slash, which nobody asks for */
        return;
    struct span word = {line, word_size};
    if (word_size == 0 || word_size > AFFIX_WORD_MAX / 2 || has_capital(word))
        return;
    speller->loading = FORBIDDEN;
    if (!affix_forbids(affixes, &flags)) {
        speller->loading = speller->entry_count;
        speller->entries[speller->entry_count++] = entry_form(line, fields);
    }
    affix_expand(affixes, word, &flags, form_add, speller);
    line[word_size] = '\0';
}

/* Zeros, in large pages where the system has them: with small ones nearly every question would also miss the page
 * table's cache: 2 to 5 % of the time of building terms. */
static void *table_new(size_t bytes)
{
    enum { LARGE_PAGE = 2 << 20 };
    void *table = aligned_alloc(LARGE_PAGE, bytes);
    if (table == NULL)
        return NULL;
    (void)madvise(table, bytes, MADV_HUGEPAGE); /* a wish: small pages do as well */
    memset(table, 0, bytes);
    return table;
}

static enum fault lines_read(struct speller *speller, const struct affix_table *affixes, size_t size, struct error *err)
{
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += speller->text[i] == '\n';
    if (lines > entry_mask)
        return error_set(err, FAULT_STOP, "dictionary.damaged", "%s has too many entries", words_path);
    speller->entries = calloc(lines + 1, sizeof *speller->entries);
    speller->forms = table_new((form_mask + 1) * sizeof *speller->forms);
    speller->heads = calloc(((size_t)1 << HEADS_BITS) / 64, sizeof *speller->heads);
    if (speller->entries == NULL || speller->forms == NULL || speller->heads == NULL)
        return no_memory(err);
    speller->entry_count = 1; /* 0 is FORBIDDEN */
    for (char *line = speller->text; line < speller->text + size;) {
        char *end = line + strcspn(line, "\r\n");
        bool last = *end == '\0';
        *end = '\0';
        line_read(speller, affixes, line);
        line = last ? speller->text + size : end + 1;
    }
    return FAULT_NONE;
}

static enum fault load(struct speller *speller, struct arena *arena, struct error *err)
{
    struct affix_table *affixes;
    size_t size = 0;
    TRY(affix_read(arena, affix_path, &affixes, err));
    TRY(text_read(speller, &size, err));
    return lines_read(speller, affixes, size, err);
}

enum fault speller_open(struct speller **out, struct error *err)
{
    struct speller *speller = calloc(1, sizeof *speller);
    struct arena *arena = arena_new(RULES_MAX_BYTES);
    enum fault fault = speller && arena ? load(speller, arena, err) : no_memory(err);
    arena_free(&arena);
    if (fault != FAULT_NONE)
        speller_close(&speller);
    *out = speller;
    return fault;
}

void speller_close(struct speller **speller)
{
    if (speller == NULL || *speller == NULL)
        return;
    free((*speller)->forms);
    free((*speller)->heads);
    free((*speller)->entries);
    free((*speller)->text);
    free(*speller);
    *speller = NULL;
}

/* ---------------------------------------------------------------- asking */

static bool knows(void *self, const char *word)
{
    const struct speller *speller = self;
    uint64_t hash = XXH3_64bits(word, strlen(word));
    size_t at = hash & form_mask, entry;
    bool known = false;
    while (entry_next(speller, hash, &at, &entry)) {
        if (entry == FORBIDDEN)
            return false;
        known = true;
    }
    return known;
}

static size_t forms(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    const struct speller *speller = self;
    uint64_t hash = XXH3_64bits(word, strlen(word));
    size_t at = hash & form_mask, entry, count = 0;
    while (count < WORDBOOK_FORMS_MAX && entry_next(speller, hash, &at, &entry)) {
        bool fits = entry != FORBIDDEN && strlen(speller->entries[entry]) < WORDBOOK_WORD_BYTES;
        bool again = false;
        for (size_t i = 0; fits && i < count; i++)
            again = again || strcmp(out[i], speller->entries[entry]) == 0;
        if (fits && !again)
            strcpy(out[count++], speller->entries[entry]);
    }
    return count;
}

/* Of the kept sizes the longest that the piece has decides: what it is the beginning of has the shorter ones too. */
static bool begins(void *self, const char *piece, size_t size)
{
    const struct speller *speller = self;
    size_t i = HEAD_SIZES;
    while (i > 0 && head_sizes[i - 1] > size)
        i--;
    if (i == 0)
        return true;
    size_t bit = head_bit(piece, head_sizes[i - 1]);
    return speller->heads[bit / 64] >> bit % 64 & 1;
}

struct wordbook speller_wordbook(struct speller *speller)
{
    return (struct wordbook){speller, knows, forms, begins};
}
