/* builder: from documents to a segment. Owned by one bulk thread. */
#include "builder.h"

#include "coding.h"
#include "iamglass.h"
#include "inversion.h"
#include "postlist.h"
#include "run.h"
#include "segment.h"
#include "squeeze.h"
#include "termlist.h"
#include "value.h"

#include <stdlib.h>

enum builder_state { BUILDER_IDLE, BUILDER_OPEN, BUILDER_BROKEN };

enum { KNOWN_SHARE = 16 }; /* of the memory, for what is known of the terms of readers */
enum { KEPT_SHARE = 4 };   /* of the memory, for what stays when postings go */
enum { RUN_BYTES = 64 << 20 };
enum { BLOCK_DEFAULT = 8192, BLOCK_MIN = 2048, BLOCK_MAX = 65536, META_KEY_MAX_BYTES = 250 };

/* Numbers in memory are 32 bits wide, places 31. */
enum { DOCUMENT_MAX_BYTES = 1 << 29 };
#define PLACES_MAX_BYTES ((size_t)1 << 30)
#define POOL_MAX_BYTES   ((size_t)3 << 30)
#define RECORDS_MAX      ((size_t)1 << 31)

_Static_assert((int)SQUEEZE_CODE == (int)BUILDER_CODE, "a builder hands its level on");

struct meta_entry {
    uint32_t key_at, key_size;
    size_t value_at, value_size;
};

struct builder {
    struct builder_options options;
    enum builder_state state;
    struct segment segment;
    struct inversion inversion;
    struct columns columns;
    struct runs runs;
    struct squeeze squeeze;
    struct statistics statistics;
    struct buffer tag;       /* the term list being packed */
    struct buffer meta;      /* of struct meta_entry */
    struct buffer meta_text; /* their keys and values */
};

static bool options_valid(const struct builder_options *options)
{
    uint32_t size = options->block_size;
    return options->level >= 0 && options->level <= SQUEEZE_CODE && size >= BLOCK_MIN && size <= BLOCK_MAX &&
           (size & (size - 1)) == 0;
}

struct builder *builder_new(const struct builder_options *options)
{
    struct builder *builder = calloc(1, sizeof *builder);
    if (builder == NULL)
        return NULL;
    builder->options = *options;
    runs_init(&builder->runs);
    builder->segment.unsynced = options->unsynced;
    if (options->block_size == 0)
        builder->options.block_size = BLOCK_DEFAULT;
    if (!options_valid(&builder->options)) {
        free(builder);
        return NULL;
    }
    builder->inversion.known.most_bytes = options->memory_bytes / KNOWN_SHARE;
    bool tables = segment_init(&builder->segment, builder->options.block_size);
    if (!squeeze_init(&builder->squeeze, options->level, options->deflate, options->deflate_self) || !tables)
        builder_free(&builder);
    return builder;
}

void builder_free(struct builder **builder)
{
    if (builder == NULL || *builder == NULL)
        return;
    builder_cancel(*builder);
    segment_done(&(*builder)->segment);
    inversion_done(&(*builder)->inversion);
    columns_done(&(*builder)->columns);
    squeeze_done(&(*builder)->squeeze);
    buffer_done(&(*builder)->tag);
    buffer_done(&(*builder)->meta);
    buffer_done(&(*builder)->meta_text);
    free(*builder);
    *builder = NULL;
}

/* Of the hash of terms. */
static uint64_t builder_seed(const struct builder *builder)
{
    uint64_t seed;
    memcpy(&seed, builder->segment.uuid, sizeof seed);
    return seed;
}

static void builder_clear(struct builder *builder)
{
    inversion_clear(&builder->inversion, builder_seed(builder));
    columns_clear(&builder->columns);
    runs_clear(&builder->runs);
    squeeze_clear(&builder->squeeze);
    builder->statistics = (struct statistics){0};
    builder->meta.size = builder->meta_text.size = 0;
}

