// Kinds of documents, remembered for the searches of one thread; see QUERY_KIND in xapian_shim.h.
#ifndef REFERENT_XAPIAN_KINDS_H
#define REFERENT_XAPIAN_KINDS_H

#include "inside.h"

/* Documents that have the term, each with that weight. Of local databases alone, and as long as `kinds` lives. */
Xapian::Query kinds_query(struct kinds *kinds, const std::string &term, double weight);
/* A bit a document that has the term; it lives until kinds_tidy. */
const std::vector<uint64_t> &kinds_bits(struct kinds *kinds, const Xapian::Database &database, const std::string &term);
/* A search over so many databases begins. */
void kinds_tidy(struct kinds *kinds, size_t databases);

#endif
