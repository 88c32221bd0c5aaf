/* golden_extract: reads one file and prints what was read as JSON. For the scorer; needs no daemon and no client. */
#include "arena.h"
#include "minutes.h"
#include "utf8.h"

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
    char *bytes = file ? malloc(MOST) : NULL;
    size_t size = bytes ? fread(bytes, 1, MOST, file) : 0;
    if (file)
        fclose(file);
    return (struct span){bytes, size};
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: golden_extract FILE\n");
        return 2;
    }
    struct span body = read_file(argv[1]);
    struct arena *arena = arena_new((size_t)4 << 30);
    struct error error = {0};
    struct minutes minutes;
    struct text json;
    size_t bad = 0;
    if (!body.at || !arena) {
        fprintf(stderr, "golden_extract: cannot read %s\n", argv[1]);
        return 1;
    }
    if (!utf8_valid(body, &bad)) {
        fprintf(stderr, "golden_extract: no UTF-8 at byte %zu\n", bad);
        return 1;
    }
    enum fault fault = minutes_read(arena, body, media_of(argv[1]), &minutes, &error);
    if (fault == FAULT_NONE)
        fault = minutes_json(arena, &minutes, &json, &error);
    if (fault == FAULT_NONE)
        printf("%s\n", json.at);
    else
        fprintf(stderr, "golden_extract: %s: %s\n", error.rule, error.text);
    arena_free(&arena);
    free((void *)(uintptr_t)body.at);
    return fault != FAULT_NONE;
}
