// Searching: from a query on a stack to hits, facets and the terms behind them.
#include "inside.h"
#include "xapian_kinds.h"

#include <map>

using std::string;

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
