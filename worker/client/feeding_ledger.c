/* feeding_ledger: what a round may leave out because the ledger knows it, what it has to delete, and what a shard that
 * was made anew has lost. */
#include "feeding.h"

#include "comparison.h"

#include <stdlib.h>
#include <string.h>

/* ---- Planning ---- */

static bool stands(const struct ledger_row *row)
{
    return !row->intended && (row->status == LEDGER_COMMITTED || row->status == LEDGER_UNCHANGED);
}

bool ledger_row_rejects(struct feeding *feeding, const struct ledger_row *row)
{
    if (feeding->retry_rejected || row->intended || row->status != LEDGER_REJECTED || row->rules == 0)
        return false;
    struct referent_feeder_state state = {.rules = row->rules};
    if (feeding->feeder != NULL)
        referent_feeder_state(feeding->feeder, &state);
    return state.rules == row->rules;
}

enum fault ledger_plan(struct feeding *feeding, struct error *err)
{
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        struct thing *thing = &feeding->round.things.items[i];
        struct ledger_row row;
        bool found;
        if (thing->deletion || thing->fate != TO_DO || !stamp_take(thing->path, &thing->stamp))
            continue;
        TRY(ledger_find(feeding->ledger, thing->id, &row, &found, err));
        if (!found || strcmp(row.root, thing->root) != 0 || !stamp_same(&thing->stamp, &row.stamp))
            continue;
        memcpy(thing->digest, row.digest, sizeof thing->digest);
        if (stands(&row))
            thing_settle(feeding, thing, UNCHANGED);
        else if (ledger_row_rejects(feeding, &row))
            thing_reject(feeding, thing, &row);
    }
    return FAULT_NONE;
}

static bool is_the_same(const struct ledger_row *row, const struct thing *thing)
{
    return memcmp(row->digest, thing->digest, sizeof row->digest) == 0;
}

enum fault ledger_foresee(struct feeding *feeding, struct thing *thing, struct error *err)
{
    struct ledger_row row;
    struct error odd;
    bool found = false;
    if (thing_id_check(thing, &odd) != FAULT_NONE) {
        thing_reject_id(feeding, thing, &odd);
        return FAULT_NONE;
    }
    if (feeding->ledger != NULL)
        TRY(ledger_find(feeding->ledger, thing->id, &row, &found, err));
    bool same = found && is_the_same(&row, thing);
    if (same && ledger_row_rejects(feeding, &row))
        thing_reject(feeding, thing, &row);
    else
        thing_settle(feeding, thing, same && stands(&row) ? UNCHANGED : SENT);
    return FAULT_NONE;
}

enum fault ledger_judge(struct feeding *feeding, struct thing *thing, struct error *err)
{
    struct ledger_row row;
    bool found;
    TRY(ledger_find(feeding->ledger, thing->id, &row, &found, err));
    if (!found)
        return FAULT_NONE;
    bool rejects = ledger_row_rejects(feeding, &row);
    if (is_the_same(&row, thing) && (stands(&row) || rejects)) {
        row.stamp = thing->stamp; /* touched or moved, not changed */
        row.path = thing->path;
        row.root = thing->root;
        if (rejects)
            thing_reject(feeding, thing, &row);
        else
            thing_settle(feeding, thing, UNCHANGED);
        return ledger_settle(feeding->ledger, &row, err);
    }
    /* A file that comes back with its old time must be newer than the tombstone it left. */
    if (feeding->by_mtime && row.status == LEDGER_DELETED && thing->version <= row.version)
        thing->version = row.version + 1;
    return FAULT_NONE;
}

/* ---- What was rejected, and may be there by now ---- */

struct looking {
    LIST(const char *) ids;
};

