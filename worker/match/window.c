/* window: parts -> matches and weights. Pure. */
#include "window.h"

#include "choose.h"
#include "reach.h"
#include "weigh.h"

#include <stdlib.h>
#include <string.h>

static const struct only all_documents = {.most = WINDOW_DOCUMENTS};

/* Add what each document that matches weighs to `into`, of the documents `only`. Of the root's frame it is known
 * beforehand which documents match; others get their bits with the weights. */
static void part_match(struct window *window, const struct part *part, struct frame *into, struct only only);

/* ---------------------------------------------------------------- what is still wanted */

/* For marks: where all that match are asked for, none need be told. */
static struct only to_mark(struct only only)
{
    return only.whole ? all_documents : only;
}

/* Less the documents that cannot reach the floor by what is still to come; `room` is for the others. */
static struct only still_wanted(struct window *window, const struct frame *frame, struct only only, struct room *room)
{
    const double safe = 1e-9; /* sums are rounded */
    double least = window->floor - window->rest - window->floor * safe;
    if (frame != window->root)
        return only;
    if (only.every) {
        bool sure = only.sure, whole = only.whole;
        only = window->left; /* fewer, if parts of the part have looked */
        only.sure = sure;
        only.whole = whole && only.whole;
        room = &window->room;
    }
    if (!(least > 0) || only.most == 0)
        return only;
    struct only left = {room->bits, NULL, 0, only.sure, false, only.every};
    if (only.n != NULL) {
        left.bits = only.bits;
        left.n = room->n;
        left.most = reach_listed(frame, only.n, only.most, least, room->n);
    } else {
        left.most = reach_bits(frame, only.bits, least, room->bits);
        if (only.whole && left.most > only.most / 2)
            return only; /* to go over all of a list takes less time */
        if (left.most <= LISTED_MAX) {
            reach_list(left.bits, room->n);
            left.n = room->n;
        }
    }
    if (only.every)
        window->left = left;
    return left;
}

/* ---------------------------------------------------------------- lists */

static void list_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    bool marks = into != window->root, weighs = part->weight > 0;
    into->used = into->used || weighs;
    if (!marks && !weighs)
        return;
    if (only.bits == NULL || only.whole) {
        if (weighs)
            blocks_weigh(window, part, into);
        if (marks)
            part_mark(window, part, into->bits, all_documents);
        return;
    }
    uint32_t count = postings_choose(window, part, only);
    if (weighs)
        chosen_weigh(window, part, into, count);
    if (marks)
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
    uint16_t *n = window->chosen.n;
    uint32_t count = reach_list(from->bits, n);
    for (uint32_t i = 0; i < count; i++) {
        into->weights[n[i]] += from->weights[n[i]];
        from->weights[n[i]] = 0;
    }
    bits_add(into->bits, from->bits);
    memset(from->bits, 0, sizeof from->bits);
    into->used = into->used || from->used;
    from->used = false;
    window->used--;
}

/* These weigh so much more. */
static void frame_raise(struct frame *frame, const uint64_t *wanted, double weight)
{
    frame->used = true;
    for (uint32_t word = 0; word < WINDOW_WORDS; word++)
        for (uint64_t bits = wanted[word]; bits != 0;)
            frame->weights[word * 64 + bit_take(&bits)] += weight;
}

/* What a part gives goes to the frame, if need be by a frame of its own. */
static void part_add(struct window *window, const struct part *part, struct frame *frame, struct only only, bool alone)
{
    double rest = window->rest - part->most;
    struct frame *own = alone ? frame_take(window) : frame;
    part_match(window, part, own, only);
    if (own != frame)
        frame_pour(window, own, frame);
    if (frame == window->root)
        window->rest = rest;
}

static void any_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    struct room room;
    only.sure = false;
    for (const struct part *one = part->first; one != NULL && only.most > 0; one = one->next)
        if (one->here) {
            part_add(window, one, into, only, false);
            only = still_wanted(window, into, only, &room);
        }
}

/* Whether a frame is needed beside `into`: not where that is still empty. */
static struct frame *frame_for(struct window *window, struct frame *into)
{
    bool empty = into == window->root ? !into->used : bits_empty(into->bits);
    return empty ? into : frame_take(window);
}

