/* inversion: the counting sort and what it sorts. Owned by one builder. */
#include "inversion.h"

#include "coding.h"
#include "position.h"

/* A term that is looked up by its bytes. */
struct asked {
    uint64_t hash;
    uint32_t posting;
};

void inversion_part(struct inversion *inversion, uint64_t seed)
{
    lexicon_clear(&inversion->lexicon, seed);
    known_clear(&inversion->known);
    inversion->records.size = inversion->places.size = 0;
    inversion->away = inversion_count(inversion);
}

void inversion_clear(struct inversion *inversion, uint64_t seed)
{
    inversion->documents.size = 0;
    inversion_part(inversion, seed);
    inversion->away = 0;
    buffer_done(&inversion->sorted); /* as much as all records, and not needed before the next end */
    lexicon_unsorted(&inversion->lexicon);
}

void inversion_done(struct inversion *inversion)
{
    lexicon_done(&inversion->lexicon);
    buffer_done(&inversion->records);
    buffer_done(&inversion->places);
    buffer_done(&inversion->documents);
    known_done(&inversion->known);
    buffer_done(&inversion->numbers);
    buffer_done(&inversion->asked);
    buffer_done(&inversion->sorted);
}

bool inversion_reserve(struct inversion *inversion, size_t postings, size_t term_bytes, size_t position_bytes)
{
    return lexicon_reserve(&inversion->lexicon, postings, term_bytes) &&
           buffer_reserve(&inversion->records, postings * sizeof(struct record)) &&
           buffer_reserve(&inversion->documents, sizeof(struct inversion_document)) &&
           buffer_reserve(&inversion->numbers, postings * sizeof(uint32_t)) &&
           buffer_reserve(&inversion->asked, postings * sizeof(struct asked)) &&
           buffer_reserve(&inversion->places, position_bytes + postings * 2 * UINT_MAX_BYTES);
}

/* Size and bytes of a packed list, behind what is in `places`. */
static void positions_push(struct buffer *places, const struct posting *posting)
{
    char *at = places->at + places->size;
    if (posting->position_count == 0) {
        *at = 0;
        places->size++;
        return;
    }
    /* The size goes before the bytes but is known after them; one byte is enough for nearly all. */
    size_t size = (size_t)(position_pack(at + 1, posting->positions, posting->position_count) - (at + 1));
    char head[UINT_MAX_BYTES];
    size_t head_size = (size_t)(put_uint(head, size) - head);
    if (head_size > 1)
        memmove(at + head_size, at + 1, size);
    memcpy(at, head, head_size);
    places->size += head_size + size;
}

static uint32_t place_make(struct buffer *places, const struct posting *posting)
{
    uint32_t place = (uint32_t)places->size;
    char *to = places->at + places->size;
    places->size = (size_t)(put_uint(to, posting->wdf - (posting->wdf > SMALL_MAX && MISTAKE(WDF_WIDE))) - places->at);
    positions_push(places, posting);
    return place;
}

static inline struct record record_make(struct inversion *inversion, const struct posting *posting, uint32_t number)
{
    uint32_t what;
    if (posting->position_count == 0 && posting->wdf <= SMALL_MAX)
        what = posting->wdf;
    else if (posting->position_count == 1 && posting->wdf == 1 && posting->positions[0] < SMALL_MAX)
        what = KIND_SINGLE | (posting->positions[0] + MISTAKE(SINGLE_POSITION));
    else
        what = KIND_PLACE | place_make(&inversion->places, posting);
    return (struct record){number, what};
}

/* Numbers of the terms that are known; how many are not, which stand in `asked` then. */
static size_t terms_known(struct inversion *inversion, const struct index_document *document,
                          const struct known_map *map)
{
    uint32_t *numbers = (void *)inversion->numbers.at;
    struct asked *asked = (void *)inversion->asked.at;
    size_t left = 0;
    for (size_t i = 0; i < document->posting_count; i++) {
        struct known_term *known = map != NULL ? &map->terms[document->numbers[i]] : NULL;
        bool is_known = known != NULL && known->number != 0;
        if (is_known)
            numbers[i] = known_again(known, document->postings[i].wdf);
        else
            asked[left++].posting = (uint32_t)i;
    }
    return left;
}

