/* UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, no overlong forms. */
#ifndef REFERENT_UTF8_H
#define REFERENT_UTF8_H

#include "span.h"

#include <stdint.h>

/* True if all of bytes is valid; otherwise false and *bad (may be NULL) is the offset of the first bad byte. */
bool utf8_valid(struct span bytes, size_t *bad);
/* Decode the character at `at` (at < end); gives its length in bytes, 1..4, and *character. A byte that begins no valid
 * character gives 1 and U+FFFD, so a scanner always moves on. */
size_t utf8_decode(const char *at, const char *end, uint32_t *character);
/* Encode a character into out (4 bytes of room); its length, or 0 for a surrogate or beyond U+10FFFF. */
size_t utf8_encode(uint32_t character, char *out);

#endif
