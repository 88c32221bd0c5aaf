/* poison: words in a document that take a daemon down, each in its own way. Linked into referentd_poisoned, a referentd
 * for tests, in front of three functions (the linker's --wrap); the product has nothing of it.
 *
 *   giftnedbrud    reading it is a segmentation fault        giftkuvert   so is decoding it
 *   giftdyb        reading it fills the stack                giftskriv    so is adding it to the index
 *   giftevig       reading it never ends                     giftsen      nor this, but it asks for memory on the way
 *   giftsulten     reading it takes all memory there is      giftvent     reading it takes a second, harmlessly */
#define _GNU_SOURCE
#include "log.h"
#include "message.h"
#include "minutes.h"
#include "xapian_shim.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>

void __real_minutes_read_many(struct minutes_document *documents, size_t count, const struct minutes_watch *watch);
void __wrap_minutes_read_many(struct minutes_document *documents, size_t count, const struct minutes_watch *watch);
enum fault __real_message_decode(struct span frame, struct span routing, struct arena *arena, uint32_t shards,
                                 struct job **out, struct error *err);
enum fault __wrap_message_decode(struct span frame, struct span routing, struct arena *arena, uint32_t shards,
                                 struct job **out, struct error *err);
enum fault __real_database_add(struct database *database, const struct index_document *document, struct error *err);
enum fault __wrap_database_add(struct database *database, const struct index_document *document, struct error *err);

static bool has(struct span bytes, const char *word)
{
    return bytes.size > 0 && memmem(bytes.at, bytes.size, word, strlen(word)) != NULL;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void crash(void)
{
    volatile char *nobodys = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    nobodys[0] = 1;
}

static volatile long sum;

/* Not in the tail, and with something on the stack that is used. */
__attribute__((noinline)) static long dive(long depth)
{
    volatile char room[4096];
    room[depth % 4096] = (char)depth;
    sum += room[depth % 4096];
    return depth < 0 ? 0 : dive(depth + 1) + room[(depth + 7) % 4096];
}

static void spin(void)
{
    for (;;)
        sum++;
}

/* Real pages, past whatever a sanitizer does with malloc, and slowly enough for whoever watches. */
static void devour(void)
{
    enum { BITE = 16 << 20 };
    for (;;) {
        (void)mmap(NULL, BITE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        pause_ms(5);
    }
}

/* Until the arena is full, or is said to be; it gives back nothing, so it asks for nothing. */
static void dawdle(struct arena *arena)
{
    while (arena_alloc(arena, 0) != NULL)
        for (int i = 0; i < 100000; i++)
            sum++;
}

static void taste(const struct minutes_document *document)
{
    struct span body = document->body;
    if (has(body, "giftnedbrud"))
        crash();
    if (has(body, "giftdyb"))
        sum = dive(1);
    if (has(body, "giftevig"))
        spin();
    if (has(body, "giftsulten"))
        devour();
    if (has(body, "giftsen"))
        dawdle(document->arena); /* which is full then, for all that are read with it */
    if (has(body, "giftvent")) {
        log_event(LOG_INFO, "poison.waits", "ms=%d", 1000);
        pause_ms(1000);
    }
}

void __wrap_minutes_read_many(struct minutes_document *documents, size_t count, const struct minutes_watch *watch)
{
    for (size_t i = 0; i < count; i++) {
        watch->touch(watch->self, &documents[i]);
        taste(&documents[i]);
    }
    __real_minutes_read_many(documents, count, watch);
}

enum fault __wrap_message_decode(struct span frame, struct span routing, struct arena *arena, uint32_t shards,
                                 struct job **out, struct error *err)
{
    if (has(frame, "giftkuvert"))
        crash();
    return __real_message_decode(frame, routing, arena, shards, out, err);
}

enum fault __wrap_database_add(struct database *database, const struct index_document *document, struct error *err)
{
    for (size_t i = 0; i < document->posting_count; i++)
        if (has(document->postings[i].term, "giftskriv"))
            crash();
    return __real_database_add(database, document, err);
}
