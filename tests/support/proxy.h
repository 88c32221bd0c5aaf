/* proxy: a bad network between feeders and a worker, for tests; netem needs rights and kernels that many machines lack.
 *
 *   BYTES     TCP: delays, standstills, connections that break between two bytes of a frame
 *   MESSAGES  ZeroMQ frames, which a real network never loses alone: dropped, doubled, out of order. A message is never
 *             held back: what was sent before an answer came is through before what is sent after it.
 *
 * A thread of its own does the work, from a seed. */
#ifndef REFERENT_TEST_PROXY_H
#define REFERENT_TEST_PROXY_H

#include <stdint.h>

enum proxy_kind { PROXY_BYTES, PROXY_MESSAGES };

struct proxy;

/* What it did, for the test to see that it did something. */
struct proxy_tally {
    uint64_t connections, cuts, stalls;           /* BYTES */
    uint64_t passed, dropped, doubled, reordered; /* MESSAGES */
};

/* Between `endpoint` (tcp://ADDRESS:PORT) and a new one, which is put in `out`. Fails the test if it cannot. */
struct proxy *proxy_start(enum proxy_kind kind, const char *endpoint, uint64_t seed, char out[static 64]);
/* From now on it does no harm. */
void proxy_calm(struct proxy *proxy);
/* Ends the thread; sets *proxy to NULL. */
struct proxy_tally proxy_stop(struct proxy **proxy);

#endif
