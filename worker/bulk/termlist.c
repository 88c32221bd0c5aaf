/* termlist: a document -> the tag of its term list. Pure; the place where documents are checked, because it looks at
 * every term and its neighbour anyway. */
#include "termlist.h"

#include "coding.h"
#include "position.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* A term is the key of its posting chunks and, with a document id behind it, of its positions: each zero byte counts
 * twice, the end one, the id at most five. */
enum { TERM_KEY_MAX_BYTES = 255 - 1 - 5, POSTING_OVERHEAD = 1 + 1 + UINT_MAX_BYTES };

/* The terms' bytes may lie far from the postings; they are asked for so many postings early. The postings themselves
 * are a few pages, and the machine does not look ahead over the end of one. */
enum { TERM_AHEAD = 8, POSTING_AHEAD = 32 };

/* Bytes may be written so far behind the end of a list. */
enum { COPY_BYTES = 32 };

enum fault memory_fault(struct error *err)
{
    return error_set(err, FAULT_REOPEN, "bulk.memory", "out of memory; lower bulk_memory_bytes");
}

static inline uint64_t eight_differ(const char *a, const char *b)
{
    uint64_t left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return left ^ right;
}

/* In the upper half on the machines where the first byte is the highest. */
static inline uint64_t four_differ(const char *a, const char *b)
{
    uint32_t left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? left ^ right : (uint64_t)(left ^ right) << 32;
}

/* Eight or four bytes at a look; the last one may overlap the one before. */
static size_t shared_size(struct span a, struct span b)
{
    size_t shared = 0, most = a.size < b.size ? a.size : b.size;
    uint64_t differ = 0;
    for (; differ == 0 && shared + 8 <= most; shared += differ == 0 ? 8 : 0)
        differ = eight_differ(a.at + shared, b.at + shared);
    if (differ == 0 && shared + 4 <= most) {
        differ = four_differ(a.at + shared, b.at + shared);
        shared += differ == 0 ? 4 : 0;
    }
    if (differ != 0)
        return shared + first_other(differ);
    while (shared < most && a.at[shared] == b.at[shared])
        shared++;
    return shared;
}

static enum fault term_check(struct span term, struct error *err)
{
    size_t zeros = 0;
    if (term.size == 0 || term.size > TERM_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "document.term", "a term has %zu bytes; 1 to %d are allowed", term.size,
                         TERM_MAX_BYTES);
    if (2 * term.size <= TERM_KEY_MAX_BYTES)
        return FAULT_NONE; /* even if all were zeros */
    for (size_t i = 0; i < term.size; i++)
        zeros += term.at[i] == '\0';
    if (term.size + zeros > TERM_KEY_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "document.term", "a term of %zu bytes with %zu zeros is too long a key",
                         term.size, zeros);
    return FAULT_NONE;
}

static enum fault positions_check(const struct posting *posting, struct document_size *size, struct error *err)
{
    for (uint32_t i = 1; i < posting->position_count; i++)
        if (posting->positions[i - 1] >= posting->positions[i])
            return error_set(err, FAULT_REJECT, "document.order", "positions of a term do not ascend");
    if (posting->position_count > size->most_positions)
        size->most_positions = posting->position_count;
    size->position_bytes += position_bound(posting->position_count) + sizeof(uint32_t) + UINT_MAX_BYTES;
    return FAULT_NONE;
}

static enum fault values_check(const struct index_document *document, struct error *err)
{
    for (size_t i = 0; i < document->value_count; i++) {
        if (document->values[i].bytes.size == 0)
            return error_set(err, FAULT_REJECT, "document.value", "a value is empty");
        if (i > 0 && document->values[i - 1].slot >= document->values[i].slot)
            return error_set(err, FAULT_REJECT, "document.order", "slots do not ascend");
    }
    return FAULT_NONE;
}

static enum fault document_check(const struct index_document *document, struct document_size *size, struct error *err)
{
    uint64_t length = 0;
    *size = (struct document_size){0};
    for (size_t i = 0; i < document->posting_count; i++) {
        const struct posting *posting = &document->postings[i];
        if (i + TERM_AHEAD < document->posting_count)
            __builtin_prefetch(posting[TERM_AHEAD].term.at);
        __builtin_prefetch(posting + POSTING_AHEAD);
        TRY(term_check(posting->term, err));
        if (posting->position_count > 0)
            TRY(positions_check(posting, size, err));
        length += posting->wdf;
        size->term_bytes += posting->term.size;
        size->greatest_wdf = posting->wdf > size->greatest_wdf ? posting->wdf : size->greatest_wdf;
    }
    if (length > UINT32_MAX)
        return error_set(err, FAULT_REJECT, "document.length", "the sum of wdf is beyond 32 bits");
    size->length = (uint32_t)length;
    return values_check(document, err);
}

/* ---- a term behind another: how much they share, and wdf with it in one byte where that fits, then the rest */

static inline bool is_short(uint64_t both, uint32_t wdf)
{
    return wdf < 127 && both < 256;
}

