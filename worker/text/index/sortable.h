/* Numbers as strings of bytes that sort like the numbers: the contents of sortable value slots. */
#ifndef REFERENT_SORTABLE_H
#define REFERENT_SORTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SORTABLE_MAX_BYTES = 9 };

/* Exactly what Xapian::sortable_serialise(value) gives; returns the size, 0 only for minus infinity. Not for NaN. */
size_t sortable_number(double value, char out[static SORTABLE_MAX_BYTES]);
/* 8 bytes, big-endian. */
void sortable_version(uint64_t version, char out[static 8]);
uint64_t sortable_version_read(const char bytes[static 8]);

#endif
