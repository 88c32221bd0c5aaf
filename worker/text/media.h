/* Media types by name. */
#ifndef REFERENT_MEDIA_H
#define REFERENT_MEDIA_H

#include "minutes.h"

/* "text/markdown", "text/plain", "text/html"; anything else, and nothing, is read as Markdown. */
static inline enum media_type media_type_of(struct span name)
{
    if (span_equal(name, SPAN("text/html")))
        return MEDIA_HTML;
    return span_equal(name, SPAN("text/plain")) ? MEDIA_PLAIN : MEDIA_MARKDOWN;
}

#endif
