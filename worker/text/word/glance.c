/* glance: what may follow in a name. Pure. */
#include "glance.h"

#include <string.h>

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
        return joins(stop) || (stop == at + 2 && stop[0] == '.' && stop[1] == ' '); /* "R . Hansen" */
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

bool glance_name(const char *stop, const char *limit)
{
    if (stop >= limit)
        return false;
    switch ((unsigned char)*stop) {
    case ' ':
        stop += stop[1] == ' ' ? 2 : 1;
        return *stop >= 'a' && *stop <= 'z' ? strchr("abdeiltvz", *stop) != NULL /* particles: af, von, de */
                                            : *stop == '.' || (unsigned char)*stop >= 'A';
    case '\n':
    case '.':  /* P. Hansen */
    case '\'': /* O'Brien */
    case 0xE2: return true;
    default: return false;
    }
}
