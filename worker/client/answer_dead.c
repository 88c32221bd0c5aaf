/* answer_dead: replies about dead letters as plain structs. */
#include "answer.h"

static struct referent_dead_letter letter(const Referent__V1__DeadLetter *from)
{
    return (struct referent_dead_letter){.number = from->number,
                                         .time_ms = from->time_ms,
                                         .kind = (enum referent_dead_kind)from->kind,
                                         .id = from->id,
                                         .source = from->source,
                                         .version = from->version,
                                         .rule = from->rule,
                                         .reason = from->reason,
                                         .size = from->size,
                                         .times = from->times};
}

struct answer_box *answer_dead_list(struct arena *arena, const Referent__V1__DeadListReply *reply)
{
    struct answer_box *box = answer_box_new(arena);
    struct referent_dead_letter *letters = arena_zero(arena, reply->n_letters, sizeof *letters);
    if (box == NULL || letters == NULL)
        return NULL;
    for (size_t i = 0; i < reply->n_letters; i++)
        letters[i] = letter(reply->letters[i]);
    box->dead_page = (struct referent_dead_page){letters, reply->n_letters, reply->done, reply->waiting};
    return box;
}

/* What was fed, as far as it can be read; what cannot is no fault, it may be why it was rejected. False: no room. */
static bool document(struct arena *arena, struct span frame, struct referent_dead_copy *copy)
{
    Envelope *envelope;
    uint64_t sequence;
    if (frame_decode(arena, frame, &envelope, &sequence, NULL) != FAULT_NONE)
        return true;
    if (envelope->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_DELETE) {
        copy->readable = true;
        copy->document = (struct referent_document){.id = envelope->delete_->id,
                                                    .version = envelope->delete_->version,
                                                    .source = envelope->delete_->source,
                                                    .media_type = "",
                                                    .body = "",
                                                    .url = ""};
        return true;
    }
    if (envelope->payload_case != REFERENT__V1__ENVELOPE__PAYLOAD_SUBMIT || envelope->submit->document == NULL)
        return true;
    copy->readable = true;
    return answer_document(arena, envelope->submit->document, &copy->document);
}

struct answer_box *answer_dead_get(struct arena *arena, const Referent__V1__DeadGetReply *reply)
{
    static const Referent__V1__DeadLetter nothing = REFERENT__V1__DEAD_LETTER__INIT;
    struct answer_box *box = answer_box_new(arena);
    if (box == NULL)
        return NULL;
    struct referent_dead_copy *copy = &box->dead_copy;
    copy->letter = letter(reply->letter ? reply->letter : &nothing);
    copy->frame = reply->frame.data;
    copy->frame_bytes = reply->frame.len;
    if (!document(arena, (struct span){copy->frame, copy->frame_bytes}, copy))
        return NULL;
    copy->document.chance = copy->letter.times < UINT32_MAX ? (uint32_t)copy->letter.times : UINT32_MAX;
    return box;
}
