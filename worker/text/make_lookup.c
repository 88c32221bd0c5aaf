/* make_lookup: runs while the worker is built, and writes lookup.h: the slots and sets of the lists of words (words.h).
 */
#include "glance_bytes.h"
#include "opener.h"
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
#undef HOUSE
};
/* Words that tell that those before them name an organisation. */
static const struct span org_tellers[] = {
#define HOUSE(word) WORD(word),
#include "house.def"
#define FORM(word) WORD(word),
#include "form.def"
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

static const struct span body_words[] = {
#define BODY_WORD(words) WORD(words),
#include "body_word.def"
#undef BODY_WORD
};
static const struct span title_tails[] = {
#define TITLE_TAIL(words) WORD(words),
#include "title_tail.def"
#undef TITLE_TAIL
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

static const struct {
    struct span head;
    unsigned kinds;
} openers[] = {
#define OPENER(head, kinds) {WORD(head), kinds},
#include "opener.def"
#undef OPENER
};

static void give_up(const char *name, const char *why)
{
    fprintf(stderr, "make_lookup: %s: %s\n", name, why);
    exit(1);
}

static void numbers_print(const char *name, const char *what, const uint16_t *numbers, size_t count)
{
    printf("static const uint16_t %s_%s[%zu] = {", name, what, count);
    for (size_t i = 0; i < count; i++)
        printf("%s%u,", i % 24 == 0 ? "\n" : "", numbers[i]);
    printf("\n};\n");
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
    numbers_print(name, "slots", slots, size);
    free(slots);
}

static uint32_t affix_of(const char *at, size_t size)
{
    char bytes[4] = {0};
    memcpy(bytes, at, size);
    return affix_load(bytes);
}

/* Words with the same tail stay in the order of their list. */
static void tails_print(const char *name, const struct span *words, size_t count)
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

static void words_print(const char *name, const struct span *words, size_t count)
{
    printf("static const struct span %ss[] = {", name);
    for (size_t i = 0; i < count; i++)
        printf("%s{\"%.*s\", %zu},", i % 8 == 0 ? "\n" : "", (int)words[i].size, words[i].at, words[i].size);
    printf("\n};\n");
    slots_print(name, words, count);
}

static void first_bytes_print(const char *name, const struct span *words, size_t count)
{
    struct first_bytes set = first_bytes_of(words, count);
    printf("static const struct first_bytes %s_firsts = {{", name);
    for (size_t i = 0; i < COUNT(set.bits); i++)
        printf("UINT64_C(%llu),", (unsigned long long)set.bits[i]);
    printf("}};\n");
}

/* What names of organisations that everybody knows, and kinds of houses, begin with: "Banedanmark", "Dansk". */
static void org_firsts_print(void)
{
    struct span firsts[COUNT(orgs) + COUNT(kinds)];
    for (size_t i = 0; i < COUNT(firsts); i++) {
        firsts[i] = i < COUNT(orgs) ? orgs[i] : kinds[i - COUNT(orgs)];
        firsts[i].size = (size_t)(glance_word(firsts[i].at) - firsts[i].at);
    }
    words_print("org_first", firsts, COUNT(firsts));
}

static void kinds_put(struct affix_kinds *set, const char *at, size_t size, unsigned kind)
{
    set->kinds[affix_hash(affix_of(at, size), size)] |= (unsigned char)kind;
}

static void kinds_print(const char *name, const struct affix_kinds *set)
{
    printf("static const struct affix_kinds %s = {{", name);
    for (size_t i = 0; i < COUNT(set->kinds); i++)
        printf("%s%u,", i % 48 == 0 ? "\n" : "", set->kinds[i]);
    printf("\n}};\n");
}

static struct affix_kinds heads, more_heads, tails, more_tails;

/* An end of three bytes says what the word may be; a longer one that its fourth byte must be asked. */
static void end_put(struct affix_kinds *three, struct affix_kinds *four, const char *bytes, bool longer, unsigned kind)
{
    kinds_put(three, bytes, 3, longer ? WANT_MORE : kind);
    if (longer)
        kinds_put(four, bytes, 4, kind);
}

static void wanted_print(void)
{
    for (size_t i = 0; i < COUNT(wanted); i++) {
        char head[4] = {0};
        bool longer = wanted[i].head.size > 3;
        for (size_t j = 0; j < (longer ? 4 : 3); j++)
            head[j] = (char)(wanted[i].head.at[j] | 0x20);
        end_put(&heads, &more_heads, head, longer, wanted[i].least < WANT_LONG_LEAST ? wanted[i].kind : WANT_LONG_LAW);
    }
    kinds_put(&tails, "dag", 3, WANT_LED); /* the days of the week */
    kinds_put(&tails, "DAG", 3, WANT_LED);
    for (size_t i = 0; i < COUNT(law_tails); i++) {
        const char *end = law_tails[i].at + law_tails[i].size;
        kinds_put(&tails, end - 3, 3, law_tails[i].size > 3 ? WANT_MORE : WANT_LAW);
        if (law_tails[i].size > 3)
            kinds_put(&more_tails, end - 4, 4, WANT_LAW);
    }
    kinds_print("wanted_heads", &heads);
    kinds_print("wanted_more_heads", &more_heads);
    kinds_print("wanted_tails", &tails);
    kinds_print("wanted_more_tails", &more_tails);
}

static void openers_print(void)
{
    static struct affix_kinds set;
    for (size_t i = 0; i < COUNT(openers); i++) {
        char head[3];
        for (size_t j = 0; j < sizeof head; j++)
            head[j] = (char)(openers[i].head.at[j] | 0x20);
        kinds_put(&set, head, sizeof head, openers[i].kinds);
    }
    kinds_print("opener_kinds", &set);
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
    org_firsts_print();
    words_print("org_teller", org_tellers, COUNT(org_tellers));
    tails_print("ending", endings, COUNT(endings));
    tails_print("role", roles, COUNT(roles));
    wanted_print();
    openers_print();
    first_bytes_print("body_word", body_words, COUNT(body_words));
    first_bytes_print("title_tail", title_tails, COUNT(title_tails));
    if (fclose(stdout) != 0)
        give_up(argv[1], "cannot be written");
    return 0;
}
