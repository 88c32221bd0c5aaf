/* syntax: a recursive descent over what was typed. Pure; on a search thread. */
#include "syntax.h"

#include <strings.h>

struct parser {
    struct arena *arena;
    struct span query;
    size_t at;
    size_t nodes;
    int depth;
    enum fault fault;
    struct error *err;
};

static const struct {
    const char *name;
    enum syntax_field field;
} field_names[] = {
    {"medlem", FIELD_QUERY_MEMBER},
    {"member", FIELD_QUERY_MEMBER},
    {"sag", FIELD_QUERY_CASE},
    {"case", FIELD_QUERY_CASE},
    {"sagsnr", FIELD_QUERY_CASE},
    {"udvalg", FIELD_QUERY_COMMITTEE},
    {"committee", FIELD_QUERY_COMMITTEE},
    {"kommune", FIELD_QUERY_MUNICIPALITY},
    {"region", FIELD_QUERY_MUNICIPALITY},
    {"municipality", FIELD_QUERY_MUNICIPALITY},
    {"parti", FIELD_QUERY_PARTY},
    {"party", FIELD_QUERY_PARTY},
    {"udfald", FIELD_QUERY_OUTCOME},
    {"outcome", FIELD_QUERY_OUTCOME},
    {"kle", FIELD_QUERY_KLE},
    {"emne", FIELD_QUERY_KLE},
    {"lov", FIELD_QUERY_LAW},
    {"law", FIELD_QUERY_LAW},
    {"organisation", FIELD_QUERY_ORG},
    {"org", FIELD_QUERY_ORG},
    {"dato", FIELD_QUERY_DATE},
    {"date", FIELD_QUERY_DATE},
    {"år", FIELD_QUERY_DATE},
    {"year", FIELD_QUERY_DATE},
    {"nævner", FIELD_QUERY_MENTION},
    {"mentions", FIELD_QUERY_MENTION},
    {"beløb", FIELD_QUERY_AMOUNT},
    {"beloeb", FIELD_QUERY_AMOUNT},
    {"amount", FIELD_QUERY_AMOUNT},
    {"titel", FIELD_QUERY_TITLE},
    {"title", FIELD_QUERY_TITLE},
};

bool syntax_field_parse(struct span name, enum syntax_field *field)
{
    for (size_t i = 0; i < sizeof field_names / sizeof field_names[0]; i++)
        if (strlen(field_names[i].name) == name.size && strncasecmp(field_names[i].name, name.at, name.size) == 0) {
            *field = field_names[i].field;
            return true;
        }
    return false;
}

/* ---------------------------------------------------------------- nodes */

static struct syntax *node_new(struct parser *parser, enum syntax_kind kind, size_t start)
{
    if (parser->fault != FAULT_NONE)
        return NULL;
    if (parser->nodes++ >= SYNTAX_NODES_MAX) {
        parser->fault =
            error_set(parser->err, FAULT_REJECT, "query.words", "the query has more than %d parts", SYNTAX_NODES_MAX);
        return NULL;
    }
    struct syntax *node = arena_zero(parser->arena, 1, sizeof *node);
    if (node == NULL) {
        parser->fault = arena_full(parser->err);
        return NULL;
    }
    node->kind = kind;
    node->start = start;
    node->end = parser->at;
    return node;
}

static struct syntax *leaf_new(struct parser *parser, enum syntax_kind kind, size_t start, size_t from, size_t to)
{
    struct syntax *node = from < to ? node_new(parser, kind, start) : NULL;
    if (node != NULL)
        node->text = span_cut(parser->query, from, to);
    return node;
}

/* ---------------------------------------------------------------- characters */

static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

static bool ends_chunk(char c)
{
    return is_space(c) || c == '(' || c == ')' || c == '"';
}

static void skip_space(struct parser *parser)
{
    while (parser->at < parser->query.size && is_space(parser->query.at[parser->at]))
        parser->at++;
}

static size_t chunk_end(const struct parser *parser, size_t from)
{
    while (from < parser->query.size && !ends_chunk(parser->query.at[from]))
        from++;
    return from;
}

/* True, and moves on, if the next chunk is exactly one of the two operators. */
static bool take_operator(struct parser *parser, const char *english, const char *danish)
{
    skip_space(parser);
    size_t end = chunk_end(parser, parser->at);
    struct span chunk = span_cut(parser->query, parser->at, end);
    if (!span_equal(chunk, span_of(english)) && !span_equal(chunk, span_of(danish)))
        return false;
    parser->at = end;
    return true;
}

static bool at_operator(struct parser *parser, const char *english, const char *danish)
{
    size_t before = parser->at;
    bool there = take_operator(parser, english, danish);
    parser->at = before;
    return there;
}

/* ---------------------------------------------------------------- leaves */

/* Behind an opening quote: up to the closing one, or the end of the query. */
static void quoted(struct parser *parser, size_t *from, size_t *to)
{
    *from = ++parser->at;
    const char *close = memchr(parser->query.at + *from, '"', parser->query.size - *from);
    *to = close ? (size_t)(close - parser->query.at) : parser->query.size;
    parser->at = close ? *to + 1 : *to;
}

