/* compose: the tree of what was typed -> queries. On a search thread. */
#include "compose.h"

#include "field.h"
#include "token.h"

#include <strings.h>

/* Measured on tests/golden/queries.json; tests/golden/score.py shows the figures. */
static const struct word_weights weights = {.title = 0.5, .part = 0.5, .split = 0.35, .near = 0.6};

enum { TOKENS_MAX = 32, PREFIX_TERMS_MAX = 200 };

struct composing {
    struct asking *asking;
    const struct understanding *understanding;
    bool literal;
    struct tree tree;
    struct composed *out;
};

static enum fault node_compose(struct composing *composing, const struct syntax *node, bool *any);

/* ---------------------------------------------------------------- words */

struct token_list {
    struct span words[TOKENS_MAX]; /* lower case, in the arena */
    size_t count;
};

static enum fault tokens_of(struct composing *composing, struct span text, struct token_list *out)
{
    struct token_scan scan;
    struct token token;
    out->count = 0;
    token_begin(&scan, text);
    while (out->count < TOKENS_MAX && token_next(&scan, &token)) {
        struct text copy = arena_copy(composing->asking->arena, token.word);
        if (copy.at == NULL)
            return arena_full(composing->asking->err);
        out->words[out->count++] = (struct span){copy.at, copy.size};
    }
    return FAULT_NONE;
}

/* Words that say nothing of what is looked for. */
static bool is_stop_word(struct span word)
{
#define STOP_WORD(stop)                                                                                                \
    if (word.size == sizeof(stop) - 1 && strncasecmp(word.at, stop, word.size) == 0)                                   \
        return true;
#include "stop_word.def"
#undef STOP_WORD
    return false;
}

static enum fault word_add(struct composing *composing, const struct syntax *node, struct span token)
{
    struct word word;
    TRY(word_read(composing->asking, token, !composing->literal, &word));
    if (!word.live) {
        struct lost_word *lost = LIST_PUSH(composing->asking->arena, &composing->out->lost);
        if (lost == NULL)
            return arena_full(composing->asking->err);
        *lost = (struct lost_word){node->start, node->end, word.near_count > 0 ? word.near[0] : (struct span){"", 0}};
    }
    composing->out->marks.unit++;
    return word_compose(&composing->tree, &word, &weights, &composing->out->marks);
}

/* Stems in a row, under the prefix; *count is how many. A token without a stem has none in the index either. */
static enum fault phrase_add(struct composing *composing, enum schema_prefix prefix, const struct token_list *tokens,
                             size_t *count)
{
    struct tree *tree = &composing->tree;
    *count = 0;
    composing->out->marks.unit++;
    for (size_t i = 0; i < tokens->count; i++) {
        struct span stem = language_stem(composing->asking->language, tokens->words[i]);
        struct span term = live_term(tree->arena, prefix, stem);
        if (stem.size == 0)
            continue;
        TRY(tree_term(tree, term));
        struct span mark = span_cut(term, schema_prefix(prefix).size, term.size);
        if (!mark_add(tree->arena, &composing->out->marks, MARK_STEM, mark))
            return arena_full(tree->err);
        ++*count;
    }
    return tree_join(tree, QUERY_PHRASE, *count);
}

static bool is_letters(struct span word)
{
    for (size_t i = 0; i < word.size; i++)
        if ((word.at[i] >= '0' && word.at[i] <= '9') || (unsigned char)word.at[i] < 'a')
            return false;
    return true;
}

/* What was typed in one piece, such as "børne-/ungeudvalget" or "19/11679": in a row; its words anywhere; as one word.
 */
static enum fault piece_add(struct composing *composing, const struct syntax *node, const struct token_list *tokens)
{
    struct tree *tree = &composing->tree;
    size_t ways = 2, size = 0, count;
    char joined[TOKEN_MAX_BYTES];
    bool letters = true;
    TRY(phrase_add(composing, PREFIX_TEXT, tokens, &count));
    for (size_t i = 0; i < tokens->count; i++) {
        TRY(word_add(composing, node, tokens->words[i]));
        letters = letters && is_letters(tokens->words[i]) && size + tokens->words[i].size <= sizeof joined;
        if (letters)
            memcpy(joined + size, tokens->words[i].at, tokens->words[i].size);
        size += letters ? tokens->words[i].size : 0;
    }
    TRY(tree_join(tree, QUERY_AND, tokens->count));
    TRY(tree_scale(tree, weights.part));
    if (letters) {
        struct text copy = arena_copy(tree->arena, (struct span){joined, size});
        if (copy.at == NULL)
            return arena_full(tree->err);
        TRY(word_add(composing, &(struct syntax){.start = node->start, .end = node->end},
                     (struct span){copy.at, copy.size}));
        ways++;
    }
    return tree_join(tree, QUERY_OR, ways);
}