enum fault builder_begin(struct builder *builder, const char *folder, struct error *err)
{
    if (builder->state != BUILDER_IDLE)
        return error_set(err, FAULT_STOP, "bulk.state", "a segment is open already");
    enum fault fault = segment_begin(&builder->segment, folder, err);
    builder_clear(builder);
    builder->state = fault == FAULT_NONE ? BUILDER_OPEN : BUILDER_IDLE;
    return fault;
}

/* After any fault but REJECT half of a document may be in. */
static enum fault builder_settle(struct builder *builder, enum fault fault)
{
    if (fault != FAULT_NONE && fault != FAULT_REJECT)
        builder->state = BUILDER_BROKEN;
    return fault;
}

static enum fault state_fault(struct error *err)
{
    return error_set(err, FAULT_STOP, "bulk.state", "no segment is open; begin one");
}

/* ---- documents */

/* Everything that is one tag must fit its components. */
static enum fault document_fits(const struct builder *builder, const struct index_document *document,
                                const struct document_size *size, struct error *err)
{
    size_t most = table_tag_max(&builder->segment.tables[GLASS_DOCDATA]), longest = document->data.size;
    longest = builder->tag.size > longest ? builder->tag.size : longest;
    for (size_t i = 0; i < document->value_count; i++) /* a chunk has some values before it is full */
        longest =
            document->values[i].bytes.size + BLOCK_MAX > longest ? document->values[i].bytes.size + BLOCK_MAX : longest;
    size_t positions = size->most_positions * sizeof(uint32_t);
    longest = positions > longest ? positions : longest;
    if (longest > most || size->position_bytes > DOCUMENT_MAX_BYTES || size->term_bytes > DOCUMENT_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "document.size", "a document has more data, values or positions than fit");
    return FAULT_NONE;
}

static enum fault tag_write(struct builder *builder, enum glass_table table, struct span key, struct span tag,
                            struct error *err)
{
    bool compressed;
    TRY(squeeze_tag(&builder->squeeze, table == GLASS_DOCDATA ? SQUEEZE_DATA : SQUEEZE_TERMS, &tag, &compressed, err));
    return table_add(&builder->segment.tables[table], key, tag, compressed, err);
}

/* Term list, slots and data go out at once: they are in order of documents. */
static enum fault document_write(struct builder *builder, uint32_t docid, const struct index_document *document,
                                 struct error *err)
{
    char bytes[SORT_UINT_MAX_BYTES + 1], *end = put_sort_uint(bytes, docid);
    struct span key = {bytes, (size_t)(end - bytes)};
    TRY(tag_write(builder, GLASS_TERMLIST, key, (struct span){builder->tag.at, builder->tag.size}, err));
    if (document->data.size > MISTAKE(SHORT_DATA))
        TRY(tag_write(builder, GLASS_DOCDATA, key, document->data, err));
    if (document->value_count == 0)
        return FAULT_NONE;
    *end = '\0';
    key.size++;
    TRY(slots_pack(&builder->tag, document, err));
    return tag_write(builder, GLASS_TERMLIST, key, (struct span){builder->tag.at, builder->tag.size}, err);
}

static void statistics_add(struct statistics *statistics, const struct document_size *size)
{
    statistics->documents++;
    statistics->total_length += size->length;
    if (size->length > 0 && (statistics->shortest == 0 || size->length < statistics->shortest))
        statistics->shortest = size->length;
    if (size->length > statistics->longest)
        statistics->longest = size->length;
    if (size->greatest_wdf > statistics->greatest_wdf)
        statistics->greatest_wdf = size->greatest_wdf;
}

static enum fault document_add(struct builder *builder, const struct index_document *document, struct error *err)
{
    struct document_size size;
    uint32_t docid = builder->statistics.documents + 1;
    TRY(termlist_pack(&builder->tag, document, &size, err));
    TRY(document_fits(builder, document, &size, err));
    if (!inversion_reserve(&builder->inversion, document->posting_count, size.term_bytes, size.position_bytes))
        return memory_fault(err);
    TRY(document_write(builder, docid, document, err));
    TRY(columns_add(&builder->columns, docid, document, err));
    inversion_add(&builder->inversion, document, size.length);
    statistics_add(&builder->statistics, &size);
    return FAULT_NONE;
}

