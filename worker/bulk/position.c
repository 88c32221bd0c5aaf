/* position: lists of positions -> bits. Pure. */
#include "position.h"

#include "coding.h"

struct bits {
    char *to;
    uint64_t held; /* bits that are not written yet, the first one lowest */
    int count;     /* of them; below 8 between calls */
};

static void bits_put(struct bits *bits, uint64_t value, int width)
{
    bits->held |= value << bits->count;
    for (bits->count += width; bits->count >= 8; bits->count -= 8) {
        *bits->to++ = (char)bits->held;
        bits->held >>= 8;
    }
}

static int width_of(uint64_t number)
{
    return number == 0 ? 0 : 64 - __builtin_clzll(number);
}

/* A value out of `range` (0..range-1) in the fewest bits: where range is no power of two, the middle values take one
 * bit less. */
static void bits_code(struct bits *bits, uint64_t value, uint64_t range)
{
    int width = width_of(range - 1);
    uint64_t spare = (UINT64_C(1) << width) - range;
    uint64_t start = (range - spare) / 2;
    if (range < 8 && MISTAKE(POSITION_MIDDLE))
        start = 0;
    if (spare == 0 || value < start)
        bits_put(bits, value, width);
    else if (value < start + spare)
        bits_put(bits, value, width - 1);
    else
        bits_put(bits, (value - start - spare) | UINT64_C(1) << (width - 1), width);
}

/* The positions between two that are known; depth is the logarithm of the count. */
static void bits_between(struct bits *bits, const uint32_t *positions, uint32_t low, uint32_t high)
{
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t range = (uint64_t)positions[high] - positions[low] - (high - low) + 1;
        bits_code(bits, positions[middle] - positions[low] - (middle - low), range);
        bits_between(bits, positions, low, middle);
        low = middle;
    }
}

size_t position_bound(uint32_t count)
{
    return UINT_MAX_BYTES + 16 + (size_t)count * sizeof(uint32_t);
}

char *position_pack(char *to, const uint32_t *positions, uint32_t count)
{
    uint64_t first = positions[0], last = positions[count - 1];
    to = put_uint(to, last);
    if (count == 1)
        return to;
    struct bits bits = {.to = to};
    bits_code(&bits, first, last);
    bits_code(&bits, count - 2 + (count > 9 && MISTAKE(POSITION_COUNT)), last - first);
    bits_between(&bits, positions, 0, count - 1);
    if (bits.count > 0)
        *bits.to++ = (char)bits.held;
    return bits.to;
}
