/* What the worker answers to a searcher, as the plain structs of referent.h. Strings are shared with the envelope, so
 * the arena that holds it travels with the answer. Pure. */
#ifndef REFERENT_ANSWER_H
#define REFERENT_ANSWER_H

#include "arena.h"
#include "frame.h"
#include "referent.h"

/* The public struct and the arena that both lie in. Public pointers are to the first member. */
struct answer_box {
    union {
        struct referent_answer answer;
        struct referent_stored stored;
        struct referent_worker worker;
        struct referent_case history;
        struct referent_member member;
        struct referent_completions completions;
        struct referent_dead_page dead_page;
        struct referent_dead_copy dead_copy;
    };
    struct arena *arena;
};

/* Each takes the arena when it succeeds: the box lies in it, and answer_box_free gives all back. NULL: it is full, and
 * stays the caller's. */
struct answer_box *answer_search(struct arena *arena, const Referent__V1__SearchReply *reply);
struct answer_box *answer_get(struct arena *arena, const Referent__V1__GetReply *reply);
struct answer_box *answer_status(struct arena *arena, const Referent__V1__StatusReply *reply);
struct answer_box *answer_case(struct arena *arena, const Referent__V1__CaseReply *reply);
struct answer_box *answer_member(struct arena *arena, const Referent__V1__MemberReply *reply);
struct answer_box *answer_complete(struct arena *arena, const Referent__V1__CompleteReply *reply);
struct answer_box *answer_dead_list(struct arena *arena, const Referent__V1__DeadListReply *reply);
struct answer_box *answer_dead_get(struct arena *arena, const Referent__V1__DeadGetReply *reply);
void answer_box_free(struct answer_box *box);

/* Parts that several of them have. NULL, false: the arena is full. */
struct answer_box *answer_box_new(struct arena *arena);
bool answer_document(struct arena *arena, const Referent__V1__Document *from, struct referent_document *out);
bool answer_coverage(struct arena *arena, const Referent__V1__Coverage *from, struct referent_coverage *out);

#endif
