/* search_seed: requests for the search socket to begin with, and how one becomes another: by its fields (mutate.h), or
 * by the words, signs and fields of its query. */
#include "mutate.h"
#include "random.h"

#include "envelope.pb-c.h"
#include "frame.h"

#include <stdio.h>
#include <string.h>

enum { QUERY_MAX = 600 };

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

/* What queries are made of; words of the index among them. */
static const char *const pieces[] = {"tilskud",
                                     "fleksjob",
                                     "havnefront",
                                     "skole",
                                     "lokalplan",
                                     "kommunevej",
                                     "asfaltt",
                                     "21/2217",
                                     "15.20.04.G01",
                                     "\"",
                                     "*",
                                     "(",
                                     ")",
                                     " OR ",
                                     " ELLER ",
                                     " OG ",
                                     " IKKE ",
                                     " NOT ",
                                     " -",
                                     " +",
                                     ":",
                                     "..",
                                     "-",
                                     "/",
                                     "&",
                                     "<",
                                     "§ 17",
                                     " medlem:",
                                     " dato:",
                                     " bel\xC3\xB8"
                                     "b:",
                                     " sag:",
                                     " udvalg:",
                                     " titel:",
                                     " parti:",
                                     " kle:",
                                     " lov:",
                                     " omtalt:",
                                     "2019",
                                     "2019-06..2020",
                                     "1-2 mio. kr.",
                                     "over 5.000 kr.",
                                     "i juni 2019",
                                     "serviceloven",
                                     "Tormod Brinkhauge",
                                     "Byplanudvalget",
                                     "\xC3\xA6\xC3\xB8\xC3\xA5",
                                     "aa",
                                     "hvem sagde nej til",
                                     " "};

static void query_make(uint64_t *random, char out[static QUERY_MAX])
{
    size_t size = 0;
    for (uint64_t count = random_below(random, 6); count > 0; count--) {
        const char *piece = pieces[random_below(random, sizeof pieces / sizeof *pieces)];
        size += (size_t)snprintf(out + size, QUERY_MAX - size, "%s%s", random_below(random, 2) ? " " : "", piece);
    }
    out[size] = '\0';
}

/* A piece goes in somewhere, or some bytes go out. */
static void query_change(uint64_t *random, const char *query, char out[static QUERY_MAX])
{
    size_t size = strlen(query) < QUERY_MAX / 2 ? strlen(query) : QUERY_MAX / 2;
    size_t from = random_below(random, size + 1), less = random_below(random, 3) ? 0 : random_below(random, size + 1);
    size_t to = from + less < size ? from + less : size;
    const char *piece = random_below(random, 4) ? pieces[random_below(random, sizeof pieces / sizeof *pieces)] : "";
    snprintf(out, QUERY_MAX, "%.*s%s%.*s", (int)from, query, piece, (int)(size - to), query + to);
}

/* One of so many, or nothing at all. */
static size_t filter_make(uint64_t *random, const char *const *values, size_t count, char ***out)
{
    if (random_below(random, 12) > 0)
        return 0;
    *out = (char **)&values[random_below(random, count)];
    return 1;
}

#define FILTER(message, field, ...)                                                                                    \
    static const char *const field[] = {__VA_ARGS__};                                                                  \
    (message).n_##field = filter_make(random, field, sizeof field / sizeof *field, &(message).field)

