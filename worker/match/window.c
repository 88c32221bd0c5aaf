/* window: parts -> matches and weights. Pure. */
#include "window.h"

#include <stdlib.h>

/* Documents that are asked for. */
struct only {
    const uint64_t *bits; /* NULL: all */
    uint32_t most;        /* so many at most */
};

/* Add what matches to `into`, of the documents `only`. */
static void part_match(struct window *window, const struct part *part, struct frame *into, struct only only);

/* The lowest set bit of a word is taken off and its number returned. */
static inline uint32_t bit_take(uint64_t *word)
{
    uint32_t bit = (uint32_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    return bit;
}

static inline bool has(const uint64_t *bits, uint32_t n)
{
    return bits[n / 64] >> n % 64 & 1;
}

/* ---------------------------------------------------------------- lists */

/* All postings of a block, or those of documents that are asked for. */
static uint32_t block_choose(struct window *window, const struct list *list, uint32_t at, uint32_t end, uint32_t base,
                             const uint64_t *only, uint32_t count)
{
    uint16_t *n = window->chosen.n;
    uint32_t *chosen = window->chosen.at;
    if (only == NULL) {
        for (uint32_t i = at; i < end; i++) {
            n[count + i - at] = (uint16_t)(base + list->docs[i]);
            chosen[count + i - at] = i;
        }
        return count + end - at;
    }
    for (uint32_t i = at; i < end; i++) { /* without a jump, which would be foreseen wrongly as often as not */
        uint32_t one = base + list->docs[i];
        n[count] = (uint16_t)one;
        chosen[count] = i;
        count += has(only, one);
    }
    return count;
}

/* Blocks that are not worth it are passed over. */
static uint32_t blocks_choose(struct window *window, const struct part *part, const uint64_t *only)
{
    const struct list_block *blocks = part->list->blocks;
    const double rest = window->most - part->most;
    uint32_t count = 0;
    for (uint32_t block = part->place.block; blocks[block].at < part->end; block++) {
        const struct list_block *here = &blocks[block];
        if (rest + (double)here->most * part->reach < window->floor) {
            window->passed = true;
            continue;
        }
        uint32_t at = here->at > part->place.at ? here->at : part->place.at;
        uint32_t end = here[1].at < part->end ? here[1].at : part->end;
        count = block_choose(window, part->list, at, end, here->first - window->begin, only, count);
    }
    return count;
}

/* A few documents are looked up one by one. */
static uint32_t documents_choose(struct window *window, const struct part *part, const uint64_t *only)
{
    const struct list *list = part->list;
    struct list_place place = part->place;
    uint32_t count = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        for (uint64_t bits = only[word]; bits != 0;) {
            uint32_t n = word * 64 + bit_take(&bits);
            list_seek(list, &place, window->begin + n);
            if (place.at >= part->end)
                return count;
            window->chosen.n[count] = (uint16_t)n;
            window->chosen.at[count] = place.at;
            count += list_docid(list, &place) == window->begin + n;
        }
    return count;
}

static uint32_t postings_choose(struct window *window, const struct part *part, struct only only)
{
    enum { FEW = 8 }; /* looking one up takes as long as going over so many */
    return only.bits != NULL && only.most < part->likely / FEW ? documents_choose(window, part, only.bits)
                                                               : blocks_choose(window, part, only.bits);
}

static void chosen_mark(const struct window *window, uint32_t count, uint64_t *bits)
{
    const uint16_t *n = window->chosen.n;
    for (uint32_t i = 0; i < count;) { /* a word at a time: they are in order */
        uint32_t word = n[i] / 64U;
        uint64_t set = 0;
        for (; i < count && n[i] / 64U == word; i++)
            set |= UINT64_C(1) << n[i] % 64U;
        bits[word] |= set;
    }
}

static inline void counts_of(const struct list *list, uint32_t i, uint32_t docid, uint32_t *wdf, uint32_t *length)
{
    *wdf = list->wdfs[i];
    *length = list->lengths[i];
    if (*wdf == LIST_WDF_RARE || *length == LIST_LENGTH_RARE) {
        const struct list_posting *rare = list_rare(list, docid);
        *wdf = rare->wdf;
        *length = rare->length;
    }
}

static void list_weigh(struct window *window, const struct part *part, struct frame *into, uint32_t count)
{
    const struct scale scale = *window->scale;
    const double per_length = window->per_length, weight = part->weight;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = window->chosen.n[i], wdf, length;
        counts_of(part->list, window->chosen.at[i], window->begin + n, &wdf, &length);
        into->of.weights[n] += weight * scale_share(&scale, per_length, wdf, length);
    }
}

