/* comparison: pages of an inventory and rows of the ledger, both in order of bytes. */
#include "comparison.h"

#include <stdio.h>
#include <string.h>

struct merge {
    struct referent_feeder *feeder;
    struct ledger *ledger;
    uint32_t shard, shards;
    int patience_ms;
    const struct referent_inventory *page;
    size_t at; /* the next entry of the page */
    struct ledger_row row;
    bool has_row;
    char row_id[REFERENT_ID_MAX_BYTES + 1];
};

static enum fault page_ask(struct merge *merge, const char *after, struct error *err)
{
    struct referent_error error = {0};
    merge->at = 0;
    enum referent_result result =
        referent_feeder_inventory(merge->feeder, merge->shard, after, merge->patience_ms, &merge->page, &error);
    if (result == REFERENT_OK)
        return FAULT_NONE;
    if (result == REFERENT_AGAIN)
        return error_set(err, FAULT_RETRY, "interrupted", "interrupted while shard %u was compared",
                         (unsigned)merge->shard);
    return error_set(err, result == REFERENT_REJECTED ? FAULT_REJECT : FAULT_RETRY, error.rule, "shard %u: %s",
                     (unsigned)merge->shard, error.text);
}

/* The next entry, or NULL behind the last. */
static enum fault entry_next(struct merge *merge, const struct comparison *seen,
                             const struct referent_inventory_entry **entry, struct error *err)
{
    *entry = NULL;
    while (merge->at == merge->page->count && !merge->page->done) {
        if (merge->page->count == 0)
            return error_set(err, FAULT_RETRY, "inventory.empty", "shard %u gives an empty page that is not the last",
                             (unsigned)merge->shard);
        TRY(page_ask(merge, merge->page->entries[merge->page->count - 1].id, err));
        if (memcmp(merge->page->lineage, seen->lineage, sizeof seen->lineage) != 0)
            return error_set(err, FAULT_RETRY, "inventory.lineage",
                             "shard %u was made anew while it was compared; try again", (unsigned)merge->shard);
    }
    if (merge->at < merge->page->count)
        *entry = &merge->page->entries[merge->at];
    return FAULT_NONE;
}

/* The next row of this shard after row_id. */
static enum fault row_next(struct merge *merge, struct error *err)
{
    do {
        TRY(ledger_next(merge->ledger, merge->row_id, &merge->row, &merge->has_row, err));
        if (merge->has_row)
            snprintf(merge->row_id, sizeof merge->row_id, "%s", merge->row.id);
    } while (merge->has_row && referent_shard_of(merge->row_id, merge->shards) != merge->shard);
    return FAULT_NONE;
}

static enum fault merge_all(struct merge *merge, const struct comparison *seen, comparison_visit visit, void *self,
                            struct error *err)
{
    if (merge->ledger != NULL)
        TRY(row_next(merge, err));
    for (;;) {
        const struct referent_inventory_entry *entry;
        TRY(entry_next(merge, seen, &entry, err));
        if (entry == NULL && !merge->has_row)
            return FAULT_NONE;
        int order = entry == NULL ? 1 : !merge->has_row ? -1 : strcmp(entry->id, merge->row_id);
        TRY(visit(self, order <= 0 ? entry : NULL, order >= 0 ? &merge->row : NULL, err));
        merge->at += order <= 0;
        if (order >= 0)
            TRY(row_next(merge, err));
    }
}

enum fault comparison_run(struct referent_feeder *feeder, struct ledger *ledger, uint32_t shard, uint32_t shards,
                          int patience_ms, comparison_visit visit, void *self, struct comparison *out,
                          struct error *err)
{
    struct merge merge = {
        .feeder = feeder, .ledger = ledger, .shard = shard, .shards = shards, .patience_ms = patience_ms};
    TRY(page_ask(&merge, "", err));
    memcpy(out->lineage, merge.page->lineage, sizeof out->lineage);
    out->sequence = merge.page->sequence;
    return merge_all(&merge, out, visit, self, err);
}
