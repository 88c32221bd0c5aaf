/* syntax: what was typed becomes a tree, whatever it is. */
#include "random.h"
#include "syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

/* "(and tilskud (or a b))" */
static size_t print(const struct syntax *node, char *out, size_t room)
{
    static const char *const names[] = {"", "\"", "*", ":", "and", "or", "not"};
    size_t at = 0;
    if (node == NULL)
        return (size_t)snprintf(out, room, "nothing");
    if (node->first == NULL)
        return (size_t)snprintf(out, room, "%s%.*s", names[node->kind], (int)node->text.size, node->text.at);
    at += (size_t)snprintf(out, room, "(%s", names[node->kind]);
    for (const struct syntax *child = node->first; child != NULL; child = child->next) {
        at += (size_t)snprintf(out + at, room - at, " ");
        at += print(child, out + at, room - at);
        if (node->kind == SYNTAX_NOT)
            break;
    }
    return at + (size_t)snprintf(out + at, room - at, ")");
}

static void expect(const char *query, const char *wanted)
{
    char line[512];
    struct syntax *tree;
    struct arena *arena = arena_new(1 << 20);
    assert_int_equal(syntax_parse(arena, span_of(query), &tree, NULL), FAULT_NONE);
    print(tree, line, sizeof line);
    assert_string_equal(line, wanted);
    arena_free(&arena);
}

static void queries_become_trees(void **state)
{
    (void)state;
    expect("tilskud", "tilskud");
    expect("tilskud fleksjob", "(and tilskud fleksjob)");
    expect("a OR b c", "(or a (and b c))");
    expect("a ELLER b OG c", "(or a (and b c))");
    expect("(a OR b) c", "(and (or a b) c)");
    expect("a -b +c NOT d IKKE e", "(and a (not b) c (not d) (not e))");
    expect("\"a b\" c*", "(and \"a b *c)");
    expect("medlem:\"Anna Bro\" sag:19/11679 farve:rød", "(and :Anna Bro :19/11679 farve:rød)");
}

static void nothing_is_refused_for_its_form(void **state)
{
    (void)state;
    expect("", "nothing");
    expect(" \t\n", "nothing");
    expect("\"a b", "\"a b");
    expect("((a", "a");
    expect("a))", "a");
    expect("()", "nothing");
    expect("AND OR NOT", "nothing");
    expect("-", "-");
    expect("*", "*");
    expect("medlem:", "nothing");
}

/* Any bytes end soon, in a tree within bounds, whose texts are of the query. */
static void any_bytes_end_soon(void **state)
{
    (void)state;
    static const char alphabet[] = "ab:\"()-+* ORANDmedlem\xc3\xa5\t";
    uint64_t seed = 9;
    for (int round = 0; round < 20000; round++) {
        char query[64];
        struct syntax *tree = NULL;
        struct error err;
        struct arena *arena = arena_new(1 << 20);
        size_t size = random_below(&seed, sizeof query);
        for (size_t i = 0; i < size; i++)
            query[i] = alphabet[random_below(&seed, sizeof alphabet - 1)];
        enum fault fault = syntax_parse(arena, (struct span){query, size}, &tree, &err);
        assert_true(fault == FAULT_NONE || fault == FAULT_REJECT);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_become_trees),
        cmocka_unit_test(nothing_is_refused_for_its_form),
        cmocka_unit_test(any_bytes_end_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
