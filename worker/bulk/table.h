/* A glass table written bottom-up: items come in order of keys, blocks fill one after the other, and what stands on
 * disk in the end is, block for block, what xapian-compact makes of the same items.
 *
 *   begin ──> [table_add]* ──> end: files synced, root known
 *
 *   level 2                 ┌──────── 5 ────────┐         Numbers are given when a block is begun: leaf 0, leaf 1, then
 *   level 1      ┌──── 2 ───┴──┐       ┌─── 4 ──┴───      branch 2, which leaf 1 made necessary, leaf 3 and so on.
 *   level 0   leaf 0  leaf 1   …     leaf 3
 *
 * Invariants: (1) Keys ascend strictly. (2) Every number below the file's next one is reachable from the root exactly
 * once. (3) A separator is passed up as soon as the block on its right is begun, and is the shortest that parts the two
 * leaves; branches part at the whole separator. (4) The first item of the first leaf has the empty key and no tag, and
 * is not counted. (5) No item is larger than a quarter of a block, so that stock can split any block later. */
#ifndef REFERENT_BULK_TABLE_H
#define REFERENT_BULK_TABLE_H

#include "block.h"
#include "block_file.h"
#include "error.h"

#include <stdbool.h>

enum { KEY_MAX_BYTES = 255 };

/* Stock believes that keys come in order after ten items, and halves a leaf that is full before that. Compaction tells
 * it so from the start, but the tables that are opened only with their first item, docdata and position, have not heard
 * it (Xapian 1.4.22 glass, sequential insertion). */
enum { STEADY_ITEMS = 10 };

struct table {
    struct block_file file;
    struct block levels[BLOCK_FILE_LEVELS];
    char *branches; /* the bytes of levels 1 and up; a leaf lies in the window of the file */
    uint32_t height;
    uint32_t item_max;
    bool steady;
    uint32_t items; /* written while the table is young, see STEADY_ITEMS */
    uint64_t entries;
};

/* What the version file tells of a table. */
struct table_root {
    uint32_t block;
    uint32_t level;
    uint64_t entries; /* 0: an empty tree */
    uint32_t blocks;
    uint32_t block_size;
};

/* block_size: a power of two, 2048..65536. False without memory. */
NODISCARD bool table_init(struct table *table, uint32_t block_size);
void table_done(struct table *table);

/* Faults of all below: FAULT_REOPEN bulk.write (the disk), FAULT_STOP bulk.path. After one the table can only be
 * dropped. */
/* steady: full leaves stay full from the first one on; see STEADY_ITEMS; and the file
 * is there even without entries. */
NODISCARD enum fault table_begin(struct table *table, const char *directory, const char *name, bool steady,
                                 struct error *err);
/* 1..KEY_MAX_BYTES of key, greater than the last one's; any tag below 65,535 components. Not borrowed. In line as far
 * as the leaf has room for the item, which is nearly always so. */
NODISCARD enum fault table_add_seldom(struct table *table, struct span key, struct span tag, bool compressed,
                                      struct error *err);
NODISCARD static inline enum fault table_add(struct table *table, struct span key, struct span tag, bool compressed,
                                             struct error *err)
{
    struct block *leaf = &table->levels[0];
    size_t size = LEAF_FIXED + key.size + tag.size;
    if (compressed || table->items < STEADY_ITEMS || size > table->item_max ||
        block_free(leaf) < size + DIRECTORY_ENTRY)
        return table_add_seldom(table, key, tag, compressed, err);
    table->entries++;
    block_put_leaf(leaf, (struct item_key){key, 1}, tag, LEAF_LAST);
    return FAULT_NONE;
}
/* The same, with a document id behind the key. */
NODISCARD enum fault table_add_of_seldom(struct table *table, struct span key, uint32_t docid, struct span tag,
                                         struct error *err);
NODISCARD static inline enum fault table_add_of(struct table *table, struct span key, uint32_t docid, struct span tag,
                                                struct error *err)
{
    struct block *leaf = &table->levels[0];
    size_t size = LEAF_FIXED + key.size + SORT_UINT_MAX_BYTES + tag.size;
    if (table->items < STEADY_ITEMS || size > table->item_max || block_free(leaf) < size + DIRECTORY_ENTRY)
        return table_add_of_seldom(table, key, docid, tag, err);
    table->entries++;
    block_put_of(leaf, key, docid, tag);
    return FAULT_NONE;
}
NODISCARD enum fault table_end(struct table *table, struct table_root *root, struct error *err);
void table_drop(struct table *table);

/* The longest tag that is sure to fit. */
size_t table_tag_max(const struct table *table);

#endif
