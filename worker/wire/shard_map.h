/* Which shard a document belongs to: the same in every language, now and for ever. */
#ifndef REFERENT_SHARD_MAP_H
#define REFERENT_SHARD_MAP_H

#include "span.h"

#include <stdint.h>

/* CRC-32 (as in zlib) of the id, modulo shards (at least 1). */
uint32_t shard_of(struct span id, uint32_t shards);
/* The CRC itself, for spreading documents over threads by the same rule. */
uint32_t id_hash(struct span id);

#endif
