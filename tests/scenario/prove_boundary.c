/* prove_boundary: the worker dies before each call by which it makes something durable, one after another: fsync,
 * fdatasync, rename, unlink, mkdir; from the first start on an empty folder to the last commit, or the publication of a
 * load. What it left is held to the receipts that were given, then it starts again on that and goes on to the end.
 *
 * A test run takes some of them, deploy/prove all (REFERENT_ROUNDS=0, or every so manieth). */
#include "prove.h"

enum { SHARDS = 2, IDS = 24, OPS = 60, STRIDE = 30 /* in an ordinary test run */ };

/* Several commits, some with closed items, dead letters between them. */
static const char settings[] =
    "shards = 2\ncommit_max_docs = 20\ncommit_min_gap_ms = 0\ncommit_idle_ms = 5\nyoung_documents = 4\n";

static struct world *interposed(void)
{
    struct world *w = world_empty(settings);
    w->interposed = true;
    return w;
}

static void dies_everywhere(uint64_t seed, bool bulk)
{
    struct proof_deaths deaths = {.seed = proof_seed(seed),
                                  .ids = IDS,
                                  .ops = OPS,
                                  .shards = SHARDS,
                                  .bulk = bulk,
                                  .calls = "fsync,fdatasync,rename,unlink,mkdir",
                                  .begin = interposed,
                                  .stride = proof_rounds(STRIDE)};
    proof_die_everywhere(&deaths);
}

SCENARIO(a_death_before_any_durable_step_breaks_no_promise)
{
    dies_everywhere(20260722, false);
}

SCENARIO(nor_does_one_during_a_bulk_load)
{
    dies_everywhere(20260726, true);
}

TELL(STORY(a_death_before_any_durable_step_breaks_no_promise), STORY(nor_does_one_during_a_bulk_load))
