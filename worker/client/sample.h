/* sample: one file read by the text stage without a worker, for the commands extract and explain. */
#ifndef REFERENT_SAMPLE_H
#define REFERENT_SAMPLE_H

#include "arena.h"
#include "file.h"
#include "minutes.h"

struct sample {
    enum media_type media;
    struct file_bytes bytes;
    struct arena *arena;
    struct minutes minutes;
};

/* The media type that --media-type names; without it the file's ending tells, and standard input is Markdown.
 * Faults  FAULT_REJECT usage.media. */
NODISCARD enum fault sample_media(struct sample *sample, const char *name, const char *path, struct error *err);

/* Read the file at `path`, - being standard input. sample_done is called in any case.
 * Faults  FAULT_REJECT it cannot be read, is empty, too large or not UTF-8; FAULT_RETRY memory. */
NODISCARD enum fault sample_read(struct sample *sample, const char *path, struct error *err);
void sample_done(struct sample *sample);

#endif
