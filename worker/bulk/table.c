/* table: the B-tree writer. Called by whatever makes items in order: postlist, position, termlist, docdata. */
#include "table.h"

#include "coding.h"

#include <assert.h>
#include <stdlib.h>

enum { COMPONENTS_MAX = 65535 };

/* A first component that would fill the rest of a leaf must hold this much beyond its key to be worth another item
 * (stock's full compaction has the same bound). */
enum { FILL_MIN_BYTES = 34 };

bool table_init(struct table *table, uint32_t block_size)
{
    *table = (struct table){.item_max = (block_size - BLOCK_HEADER - 4 * DIRECTORY_ENTRY) / 4};
    if (table->item_max > LEAF_MAX_BYTES)
        table->item_max = LEAF_MAX_BYTES;
    table->branches = calloc(BLOCK_FILE_LEVELS, block_size);
    return block_file_init(&table->file, block_size) && table->branches != NULL;
}

void table_done(struct table *table)
{
    block_file_done(&table->file);
    free(table->branches);
    table->branches = NULL;
}

enum fault table_begin(struct table *table, const char *directory, const char *name, bool steady, struct error *err)
{
    uint32_t number;
    char *at;
    table->height = 1;
    table->steady = steady;
    table->items = steady ? STEADY_ITEMS : 0;
    table->entries = 0;
    TRY(block_file_begin(&table->file, directory, name, err));
    TRY(block_file_leaf(&table->file, &number, &at, err));
    block_open(&table->levels[0], at, (uint32_t)table->file.block_size, number, 0);
    if (!MISTAKE(NULL_ITEM))
        block_put_leaf(&table->levels[0], (struct item_key){{"", 0}, 1}, (struct span){"", 0}, LEAF_LAST);
    return FAULT_NONE;
}

/* Open the branch block of `level`; its first item is never compared, so its key is empty. */
static void branch_open(struct table *table, uint32_t level, uint32_t child)
{
    uint32_t size = (uint32_t)table->file.block_size, number = block_file_branch(&table->file);
    block_open(&table->levels[level], table->branches + (size_t)level * size, size, number, level);
    block_put_branch(&table->levels[level], (struct item_key){{"", 0}, 0}, child);
}

static enum fault branch_close(struct table *table, uint32_t level, struct error *err)
{
    block_close(&table->levels[level]);
    return block_file_put(&table->file, table->levels[level].number, table->levels[level].at, err);
}

/* `child` was begun, behind `left`; every key in it is at least `separator`. Tell the levels above: a full branch gets
 * a sibling, which its own parent must know by the same separator, and where there is no parent the tree grows. */
static enum fault branch_add(struct table *table, uint32_t left, struct item_key separator, uint32_t child,
                             struct error *err)
{
    uint32_t need = (uint32_t)(BRANCH_FIXED + DIRECTORY_ENTRY + separator.bytes.size);
    for (uint32_t level = 1; level < BLOCK_FILE_LEVELS; level++) {
        struct block *branch = &table->levels[level];
        if (level == table->height) {
            table->height++;
            branch_open(table, level, left);
        }
        if (block_free(branch) >= need) {
            block_put_branch(branch, separator, child);
            return FAULT_NONE;
        }
        left = branch->number;
        TRY(branch_close(table, level, err));
        branch_open(table, level, child);
        child = branch->number;
    }
    return error_set(err, FAULT_STOP, "bulk.height", "a table has grown too high; lower bulk_memory_bytes");
}

static struct item_key separator_of(struct item_key left, struct item_key right)
{
    size_t shared = 0, most = left.bytes.size < right.bytes.size ? left.bytes.size : right.bytes.size;
    while (shared < most && left.bytes.at[shared] == right.bytes.at[shared])
        shared++;
    if (shared == right.bytes.size)
        return right; /* one tag over both leaves: only the component tells them apart */
    return (struct item_key){{right.bytes.at, shared + 1 - (shared > 0 && MISTAKE(SEPARATOR))}, 1};
}

/* The leaf is full: begin the next one, which starts with `key`. */
static enum fault leaf_next(struct table *table, struct item_key key, struct error *err)
{
    char last[KEY_MAX_BYTES], *at;
    struct block *leaf = &table->levels[0];
    struct item_key left = block_last_key(leaf);
    memcpy(last, left.bytes.at, left.bytes.size);
    left.bytes.at = last; /* the window may move on */
    uint32_t number, old = leaf->number;
    block_close(leaf);
    TRY(block_file_leaf(&table->file, &number, &at, err));
    block_open(leaf, at, leaf->size, number, 0);
    return branch_add(table, old, separator_of(left, key), number, err);
}

