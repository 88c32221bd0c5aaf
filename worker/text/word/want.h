/* want: which rules may want a word, told by a glance (glance.h). Shared with make_lookup.c. */
#ifndef REFERENT_WANT_H
#define REFERENT_WANT_H

enum {
    WANT_LED = 1, /* it may lead a day or a sum */
    WANT_LAW = 2, /* it may be part of a reference to an act */
    WANT_CUE = 4, /* it may mark its line */
    WANT_SURE = 7,
    WANT_LONG_LAW = 8, /* the same as WANT_LAW, if the word is long */
    WANT_LONG_LEAST = 10
};

#endif