static enum fault words_compose(struct composing *composing, const struct syntax *node, bool *any)
{
    struct token_list tokens;
    TRY(tokens_of(composing, node->text, &tokens));
    *any = tokens.count > 0;
    if (tokens.count > 1)
        return piece_add(composing, node, &tokens);
    return tokens.count == 1 ? word_add(composing, node, tokens.words[0]) : FAULT_NONE;
}

static enum fault phrase_compose(struct composing *composing, enum schema_prefix prefix, const struct syntax *node,
                                 bool *any)
{
    struct token_list tokens;
    size_t before = composing->tree.nodes.count, count;
    TRY(tokens_of(composing, node->text, &tokens));
    TRY(phrase_add(composing, prefix, &tokens, &count));
    *any = count > 0;
    if (!*any)
        composing->tree.nodes.count = before;
    return FAULT_NONE;
}

/* Words of a title, all of them. */
static enum fault title_compose(struct composing *composing, const struct syntax *node, bool *any)
{
    struct token_list tokens;
    struct tree *tree = &composing->tree;
    size_t count = 0;
    TRY(tokens_of(composing, node->text, &tokens));
    for (size_t i = 0; i < tokens.count; i++) {
        struct span stem = language_stem(composing->asking->language, tokens.words[i]);
        if (stem.size == 0)
            continue;
        TRY(tree_term(tree, live_term(tree->arena, PREFIX_TITLE, stem)));
        count++;
    }
    *any = count > 0;
    return count > 0 ? tree_join(tree, QUERY_AND, count) : FAULT_NONE;
}

/* ---------------------------------------------------------------- wildcards */

struct prefix_search {
    struct composing *composing;
    enum schema_prefix prefix;
    struct prefix_term {
        struct span term;
        uint64_t documents;
    } kept[PREFIX_TERMS_MAX];
    size_t count;
    bool full;
};

/* The most frequent ones are kept: a heap would be faster, but wildcards stand for few words. */
static void prefix_take(void *self, struct span value, uint64_t documents)
{
    struct prefix_search *search = self;
    size_t at = search->count;
    if (at == PREFIX_TERMS_MAX) {
        at = 0;
        for (size_t i = 1; i < PREFIX_TERMS_MAX; i++)
            if (search->kept[i].documents < search->kept[at].documents)
                at = i;
        if (search->kept[at].documents >= documents)
            return;
    }
    struct span term = live_term(search->composing->asking->arena, search->prefix, value);
    search->full = search->full || term.at == NULL;
    search->kept[at] = (struct prefix_term){term, documents};
    search->count += at == search->count;
}

/* Stems and exact words of names that begin so; and the word itself, whose stem may be shorter than what was typed. */
static enum fault prefix_add(struct composing *composing, struct span head)
{
    struct tree *tree = &composing->tree;
    static const enum schema_prefix under[] = {PREFIX_TEXT, PREFIX_NAME};
    struct prefix_search *search = arena_zero(tree->arena, 1, sizeof *search);
    if (search == NULL)
        return arena_full(tree->err);
    search->composing = composing;
    for (size_t i = 0; i < 2; i++) {
        search->prefix = under[i];
        TRY(live_visit(composing->asking, under[i], head, prefix_take, search));
    }
    struct span stem = language_stem(composing->asking->language, head);
    TRY(tree_term(tree, live_term(tree->arena, PREFIX_TEXT, stem.size > 0 ? stem : head)));
    for (size_t i = 0; i < search->count; i++)
        TRY(tree_term(tree, search->kept[i].term));
    return search->full ? arena_full(tree->err) : tree_join(tree, QUERY_SYNONYM, search->count + 1);
}

static enum fault prefix_compose(struct composing *composing, const struct syntax *node, bool *any)
{
    struct token_list tokens;
    TRY(tokens_of(composing, node->text, &tokens));
    *any = tokens.count > 0;
    if (!*any)
        return FAULT_NONE;
    struct span head = tokens.words[tokens.count - 1];
    composing->out->marks.unit++;
    if (!mark_add(composing->tree.arena, &composing->out->marks, MARK_PREFIX, head))
        return arena_full(composing->asking->err);
    for (size_t i = 0; i + 1 < tokens.count; i++)
        TRY(word_add(composing, node, tokens.words[i]));
    TRY(prefix_add(composing, head));
    return tree_join(&composing->tree, QUERY_AND, tokens.count);
}

/* ---------------------------------------------------------------- groups */

/* Everything but the child. */
static enum fault not_compose(struct composing *composing, const struct syntax *node, bool *any)
{
    size_t before = composing->tree.nodes.count;
    struct mark_list marks = composing->out->marks;
    TRY(tree_all(&composing->tree));
    TRY(node_compose(composing, node->first, any));
    composing->out->marks = marks; /* what must not be there does not light up */
    if (!*any) {
        composing->tree.nodes.count = before;
        return FAULT_NONE;
    }
    return tree_pair(&composing->tree, QUERY_AND_NOT);
}

