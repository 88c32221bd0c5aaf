/* Frames: what is refused before protobuf-c sees it, and the digest that does not depend on encoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "digest.h"
#include "frame.h"
#include "message.h"
#include "shard_map.h"

static struct span pack(struct arena *arena, const Envelope *envelope)
{
    size_t size = frame_size(envelope);
    void *bytes = arena_alloc(arena, size);
    frame_pack(envelope, bytes);
    return (struct span){bytes, size};
}

static struct span submit_frame(struct arena *arena, const char *id, struct span body)
{
    Referent__V1__Document document = REFERENT__V1__DOCUMENT__INIT;
    Referent__V1__Submit submit = REFERENT__V1__SUBMIT__INIT;
    Envelope envelope = frame_envelope(42);
    document.id = (char *)id;
    document.content_case = REFERENT__V1__DOCUMENT__CONTENT_BODY;
    document.body = (ProtobufCBinaryData){body.size, (uint8_t *)body.at};
    submit.document = &document;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT;
    envelope.submit = &submit;
    return pack(arena, &envelope);
}

static enum fault decode(struct arena *arena, struct span frame, uint64_t *sequence, struct error *err)
{
    Envelope *out;
    return frame_decode(arena, frame, &out, sequence, err);
}

static void a_frame_comes_back_as_it_went(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct error err;
    struct job *job;
    struct span frame = submit_frame(arena, "a/b.md", SPAN("Referat"));
    struct frame_peek peek = frame_peek(frame);
    assert_int_equal(peek.sequence, 42);
    assert_int_equal(peek.payload, FRAME_SUBMIT);
    assert_int_equal(message_decode(frame, SPAN("peer"), arena_new(1 << 20), 4, &job, &err), FAULT_NONE);
    assert_true(span_equal(job->id, SPAN("a/b.md")));
    assert_int_equal(job->receipt.shard, shard_of(SPAN("a/b.md"), 4));
    struct arena *owned = job->arena;
    arena_free(&owned);
    arena_free(&arena);
}

/* Every beginning of a frame is refused or is a smaller frame; none crashes (the sanitizers watch). */
static void a_truncated_frame_is_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16 << 20);
    struct error err;
    struct span frame = submit_frame(arena, "abc", SPAN("Referat fra et møde"));
    for (size_t size = 5; size < frame.size; size++) {
        struct text cut = arena_copy(arena, (struct span){frame.at, size});
        uint64_t sequence = 99;
        assert_int_equal(decode(arena, (struct span){cut.at, size}, &sequence, &err), FAULT_REJECT);
        assert_string_equal(err.rule, "frame.decode");
        assert_int_equal(sequence, 0);
    }
    arena_free(&arena);
}

