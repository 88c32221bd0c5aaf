/* golden_extract: reads files and prints what was read of each as JSON. For the scorers; needs no daemon and no client.
 */
#include "arena.h"
#include "minutes.h"
#include "utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64 << 20 };

static enum media_type media_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    if (dot && (strcmp(dot, ".html") == 0 || strcmp(dot, ".htm") == 0))
        return MEDIA_HTML;
    return dot && strcmp(dot, ".md") == 0 ? MEDIA_MARKDOWN : MEDIA_PLAIN;
}

static struct span read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return (struct span){0};
    long most = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    bool fits = most >= 0 && most < MOST && fseek(file, 0, SEEK_SET) == 0;
    char *bytes = fits ? malloc((size_t)most + 1) : NULL;
    size_t size = bytes ? fread(bytes, 1, (size_t)most, file) : 0;
    fclose(file);
    return (struct span){bytes, size};
}

/* Prints what is read from one file; false, with a word on stderr, if it cannot be read. */
static bool file_print(const char *path)
{
    struct span body = read_file(path);
    struct arena *arena = arena_new((size_t)4 << 30);
    struct error error = {0};
    struct minutes minutes;
    struct text json;
    size_t bad = 0;
    bool readable = body.at && arena, valid = readable && utf8_valid(body, &bad);
    enum fault fault = FAULT_REJECT;
    if (valid)
        fault = minutes_read(arena, body, media_of(path), &minutes, &error);
    if (fault == FAULT_NONE)
        fault = minutes_json(arena, &minutes, &json, &error);
    if (fault == FAULT_NONE)
        printf("%s\n", json.at);
    else if (!readable)
        fprintf(stderr, "golden_extract: cannot read %s\n", path);
    else if (!valid)
        fprintf(stderr, "golden_extract: no UTF-8 at byte %zu\n", bad);
    else
        fprintf(stderr, "golden_extract: %s: %s\n", error.rule, error.text);
    arena_free(&arena);
    free((void *)(uintptr_t)body.at);
    return fault == FAULT_NONE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: golden_extract FILE...\n");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        if (!file_print(argv[i]))
            return 1;
    return 0;
}
