/* fuzz_search: frames of any kind through the query service as it is: size, decoding, reading and understanding a
 * query, Xapian, hits, snippets, facets, histories, completion, packing. Its two files stand here whole, so that its
 * loop can be turned by hand: the socket is a frame in memory; the index is a small real one, of the samples and of
 * minutes with a closed item.
 *
 *   (1) Each frame gets one answer, which is a good frame, has its sequence, and is of its kind or a Failure.
 *   (2) Nothing else is going on, so a Failure names a rule that the request breaks, and is never to be asked again.
 *   (3) There are no more hits, steps, values than were asked for; a snippet is HTML with whole <mark>s.
 *   (4) What stands in a closed item is in no answer, unless it was in the request.
 *   (5) The same question has the same answer, where neither names nor time decide.
 *
 * Input: a frame. */
#define _GNU_SOURCE /* nftw, memmem */
#include "media.h"
#include "property.h"
#include "shard_map.h"
#include "stemmer.h"
#include "temp.h"
#include "term.h"

#include "batch.h"

// NOLINTBEGIN(bugprone-suspicious-include): their parts are static, and are meant
#include "../../worker/query/desk.c"
#include "../../worker/query/service.c"
// NOLINTEND(bugprone-suspicious-include)

#include <dirent.h>

enum { SHARDS = 2, ARENA_BYTES = 1 << 24, QUEUE = 4, JOBS_MAX = 64, HITS_DEFAULT = 10 };

#define SECRET "kvasterlaug"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
    char folder[64];
    struct config config;
    struct desk desk;
    struct service service;
    struct searcher searcher;
    struct span frame; /* that has come */
    zmq_msg_t reply;
    unsigned replies;
} at;

/* ---- the wire, in memory: instead of worker/wire/socket.c ---- */

struct span wire_message_routing(struct wire_message *message)
{
    (void)message;
    return SPAN("p");
}

struct span wire_message_frame(struct wire_message *message)
{
    (void)message;
    return at.frame;
}

enum fault socket_pack(const Envelope *envelope, zmq_msg_t *frame, struct error *err)
{
    (void)err;
    PROPERTY(zmq_msg_init_size(frame, frame_size(envelope)) == 0);
    frame_pack(envelope, zmq_msg_data(frame));
    return FAULT_NONE;
}

enum fault socket_send_frame(void *socket, struct span to, zmq_msg_t *frame, struct error *err)
{
    (void)socket;
    (void)err;
    PROPERTY(span_equal(to, SPAN("p")));
    if (at.replies++ > 0)
        zmq_msg_close(&at.reply);
    at.reply = *frame;
    return FAULT_NONE;
}

enum fault socket_send(void *socket, struct span to, const Envelope *envelope, struct error *err)
{
    zmq_msg_t frame;
    TRY(socket_pack(envelope, &frame, err));
    return socket_send_frame(socket, to, &frame, err);
}

/* ---- the index ---- */

static const char *const words_known[] = {"kommune", "skole", "vej", "tilskud", "lokal", "plan", "budget", "job"};

static bool words_knows(void *self, const char *word)
{
    (void)self;
    for (size_t i = 0; i < sizeof words_known / sizeof *words_known; i++)
        if (strcmp(word, words_known[i]) == 0)
            return true;
    return false;
}

static size_t words_forms(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    size_t size = strlen(word);
    if (size < 3 || word[size - 1] != 'r')
        return 0;
    memcpy(out[0], word, size - 1);
    out[0][size - 1] = '\0';
    return words_knows(self, out[0]);
}

static const struct wordbook words = {.knows = words_knows, .forms = words_forms};

static const char closed_minutes[] =
    "# Teknikudvalget\n\nDato: 10. marts 2021\n\nMedlemmer: Rosa Lyngmose (B), Anton Skovhuus (C)\n\n"
    "## 1. Havnen\nÅben sag\n21/2217\n\nDer er brugt 96.500 kr. på lokalplanen.\n\n### Beslutning\n\nGodkendt.\n\n"
    "## 2. Salg til " SECRET "\nLukket sag\n\nKøberen er " SECRET ", og prisen er 1.234.567 kr.\n\n"
    "### Beslutning\n\nGodkendt af " SECRET ".\n\n## 3. Eventuelt\nÅben sag\n\nIntet.\n";