/* A number where a string was written makes protobuf-c give up after it has taken more than the frame's bytes. */
static void a_field_of_another_type_is_no_lack_of_memory(void **state)
{
    (void)state;
    static const char frame[] = "\b\1\20\52\362\1\13\12\4vej \232\1\2A2";
    struct arena *arena = arena_new(1 << 20), *small = arena_new(64);
    struct error err;
    uint64_t sequence = 99;
    assert_int_equal(decode(arena, (struct span){frame, sizeof frame - 1}, &sequence, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "frame.decode");
    assert_int_equal(sequence, 0);
    struct span good = submit_frame(arena, "abc", SPAN("Referat fra et møde"));
    assert_int_equal(decode(small, good, &sequence, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "arena.bound");
    assert_int_equal(sequence, 42);
    arena_free(&small);
    arena_free(&arena);
}

/* protobuf-c would cut the id at the NUL and overwrite the document "a". */
static void strings_with_nul_or_bad_utf8_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct error err;
    static const char *const hostile[] = {"a?z", "a\xC3z", "a\xED\xA0\x80"};
    for (size_t i = 0; i < 3; i++) {
        struct span frame = submit_frame(arena, hostile[i], SPAN("x"));
        char *mark = memchr(frame.at, '?', frame.size);
        if (mark != NULL)
            *mark = '\0';
        uint64_t sequence;
        assert_int_equal(decode(arena, frame, &sequence, &err), FAULT_REJECT);
        assert_string_equal(err.rule, "string.utf8");
        assert_int_equal(sequence, 42);
    }
    arena_free(&arena);
}

static void wrong_protocol_and_empty_envelopes_are_named(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct error err;
    uint64_t sequence;
    Envelope envelope = frame_envelope(7);
    assert_int_equal(decode(arena, pack(arena, &envelope), &sequence, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "frame.empty");
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    envelope.protocol = 2;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
    envelope.ping = &ping;
    assert_int_equal(decode(arena, pack(arena, &envelope), &sequence, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "protocol.version");
    assert_int_equal(sequence, 7);
    arena_free(&arena);
}

static void ids_are_checked(void **state)
{
    (void)state;
    struct error err;
    char long_id[202];
    memset(long_id, 'x', sizeof long_id);
    assert_int_equal(message_check_id((struct span){long_id, 200}, (struct span){0}, &err), FAULT_NONE);
    assert_int_equal(message_check_id((struct span){long_id, 201}, (struct span){0}, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "id.length");
    assert_int_equal(message_check_id((struct span){long_id, 0}, (struct span){0}, &err), FAULT_REJECT);
    assert_int_equal(message_check_id(SPAN("a\nb"), (struct span){0}, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "id.character");
    assert_int_equal(message_check_id(SPAN("lejre/x"), SPAN("lejre"), &err), FAULT_NONE);
    assert_int_equal(message_check_id(SPAN("lejre/"), SPAN("lejre"), &err), FAULT_REJECT);
    assert_string_equal(err.rule, "source.prefix");
    assert_int_equal(message_check_id(SPAN("lejre2/x"), SPAN("lejre"), &err), FAULT_REJECT);
}

static void the_digest_sees_content_and_not_order(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct error err;
    unsigned char first[16], second[16];
    Referent__V1__Document__MetadataEntry a = REFERENT__V1__DOCUMENT__METADATA_ENTRY__INIT, b = a;
    Referent__V1__Document__MetadataEntry *forward[] = {&a, &b}, *backward[] = {&b, &a};
    Referent__V1__Document document = REFERENT__V1__DOCUMENT__INIT;
    a.key = (char *)"a";
    b.key = (char *)"b";
    document.id = (char *)"x";
    document.n_metadata = 2;
    document.metadata = forward;
    assert_int_equal(document_digest(arena, &document, first, &err), FAULT_NONE);
    document.metadata = backward;
    document.version = 9; /* not part of it */
    assert_int_equal(document_digest(arena, &document, second, &err), FAULT_NONE);
    assert_memory_equal(first, second, 16);
    document.url = (char *)"u";
    assert_int_equal(document_digest(arena, &document, second, &err), FAULT_NONE);
    assert_memory_not_equal(first, second, 16);
    arena_free(&arena);
}

static void shards_follow_zlib(void **state)
{
    (void)state;
    assert_int_equal(id_hash(SPAN("123456789")), 0xCBF43926); /* the check value of CRC-32 */
    assert_int_equal(shard_of(SPAN("123456789"), 4), 0xCBF43926 % 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_comes_back_as_it_went),
        cmocka_unit_test(a_truncated_frame_is_refused),
        cmocka_unit_test(a_field_of_another_type_is_no_lack_of_memory),
        cmocka_unit_test(strings_with_nul_or_bad_utf8_are_refused),
        cmocka_unit_test(wrong_protocol_and_empty_envelopes_are_named),
        cmocka_unit_test(ids_are_checked),
        cmocka_unit_test(the_digest_sees_content_and_not_order),
        cmocka_unit_test(shards_follow_zlib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
