/* termlist: whatever the terms are, short ones and long ones, they are written as a loop over their bytes writes them,
 * and no list goes through whose terms do not ascend. */
#include "termlist.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

enum { ROUNDS = 400, TERMS_MAX = 200, SIZE_MAX_BYTES = 50 };

/* Few letters, zeros and high bytes among them, behind a few beginnings, in memory that ends with the term. */
static struct span term_draw(uint64_t *random)
{
    size_t same = random_below(random, 5) * 8 + random_below(random, 3), more = 1 + random_below(random, 6);
    char *bytes = malloc(same + more);
    memset(bytes, 'a' + (int)random_below(random, 2), same);
    for (size_t i = same; i < same + more; i++)
        bytes[i] = "\0\0abcd\xC3\xFF"[random_below(random, 8)];
    return (struct span){bytes, same + more};
}

static int posting_compare(const void *a, const void *b)
{
    return span_compare(((const struct posting *)a)->term, ((const struct posting *)b)->term);
}

/* Terms in order; those that came before are given back. */
static size_t postings_draw(uint64_t *random, struct posting postings[static TERMS_MAX])
{
    size_t count = 1 + random_below(random, TERMS_MAX), kept = 0;
    for (size_t i = 0; i < count; i++)
        postings[i] =
            (struct posting){.term = term_draw(random), .wdf = (uint32_t)random_below(random, i % 9 == 0 ? 40000 : 5)};
    qsort(postings, count, sizeof *postings, posting_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && span_equal(postings[kept - 1].term, postings[i].term))
            free((char *)postings[i].term.at);
        else
            postings[kept++] = postings[i];
    }
    return kept;
}

static unsigned char *number_put(unsigned char *to, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *to++ = (unsigned char)(number | 0x80);
    *to++ = (unsigned char)number;
    return to;
}

static unsigned char *term_expect(unsigned char *to, const struct posting *posting)
{
    struct span before = posting[-1].term, term = posting->term;
    size_t shared = 0;
    while (shared < before.size && shared < term.size && before.at[shared] == term.at[shared])
        shared++;
    uint64_t both = ((uint64_t)posting->wdf + 1) * (before.size + 1) + shared;
    bool one = posting->wdf < 127 && both < 256;
    *to++ = (unsigned char)(one ? both : shared);
    *to++ = (unsigned char)(term.size - shared);
    memcpy(to, term.at + shared, term.size - shared);
    to += term.size - shared;
    return one ? to : number_put(to, posting->wdf);
}

static void expect_list(const struct buffer *list, const struct posting *postings, size_t count, uint32_t length)
{
    unsigned char *bytes = malloc(count * (SIZE_MAX_BYTES + 16) + 32), *to = bytes;
    to = number_put(number_put(to, length), count);
    *to++ = (unsigned char)postings->term.size;
    memcpy(to, postings->term.at, postings->term.size);
    to = number_put(to + postings->term.size, postings->wdf);
    for (size_t i = 1; i < count; i++)
        to = term_expect(to, &postings[i]);
    assert_int_equal(list->size, to - bytes);
    assert_memory_equal(list->at, bytes, list->size);
    free(bytes);
}

static void expect_refused(struct buffer *list, struct posting *postings, size_t count, size_t at)
{
    struct error err;
    struct document_size size;
    struct posting kept = postings[at];
    postings[at] = postings[at - 1]; /* the same, and then the other way round */
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            termlist_pack(list, &(struct index_document){.postings = postings, .posting_count = count}, &size, &err),
            FAULT_REJECT);
        assert_string_equal(err.rule, "document.order");
        postings[at - 1] = kept;
    }
    postings[at - 1] = postings[at];
    postings[at] = kept;
}

static void lists_are_those_of_a_simple_loop(void **state)
{
    uint64_t random = 1;
    struct buffer list = {0};
    struct error err;
    struct document_size size;
    struct posting postings[TERMS_MAX];
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = postings_draw(&random, postings);
        struct index_document document = {.postings = postings, .posting_count = count};
        assert_int_equal(termlist_pack(&list, &document, &size, &err), FAULT_NONE);
        expect_list(&list, postings, count, size.length);
        if (count > 1)
            expect_refused(&list, postings, count, 1 + random_below(&random, count - 1));
        for (size_t i = 0; i < count; i++)
            free((char *)postings[i].term.at);
    }
    buffer_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_are_those_of_a_simple_loop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
