/* org_again: a name that was told once by its form or the words around it, and stands elsewhere without them: "Dansk
 * Miljøanalyse ApS" and "Dansk Miljøanalyse", "tilbud fra Bascon" and "Bascon har". After the pass over the text. Pure.
 */
#include "org.h"
#include "reading.h"
#include "word_class.h"

#include <stdlib.h>

enum { NAMES_MOST = 24 }; /* a document names so few that way; more would cost a look over the text each */

/* The company's name without its form, empty if too little would be left to know it by. */
static struct span without_form(struct span name)
{
    size_t size = name.size;
    while (size > 0 && name.at[size - 1] != ' ')
        size--;
    struct span base = span_cut(name, 0, size > 0 ? size - 1 : 0);
    const char *stop = glance_word(base.at);
    struct span first = {base.at, (size_t)(stop - base.at)};
    bool single = base.size == first.size;
    bool usual =
        single && (is_given_name(base) || is_place_like(base) || word_ends(base, SPAN("sen")) ||
                   word_ends(base, SPAN("en")) || word_ends(base, SPAN("et")) || word_class(base.at, stop) != 0);
    return base.size < 4 || usual || memchr(base.at, '\n', base.size) ? (struct span){0} : base;
}

/* What the text may hold once more of this organisation, empty if nothing. */
static struct span name_again(const struct reading *reading, const struct entity *entity)
{
    struct span name = reading_cut(reading, entity->start, entity->end);
    if (entity->type != ENTITY_ORG)
        return (struct span){0};
    if (entity->rule == org_asked_rule)
        return memchr(name.at, '\n', name.size) ? (struct span){0} : name;
    return org_by_company(entity->rule) ? without_form(name) : (struct span){0};
}

static bool is_capital(const char *at)
{
    return (*at >= 'A' && *at <= 'Z') || ((unsigned char)at[0] == 0xC3 && (unsigned char)at[1] < 0x9F);
}

/* The name from `at` to `stop` stands by itself: no word or capital word joins it. */
static bool stands_alone(const struct reading *reading, const char *at, const char *stop)
{
    const char *base = reading->body.text.at, *end = base + reading->body.text.size;
    if (at > base && (org_letter(at - 1) || at[-1] == '-' || at[-1] == '/' || at[-1] == '.' || at[-1] == '&'))
        return false;
    if (at > base + 1 && at[-1] == ' ') {
        struct span before = word_before(&reading->body, (size_t)(at - base));
        bool touches = before.size && before.at + before.size == at - 1;
        if (at[-2] == '&' || (touches && is_capital(before.at)))
            return false;
    }
    if (stop >= end)
        return true;
    bool genitive = *stop == 's' && !org_letter(stop + 1);
    stop += genitive;
    if ((org_letter(stop) && !genitive) || *stop == '-' || *stop == '/' || (*stop == '.' && org_letter(stop + 1)))
        return false;
    return *stop != ' ' || genitive || !(is_capital(stop + 1) || stop[1] == '&');
}

static bool names_find(struct reading *reading, struct span name)
{
    const char *base = reading->body.text.at, *end = base + reading->body.text.size, *at = base;
    while ((at = text_seek((struct span){at, (size_t)(end - at)}, name.at, name.size, false)) != NULL) {
        const char *stop = at + name.size;
        if (memcmp(at, name.at, name.size) == 0 && stands_alone(reading, at, stop)) {
            struct entity *entity = LIST_PUSH(reading->arena, &reading->entities);
            if (!entity)
                return false;
            *entity = (struct entity){.type = ENTITY_ORG,
                                      .start = (size_t)(at - base),
                                      .end = (size_t)(stop - base),
                                      .value = name,
                                      .rule = "org.again"};
        }
        at = stop;
    }
    return true;
}

/* By where they begin; of two at one place the longer one first. */
static int order_of_entities(const void *a, const void *b)
{
    const struct entity *left = a, *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return (left->end < right->end) - (left->end > right->end);
}

/* The entities from `known` on, which were found last, go where they belong among the others. */
static bool entities_merge(struct reading *reading, size_t known)
{
    struct entity *all = reading->entities.items;
    size_t more = reading->entities.count - known;
    bool sorted = true;
    for (size_t i = 1; i < known && sorted; i++)
        sorted = order_of_entities(&all[i - 1], &all[i]) <= 0;
    if (!sorted) {
        qsort(all, known + more, sizeof *all, order_of_entities);
        return true;
    }
    struct entity *late = arena_alloc(reading->arena, more * sizeof *late);
    if (!late)
        return false;
    memcpy(late, all + known, more * sizeof *late);
    qsort(late, more, sizeof *late, order_of_entities);
    for (size_t left = known, to = known + more; more > 0;) {
        bool later = left > 0 && order_of_entities(&all[left - 1], &late[more - 1]) > 0;
        all[--to] = later ? all[--left] : late[--more];
    }
    return true;
}

bool org_again(struct reading *reading)
{
    struct span names[NAMES_MOST];
    size_t count = 0, known = reading->entities.count;
    for (size_t i = 0; i < known && count < NAMES_MOST; i++) {
        struct span name = name_again(reading, &reading->entities.items[i]);
        bool fresh = name.size > 0;
        for (size_t j = 0; fresh && j < count; j++)
            fresh = !span_equal(names[j], name);
        if (fresh)
            names[count++] = name;
    }
    for (size_t i = 0; i < count; i++)
        if (!names_find(reading, names[i]))
            return false;
    return reading->entities.count == known || entities_merge(reading, known);
}
