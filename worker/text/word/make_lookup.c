/* make_lookup: runs while the worker is built, and writes lookup.h: the slots and sets of the lists of words (words.h).
 */
#include "glance_bytes.h"
#include "opener.h"
#include "trace.h"
#include "want.h"
#include "word_class.h"
#include "words.h"

#include <inttypes.h>
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
#define TRADE(word) WORD(word),
#include "trade.def"
#undef TRADE
};
static const struct span no_orgs[] = {
#define NO_ORG(word) WORD(word),
#include "no_org.def"
};
static const struct span place_words[] = {
#define PLACE(word) WORD(word),
#include "place.def"
#undef PLACE
};
/* In the order of org_place.c. */
static const struct span towns[] = {
#define MUNICIPALITY(code, name, full) WORD(name),
#define REGION(code, full, domain)
#include "municipality.def"
#undef MUNICIPALITY
#undef REGION
#define TOWN(name) WORD(name),
#include "town.def"
};
static const struct span regionals[] = {
#define REGIONAL(word) WORD(word),
#include "regional.def"
};
static const struct span plains[] = {
#define PLAIN(word) WORD(word),
#include "plain.def"
#undef PLAIN
};
static const struct span topics[] = {
#define TOPIC(word) WORD(word),
#include "topic.def"
#undef TOPIC
};
static const struct span askers[] = {
#define ASKER(what, ending) WORD(ending),
#include "asker.def"
#undef ASKER
};
static const struct span deeds[] = {
#define DEED(ending, prepositions) WORD(ending),
#include "deed.def"
#undef DEED
};
static const struct span trades[] = {
#define TRADE(word) WORD(word),
#include "trade.def"
#undef TRADE
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
/* What the first word of a name is that its first words give away (org_lead.re). */
static const struct span leads[] = {WORD("Region"), WORD("Styrelsen"), WORD("Ministeriet"), WORD("Direktoratet"),
                                    WORD("Nævnet"), WORD("Agenturet"), WORD("Rådet"),       WORD("Danmarks"),
                                    WORD("Dansk"),  WORD("Danske"),    WORD("Det"),         WORD("Den"),
                                    WORD("Retten"), WORD("Center")};
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
#define LAW_KIND(word)
#define LAW_WORD(word)
#define LAW_TAIL(tail) WORD(tail),
#include "law_word.def"
#undef LAW_HEAD
#undef LAW_KIND
#undef LAW_WORD
#undef LAW_TAIL
};
/* Usual words that nothing wants, the most usual ones first. */
static const struct span usual[] = {
#define USUAL(word) WORD(word),
#include "usual_word.def"
#undef USUAL
};
static const struct span cues[] = {
#define CUE(head) WORD(head),
#include "cue.def"
#undef CUE
};
/* What makes a word worth more than a glance: what it begins with, and how long it must be. */
static const struct {
    struct span head;
    size_t least;
    unsigned kind;
} wanted[] = {
#define LAW_HEAD(head, least) {WORD(head), least, WANT_LAW},
#define LAW_KIND(word)        {WORD(word), 3, WANT_LAW},
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

static const struct {
    struct span bytes;
    unsigned trace;
} traces[] = {
#define TRACE(trace, bytes) {WORD(bytes), TRACE_##trace},
#include "trace.def"
#undef TRACE
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

/* Names by their first word, in the order of their list. */
static void firsts_print(const char *name, const struct span *words, size_t count)
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

/* ---- classes of words (word_class.h) */

enum {
    CLASS_PLACES = 1 << 12,
    CLASS_GROUPS = 1 << 10,
    NAME_PLACES = 1 << 15,
    NAME_GROUPS = 1 << 13,
    COMMON_PLACES = 1 << 11,
    COMMON_GROUPS = 1 << 9,
    GROUP_MOST = 64
};

struct class_table {
    uint64_t marks[NAME_PLACES]; /* of the words, with their classes */
    struct span words[NAME_PLACES];
    size_t slots[NAME_PLACES * 2]; /* numbers of words by hash, from 1: which words are there already */
    size_t count, groups, places;
};
static struct class_table word_table = {.groups = CLASS_GROUPS, .places = CLASS_PLACES},
                          name_table = {.groups = NAME_GROUPS, .places = NAME_PLACES},
                          common_table = {.groups = COMMON_GROUPS, .places = COMMON_PLACES};

static uint64_t mark_of(struct span word)
{
    char bytes[UINT8_MAX + 8] = {0};
    if (word.size > UINT8_MAX)
        give_up(word.at, "is too long");
    memcpy(bytes, word.at, word.size);
    return word_mark(bytes, word.size);
}

static void class_add(struct class_table *table, struct span word, uint64_t classes)
{
    uint64_t mark = mark_of(word) >> CLASS_BITS << CLASS_BITS;
    size_t slot = mark >> CLASS_BITS;
    for (; table->slots[slot % COUNT(table->slots)] != 0; slot++) {
        size_t at = table->slots[slot % COUNT(table->slots)] - 1;
        if ((table->marks[at] ^ mark) >> CLASS_BITS != 0)
            continue;
        if (!span_equal(table->words[at], word))
            give_up(word.at, "has the mark of another word");
        table->marks[at] |= classes;
        return;
    }
    if (mark == 0 || table->count == table->places)
        give_up(word.at, "finds no place in its table");
    table->words[table->count] = word;
    table->marks[table->count++] = mark | classes;
    table->slots[slot % COUNT(table->slots)] = table->count;
}

/* The group's words find free places under the shift: they are put there. */
static bool group_fits(const uint64_t *group, size_t size, size_t shift, uint64_t *table, size_t places)
{
    for (size_t i = 0; i < size; i++) {
        size_t place = word_mark_place(group[i], shift, places);
        if (table[place] != 0) {
            while (i > 0)
                table[word_mark_place(group[--i], shift, places)] = 0;
            return false;
        }
        table[place] = group[i];
    }
    return true;
}

/* Large groups first, while there is room: each takes the first shift that gives all of its words a place. */
static void table_print(const char *name, const struct class_table *words)
{
    static uint64_t groups[NAME_GROUPS][GROUP_MOST], table[NAME_PLACES];
    static size_t sizes[NAME_GROUPS];
    static uint16_t shifts[NAME_GROUPS];
    memset(table, 0, sizeof table);
    memset(sizes, 0, sizeof sizes);
    memset(shifts, 0, sizeof shifts);
    for (size_t i = 0; i < words->count; i++) {
        size_t group = word_mark_group(words->marks[i], words->groups);
        if (sizes[group] == GROUP_MOST)
            give_up(name, "a group is too large");
        groups[group][sizes[group]++] = words->marks[i];
    }
    for (size_t size = GROUP_MOST; size > 0; size--)
        for (size_t group = 0; group < words->groups; group++) {
            size_t shift = 0;
            while (sizes[group] == size && !group_fits(groups[group], size, shift, table, words->places))
                if (++shift == words->places)
                    give_up(name, "a group finds no places");
            if (sizes[group] == size)
                shifts[group] = (uint16_t)shift;
        }
    numbers_print(name, "shifts", shifts, words->groups);
    printf("static const uint64_t %s_table[%zu] = {", name, words->places);
    for (size_t i = 0; i < words->places; i++)
        printf("%sUINT64_C(%" PRIu64 "),", i % 8 == 0 ? "\n" : "", table[i]);
    printf("\n};\n");
}

static void list_add(struct class_table *table, const struct span *words, size_t count, unsigned classes)
{
    for (size_t i = 0; i < count; i++)
        class_add(table, words[i], classes);
}

static struct span with_s(struct span word)
{
    static char genitives[1 << 15];
    static size_t used;
    char *copy = genitives + used;
    used += word.size + 1;
    if (used > sizeof genitives)
        give_up(word.at, "finds no room for its genitive");
    memcpy(copy, word.at, word.size);
    copy[word.size] = 's';
    return (struct span){copy, word.size + 1};
}

/* What names of organisations that everybody knows, and kinds of houses, begin with: "Banedanmark", "Dansk". Only a
 * name of one word has its genitive there; behind a kind stands a space. */
static void first_add(struct span name, bool kind)
{
    struct span first = {name.at, (size_t)(glance_word(name.at) - name.at)};
    bool alone = first.size == name.size;
    if (first.size == 0)
        give_up(name.at, "begins with no word");
    class_add(&word_table, first,
              !alone ? class_first_before(name.at[first.size])
              : kind ? CLASS_FIRST_SPACE
                     : CLASS_FIRST_ALONE);
    if (alone && !kind)
        class_add(&word_table, with_s(first), CLASS_FIRST_ALONE);
}

static bool is_common(struct span name)
{
    for (size_t i = 0; i < COUNT(common_names); i++)
        if (span_equal(common_names[i], name))
            return true;
    return false;
}

/* A bit for each word's mark, so that most of the others are told without the table. */
static void sieve_print(const char *name, const struct class_table *words)
{
    static uint64_t sieve[SIEVE_BITS / 64];
    for (size_t i = 0; i < words->count; i++)
        sieve[sieve_bit(words->marks[i]) / 64] |= UINT64_C(1) << sieve_bit(words->marks[i]) % 64;
    printf("static const uint64_t %s_sieve[%zu] = {", name, COUNT(sieve));
    for (size_t i = 0; i < COUNT(sieve); i++)
        printf("%sUINT64_C(%" PRIu64 "),", i % 8 == 0 ? "\n" : "", sieve[i]);
    printf("\n};\n");
}

static void classes_print(void)
{
    list_add(&common_table, common_names, COUNT(common_names), NAME_COMMON);
    for (size_t i = 0; i < COUNT(given_names); i++) /* a common name is found with the common ones alone */
        class_add(is_common(given_names[i]) ? &common_table : &name_table, given_names[i], NAME_GIVEN);
    list_add(&word_table, function_words, COUNT(function_words), CLASS_FUNCTION);
    list_add(&word_table, houses, COUNT(houses), CLASS_HOUSE);
    list_add(&word_table, leads, COUNT(leads), CLASS_LEAD);
    list_add(&word_table, org_tellers, COUNT(org_tellers), CLASS_TELLER);
    for (size_t i = 0; i < COUNT(org_tellers); i++)
        class_add(&word_table, with_s(org_tellers[i]), CLASS_TELLER);
    for (size_t i = 0; i < COUNT(orgs); i++)
        first_add(orgs[i], false);
    for (size_t i = 0; i < COUNT(kinds); i++)
        first_add(kinds[i], true);
    table_print("class", &word_table);
    table_print("name", &name_table);
    table_print("common", &common_table);
    sieve_print("name", &name_table);
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

static struct affix_kinds heads, tails;

static void want_put(struct affix_kinds *set, const char *at, size_t size, uint32_t factor, unsigned kind)
{
    set->kinds[want_slot(affix_of(at, size), size, factor)] |= (unsigned char)kind;
}

/* What the word has in common with those in the sets, by its place there. */
static unsigned want_of(struct span word, uint32_t factor)
{
    size_t most = word.size < 4 ? word.size : 4;
    char head[4] = {' ', ' ', ' ', ' '}, tail[4] = {' ', ' ', ' ', ' '};
    memcpy(head, word.at, most);
    memcpy(tail, word.at + word.size - most, most);
    return heads.kinds[want_slot(affix_load(head) | 0x20202020, 3, factor)] |
           heads.kinds[want_slot(affix_load(head) | 0x20202020, 4, factor)] |
           tails.kinds[want_slot(affix_load(tail) >> 8, 3, factor)] |
           tails.kinds[want_slot(affix_load(tail), 4, factor)];
}

static void wanted_fill(uint32_t factor)
{
    memset(&heads, 0, sizeof heads);
    memset(&tails, 0, sizeof tails);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        char head[4] = {0};
        size_t size = wanted[i].head.size < 4 ? 3 : 4;
        for (size_t j = 0; j < size; j++)
            head[j] = (char)(wanted[i].head.at[j] | 0x20);
        want_put(&heads, head, size, factor, wanted[i].least < WANT_LONG_LEAST ? wanted[i].kind : WANT_LONG_LAW);
    }
    want_put(&heads, "kr  ", 4, factor, WANT_LED | WANT_CUE);
    want_put(&heads, "d   ", 4, factor, WANT_LED); /* "d. 5" */
    want_put(&heads, "l   ", 4, factor, WANT_LED); /* "l. maj" for "1. maj" */
    want_put(&heads, "t   ", 4, factor, WANT_LED); /* "t.kr." */
    want_put(&tails, "dag", 3, factor, WANT_LED);  /* of the week */
    want_put(&tails, "DAG", 3, factor, WANT_LED);
    for (size_t i = 0; i < COUNT(law_tails); i++) {
        size_t size = law_tails[i].size < 4 ? 3 : 4;
        want_put(&tails, law_tails[i].at + law_tails[i].size - size, size, factor, WANT_LAW);
    }
}

/* The factor by which the fewest of the usual words share a place with what is wanted. */
static void wanted_print(void)
{
    uint32_t factor = 0x9E3779B1u, best = factor;
    const size_t all = COUNT(usual);
    double least = (double)all;
    for (size_t tries = 0; tries < 4000; tries++, factor = factor * 1664525u + 1013904223u) {
        double shared = 0;
        wanted_fill(factor | 1);
        for (size_t i = 0; i < COUNT(usual); i++)
            shared += want_of(usual[i], factor | 1) ? 1.0 / (double)(i + 10) : 0;
        if (shared < least) {
            least = shared;
            best = factor | 1;
        }
    }
    wanted_fill(best);
    printf("static const uint32_t wanted_factor = %" PRIu32 "u;\n", best);
    kinds_print("wanted_heads", &heads);
    kinds_print("wanted_tails", &tails);
}

/* The number of the first cue (from 0) with each first letter. */
static void cues_print(void)
{
    uint16_t first[32];
    for (size_t letter = 0; letter < COUNT(first); letter++) {
        first[letter] = 0;
        while (first[letter] < COUNT(cues) && ((size_t)cues[first[letter]].at[0] & 31) < letter)
            first[letter]++;
    }
    numbers_print("cue", "first", first, COUNT(first));
}

/* The last four bytes of a word tell that it ends as no name of an organisation does, with a genitive s or without. */
static void endings_print(void)
{
    static struct affix_kinds set;
    for (size_t i = 0; i < COUNT(endings); i++) {
        const char *stop = endings[i].at + endings[i].size;
        char genitive[4] = {stop[-3], stop[-2], stop[-1], 's'};
        if (endings[i].size < 4)
            give_up(endings[i].at, "is an ending of less than four bytes");
        kinds_put(&set, stop - 4, 4, 1);
        kinds_put(&set, genitive, 4, 1);
    }
    kinds_print("ending_kinds", &set);
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

/* Three bytes tell that no name of a body begins at a place, and no end of a title. */
static void titles_print(void)
{
    static struct affix_kinds set;
    for (size_t i = 0; i < COUNT(body_words); i++)
        kinds_put(&set, body_words[i].at, 3, TITLE_BODY);
    for (size_t i = 0; i < COUNT(title_tails); i++)
        if (title_tails[i].size > 2)
            kinds_put(&set, title_tails[i].at, 3, TITLE_END);
    kinds_print("title_kinds", &set);
}

/* How much a group of traces lets pass with `bytes` in it: all pairs of half bytes. */
static double group_width(const struct trace_tables *tables, size_t group, uint32_t bytes)
{
    double width = 1;
    for (size_t i = 0; i < TRACE_BYTES; i++, bytes >>= 8) {
        size_t lows = 0, highs = 0;
        for (size_t half = 0; half < 16; half++) {
            lows += tables->low[i][half] >> group & 1 || (bytes & 15) == half;
            highs += tables->high[i][half] >> group & 1 || (bytes >> 4 & 15) == half;
        }
        width *= (double)(lows * highs);
    }
    return width;
}

/* Every trace joins the group that it widens least. */
static void trace_join(struct trace_tables *tables, uint32_t bytes)
{
    static double widths[TRACE_GROUPS];
    size_t best = 0;
    for (size_t i = 1; i < TRACE_GROUPS; i++)
        if (group_width(tables, i, bytes) - widths[i] < group_width(tables, best, bytes) - widths[best])
            best = i;
    widths[best] = group_width(tables, best, bytes);
    for (size_t i = 0; i < TRACE_BYTES; i++, bytes >>= 8) {
        tables->low[i][bytes & 15] |= (uint8_t)(1u << best);
        tables->high[i][bytes >> 4 & 15] |= (uint8_t)(1u << best);
    }
}

/* Do all traces find slots of their own by the factor? Then they are put there. */
static bool traces_fit(struct trace_tables *tables, uint32_t factor)
{
    memset(tables->bytes, 0, sizeof tables->bytes);
    for (size_t i = 0; i < COUNT(traces); i++) {
        uint32_t bytes = affix_load(traces[i].bytes.at) | 0x20202020, slot = trace_slot(bytes, factor);
        if (tables->bytes[slot] != 0)
            return false;
        tables->bytes[slot] = bytes;
        tables->traces[slot] = traces[i].trace;
    }
    tables->factor = factor;
    return true;
}

static void traces_print(void)
{
    static struct trace_tables tables;
    uint32_t factor = 0x9E3779B1u;
    for (size_t i = 0; i < COUNT(traces); i++) {
        if (traces[i].bytes.size != TRACE_BYTES)
            give_up(traces[i].bytes.at, "is no trace of four bytes");
        trace_join(&tables, affix_load(traces[i].bytes.at) | 0x20202020);
    }
    for (size_t tries = 0; !traces_fit(&tables, factor); factor = factor * 1664525u + 1013904223u)
        if (++tries == 1u << 24)
            give_up("traces", "find no slots");
    printf("static const struct trace_tables trace_tables = {\n");
    for (size_t high = 0; high < 2; high++) {
        printf("{");
        for (size_t i = 0; i < TRACE_BYTES; i++)
            for (size_t half = 0; half < 16; half++)
                printf("%s%u%s", half ? "," : "{", (high ? tables.high : tables.low)[i][half],
                       half == 15 ? "},\n" : "");
        printf("},\n");
    }
    for (size_t what = 0; what < 2; what++) {
        printf("{");
        for (size_t i = 0; i < TRACE_SLOTS; i++)
            printf("%" PRIu32 "u,%s", (what ? tables.traces : tables.bytes)[i], i % 16 == 15 ? "\n" : "");
        printf("},\n");
    }
    printf("%" PRIu32 "u};\n", tables.factor);
}

int main(int argc, char **argv)
{
    if (argc != 2 || freopen(argv[1], "w", stdout) == NULL)
        give_up("usage", "make_lookup FILE");
    printf("/* Made by make_lookup.c out of the lists of words. */\n#include \"trace.h\"\n#include \"words.h\"\n");
    slots_print("hint", hints, COUNT(hints));
    slots_print("no_org", no_orgs, COUNT(no_orgs));
    slots_print("place", place_words, COUNT(place_words));
    slots_print("town", towns, COUNT(towns));
    slots_print("regional", regionals, COUNT(regionals));
    slots_print("trade", trades, COUNT(trades));
    slots_print("plain", plains, COUNT(plains));
    slots_print("topic", topics, COUNT(topics));
    classes_print();
    firsts_print("org", orgs, COUNT(orgs));
    firsts_print("kind", kinds, COUNT(kinds));
    tails_print("ending", endings, COUNT(endings));
    endings_print();
    tails_print("role", roles, COUNT(roles));
    tails_print("asker", askers, COUNT(askers));
    tails_print("deed", deeds, COUNT(deeds));
    tails_print("law_tail", law_tails, COUNT(law_tails));
    wanted_print();
    cues_print();
    openers_print();
    titles_print();
    traces_print();
    if (fclose(stdout) != 0)
        give_up(argv[1], "cannot be written");
    return 0;
}
