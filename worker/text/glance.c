/* glance: the bytes of words, and what may follow in a name. Pure. */
#include "glance.h"

#define TEN(first, what) [first] = (what), (what), (what), (what), (what), (what), (what), (what), (what), (what)
#define TWENTY_SIX(first)                                                                                              \
    TEN(first, BYTE_LETTER), TEN((first) + 10, BYTE_LETTER), BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER,       \
        BYTE_LETTER, BYTE_LETTER
#define SIXTEEN(first)                                                                                                 \
    TEN(first, BYTE_LETTER), BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER, BYTE_LETTER

const unsigned char glance_bytes[256] = {
    ['-'] = BYTE_HYPHEN,    TEN('0', BYTE_DIGIT), TWENTY_SIX('A'),        TWENTY_SIX('a'),      SIXTEEN(0x80),
    SIXTEEN(0x90),          SIXTEEN(0xA0),        SIXTEEN(0xB0),          [0xC0] = BYTE_LETTER, [0xC1] = BYTE_LETTER,
    TEN(0xC3, BYTE_LETTER), [0xCD] = BYTE_LETTER, [0xCE] = BYTE_LETTER,   [0xCF] = BYTE_LETTER, SIXTEEN(0xD0),
    [0xE0] = BYTE_LETTER,   [0xE1] = BYTE_LETTER, TEN(0xE3, BYTE_LETTER), [0xED] = BYTE_LETTER, [0xEE] = BYTE_LETTER,
    [0xEF] = BYTE_LETTER,   SIXTEEN(0xF0)};

/* A capital, a sign or a small word that joins two words of a name begins here. */
static bool joins(const char *at)
{
    unsigned char next = *at ? (unsigned char)at[1] : 0;
    switch (*at) {
    case 'a': return next == 's' || next == '/' || next == '.' || next == 'm' || next == 'f' || next == 'l';
    case 'b': return next == 'i';                                              /* bin */
    case 'd': return next == 'e' || next == 'a' || next == 'i' || next == 'u'; /* de, den, del, da, di, du */
    case 'e': return next == 'l';
    case 'f': return next == '.'; /* f.m.b.a. */
    case 'i': return next == '/' || next == 'b';
    case 'l': return next == 'a' || next == 'e';
    case 'o': return next == 'g';
    case 't': return next == 'e'; /* ten */
    case 'v': return next == 'o' || next == 'a';
    case 'z': return next == 'u';
    default: return !(*at >= 'a' && *at <= 'z') && !strchr("(\"'*+,-.:;0123456789", *at);
    }
}

bool glance_follows(const char *at, const char *stop)
{
    switch (*stop) {
    case ' ':
    case '\n':
        while (*stop == ' ' || *stop == '\n')
            stop++;
        return joins(stop);
    case ',':
    case ':':
    case ';':
    case ')':
    case '(':
    case '"':
    case '!':
    case '?':
    case '\t':
    case 0: return false;
    case '.': return stop - at <= 6; /* Chr., Skt., H.C. */
    default: return true;
    }
}
