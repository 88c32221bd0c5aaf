/* One arena per message, and it travels with the message.
 *
 * Memory is taken in chunks and given back all at once. An arena has a bound: beyond it every request fails, so that
 * hostile input cannot make the worker grow. Not thread-safe: whoever holds the message holds the arena.
 * Sanitizer builds take every block from malloc by itself, so that AddressSanitizer sees each bound. */
#ifndef REFERENT_ARENA_H
#define REFERENT_ARENA_H

#include "error.h"
#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct arena;

/* A new arena that hands out at most max_bytes; NULL if there is no memory. */
struct arena *arena_new(size_t max_bytes);
/* Free the arena with all it handed out, set *arena to NULL; NULL and *arena NULL are fine. */
void arena_free(struct arena **arena);

/* Take back all that was handed out, and keep some of the memory for the next message: a small message then costs no
 * new memory. */
void arena_reset(struct arena *arena);

/* Memory of arenas that is used again: at most `keep_bytes` are kept of what they gave back, which is then near the
 * core and costs no new pages. An arena takes of it as it grows, so one that waits with little in it holds little. Any
 * thread; arenas may live longer than their pool. */
struct arena_pool;
/* NULL if there is no memory. */
struct arena_pool *arena_pool_new(size_t keep_bytes);
/* Free what it keeps, set *pool to NULL; NULL and *pool NULL are fine. The last of its arenas frees the rest. */
void arena_pool_free(struct arena_pool **pool);
/* As arena_new. */
struct arena *arena_pool_take(struct arena_pool *pool, size_t max_bytes);

/* size bytes, aligned for any type, not cleared; NULL at the bound or out of memory. size 0 gives a valid pointer. */
NODISCARD void *arena_alloc(struct arena *arena, size_t size);
/* The same for count elements, cleared; NULL also when count * size overflows. */
NODISCARD void *arena_zero(struct arena *arena, size_t count, size_t size);
/* A copy with a NUL behind it; at is NULL on failure. */
NODISCARD struct text arena_copy(struct arena *arena, struct span bytes);
/* Formatted text; at is NULL on failure. */
NODISCARD struct text arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* From now on the arena is full as soon as *stop is set, by __atomic_store_n from any thread; so whoever works in it
 * soon comes to an end. */
void arena_heed(struct arena *arena, const bool *stop);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

/* The error of a function whose arena is full: REJECT arena.bound. */
enum fault arena_full(struct error *err);

/* A larger array for one that is full: arena_grow's seldom half. */
NODISCARD bool arena_widen(struct arena *arena, void **items, size_t *capacity, size_t count, size_t item_size);

/* Make room for one more, cleared element in an array that lives in the arena: doubles *items (of *capacity elements)
 * when count reaches it. False when the arena is full; *items stays valid then. In line, as every list grows by it. */
NODISCARD static inline bool arena_grow(struct arena *arena, void **items, size_t *capacity, size_t count,
                                        size_t item_size)
{
    if (count >= *capacity && !arena_widen(arena, items, capacity, count, item_size))
        return false;
    memset((char *)*items + count * item_size, 0, item_size);
    return true;
}

/* A growing array in an arena. LIST(struct entity) list = {0}; LIST_PUSH(arena, &list) gives a pointer to a new,
 * cleared last element, or NULL when the arena is full. */
#define LIST(type)                                                                                                     \
    struct {                                                                                                           \
        type *items;                                                                                                   \
        size_t count;                                                                                                  \
        size_t capacity;                                                                                               \
    }
#define LIST_PUSH(arena, list)                                                                                         \
    (arena_grow((arena), (void **)&(list)->items, &(list)->capacity, (list)->count, sizeof *(list)->items)             \
         ? &(list)->items[(list)->count++]                                                                             \
         : NULL)

#ifdef __cplusplus
}
#endif

#endif