static void search_fill(uint64_t *random, Referent__V1__SearchRequest *search)
{
    static const char *const sorts[] = {"", "relevance", "date", "date-asc", "amount", "amount-asc"};
    static const char *const collapses[] = {"", "", "meeting", "case"};
    FILTER(*search, member, "Tormod Brinkhauge", "Brinkhauge", "Nobody");
    FILTER(*search, case_number, "21/2217", "19-11679");
    FILTER(*search, committee, "Byplanudvalget", "byraad", "x");
    FILTER(*search, municipality, "Klintrup Kommune", "Aahavn");
    FILTER(*search, party, "A", "V", "venstre");
    FILTER(*search, outcome, "approved", "noted", "none");
    FILTER(*search, law, "serviceloven", "planlovens \xC2\xA7 24");
    FILTER(*search, kle, "27", "15.20.04", "27.00.00.g01");
    FILTER(*search, org, "KL", "Aahavn Havn");
    FILTER(*search, facets, "committee", "year", "member", "party", "outcome", "kle", "amount", "municipality");
    search->sort = (char *)sorts[random_below(random, 6)];
    search->collapse = (char *)collapses[random_below(random, 4)];
    search->literal = random_below(random, 4) == 0;
    search->all_words = random_below(random, 4) == 0;
    search->explain = random_below(random, 4) == 0;
    search->ids_only = random_below(random, 4) == 0;
    search->limit = (uint32_t)random_below(random, 12);
    search->offset = (uint32_t)(random_below(random, 4) ? 0 : random_below(random, 20));
    search->snippet_bytes = (uint32_t)random_below(random, 300);
    search->has_amount_min = random_below(random, 6) == 0;
    search->amount_min_ore = (int64_t)random_below(random, 100000000);
    search->date_from = (char *)(random_below(random, 12) ? "" : "2019-01-01");
    search->mention_to = (char *)(random_below(random, 12) ? "" : "2020-06");
}

/* A good frame to begin with. */
static size_t seed_frame(uint8_t *out, size_t room, uint64_t *random)
{
    static char query[QUERY_MAX];
    Envelope envelope = frame_envelope(1 + random_below(random, 3));
    Referent__V1__SearchRequest search = REFERENT__V1__SEARCH_REQUEST__INIT;
    Referent__V1__GetRequest get = REFERENT__V1__GET_REQUEST__INIT;
    Referent__V1__StatusRequest status = REFERENT__V1__STATUS_REQUEST__INIT;
    Referent__V1__CaseRequest history = REFERENT__V1__CASE_REQUEST__INIT;
    Referent__V1__MemberRequest member = REFERENT__V1__MEMBER_REQUEST__INIT;
    Referent__V1__CompleteRequest complete = REFERENT__V1__COMPLETE_REQUEST__INIT;
    query_make(random, query);
    search.query = history.number = member.name = complete.prefix = query;
    get.id = (char *)(random_below(random, 2) ? "lukket.md" : "lundsoe/2021-03-10-job.md");
    switch (random_below(random, 12)) {
    case 0:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST;
        envelope.get_request = &get;
        break;
    case 1:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REQUEST;
        envelope.status_request = &status;
        break;
    case 2:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST;
        envelope.case_request = &history;
        break;
    case 3:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST;
        envelope.member_request = &member;
        break;
    case 4:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST;
        envelope.complete_request = &complete;
        break;
    default:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST;
        search_fill(random, &search);
        envelope.search_request = &search;
    }
    if (frame_size(&envelope) > room)
        return 0;
    frame_pack(&envelope, out);
    return frame_size(&envelope);
}

/* Another query in a request that can be read; 0: it cannot. */
static size_t query_mutate(uint8_t *data, size_t size, size_t room, uint64_t *random)
{
    char changed[QUERY_MAX];
    Envelope *envelope = referent__v1__envelope__unpack(NULL, size, data);
    size_t after = 0;
    if (envelope != NULL && envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST) {
        char *query = envelope->search_request->query;
        query_change(random, query, changed);
        envelope->search_request->query = changed;
        after = referent__v1__envelope__get_packed_size(envelope);
        if (after <= room)
            referent__v1__envelope__pack(envelope, data);
        envelope->search_request->query = query;
    }
    if (envelope != NULL)
        referent__v1__envelope__free_unpacked(envelope, NULL);
    return after <= room ? after : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    uint64_t random = seed;
    if (size == 0 || random_below(&random, 16) == 0)
        return seed_frame(data, room, &random);
    size_t after = random_below(&random, 4) ? query_mutate(data, size, room, &random) : 0;
    return after ? after : mutate_message(&referent__v1__envelope__descriptor, data, size, room, &random);
}
