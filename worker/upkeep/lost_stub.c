/* lost_stub: see lost_stub.h. */
#include "lost_stub.h"

#include "directory.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int name_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

enum fault stub_guess(const char *part, struct error *err)
{
    struct young_names young = {.count = 0};
    char generation[PATH_MAX] = "";
    size_t generations = 0, youngs = 0;
    DIR *folder = opendir(part);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        int read = 0;
        bool is_generation = sscanf(entry->d_name, "gen-%*6u%n", &read) == 0 && read == 10 && !entry->d_name[10];
        bool is_young = directory_is_young(entry->d_name);
        generations += is_generation;
        youngs += is_young;
        if (is_generation)
            snprintf(generation, sizeof generation, "%s/%.10s", part, entry->d_name);
        if (is_young && young.count < YOUNG_MAX)
            memcpy(young.at[young.count++], entry->d_name, strlen(entry->d_name) + 1);
    }
    if (folder != NULL)
        closedir(folder);
    if (generations == 0)
        return FAULT_NONE;
    if (generations > 1 || youngs > YOUNG_MAX)
        return error_set(err, FAULT_REJECT, "data.stub", "%zu generations and %zu young segments are there",
                         generations, youngs);
    qsort(young.at, young.count, sizeof young.at[0], name_order);
    return directory_publish(part, generation, &young, err);
}
