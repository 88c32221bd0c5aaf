/* What a search thread sees of the index: the open shards as one database, and which of them are missing.
 *
 * A view shows the newest commit from the moment of view_refresh on, in all shards and in their metadata alike. A shard
 * that does not open is left out and tried again; answers say so. A stub may also name a remote database
 * ("remote host:port", of xapian-tcpsrv): answers are the same, mended words and completions included. A shard whose
 * stub has been replaced is opened anew: it has another generation (worker/write/generation.h), and the old one gets no
 * more commits. */
#ifndef REFERENT_VIEW_H
#define REFERENT_VIEW_H

#include "match.h"
#include "names.h"
#include "pack.h"
#include "xapian_shim.h"

struct view;
struct closer;

/* A view over shards 0..shards-1 below data_dir; nothing is opened yet. NULL if there is no memory. */
struct view *view_new(const char *data_dir, uint32_t shards);
void view_free(struct view **view);
/* Search by the lists of the store, which outlives the view, where that is possible; false without memory. */
NODISCARD bool view_share(struct view *view, struct store *store);

/* Leave to the closer, which outlives the view, what is open no more after a stub was replaced. */
void view_close_by(struct view *view, struct closer *closer);

/* Move to the newest commit of every shard. Names and kinds that were read since view_trust are forgotten.
 * Faults: FAULT_REOPEN view.empty: no shard opens; those of the shim. */
NODISCARD enum fault view_refresh(struct view *view, struct error *err);
/* Is what was found since then so? A fault is an answer, too: refresh and ask again.
 * Faults: FAULT_REOPEN database.overtaken. */
NODISCARD enum fault view_whole(struct view *view, struct error *err);
/* What was found so far was so: what may be remembered of it is worth remembering. */
void view_trust(struct view *view);
/* A fault came from a handle: open all again at the next refresh. */
void view_broken(struct view *view);

struct database *view_database(struct view *view);
/* For searches and for bodies, kept with the view. */
struct kinds *view_kinds(struct view *view);
/* NULL: the view shares no store. */
struct matcher *view_matcher(struct view *view);
struct labels *view_labels(struct view *view);
struct body_unpacker *view_unpacker(struct view *view);
/* Names of the index, as of a moment ago. */
struct names *view_names(struct view *view);
uint32_t view_shards(const struct view *view);
/* Shards that are open, as parts 0..parts-1 of the database, and the shard of a part. */
size_t view_parts(const struct view *view);
uint32_t view_shard(const struct view *view, size_t part);
/* The part of a shard; false if it is missing. */
bool view_part(const struct view *view, uint32_t shard, size_t *part);
const char *view_data_dir(const struct view *view);

#endif
