/* protocol fuzz: seeded noise and good frames gone bad, on both sockets. The daemon lives, answers good frames in
 * between, and its memory stays bounded. REFERENT_SEED repeats a run. */
#include "world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint64_t noise;

/* xorshift64*: the same everywhere for the same seed. */
static uint64_t draw(uint64_t below)
{
    noise ^= noise >> 12;
    noise ^= noise << 25;
    noise ^= noise >> 27;
    return (noise * 0x2545F4914F6CDD1DULL >> 16) % below;
}

static void seed(void)
{
    const char *given_seed = getenv("REFERENT_SEED");
    noise = given_seed ? strtoull(given_seed, NULL, 10) : 20210310;
    print_message("REFERENT_SEED=%" PRIu64 "\n", noise);
}

static unsigned rounds(unsigned usual)
{
    return getenv("REFERENT_LONG") ? usual * 20 : usual;
}

static void send_noise(struct peer *peer)
{
    char bytes[600];
    size_t size = draw(sizeof bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)draw(256);
    peer_send_bytes(peer, (struct span){bytes, size});
}

/* One good frame of any kind; malloc'd. */
static struct span good_frame(void)
{
    Referent__V1__Hello hello = REFERENT__V1__HELLO__INIT;
    Referent__V1__Delete removal = REFERENT__V1__DELETE__INIT;
    Referent__V1__InventoryRequest inventory = REFERENT__V1__INVENTORY_REQUEST__INIT;
    Referent__V1__SearchRequest search = REFERENT__V1__SEARCH_REQUEST__INIT;
    Envelope envelope = frame_envelope(1 + draw(1000));
    switch (draw(5)) {
    case 0:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_HELLO;
        envelope.hello = &hello;
        break;
    case 1:
        removal.id = (char *)"fuzz";
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DELETE;
        envelope.delete_ = &removal;
        break;
    case 2:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_REQUEST;
        envelope.inventory_request = &inventory;
        break;
    case 3:
        search.query = (char *)"vej \"to ord\" -nej skol* NEAR/3 OR (";
        search.has_amount_min = 1;
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST;
        envelope.search_request = &search;
        break;
    default:
        return peer_frame(1 + draw(1000), EDITION("fuzz", 3, "## 1. Om støj\n\nSag 21/2217. 4.000 kr. Godkendt.\n"));
    }
    struct span frame = {malloc(frame_size(&envelope)), frame_size(&envelope)};
    assert_non_null(frame.at);
    frame_pack(&envelope, (char *)frame.at);
    return frame;
}

static void send_mutant(struct peer *peer)
{
    struct span frame = good_frame();
    char *bytes = (char *)frame.at;
    for (uint64_t changes = 1 + draw(4); changes > 0; changes--)
        switch (draw(4)) {
        case 0: bytes[draw(frame.size)] = (char)draw(256); break;
        case 1: bytes[draw(frame.size)] ^= (char)(1 << draw(8)); break;
        case 2: frame.size = 1 + draw(frame.size); break;
        default: {
            size_t from = draw(frame.size), to = draw(frame.size);
            size_t most = frame.size - (from > to ? from : to);
            memmove(bytes + to, bytes + from, draw(most + 1));
        }
        }
    peer_send_bytes(peer, frame);
    free(bytes);
}

static void storm(struct world *w, const char *endpoint, unsigned frames)
{
    struct peer *peer = world_stranger(w, endpoint);
    if (strcmp(endpoint, w->feed) == 0 && draw(2))
        peer_hello(peer);
    for (unsigned i = 0; i < frames; i++)
        draw(3) ? send_mutant(peer) : send_noise(peer);
    peer_settle(peer);
    peer_free(&peer);
}

SCENARIO(noise_and_mutants_do_no_harm)
{
    struct world *w = world_start("commit_max_age_ms = 50\n");
    seed();
    given(w, MINUTES("fast-grund", "Om ro og orden."));
    storm(w, w->feed, 200);
    size_t before = world_daemon_bytes(w);
    for (unsigned i = 0; i < rounds(15); i++) {
        storm(w, w->feed, 200);
        storm(w, w->search, 200);
        given(w, EDITION("imellem", i + 1, "Om et øjeblik i stormen."));
        expect_found(w, "orden", 1);
    }
    size_t after = world_daemon_bytes(w);
    print_message("memory before %zu MB, after %zu MB\n", before >> 20, after >> 20);
    assert_true(after < before + ((size_t)400 << 20));
}

SCENARIO(peers_come_and_go_by_the_hundred)
{
    struct world *w = world_start("");
    for (unsigned i = 0; i < rounds(200); i++) {
        struct peer *peer = world_feeder(w);
        peer_feed(peer, EDITION("flygtig", i + 1, "Om sommerfugle."));
        peer_free(&peer);
    }
    given(w, EDITION("flygtig", 1000000, "Om sommerfugle."));
    expect_found(w, "sommerfugle", 1);
}

/* Many strings of one bad frame must not make the worker allocate more than its bound. */
SCENARIO(a_frame_of_a_million_parts_is_bounded)
{
    struct world *w = world_start("");
    size_t entries = 2000000; /* metadata entries of 4 bytes each: empty key, empty value */
    size_t size = entries * 2;
    char *document = malloc(size + 64);
    assert_non_null(document);
    for (size_t i = 0; i < entries; i++)
        memcpy(document + 2 * i, "\x42\x00", 2);
    char *frame = malloc(size + 64);
    assert_non_null(frame);
    /* protocol 1, sequence 9, submit { document { ... } } with lengths as 4-byte varints */
    size_t inner = size + 5;
    unsigned char head[] = {0x08, 1, 0x10, 9, 0x62, 0, 0, 0, 0, 0x0A, 0, 0, 0, 0};
    for (int i = 0; i < 4; i++) {
        head[5 + i] = (unsigned char)((inner >> (7 * i) & 0x7F) | (i < 3 ? 0x80 : 0));
        head[10 + i] = (unsigned char)((size >> (7 * i) & 0x7F) | (i < 3 ? 0x80 : 0));
    }
    memcpy(frame, head, sizeof head);
    memcpy(frame + sizeof head, document, size);
    peer_send_bytes(w->feeder, (struct span){frame, size + sizeof head});
    free(document);
    free(frame);
    expect_status(w->feeder, 9, REFERENT__V1__STATUS__STATUS_REJECTED);
    given(w, MINUTES("efter", "Om efterdønninger."));
}

TELL(STORY(noise_and_mutants_do_no_harm), STORY(peers_come_and_go_by_the_hundred),
     STORY(a_frame_of_a_million_parts_is_bounded))
