/* understand: free words of the query, run by run. On a search thread. */
#include "understand.h"

#include "minutes.h"
#include "normal.h"
#include "run.h"
#include "token.h"
#include "value.h"

#include <stdlib.h>

enum { QUERY_DIGITS_MIN = 4 };

static const double WEIGHT_CASE = 10, WEIGHT_LAW = 4, WEIGHT_ORG = 3, WEIGHT_KLE = 5, WEIGHT_AMOUNT = 5,
                    WEIGHT_DATE = 4;

enum fault run_claim(struct run *run, size_t first, size_t end, struct meaning meaning, struct tree *tree)
{
    struct meaning *added = LIST_PUSH(run->asking->arena, &run->out->meanings);
    meaning.match = tree_cut(tree, 0);
    if (added == NULL || meaning.match.nodes == NULL)
        return arena_full(run->asking->err);
    meaning.start = run->words[first].start;
    meaning.end = run->words[end - 1].end;
    if (meaning.value.at == NULL)
        meaning.value = run_text(run, first, end);
    *added = meaning;
    for (size_t i = first; i < end; i++)
        run->words[i].claimed = true;
    return FAULT_NONE;
}

static struct tree tree_of(struct run *run)
{
    return (struct tree){.arena = run->asking->arena, .err = run->asking->err};
}

/* Any of the terms, if the index has one of them. */
static enum fault claim_live(struct run *run, size_t first, size_t end, const struct term_list *terms,
                             struct meaning meaning)
{
    bool live = false;
    struct tree tree = tree_of(run);
    for (size_t i = 0; i < terms->count && !live; i++) {
        uint64_t documents;
        TRY(live_count(run->asking, terms->terms[i], &documents));
        live = documents > 0;
    }
    if (!live)
        return FAULT_NONE;
    TRY(tree_any(&tree, terms));
    return run_claim(run, first, end, meaning, &tree);
}

/* ---------------------------------------------------------------- case numbers */

static size_t digits_in(struct span text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.size; i++)
        digits += text.at[i] >= '0' && text.at[i] <= '9';
    return digits;
}

static bool all_have_digits(const struct run *run, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (digits_in(run_text(run, i, i + 1)) == 0)
            return false;
    return true;
}

static enum fault case_claim(struct run *run, size_t first, size_t end)
{
    static const char *const leads[] = {"sag",   "sagen", "sags",      "sagsnr", "sagsnummer",
                                        "sagnr", "nr",    "journalnr", NULL};
    struct term_list terms;
    struct error ignored;
    struct span text = run_text(run, first, end);
    if (digits_in(text) < QUERY_DIGITS_MIN ||
        filter_terms(run->asking->arena, FILTER_CASE, text, &terms, &ignored) != FAULT_NONE)
        return FAULT_NONE;
    size_t from = first;
    while (from > 0 && run_is_any(run, from - 1, leads) && run_is_free(run, from - 1, from))
        from--;
    struct meaning meaning = {.kind = "case", .value = text, .weight = WEIGHT_CASE};
    return claim_live(run, from, end, &terms, meaning);
}

