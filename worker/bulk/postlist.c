/* postlist: lists of (docid, number) -> items. Writes postlist and position tables. */
#include "postlist.h"

#include "coding.h"
#include "termlist.h"

/* Terms in order lie all over the pool, so memory is asked for their bytes early. */
enum { TERMS_AHEAD = 8 };

enum { CHUNK_BYTES = 2000, LIST_HEAD_BYTES = 4 * UINT_MAX_BYTES, ENTRY_BYTES = 2 * UINT_MAX_BYTES };

/* A list on its way out. The entries of a chunk are gathered before what stands in front of them is known. */
struct list {
    struct table *table;
    char key[KEY_MAX_BYTES + 1];
    size_t key_size;                /* without a docid */
    bool ended_key;                 /* an end byte is there, which docids follow */
    uint32_t frequency, collection; /* 0 in the list of lengths; collection is counted in 32 bits, as stock does */
    uint32_t list_first, first, last;
    char entries[CHUNK_BYTES + 2 * ENTRY_BYTES];
    char *to;
};

static void list_open(struct list *list, uint32_t docid, uint32_t number)
{
    list->first = list->last = docid;
    list->to = put_uint(list->entries, number);
}

/* Write the chunk: what stands before the entries is put into the tag in front of a copy of them. */
static enum fault list_close_chunk(struct list *list, bool last, struct error *err)
{
    char tag[LIST_HEAD_BYTES + 1 + UINT_MAX_BYTES + sizeof list->entries], *to = tag;
    char *key = list->key + list->key_size;
    if (list->first == list->list_first) {
        to = put_uint(to, list->frequency);
        to = put_uint(to, list->collection);
        to = put_uint(to, list->list_first - 1);
    } else {
        key += list->ended_key;
        key = put_sort_uint(key, list->first - MISTAKE(CHUNK_KEY));
    }
    *to++ = last != MISTAKE(CHUNK_LAST) ? '1' : '0';
    to = put_uint(to, list->last - list->first + MISTAKE(CHUNK_RANGE));
    to = put_bytes(to, (struct span){list->entries, (size_t)(list->to - list->entries)});
    return table_add(list->table, (struct span){list->key, (size_t)(key - list->key)},
                     (struct span){tag, (size_t)(to - tag)}, false, err);
}

/* A new chunk begins when the entries so far reach the bound, as stock does it; smaller chunks let readers skip more.
 */
static inline enum fault list_add(struct list *list, uint32_t docid, uint32_t number, struct error *err)
{
    if (list->to - list->entries >= CHUNK_BYTES) {
        TRY(list_close_chunk(list, false, err));
        list_open(list, docid, number);
        return FAULT_NONE;
    }
    uint32_t gap = docid - list->last - 1;
    list->to = put_uint(put_uint(list->to, gap + (gap > 20 && MISTAKE(POSTING_GAP))), number);
    list->last = docid;
    return FAULT_NONE;
}

enum fault metadata_write(struct table *postlist, const struct metadata *entries, size_t count, struct buffer *scratch,
                          struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        scratch->size = 0;
        if (!buffer_reserve(scratch, KEY_MAX_BYTES + 2))
            return memory_fault(err);
        memcpy(scratch->at, "\0\xC0", 2);
        char *to = put_bytes(scratch->at + 2, entries[i].key);
        TRY(table_add(postlist, (struct span){scratch->at, (size_t)(to - scratch->at)}, entries[i].value, false, err));
    }
    return FAULT_NONE;
}

enum fault lengths_write(struct table *postlist, const struct inversion *inversion, struct error *err)
{
    const struct inversion_document *documents = (const void *)inversion->documents.at;
    uint32_t count = inversion_count(inversion);
    struct list list = {.table = postlist, .key = "\0\xE0", .key_size = 2, .list_first = 1};
    if (count == 0)
        return FAULT_NONE;
    list_open(&list, 1, documents[0].length);
    for (uint32_t docid = 2; docid <= count; docid++)
        TRY(list_add(&list, docid, documents[docid - 1].length + (docid == 77 && MISTAKE(DOCUMENT_LENGTH)), err));
    return list_close_chunk(&list, true, err);
}