static struct syntax *field_value(struct parser *parser, size_t start, enum syntax_field field)
{
    size_t from = parser->at, to;
    if (from < parser->query.size && parser->query.at[from] == '"') {
        quoted(parser, &from, &to);
    } else {
        to = chunk_end(parser, from);
        parser->at = to;
    }
    struct syntax *node = leaf_new(parser, SYNTAX_FIELD, start, from, to);
    if (node != NULL)
        node->field = field;
    return node;
}

static struct syntax *chunk(struct parser *parser)
{
    size_t start = parser->at, end = chunk_end(parser, start);
    const char *colon = memchr(parser->query.at + start, ':', end - start);
    enum syntax_field field;
    if (colon != NULL &&
        syntax_field_parse(span_cut(parser->query, start, (size_t)(colon - parser->query.at)), &field)) {
        parser->at = (size_t)(colon - parser->query.at) + 1;
        return field_value(parser, start, field);
    }
    parser->at = end;
    bool star = end - start > 1 && parser->query.at[end - 1] == '*';
    return leaf_new(parser, star ? SYNTAX_PREFIX : SYNTAX_WORD, start, start, star ? end - 1 : end);
}

/* ---------------------------------------------------------------- the grammar */

static struct syntax *any_of(struct parser *parser);

static struct syntax *group(struct parser *parser)
{
    parser->at++;
    if (++parser->depth > SYNTAX_DEPTH_MAX) {
        parser->fault =
            error_set(parser->err, FAULT_REJECT, "query.depth", "the query has brackets %d deep", SYNTAX_DEPTH_MAX);
        return NULL;
    }
    struct syntax *inner = any_of(parser);
    parser->depth--;
    skip_space(parser);
    if (parser->at < parser->query.size && parser->query.at[parser->at] == ')')
        parser->at++;
    return inner;
}

static struct syntax *primary(struct parser *parser)
{
    size_t start = parser->at, from, to;
    switch (parser->query.at[start]) {
    case '(': return group(parser);
    case '"': quoted(parser, &from, &to); return leaf_new(parser, SYNTAX_PHRASE, start, from, to);
    default: return chunk(parser);
    }
}

static struct syntax *negated(struct parser *parser, size_t start, struct syntax *child)
{
    struct syntax *node = child ? node_new(parser, SYNTAX_NOT, start) : NULL;
    if (node != NULL)
        node->first = child;
    return node;
}

static bool sign_here(const struct parser *parser, char sign)
{
    return parser->at + 1 < parser->query.size && parser->query.at[parser->at] == sign &&
           !is_space(parser->query.at[parser->at + 1]) && parser->query.at[parser->at + 1] != ')';
}

static struct syntax *unary(struct parser *parser)
{
    size_t start = parser->at;
    if (take_operator(parser, "NOT", "IKKE") || sign_here(parser, '-')) {
        parser->at += parser->at == start; /* the minus */
        skip_space(parser);
        bool nothing = parser->at >= parser->query.size || parser->query.at[parser->at] == ')';
        return nothing ? NULL : negated(parser, start, primary(parser));
    }
    if (sign_here(parser, '+'))
        parser->at++;
    return primary(parser);
}

/* Children under one node; a single child stands for itself. */
struct gathering {
    struct syntax *first, *last;
    size_t count;
};

static void gather(struct gathering *gathering, struct syntax *child)
{
    if (child == NULL)
        return;
    if (gathering->last != NULL)
        gathering->last->next = child;
    else
        gathering->first = child;
    gathering->last = child;
    gathering->count++;
}

static struct syntax *gathered(struct parser *parser, enum syntax_kind kind, size_t start, struct gathering *gathering)
{
    if (gathering->count <= 1)
        return gathering->first;
    struct syntax *node = node_new(parser, kind, start);
    if (node != NULL)
        node->first = gathering->first;
    return node;
}

static bool more(struct parser *parser)
{
    skip_space(parser);
    return parser->fault == FAULT_NONE && parser->at < parser->query.size && parser->query.at[parser->at] != ')';
}

static struct syntax *all_of(struct parser *parser)
{
    struct gathering children = {0};
    size_t start = parser->at;
    while (more(parser) && !at_operator(parser, "OR", "ELLER"))
        if (!take_operator(parser, "AND", "OG"))
            gather(&children, unary(parser));
    return gathered(parser, SYNTAX_AND, start, &children);
}

static struct syntax *any_of(struct parser *parser)
{
    struct gathering children = {0};
    size_t start = parser->at;
    while (more(parser)) {
        gather(&children, all_of(parser));
        if (more(parser))
            (void)take_operator(parser, "OR", "ELLER");
    }
    return gathered(parser, SYNTAX_OR, start, &children);
}

enum fault syntax_parse(struct arena *arena, struct span query, struct syntax **tree, struct error *err)
{
    struct parser parser = {.arena = arena, .query = query, .err = err};
    struct gathering parts = {0};
    while (parser.at < query.size && parser.fault == FAULT_NONE) {
        gather(&parts, any_of(&parser));
        if (parser.at < query.size && query.at[parser.at] == ')')
            parser.at++; /* a bracket nobody opened */
    }
    *tree = gathered(&parser, SYNTAX_AND, 0, &parts);
    return parser.fault;
}