enum fault builder_add(struct builder *builder, const struct index_document *document, struct error *err)
{
    if (builder->state != BUILDER_OPEN)
        return state_fault(err);
    return builder_settle(builder, document_add(builder, document, err));
}

/* ---- metadata */

static enum fault meta_add(struct builder *builder, struct span key, struct span value, struct error *err)
{
    if (key.size == 0 || key.size > META_KEY_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "metadata.key", "a metadata key has %zu bytes; 1 to %d are allowed",
                         key.size, META_KEY_MAX_BYTES);
    if (value.size > table_tag_max(&builder->segment.tables[GLASS_POSTLIST]))
        return error_set(err, FAULT_REJECT, "metadata.value", "a metadata value of %zu bytes is too long", value.size);
    struct buffer *text = &builder->meta_text;
    if (!buffer_reserve(&builder->meta, sizeof(struct meta_entry)) || !buffer_reserve(text, key.size + value.size))
        return memory_fault(err);
    struct meta_entry *entry = (void *)(builder->meta.at + builder->meta.size);
    *entry = (struct meta_entry){(uint32_t)text->size, (uint32_t)key.size, text->size + key.size, value.size};
    put_bytes(put_bytes(text->at + text->size, key), value);
    text->size += key.size + value.size;
    builder->meta.size += sizeof *entry;
    return FAULT_NONE;
}

enum fault builder_meta(struct builder *builder, struct span key, struct span value, struct error *err)
{
    if (builder->state != BUILDER_OPEN)
        return state_fault(err);
    return builder_settle(builder, meta_add(builder, key, value, err));
}

/* By key, and by arrival (addresses ascend) for the same key. */
static int metadata_compare(const void *a, const void *b)
{
    const struct metadata *left = a, *right = b;
    int order = span_compare(left->key, right->key);
    return order ? order : (left->value.at > right->value.at) - (left->value.at < right->value.at);
}

static enum fault meta_write(struct builder *builder, struct error *err)
{
    size_t count = builder->meta.size / sizeof(struct meta_entry), kept = 0;
    const struct meta_entry *from = (const void *)builder->meta.at;
    struct metadata *entries = calloc(count + 1, sizeof *entries);
    if (entries == NULL)
        return memory_fault(err);
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct metadata){{builder->meta_text.at + from[i].key_at, from[i].key_size},
                                       {builder->meta_text.at + from[i].value_at, from[i].value_size}};
    qsort(entries, count, sizeof *entries, metadata_compare);
    for (size_t i = 0; i < count; i++) {
        bool newest = i + 1 == count || !span_equal(entries[i].key, entries[i + 1].key);
        if (MISTAKE(METADATA_OLD))
            newest = i == 0 || !span_equal(entries[i].key, entries[i - 1].key);
        if (newest && entries[i].value.size > 0)
            entries[kept++] = entries[i];
    }
    enum fault fault = metadata_write(&builder->segment.tables[GLASS_POSTLIST], entries, kept, &builder->tag, err);
    free(entries);
    return fault;
}

/* ---- the end */

size_t builder_bytes(const struct builder *builder)
{
    return inversion_bytes(&builder->inversion) + builder->columns.bytes + builder->meta.size + builder->meta_text.size;
}

/* Postings in memory that serve again and again for run after run cost fewer new pages than many at once; a segment
 * that came to half of its runs takes larger ones. */
static bool run_is_large(const struct builder *builder)
{
    return builder->runs.count < RUNS_MAX / 2 && inversion_bytes(&builder->inversion) >= RUN_BYTES;
}

