/* bad input: each kind gets the receipt that names its rule; the connection and the other documents live on. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

static uint64_t neighbour; /* the sequence under which it was fed */

/* Around every bad thing stand two good ones on the same connection. */
static struct world *world_with_a_neighbour(void)
{
    struct world *w = world_start("commit_max_age_ms = 100\n");
    neighbour = feed(w, MINUTES("nabo", "Om naboens hæk."));
    return w;
}

static void expect_life_goes_on(struct world *w)
{
    given(w, MINUTES("bagefter", "Om livet efter fejlen."));
    expect_committed(w->feeder, neighbour);
    expect_found(w, "naboens", 1);
    expect_found(w, "fejlen", 1);
}

SCENARIO(an_empty_body)
{
    struct world *w = world_with_a_neighbour();
    expect_rejected(w->feeder, feed(w, MINUTES("tom", "")), "body.empty");
    expect_rejected(w->feeder, feed(w, MINUTES("blank", " \n\t ")), "body.empty");
    expect_life_goes_on(w);
}

SCENARIO(a_body_that_is_not_utf8)
{
    struct world *w = world_with_a_neighbour();
    expect_rejected(w->feeder,
                    feed(w, MINUTES("latin1", "Sm\xf8rrebr\xf8"
                                              "d til m\xf8"
                                              "det")),
                    "body.utf8");
    expect_rejected(w->feeder, feed(w, MINUTES("halv", "Rådhuset på \xc3")), "body.utf8");
    expect_rejected(w->feeder, feed(w, MINUTES("surrogat", "Et \xed\xa0\x80 tegn")), "body.utf8");
    expect_life_goes_on(w);
}

SCENARIO(an_id_of_the_wrong_length)
{
    struct world *w = world_with_a_neighbour();
    char id[202];
    memset(id, 'x', sizeof id);
    id[201] = '\0';
    expect_rejected(w->feeder, feed(w, MINUTES("", "Om intet.")), "id.length");
    expect_rejected(w->feeder, feed(w, MINUTES(id, "Om for meget.")), "id.length");
    expect_rejected(w->feeder, peer_delete(w->feeder, "", 0), "id.length");
    expect_rejected(w->feeder, peer_delete(w->feeder, id, 0), "id.length");
    id[200] = '\0';
    given(w, MINUTES(id, "Om det længste navn."));
    expect_found(w, "længste", 1);
    assert_true(peer_get(w->searcher, id)->found);
    expect_life_goes_on(w);
}

SCENARIO(an_id_with_control_characters)
{
    struct world *w = world_with_a_neighbour();
    expect_rejected(w->feeder, feed(w, MINUTES("linje\nskift", "Om linjer.")), "id.character");
    expect_rejected(w->feeder, feed(w, MINUTES("slet\x7f", "Om sletning.")), "id.character");
    expect_life_goes_on(w);
}

SCENARIO(strings_that_are_not_utf8_or_hold_a_nul)
{
    struct world *w = world_with_a_neighbour();
    expect_rejected(w->feeder,
                    feed(w, MINUTES("m\xf8"
                                    "de",
                                    "Om møder.")),
                    "string.utf8");
    struct span frame = peer_frame(9001, MINUTES("nabo#", "Om noget helt andet."));
    char *mark = memchr(frame.at, '#', frame.size);
    *mark = '\0'; /* protobuf-c would cut here and overwrite "nabo" */
    peer_send_bytes(w->feeder, frame);
    free((char *)frame.at);
    expect_rejected(w->feeder, 9001, "string.utf8");
    expect_life_goes_on(w);
}

SCENARIO(an_unknown_protocol_version)
{
    struct world *w = world_with_a_neighbour();
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    Envelope envelope = frame_envelope(0);
    envelope.protocol = 2;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
    envelope.ping = &ping;
    expect_rejected(w->feeder, peer_send(w->feeder, &envelope), "protocol.version");
    expect_life_goes_on(w);
}

