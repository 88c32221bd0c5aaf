/* list: postings in order -> blocks. Pure. */
#include "list.h"

#include <math.h>
#include <stdlib.h>

static bool is_rare(const struct list_posting *posting)
{
    return posting->wdf >= LIST_WDF_RARE || posting->length >= LIST_LENGTH_RARE;
}

/* Does posting i begin a block that has begun at `first`? */
static bool begins(const struct list_posting *postings, uint32_t first, uint32_t i)
{
    return i - first == LIST_BLOCK || postings[i].docid - postings[first].docid > UINT16_MAX;
}

struct sizes {
    uint32_t blocks, rare, map;
};

/* Words of the map; 0: it is not worth it. */
static uint32_t map_size(const struct list_posting *postings, uint32_t count)
{
    if (count < LIST_BLOCK)
        return 0;
    uint32_t words = postings[count - 1].docid / 64 - postings[0].docid / 64 + 1;
    return words <= count / (64 / LIST_MAP_SHARE) ? words : 0;
}

static struct sizes sizes_of(const struct list_posting *postings, uint32_t count)
{
    struct sizes sizes = {count > 0, 0, map_size(postings, count)};
    for (uint32_t i = 0, first = 0; i < count; i++) {
        if (begins(postings, first, i))
            first = i, sizes.blocks++;
        sizes.rare += is_rare(&postings[i]);
    }
    return sizes;
}

/* The parts of a list lie one behind the other, the widest first. */
struct room {
    uint64_t *map;
    uint32_t *map_before;
    struct list_block *blocks;
    struct list_posting *rare;
    uint16_t *docs, *lengths;
    uint8_t *wdfs;
};

static struct list *list_make(uint32_t count, bool weighted, struct sizes sizes, struct room *room)
{
    size_t blocks = (sizes.blocks + (size_t)1) * sizeof *room->blocks, rare = sizes.rare * sizeof *room->rare;
    size_t map = sizes.map * sizeof *room->map, before = sizes.map * sizeof *room->map_before;
    size_t bytes = sizeof(struct list) + map + before + blocks + rare + (size_t)count * (weighted ? 5 : 2);
    struct list *list = malloc(bytes);
    if (list == NULL)
        return NULL;
    room->map = (uint64_t *)(list + 1);
    room->map_before = (uint32_t *)(room->map + sizes.map);
    room->blocks = (struct list_block *)(room->map_before + sizes.map);
    room->rare = (struct list_posting *)(room->blocks + sizes.blocks + 1);
    room->docs = (uint16_t *)(room->rare + sizes.rare);
    room->lengths = weighted ? room->docs + count : NULL;
    room->wdfs = weighted ? (uint8_t *)(room->lengths + count) : NULL;
    *list = (struct list){.count = count,
                          .block_count = sizes.blocks,
                          .rare_count = sizes.rare,
                          .blocks = room->blocks,
                          .docs = room->docs,
                          .wdfs = room->wdfs,
                          .lengths = room->lengths,
                          .rare = room->rare,
                          .map_count = sizes.map,
                          .map = room->map,
                          .map_before = room->map_before,
                          .bytes = bytes};
    return list;
}

static void posting_put(const struct list_posting *posting, const struct list_block *block, uint32_t i,
                        struct room *room)
{
    room->docs[i] = (uint16_t)(posting->docid - block->first);
    if (room->wdfs == NULL)
        return;
    room->wdfs[i] = posting->wdf < LIST_WDF_RARE ? (uint8_t)posting->wdf : LIST_WDF_RARE;
    room->lengths[i] = posting->length < LIST_LENGTH_RARE ? (uint16_t)posting->length : LIST_LENGTH_RARE;
}

static void map_fill(const struct list_posting *postings, uint32_t count, struct list *list, struct room *room)
{
    list->map_first = postings[0].docid / 64;
    memset(room->map, 0, list->map_count * sizeof *room->map);
    for (uint32_t i = 0; i < count; i++)
        room->map[postings[i].docid / 64 - list->map_first] |= UINT64_C(1) << postings[i].docid % 64;
    for (uint32_t word = 0, before = 0; word < list->map_count; word++) {
        room->map_before[word] = before;
        before += list_map_count(room->map[word]);
    }
}

struct list *list_new(const struct list_posting *postings, uint32_t count, bool weighted, struct scale scale)
{
    struct room room;
    struct list *list = list_make(count, weighted, sizes_of(postings, count), &room);
    if (list == NULL)
        return NULL;
    list->scale = scale;
    struct list_block *block = room.blocks - 1;
    for (uint32_t i = 0, first = 0, rare = 0; i < count; i++) {
        if (i == 0 || begins(postings, first, i))
            *++block = (struct list_block){postings[first = i].docid, i, 0};
        double share = weighted ? scale_share(&scale, 1 / scale.mean, postings[i].wdf, postings[i].length) : 0;
        if (share > (double)block->most)
            block->most = nextafterf((float)share, 2); /* never less than it is */
        if (is_rare(&postings[i]))
            room.rare[rare++] = postings[i];
        posting_put(&postings[i], block, i, &room);
    }
    *++block = (struct list_block){UINT32_MAX, count, 0};
    if (list->map_count > 0)
        map_fill(postings, count, list, &room);
    return list;
}

