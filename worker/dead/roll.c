/* roll: one bit an id, by its CRC. */
#include "roll.h"

#include "shard_map.h"

static uint32_t place(struct span id)
{
    return id_hash(id) % ROLL_BITS;
}

void roll_add(struct roll *roll, struct span id)
{
    roll->words[place(id) / 64] |= UINT64_C(1) << (place(id) % 64);
}

bool roll_may_have(const struct roll *roll, struct span id)
{
    return (roll->words[place(id) / 64] >> (place(id) % 64) & 1) != 0;
}
