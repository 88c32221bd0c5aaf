/* Random collections, hostile ones, in both ways; then both ways live on alike: compacted together with stock
 * databases, edited in place. A failure names its seed; REFERENT_SEED=n runs that one alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "trial.h"

#include <stdlib.h>
#include <string.h>

enum { SEEDS = 8, SEEDS_LONG = 600, ARENA_BYTES = 1 << 30 };

static bool seed_compare(struct trial *trial, const struct collection *collection, uint64_t seed,
                         const struct index_document *more)
{
    return trial_build(trial, collection, -1) && trial_stock(trial, collection, seed % 3 ? 0 : 17) &&
           trial_compare(trial, seed, 40, true) && (collection->count == 0 || trial_live_on(trial, seed, more));
}

/* Stock cannot read every tag that it has compressed (see squeeze.c), nor can we with its deflate; with ours we can. */
static bool stock_spoilt(struct trial *trial, const struct collection *collection)
{
    if (strstr(trial->message, "Too few chunks") == NULL)
        return false;
    trial_clear(trial);
    return trial_build(trial, collection, BUILDER_LEVEL) && stock_check(trial->ours, trial->message);
}

static void seed_try(struct trial *trial, uint64_t seed)
{
    struct collection collection;
    struct arena *arena = arena_new(ARENA_BYTES);
    uint64_t random = seed;
    size_t count = random_below(&random, seed % 4 ? 60 : 500) + (seed % 7 > 0);
    trial->spill = seed % 2 ? 0 : 1 + random_below(&random, count + 1);
    collection_hostile(&collection, arena, seed, count);
    struct index_document more = collection_more(arena, seed + 1);
    if (!seed_compare(trial, &collection, seed, &more) && !stock_spoilt(trial, &collection))
        fail_msg("seed %u: %s", (unsigned)seed, trial->message);
    trial_clear(trial);
    arena_free(&arena);
}

static void hostile_collections_are_what_stock_makes(void **state)
{
    struct trial trial;
    const char *one = getenv("REFERENT_SEED");
    unsigned seeds = getenv("REFERENT_LONG") != NULL ? SEEDS_LONG : SEEDS;
    (void)state;
    assert_true(trial_open(&trial));
    if (one != NULL)
        seed_try(&trial, strtoull(one, NULL, 10));
    for (unsigned seed = 1; seed <= seeds && one == NULL; seed++)
        seed_try(&trial, seed);
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_collections_are_what_stock_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
