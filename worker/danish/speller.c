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

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    RULES_MAX_BYTES = 16 << 20,
    FORMS_BITS = 22,  /* of the table; da_DK has 1.6 million forms of lower-case words */
    ENTRY_BITS = 22,  /* a form names the entry it was made of, by its place in the word list */
    HEADS_BITS = 16,  /* of the lengths by four bytes, 128 KB: they stay near the core */
    LONGER_BITS = 19, /* and by eight, a megabyte */
    SIEVE_BITS = 24,  /* two of them for each form, 2 MB */
    FORBIDDEN = 0     /* entry 0: must not be known, whatever makes it */
};

/* What is asked before the table of forms is. */
struct quick {
    uint64_t sieve[((size_t)1 << SIEVE_BITS) / 64]; /* 19 pieces in 20 that are none fall through here */
    uint16_t longer[(size_t)1 << LONGER_BITS];      /* lengths of forms by how they begin: bit n for 8 + n bytes, the */
    uint16_t heads[(size_t)1 << HEADS_BITS];        /* last one for all longer ones; here bit n for 4 + n */
};

/* A form: the upper bits of its hash, and its entry. 0 is a free place. */
struct speller {
    uint64_t *forms;
    size_t count;
    struct quick *quick;
    char *text; /* the word list, entries cut apart by NUL */
};

/* Forms on their way into the tables. Each goes to four places that no cache holds, so memory is asked for all of them
 * when it comes, and it is put there when some others have come: half the time. */
enum { ASKED_EARLY = 16 };

struct loading {
    struct speller *speller;
    size_t entry; /* whose forms are being made */
    size_t added; /* forms so far */
    struct coming {
        uint64_t hash, form;
        uint16_t *head, *longer; /* lengths, NULL for short ones */
        uint16_t head_bit, longer_bit;
    } ring[ASKED_EARLY];
};

static const char affix_path[] = DICTIONARY_FOLDER "/da_DK.aff", words_path[] = DICTIONARY_FOLDER "/da_DK.dic";
static const uint64_t entry_mask = (UINT64_C(1) << ENTRY_BITS) - 1;
static const size_t form_mask = ((size_t)1 << FORMS_BITS) - 1;

enum { HEAD_BYTES = 4, LONGER_BYTES = 8, LENGTHS = 16 };

/* ---------------------------------------------------------------- the table */

static uint64_t mark_of(uint64_t hash)
{
    return hash & ~entry_mask ? hash & ~entry_mask : ~entry_mask;
}

/* Where the lengths stand of what begins so; beginnings that meet there share them. */
static uint16_t *heads_of(const struct speller *speller, const char *bytes)
{
    uint32_t head;
    memcpy(&head, bytes, sizeof head);
    return &speller->quick->heads[head * UINT32_C(2654435761) >> (32 - HEADS_BITS)];
}

static uint16_t *longer_of(const struct speller *speller, const char *bytes)
{
    uint64_t head;
    memcpy(&head, bytes, sizeof head);
    return &speller->quick->longer[head * UINT64_C(0x9E3779B97F4A7C15) >> (64 - LONGER_BITS)];
}

static uint16_t length_bit(size_t more)
{
    return (uint16_t)(1U << (more < LENGTHS ? more : LENGTHS - 1));
}

/* Both bits of a form stand in one word. */
static uint64_t *sieve_of(const struct speller *speller, uint64_t hash)
{
    return &speller->quick->sieve[hash >> (64 - SIEVE_BITS + 6)];
}

static uint64_t sieve_bits(uint64_t hash)
{
    return UINT64_C(1) << (hash & 63) | UINT64_C(1) << (hash >> 6 & 63);
}

static void form_put(struct speller *speller, const struct coming *coming)
{
    if (speller->count > form_mask / 4 * 3)
        return; /* a dictionary of twice the size; its rarest words fall off */
    size_t at = coming->hash & form_mask;
    for (; speller->forms[at] != 0; at = (at + 1) & form_mask)
        if (speller->forms[at] == coming->form)
            return;
    speller->forms[at] = coming->form;
    speller->count++;
    *sieve_of(speller, coming->hash) |= sieve_bits(coming->hash);
    if (coming->head != NULL)
        *coming->head |= coming->head_bit;
    if (coming->longer != NULL)
        *coming->longer |= coming->longer_bit;
}

static void form_add(void *self, struct span word)
{
    struct loading *loading = self;
    struct speller *speller = loading->speller;
    struct coming *coming = &loading->ring[loading->added % ASKED_EARLY];
    if (loading->added++ >= ASKED_EARLY)
        form_put(speller, coming);
    uint64_t hash = XXH3_64bits(word.at, word.size);
    *coming = (struct coming){.hash = hash, .form = mark_of(hash) | loading->entry};
    __builtin_prefetch(&speller->forms[hash & form_mask], 1);
    __builtin_prefetch(sieve_of(speller, hash), 1);
    if (word.size >= HEAD_BYTES) {
        __builtin_prefetch(coming->head = heads_of(speller, word.at), 1);
        coming->head_bit = length_bit(word.size - HEAD_BYTES);
    }
    if (word.size >= LONGER_BYTES) {
        __builtin_prefetch(coming->longer = longer_of(speller, word.at), 1);
        coming->longer_bit = length_bit(word.size - LONGER_BYTES);
    }
}

