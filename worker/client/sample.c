/* sample: one file through the text stage, without a worker. */
#include "sample.h"

#include "referent.h"
#include "utf8.h"

#include <string.h>

/* Memory for one document, as many times its size as its entities, items and JSON may take; the worker's own bound is
 * smaller, but here it is about seeing what is found. */
enum { ARENA_TIMES = 64, ARENA_FLOOR_BYTES = 64 * 1024 * 1024 };

static enum fault sample_media(struct sample *sample, const char *name, const char *path, struct error *err)
{
    static const char *const names[] = {
        [MEDIA_MARKDOWN] = "text/markdown", [MEDIA_PLAIN] = "text/plain", [MEDIA_HTML] = "text/html"};
    if (name == NULL) /* standard input is taken for Markdown, as a body without a media type is */
        name = strcmp(path, "-") == 0 ? names[MEDIA_MARKDOWN] : file_media_type(path);
    for (int i = MEDIA_MARKDOWN; i <= MEDIA_HTML; i++)
        if (strcmp(names[i], name) == 0) {
            sample->media = (enum media_type)i;
            return FAULT_NONE;
        }
    return error_set(err, FAULT_REJECT, "usage.media",
                     "--media-type takes text/markdown, text/plain or text/html, not '%.60s'", name);
}

bool sample_begin(struct sample *sample, const struct command *self, size_t argc, const char **argv, bool *html,
                  const char **path, int *exit_code)
{
    bool help = false;
    const char *media_name = NULL;
    const struct option_row end = ROW_END;
    const struct option_row row_html = {OPTION_FLAG, "html", 0, html, NULL, "one HTML page instead of colours", 0, 0};
    const struct option_row rows[] = {{OPTION_TEXT, "media-type", 0, &media_name, "TYPE",
                                       "text/markdown, text/plain or text/html; else by the file's ending", 0, 0},
                                      ROW_HELP(&help),
                                      html ? row_html : end,
                                      ROW_END};
    struct operands files;
    struct error error;
    if (!command_begin(self, rows, &help, argc, argv, &files, exit_code))
        return false;
    if (files.count != 1)
        *exit_code = command_usage(self, "give one FILE, or - for standard input");
    else if (sample_media(sample, media_name, files.words[0], &error) != FAULT_NONE)
        *exit_code = command_usage(self, "%s", error.text);
    else
        *path = files.words[0];
    return *path != NULL;
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

enum fault sample_read(struct sample *sample, const char *path, struct error *err)
{
    struct file_bytes *bytes = &sample->bytes;
    TRY(file_read(path, REFERENT_DOCUMENT_MAX_BYTES, bytes, err));
    TRY(body_check(path, bytes, err));
    sample->arena = arena_new(ARENA_FLOOR_BYTES + ARENA_TIMES * bytes->size);
    if (sample->arena == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    return minutes_read(sample->arena, (struct span){bytes->at, bytes->size}, sample->media, &sample->minutes, err);
}

void sample_done(struct sample *sample)
{
    arena_free(&sample->arena);
    file_bytes_done(&sample->bytes);
}