static void must(enum fault fault, const struct error *err)
{
    if (fault == FAULT_NONE)
        return;
    fprintf(stderr, "%s: %s\n", err->rule, err->text);
    abort();
}

struct making {
    struct term_builder *builder;
    struct batch batches[SHARDS];
};

/* Text -> the record of a job in the batch of its shard. */
static void job_make(struct making *making, const char *name, struct span body)
{
    struct error err;
    struct minutes minutes;
    struct arena *arena = arena_new(SIZE_MAX);
    struct job *job = arena ? arena_zero(arena, 1, sizeof *job) : NULL;
    PROPERTY(job != NULL);
    struct text id = arena_copy(arena, span_of(name));
    *job = (struct job){.arena = arena, .kind = JOB_SUBMIT, .id = {id.at, id.size}};
    struct source source = {.id = job->id, .media_type = SPAN("text/markdown")};
    must(minutes_read(arena, body, MEDIA_MARKDOWN, &minutes, &err), &err);
    job->record = arena_zero(arena, 1, sizeof *job->record);
    PROPERTY(job->record != NULL);
    must(term_build(making->builder, arena, arena, &source, &minutes, job->record, &err), &err);
    batch_add(&making->batches[shard_of(job->id, SHARDS)], job);
}

static void file_make(struct making *making, const char *path, const char *name)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    PROPERTY(file != NULL);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    char *copy = property_copy((struct span){bytes, size});
    job_make(making, name, (struct span){copy, size});
    free(copy);
}

static void samples_make(struct making *making, const char *path, const char *below)
{
    DIR *folder = opendir(path);
    PROPERTY(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char inner[600], name[300];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%.100s", path, entry->d_name);
        snprintf(name, sizeof name, "%s%.100s", below, entry->d_name);
        if (strchr(entry->d_name, '.') != NULL) {
            file_make(making, inner, name);
        } else {
            strcat(name, "/");
            samples_make(making, inner, name);
        }
    }
    closedir(folder);
}

static void shard_make(struct batch *batch, uint32_t number)
{
    static struct shard shard;
    struct error err;
    must(shard_open(&shard, at.folder, number, SHARDS, &err), &err);
    must(batch_commit(&shard, batch, &err), &err);
    shard_close(&shard);
    for (size_t i = 0; i < batch->count; i++) {
        struct arena *arena = batch->jobs[i]->arena;
        PROPERTY(batch->jobs[i]->receipt.status == RECEIPT_COMMITTED);
        arena_free(&arena);
    }
    batch_done(batch);
}

static void index_make(void)
{
    struct making making;
    making.builder = term_builder_new(danish_stemmer(), &words, 0);
    PROPERTY(making.builder != NULL);
    for (uint32_t i = 0; i < SHARDS; i++)
        PROPERTY(batch_init(&making.batches[i], JOBS_MAX));
    samples_make(&making, SAMPLES_PATH, "");
    job_make(&making, "lukket.md", SPAN(closed_minutes));
    for (uint32_t i = 0; i < SHARDS; i++)
        shard_make(&making.batches[i], i);
    term_builder_free(&making.builder);
}

static void end(void)
{
    language_close(&at.searcher.language);
    view_free(&at.searcher.view);
    store_free(&at.service.lists);
    pthread_mutex_destroy(&at.desk.lock);
    temp_remove(at.folder);
}

