/* make_lookup: runs while the worker is built, and writes word_lookup.h: the slots and sets of the lists of words
 * (words.h).
 *
 *   lookup_print.c  the shapes of tables       lookup_class.c  which lists a word stands on
 *   lookup_want.c   which rules may want it    lookup_trace.c  where a text may hold more */
#include "lookup_print.h"
#include "opener.h"

#include <stdio.h>

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
static const struct span municipalities[] = {
/* their full names */
#define MUNICIPALITY(code, name, full) WORD(full),
#define REGION(code, full, domain)     WORD(full),
#include "municipality.def"
#undef MUNICIPALITY
#undef REGION
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
static const struct span cues[] = {
#define CUE(head) WORD(head),
#include "cue.def"
#undef CUE
};
static const struct {
    struct span head;
    unsigned kinds;
} openers[] = {
#define OPENER(head, kinds) {WORD(head), kinds},
#include "opener.def"
#undef OPENER
};
static const struct span endings[] = {
#define ENDING(part, ending) WORD(ending),
#include "ending.def"
};

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

int main(int argc, char **argv)
{
    if (argc != 2 || freopen(argv[1], "w", stdout) == NULL)
        give_up("usage", "make_lookup FILE");
    printf("/* Made by make_lookup.c out of the lists of words. */\n#include \"trace.h\"\n#include \"words.h\"\n");
    slots_print("hint", hints, COUNT(hints));
    slots_print("no_org", no_orgs, COUNT(no_orgs));
    slots_print("place", place_words, COUNT(place_words));
    slots_print("town", towns, COUNT(towns));
    slots_print("municipality", municipalities, COUNT(municipalities));
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
