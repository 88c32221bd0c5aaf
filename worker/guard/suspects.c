/* suspects: the list, its file, and the judgement. */
#include "suspects.h"

#include "directory.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char title[] = "referent suspects 1\n";

/* ---- the list ---------------------------------------------------------------------------------------------------- */

void suspects_done(struct suspects *suspects)
{
    free(suspects->items);
    *suspects = (struct suspects){0};
}

struct suspect *suspects_find(const struct suspects *suspects, const struct work *work)
{
    for (size_t i = 0; i < suspects->count; i++)
        if (memcmp(suspects->items[i].work.key, work->key, sizeof work->key) == 0)
            return &suspects->items[i];
    return NULL;
}

bool suspects_have_id(const struct suspects *suspects, uint32_t id_hash)
{
    for (size_t i = 0; i < suspects->count; i++)
        if (suspects->items[i].work.id_hash == id_hash)
            return true;
    return false;
}

bool suspect_is_aside(const struct suspect *suspect)
{
    return suspect->strikes >= STRIKES_MAX;
}

static void remove_at(struct suspects *suspects, size_t at)
{
    suspects->count--;
    memmove(&suspects->items[at], &suspects->items[at + 1], (suspects->count - at) * sizeof suspects->items[0]);
    suspects->changed = true;
}

/* The entry of this content, made if it is new; NULL if there is no memory. Beyond the bound the oldest goes. */
static struct suspect *add(struct suspects *suspects, const struct work *work)
{
    struct suspect *there = suspects_find(suspects, work);
    if (there != NULL)
        return there;
    if (suspects->count == SUSPECTS_MAX)
        remove_at(suspects, 0);
    if (suspects->count == suspects->room) {
        size_t room = suspects->room ? suspects->room * 2 : 64;
        struct suspect *items = realloc(suspects->items, room * sizeof *items);
        if (items == NULL)
            return NULL;
        suspects->items = items;
        suspects->room = room;
    }
    suspects->changed = true;
    suspects->items[suspects->count] = (struct suspect){.work = *work};
    return &suspects->items[suspects->count++];
}

void suspects_pass(struct suspects *suspects, const struct work *work)
{
    struct suspect *there = suspects_find(suspects, work);
    if (there != NULL && !suspect_is_aside(there))
        remove_at(suspects, (size_t)(there - suspects->items));
}

bool suspects_chance(struct suspects *suspects, const struct work *work, uint32_t chance)
{
    struct suspect *there = suspects_find(suspects, work);
    if (there == NULL || !suspect_is_aside(there) || chance <= there->chance)
        return false;
    there->chance = chance;
    there->strikes = STRIKES_MAX - 1;
    there->lives = 0;
    suspects->changed = true;
    return true;
}

size_t suspects_aside(const struct suspects *suspects)
{
    size_t aside = 0;
    for (size_t i = 0; i < suspects->count; i++)
        aside += suspect_is_aside(&suspects->items[i]);
    return aside;
}

/* ---- the judgement ----------------------------------------------------------------------------------------------- */

static bool is_own_death(const struct last_life *last)
{
    bool in_hand = false;
    for (size_t i = 0; i < last->count; i++)
        in_hand = in_hand || memcmp(last->works[i].key, last->alone_work.key, sizeof last->alone_work.key) == 0;
    return last->reason == DEATH_MEMORY || (last->reason != DEATH_UNKNOWN && last->named && in_hand);
}

static bool judge_alone(struct suspects *suspects, const struct last_life *last)
{
    struct suspect *lone = add(suspects, &last->alone_work);
    if (lone == NULL)
        return false;
    suspects->changed = true;
    if (is_own_death(last) || last->grew) {
        lone->strikes++;
        lone->reason = last->reason == DEATH_UNKNOWN ? DEATH_MEMORY : last->reason;
    } else if (++lone->lives >= LIVES_MAX) {
        lone->strikes = STRIKES_MAX;
        lone->reason = DEATH_CRASH;
    }
    return true;
}

bool suspects_judge(struct suspects *suspects, const struct last_life *last)
{
    if (!last->died)
        return true;
    if (last->alone)
        return judge_alone(suspects, last);
    for (size_t i = 0; i < last->count; i++)
        if (add(suspects, &last->works[i]) == NULL)
            return false;
    return true;
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static enum fault file_fault(struct error *err, const char *path)
{
    return error_set(err, FAULT_RETRY, "quarantine.file", "%.150s: %s", path, strerror(errno));
}

static bool line_take(struct suspects *suspects, const char *line)
{
    struct suspect read = {0};
    unsigned reason;
    int at = 0;
    for (size_t i = 0; i < sizeof read.work.key; i++)
        if (sscanf(line + 2 * i, "%2hhx", &read.work.key[i]) != 1)
            return false;
    if (sscanf(line + 2 * sizeof read.work.key, " %8x %8u %8u %8u %8u%n", &read.work.id_hash, &read.strikes,
               &read.lives, &read.chance, &reason, &at) != 5 ||
        reason > DEATH_TIME)
        return false;
    struct suspect *there = add(suspects, &read.work);
    read.reason = (enum death)reason;
    if (there != NULL)
        *there = read;
    return there != NULL;
}

enum fault suspects_load(struct suspects *suspects, const char *data_dir, struct error *err)
{
    char path[PATH_MAX], line[160];
    *suspects = (struct suspects){0};
    snprintf(path, sizeof path, "%s/suspects", data_dir);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT ? FAULT_NONE : file_fault(err, path);
    bool sound = fgets(line, sizeof line, file) != NULL && strcmp(line, title) == 0;
    while (sound && fgets(line, sizeof line, file) != NULL)
        sound = strlen(line) > 2 * sizeof(struct work) && line_take(suspects, line);
    fclose(file);
    suspects->changed = false;
    return sound ? FAULT_NONE
                 : error_set(err, FAULT_RETRY, "quarantine.file", "%.150s has a line that cannot be read", path);
}

static bool lines_write(const struct suspects *suspects, FILE *file)
{
    bool written = fputs(title, file) >= 0;
    for (size_t i = 0; i < suspects->count && written; i++) {
        const struct suspect *suspect = &suspects->items[i];
        for (size_t n = 0; n < sizeof suspect->work.key; n++)
            written = fprintf(file, "%02x", suspect->work.key[n]) > 0 && written;
        written = fprintf(file, " %08x %u %u %u %u\n", suspect->work.id_hash, suspect->strikes, suspect->lives,
                          suspect->chance, (unsigned)suspect->reason) > 0 &&
                  written;
    }
    return fflush(file) == 0 && written && fsync(fileno(file)) == 0;
}

enum fault suspects_save(struct suspects *suspects, const char *data_dir, struct error *err)
{
    char path[PATH_MAX], fresh[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/suspects", data_dir);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    if (!suspects->changed)
        return FAULT_NONE;
    FILE *file = fopen(fresh, "we");
    if (file == NULL)
        return file_fault(err, fresh);
    bool written = lines_write(suspects, file);
    if (fclose(file) != 0 || !written || rename(fresh, path) != 0)
        return file_fault(err, path);
    suspects->changed = false;
    return directory_sync(data_dir, err) == FAULT_NONE ? FAULT_NONE : FAULT_RETRY;
}
