/* sortable: numbers as bytes that sort. Pure. */
#include "sortable.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The format, as Xapian's value ranges expect it:
 *   bit 7 sign (1: not negative), bit 6 sign of the exponent, bit 5 length of the exponent (3 or 11 bits), exponent,
 *   then 26 bits of the mantissa and 32 more, trailing zero bytes cut. Everything that sorts backwards is complemented.
 * Source: https://xapian.org/docs/sorting.html; behaviour of Xapian 1.4.22. */
enum { EXPONENT_BIAS = 8, SHORT_EXPONENT = 8 };

/* Sign and exponent into out and the top six bits of *next; gives the bytes written. */
static size_t put_exponent(bool negative, int exponent, char *out, unsigned char *next)
{
    bool small = exponent < 0;
    bool flip = negative != small;
    unsigned size = (unsigned)(small ? -exponent : exponent);
    unsigned char head = (unsigned char)((negative ? 0x00 : 0xE0) ^ (small ? 0x60 : 0x00));
    if (size < SHORT_EXPONENT) {
        *next = (unsigned char)(((head ^ 0x20U) | size << 2) ^ (flip ? 0x1CU : 0U));
        return 0;
    }
    out[0] = (char)((head | size >> 6) ^ (flip ? 0x1FU : 0U));
    *next = (unsigned char)((size << 2 & 0xFCU) ^ (flip ? 0xFCU : 0U));
    return 1;
}

size_t sortable_number(double value, char out[static SORTABLE_MAX_BYTES])
{
    int exponent;
    if (value < -DBL_MAX)
        return 0;
    if (value > DBL_MAX) {
        memset(out, 0xFF, SORTABLE_MAX_BYTES);
        return SORTABLE_MAX_BYTES;
    }
    double mantissa = frexp(value, &exponent);
    if (mantissa == 0.0) {
        out[0] = (char)0x80;
        return 1;
    }
    bool negative = mantissa < 0;
    unsigned char next;
    size_t size = put_exponent(negative, exponent - EXPONENT_BIAS, out, &next);

    /* Two words of the mantissa: 27 bits (26 of a negative one; the first bit of a positive one is always 1 and left
     * out) and 32 more. The carry of the negation goes the way Xapian lets it go. */
    double scaled = ldexp(fabs(mantissa), negative ? 26 : 27);
    uint32_t high = (uint32_t)scaled;
    uint32_t low = (uint32_t)ldexp(scaled - high, 32);
    if (negative) {
        high = -high + (low != 0);
        low = -low;
    }
    high &= 0x03FFFFFF;
    out[size++] = (char)(next | high >> 24);
    for (int shift = 16; shift >= 0; shift -= 8)
        out[size++] = (char)(high >> shift);
    for (int shift = 24; shift >= 0; shift -= 8)
        out[size++] = (char)(low >> shift);
    while (size > 0 && out[size - 1] == 0)
        size--;
    return size;
}

void sortable_version(uint64_t version, char out[static 8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (char)(version >> (56 - 8 * i));
}

uint64_t sortable_version_read(const char bytes[static 8])
{
    uint64_t version = 0;
    for (int i = 0; i < 8; i++)
        version = version << 8 | (unsigned char)bytes[i];
    return version;
}
