/* The answer to Hello: who the worker is, the credit of the connection, the map of the shards. */
#ifndef REFERENT_GREETING_H
#define REFERENT_GREETING_H

#include "intake.h"
#include "peer.h"

/* Grant the peer its credit and make the Welcome, in the arena; without credit while the worker is
 * closed to documents, because it stops or its disk is nearly full. NULL: the arena is full. */
Envelope *greeting_welcome(const struct intake_setup *setup, struct peer *peer, const Envelope *hello, bool closed,
                           struct arena *arena);

#endif
