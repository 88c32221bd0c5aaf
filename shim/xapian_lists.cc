// Lists of postings, database by database.
#include "xapian_lists.h"

#include "inside.h"
#include "xapian_kinds.h"

#include <algorithm>
#include <cstring>

using std::string;

enum fault database_segments(struct database *database, struct kinds *kinds, struct arena *arena,
                             const struct segment **segments, size_t *count, struct error *err)
{
    return guarded(err, "database.segments", [&] {
        if (kinds != nullptr)
            kinds_tidy(kinds, database->opened.size());
        *count = database->local ? database->opened.size() : 0;
        auto *made = static_cast<struct segment *>(arena_zero(arena, *count + 1, sizeof(struct segment)));
        if (made == nullptr)
            throw arena_bound();
        for (size_t i = 0; i < *count; i++) {
            const Xapian::Database &one = database->opened[i].database;
            string uuid = one.get_uuid();
            std::memcpy(made[i].uuid, uuid.data(), std::min<size_t>(uuid.size(), SEGMENT_UUID_BYTES));
            made[i].revision = one.get_revision();
            made[i].documents = one.get_doccount();
            made[i].length = one.get_total_length();
        }
        *segments = made;
        return FAULT_NONE;
    });
}

Xapian::doccount opened_frequency(struct opened &opened, const string &term)
{
    struct counted &counted = *opened.counted;
    Xapian::rev revision = opened.database.get_revision();
    if (counted.revision != revision || counted.of.size() >= COUNTED_MAX) {
        counted.of.clear();
        counted.revision = revision;
    }
    auto known = counted.of.find(term);
    if (known != counted.of.end())
        return known->second;
    Xapian::doccount documents = opened.database.get_termfreq(term);
    counted.of.emplace(term, documents);
    return documents;
}

enum fault segment_frequency(struct database *database, size_t segment, struct span term, uint32_t *documents,
                             struct error *err)
{
    return guarded(err, "list.frequency", [&] {
        struct opened &one = database->opened.at(segment);
        *documents = term.size == 0 ? one.database.get_doccount() : opened_frequency(one, string_of(term));
        return FAULT_NONE;
    });
}

enum fault segment_postings(struct database *database, size_t segment, struct span term, enum list_facts facts,
                            uint32_t after, struct list_posting *postings, uint32_t room, uint32_t *count,
                            struct error *err)
{
    return guarded(err, "list.postings", [&] {
        const Xapian::Database &one = database->opened.at(segment).database;
        string name = string_of(term);
        auto at = one.postlist_begin(name), end = one.postlist_end(name);
        *count = 0;
        if (after > 0 && at != end)
            at.skip_to(after + 1);
        for (; at != end && *count < room; ++at) {
            if (*at <= after)
                throw Xapian::DatabaseModifiedError("a list was written over while it was read");
            after = *at;
            postings[(*count)++] = {after, facts == LIST_COUNTS ? at.get_wdf() : 0,
                                    facts == LIST_LENGTHS ? at.get_doclength() : 0};
        }
        return FAULT_NONE;
    });
}

enum fault segment_last(struct database *database, size_t segment, uint32_t *docid, struct error *err)
{
    return guarded(err, "list.last", [&] {
        *docid = database->opened.at(segment).database.get_lastdocid();
        return FAULT_NONE;
    });
}

enum fault segment_length(struct database *database, size_t segment, uint32_t docid, uint32_t *length,
                          struct error *err)
{
    return guarded(err, "list.length", [&] {
        *length = database->opened.at(segment).database.get_doclength(docid);
        return FAULT_NONE;
    });
}

enum fault segment_kind(struct database *database, size_t segment, struct kinds *kinds, struct span term,
                        const uint64_t **words, size_t *count, struct error *err)
{
    return guarded(err, "list.kind", [&] {
        const auto &bits = kinds_bits(kinds, database->opened.at(segment).database, string_of(term));
        *words = bits.data();
        *count = bits.size();
        return FAULT_NONE;
    });
}

enum fault search_result_new(struct database *database, const struct list_hit *hits, size_t count, uint64_t total,
                             bool exact, struct search_result **out, struct error *err)
{
    return guarded(err, "search.result", [&] {
        auto result = std::make_unique<struct search_result>(database);
        result->hits.assign(hits, hits + count);
        result->total = total;
        result->exact = exact;
        *out = result.release();
        return FAULT_NONE;
    });
}
