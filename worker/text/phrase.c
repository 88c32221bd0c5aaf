/* phrase: a tree of words, kept as a hash table of (node, word) -> node. Pure. */
#include "phrase.h"

#include <xxhash.h>

struct edge {
    uint64_t key; /* hash of parent and word; 64 bits: a clash would only hide a word too many */
    uint32_t child;
};

enum { FIRSTS = 1024 };

struct phrase_set {
    struct arena *arena;
    uint64_t firsts[FIRSTS / 64]; /* a bit for how each phrase's first word begins and ends, see first_bit */
    struct edge *edges;           /* child 0: free */
    size_t mask, count;
    LIST(bool) ends; /* by node: a phrase ends here. Node 0 is the root, and its number means none */
};

static uint64_t edge_key(uint32_t parent, uint64_t word)
{
    uint64_t pair[2] = {parent, word};
    return XXH3_64bits(pair, sizeof pair);
}

static struct edge *edge_find(const struct phrase_set *set, uint64_t key)
{
    size_t i = key & set->mask;
    while (set->edges[i].child != 0 && set->edges[i].key != key)
        i = (i + 1) & set->mask;
    return &set->edges[i];
}

struct phrase_set *phrase_new(struct arena *arena)
{
    enum { FIRST_EDGES = 64 };
    struct phrase_set *set = arena_zero(arena, 1, sizeof *set);
    if (set == NULL)
        return NULL;
    set->arena = arena;
    set->mask = FIRST_EDGES - 1;
    set->edges = arena_zero(arena, FIRST_EDGES, sizeof *set->edges);
    bool *root = LIST_PUSH(arena, &set->ends);
    return set->edges != NULL && root != NULL ? set : NULL;
}

static bool edges_grow(struct phrase_set *set)
{
    if (set->count * 2 <= set->mask)
        return true;
    struct edge *old = set->edges;
    size_t old_count = set->mask + 1;
    struct edge *edges = arena_zero(set->arena, old_count * 2, sizeof *edges);
    if (edges == NULL)
        return false;
    set->edges = edges;
    set->mask = old_count * 2 - 1;
    for (size_t i = 0; i < old_count; i++)
        if (old[i].child != 0)
            *edge_find(set, old[i].key) = old[i];
    return true;
}

static bool step_or_add(struct phrase_set *set, uint32_t *node, uint64_t word)
{
    if (!edges_grow(set))
        return false;
    uint64_t key = edge_key(*node, word);
    struct edge *edge = edge_find(set, key);
    if (edge->child == 0) {
        if (LIST_PUSH(set->arena, &set->ends) == NULL)
            return false;
        *edge = (struct edge){.key = key, .child = (uint32_t)(set->ends.count - 1)};
        set->count++;
    }
    *node = edge->child;
    return true;
}

static size_t first_bit(struct span word)
{
    unsigned first = (unsigned char)word.at[0], last = (unsigned char)word.at[word.size - 1];
    return (first * 37 + last * 11 + word.size * 64) % FIRSTS;
}

/* Some phrase may begin with this word; most words of a text begin none, which costs no hash. */
static bool may_begin(const struct phrase_set *set, struct span word)
{
    size_t bit = first_bit(word);
    return set->firsts[bit / 64] >> bit % 64 & 1;
}

bool phrase_add(struct phrase_set *set, struct span phrase, uint32_t *id)
{
    struct token_scan scan;
    struct token token;
    uint32_t node = 0;
    size_t words = 0;
    token_begin(&scan, phrase);
    while (words++ < PHRASE_MAX_WORDS && token_next(&scan, &token)) {
        if (node == 0) {
            size_t bit = first_bit(token.word);
            set->firsts[bit / 64] |= UINT64_C(1) << bit % 64;
        }
        if (!step_or_add(set, &node, XXH3_64bits(token.word.at, token.word.size)))
            return false;
    }
    if (node != 0)
        set->ends.items[node] = true;
    *id = node;
    return true;
}

size_t phrase_limit(const struct phrase_set *set)
{
    return set->ends.count;
}

void phrase_begin(struct phrase_scan *scan, const struct phrase_set *set, struct span text)
{
    scan->set = set;
    scan->first = scan->ahead = 0;
    token_begin(&scan->tokens, text);
}

static void word_keep(struct phrase_scan *scan, const struct token *token)
{
    size_t i = (scan->first + scan->ahead++) % PHRASE_MAX_WORDS;
    scan->window[i] = (struct phrase_word){XXH3_64bits(token->word.at, token->word.size), token->start, token->end};
}

/* Word `offset` ahead is in the window; false behind the end of the text. */
static bool look_ahead(struct phrase_scan *scan, size_t offset)
{
    struct token token;
    while (scan->ahead <= offset) {
        if (!token_next(&scan->tokens, &token))
            return false;
        word_keep(scan, &token);
    }
    return true;
}

/* The first word of the window may begin a phrase; false behind the end of the text. */
static bool look_first(struct phrase_scan *scan)
{
    struct token token;
    if (scan->ahead > 0)
        return true;
    do
        if (!token_next(&scan->tokens, &token))
            return false;
    while (!may_begin(scan->set, token.word));
    word_keep(scan, &token);
    return true;
}

static void match_here(struct phrase_scan *scan, struct phrase_match *match)
{
    uint32_t node = 0;
    *match = (struct phrase_match){.id = PHRASE_NONE};
    while (match->words < PHRASE_MAX_WORDS && look_ahead(scan, match->words)) {
        size_t i = (scan->first + match->words) % PHRASE_MAX_WORDS;
        node = edge_find(scan->set, edge_key(node, scan->window[i].hash))->child;
        if (node == 0)
            break;
        if (match->words++ == 0)
            match->start = scan->window[i].start;
        match->words_end = scan->window[i].end;
        if (scan->set->ends.items[node]) {
            match->id = node;
            match->end = match->words_end;
        }
    }
}

bool phrase_next(struct phrase_scan *scan, struct phrase_match *match)
{
    while (look_first(scan)) {
        match_here(scan, match);
        scan->first = (scan->first + 1) % PHRASE_MAX_WORDS;
        scan->ahead--;
        if (match->words > 0)
            return true;
    }
    return false;
}
