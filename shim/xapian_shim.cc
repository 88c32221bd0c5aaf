// Xapian behind a plain C contract: reading and searching. With the other files of shim/ the only C++.
#include "inside.h"
#include "xapian_kinds.h"

#include <cstring>
#include <map>
#include <unistd.h>

using std::string;

// A path to a stub may lead elsewhere next time.
static bool is_local(const string &path)
{
    return access((path + "/iamglass").c_str(), F_OK) == 0;
}

static bool is_newest(const struct opened &opened)
{
    return opened.file != nullptr && opened.file->is_newest(opened.path);
}

// To the newest commit; whether there was one. What fails in the middle is of no use any more.
static bool opened_move(struct opened &opened)
{
    if (is_newest(opened))
        return false;
    opened.file.reset();
    auto file = std::make_shared<revision_file>(opened.path); // before what it names is opened
    bool moved = opened.database.reopen();
    opened.file = std::move(file);
    return moved;
}

static struct opened opened_new(const string &path)
{
    auto file = std::make_shared<revision_file>(path); // before what it names is opened
    return {path, Xapian::Database(path), std::make_shared<struct counted>(), std::move(file), false};
}

// What `before` has open there, at its newest commit; false if it has not, or if another database stands there now.
static bool take_over(struct database *before, const string &path, struct opened &one)
{
    if (before == nullptr)
        return false;
    for (struct opened &opened : before->opened)
        if (opened.path == path && opened.file != nullptr) {
            if (!is_newest(opened)) {
                if (!is_local(path))
                    return false;
                string uuid = opened.database.get_uuid();
                try {
                    (void)opened_move(opened);
                } catch (const Xapian::DatabaseError &) {
                    return false; // opening it says what is wrong
                }
                if (opened.database.get_uuid() != uuid)
                    return false;
            }
            one = opened;
            one.taken = false;
            return opened.taken = true;
        }
    return false;
}

static void part_open(struct database &database, const struct database_row &row, struct database *before = nullptr)
{
    std::vector<struct opened> opened;
    for (size_t i = 0; i < row.count; i++) {
        string path = row.paths[i];
        struct opened one;
        if (!take_over(before, path, one))
            one = opened_new(path);
        opened.push_back(one);
    }
    database.totals.clear();
    database.parts.emplace_back();
    database.heads.push_back({database.opened.size(), is_local(opened[0].path)});
    for (size_t i = 0; i < row.count; i++) {
        database.local = database.local && is_local(opened[i].path);
        database.parts.back().add_database(opened[i].database);
        database.all.add_database(opened[i].database);
        database.opened.push_back(opened[i]);
    }
}

enum fault database_open_known(const char *path, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        auto database = std::make_unique<struct database>();
        try {
            part_open(*database, {&path, 1});
        } catch (const Xapian::DatabaseError &e) {
            if (!is_damage(e))
                throw;
            return error_set(err, FAULT_STOP, "database.damaged", "%s", e.get_msg().c_str());
        }
        *out = database.release();
        return FAULT_NONE;
    });
}

enum fault database_open_read(const char *const *paths, size_t count, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        auto database = std::make_unique<struct database>();
        for (size_t i = 0; i < count; i++)
            part_open(*database, {&paths[i], 1});
        *out = database.release();
        return FAULT_NONE;
    });
}

enum fault database_open_rows(const struct database_row *rows, size_t count, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        auto database = std::make_unique<struct database>();
        for (size_t i = 0; i < count; i++)
            part_open(*database, rows[i]);
        *out = database.release();
        return FAULT_NONE;
    });
}

enum fault database_open_none(struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        *out = std::make_unique<struct database>().release();
        return FAULT_NONE;
    });
}

enum fault database_open_row(struct database *database, const struct database_row *row, struct database *before,
                             struct error *err)
{
    return guarded(err, "database.open", [&] {
        part_open(*database, *row, before);
        return FAULT_NONE;
    });
}

