/* replay: runs a fuzz target over files and folders instead of libFuzzer, so that every ordinary test run does.
 *
 * Each file is also given with its first half and its second half alone: cuts in the middle find what whole files
 * do not. Usage: replay [--mutants=N] PATH...
 *
 * A target with a mutator of its own (tests/fuzz/mutate.h) also makes N mutants of them, one from the other, from a
 * fixed seed; REFERENT_SEED names another, REFERENT_LONG makes a hundred times as many. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Only some targets have one. */
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

enum { MOST_BYTES = 1 << 24, PATH_BYTES = 4096, MUTANT_BYTES = 4096, GENERATIONS = 40, LONG_TIMES = 100 };

static uint64_t mutants;

static size_t replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(MOST_BYTES);
    if (!file || !bytes) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        exit(1);
    }
    size_t size = fread(bytes, 1, MOST_BYTES, file);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, size);
    LLVMFuzzerTestOneInput(bytes, size / 2);
    LLVMFuzzerTestOneInput(bytes + size / 2, size - size / 2);
    free(bytes);
    return 1;
}

/* Families of mutants that grow from nothing; the same seed gives the same ones. */
static void mutants_run(void)
{
    const char *given = getenv("REFERENT_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : 1;
    uint8_t bytes[MUTANT_BYTES];
    if (getenv("REFERENT_LONG"))
        mutants *= LONG_TIMES;
    for (uint64_t i = 0, size = 0; i < mutants; i++) {
        if (i % GENERATIONS == 0)
            size = 0;
        size = LLVMFuzzerCustomMutator(bytes, size, sizeof bytes, (unsigned)(seed * 1000003 + i));
        LLVMFuzzerTestOneInput(bytes, size);
    }
    printf("%llu mutants from REFERENT_SEED=%llu\n", (unsigned long long)mutants, (unsigned long long)seed);
}

static size_t replay_path(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return 0;
    if (!S_ISDIR(status.st_mode))
        return replay_file(path);
    DIR *folder = opendir(path);
    size_t count = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        char inner[PATH_BYTES];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        count += replay_path(inner);
    }
    if (folder)
        closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "--mutants=", 10) == 0)
            mutants = strtoull(argv[i] + 10, NULL, 10);
        else
            count += replay_path(argv[i]);
    printf("%zu files replayed\n", count);
    if (mutants > 0)
        mutants_run();
    return count == 0;
}
