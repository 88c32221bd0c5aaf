/* structured: a meeting that a case-management system delivers in parts, as a Meeting instead of a body. */
#include "world.h"

#include <string.h>

typedef Referent__V1__Item Item;

/* Two open items and a closed one, which the text of the second tries to look like. */
static uint64_t feed_meeting(struct world *w, Referent__V1__Access access)
{
    Item items[3] = {REFERENT__V1__ITEM__INIT, REFERENT__V1__ITEM__INIT, REFERENT__V1__ITEM__INIT};
    Item *list[] = {&items[0], &items[1], &items[2]};
    Referent__V1__Attachment budget = REFERENT__V1__ATTACHMENT__INIT;
    Referent__V1__Attachment *attachments[] = {&budget};
    char *present[] = {(char *)"Asta Klitmark", (char *)"Birk Fjordgren"};
    items[0].number = (char *)"7";
    items[0].title = (char *)"Cykelsti langs åen";
    items[0].case_number = (char *)"22/1234";
    items[0].text = (char *)"Der søges 1.250.000 kr. til stien.\n\nBeslutning\n\nGodkendt.\n";
    items[0].n_attachments = 1;
    items[0].attachments = attachments;
    budget.title = (char *)"Budget for stien";
    budget.document = (char *)"77/22";
    items[1].title = (char *)"Tilsyn på plejecentret";
    items[1].text = (char *)"## 99. En overskrift i teksten\n\nBeslutning\n\nUdsat.\n";
    items[2].title = (char *)"Køb af grunden ved engdraget";
    items[2].access = access;
    items[2].text = (char *)"Forhandlingen om prisen på 9.999.999 kr. er fortrolig.\n\nBeslutning\n\nGodkendt.\n";
    Referent__V1__Meeting meeting = REFERENT__V1__MEETING__INIT;
    meeting.committee = (char *)"Vejudvalget";
    meeting.municipality = (char *)"Lundsø Kommune";
    meeting.date = (char *)"2022-03-09";
    meeting.n_present = 2;
    meeting.present = present;
    meeting.n_items = 3;
    meeting.items = list;
    Referent__V1__Document document = REFERENT__V1__DOCUMENT__INIT;
    document.id = (char *)"esdh/1";
    document.content_case = REFERENT__V1__DOCUMENT__CONTENT_MEETING;
    document.meeting = &meeting;
    Referent__V1__Submit submit = REFERENT__V1__SUBMIT__INIT;
    submit.document = &document;
    Envelope envelope = frame_envelope(0);
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT;
    envelope.submit = &submit;
    return peer_send(w->feeder, &envelope);
}

SCENARIO(items_are_what_the_system_says)
{
    struct world *w = world_start("");
    expect_committed(w->feeder, feed_meeting(w, REFERENT__V1__ACCESS__ACCESS_OPEN));
    const SearchReply *reply = peer_search(w->searcher, (struct asked){.case_number = "22-1234"});
    assert_int_equal(reply->total, 1);
    assert_string_equal(reply->hits[0]->item, "7");
    assert_string_equal(reply->hits[0]->title, "Cykelsti langs åen");
    assert_string_equal(reply->hits[0]->committee, "Vejudvalget");
    assert_string_equal(reply->hits[0]->municipality, "Lundsø Kommune");
    assert_string_equal(reply->hits[0]->date, "2022-03-09");
    reply = peer_search(w->searcher,
                        (struct asked){.amount = true, .amount_min_ore = 120000000, .amount_max_ore = 130000000});
    assert_int_equal(reply->total, 1);
    reply = peer_search(w->searcher, (struct asked){.outcomes = {"postponed"}});
    assert_int_equal(reply->total, 1);
    assert_string_equal(reply->hits[0]->item, "2"); /* unnumbered: its position */
    assert_int_equal(peer_search(w->searcher, (struct asked){.member = "Asta Klitmark", .limit = 10})->total > 0, 1);
    expect_found(w, "engdraget", 1);
}

SCENARIO(a_closed_item_is_closed_whatever_it_looks_like)
{
    struct world *w = world_start("");
    expect_committed(w->feeder, feed_meeting(w, REFERENT__V1__ACCESS__ACCESS_CLOSED));
    expect_found(w, "engdraget", 0);
    expect_found(w, "forhandlingen", 0);
    expect_found(w, "cykelsti", 1);
    assert_int_equal(
        peer_search(w->searcher,
                    (struct asked){.amount = true, .amount_min_ore = 999999900, .amount_max_ore = 999999900})
            ->total,
        0);
    const GetReply *reply = peer_get(w->searcher, "esdh/1");
    assert_true(reply->found);
    struct span body = {(const char *)reply->document->body.data, reply->document->body.len};
    for (size_t i = 0; i + 9 < body.size; i++)
        assert_memory_not_equal(body.at + i, "engdraget", 9);
}

TELL(STORY(items_are_what_the_system_says), STORY(a_closed_item_is_closed_whatever_it_looks_like))