void database_leave(struct database **before, struct database **rest)
{
    *rest = nullptr;
    if (*before == nullptr)
        return;
    struct error ignored;
    (void)guarded(&ignored, "database.close", [&] {
        auto left = std::make_unique<struct database>();
        for (struct opened &opened : (*before)->opened)
            if (!opened.taken)
                left->opened.push_back(std::move(opened));
        if (!left->opened.empty())
            *rest = left.release();
        return FAULT_NONE;
    });
    database_close(before);
}

enum fault database_refresh(struct database *database, bool *moved, struct error *err)
{
    return guarded(err, "database.refresh", [&] {
        bool newer = false;
        for (const struct head &head : database->heads) {
            struct opened &opened = database->opened[head.place];
            if (head.local && is_newest(opened))
                continue;
            database->behind = database->behind || head.local; // also where it was only touched, or fails now
            newer = opened_move(opened) || newer;
            database->behind = database->behind || newer;
        }
        if (database->behind) {
            database->totals.clear();
            for (struct opened &opened : database->opened)
                newer = opened_move(opened) || newer;
        }
        database->behind = false;
        if (moved != nullptr)
            *moved = newer;
        return FAULT_NONE;
    });
}

// A young segment is committed before the head that its change belongs to, once for each commit or touch of the head.
enum fault database_whole(struct database *database, struct error *err)
{
    return guarded(err, "database.whole", [&] {
        for (size_t i = 0; i < database->heads.size(); i++) {
            const struct head &head = database->heads[i];
            size_t end = i + 1 < database->heads.size() ? database->heads[i + 1].place : database->opened.size();
            if (!head.local || is_newest(database->opened[head.place]))
                continue;
            for (size_t place = head.place; place < end; place++) {
                const struct opened &one = database->opened[place];
                if (is_newest(one) || revision_is_whole(one.path, one.database))
                    continue;
                database->behind = true;
                return error_set(err, FAULT_REOPEN, "database.overtaken",
                                 "commits may have written over what was read");
            }
        }
        return FAULT_NONE;
    });
}

void database_touch(const char *path)
{
    revision_touch(path);
}

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

// ---------------------------------------------------------------- searching

// Document n of database d of all has the number (n - 1) * databases + d + 1; in its part, counted the same way, the
// databases are those of the part.
static void hit_place(const std::vector<size_t> &sizes, Xapian::docid number, struct search_hit *hit)
{
    size_t all = 0;
    for (size_t size : sizes)
        all += size;
    if (all == 0)
        throw Xapian::InvalidArgumentError("a hit of no database");
    size_t at = (number - 1) % all, in_database = (number - 1) / all;
    hit->part = 0;
    hit->segment = at;
    hit->own = static_cast<uint32_t>(in_database + 1);
    while (at >= sizes[hit->part])
        at -= sizes[hit->part++];
    hit->docid = static_cast<uint32_t>(in_database * sizes[hit->part] + at + 1);
}

// Operators take their operands from the end of the stack.
static Xapian::Query combined(const struct query_node &node, std::vector<Xapian::Query> &stack)
{
    size_t wanted = node.op == QUERY_SCALE                                ? 1
                    : node.op == QUERY_AND_NOT || node.op == QUERY_FILTER ? 2
                                                                          : node.operands;
    if (wanted > stack.size())
        throw Xapian::InvalidArgumentError("a query operator lacks operands");
    auto first = stack.end() - static_cast<std::ptrdiff_t>(wanted);
    Xapian::Query made;
    switch (node.op) {
    case QUERY_AND: made = Xapian::Query(Xapian::Query::OP_AND, first, stack.end()); break;
    case QUERY_OR: made = Xapian::Query(Xapian::Query::OP_OR, first, stack.end()); break;
    case QUERY_SYNONYM: made = Xapian::Query(Xapian::Query::OP_SYNONYM, first, stack.end()); break;
    case QUERY_AND_MAYBE: made = Xapian::Query(Xapian::Query::OP_AND_MAYBE, first, stack.end()); break;
    case QUERY_PHRASE: made = Xapian::Query(Xapian::Query::OP_PHRASE, first, stack.end(), wanted); break;
    case QUERY_AND_NOT: made = Xapian::Query(Xapian::Query::OP_AND_NOT, first[0], first[1]); break;
    case QUERY_FILTER: made = Xapian::Query(Xapian::Query::OP_FILTER, first[0], first[1]); break;
    case QUERY_SCALE: made = Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, first[0], node.factor); break;
    default: throw Xapian::InvalidArgumentError("an unknown query operator");
    }
    stack.erase(first, stack.end());
    return made;
}