static enum fault rejected_list(struct feeding *feeding, struct looking *looking, struct error *err)
{
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        const struct thing *thing = &feeding->round.things.items[i];
        struct ledger_row row;
        bool found;
        if (thing->deletion || thing->fate != TO_DO)
            continue;
        TRY(ledger_find(feeding->ledger, thing->id, &row, &found, err));
        struct error odd;
        if (!found || !ledger_row_rejects(feeding, &row) || thing_id_check(thing, &odd) != FAULT_NONE)
            continue;
        const char **id = LIST_PUSH(feeding->round.walk.arena, &looking->ids);
        if (id == NULL)
            return error_set(err, FAULT_RETRY, "memory", "out of memory for the list of files; feed fewer at a time");
        *id = thing->id;
    }
    return FAULT_NONE;
}

static enum fault looked_take(struct feeding *feeding, const struct referent_inventory *page, struct error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct referent_inventory_entry *entry = &page->entries[i];
        struct ledger_row row;
        bool found;
        TRY(ledger_find(feeding->ledger, entry->id, &row, &found, err));
        if (!found || entry->deleted || memcmp(entry->digest, row.digest, sizeof row.digest) != 0)
            continue;
        row.status = LEDGER_UNCHANGED;
        row.rules = 0;
        TRY(ledger_settle(feeding->ledger, &row, err));
    }
    return FAULT_NONE;
}

static enum fault ids_ask(struct feeding *feeding, uint32_t shard, const char *const *ids, size_t count,
                          struct error *err)
{
    struct referent_error error = {0};
    const struct referent_inventory *page;
    enum referent_result result =
        referent_feeder_lookup(feeding->feeder, shard, ids, count, (int)feeding->patience_s * 1000, &page, &error);
    if (result == REFERENT_OK)
        return looked_take(feeding, page, err);
    if (result == REFERENT_AGAIN)
        return error_set(err, FAULT_RETRY, "interrupted", "interrupted before its receipt came");
    return error_set(err, result == REFERENT_REJECTED ? FAULT_REJECT : FAULT_RETRY, error.rule, "shard %u: %s",
                     (unsigned)shard, error.text);
}

enum fault ledger_look(struct feeding *feeding, struct error *err)
{
    struct looking looking = {0};
    const struct referent_shard *map;
    size_t shards = referent_feeder_shards(feeding->feeder, &map, NULL);
    TRY(rejected_list(feeding, &looking, err));
    for (uint32_t shard = 0; looking.ids.count > 0 && shard < shards; shard++) {
        const char *batch[REFERENT_LOOKUP_MAX];
        size_t count = 0;
        for (size_t i = 0; i < looking.ids.count; i++) {
            if (referent_shard_of(looking.ids.items[i], (uint32_t)shards) == shard)
                batch[count++] = looking.ids.items[i];
            bool full = count == REFERENT_LOOKUP_MAX || (count > 0 && i + 1 == looking.ids.count);
            if (full)
                TRY(ids_ask(feeding, shard, batch, count, err));
            count = full ? 0 : count;
        }
    }
    return FAULT_NONE;
}

/* ---- What is gone ---- */

enum fault shadows_find(const struct feeding *feeding, struct shadows *shadows, struct error *err)
{
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        const struct thing *thing = &feeding->round.things.items[i];
        if (thing->problem == NULL)
            continue;
        const char **id = LIST_PUSH(feeding->round.walk.arena, &shadows->ids);
        if (id == NULL)
            return error_set(err, FAULT_RETRY, "memory", "out of memory for the list of files; feed fewer at a time");
        *id = thing->id;
    }
    return FAULT_NONE;
}

bool shadows_hide(const struct shadows *shadows, const char *id)
{
    for (size_t i = 0; i < shadows->ids.count; i++) {
        size_t size = strlen(shadows->ids.items[i]);
        if (strncmp(shadows->ids.items[i], id, size) == 0 && (id[size] == '/' || id[size] == '\0'))
            return true;
    }
    return false;
}

