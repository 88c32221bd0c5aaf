// What a database holds: metadata, counts, terms, documents by their id.
#include "inside.h"

using std::string;

enum fault database_meta(struct database *database, size_t part, struct arena *arena, struct span key,
                         struct span *value, struct error *err)
{
    return guarded(err, "metadata.get", [&] {
        *value = keep(arena, database->part(part).get_metadata(string_of(key)));
        return FAULT_NONE;
    });
}

enum fault database_count(struct database *database, size_t part, uint64_t *documents, struct error *err)
{
    return guarded(err, "database.count", [&] {
        *documents = database->part(part).get_doccount();
        return FAULT_NONE;
    });
}

// Terms and metadata keys are both lists of strings in order of bytes.
static enum fault names_after(Xapian::TermIterator at, const Xapian::TermIterator &end, struct arena *arena,
                              struct span after, size_t limit, struct span_list *out)
{
    std::vector<struct span> found;
    if (after.size > 0)
        at.skip_to(string_of(after));
    for (; at != end && found.size() < limit; ++at)
        if (string name = *at; after.size == 0 || name != string_of(after))
            found.push_back(keep(arena, name));
    auto *items = static_cast<struct span *>(arena_zero(arena, found.size() + 1, sizeof(struct span)));
    if (items == nullptr)
        throw arena_bound();
    std::copy(found.begin(), found.end(), items);
    *out = {items, found.size()};
    return FAULT_NONE;
}

enum fault database_terms(struct database *database, size_t part, struct arena *arena, struct span prefix,
                          struct span after, size_t limit, struct span_list *out, struct error *err)
{
    return guarded(err, "database.terms", [&] {
        Xapian::Database &from = database->part(part);
        return names_after(from.allterms_begin(string_of(prefix)), from.allterms_end(string_of(prefix)), arena, after,
                           limit, out);
    });
}

enum fault database_meta_keys(struct database *database, size_t part, struct arena *arena, struct span prefix,
                              struct span after, size_t limit, struct span_list *out, struct error *err)
{
    return guarded(err, "metadata.keys", [&] {
        leak_allowed allowed; // a list that a commit overtakes as it begins leaves its cursor
        Xapian::Database &from = database->part(part);
        return names_after(from.metadata_keys_begin(string_of(prefix)), from.metadata_keys_end(string_of(prefix)),
                           arena, after, limit, out);
    });
}

enum fault database_term_freq(struct database *database, size_t part, struct span term, uint64_t *documents,
                              struct error *err)
{
    return guarded(err, "database.term", [&] {
        *documents = database->part(part).get_termfreq(string_of(term));
        return FAULT_NONE;
    });
}

enum fault database_frequency(struct database *database, struct span term, uint64_t *documents, struct error *err)
{
    return guarded(err, "database.term", [&] {
        string name = string_of(term);
        if (!database->local) {
            *documents = database->all.get_termfreq(name);
            return FAULT_NONE;
        }
        auto known = database->totals.find(name);
        if (known != database->totals.end()) {
            *documents = known->second;
            return FAULT_NONE;
        }
        *documents = 0;
        for (struct opened &opened : database->opened)
            *documents += opened_frequency(opened, name);
        if (database->totals.size() >= COUNTED_MAX)
            database->totals.clear();
        database->totals.emplace(std::move(name), *documents);
        return FAULT_NONE;
    });
}

enum fault database_visit(struct database *database, struct span prefix,
                          bool (*visit)(void *self, struct span term, uint64_t documents), void *self,
                          struct error *err)
{
    return guarded(err, "database.terms", [&] {
        string head = string_of(prefix);
        auto end = database->all.allterms_end(head);
        for (auto at = database->all.allterms_begin(head); at != end; ++at) {
            string term = *at;
            if (!visit(self, {term.data(), term.size()}, at.get_termfreq()))
                break;
        }
        return FAULT_NONE;
    });
}

enum fault database_find(struct database *database, size_t part, struct arena *arena, struct span term,
                         const uint32_t *slots, size_t slot_count, struct span *values, struct span *data, bool *found,
                         struct error *err)
{
    return guarded(err, "document.find", [&] {
        Xapian::Database &from = database->part(part);
        string name = string_of(term);
        Xapian::PostingIterator at = from.postlist_begin(name);
        *found = at != from.postlist_end(name);
        if (!*found)
            return FAULT_NONE;
        Xapian::Document document = from.get_document(*at, Xapian::DOC_ASSUME_VALID);
        for (size_t i = 0; i < slot_count; i++)
            values[i] = keep(arena, document.get_value(slots[i]));
        if (data != nullptr)
            *data = keep(arena, document.get_data());
        return FAULT_NONE;
    });
}

size_t database_width(struct database *database, size_t part)
{
    return database->parts[part].size();
}

enum fault database_data(struct database *database, size_t part, uint32_t docid, struct arena *arena, struct span *data,
                         bool *found, struct error *err)
{
    return guarded(err, "document.data", [&] {
        *found = false;
        try {
            *data = keep(arena, database->part(part).get_document(docid, Xapian::DOC_ASSUME_VALID).get_data());
            *found = true;
        } catch (const Xapian::DocNotFoundError &) {
        }
        return FAULT_NONE;
    });
}
