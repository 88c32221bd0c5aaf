/* sample: one file read by the text stage without a worker, for the commands extract and explain. */
#ifndef REFERENT_SAMPLE_H
#define REFERENT_SAMPLE_H

#include "arena.h"
#include "command.h"
#include "file.h"
#include "minutes.h"

struct sample {
    enum media_type media;
    struct file_bytes bytes;
    struct arena *arena;
    struct minutes minutes;
};

/* The words of a command that takes one FILE and --media-type, and --html where `html` is given. True: *path is the
 * file and the sample knows its media type: what
 * --media-type names, else what the ending tells, and Markdown for standard input. False: *exit_code says how to end.
 */
bool sample_begin(struct sample *sample, const struct command *self, size_t argc, const char **argv, bool *html,
                  const char **path, int *exit_code);

/* Read the file at `path`, - being standard input. sample_done is called in any case.
 * Faults  FAULT_REJECT it cannot be read, is empty, too large or not UTF-8; FAULT_RETRY memory. */
NODISCARD enum fault sample_read(struct sample *sample, const char *path, struct error *err);
void sample_done(struct sample *sample);

#endif
