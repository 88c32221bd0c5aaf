/* lookup_class: the tables of word_class.h: each listed word finds a place of its own. Part of make_lookup. */
#include "lookup_print.h"

#include "glance_bytes.h"
#include "word_class.h"

#include <inttypes.h>
#include <stdio.h>

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

void classes_print(void)
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
