/* bare: composed query -> MSet, data, snippets, facets. */
#include "bare.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>
#include <xapian.h>

struct bare {
    Xapian::Database database;
    size_t parts;
    Xapian::Stem stem{"danish"};
};

static std::string string_of(struct span bytes)
{
    return bytes.size > 0 ? std::string(bytes.at, bytes.size) : std::string();
}

static void operator_push(const struct query_node &node, std::vector<Xapian::Query> &stack)
{
    using Query = Xapian::Query;
    size_t wanted = node.op == QUERY_SCALE                                ? 1
                    : node.op == QUERY_AND_NOT || node.op == QUERY_FILTER ? 2
                                                                          : node.operands;
    auto first = stack.end() - static_cast<std::ptrdiff_t>(wanted);
    Query made;
    switch (node.op) {
    case QUERY_AND: made = Query(Query::OP_AND, first, stack.end()); break;
    case QUERY_OR: made = Query(Query::OP_OR, first, stack.end()); break;
    case QUERY_SYNONYM: made = Query(Query::OP_SYNONYM, first, stack.end()); break;
    case QUERY_AND_MAYBE: made = Query(Query::OP_AND_MAYBE, first, stack.end()); break;
    case QUERY_PHRASE: made = Query(Query::OP_PHRASE, first, stack.end(), wanted); break;
    case QUERY_AND_NOT: made = Query(Query::OP_AND_NOT, first[0], first[1]); break;
    case QUERY_FILTER: made = Query(Query::OP_FILTER, first[0], first[1]); break;
    case QUERY_SCALE: made = Query(Query::OP_SCALE_WEIGHT, first[0], node.factor); break;
    default: abort();
    }
    stack.erase(first, stack.end());
    stack.push_back(made);
}

static Xapian::Query query_of(const struct search *search)
{
    using Query = Xapian::Query;
    std::vector<Xapian::Query> stack;
    for (size_t i = 0; i < search->node_count; i++) {
        const struct query_node &node = search->nodes[i];
        if (node.op == QUERY_TERM)
            stack.emplace_back(string_of(node.text));
        else if (node.op == QUERY_ALL)
            stack.emplace_back(std::string());
        else if (node.op == QUERY_EQUAL)
            stack.emplace_back((new Xapian::FixedWeightPostingSource(node.factor))->release());
        else if (node.op == QUERY_KIND)
            stack.emplace_back(Query::OP_FILTER, Query((new Xapian::FixedWeightPostingSource(node.factor))->release()),
                               Query(string_of(node.text)));
        else if (node.op == QUERY_RANGE && node.high.size > 0)
            stack.emplace_back(Xapian::Query::OP_VALUE_RANGE, node.slot, string_of(node.text), string_of(node.high));
        else if (node.op == QUERY_RANGE)
            stack.emplace_back(Xapian::Query::OP_VALUE_GE, node.slot, string_of(node.text));
        else
            operator_push(node, stack);
    }
    return stack.back();
}

struct bare *bare_open(const char *const *paths, size_t count)
try {
    auto bare = std::make_unique<struct bare>();
    bare->parts = count;
    for (size_t i = 0; i < count; i++)
        bare->database.add_database(Xapian::Database(paths[i]));
    return bare.release();
} catch (const Xapian::Error &error) {
    fprintf(stderr, "bare: %s\n", error.get_description().c_str());
    exit(1);
}

void bare_close(struct bare **bare)
{
    delete *bare;
    *bare = nullptr;
}

size_t bare_search(struct bare *bare, const struct search *search, size_t snippet_bytes, bare_text text, void *self)
try {
    Xapian::Enquire enquire(bare->database);
    std::vector<std::unique_ptr<Xapian::ValueCountMatchSpy>> spies;
    enquire.set_query(query_of(search));
    enquire.set_weighting_scheme(Xapian::BM25Weight(search->k1, 0, 1, search->b, 0.5));
    for (size_t i = 0; i < search->facet_count; i++) {
        spies.push_back(std::make_unique<Xapian::ValueCountMatchSpy>(search->facet_slots[i]));
        enquire.add_matchspy(spies.back().get());
    }
    Xapian::MSet matches = enquire.get_mset(search->offset, search->limit, search->check_at_least);
    matches.fetch();
    size_t kept = 0;
    for (auto at = matches.begin(); at != matches.end(); ++at) {
        std::string data = at.get_document().get_data();
        kept += data.size() > 0;
        if (text == nullptr)
            continue;
        struct span whole = text(self, (*at - 1) % bare->parts, static_cast<uint32_t>((*at - 1) / bare->parts + 1),
                                 {data.data(), data.size()});
        std::string shown = matches.snippet(string_of(whole), snippet_bytes, bare->stem,
                                            Xapian::MSet::SNIPPET_BACKGROUND_MODEL | Xapian::MSet::SNIPPET_EXHAUSTIVE,
                                            "<mark>", "</mark>", "…");
        kept += shown.empty() ? 0 : 0 * shown.size();
    }
    for (auto &spy : spies)
        for (auto at = spy->top_values_begin(10); at != spy->top_values_end(10); ++at)
            kept += 0 * (*at).size();
    return kept;
} catch (const Xapian::Error &error) {
    fprintf(stderr, "bare: %s\n", error.get_description().c_str());
    exit(1);
}
