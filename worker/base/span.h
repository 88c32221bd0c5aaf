/* Borrowed bytes. A span owns nothing; its bytes live as long as whatever it was cut from (an arena, a literal).
 * A text is a span with a NUL behind its last byte, which re2c scanners read as the end. */
#ifndef REFERENT_SPAN_H
#define REFERENT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *at; /* may be NULL when size is 0 */
    size_t size;    /* bytes */
};

struct text {
    const char *at; /* at[size] is NUL */
    size_t size;    /* bytes, without the NUL */
};

/* A span over a string literal. */
#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})

static inline struct span span_of(const char *string)
{
    return (struct span){string, string ? strlen(string) : 0};
}

static inline struct span span_cut(struct span whole, size_t start, size_t end)
{
    return (struct span){whole.at + start, end - start};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

/* The bytes to `to`; where they end. A few bytes are the rule: halves that overlap cost less than a call of memcpy. */
static inline char *bytes_copy(char *to, struct span bytes)
{
    const char *at = bytes.at;
    size_t size = bytes.size;
    if (size > 16) {
        memcpy(to, at, size);
    } else if (size >= 8) {
        uint64_t first, last;
        memcpy(&first, at, sizeof first);
        memcpy(&last, at + size - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + size - sizeof last, &last, sizeof last);
    } else if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, at, sizeof first);
        memcpy(&last, at + size - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + size - sizeof last, &last, sizeof last);
    } else if (size > 0) {
        char middle = at[size / 2], last = at[size - 1];
        to[0] = at[0];
        to[size / 2] = middle;
        to[size - 1] = last;
    }
    return to + size;
}

/* For words, which are a few bytes long: a call of memcmp costs more than the comparison. The last look may overlap the
 * one before. */
static inline bool bytes_equal(const char *a, const char *b, size_t size)
{
    uint64_t left, right;
    if (size < sizeof left) {
        uint32_t first, other, last, another;
        if (size < sizeof first) {
            while (size > 0 && a[size - 1] == b[size - 1])
                size--;
            return size == 0;
        }
        memcpy(&first, a, sizeof first);
        memcpy(&other, b, sizeof other);
        memcpy(&last, a + size - sizeof last, sizeof last);
        memcpy(&another, b + size - sizeof another, sizeof another);
        return ((first ^ other) | (last ^ another)) == 0;
    }
    for (size_t at = 0; at + sizeof left < size; at += sizeof left) {
        memcpy(&left, a + at, sizeof left);
        memcpy(&right, b + at, sizeof right);
        if (left != right)
            return false;
    }
    memcpy(&left, a + size - sizeof left, sizeof left);
    memcpy(&right, b + size - sizeof right, sizeof right);
    return left == right;
}

/* Order of bytes, a prefix before what it begins: the order of terms in Xapian. */
static inline int span_compare(struct span a, struct span b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared ? memcmp(a.at, b.at, shared) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

/* An ASCII digit, whatever the locale. */
static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool span_starts(struct span whole, struct span prefix)
{
    return whole.size >= prefix.size && (prefix.size == 0 || memcmp(whole.at, prefix.at, prefix.size) == 0);
}

#endif