static void begin(void)
{
    struct error err;
    log_level_set(LOG_ALWAYS);
    PROPERTY(temp_make(at.folder));
    config_default(&at.config);
    at.config.search_queue = QUEUE;
    index_make();
    at.service.setup = (struct service_setup){.config = &at.config, .instance = 7, .shards = SHARDS, .words = words};
    at.service.facts = (struct status_facts){7, clock_steady_ms()};
    at.desk.config = &at.config;
    pthread_mutex_init(&at.desk.lock, NULL);
    at.searcher.view = view_new(at.folder, SHARDS);
    at.service.lists = store_new(at.config.search_lists_bytes);
    PROPERTY(at.searcher.view != NULL && at.service.lists != NULL);
    PROPERTY(view_share(at.searcher.view, at.service.lists));
    must(language_open(words, &at.searcher.language, &err), &err);
    atexit(end);
}

/* ---- what must hold of an answer ---- */

static size_t count_of(const char *text, const char *piece)
{
    size_t count = 0;
    for (const char *from = text; (from = strstr(from, piece)) != NULL; from += strlen(piece))
        count++;
    return count;
}

/* (3) */
static void snippet_check(const char *snippet)
{
    size_t marks = count_of(snippet, "<mark>");
    PROPERTY(marks == count_of(snippet, "</mark>") && count_of(snippet, "<") == 2 * marks);
}

static void coverage_check(const Referent__V1__Coverage *coverage)
{
    PROPERTY(coverage != NULL && coverage->shards == SHARDS && coverage->answered == SHARDS);
    PROPERTY(coverage->n_missing == 0 && coverage->n_sequences == SHARDS);
}

static void search_check(const Referent__V1__SearchRequest *request, const Referent__V1__SearchReply *reply)
{
    size_t limit = request->limit ? request->limit : HITS_DEFAULT;
    size_t facet_limit = request->facet_limit ? request->facet_limit : HITS_DEFAULT;
    PROPERTY(reply->n_hits <= limit && reply->n_facets <= request->n_facets);
    PROPERTY(reply->n_hits == 0 || reply->total >= request->offset + reply->n_hits);
    for (size_t i = 0; i < reply->n_hits; i++) {
        const Referent__V1__Hit *hit = reply->hits[i];
        PROPERTY(hit->id[0] != '\0' && hit->shard < SHARDS && (hit->n_weights == 0 || request->explain));
        snippet_check(hit->snippet);
    }
    for (size_t i = 0; i < reply->n_facets; i++)
        PROPERTY(reply->facets[i]->n_values <= facet_limit);
    coverage_check(reply->coverage);
}

static void lookup_check(const Envelope *asked, const Envelope *answer)
{
    if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST) {
        size_t limit = asked->case_request->limit ? asked->case_request->limit : 100;
        PROPERTY(answer->case_reply->n_steps <= limit);
        coverage_check(answer->case_reply->coverage);
    } else if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST) {
        size_t limit = asked->member_request->limit ? asked->member_request->limit : 20;
        PROPERTY(answer->member_reply->n_meetings <= limit && answer->member_reply->n_items <= limit);
        coverage_check(answer->member_reply->coverage);
    } else if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST) {
        size_t limit = asked->complete_request->limit ? asked->complete_request->limit : HITS_DEFAULT;
        PROPERTY(answer->complete_reply->n_completions <= limit);
        coverage_check(answer->complete_reply->coverage);
    } else if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST && answer->get_reply->found) {
        PROPERTY(strcmp(answer->get_reply->document->id, asked->get_request->id) == 0);
    } else if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST) {
        search_check(asked->search_request, answer->search_reply);
    }
}

/* The kind of answer to a kind of request; 0: there is none. */
static int kind_of(int asked)
{
    switch (asked) {
    case REFERENT__V1__ENVELOPE__PAYLOAD_PING: return REFERENT__V1__ENVELOPE__PAYLOAD_PONG;
    case REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REQUEST: return REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY;
    case REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST: return REFERENT__V1__ENVELOPE__PAYLOAD_GET_REPLY;
    case REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REQUEST: return REFERENT__V1__ENVELOPE__PAYLOAD_STATUS_REPLY;
    case REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST: return REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REPLY;
    case REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST: return REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REPLY;
    case REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REQUEST: return REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REPLY;
    default: return 0;
    }
}

