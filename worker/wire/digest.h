/* The digest of a document: XXH3-128 (canonical, big-endian) over its decoded fields, so that it does not depend on how
 * a client's library encodes them. proto/README.md describes it for other languages.
 *
 * Fields go in field order without `version`. A string or bytes field is its length as 8 bytes little-endian, then its
 * bytes; a number is 8 bytes little-endian; a repeated field its count as a number, then its elements; a map its count,
 * then key and value for each key in order of bytes. The content is a number (0 none, 5 body, 6 meeting), then the
 * body, or the fields of the Meeting in field order. */
#ifndef REFERENT_DIGEST_H
#define REFERENT_DIGEST_H

#include "arena.h"
#include "document.pb-c.h"

enum { DIGEST_BYTES = 16 };

/* Faults: FAULT_REJECT arena.bound. */
NODISCARD enum fault document_digest(struct arena *arena, const Referent__V1__Document *document,
                                     unsigned char digest[static DIGEST_BYTES], struct error *err);

/* Which content a message brings, whatever frame it came in: kind, id, version and digest (16 zeros for a Delete). */
void content_key(unsigned kind, struct span id, uint64_t version, const unsigned char digest[static DIGEST_BYTES],
                 unsigned char key[static DIGEST_BYTES]);
/* The same for a payload that is not decoded yet. */
void payload_key(struct span payload, unsigned char key[static DIGEST_BYTES]);

#endif
