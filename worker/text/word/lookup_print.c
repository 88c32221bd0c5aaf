/* lookup_print: the plain tables. Part of make_lookup. */
#include "lookup_print.h"

#include "glance_bytes.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void give_up(const char *name, const char *why)
{
    fprintf(stderr, "make_lookup: %s: %s\n", name, why);
    exit(1);
}

void numbers_print(const char *name, const char *what, const uint16_t *numbers, size_t count)
{
    printf("static const uint16_t %s_%s[%zu] = {", name, what, count);
    for (size_t i = 0; i < count; i++)
        printf("%s%u,", i % 24 == 0 ? "\n" : "", numbers[i]);
    printf("\n};\n");
}

/* At most a quarter of the slots is taken, so that a word that is not listed is told by one look or two. */
void slots_print(const char *name, const struct span *words, size_t count)
{
    size_t size = 16;
    while (size < count * 4)
        size *= 2;
    uint16_t *slots = calloc(size, sizeof *slots);
    if (slots == NULL || count >= UINT16_MAX)
        give_up(name, "too many words");
    for (size_t i = 0; i < count; i++) {
        size_t slot = word_hash(words[i]) & (size - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (size - 1);
        slots[slot] = (uint16_t)(i + 1);
    }
    numbers_print(name, "slots", slots, size);
    free(slots);
}

uint32_t affix_of(const char *at, size_t size)
{
    char bytes[4] = {0};
    memcpy(bytes, at, size);
    return affix_load(bytes);
}

/* Words with the same tail stay in the order of their list. */
void tails_print(const char *name, const struct span *words, size_t count)
{
    uint16_t first[TAIL_SLOTS] = {0}, *next = calloc(count, sizeof *next);
    if (next == NULL || count >= UINT16_MAX)
        give_up(name, "too many words");
    for (size_t i = count; i > 0; i--) {
        if (words[i - 1].size < TAIL_SIZE)
            give_up(name, "a word of two bytes has no tail");
        size_t slot = tail_slot(affix_of(words[i - 1].at + words[i - 1].size - TAIL_SIZE, TAIL_SIZE));
        next[i - 1] = first[slot];
        first[slot] = (uint16_t)i;
    }
    numbers_print(name, "first", first, TAIL_SLOTS);
    numbers_print(name, "next", next, count);
    free(next);
}

/* Names by their first word, in the order of their list. */
void firsts_print(const char *name, const struct span *words, size_t count)
{
    uint16_t first[FIRST_SLOTS] = {0}, *next = calloc(count, sizeof *next);
    if (next == NULL || count >= UINT16_MAX)
        give_up(name, "too many words");
    for (size_t i = count; i > 0; i--) {
        struct span word = {words[i - 1].at, (size_t)(glance_word(words[i - 1].at) - words[i - 1].at)};
        size_t slot = first_slot(word);
        next[i - 1] = first[slot];
        first[slot] = (uint16_t)i;
    }
    numbers_print(name, "by_first", first, FIRST_SLOTS);
    numbers_print(name, "by_first_next", next, count);
    free(next);
}

void kinds_put(struct affix_kinds *set, const char *at, size_t size, unsigned kind)
{
    set->kinds[affix_hash(affix_of(at, size), size)] |= (unsigned char)kind;
}

void kinds_print(const char *name, const struct affix_kinds *set)
{
    printf("static const struct affix_kinds %s = {{", name);
    for (size_t i = 0; i < COUNT(set->kinds); i++)
        printf("%s%u,", i % 48 == 0 ? "\n" : "", set->kinds[i]);
    printf("\n}};\n");
}
