/* near: looks through live terms for what was meant. On a search thread. */
#include "near.h"

#include "filter.h"
#include "spelling.h"

enum { NAME_WORDS_MAX = 12 };

/* ---------------------------------------------------------------- words */

struct near_word {
    char bytes[TERM_MAX_BYTES];
    size_t size;
    uint64_t documents;
};

struct stem_search {
    struct span stem;
    uint32_t letters;
    unsigned best; /* edits of what is kept; more is not looked for */
    size_t most, count;
    struct near_word kept[8];
};

static void keep(struct stem_search *search, struct span value, uint64_t documents)
{
    size_t at = search->count;
    while (at > 0 && search->kept[at - 1].documents < documents)
        at--;
    if (at >= search->most)
        return;
    size_t moved = search->count < search->most ? search->count - at : search->most - 1 - at;
    memmove(&search->kept[at + 1], &search->kept[at], moved * sizeof *search->kept);
    memcpy(search->kept[at].bytes, value.at, value.size);
    search->kept[at].size = value.size;
    search->kept[at].documents = documents;
    search->count += search->count < search->most;
}

/* An edit takes away one letter at most, and brings one: what is far off is seen without counting. */
static bool may_be_near(const struct stem_search *search, struct span value)
{
    uint32_t letters = names_letters(value);
    return (unsigned)__builtin_popcount(search->letters & ~letters) <= search->best &&
           (unsigned)__builtin_popcount(letters & ~search->letters) <= search->best;
}

static void look_at_stem(void *self, struct span value, uint64_t documents)
{
    struct stem_search *search = self;
    if (!may_be_near(search, value))
        return;
    unsigned edits = spelling_distance(search->stem, value, search->best);
    if (edits > search->best || edits == 0)
        return;
    if (edits < search->best)
        search->count = 0;
    search->best = edits;
    keep(search, value, documents);
}

enum fault near_stems(struct asking *asking, struct span stem, struct span *out, size_t most, size_t *count)
{
    struct stem_search search = {
        .stem = stem, .letters = names_letters(stem), .best = spelling_tolerance(stem), .most = most < 8 ? most : 8};
    size_t first = stem.size > 1 && (unsigned char)stem.at[0] >= 0x80 ? 2 : 1;
    *count = 0;
    if (search.best == 0 || stem.size < first)
        return FAULT_NONE;
    TRY(live_visit(asking, PREFIX_TEXT, span_cut(stem, 0, first), look_at_stem, &search));
    for (size_t i = 0; i < search.count; i++) {
        struct text copy = arena_copy(asking->arena, (struct span){search.kept[i].bytes, search.kept[i].size});
        if (copy.at == NULL)
            return arena_full(asking->err);
        out[(*count)++] = (struct span){copy.at, copy.size};
    }
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- names */

struct name_words {
    struct span words[NAME_WORDS_MAX];
    size_t count;
};

struct name_search {
    struct arena *arena;
    struct name_words wanted;
    bool whole, full;
    struct near_names *out;
};

static struct name_words words_of(struct span folded)
{
    struct name_words words = {.count = 0};
    for (size_t start = 0; start < folded.size && words.count < NAME_WORDS_MAX;) {
        const char *space = memchr(folded.at + start, ' ', folded.size - start);
        size_t end = space ? (size_t)(space - folded.at) : folded.size;
        words.words[words.count++] = span_cut(folded, start, end);
        start = end + 1;
    }
    return words;
}

/* The fewest edits to any word of the name, or more than the word may have. */
static unsigned word_edits(struct span wanted, const struct name_words *name)
{
    unsigned tolerance = spelling_tolerance(wanted), best = tolerance + 1;
    for (size_t i = 0; i < name->count && best > 0; i++) {
        unsigned edits = spelling_distance(wanted, name->words[i], tolerance);
        best = edits < best ? edits : best;
    }
    return best > tolerance ? UINT32_MAX : best;
}

static bool look_at_name(void *self, struct span value, uint64_t documents)
{
    struct name_search *search = self;
    struct near_names *out = search->out;
    unsigned edits = 0;
    (void)documents;
    if (value.size > 0 && value.at[0] == ':')
        value = span_cut(value, 1, value.size);
    struct name_words name = words_of(value);
    if (search->whole && name.count != search->wanted.count)
        return true;
    for (size_t i = 0; i < search->wanted.count; i++) {
        unsigned more = word_edits(search->wanted.words[i], &name);
        if (more == UINT32_MAX || edits + more > out->edits)
            return true;
        edits += more;
    }
    if (edits < out->edits)
        out->count = 0;
    out->edits = edits;
    if (out->count == NEAR_NAMES_MAX)
        return true;
    struct text copy = arena_copy(search->arena, value);
    search->full = search->full || copy.at == NULL;
    out->names[out->count++] = (struct span){copy.at, copy.size};
    return !search->full;
}

/* Names of a moment ago may be gone. */
static enum fault gone_drop(struct asking *asking, enum schema_prefix prefix, struct near_names *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        uint64_t documents;
        struct span term = term_make(asking->arena, prefix, out->names[i]);
        if (term.at == NULL)
            return arena_full(asking->err);
        TRY(live_count(asking, term, &documents));
        if (documents > 0)
            out->names[kept++] = out->names[i];
    }
    out->count = kept;
    return FAULT_NONE;
}

enum fault near_values(struct asking *asking, enum schema_prefix prefix, struct span folded, bool whole,
                       struct near_names *out)
{
    enum { EDITS_OF_ALL = 3 };
    struct name_search search = {.arena = asking->arena, .wanted = words_of(folded), .whole = whole, .out = out};
    unsigned tolerance = 0;
    out->count = 0;
    out->edits = EDITS_OF_ALL;
    if (search.wanted.count == 0)
        return FAULT_NONE;
    for (size_t i = 0; i < search.wanted.count; i++)
        tolerance += spelling_tolerance(search.wanted.words[i]);
    int missing = (int)(tolerance < EDITS_OF_ALL ? tolerance : EDITS_OF_ALL);
    TRY(names_visit(asking->names, asking->database, prefix, names_letters(folded), missing, look_at_name, &search,
                    asking->err));
    return search.full ? arena_full(asking->err) : gone_drop(asking, prefix, out);
}
