/* Commands that work on an index where it lies, without asking its daemon. */
#ifndef REFERENT_PLACE_H
#define REFERENT_PLACE_H

#include "error.h"

/* Where the service keeps its index, unless --data says otherwise. */
const char *place_data(void);
/* Say what went wrong. Gives FAILURE. */
int place_failed(const struct error *err);

#define ROW_DATA(target)                                                                                               \
    {                                                                                                                  \
        OPTION_TEXT, "data", 0, (target), "DIR", "the folder of the index (/var/lib/referent)", 0, 0                   \
    }

#endif
