/* fuzz_intake: frames of any kind through the intake as it is: peek, credit, decoding, rules, digest, greeting, dead
 * letters, receipts. The file stands here whole, so that its loop can be turned by hand: the socket is a list in
 * memory, the stages behind it answer as the input says.
 *
 *   (1) Each frame gets one answer, but a Bye and a Flush none, whatever else is in flight; an answer is a good frame.
 *   (2) A Submit, Delete or unreadable frame that is REJECTED was given to the keeper before.
 *   (3) Nothing beyond the credit is let in, but a single message that is larger than all of it.
 *   (4) What is let in has an id within the rules, its own shard, one thread for an id, and a digest that does not
 *       depend on how it was encoded.
 *   (5) Documents of one id go on in the order in which they came; while a suspect is on its way, nothing else is.
 *   (6) In the end nothing is in flight, and nothing is left in memory.
 *   (7) Only what a bulk feeder submits is HELD. That is not its last answer: one more follows, once all of the load is
 *       published or put off; the worker knows at any time how many wait for theirs, and is not drained before.
 *
 * Input: records of a byte that says who sends it and what happens then, two bytes of size, and a frame. */
#include "answer.h"
#include "digest.h"
#include "letter.h"
#include "log.h"
#include "message.h"
#include "mutate.h"
#include "property.h"
#include "random.h"
#include "shard_map.h"
#include "utf8.h"

#include "../../worker/intake/intake.c" // NOLINT(bugprone-suspicious-include): its parts are static, and are meant

enum {
    PEERS = 4,
    LOADER = 3, /* this one loads in bulk */
    PACE_BYTES = 100,
    SHARDS = 4,
    FRAMES_MAX = 64, /* of one input */
    HELD_MAX = 64,
    HEAD_BYTES = 3,
    ANSWER_ARENA_BYTES = 1 << 22
};

