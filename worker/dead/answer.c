/* answer: lists, letters and drops as envelopes. */
#include "answer.h"

#include "frame.h"

static Envelope *envelope_new(struct job *job, Referent__V1__Envelope__PayloadCase kind)
{
    Envelope *envelope = arena_zero(job->arena, 1, sizeof *envelope);
    if (envelope == NULL)
        return NULL;
    *envelope = frame_envelope(job->sequence);
    envelope->payload_case = kind;
    return envelope;
}

/* Spans of the store are arena copies with a NUL behind. */
static void letter_fill(const struct letter *from, Referent__V1__DeadLetter *out)
{
    referent__v1__dead_letter__init(out);
    out->number = from->number;
    out->time_ms = (uint64_t)from->time_ms;
    out->kind = (Referent__V1__DeadKind)from->kind;
    out->id = (char *)from->id.at;
    out->source = (char *)from->source.at;
    out->version = from->version;
    out->rule = (char *)from->rule.at;
    out->reason = (char *)from->reason.at;
    out->size = from->size;
    out->times = from->times;
}

static enum fault list(struct store *store, struct job *job, const Referent__V1__DeadListRequest *request,
                       struct error *err)
{
    size_t limit = request->limit == 0 || request->limit > DEAD_PAGE_MAX ? DEAD_PAGE_MAX : request->limit;
    struct letter_list list;
    TRY(store_list(store, job->arena, request->after, limit, span_of(request->rule), &list, err));
    Envelope *envelope = envelope_new(job, REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REPLY);
    Referent__V1__DeadListReply *reply = arena_zero(job->arena, 1, sizeof *reply);
    Referent__V1__DeadLetter *letters = arena_zero(job->arena, list.count + 1, sizeof *letters);
    Referent__V1__DeadLetter **pointers = arena_zero(job->arena, list.count + 1, sizeof *pointers);
    if (envelope == NULL || reply == NULL || letters == NULL || pointers == NULL)
        return arena_full(err);
    referent__v1__dead_list_reply__init(reply);
    for (size_t i = 0; i < list.count; i++) {
        letter_fill(&list.items[i], &letters[i]);
        pointers[i] = &letters[i];
    }
    reply->n_letters = list.count;
    reply->letters = pointers;
    reply->done = list.done;
    reply->waiting = store_waiting(store);
    envelope->dead_list_reply = reply;
    job->answer = envelope;
    return FAULT_NONE;
}

static enum fault get(struct store *store, struct job *job, const Referent__V1__DeadGetRequest *request,
                      struct error *err)
{
    Envelope *envelope = envelope_new(job, REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_GET_REPLY);
    Referent__V1__DeadGetReply *reply = arena_zero(job->arena, 1, sizeof *reply);
    Referent__V1__DeadLetter *out = arena_zero(job->arena, 1, sizeof *out);
    struct letter letter;
    bool found;
    if (envelope == NULL || reply == NULL || out == NULL)
        return arena_full(err);
    TRY(store_get(store, job->arena, request->number, &letter, &found, err));
    referent__v1__dead_get_reply__init(reply);
    reply->found = found;
    if (found) {
        letter_fill(&letter, out);
        reply->letter = out;
        reply->frame = (ProtobufCBinaryData){letter.frame.size, (uint8_t *)letter.frame.at};
    }
    envelope->dead_get_reply = reply;
    job->answer = envelope;
    return FAULT_NONE;
}

enum fault dead_answer(struct store *store, struct job *job, struct error *err)
{
    const Envelope *asked = job->message;
    switch (asked->payload_case) {
    case REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REQUEST: return list(store, job, asked->dead_list_request, err);
    case REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_GET_REQUEST: return get(store, job, asked->dead_get_request, err);
    default: return error_set(err, FAULT_REJECT, "frame.kind", "this message is not about dead letters");
    }
}

bool dead_is_drop(const struct job *job)
{
    const Envelope *asked = job->message;
    return asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_DROP_REQUEST;
}

enum fault dead_drop(struct store *store, struct job *job, struct error *err)
{
    const Referent__V1__DeadDropRequest *request = ((const Envelope *)job->message)->dead_drop_request;
    if (request->n_numbers > DEAD_PAGE_MAX)
        return error_set(err, FAULT_REJECT, "dead.numbers", "%zu numbers at once; give at most %d", request->n_numbers,
                         DEAD_PAGE_MAX);
    Envelope *envelope = envelope_new(job, REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_DROP_REPLY);
    Referent__V1__DeadDropReply *reply = arena_zero(job->arena, 1, sizeof *reply);
    if (envelope == NULL || reply == NULL)
        return arena_full(err);
    referent__v1__dead_drop_reply__init(reply);
    for (size_t i = 0; i < request->n_numbers; i++)
        TRY(store_drop(store, request->numbers[i], &reply->dropped, err));
    envelope->dead_drop_reply = reply;
    job->answer = envelope;
    return FAULT_NONE;
}

bool dead_failure(struct job *job, enum fault fault, const struct error *why)
{
    Envelope *envelope = envelope_new(job, REFERENT__V1__ENVELOPE__PAYLOAD_FAILURE);
    Referent__V1__Failure *failure = arena_zero(job->arena, 1, sizeof *failure);
    struct text rule = arena_copy(job->arena, span_of(why->rule)), text = arena_copy(job->arena, span_of(why->text));
    job->answer = NULL; /* of a drop that was undone */
    if (envelope == NULL || failure == NULL || rule.at == NULL || text.at == NULL)
        return false;
    referent__v1__failure__init(failure);
    failure->rule = (char *)rule.at;
    failure->reason = (char *)text.at;
    failure->retry = fault != FAULT_REJECT;
    envelope->failure = failure;
    job->answer = envelope;
    return true;
}
