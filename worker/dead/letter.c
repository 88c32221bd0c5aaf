/* letter: what is kept of a rejected job. On the keeper's thread. */
#include "letter.h"

#include "frame.h"
#include "utf8.h"

#include <stdlib.h>

/* An id as far as a list can show it: at most ID_MAX_BYTES, cut between characters. */
static struct span id_shown(struct span id)
{
    size_t bad, size = id.size < ID_MAX_BYTES ? id.size : ID_MAX_BYTES;
    if (size == id.size || utf8_valid((struct span){id.at, size}, &bad))
        return (struct span){id.at, size};
    return (struct span){id.at, bad}; /* valid as a whole, so what is bad is the character that was cut */
}

static struct span source_of(const struct job *job)
{
    if (job->message == NULL)
        return (struct span){0};
    if (job->kind == JOB_DELETE)
        return span_of(((const Referent__V1__Delete *)job->message)->source);
    const Referent__V1__Submit *submit = job->message;
    return submit->document ? span_of(submit->document->source) : (struct span){0};
}

static enum fault frame_make(const struct job *job, char **memory, struct span *frame, struct error *err)
{
    Envelope envelope = frame_envelope(0);
    Referent__V1__Submit submit;
    if (job->kind == JOB_DELETE) {
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DELETE;
        envelope.delete_ = (Referent__V1__Delete *)job->message;
    } else {
        envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT;
        submit = *(const Referent__V1__Submit *)job->message;
        submit.chance = 0; /* says something of one try, not of the document */
        envelope.submit = &submit;
    }
    size_t size = frame_size(&envelope);
    *memory = malloc(size);
    if (*memory == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory for a dead letter of %zu bytes", size);
    frame_pack(&envelope, *memory);
    *frame = (struct span){*memory, size};
    return FAULT_NONE;
}

enum fault letter_of(const struct job *job, int64_t now_ms, struct letter *out, char **memory, struct error *err)
{
    *memory = NULL;
    *out = (struct letter){
        .time_ms = now_ms,
        .kind = job->kind == JOB_SUBMIT   ? LETTER_SUBMIT
                : job->kind == JOB_DELETE ? LETTER_DELETE
                                          : LETTER_UNREADABLE,
        .id = id_shown(job->id),
        .source = id_shown(source_of(job)),
        .version = job->version,
        .rule = span_of(job->receipt.why.rule),
        .reason = span_of(job->receipt.why.text),
        .frame = job->frame,
        .size = job->credit_bytes,
    };
    if (job->message == NULL)
        return FAULT_NONE;
    TRY(frame_make(job, memory, &out->frame, err));
    out->size = out->frame.size;
    return FAULT_NONE;
}
