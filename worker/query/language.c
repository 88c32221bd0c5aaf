/* language: stemmer and compounds of one search thread. */
#include "language.h"

#include "stem_cache.h"
#include "stemmer.h"

#include <stdlib.h>

enum { WORDS_KEPT = 8192 };

struct language {
    struct stem_cache *stems;
    struct compound_cache *compounds;
};

enum fault language_open(struct wordbook words, struct language **out, struct error *err)
{
    struct language *language = calloc(1, sizeof *language);
    *out = NULL;
    if (language == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    language->stems = stem_cache_new(danish_stemmer(), WORDS_KEPT);
    if (language->stems != NULL)
        language->compounds = compound_cache_new(words, danish_stemmer(), WORDS_KEPT);
    if (language->compounds == NULL) {
        language_close(&language);
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    }
    *out = language;
    return FAULT_NONE;
}

void language_close(struct language **language)
{
    if (language == NULL || *language == NULL)
        return;
    compound_cache_free(&(*language)->compounds);
    stem_cache_free(&(*language)->stems);
    free(*language);
    *language = NULL;
}

struct span language_stem(struct language *language, struct span word)
{
    return stem_cache_word(language->stems, word);
}

void language_compound(struct language *language, struct span word, struct compound *out)
{
    compound_word(language->compounds, word, out);
}
