/* Characters as Xapian 1.4 sees them: which make words, which are digits, what is their lower case. */
#ifndef REFERENT_LETTER_H
#define REFERENT_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Letters, marks, numbers, connectors (categories L, M, N, Pc) of Unicode 9. */
bool letter_is_word(uint32_t character);
/* Decimal digits (Nd) of Unicode 9. */
bool letter_is_digit(uint32_t character);
/* Lower case of one character as one character. */
uint32_t letter_lower(uint32_t character);
/* The character at `at` (at < end) and its size in bytes; a byte that begins no valid UTF-8 counts as Latin-1, as
 * Xapian takes it. */
size_t letter_read(const char *at, const char *end, uint32_t *character);

#endif
