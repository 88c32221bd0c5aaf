/* speller: Hunspell behind a lock, for it is not thread-safe. Any thread.
 *
 * Hunspell accepts compounds that nobody listed ("ions" + "vej"), at a hundred times the cost of a look into the list.
 * Here only what is listed counts, so it is given the affix file without its rules for compounds. */
#define _GNU_SOURCE /* memfd_create */
#include "speller.h"

#include <hunspell/hunspell.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct speller {
    Hunhandle *handle;
    pthread_mutex_t lock;
};

static const char affixes[] = DICTIONARY_FOLDER "/da_DK.aff", words[] = DICTIONARY_FOLDER "/da_DK.dic";

static bool is_compound_rule(const char *line)
{
    return strncmp(line, "COMPOUND", 8) == 0 || strncmp(line, "CHECKCOMPOUND", 13) == 0;
}

/* The affix file without those rules, in memory; -1 if that fails. */
static int affixes_copy(void)
{
    char *line = NULL;
    size_t size = 0;
    FILE *from = fopen(affixes, "r");
    int copy = memfd_create("affixes", MFD_CLOEXEC);
    FILE *to = copy >= 0 ? fdopen(dup(copy), "w") : NULL;
    bool whole = from != NULL && to != NULL;
    while (whole && getline(&line, &size, from) > 0)
        whole = is_compound_rule(line) || fputs(line, to) >= 0;
    whole = (to == NULL || fclose(to) == 0) && whole;
    if (from != NULL)
        fclose(from);
    free(line);
    if (!whole && copy >= 0)
        close(copy);
    return whole ? copy : -1;
}

static Hunhandle *dictionary_load(void)
{
    char path[64];
    int copy = affixes_copy();
    snprintf(path, sizeof path, "/proc/self/fd/%d", copy);
    Hunhandle *handle = copy >= 0 ? Hunspell_create(path, words) : NULL;
    if (copy >= 0)
        close(copy);
    return handle;
}

enum fault speller_open(struct speller **out, struct error *err)
{
    *out = NULL;
    if (access(affixes, R_OK) != 0 || access(words, R_OK) != 0)
        return error_set(err, FAULT_STOP, "dictionary.missing", "cannot read %s; install hunspell-da", words);
    struct speller *speller = calloc(1, sizeof *speller);
    if (speller != NULL)
        speller->handle = dictionary_load();
    if (speller == NULL || speller->handle == NULL || pthread_mutex_init(&speller->lock, NULL) != 0) {
        if (speller != NULL && speller->handle != NULL)
            Hunspell_destroy(speller->handle);
        free(speller);
        return error_set(err, FAULT_STOP, "memory", "out of memory for the dictionary");
    }
    *out = speller;
    return FAULT_NONE;
}

void speller_close(struct speller **speller)
{
    if (speller == NULL || *speller == NULL)
        return;
    Hunspell_destroy((*speller)->handle);
    pthread_mutex_destroy(&(*speller)->lock);
    free(*speller);
    *speller = NULL;
}

static bool knows(void *self, const char *word)
{
    struct speller *speller = self;
    pthread_mutex_lock(&speller->lock);
    bool known = Hunspell_spell(speller->handle, word) != 0;
    pthread_mutex_unlock(&speller->lock);
    return known;
}

static size_t forms(void *self, const char *word, char out[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    struct speller *speller = self;
    char **list = NULL;
    size_t count = 0;
    pthread_mutex_lock(&speller->lock);
    int found = Hunspell_stem(speller->handle, &list, word);
    for (int i = 0; i < found && count < WORDBOOK_FORMS_MAX; i++)
        if (strlen(list[i]) < WORDBOOK_WORD_BYTES)
            strcpy(out[count++], list[i]);
    Hunspell_free_list(speller->handle, &list, found);
    pthread_mutex_unlock(&speller->lock);
    return count;
}

struct wordbook speller_wordbook(struct speller *speller)
{
    return (struct wordbook){speller, knows, forms};
}