/* ---------------------------------------------------------------- several as one */

static struct list_posting posting_of(const struct list *list, const struct list_place *place)
{
    uint32_t docid = list_docid(list, place);
    struct list_posting posting = {docid, list->wdfs[place->at], list->lengths[place->at]};
    bool rare = posting.wdf == LIST_WDF_RARE || posting.length == LIST_LENGTH_RARE;
    return rare ? *list_rare(list, docid) : posting;
}

static uint32_t postings_of(const struct list *list, struct list_posting *to)
{
    struct list_place place = {0};
    for (; !list_ended(list, &place); place.at++) {
        if (place.at == list->blocks[place.block + 1].at)
            place.block++;
        to[place.at] = posting_of(list, &place);
    }
    return list->count;
}

/* Two runs into one behind `to`. */
static uint32_t runs_join(const struct list_posting *left, uint32_t left_count, const struct list_posting *right,
                          uint32_t right_count, struct list_posting *to)
{
    const struct list_posting *left_end = left + left_count, *right_end = right + right_count;
    uint32_t count = 0;
    while (left < left_end || right < right_end) {
        bool both = left < left_end && right < right_end && left->docid == right->docid;
        bool take_left = right == right_end || (left < left_end && left->docid <= right->docid);
        to[count] = take_left ? *left++ : *right++;
        if (both)
            to[count].wdf += right++->wdf;
        count++;
    }
    return count;
}

/* Lists first..first+count-1 into `to`; `room` has as many places behind it. */
static uint32_t lists_join(const struct list *const *lists, size_t count, struct list_posting *to,
                           struct list_posting *room)
{
    if (count <= 1)
        return count == 1 ? postings_of(lists[0], to) : 0;
    uint32_t left = lists_join(lists, count / 2, room, to);
    uint32_t right = lists_join(lists + count / 2, count - count / 2, room + left, to);
    return runs_join(room, left, room + left, right, to);
}

struct list *list_union(const struct list *const *lists, size_t count, struct scale scale)
{
    size_t most = 1;
    for (size_t i = 0; i < count; i++)
        most += lists[i]->count;
    struct list_posting *postings = malloc(2 * most * sizeof *postings);
    if (postings == NULL)
        return NULL;
    uint32_t joined = lists_join(lists, count, postings, postings + most);
    for (uint32_t i = 0; i < joined; i++)
        if (postings[i].wdf > postings[i].length)
            postings[i].wdf = postings[i].length;
    struct list *list = list_new(postings, joined, true, scale);
    free(postings);
    return list;
}

const struct list_posting *list_rare(const struct list *list, uint32_t docid)
{
    uint32_t low = 0, high = list->rare_count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list->rare[middle].docid < docid)
            low = middle + 1;
        else
            high = middle;
    }
    return &list->rare[low];
}

/* ---------------------------------------------------------------- places */

/* The first posting of the block, from `at` on, whose docid is not below `docid`. */
static uint32_t block_seek(const struct list *list, uint32_t block, uint32_t at, uint32_t docid)
{
    const struct list_block *here = &list->blocks[block];
    uint32_t low = at > here->at ? at : here->at, high = here[1].at;
    if (docid <= here->first)
        return low;
    uint32_t wanted = docid - here->first;
    if (wanted > UINT16_MAX)
        return high;
    /* without a jump, which would be foreseen wrongly as often as not */
    for (uint32_t count = high - low; count > 0;) {
        uint32_t half = (count + 1) / 2;
        low += list->docs[low + half - 1] < wanted ? half : 0;
        count -= half;
    }
    return low;
}

/* The last block that begins at or before `docid`, from `block` on: by steps that double, for lists are long and hits
 * far apart. */
static uint32_t block_find(const struct list *list, uint32_t block, uint32_t docid)
{
    const struct list_block *blocks = list->blocks;
    uint32_t step = 1, high;
    if (blocks[block + 1].first > docid)
        return block;
    for (high = block + 1; high < list->block_count && blocks[high].first <= docid; step *= 2) {
        block = high;
        high = list->block_count - block > step ? block + step : list->block_count;
    }
    while (high - block > 1) {
        uint32_t middle = block + (high - block) / 2;
        if (blocks[middle].first <= docid)
            block = middle;
        else
            high = middle;
    }
    return block;
}

/* By the map, in one step; all blocks but the last are full. */
static void map_seek(const struct list *list, struct list_place *place, uint32_t docid)
{
    uint32_t word = docid / 64;
    if (word < list->map_first)
        return; /* the list begins behind it */
    uint32_t at = word - list->map_first < list->map_count ? list_map_at(list, word, docid % 64) : list->count;
    if (at <= place->at)
        return;
    place->at = at;
    place->block = at < list->count ? at / LIST_BLOCK : list->block_count;
}

void list_seek(const struct list *list, struct list_place *place, uint32_t docid)
{
    if (list_ended(list, place))
        return;
    if (list->map_count > 0 && list->block_count == (list->count + LIST_BLOCK - 1) / LIST_BLOCK) {
        map_seek(list, place, docid);
        return;
    }
    place->block = block_find(list, place->block, docid);
    place->at = block_seek(list, place->block, place->at, docid);
    if (place->at == list->blocks[place->block + 1].at)
        place->block++;
}