SCENARIO(an_envelope_with_nothing_in_it)
{
    struct world *w = world_with_a_neighbour();
    Envelope envelope = frame_envelope(0);
    expect_rejected(w->feeder, peer_send(w->feeder, &envelope), "frame.empty");
    expect_life_goes_on(w);
}

/* The receipt at `index` is REJECTED frame.decode with sequence 0. */
static void expect_undecodable(struct world *w, size_t index)
{
    expect_receipts(w->feeder, index + 1);
    const Envelope *envelope = peer_receipt(w->feeder, index);
    assert_int_equal(envelope->sequence, 0);
    assert_int_equal(envelope->receipt->status, REFERENT__V1__STATUS__STATUS_REJECTED);
    assert_string_equal(envelope->receipt->rule, "frame.decode");
    assert_string_equal(envelope->receipt->id, "");
}

SCENARIO(frames_that_are_cut_or_random)
{
    struct world *w = world_start("");
    struct span frame = peer_frame(77, MINUTES("halv", "Om den halve sandhed."));
    frame.size -= 5;
    peer_send_bytes(w->feeder, frame);
    free((char *)frame.at);
    expect_undecodable(w, 0);
    peer_send_bytes(w->feeder, SPAN("\xff\xfe\xfd\xfc not a frame at all"));
    expect_undecodable(w, 1);
    given(w, MINUTES("hel", "Om den hele sandhed."));
    expect_found(w, "sandhed", 1);
}

SCENARIO(a_document_over_the_limit)
{
    struct world *w = world_with_a_neighbour();
    size_t size = DOCUMENT_MAX_BYTES + 1;
    char *body = malloc(size);
    assert_non_null(body);
    memset(body, 'a', size);
    expect_rejected(w->feeder, feed(w, (struct fed){.id = "for-stor", .body = {body, size}}), "frame.size");
    free(body);
    expect_life_goes_on(w);
}

SCENARIO(a_frame_beyond_maxmsgsize_cuts_its_connection_alone)
{
    struct world *w = world_with_a_neighbour();
    struct peer *rude = world_feeder(w);
    char *bytes = calloc(1, FRAME_MAX_BYTES + 1);
    assert_non_null(bytes);
    peer_send_bytes(rude, (struct span){bytes, FRAME_MAX_BYTES + 1});
    free(bytes);
    expect_life_goes_on(w);
    peer_hello(rude); /* ZeroMQ has connected it again; it begins anew */
    expect_committed(rude, peer_feed(rude, MINUTES("igen", "Om anden chance.")));
    expect_found(w, "chance", 1);
    peer_free(&rude);
}

SCENARIO(a_source_that_the_id_does_not_begin_with)
{
    struct world *w = world_with_a_neighbour();
    struct fed fed = MINUTES("lundsoe/1.md", "Om grænser.");
    fed.source = "klintrup";
    expect_rejected(w->feeder, feed(w, fed), "source.prefix");
    fed.source = "lundso";
    expect_rejected(w->feeder, feed(w, fed), "source.prefix");
    fed.source = "lundsoe";
    given(w, fed);
    expect_life_goes_on(w);
}

SCENARIO(a_media_type_nobody_reads)
{
    struct world *w = world_with_a_neighbour();
    struct fed fed = MINUTES("billede.png", "Om billeder.");
    fed.media_type = "image/png";
    expect_rejected(w->feeder, feed(w, fed), "media.type");
    fed.media_type = "text/plain";
    given(w, fed);
    fed.id = "side.html";
    fed.media_type = "text/html";
    fed.body = SPAN("<html><body><h2>1. Legeplads</h2><p>Godkendt &amp; bevilget.</p></body></html>");
    given(w, fed);
    expect_found(w, "legeplads", 1);
    expect_life_goes_on(w);
}

