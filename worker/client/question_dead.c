/* question_dead: requests about dead letters, and their answers as boxes. Thread: the caller's. */
#include "searcher.h"

enum referent_result referent_dead_list(struct referent_searcher *searcher, const char *rule, uint64_t after,
                                        int timeout_ms, struct referent_dead_page **out, struct referent_error *err)
{
    Referent__V1__DeadListRequest request = REFERENT__V1__DEAD_LIST_REQUEST__INIT;
    request.after = after;
    request.rule = (char *)(rule ? rule : "");
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REQUEST;
    envelope.dead_list_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_LIST_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    struct answer_box *box = answer_dead_list(arena, answer->dead_list_reply);
    if (box != NULL)
        *out = &box->dead_page;
    return searcher_boxed(box, &arena, err);
}

enum referent_result referent_dead_get(struct referent_searcher *searcher, uint64_t number, int timeout_ms,
                                       struct referent_dead_copy **out, struct referent_error *err)
{
    Referent__V1__DeadGetRequest request = REFERENT__V1__DEAD_GET_REQUEST__INIT;
    request.number = number;
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_GET_REQUEST;
    envelope.dead_get_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_GET_REPLY;
    struct arena *arena = NULL;
    *out = NULL;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    if (!answer->dead_get_reply->found) {
        arena_free(&arena);
        return searcher_fail(err, REFERENT_NOT_FOUND, "dead.unknown", "there is no dead letter with this number");
    }
    struct answer_box *box = answer_dead_get(arena, answer->dead_get_reply);
    if (box != NULL)
        *out = &box->dead_copy;
    return searcher_boxed(box, &arena, err);
}

enum referent_result referent_dead_drop(struct referent_searcher *searcher, const uint64_t *numbers, size_t count,
                                        int timeout_ms, uint64_t *dropped, struct referent_error *err)
{
    Referent__V1__DeadDropRequest request = REFERENT__V1__DEAD_DROP_REQUEST__INIT;
    request.n_numbers = count;
    request.numbers = (uint64_t *)numbers;
    Envelope envelope = frame_envelope(0), *answer;
    envelope.payload_case = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_DROP_REQUEST;
    envelope.dead_drop_request = &request;
    const int expected = REFERENT__V1__ENVELOPE__PAYLOAD_DEAD_DROP_REPLY;
    struct arena *arena = NULL;
    *dropped = 0;
    enum referent_result result = searcher_ask(searcher, &envelope, expected, timeout_ms, &answer, &arena, err);
    if (result != REFERENT_OK)
        return result;
    *dropped = answer->dead_drop_reply->dropped;
    arena_free(&arena);
    return REFERENT_OK;
}

/* Each public struct is the first member of its box. */
void referent_dead_page_free(struct referent_dead_page **page)
{
    if (page == NULL)
        return;
    answer_box_free((struct answer_box *)*page);
    *page = NULL;
}

void referent_dead_copy_free(struct referent_dead_copy **copy)
{
    if (copy == NULL)
        return;
    answer_box_free((struct answer_box *)*copy);
    *copy = NULL;
}
