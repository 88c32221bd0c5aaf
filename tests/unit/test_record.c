/* Document data: lines out and in, the body packed and unpacked, bombs and damage refused. */
#include "record.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <zstd.h>

static struct arena *arena;
static struct body_packer *packer;

static int start(void **state)
{
    (void)state;
    arena = arena_new(256 << 20);
    packer = body_packer_new();
    return arena == NULL || packer == NULL;
}

static int stop(void **state)
{
    (void)state;
    body_packer_free(&packer);
    arena_free(&arena);
    return 0;
}

static struct span written(const struct data_writer *writer)
{
    assert_false(writer->full);
    return (struct span){writer->at, writer->size};
}

static void lines_stay_lines(void **state)
{
    (void)state;
    struct data_writer writer = {.arena = arena};
    data_line(&writer, FIELD_TITLE, SPAN("a\nid=forged\r=b"));
    data_line(&writer, FIELD_ID, SPAN("x/y"));
    data_line(&writer, FIELD_META, SPAN(""));
    data_line(&writer, FIELD_META, SPAN("two"));
    struct span data = written(&writer);
    assert_true(span_equal(data, SPAN("title=a id=forged =b\nid=x/y\nmeta=\nmeta=two")));
    assert_true(span_equal(data_field(data, FIELD_ID), SPAN("x/y")));
    assert_null(data_field(data, FIELD_URL).at);
    struct span value;
    size_t offset = 0;
    assert_true(data_field_next(data, FIELD_META, &offset, &value) && value.size == 0);
    assert_true(data_field_next(data, FIELD_META, &offset, &value) && span_equal(value, SPAN("two")));
    assert_false(data_field_next(data, FIELD_META, &offset, &value));
}

static void a_source_comes_back_whole(void **state)
{
    (void)state;
    const struct pair pairs[] = {{SPAN("a=b"), SPAN("c=d\\n")}, {SPAN("\n"), SPAN("")}, {SPAN("æ\\e"), SPAN("\\\n\\")}};
    struct data_writer writer = {.arena = arena};
    data_line(&writer, FIELD_URL, SPAN("https://example.dk/?a=b"));
    data_line(&writer, FIELD_ID, SPAN("k/1"));
    data_line(&writer, FIELD_TYPE, SPAN("text/markdown"));
    data_line(&writer, FIELD_VERSION, SPAN("18446744073709551615"));
    data_line(&writer, FIELD_SOURCE, SPAN("k"));
    for (size_t i = 0; i < 3; i++)
        data_meta(&writer, pairs[i]);
    data_body(&writer, SPAN("x"));
    struct source source;
    assert_int_equal(record_source(arena, written(&writer), &source, NULL), FAULT_NONE);
    assert_true(source.version == UINT64_MAX && span_equal(source.id, SPAN("k/1")));
    assert_true(span_equal(source.url, SPAN("https://example.dk/?a=b")));
    assert_int_equal(source.metadata_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(span_equal(source.metadata[i].key, pairs[i].key));
        assert_true(span_equal(source.metadata[i].value, pairs[i].value));
    }
    struct error err;
    assert_int_equal(record_source(arena, SPAN("id=a\nversion=18446744073709551616"), &source, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "record.damaged");
    assert_int_equal(record_source(arena, SPAN("version=1"), &source, &err), FAULT_REJECT);
    assert_int_equal(record_source(arena, SPAN(""), &source, &err), FAULT_REJECT);
}

static void bodies_come_back_byte_for_byte(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t round = 0; round < 300; round++) {
        size_t size = random_below(&seed, 5000);
        char *body = arena_alloc(arena, size);
        uint64_t letters = 1 + random_below(&seed, 256);
        for (size_t i = 0; i < size; i++)
            body[i] = (char)random_below(&seed, letters);
        struct span packed;
        struct text back;
        assert_int_equal(body_pack(arena, packer, (struct span){body, size}, &packed, NULL), FAULT_NONE);
        assert_null(memchr(packed.at, '\n', packed.size));
        assert_int_equal(body_unpack(arena, packed, size, &back, NULL), FAULT_NONE);
        assert_true(span_equal((struct span){back.at, back.size}, (struct span){body, size}));
        assert_int_equal(back.at[back.size], 0);
        struct data_writer writer = {.arena = arena};
        data_line(&writer, FIELD_ID, SPAN("x"));
        data_body(&writer, packed);
        assert_true(span_equal(data_field(written(&writer), FIELD_BODY), packed));
    }
}

/* Bodies of many frames, and stretches of them. */
static void any_part_of_a_body_is_that_part(void **state)
{
    (void)state;
    uint64_t seed = 11;
    struct body_unpacker *unpacker = body_unpacker_new();
    for (size_t round = 0; round < 40; round++) {
        struct arena *place = arena_new(64 << 20);
        size_t size = random_below(&seed, 200000);
        char *body = arena_alloc(place, size);
        for (size_t i = 0; i < size; i++)
            body[i] = (char)(i % 7 > 0 ? random_below(&seed, 20) + 'a' : i / 1000);
        struct span packed;
        struct text whole;
        assert_int_equal(body_pack(place, packer, (struct span){body, size}, &packed, NULL), FAULT_NONE);
        assert_int_equal(body_unpack(place, packed, size, &whole, NULL), FAULT_NONE);
        assert_true(span_equal((struct span){whole.at, whole.size}, (struct span){body, size}));
        for (size_t i = 0; i < 50; i++) {
            size_t from = random_below(&seed, size + 1), to = from + random_below(&seed, size - from + 1);
            struct body_part part;
            assert_int_equal(body_unpack_part(unpacker, place, packed, from, to, size, &part, NULL), FAULT_NONE);
            assert_int_equal(part.body_bytes, size);
            if (from == to)
                continue;
            assert_true(part.start <= from && to <= part.start + part.text.size);
            assert_true(part.text.size <= to - from + 2 * 32768);
            assert_memory_equal(part.text.at + (from - part.start), body + from, to - from);
        }
        arena_free(&place);
    }
    body_unpacker_free(&unpacker);
}

