/* The words that token_next gives, for whoever wants all of them and not their places: 64 bytes of the text are looked
 * at once, and a usual word then is a run of bits. */
#ifndef REFERENT_TOKEN_STREAM_H
#define REFERENT_TOKEN_STREAM_H

#include "token.h"

enum { TOKEN_LOOK = 64 };

struct token_stream {
    struct token_scan scan; /* stands where the next word is looked for */
    const char *look;       /* where the last look began, */
    size_t bytes;           /* how many it saw */
    uint64_t inside;        /* those to come that are part of a usual word: a bit each */
    uint64_t strange;       /* those beyond ASCII that may be part of another word, or join one */
    char lower[TOKEN_LOOK + TOKEN_MAX_BYTES];
};

void token_stream_begin(struct token_stream *stream, struct span text);
/* The next word in lower case; what stands behind it in `word` has no meaning. False at the end of the text. */
bool token_stream_next(struct token_stream *stream, char word[static TOKEN_MAX_BYTES], uint8_t *size);

#endif
