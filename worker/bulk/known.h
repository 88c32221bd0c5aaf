/* Terms that whoever makes the documents has numbered: their numbers in the lexicon, so that a term that came before is
 * found without its bytes. A few numberings at a time, one for each reader; a document with another one is looked up as
 * ever. How often a term came so is kept here, where memory is near, until known_settle. */
#ifndef REFERENT_BULK_KNOWN_H
#define REFERENT_BULK_KNOWN_H

#include "lexicon.h"
#include "mistake.h"
#include "posting.h"

enum { KNOWN_MAPS = 8 };

struct known_term {
    uint32_t number;            /* the lexicon's and one; 0: not seen yet */
    struct lexicon_count since; /* of which the lexicon does not know */
};

struct known_map {
    uint64_t numbering;       /* 0: of no use */
    struct known_term *terms; /* by the maker's numbers; 0 is none */
    size_t room;
    uint64_t used; /* the last document that used it */
};

struct known {
    struct known_map maps[KNOWN_MAPS];
    uint64_t documents;
    size_t most_bytes; /* of all maps; set by the owner. A document that needs more is looked up as ever */
};

/* Forget everything: the lexicon is another one. */
void known_clear(struct known *known);
void known_done(struct known *known);
/* The map for a document, with room for all of its numbers; NULL if there is none for it. */
struct known_map *known_of(struct known *known, struct lexicon *lexicon, const struct index_document *document);
/* Tell the lexicon all counts. False without memory. */
NODISCARD bool known_settle(struct known *known, struct lexicon *lexicon);
/* Memory of the maps. */
size_t known_bytes(const struct known *known);

/* A known term once more; its number. */
static inline uint32_t known_again(struct known_term *term, uint32_t wdf)
{
    term->since.count++;
    term->since.wdf += wdf;
    return term->number - 1;
}

/* From now on the maker's number is known, if it is one. */
static inline void known_add(struct known_map *map, uint32_t makers, uint32_t number)
{
    if (makers != 0)
        map->terms[makers] = (struct known_term){number + 1 - MISTAKE(KNOWN_NUMBER), {0}};
}

#endif
