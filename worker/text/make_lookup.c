/* make_lookup: runs while the worker is built, and writes lookup.h: the slots and sets of the lists of words (words.h).
 */
#include "want.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const struct span given_names[] = {
#define GIVEN_NAME(name) WORD(name),
#include "given_name.def"
};
static const struct span common_names[] = {
#define COMMON_NAME(name) WORD(name),
#include "common_name.def"
};
static const struct span function_words[] = {
#define FUNCTION_WORD(word) WORD(word),
#include "function_word.def"
};
static const struct span houses[] = {
#define HOUSE(word) WORD(word),
#include "house.def"
};
static const struct span no_orgs[] = {
#define NO_ORG(word) WORD(word),
#include "no_org.def"
};
static const struct span hints[] = {
#define HINT(word, hint) WORD(word),
#include "hint.def"
};
static const struct span kinds[] = {
#define KIND(words) WORD(words),
#include "kind.def"
};
static const struct span orgs[] = {
#define ORG(name) WORD(name),
#include "org.def"
};
static const struct span endings[] = {
#define ENDING(part, ending) WORD(ending),
#include "ending.def"
};
static const struct span roles[] = {
#define ROLE(role, word) WORD(word),
#include "role.def"
};

static const struct span law_tails[] = {
#define LAW_HEAD(head, least)
#define LAW_WORD(word)
#define LAW_TAIL(tail) WORD(tail),
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_WORD
#undef LAW_TAIL
};
/* What makes a word worth more than a glance: what it begins with, and how long it must be. */
static const struct {
    struct span head;
    size_t least;
    unsigned kind;
} wanted[] = {
#define LAW_HEAD(head, least) {WORD(head), least, WANT_LAW},
#define LAW_WORD(word)        {WORD(word), 3, WANT_LAW},
#define LAW_TAIL(tail)
#include "law_word.def"
#define CUE(head) {WORD(head), 3, WANT_CUE},
#include "cue.def"
#define LED(head, kinds) {WORD(head), 3, kinds},
#include "led.def"
};

static void give_up(const char *name, const char *why)
{
    fprintf(stderr, "make_lookup: %s: %s\n", name, why);
    exit(1);
}

/* At most a quarter of the slots is taken, so that a word that is not listed is told by one look or two. */
static void slots_print(const char *name, const struct span *words, size_t count)
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
    printf("static const uint16_t %s_slots[%zu] = {", name, size);
    for (size_t i = 0; i < size; i++)
        printf("%s%u,", i % 24 == 0 ? "\n" : "", slots[i]);
    printf("\n};\n");
    free(slots);
}

static void set_print(const char *name, const char *what, const struct affix_set *set)
{
    printf("static const struct affix_set %s_%s = {{", name, what);
    for (size_t i = 0; i < COUNT(set->bits); i++)
        printf("%s0x%llx,", i % 6 == 0 ? "\n" : "", (unsigned long long)set->bits[i]);
    printf("\n}};\n");
}

static uint32_t affix_of(const char *at, size_t size)
{
    char bytes[4] = {0};
    memcpy(bytes, at, size);
    return affix_load(bytes);
}

static void affix_put(struct affix_set *set, const char *at, size_t size)
{
    uint32_t hash = affix_hash(affix_of(at, size), size);
    set->bits[hash / 64] |= UINT64_C(1) << (hash % 64);
}

static void heads_print(const char *name, const struct span *words, size_t count)
{
    struct affix_set set = {{0}};
    for (size_t i = 0; i < count; i++) {
        if (words[i].size < 2)
            give_up(name, "a word of one byte has no head");
        affix_put(&set, words[i].at, words[i].size < HEAD_MOST ? words[i].size : HEAD_MOST);
    }
    set_print(name, "heads", &set);
}

static void tails_print(const char *name, const struct span *words, size_t count)
{
    struct affix_set set = {{0}};
    for (size_t i = 0; i < count; i++) {
        if (words[i].size < TAIL_SIZE)
            give_up(name, "a word of two bytes has no tail");
        affix_put(&set, words[i].at + words[i].size - TAIL_SIZE, TAIL_SIZE);
    }
    set_print(name, "tails", &set);
}

static void kinds_put(struct affix_kinds *set, const char *at, size_t size, unsigned kind)
{
    set->kinds[affix_hash(affix_of(at, size), size)] |= (unsigned char)kind;
}

static void kinds_print(const char *name, const struct affix_kinds *set)
{
    printf("static const struct affix_kinds wanted_%s = {{", name);
    for (size_t i = 0; i < COUNT(set->kinds); i++)
        printf("%s%u,", i % 48 == 0 ? "\n" : "", set->kinds[i]);
    printf("\n}};\n");
}

/* Heads have four bytes, or all three of a short one, capitals small; those of long words only end with WANT_LONG. */
static void wanted_print(void)
{
    static struct affix_kinds heads, tails;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        char head[4] = {0, 0, 0, WANT_LONG};
        size_t size = wanted[i].head.size < 4 ? 3 : 4;
        for (size_t j = 0; j < size; j++)
            head[j] = (char)(wanted[i].head.at[j] | 0x20);
        kinds_put(&heads, head, wanted[i].least >= WANT_LONG_LEAST ? 4 : size, wanted[i].kind);
    }
    kinds_put(&tails, "dag", 3, WANT_LED); /* the days of the week */
    kinds_put(&tails, "DAG", 3, WANT_LED);
    for (size_t i = 0; i < COUNT(law_tails); i++) {
        size_t size = law_tails[i].size < 4 ? law_tails[i].size : 4;
        kinds_put(&tails, law_tails[i].at + law_tails[i].size - size, size, WANT_LAW);
    }
    kinds_print("heads", &heads);
    kinds_print("tails", &tails);
}

int main(int argc, char **argv)
{
    if (argc != 2 || freopen(argv[1], "w", stdout) == NULL)
        give_up("usage", "make_lookup FILE");
    printf("/* Made by make_lookup.c out of the lists of words. */\n#include \"words.h\"\n");
    slots_print("given_name", given_names, COUNT(given_names));
    slots_print("common_name", common_names, COUNT(common_names));
    slots_print("function_word", function_words, COUNT(function_words));
    slots_print("house", houses, COUNT(houses));
    slots_print("hint", hints, COUNT(hints));
    slots_print("no_org", no_orgs, COUNT(no_orgs));
    heads_print("kind", kinds, COUNT(kinds));
    heads_print("org", orgs, COUNT(orgs));
    tails_print("ending", endings, COUNT(endings));
    tails_print("role", roles, COUNT(roles));
    wanted_print();
    if (fclose(stdout) != 0)
        give_up(argv[1], "cannot be written");
    return 0;
}
