/* trial: ours beside stock's. */
#define _XOPEN_SOURCE 700
#include <sys/stat.h>

#include "trial.h"

#include "temp.h"

bool trial_open(struct trial *trial)
{
    *trial = (struct trial){0};
    if (!temp_make(trial->folder))
        return false;
    snprintf(trial->ours, sizeof trial->ours, "%s/ours", trial->folder);
    snprintf(trial->stock, sizeof trial->stock, "%s/stock", trial->folder);
    snprintf(trial->compact, sizeof trial->compact, "%s/compact", trial->folder);
    snprintf(trial->merged, sizeof trial->merged, "%s/merged", trial->folder);
    snprintf(trial->merged_stock, sizeof trial->merged_stock, "%s/merged_stock", trial->folder);
    return true;
}

void trial_clear_ours(struct trial *trial)
{
    temp_remove(trial->ours);
}

void trial_clear(struct trial *trial)
{
    trial_clear_ours(trial);
    temp_remove(trial->stock);
    temp_remove(trial->compact);
    temp_remove(trial->merged);
    temp_remove(trial->merged_stock);
}

void trial_close(struct trial *trial)
{
    temp_remove(trial->folder);
}

static enum fault fill(struct builder *builder, const struct collection *collection, const struct trial *trial,
                       struct error *err)
{
    TRY(builder_begin(builder, trial->ours, err));
    for (size_t i = 0; i < collection->count; i++) {
        TRY(builder_add(builder, &collection->documents[i], err));
        if (trial->spill > 0 && i % trial->spill == trial->spill - 1 && !builder_is_spent(builder))
            TRY(builder_spill(builder, err));
    }
    for (size_t i = 0; i < collection->meta_count; i++)
        TRY(builder_meta(builder, collection->meta[i].key, collection->meta[i].value, err));
    return builder_finish(builder, NULL, err);
}

bool trial_build(struct trial *trial, const struct collection *collection, int level)
{
    struct error err;
    struct builder_options options = {.memory_bytes = SIZE_MAX, .level = level, .unsynced = trial->unsynced};
    if (level < 0)
        options = (struct builder_options){.memory_bytes = SIZE_MAX, .deflate = stock_deflate};
    struct builder *builder = builder_new(&options);
    enum fault fault = fill(builder, collection, trial, &err);
    if (fault != FAULT_NONE)
        snprintf(trial->message, sizeof trial->message, "%s: %s", err.rule, err.text);
    builder_free(&builder);
    return fault == FAULT_NONE;
}

bool trial_stock(struct trial *trial, const struct collection *collection, size_t batch)
{
    const char *stock = trial->stock;
    return stock_build(collection, trial->stock, batch, trial->message) &&
           stock_compact(&stock, 1, trial->compact, trial->message);
}

bool trial_compare(struct trial *trial, uint64_t seed, unsigned searches, bool blocks)
{
    return stock_check(trial->ours, trial->message) &&
           stock_equal(trial->ours, trial->stock, seed, searches, trial->message) &&
           (!blocks || blocks_equal(trial->ours, trial->compact, trial->message));
}

bool trial_live_on(struct trial *trial, uint64_t seed, const struct index_document *more)
{
    const char *mixed[] = {trial->stock, trial->ours, trial->compact},
               *pure[] = {trial->stock, trial->compact, trial->stock};
    return stock_compact(mixed, 3, trial->merged, trial->message) &&
           stock_compact(pure, 3, trial->merged_stock, trial->message) && stock_check(trial->merged, trial->message) &&
           stock_equal(trial->merged, trial->merged_stock, seed, 20, trial->message) &&
           stock_edit(trial->ours, seed, more, trial->message) &&
           stock_edit(trial->stock, seed, more, trial->message) && stock_check(trial->ours, trial->message) &&
           stock_equal(trial->ours, trial->stock, seed, 20, trial->message);
}
