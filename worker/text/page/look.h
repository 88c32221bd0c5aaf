/* look: which bytes of a given text may begin something to take out; most do not.
 *
 * Shape  texts are valid UTF-8; `base` is where the whole begins, `end` where it ends.
 * Owner  nothing is kept. Pure. */
#ifndef REFERENT_LOOK_H
#define REFERENT_LOOK_H

#include <stdbool.h>
#include <stddef.h>

/* Characters of more than one byte that stand for a space, or for nothing. True if it was one; *size its bytes. */
static inline bool look_space(const char *at, const char *end, size_t *size, bool *nothing)
{
    unsigned char first = (unsigned char)at[0];
    unsigned char second = end - at > 1 ? (unsigned char)at[1] : 0;
    unsigned char third = end - at > 2 ? (unsigned char)at[2] : 0;
    *nothing = false;
    if (first == 0xC2) {
        *size = 2;
        *nothing = second == 0xAD; /* soft hyphen */
        return second == 0xA0 || second == 0xAD;
    }
    *size = 3;
    if (first == 0xEF) {
        *nothing = true; /* byte order mark */
        return second == 0xBB && third == 0xBF;
    }
    if (first != 0xE2 || second != 0x80)
        return false;
    *nothing = third == 0x8B || third == 0x8C || third == 0x8D; /* of no width */
    return third >= 0x80 && (third <= 0x8D || third == 0xAF);   /* U+2000..U+200A, U+202F */
}

/* May the byte at `at` begin something to take out: 0xC2, 0xE2, 0xEF lead no-break spaces, soft hyphens, thin spaces
 * and byte order marks; a hyphen counts before a line end. */
static inline bool look_needed(const char *at, const char *end)
{
    switch ((unsigned char)*at) {
    case 0:
    case '\n':
    case '\f':
    case '\r':
    case '*':
    case '\\':
    case '[':
    case ']': return true;
    case '-': return at + 1 < end && (at[1] == '\n' || at[1] == '\r');
    case 0xC2:
    case 0xE2:
    case 0xEF: {
        size_t size;
        bool nothing;
        return look_space(at, end, &size, &nothing);
    }
    default: return false;
    }
}

/* The next such byte from `at` on, `end` if there is none; line ends before lines that need none are counted in *lines
 * and passed over. */
const char *look_next(const char *base, const char *at, const char *end, size_t *lines);

#endif