static void list_count(struct window *window, const struct part *part, struct frame *into, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = window->chosen.n[i], wdf;
        counts_of(part->list, window->chosen.at[i], window->begin + n, &wdf, &into->of.same.lengths[n]);
        into->of.same.wdfs[n] += wdf;
    }
}

static void list_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    uint32_t count = postings_choose(window, part, only);
    if (part->weight > 0)
        list_weigh(window, part, into, count);
    chosen_mark(window, count, into->bits);
}

/* ---------------------------------------------------------------- operators */

static struct frame *frame_take(struct window *window)
{
    return window->frames[window->used++];
}

/* Everything of `from` goes to `into`. */
static void frame_pour(struct window *window, struct frame *from, struct frame *into)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t bits = from->bits[word];
        into->bits[word] |= bits;
        from->bits[word] = 0;
        while (bits != 0) {
            uint32_t n = word * 64 + bit_take(&bits);
            into->of.weights[n] += from->of.weights[n];
            from->of.weights[n] = 0;
        }
    }
    window->used--;
}

/* All weigh so much more. */
static void frame_raise(struct frame *frame, double weight)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        for (uint64_t bits = frame->bits[word]; bits != 0;)
            frame->of.weights[word * 64 + bit_take(&bits)] += weight;
}

/* What `other` has goes; it weighs nothing there. */
static void frame_lose(struct window *window, struct frame *frame, struct frame *other)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t bits = frame->bits[word] & other->bits[word];
        frame->bits[word] &= ~bits;
        other->bits[word] = 0;
        while (bits != 0)
            frame->of.weights[word * 64 + bit_take(&bits)] = 0;
    }
    window->used--;
}

/* Only what `other` has as well stays, with the weight of both. */
static void frame_meet(struct window *window, struct frame *frame, struct frame *other)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t lost = frame->bits[word] & ~other->bits[word], bits = other->bits[word];
        frame->bits[word] &= bits;
        other->bits[word] = 0;
        while (lost != 0)
            frame->of.weights[word * 64 + bit_take(&lost)] = 0;
        while (bits != 0) {
            uint32_t n = word * 64 + bit_take(&bits);
            frame->of.weights[n] += other->of.weights[n];
            other->of.weights[n] = 0;
        }
    }
    window->used--;
}

static bool is_empty(const struct frame *frame)
{
    uint64_t all = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        all |= frame->bits[word];
    return all == 0;
}

static void any_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    for (const struct part *one = part->first; one != NULL; one = one->next)
        if (one->here)
            part_match(window, one, into, only);
}

/* The words of one unit weigh as one word does, of which there are as many as of all of them. */
static void same_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    struct frame *frame = frame_take(window);
    for (const struct part *one = part->first; one != NULL; one = one->next)
        if (one->here) {
            uint32_t count = postings_choose(window, one, only);
            list_count(window, one, frame, count);
            chosen_mark(window, count, frame->bits);
        }
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t bits = frame->bits[word];
        into->bits[word] |= bits;
        frame->bits[word] = 0;
        while (bits != 0) {
            uint32_t n = word * 64 + bit_take(&bits);
            uint32_t wdf = frame->of.same.wdfs[n], length = frame->of.same.lengths[n];
            frame->of.same.wdfs[n] = frame->of.same.lengths[n] = 0;
            into->of.weights[n] +=
                part->weight * scale_share(window->scale, window->per_length, wdf < length ? wdf : length, length);
        }
    }
    window->used--;
}

