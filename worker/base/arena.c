#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_BYTES = 64 * 1024, KEEP_BYTES = 1024 * 1024, POOL_KEEP_BYTES = 2 * CHUNK_BYTES };

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    max_align_t bytes[];
};

struct arena {
    struct chunk *chunks; /* newest first */
    struct chunk *spare;  /* from before the last reset */
    size_t max_bytes;
    size_t used;
    const bool *stop;
};

struct arena *arena_new(size_t max_bytes)
{
    static const bool never = false;
    struct arena *arena = malloc(sizeof *arena);
    if (arena != NULL)
        *arena = (struct arena){.max_bytes = max_bytes, .stop = &never};
    return arena;
}

void arena_heed(struct arena *arena, const bool *stop)
{
    arena->stop = stop;
}

static void chunks_free(struct chunk *chunk)
{
    for (struct chunk *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
}

void arena_free(struct arena **arena)
{
    if (arena == NULL || *arena == NULL)
        return;
    chunks_free((*arena)->chunks);
    chunks_free((*arena)->spare);
    free(*arena);
    *arena = NULL;
}

/* Nothing but chunks of so many bytes together is kept. */
static void arena_clear(struct arena *arena, size_t keep_bytes)
{
#ifdef REFERENT_SANITIZED
    bool may_keep = false; /* a block of another size would hide a byte too far */
#else
    bool may_keep = true;
#endif
    size_t kept = 0;
    chunks_free(arena->spare);
    arena->spare = NULL;
    for (struct chunk *chunk = arena->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        chunk->next = NULL;
        bool keep = may_keep && kept + chunk->size <= keep_bytes;
        if (!keep) {
            free(chunk);
            continue;
        }
        kept += chunk->size;
        chunk->used = 0;
        chunk->next = arena->spare;
        arena->spare = chunk;
    }
    arena->chunks = NULL;
    arena->used = 0;
}

void arena_reset(struct arena *arena)
{
    arena_clear(arena, KEEP_BYTES);
}

/* ---- arenas that are used again */

struct arena_pool {
    size_t max_bytes, most, count;
    struct arena *arenas[]; /* the last one was used last */
};

struct arena_pool *arena_pool_new(size_t max_bytes, size_t most)
{
    struct arena_pool *pool = malloc(sizeof *pool + most * sizeof(struct arena *));
    if (pool != NULL)
        *pool = (struct arena_pool){.max_bytes = max_bytes, .most = most};
    return pool;
}

void arena_pool_free(struct arena_pool **pool)
{
    if (pool == NULL || *pool == NULL)
        return;
    for (size_t i = 0; i < (*pool)->count; i++)
        arena_free(&(*pool)->arenas[i]);
    free(*pool);
    *pool = NULL;
}

struct arena *arena_pool_take(struct arena_pool *pool)
{
    return pool->count > 0 ? pool->arenas[--pool->count] : arena_new(pool->max_bytes);
}

void arena_pool_give(struct arena_pool *pool, struct arena **arena)
{
    if ((*arena)->max_bytes != pool->max_bytes || pool->count == pool->most) {
        arena_free(arena);
        return;
    }
    arena_clear(*arena, POOL_KEEP_BYTES);
    pool->arenas[pool->count++] = *arena;
    *arena = NULL;
}

/* ---- memory */

static struct chunk *chunk_add(struct arena *arena, size_t size)
{
    struct chunk **spare = &arena->spare;
    while (*spare != NULL && (*spare)->size < size) /* a few at most, see KEEP_BYTES */
        spare = &(*spare)->next;
    struct chunk *chunk = *spare;
    if (chunk != NULL) {
        *spare = chunk->next;
        size = chunk->size;
    } else {
        chunk = malloc(sizeof *chunk + size);
    }
    if (chunk == NULL)
        return NULL;
    *chunk = (struct chunk){.next = arena->chunks, .size = size};
    arena->chunks = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > arena->max_bytes || arena->used > arena->max_bytes - size)
        return NULL;
    if (__atomic_load_n(arena->stop, __ATOMIC_RELAXED))
        return NULL;
#ifdef REFERENT_SANITIZED
    size_t rounded = size; /* exact, so that one byte beyond is seen */
    struct chunk *chunk = chunk_add(arena, size);
#else
    size_t align = _Alignof(max_align_t), rounded = size ? (size + align - 1) / align * align : align;
    struct chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < rounded)
        chunk = chunk_add(arena, rounded > CHUNK_BYTES ? rounded : CHUNK_BYTES);
#endif
    if (chunk == NULL)
        return NULL;
    void *block = (char *)chunk->bytes + chunk->used;
    chunk->used += rounded;
    arena->used += size;
    return block;
}

void *arena_zero(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    void *block = arena_alloc(arena, bytes);
    if (block != NULL)
        memset(block, 0, bytes);
    return block;
}

struct text arena_copy(struct arena *arena, struct span bytes)
{
    char *copy = bytes.size < SIZE_MAX ? arena_alloc(arena, bytes.size + 1) : NULL;
    if (copy == NULL)
        return (struct text){NULL, 0};
    if (bytes.size > 0)
        memcpy(copy, bytes.at, bytes.size);
    copy[bytes.size] = '\0';
    return (struct text){copy, bytes.size};
}

struct text arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size < 0 ? NULL : arena_alloc(arena, (size_t)size + 1);
    if (text == NULL)
        return (struct text){NULL, 0};
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return (struct text){text, (size_t)size};
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

enum fault arena_full(struct error *err)
{
    return error_set(err, FAULT_REJECT, "arena.bound", "the document needs more working memory than arena_max_bytes");
}

bool arena_widen(struct arena *arena, void **items, size_t *capacity, size_t count, size_t item_size)
{
    size_t larger = *capacity ? *capacity * 2 : 8, bytes;
    void *moved = __builtin_mul_overflow(larger, item_size, &bytes) ? NULL : arena_alloc(arena, bytes);
    if (moved == NULL)
        return false;
    if (count > 0)
        memcpy(moved, *items, count * item_size);
    *items = moved;
    *capacity = larger;
    return true;
}
