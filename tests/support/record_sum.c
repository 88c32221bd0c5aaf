/* record_sum: each part with its size, so that no two records look alike. */
#include "record_sum.h"

#include <xxhash.h>

static uint64_t number_sum(uint64_t sum, uint64_t number)
{
    return XXH3_64bits_withSeed(&number, sizeof number, sum);
}

static uint64_t span_sum(uint64_t sum, struct span bytes)
{
    sum = number_sum(sum, bytes.size);
    return bytes.size > 0 ? XXH3_64bits_withSeed(bytes.at, bytes.size, sum) : sum;
}

static uint64_t posting_sum(uint64_t sum, const struct posting *posting)
{
    sum = number_sum(span_sum(sum, posting->term), posting->wdf);
    return span_sum(sum, (struct span){(const char *)posting->positions, posting->position_count * sizeof(uint32_t)});
}

static uint64_t document_sum(uint64_t sum, const struct index_document *document)
{
    sum = number_sum(span_sum(sum, document->unique), document->posting_count);
    for (size_t i = 0; i < document->posting_count; i++)
        sum = posting_sum(sum, &document->postings[i]);
    sum = number_sum(sum, document->value_count);
    for (size_t i = 0; i < document->value_count; i++)
        sum = span_sum(number_sum(sum, document->values[i].slot), document->values[i].bytes);
    return number_sum(span_sum(sum, document->data), document->closed);
}

uint64_t record_sum(uint64_t before, const struct index_record *record)
{
    uint64_t sum = span_sum(span_sum(before, record->id), record->group);
    sum = number_sum(number_sum(sum, record->version), record->bytes);
    sum = span_sum(sum, (struct span){(const char *)record->digest, sizeof record->digest});
    sum = number_sum(sum, record->document_count);
    for (size_t i = 0; i < record->document_count; i++)
        sum = document_sum(sum, &record->documents[i]);
    return sum;
}
