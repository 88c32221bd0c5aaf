/* Publication: finished segments and what the shard holds -> its next generation. On the shard's writer thread. */
#ifndef REFERENT_PUBLICATION_H
#define REFERENT_PUBLICATION_H

#include "shard.h"

/* The path of a part's segment number 1, 2, ... Faults: FAULT_STOP data.path. */
NODISCARD enum fault segment_path(const struct shard_part *part, unsigned number, char out[static PATH_MAX],
                                  struct error *err);
/* Remove every segment of the part, whole or not. */
void segments_remove(const struct shard_part *part);

/* Segments 1..open of the open part and 1..closed of the closed one, which exists if there are any, become part of the
 * shard in one step. A single segment of an empty part becomes the generation as it is; otherwise they are compacted
 * behind what the part holds, its young segments included. Either way the whole of the new databases passes
 * Database::check before it is published: that covers the segments too, because compaction carries every entry of their
 * tables over as it is. What a builder has left unsynced is synced meanwhile. Faults: those of the shim and of
 * shard_switch; nothing was published. The shard may be closed then. */
NODISCARD enum fault publication_run(struct shard *shard, unsigned open, unsigned closed, struct error *err);

/* Make the shard one database again: what is young becomes part of its generation; nothing happens where nothing is.
 * Takes as long as compacting the shard does. The caller holds the shard. Faults: as above. */
NODISCARD enum fault publication_fold(struct shard *shard, struct error *err);

#endif
