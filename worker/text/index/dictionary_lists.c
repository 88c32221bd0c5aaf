/* dictionary_lists: what the documents of a record have -> a list each, terms ascending. The end of a record. */
#include "dictionary_inside.h"

#include "term_order.h"

static struct span term_bytes(const void *self, uint32_t number)
{
    const struct dictionary *dictionary = self;
    return bytes_of(&dictionary->terms.items[number]);
}

/* The terms in the order of their bytes. NULL when the arena is full. */
static const struct term_key *terms_sort(const struct dictionary *dictionary)
{
    size_t count = dictionary->terms.count;
    struct term_key *keys = arena_alloc(dictionary->arena, (count + 1) * sizeof *keys);
    struct term_key *spare = arena_alloc(dictionary->arena, (count + 1) * sizeof *keys);
    if (keys == NULL || spare == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct term_key){dictionary->terms.items[i].head, (uint32_t)i};
    return term_sort(dictionary->arena, keys, spare, count, term_bytes, dictionary);
}

/* Lists without postings, each with its place for them. */
static struct posting_list *lists_new(const struct dictionary *dictionary)
{
    struct posting_list *lists = arena_zero(dictionary->arena, dictionary->document + 1U, sizeof *lists);
    struct posting *postings = arena_alloc(dictionary->kept, dictionary->postings.count * sizeof *postings);
    uint32_t *numbers = arena_alloc(dictionary->kept, dictionary->postings.count * sizeof *numbers);
    if (lists == NULL || postings == NULL || numbers == NULL)
        return NULL;
    for (size_t i = 0; i < dictionary->document; i++) {
        lists[i].postings = postings + dictionary->firsts.items[i];
        lists[i].numbers = numbers + dictionary->firsts.items[i];
    }
    return lists;
}

static size_t terms_size(const struct dictionary *dictionary)
{
    size_t size = 0;
    for (size_t i = 0; i < dictionary->terms.count; i++)
        size += dictionary->terms.items[i].size;
    return size;
}

/* A term by its rank among all terms of the record. */
struct ranked {
    const char *at;
    uint32_t size, number;
};

/* What puts the postings of a document in order: each has a bit by its term's rank, and each word of such bits that is
 * not 0 has one as well. So nothing is compared, a document costs a look at a word for 4,096 terms of the record, and
 * its list is written from front to back. */
struct ranking {
    struct ranked *terms;   /* by rank */
    uint32_t *ranks;        /* by number */
    uint32_t *postings;     /* of the document, by rank */
    uint64_t *bits, *words; /* all 0 between two documents */
    size_t word_words;
};

static bool ranking_new(const struct dictionary *dictionary, struct ranking *out)
{
    size_t count = dictionary->terms.count;
    *out = (struct ranking){.word_words = count / 4096 + 1};
    out->terms = arena_alloc(dictionary->arena, count * sizeof *out->terms);
    out->ranks = arena_alloc(dictionary->arena, count * sizeof *out->ranks);
    out->postings = arena_alloc(dictionary->arena, count * sizeof *out->postings);
    out->bits = arena_zero(dictionary->arena, count / 64 + 1, sizeof *out->bits);
    out->words = arena_zero(dictionary->arena, out->word_words, sizeof *out->words);
    return out->terms != NULL && out->ranks != NULL && out->postings != NULL && out->bits != NULL && out->words != NULL;
}

/* The terms' bytes move, in their order: so the record does not need the vocabulary any more. */
static bool terms_rank(const struct dictionary *dictionary, struct ranking *ranking)
{
    const struct term_key *keys = terms_sort(dictionary);
    char *to = arena_alloc(dictionary->kept, terms_size(dictionary));
    if (keys == NULL || to == NULL)
        return false;
    for (size_t i = 0; i < dictionary->terms.count; i++) {
        const struct term *term = &dictionary->terms.items[keys[i].term];
        ranking->terms[i] = (struct ranked){to, term->size, term->number};
        ranking->ranks[keys[i].term] = (uint32_t)i;
        to = bytes_copy(to, bytes_of(term));
    }
    return true;
}

/* The postings of the ranks with a bit in the word. */
static void word_take(const struct dictionary *dictionary, const struct ranking *ranking, size_t word,
                      struct posting_list *list)
{
    struct posting *posting = list->postings + list->count;
    uint32_t *number = list->numbers + list->count;
    size_t bytes = 0;
    for (uint64_t bits = ranking->bits[word]; bits != 0; bits &= bits - 1, posting++) {
        size_t rank = word * 64 + (size_t)__builtin_ctzll(bits);
        const struct ranked *term = &ranking->terms[rank];
        const struct raw_posting *raw = &dictionary->postings.items[ranking->postings[rank]];
        *number++ = term->number;
        *posting = (struct posting){{term->at, term->size}, raw->wdf, raw->position_count, raw->positions};
        bytes += term->size + raw->position_count * sizeof(uint32_t);
    }
    list->count = (size_t)(posting - list->postings);
    list->bytes += bytes;
    ranking->bits[word] = 0;
}

/* The postings from..to-1 become the list of their document. */
static void list_fill(const struct dictionary *dictionary, const struct ranking *ranking, size_t from, size_t to,
                      struct posting_list *list)
{
    for (size_t i = from; i < to; i++) {
        uint32_t rank = ranking->ranks[dictionary->postings.items[i].term];
        ranking->postings[rank] = (uint32_t)i;
        ranking->bits[rank / 64] |= UINT64_C(1) << rank % 64;
        ranking->words[rank / 4096] |= UINT64_C(1) << rank / 64 % 64;
    }
    for (size_t i = 0; i < ranking->word_words; i++) {
        for (uint64_t words = ranking->words[i]; words != 0; words &= words - 1)
            word_take(dictionary, ranking, i * 64 + (size_t)__builtin_ctzll(words), list);
        ranking->words[i] = 0;
    }
}

bool dictionary_finish(struct dictionary *dictionary, const struct posting_list **lists)
{
    struct ranking ranking;
    struct posting_list *out = lists_new(dictionary);
    if (out == NULL || !ranking_new(dictionary, &ranking) || !terms_rank(dictionary, &ranking))
        return false;
    for (size_t i = 0; i < dictionary->document; i++) {
        bool last = i + 1 == dictionary->document;
        size_t to = last ? dictionary->postings.count : dictionary->firsts.items[i + 1];
        list_fill(dictionary, &ranking, dictionary->firsts.items[i], to, &out[i]);
        if (dictionary->detached)
            out[i].numbers = NULL; /* some are from before the vocabulary was cleared, others from behind */
    }
    *lists = out;
    return true;
}
