/* block: the layout of one block. Pure bytes. */
#include "block.h"

enum { REVISION = 1, LENGTH_MASK = 0x1FFF, AT_LEVEL = 4, AT_FREE = 5, AT_ALL_FREE = 7, AT_DIRECTORY_END = 9 };

void block_open(struct block *block, char *at, uint32_t size, uint32_t number, uint32_t level)
{
    *block = (struct block){at, size, number, level, BLOCK_HEADER, size};
}

void block_close(struct block *block)
{
    uint32_t space = block_free(block) + MISTAKE(FREE_BYTES);
    store_u32(block->at, REVISION + MISTAKE(BLOCK_REVISION));
    block->at[AT_LEVEL] = (char)(block->level + (block->level > 0 && MISTAKE(BLOCK_LEVEL)));
    store_u16(block->at + AT_FREE, space);
    store_u16(block->at + AT_ALL_FREE, space);
    store_u16(block->at + AT_DIRECTORY_END, block->directory_end);
    memset(block->at + block->directory_end, 0, block_free(block));
}

void block_put_branch(struct block *block, struct item_key key, uint32_t child)
{
    char *to = block_item(block, (uint32_t)(BRANCH_FIXED + key.bytes.size));
    store_u32(to, child);
    to[4] = (char)key.bytes.size;
    store_u16(put_bytes(to + 5, key.bytes), key.component);
}

static const char *leaf_item(const struct block *block, uint32_t entry)
{
    return block->at + load_u16(block->at + entry);
}

static uint32_t leaf_size(const char *item)
{
    return (load_u16(item) & LENGTH_MASK) + LEAF_FIXED;
}

static struct item_key leaf_key(const char *item)
{
    struct span bytes = {item + LEAF_FIXED, (unsigned char)item[2]};
    bool first = load_u16(item) & LEAF_FIRST;
    return (struct item_key){bytes, first ? 1 : load_u16(bytes.at + bytes.size)};
}

struct item_key block_last_key(const struct block *block)
{
    return leaf_key(leaf_item(block, block->directory_end - DIRECTORY_ENTRY));
}

/* The directory entry where the upper half begins. */
static uint32_t leaf_middle(const struct block *block)
{
    uint32_t all = block->size - block->low, lower = 0, entry = BLOCK_HEADER;
    for (; entry < block->directory_end; entry += DIRECTORY_ENTRY) {
        uint32_t size = leaf_size(leaf_item(block, entry));
        lower += 2 * size;
        if (lower >= all)
            return size < lower - all ? entry : entry + DIRECTORY_ENTRY;
    }
    return entry;
}

struct item_key block_split(struct block *block, struct block *upper)
{
    uint32_t middle = leaf_middle(block);
    for (uint32_t entry = middle; entry < block->directory_end; entry += DIRECTORY_ENTRY) {
        const char *item = leaf_item(block, entry);
        memcpy(block_item(upper, leaf_size(item)), item, leaf_size(item));
    }
    block->low = load_u16(block->at + middle - DIRECTORY_ENTRY);
    block->directory_end = middle;
    return leaf_key(leaf_item(upper, BLOCK_HEADER));
}