/* Whether a frame is needed beside `into`: not where that is still empty. */
static struct frame *frame_for(struct window *window, struct frame *into)
{
    return is_empty(into) ? into : frame_take(window);
}

/* The first one says where the others need to be looked at. */
static void all_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    const struct part *least = part->first;
    struct frame *frame = frame_for(window, into);
    part_match(window, least, frame, only);
    for (const struct part *one = least->next; one != NULL && !is_empty(frame); one = one->next) {
        struct frame *other = frame_take(window);
        part_match(window, one, other, (struct only){frame->bits, least->likely});
        frame_meet(window, frame, other);
    }
    if (part->weight > 0)
        frame_raise(frame, part->weight);
    if (frame != into)
        frame_pour(window, frame, into);
}

/* Nothing is passed over in what must not match: it weighs nothing, so that none of its blocks could make up for less
 * than the window promises. */
static void without_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    const struct part *right = part->first->next;
    struct frame *frame = frame_for(window, into);
    part_match(window, part->first, frame, only);
    if (right->here && !is_empty(frame)) {
        struct frame *other = frame_take(window);
        part_match(window, right, other, (struct only){frame->bits, part->first->likely});
        frame_lose(window, frame, other);
    }
    if (frame != into)
        frame_pour(window, frame, into);
}

static void kind_add(const struct window *window, const struct part *part, struct frame *frame)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        size_t at = window->begin / 64 + word;
        uint64_t bits = at < part->word_count ? part->words[at] & frame->bits[word] : 0;
        while (bits != 0)
            frame->of.weights[word * 64 + bit_take(&bits)] += part->weight;
    }
}

static void maybe_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    const struct part *right = part->first->next;
    struct frame *frame = frame_for(window, into);
    part_match(window, part->first, frame, only);
    if (right->kind == SHAPE_KIND) {
        kind_add(window, right, frame);
    } else if (right->here && !is_empty(frame)) {
        struct frame *other = frame_take(window);
        part_match(window, right, other,
                   (struct only){frame->bits, part->first->likely}); /* so it has no other documents */
        frame_pour(window, other, frame);
    }
    if (frame != into)
        frame_pour(window, frame, into);
}

static void part_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    switch (part->kind) {
    case SHAPE_LIST: list_match(window, part, into, only); break;
    case SHAPE_SAME: same_match(window, part, into, only); break;
    case SHAPE_ANY: any_match(window, part, into, only); break;
    case SHAPE_ALL: all_match(window, part, into, only); break;
    case SHAPE_WITHOUT: without_match(window, part, into, only); break;
    case SHAPE_MAYBE: maybe_match(window, part, into, only); break;
    case SHAPE_KIND: break; /* maybe_match has it */
    }
}

struct frame *window_match(struct window *window, const struct part *root)
{
    struct frame *frame = window->frames[FRAMES_MAX - 1];
    window->used = 0;
    part_match(window, root, frame, (struct only){NULL, WINDOW_DOCUMENTS});
    return frame;
}

/* ---------------------------------------------------------------- room */

static size_t frames_of(const struct part *part)
{
    size_t most = 0, own = part->kind == SHAPE_LIST || part->kind == SHAPE_ANY ? 0 : part->kind == SHAPE_SAME ? 1 : 2;
    for (const struct part *one = part->first; one != NULL; one = one->next) {
        size_t below = frames_of(one);
        most = below > most ? below : most;
    }
    return own + most;
}

bool window_room(struct window *window, const struct part *root)
{
    size_t wanted = frames_of(root);
    if (wanted >= FRAMES_MAX)
        return false;
    for (size_t i = 0; i < FRAMES_MAX; i++)
        if ((i < wanted || i == FRAMES_MAX - 1) && window->frames[i] == NULL &&
            (window->frames[i] = calloc(1, sizeof *window->frames[i])) == NULL)
            return false;
    return true;
}

void window_done(struct window *window)
{
    for (size_t i = 0; i < FRAMES_MAX; i++)
        free(window->frames[i]);
    *window = (struct window){0};
}