static Xapian::Query kind_of(const struct search *search, const struct query_node &node, bool local)
{
    string term = string_of(node.text);
    if (local && search->kinds != nullptr)
        return kinds_query(search->kinds, term, node.factor);
    Xapian::Query weight((new Xapian::FixedWeightPostingSource(node.factor))->release());
    return Xapian::Query(Xapian::Query::OP_FILTER, weight, Xapian::Query(term));
}

static Xapian::Query query_of(const struct search *search, bool local)
{
    std::vector<Xapian::Query> stack;
    for (size_t i = 0; i < search->node_count; i++) {
        const struct query_node &node = search->nodes[i];
        switch (node.op) {
        case QUERY_TERM: stack.emplace_back(string_of(node.text)); break;
        case QUERY_ALL: stack.emplace_back(string()); break; // MatchAll is not thread-safe, Query("") is
        case QUERY_EQUAL: stack.emplace_back((new Xapian::FixedWeightPostingSource(node.factor))->release()); break;
        case QUERY_KIND: stack.push_back(kind_of(search, node, local)); break;
        case QUERY_RANGE:
            if (node.high.size > 0)
                stack.emplace_back(Xapian::Query::OP_VALUE_RANGE, node.slot, string_of(node.text),
                                   string_of(node.high));
            else
                stack.emplace_back(Xapian::Query::OP_VALUE_GE, node.slot, string_of(node.text));
            break;
        default: stack.push_back(combined(node, stack)); break;
        }
    }
    if (stack.size() != 1)
        throw Xapian::InvalidArgumentError("a query must end as one");
    return stack.back();
}

enum fault database_search(struct database *database, const struct search *search, struct search_result **out,
                           struct error *err)
{
    return guarded(err, "search.run", [&] {
        enum { K2 = 0, K3 = 1 };
        const double least_length = 0.5; // Xapian's own: no document counts as shorter than half the mean
        auto result = std::make_unique<struct search_result>(database);
        result->enquire = std::make_unique<Xapian::Enquire>(result->database);
        Xapian::Enquire &enquire = *result->enquire;
        if (search->kinds != nullptr)
            kinds_tidy(search->kinds, database->all.size());
        enquire.set_query(query_of(search, database->local));
        enquire.set_weighting_scheme(Xapian::BM25Weight(search->k1, K2, K3, search->b, least_length));
        if (search->order.by_value)
            enquire.set_sort_by_value_then_relevance(search->order.slot, search->order.reverse);
        if (search->collapse_slot != UINT32_MAX)
            enquire.set_collapse_key(search->collapse_slot);
        if (search->timeout_ms > 0)
            enquire.set_time_limit(search->timeout_ms / 1000.0);
        for (size_t i = 0; i < search->facet_count; i++) {
            result->facets.push_back(std::make_unique<Xapian::ValueCountMatchSpy>(search->facet_slots[i]));
            enquire.add_matchspy(result->facets.back().get());
        }
        result->matches = enquire.get_mset(search->offset, search->limit, search->check_at_least);
        if (search->offset == 0) // 1.4.22 counts from 0 here and reads before its items on any other page
            result->matches.fetch();
        *out = result.release();
        return FAULT_NONE;
    });
}

void search_result_free(struct search_result **result)
{
    if (result == nullptr)
        return;
    delete *result;
    *result = nullptr;
}

size_t search_result_count(const struct search_result *result)
{
    return result->enquire ? result->matches.size() : result->hits.size();
}

