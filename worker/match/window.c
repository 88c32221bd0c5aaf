/* window: parts -> matches and weights. Pure. */
#include "window.h"

#include <stdlib.h>

/* Documents that are asked for. */
struct only {
    const uint64_t *bits; /* NULL: all */
    uint32_t most;        /* so many at most */
    bool sure;            /* all of them match the part, */
    bool whole;           /* and no others do */
};

static const struct only all_documents = {NULL, WINDOW_DOCUMENTS, false, false};

/* Add what matches to `into`, of the documents `only`. */
static void part_match(struct window *window, const struct part *part, struct frame *into, struct only only);
/* The same for who wants to know which, not how much. */
static void part_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only);

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

static uint32_t bits_count(const uint64_t *bits)
{
    uint32_t count = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        count += list_map_count(bits[word]);
    return count;
}

static bool is_empty(const uint64_t *bits)
{
    uint64_t all = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        all |= bits[word];
    return all == 0;
}

static void bits_add(uint64_t *bits, const uint64_t *more)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        bits[word] |= more[word];
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

/* Postings of a list, block by block. */
struct stretch {
    uint32_t block;   /* the next one */
    uint32_t at, end; /* postings of this one */
    uint32_t base;    /* document of the window that docs count from */
};

static struct stretch stretch_first(const struct part *part)
{
    return (struct stretch){.block = part->place.block};
}

/* Blocks that are not worth it are passed over. */
static bool stretch_next(struct window *window, const struct part *part, struct stretch *stretch)
{
    const struct list_block *blocks = part->list->blocks;
    const double rest = window->most - part->most;
    while (blocks[stretch->block].at < part->end) {
        const struct list_block *here = &blocks[stretch->block++];
        if (rest + (double)here->most * part->reach < window->floor) {
            continue;
        }
        stretch->at = here->at > part->place.at ? here->at : part->place.at;
        stretch->end = here[1].at < part->end ? here[1].at : part->end;
        stretch->base = here->first - window->begin;
        return true;
    }
    return false;
}

static uint32_t blocks_choose(struct window *window, const struct part *part, const uint64_t *only)
{
    uint32_t count = 0;
    for (struct stretch stretch = stretch_first(part); stretch_next(window, part, &stretch);)
        count = block_choose(window, part->list, stretch.at, stretch.end, stretch.base, only, count);
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

/* The same where the list has a map. */
static uint32_t map_choose(struct window *window, const struct list *list, const uint64_t *only)
{
    uint32_t count = 0;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t bits = only[word] & list_map_word(list, window->begin / 64 + word);
        while (bits != 0) {
            uint32_t bit = bit_take(&bits);
            window->chosen.n[count] = (uint16_t)(word * 64 + bit);
            window->chosen.at[count++] = list_map_at(list, window->begin / 64 + word, bit);
        }
    }
    return count;
}

static bool is_few(const struct part *part, struct only only)
{
    enum { FEW = 8 }; /* looking one up takes as long as going over so many */
    return only.bits != NULL && only.most < part->likely / FEW;
}

static uint32_t postings_choose(struct window *window, const struct part *part, struct only only)
{
    if (only.bits != NULL && part->list->map_count > 0 && only.most < part->likely / 2)
        return map_choose(window, part->list, only.bits);
    return is_few(part, only) ? documents_choose(window, part, only.bits) : blocks_choose(window, part, only.bits);
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
        into->weights[n] += weight * scale_share(&scale, per_length, wdf, length);
    }
}

static void list_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    uint32_t count = postings_choose(window, part, only.whole ? all_documents : only);
    if (part->weight > 0)
        list_weigh(window, part, into, count);
    chosen_mark(window, count, into->bits);
}

/* ---------------------------------------------------------------- which, not how much */

static void blocks_mark(const struct window *window, const struct part *part, uint64_t *bits, const uint64_t *only)
{
    const struct list *list = part->list;
    for (uint32_t block = part->place.block, i = part->place.at; i < part->end; block++) {
        uint32_t base = list->blocks[block].first - window->begin;
        uint32_t end = list->blocks[block + 1].at < part->end ? list->blocks[block + 1].at : part->end;
        for (; i < end; i++) {
            uint32_t n = base + list->docs[i];
            uint64_t bit = UINT64_C(1) << n % 64;
            bits[n / 64] |= only != NULL ? bit & only[n / 64] : bit;
        }
    }
}

static void map_mark(const struct window *window, const struct list *list, uint64_t *bits, const uint64_t *only)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        uint64_t set = list_map_word(list, window->begin / 64 + word);
        bits[word] |= only != NULL ? set & only[word] : set;
    }
}

static void list_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    if (part->list->map_count > 0)
        map_mark(window, part->list, bits, only.bits);
    else if (is_few(part, only))
        chosen_mark(window, documents_choose(window, part, only.bits), bits);
    else
        blocks_mark(window, part, bits, only.bits);
}

/* The first one says where the others need to be looked at. */
static void all_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    const struct part *least = part->first;
    uint64_t all[WINDOW_WORDS] = {0};
    part_mark(window, least, all, only);
    for (const struct part *one = least->next; one != NULL && !is_empty(all); one = one->next) {
        uint64_t here[WINDOW_WORDS] = {0};
        part_mark(window, one, here, (struct only){all, least->likely, false, false});
        memcpy(all, here, sizeof all);
    }
    bits_add(bits, all);
}