static void a_bomb_is_refused_before_it_unpacks(void **state)
{
    (void)state;
    enum { BOMB = 64 << 20 };
    struct span packed;
    struct text body;
    struct error err;
    char *zeros = arena_zero(arena, 1, BOMB);
    assert_int_equal(body_pack(arena, packer, (struct span){zeros, BOMB}, &packed, NULL), FAULT_NONE);
    assert_true(packed.size < BOMB / 1000);
    struct arena *small = arena_new(1 << 20);
    assert_int_equal(body_unpack(small, packed, BOMB - 1, &body, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "body.size");
    assert_int_equal(body_unpack(small, packed, BOMB, &body, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "arena.bound");
    arena_free(&small);
}

static void damage_is_refused(void **state)
{
    (void)state;
    static const char text[] = "Godkendt. Udsat. Godkendt. Udsat. Drøftet. 1.070.664 kr. til vej og park i budgettet.";
    struct span packed;
    struct text body;
    struct error err;
    assert_int_equal(body_pack(arena, packer, (struct span){text, sizeof text}, &packed, NULL), FAULT_NONE);
    for (size_t size = 0; size < packed.size; size++) {
        assert_int_equal(body_unpack(arena, span_cut(packed, 0, size), 1 << 20, &body, &err), FAULT_REJECT);
        assert_string_equal(err.rule, "body.damaged");
    }
    uint64_t seed = 9;
    for (size_t round = 0; round < 5000; round++) {
        struct text copy = arena_copy(arena, packed);
        char *bytes = (char *)copy.at;
        for (uint64_t i = random_below(&seed, 3) + 1; i > 0; i--)
            bytes[random_below(&seed, copy.size)] = (char)random_next(&seed);
        enum fault fault = body_unpack(arena, (struct span){bytes, copy.size}, 4096, &body, &err);
        assert_true(fault == FAULT_NONE || fault == FAULT_REJECT);
        assert_true(fault != FAULT_NONE || body.size <= 4096);
    }
    assert_int_equal(body_unpack(arena, SPAN("\x1b"), 10, &body, &err), FAULT_REJECT);
    assert_int_equal(body_unpack(arena,
                                 SPAN("\x1b"
                                      "3"),
                                 10, &body, &err),
                     FAULT_REJECT);
}

/* A frame without its size could be anything: refused. */
static void a_frame_must_name_its_size(void **state)
{
    (void)state;
    struct text body;
    struct error err;
    char frame[256];
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    size_t size = ZSTD_compress2(context, frame, sizeof frame, "aaaaaaaaaaaaaaaa", 16);
    ZSTD_freeCCtx(context);
    assert_false(ZSTD_isError(size));
    assert_null(memchr(frame, '\n', size));
    assert_null(memchr(frame, 27, size));
    assert_int_equal(body_unpack(arena, (struct span){frame, size}, 1000, &body, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "body.damaged");
}

static void a_closed_part_goes_back_to_its_place(void **state)
{
    (void)state;
    char body[] = "aaaa      bbbb";
    struct span packed;
    struct error err;
    assert_int_equal(body_pack(arena, packer, SPAN("lukket"), &packed, NULL), FAULT_NONE);
    struct data_writer writer = {.arena = arena};
    data_line(&writer, FIELD_START, SPAN("4"));
    data_line(&writer, FIELD_END, SPAN("10"));
    data_body(&writer, packed);
    assert_int_equal(record_restore(arena, written(&writer), body, 14, &err), FAULT_NONE);
    assert_string_equal(body, "aaaalukketbbbb");
    assert_int_equal(record_restore(arena, written(&writer), body, 9, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "record.damaged");
    struct data_writer other = {.arena = arena};
    data_line(&other, FIELD_START, SPAN("4"));
    data_line(&other, FIELD_END, SPAN("12"));
    data_body(&other, packed);
    assert_int_equal(record_restore(arena, written(&other), body, 14, &err), FAULT_REJECT);
    assert_int_equal(record_restore(arena, SPAN("start=1"), body, 14, &err), FAULT_REJECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_stay_lines),
        cmocka_unit_test(a_source_comes_back_whole),
        cmocka_unit_test(bodies_come_back_byte_for_byte),
        cmocka_unit_test(any_part_of_a_body_is_that_part),
        cmocka_unit_test(a_bomb_is_refused_before_it_unpacks),
        cmocka_unit_test(damage_is_refused),
        cmocka_unit_test(a_frame_must_name_its_size),
        cmocka_unit_test(a_closed_part_goes_back_to_its_place),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
