/* preview: the terms under which a file would be indexed, made as a worker makes them, for the command explain. */
#ifndef REFERENT_PREVIEW_H
#define REFERENT_PREVIEW_H

#include "sample.h"

/* A heading for the meeting and for each item, and below it a line for each prefix with its values, counted ones as
 * `budget*3`. The id of the document is the path; there is no version, tenant or url.
 * Owner   *out lives in the sample's arena.
 * Faults  FAULT_REJECT id.length, id.character (the path as an id), arena.bound; FAULT_STOP dictionary.*, memory. */
NODISCARD enum fault preview_terms(struct sample *sample, const char *path, struct span *out, struct error *err);

#endif
