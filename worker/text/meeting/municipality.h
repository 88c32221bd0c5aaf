/* municipality: the municipalities and regions, and which of them a text is from. Pure. */
#ifndef REFERENT_MUNICIPALITY_H
#define REFERENT_MUNICIPALITY_H

#include "reading.h"

struct municipality {
    int code; /* as Danmarks Statistik numbers them */
    const char *name, *full;
    const char *domain; /* of its web pages; NULL if it is the name */
};

/* The full name of the one whose minutes these are; empty unless the text names it. */
struct span municipality_of(const struct reading *reading);

#endif
