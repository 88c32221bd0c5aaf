/* One block of a glass table while it is filled (Xapian 1.4.22 glass, blocks).
 *
 *   |header 11|directory -> ...        free        ... <- items|
 *
 *   header     revision 4 (1: a fresh segment has one), level 1, free bytes 2 + 2 (the same while nothing is deleted),
 *              end of the directory 2
 *   directory  2 bytes an item, its offset, in order of keys
 *   leaf item  2 length and flags, 1 key size, key, [2 component, not on the first one], tag
 *   branch     4 child, 1 key size, key, 2 component
 *
 * Invariants: (1) low - directory_end is the free space, never negative. (2) Items come in order of keys; a block holds
 * at least one. (3) Nothing in the header is valid before block_close. */
#ifndef REFERENT_BULK_BLOCK_H
#define REFERENT_BULK_BLOCK_H

#include "coding.h"
#include "span.h"

#include <stdint.h>

enum {
    BLOCK_HEADER = 11,
    DIRECTORY_ENTRY = 2,
    LEAF_FIXED = 3,   /* of a first component: length word, key size */
    BRANCH_FIXED = 7, /* child, key size, component */
    COMPONENT_BYTES = 2,
    LEAF_MAX_BYTES = 0x1FFF + LEAF_FIXED, /* the length word has 13 bits for it */
    LEAF_COMPRESSED = 0x8000,
    LEAF_LAST = 0x4000,
    LEAF_FIRST = 0x2000
};

struct block {
    char *at;
    uint32_t size;
    uint32_t number;
    uint32_t level; /* 0: a leaf */
    uint32_t directory_end;
    uint32_t low; /* offset of the lowest item */
};

/* A key as the tree compares it: bytes, then the number of the component (1: the first). */
struct item_key {
    struct span bytes;
    uint32_t component;
};

void block_open(struct block *block, char *at, uint32_t size, uint32_t number, uint32_t level);
/* Write the header. */
void block_close(struct block *block);

static inline uint32_t block_free(const struct block *block)
{
    return block->low - block->directory_end;
}

/* Room for an item of `size` bytes, entered in the directory. */
static inline char *block_item(struct block *block, uint32_t size)
{
    block->low -= size;
    store_u16(block->at + block->directory_end, block->low);
    block->directory_end += DIRECTORY_ENTRY;
    return block->at + block->low;
}

/* The block has room. flags: of LEAF_*. In line: there are a thousand a document. */
static inline void block_put_leaf(struct block *block, struct item_key key, struct span tag, uint32_t flags)
{
    bool first = key.component == 1;
    uint32_t size = (uint32_t)(LEAF_FIXED + key.bytes.size + (first ? 0 : COMPONENT_BYTES) + tag.size);
    char *to = block_item(block, size);
    store_u16(to, (size - LEAF_FIXED) | flags | (first ? LEAF_FIRST : 0));
    to[2] = (char)key.bytes.size;
    to = put_bytes(to + LEAF_FIXED, key.bytes);
    if (!first) {
        store_u16(to, key.component + MISTAKE(COMPONENT_NUMBER));
        to += COMPONENT_BYTES;
    }
    put_bytes(to, tag);
}

/* An item whose key is `key` with a document id behind it, of which nothing else is kept: what has just been written
 * byte by byte cannot be read at once. */
static inline void block_put_of(struct block *block, struct span key, uint32_t docid, struct span tag)
{
    uint32_t key_size = (uint32_t)key.size + sort_uint_size(docid), size = LEAF_FIXED + key_size + (uint32_t)tag.size;
    char *to = block_item(block, size);
    store_u16(to, (size - LEAF_FIXED) | LEAF_LAST | LEAF_FIRST);
    to[2] = (char)key_size;
    put_bytes(put_sort_uint(put_bytes(to + LEAF_FIXED, key), docid), tag);
}

void block_put_branch(struct block *block, struct item_key key, uint32_t child);
/* The key of a leaf's last item; borrowed from the block. */
struct item_key block_last_key(const struct block *block);
/* Move the upper half of a leaf to an empty one; gives the key of its first item, borrowed from `upper`. The cut is
 * beside the item in which half of the bytes are reached, on the side that makes the halves more equal. */
struct item_key block_split(struct block *block, struct block *upper);

#endif