/* Files that were listed below a folder; *broken: the folder itself could not be read. */
static size_t files_below(struct feeding *feeding, const char *root, bool *broken)
{
    size_t count = 0;
    *broken = false;
    for (size_t i = 0; i < feeding->round.things.count; i++) {
        const struct thing *thing = &feeding->round.things.items[i];
        if (thing->deletion || strcmp(thing->root, root) != 0)
            continue;
        const char *folder = thing->problem != NULL ? folder_real(feeding, thing->path) : "";
        *broken = *broken || folder == NULL || strcmp(folder, root) == 0;
        count++;
    }
    return count;
}

bool mirror_trusts(struct feeding *feeding, const char *root)
{
    bool broken, filled = files_below(feeding, root, &broken) > 0;
    return !broken && (filled || feeding->allow_empty);
}

static enum fault empty_report(struct feeding *feeding, const char *root, size_t files, struct error *err)
{
    struct thing thing = {.id = root, .path = root, .root = root, .fate = TO_DO};
    thing.problem = arena_format(feeding->round.walk.arena,
                                 "mirror.empty: it is empty, and %zu documents of it are in the index; mount it, or "
                                 "give --allow-empty to delete them",
                                 files)
                        .at;
    if (thing.problem == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    return thing_new(feeding, &thing, err);
}

/* Rows below a folder that the round does not have; adds their deletions if `add`. */
static enum fault gone_walk(struct feeding *feeding, const struct shadows *shadows, const char *root, bool add,
                            size_t *count, struct error *err)
{
    struct ledger_row row;
    bool found;
    char after[REFERENT_ID_MAX_BYTES + 1] = "";
    *count = 0;
    for (;;) {
        TRY(ledger_next(feeding->ledger, after, &row, &found, err));
        if (!found)
            return FAULT_NONE;
        snprintf(after, sizeof after, "%s", row.id);
        const struct thing gone = {.id = row.id};
        struct error odd;
        if (thing_id_check(&gone, &odd) != FAULT_NONE) { /* of a ledger that still noted them: no index has it */
            if (feeding->feeder != NULL)
                TRY(ledger_forget(feeding->ledger, after, err));
            continue;
        }
        bool is_gone = strcmp(row.root, root) == 0 && (row.status != LEDGER_DELETED || row.intended) &&
                       round_find(&feeding->round, row.id) == NULL && !shadows_hide(shadows, row.id);
        *count += is_gone;
        if (is_gone && add)
            TRY(round_add_deletion(feeding, &row, err));
    }
}

enum fault mirror_plan(struct feeding *feeding, const char *const *roots, size_t count, struct error *err)
{
    struct shadows shadows = {0};
    feeding->round.mirrored = roots;
    feeding->round.mirrored_count = count;
    TRY(shadows_find(feeding, &shadows, err));
    for (size_t i = 0; i < count; i++) {
        bool broken;
        size_t gone;
        if (*roots[i] == '\0')
            continue;
        bool add = files_below(feeding, roots[i], &broken) > 0 || feeding->allow_empty;
        if (broken)
            continue;
        TRY(gone_walk(feeding, &shadows, roots[i], add, &gone, err));
        if (!add && gone > 0)
            TRY(empty_report(feeding, roots[i], gone, err));
    }
    return round_listed(feeding, err);
}

/* ---- Receipts ---- */

/* Some rules speak of the document alone, by which it breaks them again; these of what the index holds meanwhile. */
static bool is_of_the_index(const char *rule)
{
    return strcmp(rule, "version.conflict") == 0;
}

static void rejection_keep(struct feeding *feeding, const struct referent_receipt *receipt, struct ledger_row *row)
{
    struct referent_feeder_state state;
    referent_feeder_state(feeding->feeder, &state);
    row->rule = receipt->rule;
    row->reason = receipt->reason;
    row->rules = is_of_the_index(receipt->rule) ? 0 : state.rules;
}

/* How far the shard has come: one that is found further back later was set back. */
static enum fault sequence_note(struct ledger *ledger, const struct referent_receipt *receipt, struct error *err)
{
    unsigned char lineage[16];
    uint64_t sequence;
    bool found;
    TRY(ledger_shard(ledger, receipt->shard, lineage, &sequence, &found, err));
    if (!found || receipt->sequence <= sequence || memcmp(lineage, receipt->lineage, sizeof lineage) != 0)
        return FAULT_NONE;
    return ledger_shard_agree(ledger, receipt->shard, lineage, receipt->sequence, err);
}

enum fault ledger_note(struct feeding *feeding, const struct thing *thing, const struct referent_receipt *receipt,
                       struct error *err)
{
    static const enum ledger_status statuses[] = {[COMMITTED] = LEDGER_COMMITTED,
                                                  [UNCHANGED] = LEDGER_UNCHANGED,
                                                  [SUPERSEDED] = LEDGER_SUPERSEDED,
                                                  [REJECTED] = LEDGER_REJECTED,
                                                  [DELETED] = LEDGER_DELETED};
    if (thing->deletion && thing->fate == SUPERSEDED) /* somebody else's now */
        return ledger_forget(feeding->ledger, thing->id, err);
    struct ledger_row row = {.id = thing->id,
                             .root = thing->root,
                             .path = thing->path,
                             .stamp = thing->stamp,
                             .version = thing->version,
                             .status = statuses[thing->fate],
                             .shard = receipt->shard,
                             .sequence = receipt->sequence};
    memcpy(row.digest, thing->digest, sizeof row.digest);
    memcpy(row.lineage, receipt->lineage, sizeof row.lineage);
    if (row.status == LEDGER_REJECTED)
        rejection_keep(feeding, receipt, &row);
    TRY(sequence_note(feeding->ledger, receipt, err));
    return ledger_settle(feeding->ledger, &row, err);
}

/* ---- A shard that is not the one of before ---- */

struct agreeing {
    struct feeding *feeding;
    size_t marked;
    bool again;
    LIST(struct ledger_row) back; /* deleted, and there again: added behind the comparison, which looks things up */
};

/* Is the index as the receipts said? */
bool ledger_row_holds(const struct referent_inventory_entry *entry, const struct ledger_row *row)
{
    bool there = entry != NULL && !entry->deleted;
    if (row->status == LEDGER_DELETED)
        return !there;
    if (row->status == LEDGER_COMMITTED || row->status == LEDGER_UNCHANGED)
        return there && memcmp(entry->digest, row->digest, sizeof row->digest) == 0;
    return true; /* superseded: somebody else's; rejected: not there; new: sent in every run */
}

/* A document that the mirror deleted is there again: its deletion is due once more, if its folder is in this round. */
static enum fault back_note(struct agreeing *agreeing, const struct ledger_row *row, struct error *err)
{
    struct round *round = &agreeing->feeding->round;
    bool mirrored = false;
    for (size_t i = 0; !mirrored && i < round->mirrored_count; i++)
        mirrored = strcmp(round->mirrored[i], row->root) == 0;
    if (!mirrored)
        return FAULT_NONE;
    struct arena *arena = round->walk.arena;
    struct ledger_row *back = LIST_PUSH(arena, &agreeing->back);
    if (back == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    *back = (struct ledger_row){.id = arena_copy(arena, span_of(row->id)).at,
                                .root = arena_copy(arena, span_of(row->root)).at,
                                .path = arena_copy(arena, span_of(row->path)).at,
                                .version = row->version};
    bool whole = back->id != NULL && back->root != NULL && back->path != NULL;
    return whole ? FAULT_NONE : error_set(err, FAULT_RETRY, "memory", "out of memory");
}

static enum fault back_add(struct agreeing *agreeing, struct error *err)
{
    for (size_t i = 0; i < agreeing->back.count; i++)
        TRY(round_add_deletion(agreeing->feeding, &agreeing->back.items[i], err));
    agreeing->again = agreeing->again || agreeing->back.count > 0;
    return agreeing->back.count > 0 ? round_listed(agreeing->feeding, err) : FAULT_NONE;
}

static enum fault agree_visit(void *self, const struct referent_inventory_entry *entry, const struct ledger_row *row,
                              struct error *err)
{
    struct agreeing *agreeing = self;
    if (row == NULL || row->intended)
        return FAULT_NONE;
    struct ledger_row lost = *row;
    if (row->status == LEDGER_REJECTED) { /* its dead letter is not in the index of now: it is rejected there once */
        lost.intended = true;
        return ledger_settle(agreeing->feeding->ledger, &lost, err);
    }
    if (ledger_row_holds(entry, row))
        return FAULT_NONE;
    struct thing *thing =
        agreeing->feeding->round.sorted != NULL ? round_find(&agreeing->feeding->round, row->id) : NULL;
    bool settled = thing != NULL && (thing->fate == COMMITTED || thing->fate == UNCHANGED || thing->fate == DELETED);
    if (settled) {
        thing_settle(agreeing->feeding, thing, TO_DO);
        agreeing->again = true;
    }
    lost.intended = true;
    agreeing->marked++;
    if (thing == NULL && row->status == LEDGER_DELETED)
        TRY(back_note(agreeing, row, err));
    return ledger_settle(agreeing->feeding->ledger, &lost, err);
}

/* The same shard, and not set back to an earlier state of it. */
static enum fault shard_is_known(struct ledger *ledger, const struct referent_shard *shard, bool *known,
                                 struct error *err)
{
    unsigned char lineage[16];
    uint64_t sequence;
    bool found;
    static const unsigned char none[16];
    TRY(ledger_shard(ledger, shard->number, lineage, &sequence, &found, err));
    bool same = found && memcmp(lineage, shard->lineage, sizeof lineage) == 0 && shard->sequence >= sequence;
    *known = same || memcmp(shard->lineage, none, sizeof none) == 0;
    return FAULT_NONE;
}

static enum fault shard_agree(struct agreeing *agreeing, const struct referent_shard *shard, uint32_t shards,
                              struct error *err)
{
    struct feeding *feeding = agreeing->feeding;
    struct comparison seen;
    struct ledger_row row;
    bool any;
    size_t before = agreeing->marked;
    TRY(ledger_next(feeding->ledger, "", &row, &any, err));
    if (!any) /* a new ledger agrees with everything */
        return ledger_shard_agree(feeding->ledger, shard->number, shard->lineage, shard->sequence, err);
    TRY(comparison_run(feeding->feeder, feeding->ledger, shard->number, shards, (int)feeding->patience_s * 1000,
                       agree_visit, agreeing, &seen, err));
    TRY(ledger_shard_agree(feeding->ledger, shard->number, seen.lineage, seen.sequence, err));
    TRY(ledger_sync(feeding->ledger, err)); /* the marks and the agreement together, or neither */
    if (agreeing->marked > before)
        complain("shard %u is not the one of before (a new index or a restored one): %zu documents differ there "
                 "and are made as they were",
                 (unsigned)shard->number, agreeing->marked - before);
    return FAULT_NONE;
}

enum fault ledger_agree(struct feeding *feeding, bool *again, struct error *err)
{
    struct agreeing agreeing = {.feeding = feeding};
    const struct referent_shard *map;
    uint64_t welcomes;
    *again = false;
    size_t count = referent_feeder_shards(feeding->feeder, &map, &welcomes);
    if (welcomes == feeding->welcomes)
        return FAULT_NONE;
    TRY(ledger_sync(feeding->ledger, err));
    for (size_t i = 0; i < count; i++) {
        struct referent_shard shard = map[i]; /* the map may change while it is compared */
        bool known;
        TRY(shard_is_known(feeding->ledger, &shard, &known, err));
        if (!known)
            TRY(shard_agree(&agreeing, &shard, (uint32_t)count, err));
        if (referent_feeder_shards(feeding->feeder, &map, NULL) != count)
            break;
    }
    TRY(back_add(&agreeing, err));
    feeding->welcomes = welcomes;
    *again = agreeing.again;
    return FAULT_NONE;
}