SCENARIO(text_that_would_poison_an_index)
{
    struct world *w = world_with_a_neighbour();
    enum { LONG = 70000 };
    static char word[LONG];
    memset(word, 'a', sizeof word);
    given(w, (struct fed){.id = "ét-ord", .body = {word, LONG}});
    for (size_t i = 0; i + 1 < LONG; i += 2)
        memcpy(word + i, "\xc3\xa5", 2);
    given(w, (struct fed){.id = "ét-langt-å", .body = {word, LONG}});
    for (size_t i = 0; i + 3 < LONG; i += 3)
        memcpy(word + i, "e\xcc\x81", 3); /* combining marks */
    given(w, (struct fed){.id = "mærker", .body = {word, LONG / 3 * 3}});
    memset(word, '#', sizeof word);
    given(w, (struct fed){.id = "overskrifter", .body = {word, LONG}});
    memset(word, '\n', sizeof word);
    word[0] = 'x';
    given(w, (struct fed){.id = "linjer", .body = {word, LONG}});
    given(w, MINUTES("nul", "Før nul\0efter nul"));
    expect_life_goes_on(w);
}

/* Megabytes of nothing are read and indexed as they are; one byte that is no UTF-8 in the middle is refused by its
 * rule. */
SCENARIO(a_megabyte_of_nothing_but_one_thing)
{
    struct world *w = world_with_a_neighbour();
    enum { MEGABYTE = 1 << 20 };
    static char body[MEGABYTE];
    static const char name[] = "Ove Dalsgaard Høst, ";
    memset(body, '7', sizeof body);
    given(w, (struct fed){.id = "cifre", .body = {body, sizeof body}});
    memset(body, '(', sizeof body);
    given(w, (struct fed){.id = "parenteser", .body = {body, sizeof body}});
    size_t used = 0;
    for (; used + sizeof name - 1 <= sizeof body; used += sizeof name - 1)
        memcpy(body + used, name, sizeof name - 1);
    given(w, (struct fed){.id = "navne", .body = {body, used}});
    body[used / 2] = '\xff';
    expect_rejected(w->feeder, feed(w, (struct fed){.id = "halvvejs", .body = {body, used}}), "body.utf8");
    expect_life_goes_on(w);
    expect_found(w, "dalsgaard", 1);
}

SCENARIO(bad_questions_are_answered_by_a_failure)
{
    struct world *w = world_with_a_neighbour();
    char query[QUERY_MAX_BYTES + 2];
    memset(query, 'q', sizeof query);
    query[sizeof query - 1] = '\0';
    expect_failure(w->searcher, (struct asked){.query = query}, "query.length");
    char longer[10 * 1024 + 1];
    memset(longer, 'q', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    expect_failure(w->searcher, (struct asked){.query = longer}, "query.length");
    expect_failure(w->searcher, (struct asked){.query = "hæk", .date_from = "2020", .date_to = "2019"}, "filter.date");
    expect_failure(w->searcher,
                   (struct asked){.query = "hæk", .amount = true, .amount_min_ore = 2, .amount_max_ore = 1},
                   "filter.amount");
    expect_failure(w->searcher, (struct asked){.query = "hæk", .date_from = "i går"}, "filter.date");
    expect_failure(w->searcher, (struct asked){.query = "hæk", .offset = 100001}, "query.limit");
    expect_failure(w->searcher, (struct asked){.query = "hæk", .facets = {"farve"}}, "facet.name");
    expect_life_goes_on(w);
}

TELL(STORY(an_empty_body), STORY(a_body_that_is_not_utf8), STORY(an_id_of_the_wrong_length),
     STORY(an_id_with_control_characters), STORY(strings_that_are_not_utf8_or_hold_a_nul),
     STORY(an_unknown_protocol_version), STORY(an_envelope_with_nothing_in_it), STORY(frames_that_are_cut_or_random),
     STORY(a_document_over_the_limit), STORY(a_frame_beyond_maxmsgsize_cuts_its_connection_alone),
     STORY(a_source_that_the_id_does_not_begin_with), STORY(a_media_type_nobody_reads),
     STORY(text_that_would_poison_an_index), STORY(a_megabyte_of_nothing_but_one_thing),
     STORY(bad_questions_are_answered_by_a_failure))