static void without_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    const struct part *right = part->first->next;
    uint64_t left[WINDOW_WORDS] = {0}, lost[WINDOW_WORDS] = {0};
    part_mark(window, part->first, left, only);
    if (right->here)
        part_mark(window, right, lost, (struct only){left, part->first->likely, false, false});
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        bits[word] |= left[word] & ~lost[word];
}

static void part_mark(struct window *window, const struct part *part, uint64_t *bits, struct only only)
{
    switch (part->kind) {
    case SHAPE_LIST: list_mark(window, part, bits, only); break;
    case SHAPE_ANY:
        for (const struct part *one = part->first; one != NULL; one = one->next)
            if (one->here)
                part_mark(window, one, bits, only);
        break;
    case SHAPE_ALL: all_mark(window, part, bits, only); break;
    case SHAPE_WITHOUT: without_mark(window, part, bits, only); break;
    case SHAPE_MAYBE: part_mark(window, part->first, bits, only); break;
    case SHAPE_SAME:        /* a list by now */
    case SHAPE_KIND: break; /* of no documents of its own */
    }
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
            into->weights[n] += from->weights[n];
            from->weights[n] = 0;
        }
    }
    window->used--;
}

/* All weigh so much more. */
static void frame_raise(struct frame *frame, double weight)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        for (uint64_t bits = frame->bits[word]; bits != 0;)
            frame->weights[word * 64 + bit_take(&bits)] += weight;
}

static void any_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    only = only.whole ? all_documents : only;
    only.sure = false;
    for (const struct part *one = part->first; one != NULL; one = one->next)
        if (one->here)
            part_match(window, one, into, only);
}

/* Whether a frame is needed beside `into`: not where that is still empty. */
static struct frame *frame_for(struct window *window, struct frame *into)
{
    return is_empty(into->bits) ? into : frame_take(window);
}

/* Documents are weighed once it is known which of them have all. Sums are made in the order of the parts. */
static void all_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    uint64_t bits[WINDOW_WORDS] = {0};
    struct only both = only;
    both.whole = false;
    if (!only.sure) {
        part_mark(window, part, bits, only);
        both = (struct only){bits, bits_count(bits), true, false};
    }
    if (both.most == 0)
        return;
    struct frame *frame = frame_for(window, into);
    for (const struct part *one = part->first; one != NULL; one = one->next) {
        struct frame *own = one == part->first || one->kind == SHAPE_LIST ? frame : frame_take(window);
        part_match(window, one, own, both);
        if (own != frame)
            frame_pour(window, own, frame);
    }
    bits_add(frame->bits, both.bits);
    if (part->weight > 0)
        frame_raise(frame, part->weight);
    if (frame != into)
        frame_pour(window, frame, into);
}

static void without_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    uint64_t bits[WINDOW_WORDS] = {0};
    if (!only.sure) {
        part_mark(window, part, bits, only);
        only = (struct only){bits, bits_count(bits), true, false};
    }
    only.whole = false;
    part_match(window, part->first, into, only);
}

static void kind_add(const struct window *window, const struct part *part, struct frame *frame)
{
    for (uint32_t word = 0; word < WINDOW_WORDS; word++) {
        size_t at = window->begin / 64 + word;
        uint64_t bits = at < part->word_count ? part->words[at] & frame->bits[word] : 0;
        while (bits != 0)
            frame->weights[word * 64 + bit_take(&bits)] += part->weight;
    }
}

static void maybe_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    const struct part *right = part->first->next;
    struct frame *frame = frame_for(window, into);
    part_match(window, part->first, frame, only);
    if (right->kind == SHAPE_KIND) {
        kind_add(window, right, frame);
    } else if (right->here && !is_empty(frame->bits)) {
        struct frame *other = frame_take(window);
        /* so it has no other documents */
        part_match(window, right, other, (struct only){frame->bits, part->first->likely, false, false});
        frame_pour(window, other, frame);
    }
    if (frame != into)
        frame_pour(window, frame, into);
}

static void part_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    switch (part->kind) {
    case SHAPE_LIST: list_match(window, part, into, only); break;
    case SHAPE_ANY: any_match(window, part, into, only); break;
    case SHAPE_ALL: all_match(window, part, into, only); break;
    case SHAPE_WITHOUT: without_match(window, part, into, only); break;
    case SHAPE_MAYBE: maybe_match(window, part, into, only); break;
    case SHAPE_SAME:        /* a list by now */
    case SHAPE_KIND: break; /* maybe_match has it */
    }
}

struct frame *window_match(struct window *window, const struct part *root)
{
    struct frame *frame = window->frames[FRAMES_MAX - 1];
    uint64_t bits[WINDOW_WORDS] = {0};
    window->used = 0;
    part_mark(window, root, bits, all_documents);
    struct only matches = {bits, bits_count(bits), true, true};
    if (matches.most > 0 && window->most >= window->floor)
        part_match(window, root, frame, matches);
    bits_add(frame->bits, bits);
    return frame;
}

/* ---------------------------------------------------------------- room */

static size_t frames_of(const struct part *part)
{
    size_t most = 0, own = part->kind == SHAPE_LIST || part->kind == SHAPE_ANY ? 0 : 2;
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
