/* live: terms of the index as it is now. On a search thread. */
#include "live.h"

#include "clock.h"

enum { CLOCK_EVERY = 1024 };

struct span live_term(struct arena *arena, enum schema_prefix prefix, struct span value)
{
    struct span head = schema_prefix(prefix);
    char *at = arena_alloc(arena, head.size + value.size + 1);
    if (at == NULL)
        return (struct span){NULL, 0};
    memcpy(at, head.at, head.size);
    if (value.size > 0)
        memcpy(at + head.size, value.at, value.size);
    bool sound = value.size > 0 && head.size + value.size <= TERM_MAX_BYTES;
    return (struct span){at, sound ? head.size + value.size : 0};
}

enum fault live_count(struct asking *asking, struct span term, uint64_t *documents)
{
    *documents = 0;
    return term.size > 0 ? database_frequency(asking->database, term, documents, asking->err) : FAULT_NONE;
}

enum fault live_word(struct asking *asking, enum schema_prefix prefix, struct span value, uint64_t *documents)
{
    char term[TERM_MAX_BYTES];
    struct span head = schema_prefix(prefix);
    *documents = 0;
    if (value.size == 0 || head.size + value.size > sizeof term)
        return FAULT_NONE;
    memcpy(term, head.at, head.size);
    memcpy(term + head.size, value.at, value.size);
    return live_count(asking, (struct span){term, head.size + value.size}, documents);
}

struct visiting {
    struct asking *asking;
    size_t head; /* bytes of the prefix */
    void (*visit)(void *self, struct span value, uint64_t documents);
    void *self;
};

static bool visit_term(void *opaque, struct span term, uint64_t documents)
{
    struct visiting *visiting = opaque;
    struct asking *asking = visiting->asking;
    if (asking->looked++ >= LIVE_TERMS_MAX)
        return false;
    if (asking->looked % CLOCK_EVERY == 0 && clock_steady_ms() > asking->deadline_ms)
        return false;
    visiting->visit(visiting->self, span_cut(term, visiting->head, term.size), documents);
    return true;
}

enum fault live_visit(struct asking *asking, enum schema_prefix prefix, struct span head,
                      void (*visit)(void *self, struct span value, uint64_t documents), void *self)
{
    char from[TERM_MAX_BYTES];
    struct span begin = schema_prefix(prefix);
    struct visiting visiting = {asking, begin.size, visit, self};
    if (begin.size + head.size > sizeof from)
        return FAULT_NONE;
    memcpy(from, begin.at, begin.size);
    if (head.size > 0)
        memcpy(from + begin.size, head.at, head.size);
    return database_visit(asking->database, (struct span){from, begin.size + head.size}, visit_term, &visiting,
                          asking->err);
}
