/* A number for what a record holds, for comparing programs that should make the same ones. Where its bytes lie, and the
 * numbers that its terms have in the maker's memory, count for nothing. */
#ifndef REFERENT_RECORD_SUM_H
#define REFERENT_RECORD_SUM_H

#include "posting.h"

/* The sum of all before it, 0 at first, and of this one. */
uint64_t record_sum(uint64_t before, const struct index_record *record);

#endif