enum fault understand_cases(struct run *run)
{
    enum { CASE_WORDS = 6 };
    for (size_t first = 0; first < run->count; first++)
        for (size_t words = CASE_WORDS; words > 0; words--)
            if (run_is_free(run, first, first + words) && all_have_digits(run, first, first + words))
                TRY(case_claim(run, first, first + words));
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- what the extraction finds */

/* The words that an entity of the run's text touches; false if one of them is taken. */
static bool words_of(const struct run *run, const struct entity *entity, size_t *first, size_t *end)
{
    size_t base = run->words[0].start, from = base + entity->start, to = base + entity->end;
    *first = 0;
    while (*first < run->count && run->words[*first].end <= from)
        ++*first;
    *end = *first;
    while (*end < run->count && run->words[*end].start < to)
        ++*end;
    return run_is_free(run, *first, *end);
}

static enum fault filter_claim(struct run *run, size_t first, size_t end, enum filter filter, struct span value,
                               struct meaning meaning)
{
    struct term_list terms;
    struct error ignored;
    meaning.value = value;
    if (filter_terms(run->asking->arena, filter, value, &terms, &ignored) != FAULT_NONE)
        return FAULT_NONE;
    return claim_live(run, first, end, &terms, meaning);
}

static enum fault amount_claim(struct run *run, size_t first, size_t end, const struct entity *entity)
{
    struct amount_range amounts = {entity->low_ore, entity->high_ore};
    struct term_list terms;
    struct span text = value_amounts_text(run->asking->arena, &amounts);
    TRY(range_amount_cover(run->asking->arena, amounts.low_ore, amounts.high_ore, &terms, run->asking->err));
    return text.at ? claim_live(run, first, end, &terms,
                                (struct meaning){.kind = "amount", .value = text, .weight = WEIGHT_AMOUNT})
                   : arena_full(run->asking->err);
}

/* A day: of the meeting, or mentioned. */
static enum fault date_claim(struct run *run, size_t first, size_t end, const struct entity *entity)
{
    struct arena *arena = run->asking->arena;
    struct day_range days = {entity->day, entity->day};
    struct term_list mentioned;
    if (entity->day.year == 0)
        return FAULT_NONE;
    TRY(range_day_cover(arena, entity->day, entity->day, &mentioned, run->asking->err));
    struct span *terms = arena_zero(arena, mentioned.count + 1, sizeof *terms);
    struct span text = value_days_text(arena, &days);
    if (terms == NULL || text.at == NULL)
        return arena_full(run->asking->err);
    if (mentioned.count > 0)
        memcpy(terms, mentioned.terms, mentioned.count * sizeof *terms);
    TRY(filter_date(arena, entity->day, &terms[mentioned.count], run->asking->err));
    struct term_list all = {terms, mentioned.count + 1};
    return claim_live(run, first, end, &all, (struct meaning){.kind = "date", .value = text, .weight = WEIGHT_DATE});
}

static enum fault entity_claim(struct run *run, const struct entity *entity)
{
    size_t first, end;
    if (!words_of(run, entity, &first, &end))
        return FAULT_NONE;
    switch (entity->type) {
    case ENTITY_AMOUNT: return amount_claim(run, first, end, entity);
    case ENTITY_DATE: return date_claim(run, first, end, entity);
    case ENTITY_LAW:
        return filter_claim(run, first, end, FILTER_LAW, entity->value,
                            (struct meaning){.kind = "law", .weight = WEIGHT_LAW});
    case ENTITY_ORG:
        return filter_claim(run, first, end, FILTER_ORG, entity->value,
                            (struct meaning){.kind = "org", .weight = WEIGHT_ORG});
    case ENTITY_KLE:
        return filter_claim(run, first, end, FILTER_KLE, entity->value,
                            (struct meaning){.kind = "kle", .weight = WEIGHT_KLE});
    case ENTITY_MEMBER:
    case ENTITY_OFFICIAL:
    case ENTITY_CASE:
    case ENTITY_DOCUMENT:
    case ENTITY_ITEM: break; /* names and numbers are told by the index itself */
    }
    return FAULT_NONE;
}

enum fault understand_entities(struct run *run)
{
    struct minutes minutes;
    TRY(minutes_read(run->asking->arena, run_text(run, 0, run->count), MEDIA_PLAIN, &minutes, run->asking->err));
    for (size_t i = 0; i < minutes.entity_count; i++)
        TRY(entity_claim(run, &minutes.entities[i]));
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- words that make one */

/* "flex bolig" for "flexbolig": two words are one as well, if the index has that one. */
static enum fault join_claim(struct run *run, size_t first)
{
    static const char *const links[] = {"", "s", "e"};
    const double weight = 4;
    struct span left = run->words[first].folded, right = run->words[first + 1].folded;
    struct span parts[2] = {run_text(run, first, first + 1), run_text(run, first + 1, first + 2)};
    if (left.size < 3 || right.size < 3 || digits_in(parts[0]) + digits_in(parts[1]) > 0 ||
        memchr(left.at, ' ', left.size) != NULL || memchr(right.at, ' ', right.size) != NULL)
        return FAULT_NONE;
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        struct text typed = arena_format(run->asking->arena, "%.*s%s%.*s", (int)parts[0].size, parts[0].at, links[i],
                                         (int)parts[1].size, parts[1].at);
        struct token_scan scan;
        struct token token;
        if (typed.at == NULL)
            return arena_full(run->asking->err);
        token_begin(&scan, (struct span){typed.at, typed.size});
        if (!token_next(&scan, &token) || token.end < typed.size)
            continue;
        struct span stem = language_stem(run->asking->language, token.word);
        struct span term = live_term(run->asking->arena, PREFIX_TEXT, stem);
        if (term.at == NULL)
            return arena_full(run->asking->err);
        struct meaning meaning = {.kind = "join", .value = {typed.at, typed.size}, .weight = weight};
        TRY(claim_live(run, first, first + 2, &(struct term_list){&term, 1}, meaning));
        if (run->words[first].claimed)
            break;
    }
    return FAULT_NONE;
}

static enum fault understand_joins(struct run *run)
{
    for (size_t first = 0; first + 1 < run->count; first++)
        if (run_is_free(run, first, first + 2))
            TRY(join_claim(run, first));
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- runs */

static enum fault run_understand(struct run *run)
{
    if (run->count == 0)
        return FAULT_NONE;
    TRY(understand_amounts(run));
    TRY(understand_dates(run));
    TRY(understand_cases(run));
    TRY(understand_entities(run));
    TRY(understand_names(run));
    return understand_joins(run);
}

static int by_start(const void *left, const void *right)
{
    const struct meaning *a = left, *b = right;
    return (a->start > b->start) - (a->start < b->start);
}

enum fault understand(struct asking *asking, struct span query, const struct syntax *tree, struct understanding *out)
{
    struct run run = {.asking = asking, .query = query, .out = out};
    const struct syntax *node = tree != NULL && tree->kind == SYNTAX_AND ? tree->first : tree;
    bool single = node == tree; /* its siblings are no part of it */
    for (; node != NULL; node = single ? NULL : node->next) {
        if (node->kind == SYNTAX_WORD && run.count < RUN_WORDS_MAX) {
            struct run_word *word = &run.words[run.count++];
            *word = (struct run_word){node->start, node->end, normal_fold(asking->arena, node->text), false};
            if (word->folded.at == NULL)
                return arena_full(asking->err);
        }
        if (node->kind != SYNTAX_WORD || single || node->next == NULL) {
            TRY(run_understand(&run));
            run.count = 0;
        }
    }
    if (out->meanings.count > 1)
        qsort(out->meanings.items, out->meanings.count, sizeof *out->meanings.items, by_start);
    return FAULT_NONE;
}