/* (1), (2) */
static void answer_check(const Envelope *asked, uint64_t sequence, const Envelope *answer)
{
    PROPERTY(answer->sequence == sequence);
    if (answer->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE) {
        if (answer->failure->retry)
            fprintf(stderr, "%s: %s\n", answer->failure->rule, answer->failure->reason);
        PROPERTY(!answer->failure->retry && strchr(answer->failure->rule, '.') != NULL && *answer->failure->reason);
        return;
    }
    PROPERTY(asked != NULL && (int)answer->payload_case == kind_of((int)asked->payload_case));
    lookup_check(asked, answer);
}

/* (4) */
static void secret_check(struct span frame, struct span reply)
{
    static const char *const pieces[] = {"kvaster", "Kvaster", "1.234.567", "123456700"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        PROPERTY(memmem(reply.at, reply.size, pieces[i], strlen(pieces[i])) == NULL ||
                 memmem(frame.at, frame.size, pieces[i], 3) != NULL);
}

/* ---- one input ---- */

/* The frame goes all the way; its answer is in at.reply. */
static void frame_answer(struct span frame)
{
    struct wire_message message;
    at.frame.at = property_copy(frame); /* a block of its own, so that the sanitizer sees every byte too far */
    at.frame.size = frame.size;
    at.replies = 0;
    struct notes notes = {.refused = {.fault = FAULT_NONE}};
    frame_take(&at.desk, &message, &notes);
    free((char *)at.frame.at);
    struct request *request = waiting_pop(&at.desk);
    if (request != NULL) {
        request_answer(&at.service, &at.searcher, request);
        reply_send(&at.desk, request, &notes);
        request_free(&request);
    }
    PROPERTY(at.replies == 1 && at.desk.in_flight == 0 && at.desk.at_work == 0 && at.desk.oldest == NULL);
}

static struct span reply_bytes(void)
{
    return (struct span){zmq_msg_data(&at.reply), zmq_msg_size(&at.reply)};
}

/* Names are read behind a search's back, from time to time; and the time may run out. */
static bool is_settled(const Envelope *asked, const Envelope *answer)
{
    if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_GET_REQUEST)
        return true;
    if (answer->payload_case != REFERENT__V1__ENVELOPE__PAYLOAD_SEARCH_REPLY || answer->search_reply->timed_out)
        return false;
    const Referent__V1__SearchRequest *search = asked->search_request;
    return search->literal && search->n_member + search->n_committee + search->n_municipality + search->n_org == 0 &&
           strchr(search->query, ':') == NULL;
}

/* (5) */
static void again_check(struct span frame)
{
    zmq_msg_t first = at.reply;
    at.replies = 0;
    frame_answer(frame);
    PROPERTY(zmq_msg_size(&first) == zmq_msg_size(&at.reply));
    PROPERTY(memcmp(zmq_msg_data(&first), zmq_msg_data(&at.reply), zmq_msg_size(&first)) == 0);
    zmq_msg_close(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span frame = {size ? (const char *)data : "", size};
    struct arena *arena = arena_new(ARENA_BYTES);
    Envelope *asked = NULL, *answer;
    uint64_t sequence = 0, answered;
    struct error err;
    if (at.folder[0] == '\0')
        begin();
    PROPERTY(arena != NULL);
    if (frame.size > REQUEST_MAX_BYTES)
        sequence = frame_peek(frame).sequence;
    else if (frame_decode(arena, frame, &asked, &sequence, &err) != FAULT_NONE)
        asked = NULL;
    frame_answer(frame);
    PROPERTY(frame_decode_answer(arena, reply_bytes(), &answer, &answered, &err) == FAULT_NONE);
    answer_check(asked, sequence, answer);
    secret_check(frame, reply_bytes());
    if (asked != NULL && size % 4 == 0 && is_settled(asked, answer))
        again_check(frame);
    zmq_msg_close(&at.reply);
    arena_free(&arena);
    return 0;
}