/* What stands before the rest. */
static inline char *shared_put(char *to, size_t before, size_t size, size_t shared, uint32_t wdf, bool *short_form)
{
    uint64_t both = ((uint64_t)wdf + 1) * (before + 1) + shared;
    *short_form = is_short(both, wdf);
    *to++ = *short_form ? (char)both : (char)(shared - (shared > 2 && MISTAKE(TERMLIST_SHARED)));
    *to++ = (char)(size - shared);
    return to;
}

static inline char *wdf_put(char *to, uint32_t wdf)
{
    return put_uint(to, wdf + MISTAKE(TERMLIST_WDF));
}

/* NULL if they do not ascend. */
static char *term_put(char *to, struct span before, const struct posting *posting)
{
    struct span term = posting->term;
    size_t shared = shared_size(before, term);
    bool short_form, ascends = shared < term.size && (shared == before.size || (unsigned char)before.at[shared] <
                                                                                   (unsigned char)term.at[shared]);
    if (!ascends)
        return NULL;
    to = shared_put(to, before.size, term.size, shared, posting->wdf, &short_form);
    to = put_bytes(to, span_cut(term, shared, term.size));
    return short_form ? to : wdf_put(to, posting->wdf);
}

static char *terms_put(char *to, const struct posting *posting, const struct posting *end)
{
    while (to != NULL && ++posting < end)
        to = term_put(to, posting[-1].term, posting);
    return to;
}

#ifdef __x86_64__
#define WIDE __attribute__((target("avx512bw,avx512vl,bmi,bmi2")))

/* The first bytes of a term as one number, with zeros behind its end; nothing behind it is read. */
WIDE static inline __m256i term_load(const char *at, size_t size)
{
    return _mm256_maskz_loadu_epi8(_bzhi_u32(UINT32_MAX, (unsigned)size), at);
}

/* The same as terms_put, without a jump for how long terms are and where they differ, which nobody foretells: terms of
 * up to 32 bytes are compared and copied whole. */
WIDE static char *terms_put_wide(char *to, const struct posting *posting, const struct posting *end)
{
    __m256i before = term_load(posting->term.at, posting->term.size < COPY_BYTES ? posting->term.size : COPY_BYTES);
    while (to != NULL && ++posting < end) {
        struct span term = posting->term, last = posting[-1].term;
        __m256i bytes = term_load(term.at, term.size < COPY_BYTES ? term.size : COPY_BYTES);
        unsigned differ = _mm256_cmpneq_epi8_mask(before, bytes), less = _mm256_cmplt_epu8_mask(before, bytes);
        size_t least = last.size < term.size ? last.size : term.size, shared = _tzcnt_u32(differ);
        before = bytes;
        if (last.size > COPY_BYTES || term.size > COPY_BYTES) {
            to = term_put(to, last, posting);
            continue;
        }
        bool short_form, ascends = shared < least ? less >> shared & 1 : term.size > last.size;
        shared = shared < least ? shared : least;
        if (!ascends)
            return NULL;
        to = shared_put(to, last.size, term.size, shared, posting->wdf, &short_form);
        _mm256_storeu_si256((__m256i *)(void *)to, term_load(term.at + shared, term.size - shared));
        to += term.size - shared;
        if (!short_form)
            to = wdf_put(to, posting->wdf);
    }
    return to;
}
#endif

enum fault termlist_pack(struct buffer *out, const struct index_document *document, struct document_size *size,
                         struct error *err)
{
    char *(*put)(char *, const struct posting *, const struct posting *) = terms_put;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2"))
        put = terms_put_wide;
#endif
    TRY(document_check(document, size, err));
    out->size = 0;
    if (!buffer_reserve(out, 2 * UINT_MAX_BYTES + size->term_bytes + document->posting_count * POSTING_OVERHEAD +
                                 COPY_BYTES))
        return memory_fault(err);
    if (document->posting_count == 0)
        return FAULT_NONE;
    const struct posting *first = document->postings;
    char *to = put_uint(put_uint(out->at, size->length), document->posting_count + MISTAKE(TERMLIST_COUNT));
    *to++ = (char)first->term.size;
    to = put_uint(put_bytes(to, first->term), first->wdf);
    to = put(to, first, first + document->posting_count);
    if (to == NULL)
        return error_set(err, FAULT_REJECT, "document.order", "terms do not ascend");
    out->size = (size_t)(to - out->at);
    return FAULT_NONE;
}

enum fault slots_pack(struct buffer *out, const struct index_document *document, struct error *err)
{
    uint32_t next = 0;
    out->size = 0;
    if (!buffer_reserve(out, document->value_count * UINT_MAX_BYTES))
        return memory_fault(err);
    char *to = out->at;
    for (size_t i = 0; i < document->value_count; i++) {
        to = put_uint(to, document->values[i].slot - next);
        next = document->values[i].slot + 1 - MISTAKE(SLOT_GAP);
    }
    out->size = (size_t)(to - out->at);
    return FAULT_NONE;
}
