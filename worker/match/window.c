/* window: parts -> matches and weights. Pure. */
#include "window.h"

#include "choose.h"
#include "weigh.h"

#include <stdlib.h>

static const struct only all_documents = {NULL, WINDOW_DOCUMENTS, false, false};

/* Add what matches to `into`, of the documents `only`. */
static void part_match(struct window *window, const struct part *part, struct frame *into, struct only only);

/* ---------------------------------------------------------------- lists */

static void list_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    if (only.bits == NULL || only.whole) {
        if (part->weight > 0)
            blocks_weigh(window, part, into);
        part_mark(window, part, into->bits, all_documents);
        return;
    }
    uint32_t count = postings_choose(window, part, only);
    if (part->weight > 0)
        chosen_weigh(window, part, into, count);
    chosen_mark(window, part, count, only, into->bits);
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
    return bits_empty(into->bits) ? into : frame_take(window);
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
    } else if (right->here && !bits_empty(frame->bits)) {
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
