/* xapian_inflate: whatever a tag is made of, wherever it is cut into items and whatever is wrong with it, it is read as
 * zlib reads it. inflater: tags of one code are read without asking zlib. */
#include "huffman.h"
#include "inflate_code.h"
#include "inflated.h"
#include "inflater.h"
#include "pieces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <zlib.h>

enum { TAG_MAX = 60000, ITEM_MAX = 2048, CUTS_MAX = TAG_MAX / 16, RAW_WINDOW = -15, MEMORY_LEVEL = 9 };

static char tag[TAG_MAX], packed[TAG_MAX * 2 + 1024];
static size_t cuts[CUTS_MAX];

static size_t tag_make(uint64_t *random)
{
    size_t size = random_below(random, 10) == 0 ? random_below(random, TAG_MAX) : 1 + random_below(random, 3000);
    pieces_make(tag, size, random);
    return size;
}

static size_t zlib_pack(size_t size, int level, int strategy)
{
    z_stream stream = {.next_in = (Bytef *)tag, .avail_in = (uInt)size};
    stream.next_out = (Bytef *)packed;
    stream.avail_out = sizeof packed;
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, RAW_WINDOW, MEMORY_LEVEL, strategy), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return stream.total_out;
}

/* By the builder's code, or by zlib in one of its ways. */
static size_t tag_pack(struct huffman *huffman, size_t size, uint64_t *random)
{
    static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE};
    size_t by_code = huffman != NULL ? huffman_pack(huffman, (struct span){tag, size}, packed) : 0;
    if (by_code > 0)
        return by_code;
    return zlib_pack(size, random_below(random, 5) == 0 ? 0 : 6, strategies[random_below(random, 4)]);
}

static size_t cuts_make(size_t size, uint64_t *random)
{
    size_t count = 0, most = random_below(random, 3) == 0 ? 64 : ITEM_MAX;
    for (size_t at = 0; random_below(random, 4) > 0 && at + 1 < size && count < CUTS_MAX;) {
        at += 1 + random_below(random, most);
        if (at < size)
            cuts[count++] = at;
    }
    return count;
}

static void expect_as_zlib(struct span deflated, size_t cut_count)
{
    struct inflated_tag ours = tag_inflated(deflated, cuts, cut_count, true);
    struct inflated_tag zlib = tag_inflated(deflated, cuts, cut_count, false);
    assert_int_equal(ours.status, zlib.status);
    assert_int_equal(ours.items, zlib.items);
    assert_int_equal(ours.size, zlib.size);
    assert_memory_equal(ours.bytes, zlib.bytes, zlib.size);
    free(ours.bytes);
    free(zlib.bytes);
}

static void tags_are_read_as_zlib_reads_them(void **state)
{
    struct huffman *huffman = malloc(sizeof *huffman);
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t random = seed;
        huffman_begin(huffman, SPAN("title=Godkendelse af referat"), seed % 2 == 0);
        for (int i = 0; i < 80; i++) {
            size_t size = tag_pack(seed % 3 > 0 ? huffman : NULL, tag_make(&random), &random);
            expect_as_zlib((struct span){packed, size}, cuts_make(size, &random));
        }
    }
    free(huffman);
}

/* Bits turned over, bytes lost at the end or in the middle. */
static void broken_tags_are_read_as_zlib_reads_them(void **state)
{
    struct huffman *huffman = malloc(sizeof *huffman);
    uint64_t random = 7;
    (void)state;
    huffman_begin(huffman, SPAN("title=Godkendelse af referat"), true);
    for (int i = 0; i < 6000; i++) {
        size_t size = tag_pack(huffman, tag_make(&random) % 4000 + 1, &random);
        for (size_t faults = random_below(&random, 3); faults > 0; faults--)
            packed[random_below(&random, size)] ^= (char)(1 << random_below(&random, 8));
        if (random_below(&random, 3) == 0)
            size = 1 + random_below(&random, size);
        expect_as_zlib((struct span){packed, size}, cuts_make(size, &random));
    }
    free(huffman);
}

