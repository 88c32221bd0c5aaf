// Documents read back, databases checked and merged.
#include "xapian_care.h"

#include "inside.h"
#include "xapian_inflate.h"

#include <algorithm>
#include <cstring>
#include <sstream>

using std::string;

#ifdef REFERENT_SANITIZED
/* Xapian 1.4.22 deletes the table of its check as one of a smaller type; AddressSanitizer is told to let that pass. */
extern "C" const char *__asan_default_options();
extern "C" const char *__asan_default_options()
{
    return "new_delete_type_mismatch=0";
}
#endif

template <class Item> static Item *room(struct arena *arena, size_t count)
{
    auto *items = static_cast<Item *>(arena_zero(arena, count + 1, sizeof(Item)));
    if (items == nullptr)
        throw arena_bound();
    return items;
}

static void postings_read(const Xapian::Document &from, struct arena *arena, struct span unique_prefix,
                          struct index_document *to)
{
    string prefix = string_of(unique_prefix);
    auto *postings = room<struct posting>(arena, from.termlist_count());
    size_t count = 0;
    for (auto at = from.termlist_begin(); at != from.termlist_end(); ++at) {
        string term = *at;
        struct posting &posting = postings[count++];
        posting.term = keep(arena, term);
        posting.wdf = at.get_wdf();
        posting.position_count = at.positionlist_count();
        if (posting.position_count > 0) {
            auto *positions = room<uint32_t>(arena, posting.position_count);
            std::copy(at.positionlist_begin(), at.positionlist_end(), positions);
            posting.positions = positions;
        }
        if (to->unique.size == 0 && term.compare(0, prefix.size(), prefix) == 0)
            to->unique = posting.term;
    }
    to->postings = postings;
    to->posting_count = count;
}

static void values_read(const Xapian::Document &from, struct arena *arena, struct index_document *to)
{
    auto *values = room<struct slot_value>(arena, from.values_count());
    size_t count = 0;
    for (auto at = from.values_begin(); at != from.values_end(); ++at)
        values[count++] = {at.get_valueno(), keep(arena, *at)};
    to->values = values;
    to->value_count = count;
}

enum fault database_documents(struct database *database, size_t part, struct arena *arena, struct span term,
                              struct span unique_prefix, struct index_document **documents, size_t *count,
                              struct error *err)
{
    return guarded(err, "document.read", [&] {
        Xapian::Database &from = database->part(part);
        string name = string_of(term);
        inflating tags;
        *documents = room<struct index_document>(arena, from.get_termfreq(name));
        *count = 0;
        for (auto at = from.postlist_begin(name); at != from.postlist_end(name); ++at) {
            Xapian::Document document = from.get_document(*at, Xapian::DOC_ASSUME_VALID);
            struct index_document *to = &(*documents)[(*count)++];
            postings_read(document, arena, unique_prefix, to);
            values_read(document, arena, to);
            to->data = keep(arena, document.get_data());
        }
        return FAULT_NONE;
    });
}

enum fault database_newest(struct database *database, size_t part, uint32_t *docid, struct error *err)
{
    return guarded(err, "database.newest", [&] {
        *docid = database->part(part).get_lastdocid();
        return FAULT_NONE;
    });
}

enum fault database_newer(struct database *database, size_t part, struct arena *arena, uint32_t after, uint32_t slot,
                          size_t limit, struct docid_value **out, size_t *count, struct error *err)
{
    return guarded(err, "database.newer", [&] {
        Xapian::Database &from = database->part(part);
        *out = room<struct docid_value>(arena, limit);
        *count = 0;
        auto at = from.postlist_begin(string());
        if (after < UINT32_MAX)
            at.skip_to(after + 1);
        for (; at != from.postlist_end(string()) && *count < limit; ++at) {
            string value = from.get_document(*at, Xapian::DOC_ASSUME_VALID).get_value(slot);
            (*out)[(*count)++] = {*at, keep(arena, value)};
        }
        return FAULT_NONE;
    });
}

enum fault database_value(struct database *database, size_t part, struct arena *arena, uint32_t docid, uint32_t slot,
                          struct span *value, struct error *err)
{
    return guarded(err, "document.read", [&] {
        *value = keep(arena, database->part(part).get_document(docid, Xapian::DOC_ASSUME_VALID).get_value(slot));
        return FAULT_NONE;
    });
}

enum fault database_check(const char *path, uint64_t *errors, char words[CHECK_WORDS_BYTES], struct error *err)
{
    *errors = 0;
    if (words != nullptr)
        words[0] = '\0';
    return guarded(err, "database.check", [&] {
        std::ostringstream said;
        inflating tags;
        *errors = Xapian::Database::check(path, 0, &said);
        if (words != nullptr) {
            string text = said.str();
            text.resize(std::min<size_t>(text.size(), CHECK_WORDS_BYTES - 1));
            std::memcpy(words, text.c_str(), text.size() + 1);
        }
        return FAULT_NONE;
    });
}

enum fault database_merge(const char *const *from, size_t count, const char *to, struct error *err)
{
    return guarded(err, "database.merge", [&] {
        leak_allowed allowed; // a compaction that fails, as on a full disk, leaves the tables that it had opened
        Xapian::Database all;
        for (size_t i = 0; i < count; i++)
            all.add_database(Xapian::Database(from[i]));
        all.compact(to, Xapian::Compactor::FULL);
        return FAULT_NONE;
    });
}
