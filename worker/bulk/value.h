/* Values by slot: while documents come, each slot's stream grows chunk by chunk; at the end they are written,
 * statistics first (Xapian 1.4.22 glass, values in the postlist table).
 *
 *   column  slot 5: count, bounds, bytes |chunk|chunk|open chunk ...
 *   chunk   string value, then for each further document: uint gap - 1, string value; closed at 2000 bytes */
#ifndef REFERENT_BULK_VALUE_H
#define REFERENT_BULK_VALUE_H

#include "buffer.h"
#include "posting.h"
#include "table.h"

struct column;

struct columns {
    struct column *items; /* ascending by slot */
    size_t count, room;
    size_t bytes; /* memory taken, about */
    struct buffer key;
};

void columns_clear(struct columns *columns);
void columns_done(struct columns *columns);
/* The values of the document `docid`, which is greater than the last one's; slots ascend.
 * Faults: FAULT_REOPEN bulk.memory; some values may have been added then. */
NODISCARD enum fault columns_add(struct columns *columns, uint32_t docid, const struct index_document *document,
                                 struct error *err);
/* Statistics, then chunks, to the postlist table. Faults: those of table_add, FAULT_REOPEN bulk.memory. */
NODISCARD enum fault columns_write(struct columns *columns, struct table *postlist, struct error *err);

#endif
