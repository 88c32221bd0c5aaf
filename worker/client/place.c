/* place: see place.h. */
#include "place.h"

#include "command.h"

const char *place_data(void)
{
    return "/var/lib/referent";
}

int place_failed(const struct error *err)
{
    complain("%s (%s)", err->text, err->rule);
    return FAILURE;
}
