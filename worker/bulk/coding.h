/* How glass spells numbers and strings (Xapian 1.4.22 glass, common coding). Each put_* writes at `to`, which has room,
 * and gives the place behind what it wrote.
 *
 *   uint         7 bits a byte, least significant first, top bit: more follows
 *   uint_last    bytes, least significant first, no zeros at the end; only as the last thing of an item
 *   sort_uint    order of bytes is order of numbers
 *   string       uint size, bytes
 *   sort_string  bytes with 00 as 00 ff, and 00 behind them */
#ifndef REFERENT_BULK_CODING_H
#define REFERENT_BULK_CODING_H

#include "mistake.h"
#include "span.h"

#include <stdint.h>

enum { UINT_MAX_BYTES = 10, SORT_UINT_MAX_BYTES = 6 };

static inline char *put_uint(char *to, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *to++ = (char)(number | 0x80);
    *to++ = (char)number;
    return to;
}

/* What put_uint wrote; moves *at behind it. */
static inline uint64_t get_uint(const char **at)
{
    uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
        number |= (uint64_t)(**at & 0x7F) << shift;
        if ((*(*at)++ & 0x80) == 0)
            return number;
    }
}

static inline char *put_uint_last(char *to, uint32_t number)
{
    for (; number > 0; number >>= 8)
        *to++ = (char)number;
    return to;
}

/* Two bytes below 0x8000, else a first byte whose upper bits tell the length; 32 bits need at most 5 bytes. */
static inline char *put_sort_uint(char *to, uint32_t number)
{
    if (number < 0x8000u + MISTAKE(SORT_UINT) * 0x8000u) {
        *to++ = (char)(number >> 8);
        *to++ = (char)number;
        return to;
    }
    int bytes = (37 - __builtin_clz(number)) / 7;
    uint64_t marked = number | (UINT64_C(0xFF) << (10 - bytes) & 0xFF) << 8 * (bytes - 1);
    for (int i = bytes - 1; i >= 0; i--)
        *to++ = (char)(marked >> 8 * i);
    return to;
}

static inline uint32_t sort_uint_size(uint32_t number)
{
    return number < 0x8000u + MISTAKE(SORT_UINT) * 0x8000u ? 2 : (uint32_t)(37 - __builtin_clz(number)) / 7;
}

static inline char *put_bytes(char *to, struct span bytes)
{
    return bytes_copy(to, bytes);
}

static inline char *put_string(char *to, struct span bytes)
{
    return put_bytes(put_uint(to, bytes.size), bytes);
}

/* `to` has room for twice the bytes and one more. The end byte is left out where nothing follows. */
static inline char *put_sort_string(char *to, struct span bytes)
{
    for (const char *at = bytes.at, *end = at + bytes.size; at < end; at++) {
        *to++ = *at;
        if (*at == '\0' && !MISTAKE(ZERO_BYTE))
            *to++ = (char)0xFF;
    }
    return to;
}

/* The first byte that is not alike, out of all bits that differ. */
static inline size_t first_other(uint64_t differ)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(differ) / 8;
#else
    return (size_t)__builtin_clzll(differ) / 8;
#endif
}

/* Fields of blocks have a fixed width, the most significant byte first. */
static inline void store_u16(char *at, uint32_t number)
{
    at[0] = (char)(number >> 8);
    at[1] = (char)number;
}

static inline uint32_t load_u16(const char *at)
{
    return (uint32_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

static inline void store_u32(char *at, uint32_t number)
{
    store_u16(at, number >> 16);
    store_u16(at + 2, number);
}

#endif