bool builder_full(const struct builder *builder)
{
    return run_is_large(builder) || builder_bytes(builder) >= builder->options.memory_bytes ||
           builder->inversion.places.size >= PLACES_MAX_BYTES ||
           builder->inversion.lexicon.pool.size >= POOL_MAX_BYTES ||
           builder->inversion.records.size / sizeof(struct record) >= RECORDS_MAX ||
           builder->meta_text.size >= DOCUMENT_MAX_BYTES;
}

uint32_t builder_documents(const struct builder *builder)
{
    return builder->statistics.documents;
}

/* What is in memory, by term: to the tables, or away. */
static enum fault inversion_write(struct builder *builder, bool away, struct error *err)
{
    struct table *tables = builder->segment.tables;
    struct inversion *inversion = &builder->inversion;
    const struct lexicon_term *order = inversion_terms(inversion);
    bool sorted = order != NULL && inversion_sort(inversion, order);
    enum fault fault;
    if (!sorted)
        fault = memory_fault(err);
    else if (away)
        fault = runs_add(&builder->runs, builder->segment.folder, inversion, order, err);
    else
        fault = postings_write(&tables[GLASS_POSTLIST], &tables[GLASS_POSITION], inversion, order, err);
    return fault;
}

static enum fault spill(struct builder *builder, struct error *err)
{
    if (builder->inversion.records.size == 0)
        return FAULT_NONE;
    TRY(inversion_write(builder, true, err));
    inversion_part(&builder->inversion, builder_seed(builder));
    return FAULT_NONE;
}

enum fault builder_spill(struct builder *builder, struct error *err)
{
    if (builder->state != BUILDER_OPEN)
        return state_fault(err);
    return builder_settle(builder, spill(builder, err));
}

bool builder_is_spent(const struct builder *builder)
{
    size_t kept = inversion_kept_bytes(&builder->inversion) + builder->columns.bytes + builder->meta.size +
                  builder->meta_text.size;
    /* the last run is what is in memory at the end */
    return kept >= builder->options.memory_bytes / KEPT_SHARE || builder->runs.count + 1 >= RUNS_MAX;
}

static enum fault lists_write(struct builder *builder, struct builder_summary *summary, struct error *err)
{
    struct table *tables = builder->segment.tables;
    if (builder->runs.count == 0) {
        summary->terms = builder->inversion.lexicon.count;
        summary->postings = builder->inversion.records.size / sizeof(struct record);
        return inversion_write(builder, false, err);
    }
    TRY(spill(builder, err));
    summary->postings = builder->runs.postings;
    TRY(runs_write(&tables[GLASS_POSTLIST], &tables[GLASS_POSITION], &builder->runs, &summary->terms, err));
    runs_clear(&builder->runs);
    return FAULT_NONE;
}

static enum fault segment_write(struct builder *builder, struct builder_summary *summary, struct error *err)
{
    struct table *postlist = &builder->segment.tables[GLASS_POSTLIST];
    TRY(meta_write(builder, err));
    TRY(columns_write(&builder->columns, postlist, err));
    TRY(lengths_write(postlist, &builder->inversion, err));
    TRY(lists_write(builder, summary, err));
    summary->documents = builder->statistics.documents;
    return segment_publish(&builder->segment, &builder->statistics, &summary->bytes, err);
}

enum fault builder_finish(struct builder *builder, struct builder_summary *summary, struct error *err)
{
    struct builder_summary unused;
    if (builder->state != BUILDER_OPEN)
        return state_fault(err);
    TRY(builder_settle(builder, segment_write(builder, summary != NULL ? summary : &unused, err)));
    builder->state = BUILDER_IDLE;
    builder_clear(builder);
    return FAULT_NONE;
}

void builder_cancel(struct builder *builder)
{
    if (builder->state != BUILDER_IDLE)
        segment_drop(&builder->segment);
    builder->state = BUILDER_IDLE;
    builder_clear(builder);
}

enum fault builder_guard(const char *stock_folder, struct error *err)
{
    return iamglass_guard(stock_folder, err);
}
