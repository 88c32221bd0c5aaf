#include "arena.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The first chunk of a pool's arena is small: most of them wait with a message and nothing else. */
enum { FIRST_BYTES = 16 * 1024, CHUNK_BYTES = 64 * 1024, KEEP_BYTES = 1024 * 1024 };

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
    struct arena_pool *pool; /* NULL: none */
};

enum { POOL_SIZES = 2 };

struct arena_pool {
    pthread_mutex_t lock;
    struct chunk *kept[POOL_SIZES]; /* of FIRST_BYTES, of CHUNK_BYTES; the last one given back first */
    size_t kept_bytes, keep_bytes;
    size_t users; /* its owner, and its arenas */
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

static void pool_give(struct arena_pool *pool, struct chunk *chunks);

void arena_free(struct arena **arena)
{
    if (arena == NULL || *arena == NULL)
        return;
    chunks_free((*arena)->spare);
    if ((*arena)->pool != NULL)
        pool_give((*arena)->pool, (*arena)->chunks);
    else
        chunks_free((*arena)->chunks);
    free(*arena);
    *arena = NULL;
}

void arena_reset(struct arena *arena)
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
        bool keep = may_keep && kept + chunk->size <= KEEP_BYTES;
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

/* ---- memory that is used again */

struct arena_pool *arena_pool_new(size_t keep_bytes)
{
    struct arena_pool *pool = malloc(sizeof *pool);
    if (pool == NULL)
        return NULL;
    *pool = (struct arena_pool){.keep_bytes = keep_bytes, .users = 1};
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

/* One user less; the last one frees it. */
static void pool_leave(struct arena_pool *pool)
{
    size_t left = --pool->users;
    pthread_mutex_unlock(&pool->lock);
    if (left > 0)
        return;
    for (size_t i = 0; i < POOL_SIZES; i++)
        chunks_free(pool->kept[i]);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

void arena_pool_free(struct arena_pool **pool)
{
    if (pool == NULL || *pool == NULL)
        return;
    pthread_mutex_lock(&(*pool)->lock);
    (*pool)->keep_bytes = 0;
    pool_leave(*pool);
    *pool = NULL;
}

struct arena *arena_pool_take(struct arena_pool *pool, size_t max_bytes)
{
    struct arena *arena = arena_new(max_bytes);
    if (arena == NULL)
        return NULL;
    pthread_mutex_lock(&pool->lock);
    pool->users++;
    pthread_mutex_unlock(&pool->lock);
    arena->pool = pool;
    return arena;
}

/* Where chunks of a size are kept; POOL_SIZES: nowhere. */
static size_t kept_of(size_t size)
{
    return size == FIRST_BYTES ? 0 : size == CHUNK_BYTES ? 1 : POOL_SIZES;
}

/* An arena's chunks go back, and the arena with them. */
static void pool_give(struct arena_pool *pool, struct chunk *chunks)
{
    struct chunk *beyond = NULL;
    pthread_mutex_lock(&pool->lock);
    for (struct chunk *chunk = chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        size_t kept = kept_of(chunk->size);
        bool keep = kept < POOL_SIZES && pool->kept_bytes + chunk->size <= pool->keep_bytes;
        struct chunk **list = keep ? &pool->kept[kept] : &beyond;
        chunk->next = *list;
        *list = chunk;
        pool->kept_bytes += keep ? chunk->size : 0;
    }
    pool_leave(pool);
    chunks_free(beyond);
}

/* One of them, or NULL. */
static struct chunk *pool_chunk(struct arena_pool *pool, size_t size)
{
    size_t kept = kept_of(size);
    if (kept == POOL_SIZES)
        return NULL;
    pthread_mutex_lock(&pool->lock);
    struct chunk *chunk = pool->kept[kept];
    if (chunk != NULL) {
        pool->kept[kept] = chunk->next;
        pool->kept_bytes -= size;
    }
    pthread_mutex_unlock(&pool->lock);
    return chunk;
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
        chunk = arena->pool != NULL ? pool_chunk(arena->pool, size) : NULL;
    }
    if (chunk == NULL)
        chunk = malloc(sizeof *chunk + size);
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
    if (chunk == NULL || chunk->size - chunk->used < rounded) {
        size_t least = chunk == NULL && arena->pool != NULL ? FIRST_BYTES : CHUNK_BYTES;
        chunk = chunk_add(arena, rounded > least ? rounded : least);
    }
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
