/* lexicon_order: all terms in order of bytes. Eight bytes at a time are carried beside a term, so that the pool, whose
 * lines are cold, is looked at once for each eight that are needed. */
#include "lexicon.h"

#include "mistake.h"

enum { STEP = 8 /* bytes */, FEW = 48 /* that are inserted one by one */, TERMS_AHEAD = 16, ROOM_PART = 8 };

static size_t term_size(const struct lexicon_term *term)
{
    return (unsigned char)term->at[-1];
}

static int term_compare(const void *a, const void *b)
{
    return span_compare(lexicon_span(a), lexicon_span(b));
}

/* The bytes of a term from `from` on, which is not behind its end, and zeros behind its end. */
static uint64_t head_at(const struct lexicon_term *term, size_t from)
{
    size_t left = term_size(term) - from;
    uint64_t head;
    memcpy(&head, term->at + from, sizeof head);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    head = __builtin_bswap64(head);
#endif
    return left >= STEP ? head : left == 0 ? 0 : head >> 8 * (STEP - left) << 8 * (STEP - left);
}

static void heads_insert(struct lexicon_term *terms, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct lexicon_term term = terms[i];
        size_t at = i;
        for (; at > 0 && terms[at - 1].head > term.head; at--)
            terms[at] = terms[at - 1];
        terms[at] = term;
    }
}

/* One step of a radix sort: by byte `shift` of the heads, stable. */
static void heads_step(const struct lexicon_term *from, struct lexicon_term *to, size_t count, int shift)
{
    size_t starts[257] = {0};
    for (size_t i = 0; i < count; i++)
        starts[(from[i].head >> shift & 0xFF) + 1]++;
    for (int i = 0; i < 256; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < count; i++)
        to[starts[from[i].head >> shift & 0xFF]++] = from[i];
}

static void heads_sort(struct lexicon_term *terms, struct lexicon_term *spare, size_t count)
{
    struct lexicon_term *from = terms, *to = spare;
    uint64_t differ = 0;
    for (size_t i = 1; i < count; i++)
        differ |= terms[i].head ^ terms[0].head;
    for (int shift = 0; shift < 64; shift += 8) {
        if ((differ >> shift & 0xFF) == 0)
            continue;
        heads_step(from, to, count, shift);
        struct lexicon_term *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != terms)
        memcpy(terms, from, count * sizeof *terms);
}

static void alike_sort(struct lexicon_term *terms, struct lexicon_term *spare, size_t count, size_t from);

/* By the heads, then each run of equal heads by the bytes behind them, which stand at `from`. */
static void heads_order(struct lexicon_term *terms, struct lexicon_term *spare, size_t count, size_t from)
{
    if (count <= FEW)
        heads_insert(terms, count);
    else
        heads_sort(terms, spare, count);
    for (size_t first = 0, i = 1; i <= count && !MISTAKE(TERM_ORDER); i++) {
        if (i + TERMS_AHEAD < count && terms[i + TERMS_AHEAD].head == terms[i + TERMS_AHEAD - 1].head)
            __builtin_prefetch(terms[i + TERMS_AHEAD].at + from);
        if (i < count && terms[i].head == terms[first].head)
            continue;
        if (i - first > 1)
            alike_sort(terms + first, spare, i - first, from);
        first = i;
    }
}

/* Terms that are alike before `from`. One that ends before it is so because it, or another, has zeros of its own, which
 * is seldom. */
static void alike_sort(struct lexicon_term *terms, struct lexicon_term *spare, size_t count, size_t from)
{
    for (size_t i = 0; i < count; i++) {
        if (term_size(&terms[i]) < from) {
            qsort(terms, count, sizeof *terms, term_compare);
            return;
        }
        terms[i].head = head_at(&terms[i], from);
    }
    heads_order(terms, spare, count, from + STEP);
}

/* Room for all terms; where there is too little, some more is taken, as the next run has about as many. */
static struct lexicon_term *terms_room(struct buffer *buffer, uint32_t count)
{
    size_t bytes = ((size_t)count + 1) * sizeof(struct lexicon_term);
    bool room = buffer->room >= bytes || buffer_exactly(buffer, bytes + bytes / ROOM_PART);
    return room ? (void *)buffer->at : NULL;
}

void lexicon_unsorted(struct lexicon *lexicon)
{
    buffer_done(&lexicon->order);
    buffer_done(&lexicon->spare);
}

struct lexicon_term *lexicon_sorted(struct lexicon *lexicon)
{
    struct lexicon_term *terms = terms_room(&lexicon->order, lexicon->count);
    struct lexicon_term *spare = terms_room(&lexicon->spare, lexicon->count);
    const char *at = lexicon->pool.at;
    if (terms == NULL || spare == NULL)
        return NULL;
    for (uint32_t number = 0; number < lexicon->count; number++) {
        struct lexicon_term *term = &terms[number];
        *term = (struct lexicon_term){.at = at + LEXICON_BYTES, .number = number};
        memcpy(&term->count, at + LEXICON_COUNT, sizeof term->count);
        term->head = head_at(term, 0);
        at = term->at + term_size(term);
    }
    heads_order(terms, spare, lexicon->count, STEP);
    return terms;
}