/* The others, in three steps some terms apart: hash, slot, bytes. */
enum { SLOT_AHEAD = 12, TERM_AHEAD = 6 };

static void asked_hash(struct inversion *inversion, const struct index_document *document, size_t count)
{
    struct asked *asked = (void *)inversion->asked.at;
    for (size_t i = 0; i < count; i++) {
        asked[i].hash = lexicon_hash(&inversion->lexicon, document->postings[asked[i].posting].term);
        if (i < SLOT_AHEAD)
            lexicon_fetch_slot(&inversion->lexicon, asked[i].hash);
    }
}

static void terms_ask(struct inversion *inversion, const struct index_document *document, struct known_map *map,
                      size_t count)
{
    const struct asked *asked = (const void *)inversion->asked.at;
    uint32_t *numbers = (void *)inversion->numbers.at;
    asked_hash(inversion, document, count);
    for (size_t i = 0; i < count; i++) {
        if (i + SLOT_AHEAD < count)
            lexicon_fetch_slot(&inversion->lexicon, asked[i + SLOT_AHEAD].hash);
        if (i + TERM_AHEAD < count)
            lexicon_fetch_term(&inversion->lexicon, asked[i + TERM_AHEAD].hash);
        uint32_t at = asked[i].posting;
        const struct posting *posting = &document->postings[at];
        numbers[at] = lexicon_number(&inversion->lexicon, posting->term, asked[i].hash, posting->wdf);
        if (map != NULL)
            known_add(map, document->numbers[at], numbers[at]);
    }
}

void inversion_add(struct inversion *inversion, const struct index_document *document, uint32_t length)
{
    struct known_map *map = known_of(&inversion->known, &inversion->lexicon, document);
    struct record *to = (void *)(inversion->records.at + inversion->records.size);
    const uint32_t *numbers = (const void *)inversion->numbers.at;
    terms_ask(inversion, document, map, terms_known(inversion, document, map));
    for (size_t i = 0; i < document->posting_count; i++)
        *to++ = record_make(inversion, &document->postings[i], numbers[i]);
    inversion->records.size = (size_t)((char *)to - inversion->records.at);
    struct inversion_document *last = (void *)(inversion->documents.at + inversion->documents.size);
    *last = (struct inversion_document){length, (uint32_t)document->posting_count};
    inversion->documents.size += sizeof *last;
}

uint32_t inversion_count(const struct inversion *inversion)
{
    return (uint32_t)(inversion->documents.size / sizeof(struct inversion_document));
}

const struct lexicon_term *inversion_terms(struct inversion *inversion)
{
    return known_settle(&inversion->known, &inversion->lexicon) ? lexicon_sorted(&inversion->lexicon) : NULL;
}

bool inversion_sort(struct inversion *inversion, const struct lexicon_term *order)
{
    uint32_t terms = inversion->lexicon.count, *next = malloc(((size_t)terms + 1) * sizeof *next), start = 0;
    size_t size = inversion->records.size, behind = RECORD_AHEAD * sizeof(struct record);
    if (next == NULL || !buffer_exactly(&inversion->sorted, size + behind)) {
        free(next);
        return false;
    }
    memset(inversion->sorted.at + size, 0, behind);
    struct record *sorted = (void *)inversion->sorted.at;
    for (uint32_t i = 0; i < terms; i++) {
        next[order[i].number] = start;
        start += order[i].count;
    }
    const struct record *from = (const void *)inversion->records.at;
    const struct inversion_document *documents = (const void *)inversion->documents.at;
    for (uint32_t docid = inversion->away + 1, count = inversion_count(inversion); docid <= count; docid++)
        for (uint32_t n = documents[docid - 1].postings; n > 0; n--, from++)
            sorted[next[from->key]++] =
                (struct record){docid + (inversion->away > 0 && MISTAKE(RUN_DOCUMENT)), from->what};
    free(next);
    return true;
}

size_t inversion_kept_bytes(const struct inversion *inversion)
{
    return inversion->documents.size;
}

size_t inversion_bytes(const struct inversion *inversion)
{
    return lexicon_bytes(&inversion->lexicon) + 2 * inversion->records.size + inversion->places.size +
           inversion->lexicon.count * sizeof(uint32_t) + inversion->documents.size + known_bytes(&inversion->known);
}
