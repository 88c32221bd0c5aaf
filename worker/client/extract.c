/* extract: one file through the text stage, without a worker. */
#include "command.h"

#include "arena.h"
#include "file.h"
#include "minutes.h"
#include "utf8.h"

#include <string.h>

/* Memory for one document, as many times its size as its entities, items and JSON may take; the worker's own bound is
 * smaller, but here it is about seeing what is found. */
enum { ARENA_TIMES = 64, ARENA_FLOOR_BYTES = 64 * 1024 * 1024 };

static enum fault media_of(const char *name, const char *path, enum media_type *media, struct error *err)
{
    static const char *const names[] = {
        [MEDIA_MARKDOWN] = "text/markdown", [MEDIA_PLAIN] = "text/plain", [MEDIA_HTML] = "text/html"};
    if (name == NULL) /* standard input is taken for Markdown, as a body without a media type is */
        name = strcmp(path, "-") == 0 ? names[MEDIA_MARKDOWN] : file_media_type(path);
    for (int i = MEDIA_MARKDOWN; i <= MEDIA_HTML; i++)
        if (strcmp(names[i], name) == 0) {
            *media = (enum media_type)i;
            return FAULT_NONE;
        }
    return error_set(err, FAULT_REJECT, "usage.media",
                     "--media-type takes text/markdown, text/plain or text/html, not '%.60s'", name);
}

static enum fault body_check(const char *path, const struct file_bytes *bytes, struct error *err)
{
    size_t bad;
    if (bytes->at == NULL)
        return error_set(err, FAULT_REJECT, "frame.size", "%s has %zu bytes; a document may have %d", path, bytes->size,
                         REFERENT_DOCUMENT_MAX_BYTES);
    if (bytes->size == 0)
        return error_set(err, FAULT_REJECT, "body.empty", "%s is empty", path);
    if (!utf8_valid((struct span){bytes->at, bytes->size}, &bad))
        return error_set(err, FAULT_REJECT, "body.utf8", "byte %zu of %s is not UTF-8; convert it with iconv", bad,
                         path);
    return FAULT_NONE;
}

static enum fault extract(const char *path, enum media_type media, struct file_bytes *bytes, struct arena **arena,
                          struct text *json, struct error *err)
{
    struct minutes minutes;
    TRY(file_read(path, REFERENT_DOCUMENT_MAX_BYTES, bytes, err));
    TRY(body_check(path, bytes, err));
    *arena = arena_new(ARENA_FLOOR_BYTES + ARENA_TIMES * bytes->size);
    if (*arena == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    TRY(minutes_read(*arena, (struct span){bytes->at, bytes->size}, media, &minutes, err));
    return minutes_json(*arena, &minutes, json, err);
}

int extract_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints; /* needs no worker */
    bool help = false;
    const char *media_name = NULL;
    const struct option_row rows[] = {{OPTION_TEXT, "media-type", 0, &media_name, "TYPE",
                                       "text/markdown, text/plain or text/html; else by the file's ending", 0, 0},
                                      ROW_HELP(&help),
                                      ROW_END};
    struct operands files;
    struct error error;
    enum media_type media = MEDIA_MARKDOWN;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &files, &exit_code))
        return exit_code;
    if (files.count != 1)
        return command_usage(self, "give one FILE, or - for standard input");
    if (media_of(media_name, files.words[0], &media, &error) != FAULT_NONE)
        return command_usage(self, "%s", error.text);
    struct file_bytes bytes = {0};
    struct arena *arena = NULL;
    struct text json = {0};
    exit_code = FAILURE;
    if (extract(files.words[0], media, &bytes, &arena, &json, &error) != FAULT_NONE) {
        complain("%s (%s)", error.text, error.rule);
    } else {
        fwrite(json.at, 1, json.size, stdout);
        putchar('\n');
        exit_code = output_finish() ? DONE : FAILURE;
    }
    arena_free(&arena);
    file_bytes_done(&bytes);
    return exit_code;
}