/* Documents of a part that match it, where it is not known of all that are asked for. */
static struct only matching(struct window *window, const struct part *part, struct only only, struct room *room)
{
    if (!only.sure) {
        memset(room->bits, 0, sizeof room->bits);
        part_mark(window, part, room->bits, to_mark(only));
        only = (struct only){.bits = room->bits, .most = reach_count(room->bits), .sure = true};
    }
    if (only.n == NULL && only.most > 0 && only.most <= LISTED_MAX) {
        reach_list(only.bits, room->n);
        only.n = room->n;
    }
    only.whole = false;
    return only;
}

/* Documents are weighed once it is known which of them have all. Sums are made in the order of the parts. */
static void all_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    struct room own, room;
    struct only both = matching(window, part, only, &own);
    if (both.most == 0)
        return;
    struct frame *frame = frame_for(window, into);
    struct only wanted = both;
    for (const struct part *one = part->first; one != NULL && wanted.most > 0; one = one->next) {
        part_add(window, one, frame, wanted, one != part->first && one->kind != SHAPE_LIST);
        wanted = still_wanted(window, frame, wanted, &room);
    }
    if (part->weight > 0)
        frame_raise(frame, both.bits, part->weight);
    if (frame != window->root)
        bits_add(frame->bits, both.bits);
    if (frame != into)
        frame_pour(window, frame, into);
}

static void without_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    struct room room;
    part_match(window, part->first, into, matching(window, part, only, &room));
}

static void kind_add(const struct window *window, const struct part *part, struct frame *frame, struct only wanted)
{
    frame->used = true;
    size_t first = window->begin / 64;
    for (uint32_t i = 0; wanted.n != NULL && i < wanted.most; i++) {
        uint32_t n = wanted.n[i];
        bool has = first + n / 64 < part->word_count && (part->words[first + n / 64] >> n % 64 & 1) != 0;
        frame->weights[n] += has ? part->weight : 0;
    }
    for (uint32_t word = 0; wanted.n == NULL && word < WINDOW_WORDS; word++) {
        uint64_t bits = first + word < part->word_count ? part->words[first + word] & wanted.bits[word] : 0;
        while (bits != 0)
            frame->weights[word * 64 + bit_take(&bits)] += part->weight;
    }
}

static void maybe_match(struct window *window, const struct part *part, struct frame *into, struct only only)
{
    const struct part *right = part->first->next;
    struct room room;
    /* of the root's frame those that match the first are known only if all match that are asked for */
    struct frame *frame = into == window->root && !only.sure ? frame_take(window) : frame_for(window, into);
    part_add(window, part->first, frame, only, false);
    struct only wanted = {.bits = frame->bits, .most = part->first->likely};
    if (frame == window->root) {
        wanted = still_wanted(window, frame, only, &room);
        wanted.sure = wanted.whole = false;
    }
    if (right->kind == SHAPE_KIND)
        kind_add(window, right, frame, wanted);
    else if (right->here && wanted.most > 0 && !bits_empty(wanted.bits))
        part_add(window, right, frame, wanted, true); /* so it has no other documents */
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

void window_match(struct window *window, const struct part *root)
{
    struct room *matching = &window->matching;
    window->root = window->frames[FRAMES_MAX - 1];
    window->used = 0;
    window->rest = window->most;
    part_mark(window, root, matching->bits, all_documents);
    window->matches = reach_count(matching->bits);
    window->left = (struct only){matching->bits, NULL, window->matches, true, true, true};
    if (window->matches > 0 && window->matches <= LISTED_MAX) {
        reach_list(matching->bits, matching->n);
        window->left.n = matching->n;
    }
    if (window->most < window->floor)
        window->left.most = 0;
    if (window->left.most > 0)
        part_match(window, root, window->root, window->left);
}

void window_clear(struct window *window)
{
    struct room *matching = &window->matching;
    double *weights = window->root->weights;
    if (window->root->used && window->matches <= LISTED_MAX)
        for (uint32_t i = 0; i < window->matches; i++)
            weights[matching->n[i]] = 0;
    else if (window->root->used)
        memset(weights, 0, sizeof window->root->weights);
    memset(matching->bits, 0, sizeof matching->bits);
    memset(window->root->bits, 0, sizeof window->root->bits);
    window->root->used = false;
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