/* Those that are still on their way, in their order. */
static void forms_end(struct loading *loading)
{
    size_t waiting = loading->added < ASKED_EARLY ? loading->added : ASKED_EARLY;
    for (size_t i = loading->added - waiting; i < loading->added; i++)
        form_put(loading->speller, &loading->ring[i % ASKED_EARLY]);
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
static void line_read(struct loading *loading, const struct affix_table *affixes, char *line)
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
    loading->entry = FORBIDDEN;
    if (!affix_forbids(affixes, &flags))
        loading->entry = (size_t)(entry_form(line, fields) - loading->speller->text) + 1;
    affix_expand(affixes, word, &flags, form_add, loading);
    line[word_size] = '\0';
}

/* Zeros, in large pages where the system has them: with small ones nearly every question would also miss the page
 * table's cache: 2 to 5 % of the time of building terms. */
static void *table_new(size_t bytes)
{
    enum { LARGE_PAGE = 2 << 20 };
    bytes = (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    void *table = aligned_alloc(LARGE_PAGE, bytes);
    if (table == NULL)
        return NULL;
    (void)madvise(table, bytes, MADV_HUGEPAGE); /* a wish: small pages do as well */
    memset(table, 0, bytes);
    return table;
}

static enum fault lines_read(struct speller *speller, const struct affix_table *affixes, size_t size, struct error *err)
{
    if (size >= entry_mask)
        return error_set(err, FAULT_STOP, "dictionary.damaged", "%s is too large", words_path);
    speller->forms = table_new((form_mask + 1) * sizeof *speller->forms);
    speller->quick = table_new(sizeof *speller->quick);
    if (speller->forms == NULL || speller->quick == NULL)
        return no_memory(err);
    struct loading loading = {.speller = speller};
    for (char *line = speller->text; line < speller->text + size;) {
        char *end = line + strcspn(line, "\r\n");
        bool last = *end == '\0';
        *end = '\0';
        line_read(&loading, affixes, line);
        line = last ? speller->text + size : end + 1;
    }
    forms_end(&loading);
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
    free((*speller)->quick);
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
        const char *form = entry != FORBIDDEN ? speller->text + entry - 1 : "";
        bool fits = entry != FORBIDDEN && strlen(form) < WORDBOOK_WORD_BYTES;
        bool again = false;
        for (size_t i = 0; fits && i < count; i++)
            again = again || strcmp(out[i], form) == 0;
        if (fits && !again)
            strcpy(out[count++], form);
    }
    return count;
}

/* The bits that are kept as bits of lengths; the last one stands for all that is longer. */
static uint32_t lengths_from(uint32_t kept, unsigned first)
{
    return kept << first | (kept >> (LENGTHS - 1) ? UINT32_MAX << (first + LENGTHS - 1) : 0);
}

/* Those of the lengths whose words the sieve lets through; they stand at the start of the bytes or at their end. Memory
 * is asked for all of them first. */
static uint32_t lengths_sieve(const struct speller *speller, struct span bytes, bool at_end, uint32_t found)
{
    uint64_t hashes[WORDBOOK_LENGTH_LAST];
    size_t last = bytes.size < WORDBOOK_LENGTH_LAST ? bytes.size : WORDBOOK_LENGTH_LAST - 1;
    uint32_t asked = found & ((UINT32_C(2) << last) - 1);
    for (uint32_t left = asked; left != 0; left &= left - 1) {
        size_t n = (size_t)__builtin_ctz(left);
        hashes[n] = XXH3_64bits(at_end ? bytes.at + bytes.size - n : bytes.at, n);
        __builtin_prefetch(sieve_of(speller, hashes[n]));
    }
    for (uint32_t left = asked; left != 0; left &= left - 1) {
        size_t n = (size_t)__builtin_ctz(left);
        uint64_t bits = sieve_bits(hashes[n]);
        if ((*sieve_of(speller, hashes[n]) & bits) != bits)
            found &= ~(UINT32_C(1) << n);
    }
    return found;
}

/* Those of the lengths that words can have which begin here, by four bytes and by eight. */
static uint32_t lengths_begun(const struct speller *speller, const char *bytes, size_t size, uint32_t wanted)
{
    uint32_t shorter = (UINT32_C(1) << LONGER_BYTES) - 1;
    uint32_t found = wanted & lengths_from(*heads_of(speller, bytes), HEAD_BYTES);
    if (size >= LONGER_BYTES && found > shorter)
        found &= shorter | lengths_from(*longer_of(speller, bytes), LONGER_BYTES);
    return found;
}

static uint32_t lengths(void *self, const char *bytes, size_t size, uint32_t wanted)
{
    if (size < HEAD_BYTES)
        return 0;
    return lengths_sieve(self, (struct span){bytes, size}, false, lengths_begun(self, bytes, size, wanted));
}

static uint32_t tails(void *self, const char *bytes, size_t size, uint32_t wanted)
{
    uint32_t found = wanted & UINT32_C(1) << WORDBOOK_LENGTH_LAST; /* all that is longer */
    size_t last = size < WORDBOOK_LENGTH_LAST ? size : WORDBOOK_LENGTH_LAST - 1;
    for (size_t n = HEAD_BYTES; n <= last; n++)
        found |= lengths_begun(self, bytes + size - n, n, wanted & UINT32_C(1) << n);
    return lengths_sieve(self, (struct span){bytes, size}, true, found);
}

static void fetch(void *self, const char *word, size_t size)
{
    const struct speller *speller = self;
    for (size_t i = 0; i + HEAD_BYTES <= size; i++)
        __builtin_prefetch(heads_of(speller, word + i));
    for (size_t i = 0; i + LONGER_BYTES <= size; i++)
        __builtin_prefetch(longer_of(speller, word + i));
    __builtin_prefetch(&speller->forms[XXH3_64bits(word, size) & form_mask]);
}

struct wordbook speller_wordbook(struct speller *speller)
{
    return (struct wordbook){speller, knows, forms, lengths, tails, fetch};
}
