/* iamglass, the version file: a database exists if and only if this does (Xapian 1.4.22 glass, version file). */
#ifndef REFERENT_BULK_IAMGLASS_H
#define REFERENT_BULK_IAMGLASS_H

#include "error.h"
#include "table.h"

#include <stdint.h>

enum { IAMGLASS_MAX_BYTES = 255, IAMGLASS_FORMAT_BYTES = 16, UUID_BYTES = 16 };

/* In the order of the file; spelling and synonym come behind and are always absent. */
enum glass_table { GLASS_POSTLIST, GLASS_DOCDATA, GLASS_TERMLIST, GLASS_POSITION, GLASS_TABLES };

/* What the version file tells of the whole. */
struct statistics {
    uint32_t documents; /* numbered from 1 without a gap */
    uint32_t shortest;  /* of the documents with a length; 0: none has */
    uint32_t longest;
    uint32_t greatest_wdf;
    uint64_t total_length;
};

/* The file's bytes; gives their number. */
size_t iamglass_pack(char to[static IAMGLASS_MAX_BYTES], const unsigned char uuid[static UUID_BYTES],
                     const struct table_root roots[static GLASS_TABLES], const struct statistics *statistics);
/* Is the database in the folder, which the installed Xapian made, of the format we write? Only bytes 0-15 are compared:
 * magic and date of the format.
 * Faults: FAULT_RETRY bulk.format: it is another; take the stock path. FAULT_REOPEN bulk.stock: cannot be read. */
NODISCARD enum fault iamglass_guard(const char *stock_folder, struct error *err);

#endif
