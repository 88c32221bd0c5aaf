/* huffman: whatever the tags are, and whatever came before them, zlib reads them back, and no 2048 bytes of them hold
 * more than stock can bear. */
#include "huffman.h"

#include "pieces.h"
#include "tag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <zlib.h>

enum { TAG_MAX = 200000, RAW_WINDOW = -15, SERIES = 40, TAGS = 60 };

static char tag[TAG_MAX], back[TAG_MAX + 1];

static size_t tag_make(uint64_t *random)
{
    size_t size = random_below(random, 10) == 0 ? random_below(random, TAG_MAX) : 19 + random_below(random, 5000);
    pieces_make(tag, size, random);
    return size;
}

static void expect_read_back(const char *packed, size_t packed_size, size_t size)
{
    z_stream stream = {.next_in = (Bytef *)packed, .avail_in = (uInt)packed_size};
    stream.next_out = (Bytef *)back;
    stream.avail_out = sizeof back;
    assert_int_equal(inflateInit2(&stream, RAW_WINDOW), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    assert_int_equal(stream.total_out, size);
    assert_memory_equal(back, tag, size);
    inflateEnd(&stream);
}

static void zlib_reads_every_tag_back(void **state)
{
    struct huffman *huffman = malloc(sizeof *huffman);
    char *packed = malloc(huffman_bound(TAG_MAX));
    size_t smaller = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SERIES; seed++) {
        uint64_t random = seed;
        huffman_begin(huffman, seed % 2 ? SPAN("title=Godkendelse af referat") : SPAN("a"), seed % 3 == 0);
        for (int i = 0; i < TAGS; i++) {
            size_t size = tag_make(&random);
            size_t packed_size = huffman_pack(huffman, (struct span){tag, size}, packed);
            if (packed_size == 0)
                continue;
            assert_true(packed_size < size);
            expect_read_back(packed, packed_size, size);
            assert_true(tag_deflated_is_sound((struct span){packed, packed_size}, size));
            smaller++;
        }
    }
    assert_in_range(smaller, SERIES * TAGS / 3, SERIES * TAGS);
    free(packed);
    free(huffman);
}

/* One byte again and again: a code of one bit would make a step of inflate out of 1024 bytes. */
static void no_code_is_too_short(void **state)
{
    struct huffman huffman;
    char *packed = malloc(huffman_bound(TAG_MAX));
    (void)state;
    memset(tag, 'x', TAG_MAX);
    for (size_t size = 1000; size <= TAG_MAX; size += 997) {
        if (size < 2000 || (size > 5000 && size < 6000))
            huffman_begin(&huffman, SPAN("x"), size > 5000); /* without and with repetitions */
        size_t packed_size = huffman_pack(&huffman, (struct span){tag, size}, packed);
        if (packed_size == 0)
            continue;
        assert_true(tag_deflated_is_sound((struct span){packed, packed_size}, size));
        expect_read_back(packed, packed_size, size);
    }
    free(packed);
}

/* What a tag costs is what its bytes weigh: text of minutes comes to five bits a byte, noise to learn from or not. */
static void text_becomes_smaller_and_noise_stays(void **state)
{
    static const char text[] =
        "Forvaltningen indstiller, at udvalget anbefaler kommunalbestyrelsen at godkende planen. "
        "Udvalget tog sagen til efterretning, og den vil blive behandlet igen i foråret. ";
    struct huffman huffman;
    uint64_t random = 7;
    char packed[20000];
    (void)state;
    assert_true(huffman_bound(4096) <= sizeof packed);
    huffman_begin(&huffman, SPAN("x"), false);
    for (int i = 0; i < 20; i++) {
        for (size_t at = 0; at < 2048; at++) {
            tag[at] = text[at % (sizeof text - 1)];
            tag[2048 + at] = (char)random_below(&random, 256);
        }
        size_t size = huffman_pack(&huffman, (struct span){tag, 2048}, packed);
        assert_true(i < 4 || (size > 0 && size < 2048 * 3 / 4));
        size_t mixed = huffman_pack(&huffman, (struct span){tag, 4096}, packed); /* the second half is stored */
        assert_true(i < 4 || (mixed > 0 && mixed < 2048 * 3 / 4 + 2048 + 16));
        assert_int_equal(huffman_pack(&huffman, (struct span){tag + 2048, 2048}, packed), 0);
    }
}

