/* A stemmer, handed in: stemmer.h has the one for Danish, tests have others. */
#ifndef REFERENT_STEM_H
#define REFERENT_STEM_H

#include <stddef.h>

struct stemmer {
    void *self;
    /* The stem of a word in lower case (1..64 bytes of UTF-8) into out; its size, 0 for none. Must give the same stem
     * for the same word for ever. Called on one thread at a time. */
    size_t (*stem)(void *self, const char *word, size_t size, char out[static 128]);
};

#endif