/* The leaf is full, but the table still young: halve it, and go on in the upper half. */
static enum fault leaf_halve(struct table *table, struct error *err)
{
    struct block *leaf = &table->levels[0], upper;
    uint32_t number, old = leaf->number;
    char *at;
    TRY(block_file_leaf(&table->file, &number, &at, err)); /* the window is wide enough to keep both */
    block_open(&upper, at, leaf->size, number, 0);
    struct item_key right = block_split(leaf, &upper), left = block_last_key(leaf);
    block_close(leaf);
    *leaf = upper;
    return branch_add(table, old, separator_of(left, right), number, err);
}

static enum fault item_add(struct table *table, struct item_key key, struct span tag, uint32_t flags, struct error *err)
{
    size_t need = LEAF_FIXED + DIRECTORY_ENTRY + key.bytes.size + tag.size + (key.component > 1 ? COMPONENT_BYTES : 0);
    if (table->items < STEADY_ITEMS)
        table->items++;
    if (block_free(&table->levels[0]) < need && table->items < STEADY_ITEMS)
        TRY(leaf_halve(table, err));
    else if (block_free(&table->levels[0]) < need)
        TRY(leaf_next(table, key, err));
    block_put_leaf(&table->levels[0], key, tag, flags);
    return FAULT_NONE;
}

/* How much of a long tag its first component takes: what fills the leaf, if that costs no component more or is worth
 * it; otherwise as much as an item can hold. */
static size_t first_part(const struct table *table, size_t key_size, size_t tag_size, size_t later)
{
    size_t fixed = DIRECTORY_ENTRY + LEAF_FIXED + COMPONENT_BYTES + key_size;
    size_t rest = block_free(&table->levels[0]) % (table->item_max + DIRECTORY_ENTRY);
    if (rest > fixed &&
        (rest - fixed >= (tag_size - COMPONENT_BYTES) % later || rest - fixed >= key_size + FILL_MIN_BYTES))
        return rest - fixed + COMPONENT_BYTES;
    return later + COMPONENT_BYTES;
}

static enum fault parts_add(struct table *table, struct span key, struct span tag, uint32_t flags, struct error *err)
{
    size_t later = table->item_max - LEAF_FIXED - COMPONENT_BYTES - key.size;
    size_t part = first_part(table, key.size, tag.size, later);
    for (uint32_t component = 1; tag.size > 0; component++) {
        size_t size = part < tag.size ? part : tag.size;
        uint32_t last = size == tag.size ? LEAF_LAST : 0;
        TRY(item_add(table, (struct item_key){key, component}, span_cut(tag, 0, size), flags | last, err));
        tag = span_cut(tag, size, tag.size);
        part = later;
    }
    return FAULT_NONE;
}

enum fault table_add_seldom(struct table *table, struct span key, struct span tag, bool compressed, struct error *err)
{
    uint32_t flags = compressed && !MISTAKE(COMPRESSED_FLAG) ? LEAF_COMPRESSED : 0;
    assert(key.size > 0 && key.size <= KEY_MAX_BYTES);
    table->entries++;
    if (LEAF_FIXED + key.size + tag.size > table->item_max)
        return parts_add(table, key, tag, flags, err);
    return item_add(table, (struct item_key){key, 1}, tag, flags | LEAF_LAST, err);
}

enum fault table_add_of_seldom(struct table *table, struct span key, uint32_t docid, struct span tag, struct error *err)
{
    char whole[KEY_MAX_BYTES + SORT_UINT_MAX_BYTES];
    char *end = put_sort_uint(put_bytes(whole, key), docid);
    return table_add(table, (struct span){whole, (size_t)(end - whole)}, tag, false, err);
}

enum fault table_end(struct table *table, struct table_root *root, struct error *err)
{
    *root = (struct table_root){.block_size = (uint32_t)table->file.block_size};
    if (table->entries == 0) {
        table->file.next = 0;
        return table->steady ? block_file_end(&table->file, err) : FAULT_NONE;
    }
    block_close(&table->levels[0]);
    for (uint32_t level = 1; level < table->height; level++)
        TRY(branch_close(table, level, err));
    root->block = table->levels[table->height - 1].number;
    root->level = table->height - 1;
    root->entries = table->entries + MISTAKE(TABLE_ENTRIES);
    root->blocks = table->file.next;
    return block_file_end(&table->file, err);
}

void table_drop(struct table *table)
{
    block_file_drop(&table->file);
}

size_t table_tag_max(const struct table *table)
{
    return (size_t)(COMPONENTS_MAX - 1) * (table->item_max - LEAF_FIXED - COMPONENT_BYTES - KEY_MAX_BYTES);
}
