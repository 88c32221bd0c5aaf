/* shard_map: id -> shard. Pure. */
#include "shard_map.h"

#include <libdeflate.h>

uint32_t id_hash(struct span id)
{
    return libdeflate_crc32(0, id.size ? id.at : "", id.size);
}

uint32_t shard_of(struct span id, uint32_t shards)
{
    return id_hash(id) % shards;
}