uint64_t search_result_total(const struct search_result *result, bool *exact)
{
    if (!result->enquire) {
        *exact = result->exact;
        return result->total;
    }
    *exact = result->matches.get_matches_lower_bound() == result->matches.get_matches_upper_bound();
    return result->matches.get_matches_estimated();
}

// The number of the hit over all databases.
static Xapian::docid hit_find(struct search_result *result, size_t index, struct search_hit *hit)
{
    hit->data = {nullptr, 0};
    if (!result->enquire) {
        const struct list_hit &found = result->hits.at(index);
        auto number = static_cast<Xapian::docid>(found.number);
        hit_place(result->sizes, number, hit);
        hit->weight = found.weight;
        hit->collapsed = 0;
        return number;
    }
    Xapian::MSetIterator at = result->matches[static_cast<Xapian::doccount>(index)];
    hit_place(result->sizes, *at, hit);
    hit->weight = at.get_weight();
    hit->collapsed = at.get_collapse_count();
    return *at;
}

enum fault search_result_place(struct search_result *result, size_t index, struct search_hit *hit, struct error *err)
{
    return guarded(err, "search.hit", [&] {
        (void)hit_find(result, index, hit);
        return FAULT_NONE;
    });
}

enum fault search_result_hit(struct search_result *result, size_t index, struct arena *arena, struct search_hit *hit,
                             struct error *err)
{
    return guarded(err, "search.hit", [&] {
        Xapian::docid number = hit_find(result, index, hit);
        Xapian::Document document = result->enquire
                                        ? result->matches[static_cast<Xapian::doccount>(index)].get_document()
                                        : result->database.get_document(number, Xapian::DOC_ASSUME_VALID);
        hit->data = keep(arena, document.get_data());
        return FAULT_NONE;
    });
}

enum fault search_result_facet(struct search_result *result, size_t facet, struct arena *arena,
                               const struct facet_count **counts, size_t *count, struct error *err)
{
    return guarded(err, "search.facet", [&] {
        Xapian::ValueCountMatchSpy &spy = *result->facets.at(facet);
        std::vector<struct facet_count> found;
        for (auto at = spy.values_begin(); at != spy.values_end(); ++at)
            found.push_back({keep(arena, *at), at.get_termfreq()});
        auto *items =
            static_cast<struct facet_count *>(arena_zero(arena, found.size() + 1, sizeof(struct facet_count)));
        if (items == nullptr)
            throw arena_bound();
        std::copy(found.begin(), found.end(), items);
        *counts = items;
        *count = found.size();
        return FAULT_NONE;
    });
}

enum fault search_result_terms(struct search_result *result, size_t index, struct arena *arena,
                               const struct matching_term **terms, size_t *count, struct error *err)
{
    return guarded(err, "search.terms", [&] {
        *terms = nullptr;
        *count = 0;
        if (!result->enquire)
            return FAULT_NONE;
        Xapian::MSetIterator hit = result->matches[static_cast<Xapian::doccount>(index)];
        std::map<string, struct matching_term> found; // in order of bytes
        auto end = result->enquire->get_matching_terms_end(hit);
        for (auto at = result->enquire->get_matching_terms_begin(hit); at != end; ++at) {
            string term = *at;
            found[term] = {keep(arena, term), result->matches.get_termfreq(term), result->matches.get_termweight(term)};
        }
        auto *items =
            static_cast<struct matching_term *>(arena_zero(arena, found.size() + 1, sizeof(struct matching_term)));
        if (items == nullptr)
            throw arena_bound();
        *count = 0;
        for (auto &one : found)
            items[(*count)++] = one.second;
        *terms = items;
        return FAULT_NONE;
    });
}

enum fault search_result_query(struct search_result *result, struct arena *arena, struct span *description,
                               struct error *err)
{
    return guarded(err, "search.query", [&] {
        *description = {"", 0};
        if (result->enquire)
            *description = keep(arena, result->enquire->get_query().get_description());
        return FAULT_NONE;
    });
}
