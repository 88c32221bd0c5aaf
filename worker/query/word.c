/* word: a typed word and its many faces. On a search thread. */
#include "word.h"

#include "near.h"
#include "spelling.h"

/* ---------------------------------------------------------------- reading */

static bool has(const struct span *list, size_t count, struct span stem)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(list[i], stem))
            return true;
    return false;
}

static enum fault push(struct asking *asking, struct span *list, size_t most, size_t *count, struct span stem)
{
    if (stem.size == 0 || *count >= most || has(list, *count, stem))
        return FAULT_NONE;
    struct text copy = arena_copy(asking->arena, stem); /* the caches forget it */
    list[(*count)++] = (struct span){copy.at, copy.size};
    return copy.at ? FAULT_NONE : arena_full(asking->err);
}

/* Words of texts and parts of their compounds alike. */
static enum fault is_live(struct asking *asking, struct span stem, bool *live)
{
    uint64_t documents;
    TRY(live_word(asking, PREFIX_TEXT, stem, &documents));
    if (documents == 0)
        TRY(live_word(asking, PREFIX_PART, stem, &documents));
    if (documents == 0)
        TRY(live_word(asking, PREFIX_TITLE, stem, &documents));
    *live = documents > 0;
    return FAULT_NONE;
}

/* Another spelling counts only if the index has it. */
static enum fault spelt_add(struct asking *asking, struct span spelt, struct word *word)
{
    bool live;
    struct span stem = language_stem(asking->language, spelt);
    if (stem.size == 0 || has(word->stems, word->stem_count, stem))
        return FAULT_NONE;
    size_t before = word->stem_count;
    TRY(push(asking, word->stems, WORD_STEMS_MAX, &word->stem_count, stem));
    if (word->stem_count == before)
        return FAULT_NONE;
    TRY(is_live(asking, word->stems[before], &live));
    if (!live && before > 0)
        word->stem_count = before;
    word->live = word->live || live;
    return FAULT_NONE;
}

static enum fault spellings_add(struct asking *asking, struct word *word, bool mend)
{
    struct spelling_list list;
    if (!spelling_variants(asking->arena, word->typed, &list))
        return arena_full(asking->err);
    for (size_t i = 0; i < list.count; i++)
        TRY(spelt_add(asking, list.words[i], word));
    if (word->live || !mend)
        return FAULT_NONE;
    if (!spelling_bare(asking->arena, word->typed, &list))
        return arena_full(asking->err);
    for (size_t i = 0; i < list.count; i++)
        TRY(spelt_add(asking, list.words[i], word));
    return FAULT_NONE;
}

/* Dictionary forms and parts of the word, as it is spelt in Danish if there is a choice. */
static enum fault parts_add(struct asking *asking, struct span spelt, struct word *word)
{
    struct compound compound;
    language_compound(asking->language, spelt, &compound);
    for (size_t i = 0; i < compound.count; i++) {
        const struct compound_stem *one = &compound.stems[i];
        if (one->part == COMPOUND_FORM)
            TRY(push(asking, word->forms, WORD_STEMS_MAX, &word->form_count, one->stem));
        else if (one->part != COMPOUND_JOIN)
            TRY(push(asking, word->parts[one->part - 1].stems, WORD_PART_STEMS_MAX, &word->parts[one->part - 1].count,
                     one->stem));
    }
    word->part_count = compound.parts;
    return FAULT_NONE;
}

static enum fault compounds_add(struct asking *asking, struct word *word)
{
    struct spelling_list list;
    TRY(parts_add(asking, word->typed, word));
    if (!spelling_variants(asking->arena, word->typed, &list))
        return arena_full(asking->err);
    for (size_t i = 1; i < list.count && word->part_count == 0; i++)
        TRY(parts_add(asking, list.words[i], word));
    for (size_t i = 0; i < word->form_count && !word->live; i++)
        TRY(is_live(asking, word->forms[i], &word->live));
    return FAULT_NONE;
}

/* A compound that nobody wrote so may still be there in pieces. */
static enum fault parts_live(struct asking *asking, const struct word *word, bool *all)
{
    *all = word->part_count > 0;
    for (size_t i = 0; i < word->part_count && *all; i++) {
        bool any = false;
        for (size_t n = 0; n < word->parts[i].count && !any; n++)
            TRY(is_live(asking, word->parts[i].stems[n], &any));
        *all = any;
    }
    return FAULT_NONE;
}