static enum fault group_compose(struct composing *composing, const struct syntax *node, enum query_op op, bool *any)
{
    size_t count = 0;
    for (const struct syntax *child = node->first; child != NULL; child = child->next) {
        bool one;
        TRY(node_compose(composing, child, &one));
        count += one;
    }
    *any = count > 0;
    return count > 0 ? tree_join(&composing->tree, op, count) : FAULT_NONE;
}

/* One query on the tree; nothing, and *any false, if the node holds no word. */
static enum fault node_compose(struct composing *composing, const struct syntax *node, bool *any)
{
    *any = true;
    switch (node->kind) {
    case SYNTAX_WORD: return words_compose(composing, node, any);
    case SYNTAX_PHRASE: return phrase_compose(composing, PREFIX_TEXT, node, any);
    case SYNTAX_PREFIX: return prefix_compose(composing, node, any);
    case SYNTAX_FIELD:
        if (node->field == FIELD_QUERY_TITLE)
            return title_compose(composing, node, any);
        return field_compose(composing->asking, &composing->tree, node->field, node->text);
    case SYNTAX_AND: return group_compose(composing, node, QUERY_AND, any);
    case SYNTAX_OR: return group_compose(composing, node, QUERY_OR, any);
    case SYNTAX_NOT: return not_compose(composing, node, any);
    }
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- the whole */

static enum fault branch_add(struct composing *composing, branch_list *list)
{
    struct branch *branch = LIST_PUSH(composing->asking->arena, list);
    if (branch == NULL)
        return arena_full(composing->asking->err);
    *branch = tree_cut(&composing->tree, 0);
    return branch->nodes ? FAULT_NONE : arena_full(composing->asking->err);
}

static enum fault part_add(struct composing *composing, const struct syntax *node)
{
    bool any;
    struct composed *out = composing->out;
    bool except = node->kind == SYNTAX_NOT;
    bool filter = node->kind == SYNTAX_FIELD && node->field != FIELD_QUERY_TITLE;
    struct mark_list marks = out->marks;
    TRY(node_compose(composing, except ? node->first : node, &any));
    if (except)
        out->marks = marks;
    return any ? branch_add(composing, except ? &out->excluded : filter ? &out->required : &out->wanted) : FAULT_NONE;
}

/* The words of a meaning, or what it means. */
static enum fault meaning_add(struct composing *composing, const struct meaning *meaning, const struct syntax *first)
{
    struct tree *tree = &composing->tree;
    size_t count = 0;
    if (meaning->filter) {
        TRY(tree_branch(tree, meaning->match));
        return branch_add(composing, &composing->out->required);
    }
    for (const struct syntax *node = first; node != NULL && node->start < meaning->end; node = node->next) {
        bool any;
        if (is_stop_word(node->text))
            continue;
        TRY(node_compose(composing, node, &any));
        count += any;
    }
    TRY(tree_join(tree, QUERY_AND, count));
    TRY(tree_equal(tree, meaning->weight));
    TRY(tree_branch(tree, meaning->match));
    TRY(tree_pair(tree, QUERY_FILTER));
    TRY(tree_join(tree, QUERY_OR, count > 0 ? 2 : 1));
    return branch_add(composing, &composing->out->wanted);
}

static const struct meaning *meaning_of(const struct composing *composing, const struct syntax *node)
{
    const struct understanding *understanding = composing->understanding;
    for (size_t i = 0; understanding != NULL && i < understanding->meanings.count; i++) {
        const struct meaning *meaning = &understanding->meanings.items[i];
        if (node->start >= meaning->start && node->start < meaning->end)
            return meaning;
    }
    return NULL;
}

/* Stop words are passed over, unless there is nothing else. */
static enum fault parts_add(struct composing *composing, const struct syntax *first, bool single, bool with_stops)
{
    for (const struct syntax *node = first; node != NULL; node = single ? NULL : node->next) {
        const struct meaning *meaning = meaning_of(composing, node);
        if (meaning != NULL && node->start == meaning->start)
            TRY(meaning_add(composing, meaning, node));
        if (meaning != NULL)
            continue;
        if (node->kind == SYNTAX_WORD && !with_stops && is_stop_word(node->text))
            continue;
        TRY(part_add(composing, node));
    }
    return FAULT_NONE;
}

enum fault compose_query(struct asking *asking, const struct syntax *tree, const struct understanding *understanding,
                         bool literal, struct composed *out)
{
    struct composing composing = {.asking = asking,
                                  .understanding = understanding,
                                  .literal = literal,
                                  .tree = {.arena = asking->arena, .err = asking->err},
                                  .out = out};
    bool single = tree == NULL || tree->kind != SYNTAX_AND;
    const struct syntax *first = single ? tree : tree->first;
    TRY(parts_add(&composing, first, single, false));
    if (out->wanted.count + out->required.count + out->excluded.count == 0)
        TRY(parts_add(&composing, first, single, true));
    return FAULT_NONE;
}
