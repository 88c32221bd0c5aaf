/* lookup: which request goes where. On a search thread. */
#include "lookup.h"

#include "case.h"
#include "complete.h"
#include "member.h"

static enum fault case_lookup(struct arena *arena, struct view *view, const Envelope *asked, uint32_t timeout_ms,
                              Envelope *reply, struct error *err)
{
    reply->case_reply = arena_zero(arena, 1, sizeof *reply->case_reply);
    if (reply->case_reply == NULL)
        return arena_full(err);
    reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REPLY;
    referent__v1__case_reply__init(reply->case_reply);
    return case_answer(arena, view, asked->case_request, timeout_ms, reply->case_reply, err);
}

static enum fault member_lookup(struct arena *arena, struct view *view, const Envelope *asked, uint32_t timeout_ms,
                                Envelope *reply, struct error *err)
{
    reply->member_reply = arena_zero(arena, 1, sizeof *reply->member_reply);
    if (reply->member_reply == NULL)
        return arena_full(err);
    reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REPLY;
    referent__v1__member_reply__init(reply->member_reply);
    return member_answer(arena, view, asked->member_request, timeout_ms, reply->member_reply, err);
}

static enum fault complete_lookup(struct arena *arena, struct view *view, const Envelope *asked, Envelope *reply,
                                  struct error *err)
{
    reply->complete_reply = arena_zero(arena, 1, sizeof *reply->complete_reply);
    if (reply->complete_reply == NULL)
        return arena_full(err);
    reply->payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_COMPLETE_REPLY;
    referent__v1__complete_reply__init(reply->complete_reply);
    return complete_answer(arena, view, asked->complete_request, reply->complete_reply, err);
}

enum fault lookup_answer(struct arena *arena, struct view *view, const Envelope *asked, uint32_t timeout_ms,
                         Envelope *reply, struct error *err)
{
    if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_CASE_REQUEST)
        return case_lookup(arena, view, asked, timeout_ms, reply, err);
    if (asked->payload_case == REFERENT__V1__ENVELOPE__PAYLOAD_MEMBER_REQUEST)
        return member_lookup(arena, view, asked, timeout_ms, reply, err);
    return complete_lookup(arena, view, asked, reply, err);
}