/* Where an item, or the whole, just fills a step of 8192 bytes: there Xapian takes some tags for cut off. */
static void tags_at_the_steps_are_read_as_zlib_reads_them(void **state)
{
    uint64_t random = 3;
    (void)state;
    for (size_t size = INFLATED_STEP_BYTES - 300; size < INFLATED_STEP_BYTES + 300; size++) {
        for (size_t i = 0; i < size; i++)
            tag[i] = (char)('a' + random_below(&random, i % 512 < 8 ? 20 : 1));
        size_t packed_size = zlib_pack(size, 6, Z_FIXED);
        expect_as_zlib((struct span){packed, packed_size}, 0);
        for (size_t cut = packed_size - 3; cut < packed_size; cut++) {
            cuts[0] = cut;
            expect_as_zlib((struct span){packed, packed_size}, 1);
        }
    }
}

static void xapian_calls_it(void **state)
{
    (void)state;
    assert_true(inflate_is_ours());
}

/* The first two tags of a code teach it; then zlib is not asked. */
static void a_code_that_came_twice_is_known(void **state)
{
    struct inflater *inflater = inflater_new();
    struct huffman *huffman = malloc(sizeof *huffman);
    static const char letters[] = "abcdefghij ,.ABC";
    uint64_t random = 1;
    size_t told = 0;
    (void)state;
    huffman_begin(huffman, SPAN("abcdefghij"), false);
    for (int i = 0; i < 100; i++) {
        size_t size = 700 + random_below(&random, 3000), used;
        for (size_t at = 0; at < size; at++)
            tag[at] = letters[random_below(&random, 16)];
        struct span deflated = {packed, huffman_pack(huffman, (struct span){tag, size}, packed)}, out;
        if (deflated.size == 0)
            continue; /* the code of the first ones does not suit them */
        inflater_begin(inflater);
        enum inflated state_found = inflater_feed(inflater, deflated, &out, &used);
        if (state_found == INFLATED_UNSURE) {
            inflater_learn(inflater, deflated);
            continue;
        }
        assert_int_equal(state_found, INFLATED_END);
        assert_int_equal(used, deflated.size);
        assert_int_equal(out.size, size);
        assert_memory_equal(out.at, tag, size);
        told++;
    }
    assert_in_range(told, 80, 98); /* the code is made anew as the first tags come */
    free(huffman);
    inflater_free(&inflater);
    inflater_free(&inflater);
}

/* A head that zlib refuses is not read either. */
static void codes_that_are_not_complete_are_refused(void **state)
{
    struct inflate_code *code = malloc(sizeof *code);
    struct huffman *huffman = malloc(sizeof *huffman);
    uint64_t random = 5;
    size_t read = 0;
    (void)state;
    huffman_begin(huffman, SPAN("title=Godkendelse af referat"), true);
    for (int i = 0; i < 3000; i++) {
        struct huffman_header header = huffman->header;
        size_t bit = random_below(&random, header.bits);
        header.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        struct span head = {(const char *)header.bytes, (header.bits + 7) / 8};
        if (!inflate_code_read(code, head))
            continue;
        read++;
        assert_true(code->head_bits <= head.size * 8);
        z_stream stream = {.next_in = header.bytes, .avail_in = (uInt)head.size};
        stream.next_out = (Bytef *)tag;
        stream.avail_out = sizeof tag;
        assert_int_equal(inflateInit2(&stream, RAW_WINDOW), Z_OK);
        assert_int_not_equal(inflate(&stream, Z_SYNC_FLUSH), Z_DATA_ERROR);
        inflateEnd(&stream);
    }
    assert_in_range(read, 1, 2000);
    free(huffman);
    free(code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_read_as_zlib_reads_them),
        cmocka_unit_test(broken_tags_are_read_as_zlib_reads_them),
        cmocka_unit_test(tags_at_the_steps_are_read_as_zlib_reads_them),
        cmocka_unit_test(xapian_calls_it),
        cmocka_unit_test(a_code_that_came_twice_is_known),
        cmocka_unit_test(codes_that_are_not_complete_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
