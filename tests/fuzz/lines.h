/* lines: a check for each line of a text, for the targets whose rules read one line at a time. */
#ifndef REFERENT_LINES_H
#define REFERENT_LINES_H

#include "property.h"
#include "reading.h"

/* Every line of the clean text that is not empty, without white space around it. */
static inline void lines_check(struct span text, void (*check)(struct span line))
{
    char *clean = property_clean(text);
    for (size_t at = 0, stop; at < text.size; at = stop + 1) {
        for (stop = at; stop < text.size && clean[stop] != '\n'; stop++)
            continue;
        struct span line = text_trim((struct span){clean + at, stop - at}, "");
        if (line.size)
            check(line);
    }
    free(clean);
}

#endif