/* Repetitions of every length and from every distance, and what they save. */
static void what_stood_there_before_is_repeated(void **state)
{
    struct huffman plain, repeats;
    uint64_t random = 11;
    char packed[20000];
    (void)state;
    huffman_begin(&plain, SPAN("x"), false);
    huffman_begin(&repeats, SPAN("x"), true);
    for (size_t length = 4; length < 700; length++) {
        size_t distance = length + (length * 37) % 2600, size = distance + length;
        for (size_t at = 0; at < distance; at++)
            tag[at] = (char)('a' + random_below(&random, 26));
        memcpy(tag + distance, tag, length);
        size_t most = huffman_pack(&plain, (struct span){tag, size}, packed);
        size_t least = huffman_pack(&repeats, (struct span){tag, size}, packed);
        if (least > 0)
            expect_read_back(packed, least, size);
        if (length > 200) {
            assert_true(most > 0 && least > 0);
            assert_true(least < most - length / 3);
        }
    }
}

/* What one tag repeats is looked for in that tag alone. */
static void tags_do_not_remember_one_another(void **state)
{
    struct span first = SPAN("no more, no more, and committee=Teknik- og MMMMMMM");
    struct span second = SPAN("committee=Teknik- og Miljoeudvalget; committee=Teknik- og Miljoeudvalget; and no more");
    struct huffman huffman;
    char alone[4096], behind[4096], ignored[4096];
    (void)state;
    huffman_begin(&huffman, second, true);
    huffman.seen = UINT32_MAX; /* it learns nothing more */
    size_t size = huffman_pack(&huffman, second, alone);
    assert_in_range(huffman_pack(&huffman, first, ignored), 0, first.size);
    assert_int_equal(huffman_pack(&huffman, second, behind), size);
    assert_memory_equal(alone, behind, size);
    memcpy(tag, second.at, second.size);
    if (size > 0)
        expect_read_back(alone, size, second.size);
}

enum { BLOCK_KNOWN = 1, BLOCK_OWN = 2 };

static int block_type(const char *packed)
{
    return packed[0] >> 1 & 3;
}

/* Short data only repeat themselves, letters of nine bits among the rest; long ones are worth a code of their own. */
static void short_data_do_without_a_code_of_their_own(void **state)
{
    struct span data =
        SPAN("title=Møde i Økonomi- og Ældreudvalget på rådhuset\nsample=Møde i Økonomi- og Ældreudvalget "
             "på rådhuset: godkendt");
    struct huffman huffman;
    uint64_t random = 13;
    char packed[8000];
    (void)state;
    huffman_begin(&huffman, SPAN("x"), true);
    for (int i = 0; i < 20; i++) {
        for (size_t at = 0; at < 3000; at++)
            tag[at] = data.at[random_below(&random, data.size)];
        size_t size = huffman_pack(&huffman, (struct span){tag, 3000}, packed);
        assert_true(i < 4 || size > 0);
        assert_true(i < 4 || block_type(packed) == BLOCK_OWN);
        memcpy(tag, data.at, data.size);
        size = huffman_pack(&huffman, data, packed);
        if (i < 4)
            continue; /* the letters are still new */
        assert_in_range(size, 1, data.size - 40);
        assert_int_equal(block_type(packed), BLOCK_KNOWN);
        expect_read_back(packed, size, data.size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zlib_reads_every_tag_back),
        cmocka_unit_test(no_code_is_too_short),
        cmocka_unit_test(text_becomes_smaller_and_noise_stays),
        cmocka_unit_test(what_stood_there_before_is_repeated),
        cmocka_unit_test(tags_do_not_remember_one_another),
        cmocka_unit_test(short_data_do_without_a_code_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
