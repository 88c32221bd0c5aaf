/* filler: noise where stock would stumble over too good a compression. Pure. */
#include "filler.h"

#include "tag.h"

enum {
    NOISE_TERMS = 12,
    NOISE_BYTES = NOISE_TERMS * 235, /* of six bits each: more than TAG_ITEM_MAX_BYTES when they are deflated */
    UINT_BYTES = 10
};
_Static_assert(NOISE_BYTES * 3 / 4 > TAG_ITEM_MAX_BYTES, "the last item must be noise alone");

/* Always the same, so that the same document gives the same bytes. */
static void noise_make(char out[static NOISE_BYTES])
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    uint64_t state = 1;
    for (size_t i = 0; i < NOISE_BYTES; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        out[i] = letters[state >> 58];
    }
}

/* ---- term lists */

static char *put_uint(char *to, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *to++ = (char)(number | 0x80);
    *to++ = (char)number;
    return to;
}

/* A term behind another: how much they share and wdf in one byte, where that fits, the rest, otherwise wdf. */
static char *put_term(char *to, struct span before, const struct posting *posting)
{
    size_t shared = 0;
    while (shared < before.size && shared < posting->term.size && before.at[shared] == posting->term.at[shared])
        shared++;
    uint64_t both = ((uint64_t)posting->wdf + 1) * (before.size + 1) + shared;
    bool short_form = posting->wdf < 127 && both < 256;
    *to++ = (char)(short_form ? both : shared);
    *to++ = (char)(posting->term.size - shared);
    memcpy(to, posting->term.at + shared, posting->term.size - shared);
    to += posting->term.size - shared;
    return short_form ? to : put_uint(to, posting->wdf);
}

struct span filler_term_list(struct arena *arena, const struct index_document *document)
{
    size_t room = 2 * UINT_BYTES;
    uint64_t length = 0;
    for (size_t i = 0; i < document->posting_count; i++) {
        room += document->postings[i].term.size + 2 + UINT_BYTES;
        length += document->postings[i].wdf;
    }
    char *at = arena_alloc(arena, room);
    if (at == NULL || document->posting_count == 0)
        return (struct span){at, 0};
    const struct posting *first = document->postings;
    char *to = put_uint(put_uint(at, length), document->posting_count);
    *to++ = (char)first->term.size;
    memcpy(to, first->term.at, first->term.size);
    to = put_uint(to + first->term.size, first->wdf);
    for (size_t i = 1; i < document->posting_count; i++)
        to = put_term(to, document->postings[i - 1].term, &document->postings[i]);
    return (struct span){at, (size_t)(to - at)};
}

/* The coded list is about as long as its terms less what neighbours share: so short a one needs no look. */
static bool is_short(const struct index_document *document)
{
    size_t bytes = 2 * UINT_BYTES;
    for (size_t i = 0; i < document->posting_count; i++)
        bytes += document->postings[i].term.size + (document->postings[i].wdf < 127 ? 3 : 2 + UINT_BYTES);
    return bytes < TAG_STEP_BYTES;
}

/* Behind all others: no other prefix begins with the filler's letter or one above it. */
enum fault filler_terms(struct arena *arena, struct arena *kept, struct index_document *document, struct error *err)
{
    char noise[NOISE_BYTES];
    enum { EACH = NOISE_BYTES / NOISE_TERMS };
    if (is_short(document))
        return FAULT_NONE;
    struct span list = filler_term_list(arena, document);
    if (list.at == NULL)
        return arena_full(err);
    if (tag_is_sound(list))
        return FAULT_NONE;
    struct posting *all = arena_zero(kept, document->posting_count + NOISE_TERMS, sizeof *all);
    if (all == NULL)
        return arena_full(err);
    memcpy(all, document->postings, document->posting_count * sizeof *all);
    noise_make(noise);
    for (size_t i = 0; i < NOISE_TERMS; i++) {
        struct text term =
            arena_format(kept, "%s%c%.*s", schema_prefix(PREFIX_FILLER).at, (int)('a' + i), EACH, noise + i * EACH);
        if (term.at == NULL)
            return arena_full(err);
        all[document->posting_count + i] = (struct posting){.term = {term.at, term.size}};
    }
    document->postings = all;
    document->posting_count += NOISE_TERMS;
    document->numbers = NULL;
    return FAULT_NONE;
}

/* ---- data */

/* What zstd made not even 16 times smaller is noise to deflate as well, and there is enough of it. */
static bool is_noise(size_t packed, size_t body)
{
    return packed >= NOISE_BYTES && body / packed < 16;
}

void filler_line(struct data_writer *writer, size_t packed, size_t body)
{
    char noise[NOISE_BYTES];
    if (writer->full || is_noise(packed, body) || tag_is_sound((struct span){writer->at, writer->size}))
        return;
    noise_make(noise);
    data_line(writer, FIELD_FILLER, (struct span){noise, sizeof noise});
}