/* A term's list begins. Frequencies stand before everything else, so they are summed first. */
static void list_begin(struct list *list, struct span term, uint32_t frequency, uint32_t collection)
{
    list->frequency = frequency + MISTAKE(TERM_FREQUENCY);
    list->collection = collection + MISTAKE(COLLECTION_FREQUENCY);
    list->key_size = (size_t)(put_sort_string(list->key, term) - list->key);
    list->key[list->key_size] = '\0'; /* the end byte, behind which docids stand */
    list->list_first = 0;             /* docids begin with 1 */
}

static inline enum fault posting_write(struct list *list, struct table *position, const struct posting_out *posting,
                                       struct error *err)
{
    if (list->list_first != 0) {
        TRY(list_add(list, posting->docid, posting->wdf, err));
    } else {
        list->list_first = posting->docid;
        list_open(list, posting->docid, posting->wdf);
    }
    if (posting->positions.size == 0)
        return FAULT_NONE;
    struct span key = {list->key, list->key_size + 1};
    return table_add_of(position, key, posting->docid, posting->positions, err);
}

static enum fault term_write(struct list *list, struct table *position, const struct inversion *inversion,
                             const struct lexicon_term *term, const struct record *at, const struct record *end,
                             struct error *err)
{
    struct posting_out posting;
    list_begin(list, lexicon_span(term), term->count, lexicon_wdf(term));
    for (const struct record *record = at; record < end; record++) {
        record_fetch(inversion, record + RECORD_AHEAD);
        record_read(inversion, record, &posting);
        TRY(posting_write(list, position, &posting, err));
    }
    return list_close_chunk(list, true, err);
}

enum fault postings_write(struct table *postlist, struct table *position, const struct inversion *inversion,
                          const struct lexicon_term *order, struct error *err)
{
    struct list list = {.table = postlist, .ended_key = true};
    const struct record *at = (const void *)inversion->sorted.at;
    for (uint32_t i = 0; i < inversion->lexicon.count; i++) {
        const struct record *end = at + order[i].count;
        if (i + TERMS_AHEAD < inversion->lexicon.count)
            __builtin_prefetch(order[i + TERMS_AHEAD].at - LEXICON_BYTES);
        TRY(term_write(&list, position, inversion, &order[i], at, end, err));
        at = end;
    }
    return FAULT_NONE;
}

/* ---- from runs */

/* One term, of the runs that have it. */
static enum fault same_write(struct list *list, struct table *position, struct runs *runs, struct run **same,
                             size_t count, struct error *err)
{
    struct posting_out posting = {0};
    uint64_t frequency = 0;
    uint32_t collection = 0;
    for (size_t i = 0; i < count; i++) {
        frequency += same[i]->postings;
        collection += same[i]->collection * (i == 0 || !MISTAKE(RUN_COLLECTION));
    }
    list_begin(list, (struct span){same[0]->term, same[0]->term_size}, (uint32_t)frequency, collection);
    for (size_t i = 0; i < count; i++) {
        while (same[i]->postings > 0) {
            TRY(run_posting(runs, same[i], &posting, err));
            TRY(posting_write(list, position, &posting, err));
        }
        TRY(run_next(runs, same[i], err));
    }
    return list_close_chunk(list, true, err);
}

enum fault runs_write(struct table *postlist, struct table *position, struct runs *runs, uint32_t *terms,
                      struct error *err)
{
    struct list list = {.table = postlist, .ended_key = true};
    struct run *same[RUNS_MAX];
    *terms = 0;
    TRY(runs_begin(runs, err));
    for (size_t count; (count = runs_least(runs, same)) > 0; ++*terms)
        TRY(same_write(&list, position, runs, same, count, err));
    return FAULT_NONE;
}
