/* credit: Welcome grants it, receipts return it, and what comes beyond it is sent back without being read. */
#include "world.h"

#include <stdio.h>

SCENARIO(hello_comes_first)
{
    struct world *w = world_start("");
    struct peer *stranger = world_stranger(w, w->feed);
    uint64_t early = peer_feed(stranger, MINUTES("for-tidlig", "Om utålmodighed."));
    expect_retry(stranger, early, "hello.first");
    expect_retry(stranger, peer_delete(stranger, "for-tidlig", 0), "hello.first");
    peer_hello(stranger);
    expect_committed(stranger, peer_feed(stranger, MINUTES("for-tidlig", "Om utålmodighed.")));
    peer_free(&stranger);
}

SCENARIO(welcome_says_all_a_client_needs)
{
    struct world *w = world_start("shards = 3\n");
    assert_true(w->welcome->instance != 0);
    assert_int_equal(w->welcome->protocol_min, 1);
    assert_int_equal(w->welcome->protocol_max, 1);
    assert_int_equal(w->welcome->document_max_bytes, DOCUMENT_MAX_BYTES);
    assert_true(w->welcome->credit->messages > 0);
    assert_true(w->welcome->credit->bytes >= DOCUMENT_MAX_BYTES);
    assert_int_equal(w->welcome->map->shard_count, 3);
    assert_int_equal(w->welcome->map->n_shards, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(w->welcome->map->shards[i]->lineage.len, 16);
}

SCENARIO(what_comes_beyond_the_credit_is_sent_back)
{
    struct world *w = world_start("shards = 1\ncredit_messages = 4\ncommit_max_docs = 4\n" PATIENT);
    assert_int_equal(w->welcome->credit->messages, 4);
    uint64_t sequences[7];
    char id[16];
    for (unsigned i = 0; i < 3; i++) {
        snprintf(id, sizeof id, "d%u", i);
        sequences[i] = feed(w, (struct fed){.id = id, .body = SPAN("Om kredit.")});
    }
    expect_at_least(w, in_flight, 3);
    for (unsigned i = 3; i < 7; i++) {
        snprintf(id, sizeof id, "d%u", i);
        sequences[i] = feed(w, (struct fed){.id = id, .body = SPAN("Om kredit.")});
    }
    for (unsigned i = 0; i < 4; i++)
        expect_committed(w->feeder, sequences[i]);
    size_t retried = 0;
    for (unsigned i = 4; i < 7; i++) { /* a commit may have given credit back before the later ones came */
        const Envelope *answer = peer_answer(w->feeder, sequences[i], 2000);
        if (answer && answer->receipt->status == REFERENT__V1__STATUS__STATUS_RETRY) {
            assert_string_equal(answer->receipt->rule, "credit.beyond");
            retried++;
        }
    }
    assert_true(retried >= 1);
    assert_int_equal(counter(w, "retried"), retried);
}

SCENARIO(receipts_return_credit)
{
    struct world *w = world_start("credit_messages = 2\ncommit_max_age_ms = 20\ncommit_min_gap_ms = 0\n");
    for (unsigned i = 0; i < 30; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%u", i);
        given(w, (struct fed){.id = id, .body = SPAN("Om kredit.")});
    }
    expect_found(w, "kredit", 30);
}

SCENARIO(a_client_may_ask_for_less)
{
    struct world *w = world_start("");
    struct peer *modest = world_stranger(w, w->feed);
    Referent__V1__Credit wanted = REFERENT__V1__CREDIT__INIT;
    Referent__V1__Hello hello = REFERENT__V1__HELLO__INIT;
    Envelope envelope = frame_envelope(0);
    wanted.messages = 3;
    hello.client = (char *)"beskeden";
    hello.wanted = &wanted;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_HELLO;
    envelope.hello = &hello;
    const Envelope *answer = peer_answer(modest, peer_send(modest, &envelope), DEADLINE_MS);
    assert_non_null(answer);
    assert_int_equal(answer->welcome->credit->messages, 3);
    peer_free(&modest);
}

TELL(STORY(hello_comes_first), STORY(welcome_says_all_a_client_needs), STORY(what_comes_beyond_the_credit_is_sent_back),
     STORY(receipts_return_credit), STORY(a_client_may_ask_for_less))
