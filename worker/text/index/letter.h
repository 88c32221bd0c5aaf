/* Characters as Xapian 1.4 sees them: which make words, which are digits, what is their lower case. */
#ifndef REFERENT_LETTER_H
#define REFERENT_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ASCII is answered here: minutes are mostly that, and the tokeniser asks for every byte. */
extern const unsigned char letter_ascii[0x80];
enum { LETTER_WORD = 1, LETTER_DIGIT = 2, LETTER_JOIN = 4 /* see token.c */, LETTER_CAPITAL = 0x20 };
/* The second byte of a letter of Latin-1 behind C3; nearly all that is not ASCII in minutes are such letters. */
static inline bool letter_is_latin(unsigned char second)
{
    return (second & 0xC0) == 0x80 && second != 0x97 && second != 0xB7;
}
bool letter_is_word_beyond(uint32_t character);
bool letter_is_digit_beyond(uint32_t character);
uint32_t letter_lower_beyond(uint32_t character);
size_t letter_read_beyond(const char *at, const char *end, uint32_t *character);

/* Letters, marks, numbers, connectors (categories L, M, N, Pc) of Unicode 9. */
static inline bool letter_is_word(uint32_t character)
{
    return character < 0x80 ? letter_ascii[character] & LETTER_WORD : letter_is_word_beyond(character);
}

/* Decimal digits (Nd) of Unicode 9. */
static inline bool letter_is_digit(uint32_t character)
{
    return character < 0x80 ? letter_ascii[character] & LETTER_DIGIT : letter_is_digit_beyond(character);
}

/* Lower case of one character as one character. */
static inline uint32_t letter_lower(uint32_t character)
{
    return character < 0x80 ? character + (letter_ascii[character] & LETTER_CAPITAL) : letter_lower_beyond(character);
}

/* The character at `at` (at < end) and its size in bytes; a byte that begins no valid UTF-8 counts as Latin-1, as
 * Xapian takes it. */
static inline size_t letter_read(const char *at, const char *end, uint32_t *character)
{
    *character = (unsigned char)*at;
    return *character < 0x80 ? 1 : letter_read_beyond(at, end, character);
}

#endif