/* Bits of the first byte of a record. */
enum { FROM_PEER = 3, SETTLE = 4, SILENT = 8, VERDICT = 0x30, DRAIN = 0x40, LOSE = 0x80 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

struct taken {
    uint64_t sequence;
    uint32_t id_hash;
    bool work, unreadable, silent, answered, kept, started;
    bool held; /* and waits for its last answer */
};

/* A job in the hands of the stages or of the keeper, and the frame it came in. */
struct parked {
    struct job *job;
    size_t frame;
};

struct held_list {
    struct parked items[HELD_MAX];
    size_t count;
};

static struct {
    struct config config;
    struct shelf *to_text;
    struct queue *done;
    struct flow flow;
    struct intake *intake;
    struct taken frames[FRAMES_MAX];
    size_t frame_count;
    size_t frame;                       /* the one that is being worked on */
    struct held_list read, kept, laned; /* with the stages, with the keeper, held back */
    struct held *load;                  /* what is HELD, NULL if nothing is, and the frames it came in */
    size_t load_frames[FRAMES_MAX];
    size_t published_frames[FRAMES_MAX]; /* of the lists that are being answered, the next one first */
    size_t published_count;
    bool publishing; /* answers are those of the lists */
    struct queue *published;
    char *bytes; /* of the frame that is being taken */
    size_t size;
    char routing[2];
    unsigned verdict;
    bool suspicious; /* the guard has something against some */
    bool lose;       /* the peer has left: its answers cannot be sent */
} at;

static void hold(struct held_list *list, struct job *job, size_t frame)
{
    PROPERTY(list->count < HELD_MAX);
    list->items[list->count++] = (struct parked){job, frame};
}

/* ---- the wire, in memory: instead of worker/wire/socket.c ---- */

struct span wire_message_routing(struct wire_message *message)
{
    (void)message;
    return (struct span){at.routing, sizeof at.routing};
}

struct span wire_message_frame(struct wire_message *message)
{
    (void)message;
    return (struct span){at.bytes, at.size};
}

/* (1), (2) */
static void answer_check(const Envelope *answer)
{
    struct taken *frame = &at.frames[at.frame];
    bool receipt = answer->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_RECEIPT;
    bool rejected = receipt && answer->receipt->status == REFERENT__V1__STATUS__STATUS_REJECTED;
    bool held = receipt && answer->receipt->status == REFERENT__V1__STATUS__STATUS_HELD;
    PROPERTY(!frame->answered && (!held || (frame->work && !frame->held)));
    PROPERTY(answer->sequence == frame->sequence || (answer->sequence == 0 && frame->unreadable));
    PROPERTY(!rejected || !frame->work || frame->kept);
    PROPERTY(!frame->held || (receipt && (answer->receipt->status == REFERENT__V1__STATUS__STATUS_COMMITTED ||
                                          answer->receipt->status == REFERENT__V1__STATUS__STATUS_RETRY)));
    frame->held = held;
    frame->answered = !held;
}

/* The next of the lists, which are answered in their order. */
static void published_next(void)
{
    PROPERTY(at.published_count > 0);
    at.frame = at.published_frames[0];
    memmove(at.published_frames, at.published_frames + 1, --at.published_count * sizeof *at.published_frames);
}

/* It does not read now; it is asked again. */
static bool peer_is_deaf(void)
{
    return at.publishing && at.lose && at.verdict == 2;
}

enum fault socket_send(void *socket, struct span to, const Envelope *envelope, struct error *err)
{
    if (peer_is_deaf())
        return error_set(err, FAULT_RETRY, "socket.full", "the peer does not read");
    struct arena *arena = arena_new(ANSWER_ARENA_BYTES);
    Envelope *answer;
    uint64_t sequence;
    size_t size = frame_size(envelope);
    (void)socket;
    char *bytes = malloc(size);
    if (at.publishing)
        published_next();
    PROPERTY(arena != NULL && bytes != NULL && to.size == sizeof at.routing);
    frame_pack(envelope, bytes);
    PROPERTY(frame_decode_answer(arena, (struct span){bytes, size}, &answer, &sequence, err) == FAULT_NONE);
    answer_check(answer);
    free(bytes);
    arena_free(&arena);
    return at.lose ? error_set(err, FAULT_REJECT, "socket.gone", "no such peer") : FAULT_NONE;
}

/* ---- the keeper, without its database ---- */

static void letter_check(const struct job *job)
{
    struct letter letter;
    struct error err;
    char *memory;
    PROPERTY(letter_of(job, 1, &letter, &memory, &err) == FAULT_NONE);
    PROPERTY(utf8_valid(letter.id, NULL) && letter.id.size <= ID_MAX_BYTES && letter.rule.size > 0);
    PROPERTY(letter.frame.size > 0 || job->kind == JOB_UNREADABLE);
    free(memory);
}

bool keeper_wants(struct keeper *keeper, const struct job *job)
{
    (void)keeper;
    bool rejected = job->receipt.status == RECEIPT_REJECTED && job->kind != JOB_INVENTORY;
    bool letter = job->receipt.status == RECEIPT_COMMITTED && job->id.size > 0 && id_hash(job->id) % 5 == 0;
    return !job->kept && (job->kind == JOB_DEAD || rejected || letter); /* it has a letter of some, to be dropped */
}

bool keeper_take(struct keeper *keeper, struct job *job)
{
    struct error why;
    if (!keeper_wants(keeper, job))
        return false;
    job->kept = true;
    if (at.publishing)
        published_next();
    if (job->kind == JOB_DEAD) {
        error_set(&why, FAULT_RETRY, "dead.store", "there is no store here");
        PROPERTY(dead_failure(job, FAULT_RETRY, &why));
    } else if (job->receipt.status == RECEIPT_REJECTED) {
        letter_check(job);
        at.frames[at.frame].kept = true;
    }
    hold(&at.kept, job, at.frame);
    return true;
}

/* ---- the guard: some ids are suspects, some are set aside; instead of worker/guard ---- */

enum verdict guard_verdict(struct guard *guard, const struct work *work, uint32_t chance, struct error *why)
{
    (void)guard;
    (void)chance;
    if (!at.suspicious || work->id_hash % 3 == 0)
        return VERDICT_FREE;
    if (work->id_hash % 3 == 1)
        return VERDICT_ALONE;
    error_set(why, FAULT_REJECT, "quarantine.crash", "it has taken the worker down twice");
    return VERDICT_ASIDE;
}

void guard_alone(struct guard *guard, const struct work *work)
{
    (void)guard;
    (void)work;
}

void guard_pass(struct guard *guard, const struct work *work)
{
    (void)guard;
    (void)work;
}

enum fault guard_disk(struct guard *guard, struct error *err)
{
    (void)guard;
    return at.verdict == 3 && at.suspicious ? error_set(err, FAULT_RETRY, "disk.low", "nearly full") : FAULT_NONE;
}

struct work_slot *guard_intake(struct guard *guard)
{
    (void)guard;
    return NULL;
}

/* ---- the stages behind ---- */

/* ---- a bulk load, without its shards ---- */

static bool load_takes(const struct job *job)
{
    return job->bulk && !job->alone && job->kind == JOB_SUBMIT;
}

static void load_add(struct job *job)
{
    if (at.load == NULL)
        at.load = held_new();
    PROPERTY(at.load != NULL && at.load->count < FRAMES_MAX);
    at.load_frames[at.load->count] = at.frame;
    PROPERTY(held_add(at.load, job, RECEIPT_COMMITTED));
    job->receipt = (struct receipt){.status = RECEIPT_HELD, .shard = job->receipt.shard};
}

/* The load is over: published, or (verdict 3) put off. */
static void load_end(void *self)
{
    (void)self;
    if (at.load == NULL)
        return;
    if (at.verdict == 3) {
        at.load->outcome = (struct receipt){.status = RECEIPT_RETRY};
        error_set(&at.load->outcome.why, FAULT_RETRY, "bulk.write", "no space left on device");
    }
    memcpy(at.published_frames + at.published_count, at.load_frames, at.load->count * sizeof *at.load_frames);
    at.published_count += at.load->count;
    PROPERTY(queue_push(at.published, at.load));
    at.load = NULL;
}

/* (7) */
static void load_check(void)
{
    uint64_t waiting = 0;
    for (size_t i = 0; i < at.frame_count; i++)
        waiting += at.frames[i].held;
    for (size_t i = 0; i < at.kept.count; i++) /* its answer waits for the keeper only */
        waiting -= at.frames[at.kept.items[i].frame].held;
    PROPERTY(at.intake->publishing.waiting == waiting);
    PROPERTY(waiting == 0 || !all_answered(at.intake));
}

static void published_take(void)
{
    size_t frame = at.frame;
    at.publishing = true;
    held_take(at.intake);
    at.publishing = false;
    at.frame = frame;
    load_check();
}

static void describe(void *self, uint32_t shard, unsigned char lineage[static LINEAGE_BYTES], uint64_t *sequence)
{
    (void)self;
    PROPERTY(shard < SHARDS);
    memset(lineage, 'L', LINEAGE_BYTES);
    *sequence = shard;
}

/* (4): the document encoded again has the same digest. */
static void digest_check(const struct job *job)
{
    const Referent__V1__Submit *submit = job->message;
    struct arena *arena = arena_new(ANSWER_ARENA_BYTES);
    unsigned char digest[DIGEST_BYTES];
    struct error err;
    size_t size = referent__v1__document__get_packed_size(submit->document);
    uint8_t *bytes = malloc(size ? size : 1);
    PROPERTY(arena != NULL && bytes != NULL);
    referent__v1__document__pack(submit->document, bytes);
    Referent__V1__Document *again = referent__v1__document__unpack(NULL, size, bytes);
    PROPERTY(again != NULL);
    PROPERTY(document_digest(arena, again, digest, &err) == FAULT_NONE);
    PROPERTY(memcmp(digest, job->digest, DIGEST_BYTES) == 0);
    referent__v1__document__free_unpacked(again, NULL);
    free(bytes);
    arena_free(&arena);
}

static void job_check(const struct job *job)
{
    struct error err;
    const struct peer *peer = peer_known(at.intake->peers, job->routing, job->peer);
    PROPERTY(peer == NULL || at.laned.count > 0 || job->bulk == peer->bulk);
    PROPERTY(job->kind == JOB_SUBMIT || job->kind == JOB_DELETE || job->kind == JOB_INVENTORY);
    PROPERTY(job->receipt.shard < SHARDS && !job->receipt.settled);
    if (job->kind == JOB_INVENTORY) {
        PROPERTY(job->after.size <= ID_MAX_BYTES && job->id_count <= 1000);
        for (size_t i = 0; i < job->id_count; i++)
            PROPERTY(message_check_id(job->ids[i], (struct span){0}, &err) == FAULT_NONE);
        return;
    }
    PROPERTY(message_check_id(job->id, (struct span){0}, &err) == FAULT_NONE && utf8_valid(job->id, NULL));
    PROPERTY(job->receipt.shard == shard_of(job->id, SHARDS));
    struct span source =
        span_of(job->kind == JOB_DELETE ? ((const Referent__V1__Delete *)job->message)->source
                                        : ((const Referent__V1__Submit *)job->message)->document->source);
    PROPERTY(source.size == 0 || (span_starts(job->id, source) && job->id.at[source.size] == '/'));
    if (job->kind == JOB_SUBMIT)
        digest_check(job);
}

/* The frame a job came in: the one that is being taken, unless lane or pace have held it back. */
static size_t frame_of(const struct job *job)
{
    for (size_t i = 0; i < at.laned.count; i++)
        if (at.laned.items[i].job == job) {
            size_t frame = at.laned.items[i].frame;
            at.laned.items[i] = at.laned.items[--at.laned.count];
            return frame;
        }
    return at.frame;
}

static void laned(struct job *job)
{
    bool known = false;
    for (size_t i = 0; i < at.laned.count; i++)
        known = known || at.laned.items[i].job == job;
    if (!known)
        hold(&at.laned, job, at.frame);
}

/* What lane and pace hold since this frame came. */
static void lane_look(void)
{
    const struct lane *lane = &at.intake->lane;
    const struct pace *pace = &at.intake->pace;
    for (size_t i = 0; i < lane->count; i++)
        laned(lane->held[lane->first + i]);
    for (size_t i = 0; i < pace->count; i++)
        laned(pace->waiting[(pace->first + i) % pace->room]);
}

/* (5) */
static void order_check(const struct job *job, size_t frame)
{
    if (job->kind == JOB_INVENTORY)
        return;
    for (size_t i = frame + 1; i < at.frame_count; i++)
        PROPERTY(!at.frames[i].started || at.frames[i].id_hash != job->work.id_hash);
    at.frames[frame].started = true;
    at.frames[frame].id_hash = job->work.id_hash;
}

static void stages_take(void)
{
    for (struct job *job; shelf_take(at.to_text, 0, false, 0, &job) > 0;) {
        job_check(job);
        atomic_fetch_sub(&at.flow.ahead, 1);
        size_t frame = frame_of(job);
        order_check(job, frame);
        hold(&at.read, job, frame);
    }
}

static void job_verdict(struct job *job, unsigned verdict)
{
    static const struct inventory_entry entries[] = {
        {.id = {"k/a", 3}, .version = 3, .digest = {"0123456789abcdef", 16}},
        {.id = {"k/b", 3}, .version = 4, .deleted = true},
    };
    struct error why;
    if (job->kind == JOB_INVENTORY && verdict < 2) {
        job->entries = entries;
        job->entry_count = verdict * 2;
        job->done = verdict == 0;
    } else if (verdict == 2) {
        error_set(&why, FAULT_REJECT, "body.utf8", "byte 3 of the body is not UTF-8; convert it first");
        job_answer(job, RECEIPT_REJECTED, &why, 0);
    } else if (verdict == 3) {
        error_set(&why, FAULT_RETRY, "memory", "the worker is out of memory");
        job_answer(job, RECEIPT_RETRY, &why, 1000);
    } else if (verdict == 0 && load_takes(job)) {
        load_add(job);
    } else {
        job->receipt.status = verdict ? RECEIPT_UNCHANGED : RECEIPT_COMMITTED;
        job->receipt.settled = true;
    }
}

static void give_back(struct parked held)
{
    at.frame = held.frame;
    PROPERTY(queue_push(at.done, held.job));
    jobs_take(at.intake);
}

/* All that is in flight comes back, last of all from the keeper. */
static void settle(void)
{
    while (at.read.count > 0) {
        struct parked held = at.read.items[--at.read.count];
        at.frame = held.frame;
        job_verdict(held.job, at.verdict);
        give_back(held);
        stages_take(); /* it may have been what others waited for */
    }
    published_take();
    while (at.kept.count > 0)
        give_back(at.kept.items[--at.kept.count]);
}

/* ---- one input ---- */

/* (3) */
static void credit_check(unsigned peer_number)
{
    const struct intake *intake = at.intake;
    PROPERTY(intake->in_flight_messages == at.read.count + at.kept.count + intake->lane.count + intake->pace.count);
    PROPERTY(intake->pace.count == 0 || intake->pace.ahead_bytes > 0);
    PROPERTY(intake->in_flight_messages <= at.config.in_flight_messages);
    PROPERTY(intake->in_flight_bytes <= at.config.in_flight_bytes || intake->in_flight_messages == 1);
    PROPERTY(intake->lane.alone == NULL || intake->lane.ahead == 1);
    const struct peer *peer = peer_seen(intake->peers, (struct span){at.routing, sizeof at.routing}, 1);
    PROPERTY(peer != NULL && peer_number == (unsigned char)peer->routing.at[0]);
    PROPERTY(peer->in_flight_messages <= at.config.credit_messages);
    PROPERTY(peer->in_flight_bytes <= at.config.credit_bytes || peer->in_flight_messages == 1);
}

/* What the frame is, from its bytes alone. */
static struct taken frame_look(struct span frame)
{
    struct arena *arena = arena_new(ANSWER_ARENA_BYTES);
    struct frame_peek peek = frame_peek(frame);
    Envelope *envelope;
    uint64_t sequence;
    struct error err;
    PROPERTY(arena != NULL);
    enum fault fault = frame_decode(arena, frame, &envelope, &sequence, &err);
    bool is_silent = fault == FAULT_NONE && (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_BYE ||
                                             envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_FLUSH);
    arena_free(&arena);
    return (struct taken){.sequence = peek.sequence,
                          .work = peek.payload == FRAME_SUBMIT || peek.payload == FRAME_DELETE,
                          .unreadable = fault != FAULT_NONE && strcmp(err.rule, "frame.decode") == 0,
                          .silent = is_silent,
                          .answered = is_silent};
}

static void frame_give(unsigned peer, struct span frame)
{
    struct wire_message message;
    at.frame = at.frame_count++;
    at.frames[at.frame] = frame_look(frame);
    at.routing[0] = (char)peer;
    at.routing[1] = 'p';
    at.bytes = property_copy(frame); /* a block of its own, so that the sanitizer sees every byte too far */
    at.size = frame.size;
    frame_take(at.intake, &message);
    free(at.bytes);
    stages_take();
    lane_look();
    if (!at.frames[at.frame].silent)
        credit_check(peer);
}

static void hello_give(unsigned peer)
{
    Referent__V1__Hello hello = REFERENT__V1__HELLO__INIT;
    Envelope envelope = frame_envelope(UINT64_MAX - 1);
    uint8_t bytes[64];
    hello.load = peer == LOADER ? REFERENT__V1__LOAD__LOAD_BULK : REFERENT__V1__LOAD__LOAD_UNSPECIFIED;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_HELLO;
    envelope.hello = &hello;
    frame_pack(&envelope, bytes);
    frame_give(peer, (struct span){(char *)bytes, frame_size(&envelope)});
}

static void begin(void)
{
    static struct intake_setup setup;
    if (at.done == NULL) {
        config_default(&at.config);
        at.config.credit_bytes = 4096;
        at.config.credit_messages = 4;
        at.config.in_flight_bytes = 8192;
        at.config.in_flight_messages = 6;
        at.done = queue_new(HELD_MAX);
        at.published = queue_new(HELD_MAX);
        at.to_text = shelf_new(HELD_MAX, 1, 1);
        log_level_set(LOG_ERROR);
        setup = (struct intake_setup){.config = &at.config,
                                      .instance = 7,
                                      .shards = SHARDS,
                                      .to_text = at.to_text,
                                      .done = at.done,
                                      .flow = &at.flow,
                                      .published = at.published,
                                      .describe = describe,
                                      .flush = load_end};
    }
    at.frame_count = 0;
    at.lose = false;
    at.intake = intake_new(&setup);
    PROPERTY(at.intake != NULL);
    at.intake->pace.most_bytes = PACE_BYTES;
}

/* (1), (6). Receipts of a load whose letters are dropped wait for room in flight, so one turn may not be enough. */
static void end(void)
{
    at.lose = false;
    settle();
    load_end(NULL);
    for (size_t turn = 0; turn < FRAMES_MAX && !all_answered(at.intake); turn++)
        settle();
    PROPERTY(at.published_count == 0 && all_answered(at.intake));
    for (size_t i = 0; i < at.frame_count; i++)
        PROPERTY(at.frames[i].answered);
    PROPERTY(at.intake->in_flight_messages == 0 && at.intake->in_flight_bytes == 0 && atomic_load(&at.flow.ahead) == 0);
    intake_free(&at.intake);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool greeted[PEERS] = {false};
    at.suspicious = size > HEAD_BYTES && (data[0] & DRAIN) != 0;
    begin();
    while (size >= HEAD_BYTES && at.frame_count + 2 < FRAMES_MAX) {
        unsigned head = data[0], peer = head & FROM_PEER;
        size_t most = size - HEAD_BYTES, bytes = data[1] | (size_t)data[2] << 8;
        bytes = bytes < most ? bytes : most;
        at.verdict = (head & VERDICT) >> 4;
        at.lose = (head & LOSE) != 0;
        if ((head & DRAIN) != 0 && bytes == 0)
            intake_drain(at.intake);
        if ((head & SILENT) == 0 && !greeted[peer]) {
            greeted[peer] = true;
            hello_give(peer);
        }
        frame_give(peer, (struct span){(const char *)data + HEAD_BYTES, bytes});
        if ((head & SETTLE) != 0)
            settle();
        data += HEAD_BYTES + bytes;
        size -= HEAD_BYTES + bytes;
    }
    end();
    return 0;
}

/* ---- how an input changes ---- */

static size_t record_size(const uint8_t *data, size_t size)
{
    if (size < HEAD_BYTES)
        return size;
    size_t bytes = HEAD_BYTES + (data[1] | (size_t)data[2] << 8);
    return bytes < size ? bytes : size;
}

/* Where record `number` (of what there is, from 0) begins. */
static size_t record_find(const uint8_t *data, size_t size, uint64_t number)
{
    size_t from = 0;
    for (; number > 0 && from + record_size(data + from, size - from) < size; number--)
        from += record_size(data + from, size - from);
    return from;
}

static size_t record_count(const uint8_t *data, size_t size)
{
    size_t count = 0;
    for (size_t from = 0; from < size; from += record_size(data + from, size - from))
        count++;
    return count;
}

static size_t seed_pack(Envelope *envelope, uint8_t *out, size_t room)
{
    if (frame_size(envelope) > room)
        return 0;
    frame_pack(envelope, out);
    return frame_size(envelope);
}

/* A good frame to begin with. */
static size_t seed_frame(uint8_t *out, size_t room, uint64_t *random)
{
    static const char *const ids[] = {"k/a", "k/b", "c"};
    char *id = (char *)ids[random_below(random, 3)];
    Envelope envelope = frame_envelope(1 + random_below(random, 3));
    Referent__V1__Document document = REFERENT__V1__DOCUMENT__INIT;
    Referent__V1__Document__MetadataEntry entry = REFERENT__V1__DOCUMENT__METADATA_ENTRY__INIT, *entries = &entry;
    Referent__V1__Meeting meeting = REFERENT__V1__MEETING__INIT;
    Referent__V1__Item item = REFERENT__V1__ITEM__INIT, *items = &item;
    Referent__V1__Attachment attachment = REFERENT__V1__ATTACHMENT__INIT, *attachments = &attachment;
    Referent__V1__Submit submit = REFERENT__V1__SUBMIT__INIT;
    Referent__V1__Delete removal = REFERENT__V1__DELETE__INIT;
    Referent__V1__Credit credit = REFERENT__V1__CREDIT__INIT;
    Referent__V1__Hello hello = REFERENT__V1__HELLO__INIT;
    Referent__V1__InventoryRequest inventory = REFERENT__V1__INVENTORY_REQUEST__INIT;
    Referent__V1__Ping ping = REFERENT__V1__PING__INIT;
    Referent__V1__Bye bye = REFERENT__V1__BYE__INIT;
    Referent__V1__Flush flush = REFERENT__V1__FLUSH__INIT;
    Referent__V1__DeadListRequest list = REFERENT__V1__DEAD_LIST_REQUEST__INIT;
    Referent__V1__DeadGetRequest get = REFERENT__V1__DEAD_GET_REQUEST__INIT;
    Referent__V1__DeadDropRequest drop = REFERENT__V1__DEAD_DROP_REQUEST__INIT;
    document.id = removal.id = id;
    document.version = removal.version = random_below(random, 4);
    document.source = removal.source = (char *)(random_below(random, 2) ? "k" : "");
    document.url = (char *)"https://a.example/1";
    entry.key = (char *)"kind";
    entry.value = (char *)"minutes";
    document.n_metadata = 1;
    document.metadata = &entries;
    document.content_case = REFERENT__V1__DOCUMENT__CONTENT_BODY;
    document.body = (ProtobufCBinaryData){5, (uint8_t *)"Bro.\n"};
    attachment.title = (char *)"Bilag";
    item.number = (char *)"1";
    item.title = (char *)"Havnen";
    item.text = (char *)"Godkendt.";
    item.n_attachments = 1;
    item.attachments = &attachments;
    meeting.agenda_id = (char *)"7";
    meeting.n_items = 1;
    meeting.items = &items;
    submit.document = &document;
    credit.messages = 3;
    credit.bytes = 2000;
    hello.client = (char *)"fuzz";
    hello.wanted = &credit;
    hello.load = (Referent__V1__Load)random_below(random, 3);
    inventory.shard = 1;
    inventory.after = id;
    inventory.n_ids = random_below(random, 2);
    inventory.ids = &id;
    switch (random_below(random, 12)) {
    case 11:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_FLUSH;
        envelope.flush = &flush;
        break;
    case 0:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_HELLO;
        envelope.hello = &hello;
        break;
    case 1:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DELETE;
        envelope.delete_ = &removal;
        break;
    case 2:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_INVENTORY_REQUEST;
        envelope.inventory_request = &inventory;
        break;
    case 3:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_PING;
        envelope.ping = &ping;
        break;
    case 4:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_BYE;
        envelope.bye = &bye;
        break;
    case 5:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REQUEST;
        envelope.dead_list_request = &list;
        break;
    case 6:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_GET_REQUEST;
        envelope.dead_get_request = &get;
        break;
    case 7:
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_DROP_REQUEST;
        envelope.dead_drop_request = &drop;
        break;
    case 8:
        document.content_case = REFERENT__V1__DOCUMENT__CONTENT_MEETING;
        document.meeting = &meeting;
        /* fall through */
    default: envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT; envelope.submit = &submit;
    }
    return seed_pack(&envelope, out, room);
}

/* A new record behind the others. */
static size_t record_append(uint8_t *data, size_t size, size_t room, uint64_t *random)
{
    if (size + HEAD_BYTES > room)
        return size;
    size_t bytes = seed_frame(data + size + HEAD_BYTES, room - size - HEAD_BYTES, random);
    data[size] = (uint8_t)(random_next(random) & ~(uint64_t)(DRAIN | (random_below(random, 4) ? LOSE | SILENT : 0)));
    data[size + 1] = (uint8_t)bytes;
    data[size + 2] = (uint8_t)(bytes >> 8);
    return size + HEAD_BYTES + bytes;
}

/* The frame of the record at `from` becomes another. */
static size_t record_mutate(uint8_t *data, size_t from, size_t size, size_t room, uint64_t *random)
{
    size_t whole = record_size(data + from, size - from), next = from + whole;
    if (whole < HEAD_BYTES)
        return size;
    size_t bytes = whole - HEAD_BYTES, most = bytes + room - size;
    most = most < UINT16_MAX ? most : UINT16_MAX;
    if (most < bytes)
        return size;
    uint8_t *frame = malloc(most ? most : 1);
    PROPERTY(frame != NULL);
    memcpy(frame, data + from + HEAD_BYTES, bytes);
    size_t after = mutate_message(&referent__v1__envelope__descriptor, frame, bytes, most, random);
    memmove(data + from + HEAD_BYTES + after, data + next, size - next);
    memcpy(data + from + HEAD_BYTES, frame, after);
    data[from + 1] = (uint8_t)after;
    data[from + 2] = (uint8_t)(after >> 8);
    free(frame);
    return size + after - bytes;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    uint64_t random = seed;
    size_t count = record_count(data, size);
    size_t from = record_find(data, size, random_below(&random, count ? count : 1));
    size_t whole = record_size(data + from, size - from);
    switch (random_below(&random, 16)) {
    case 0: data[from] ^= (uint8_t)(size > 0 ? 1U << random_below(&random, 8) : 0); return size;
    case 1:
    case 2: return record_append(data, size, room, &random);
    case 3: /* once more, as a feeder does that had no receipt */
        if (size + whole > room || whole == 0)
            return size;
        memmove(data + from + whole, data + from, size - from);
        return size + whole;
    case 4: /* gone */
        if (count < 2)
            return size;
        memmove(data + from, data + from + whole, size - from - whole);
        return size - whole;
    case 5: return mutate_bytes(data, size, room, &random);
    default: return count ? record_mutate(data, from, size, room, &random) : record_append(data, size, room, &random);
    }
}