enum fault word_read(struct asking *asking, struct span typed, bool mend, struct word *out)
{
    *out = (struct word){.typed = typed};
    TRY(spellings_add(asking, out, mend));
    TRY(compounds_add(asking, out));
    if (out->live || !mend || out->stem_count == 0)
        return FAULT_NONE;
    TRY(near_stems(asking, out->stems[0], out->near, WORD_NEAR_MAX, &out->near_count));
    return out->near_count == 0 ? parts_live(asking, out, &out->live) : FAULT_NONE;
}

/* ---------------------------------------------------------------- composing */

static enum fault terms_under(struct tree *tree, enum schema_prefix prefix, const struct span *stems, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(tree_term(tree, live_term(tree->arena, prefix, stems[i])));
    return FAULT_NONE;
}

/* Any of the stems, in all spellings and forms, as one word. */
static enum fault same_under(struct tree *tree, enum schema_prefix prefix, const struct word *word)
{
    TRY(terms_under(tree, prefix, word->stems, word->stem_count));
    TRY(terms_under(tree, prefix, word->forms, word->form_count));
    return tree_join(tree, QUERY_SYNONYM, word->stem_count + word->form_count);
}

/* Each part, on its own or in a compound. */
static enum fault split_compose(struct tree *tree, const struct word *word, double weight)
{
    for (size_t i = 0; i < word->part_count; i++) {
        const struct word_part *part = &word->parts[i];
        TRY(terms_under(tree, PREFIX_TEXT, part->stems, part->count));
        TRY(terms_under(tree, PREFIX_PART, part->stems, part->count));
        TRY(tree_join(tree, QUERY_SYNONYM, part->count * 2));
    }
    TRY(tree_join(tree, QUERY_AND, word->part_count));
    return tree_scale(tree, weight);
}

/* Mended words count as the word itself would, in titles as well, but less. */
static enum fault near_compose(struct tree *tree, const struct word *word, const struct word_weights *weights)
{
    TRY(terms_under(tree, PREFIX_TEXT, word->near, word->near_count));
    TRY(terms_under(tree, PREFIX_PART, word->near, word->near_count));
    TRY(tree_join(tree, QUERY_SYNONYM, word->near_count * 2));
    TRY(terms_under(tree, PREFIX_TITLE, word->near, word->near_count));
    TRY(tree_join(tree, QUERY_SYNONYM, word->near_count));
    TRY(tree_scale(tree, weights->title));
    TRY(tree_join(tree, QUERY_OR, 2));
    return tree_scale(tree, weights->near);
}

static enum fault marks_add(struct tree *tree, const struct word *word, struct mark_list *marks)
{
    bool room = true;
    for (size_t i = 0; i < word->stem_count; i++)
        room = room && mark_add(tree->arena, marks, MARK_STEM, word->stems[i]);
    for (size_t i = 0; i < word->form_count; i++)
        room = room && mark_add(tree->arena, marks, MARK_STEM, word->forms[i]);
    for (size_t i = 0; i < word->near_count; i++)
        room = room && mark_add(tree->arena, marks, MARK_STEM, word->near[i]);
    for (size_t i = 0; i < word->part_count; i++)
        for (size_t n = 0; n < word->parts[i].count; n++)
            room = room && mark_add(tree->arena, marks, MARK_PART, word->parts[i].stems[n]);
    return room ? FAULT_NONE : arena_full(tree->err);
}

enum fault word_compose(struct tree *tree, const struct word *word, const struct word_weights *weights,
                        struct mark_list *marks)
{
    size_t ways = 3;
    TRY(same_under(tree, PREFIX_TEXT, word));
    TRY(same_under(tree, PREFIX_PART, word));
    TRY(tree_scale(tree, weights->part));
    if (word->part_count > 1) {
        TRY(split_compose(tree, word, weights->split));
        ways++;
    }
    if (word->near_count > 0) {
        TRY(near_compose(tree, word, weights));
        ways++;
    }
    TRY(same_under(tree, PREFIX_TITLE, word));
    TRY(tree_scale(tree, weights->title));
    TRY(tree_join(tree, QUERY_OR, ways));
    return marks_add(tree, word, marks);
}
