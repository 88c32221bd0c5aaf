/* run: a scratch file written from front to back, and read at as many places as it has runs. */
#define _GNU_SOURCE /* fallocate */
#include "run.h"

#include "block_file.h"
#include "coding.h"
#include "segment.h"
#include "termlist.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* The hash goes from block to block, so they are read as they were written. */
enum { BLOCK_BYTES = 256 * 1024 };
enum { TERM_HEAD_BYTES = 1 + UINT8_MAX + 2 * UINT_MAX_BYTES };
enum { TERMS_AHEAD = 8 };

void runs_init(struct runs *runs)
{
    *runs = (struct runs){.file = -1};
}

void runs_clear(struct runs *runs)
{
    for (size_t i = 0; i < runs->count; i++)
        buffer_done(&runs->items[i].window);
    buffer_done(&runs->out);
    if (runs->file >= 0)
        close(runs->file);
    runs->file = -1;
    runs->size = runs->postings = runs->count = 0;
}

/* ---- writing */

static enum fault file_make(struct runs *runs, const char *folder, struct error *err)
{
    if (snprintf(runs->path, sizeof runs->path, "%s/%s", folder, segment_scratch) >= (int)sizeof runs->path)
        return error_set(err, FAULT_STOP, "bulk.path", "the name of the segment is too long");
    runs->file = open(runs->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (runs->file < 0 || unlink(runs->path) != 0)
        return file_fault(err, runs->path);
    return FAULT_NONE;
}

/* Whole blocks leave; at the end of a run (all) the rest, too. */
static enum fault out_flush(struct runs *runs, struct run *run, bool all, struct error *err)
{
    struct buffer *out = &runs->out;
    size_t at = 0;
    while (out->size - at >= BLOCK_BYTES || (all && at < out->size)) {
        size_t size = out->size - at < BLOCK_BYTES ? out->size - at : BLOCK_BYTES;
        run->written = XXH3_64bits_withSeed(out->at + at, size, run->written);
        TRY(file_write(runs->file, runs->path, out->at + at, size, runs->size, err));
        runs->size += size;
        at += size;
    }
    memmove(out->at, out->at + at, out->size - at);
    out->size -= at;
    return FAULT_NONE;
}

static inline enum fault out_room(struct runs *runs, struct run *run, size_t bytes, struct error *err)
{
    if (runs->out.size >= BLOCK_BYTES)
        TRY(out_flush(runs, run, false, err));
    return buffer_reserve(&runs->out, bytes) ? FAULT_NONE : memory_fault(err);
}

static enum fault term_put(struct runs *runs, struct run *run, const struct lexicon_term *term, struct error *err)
{
    TRY(out_room(runs, run, TERM_HEAD_BYTES, err));
    struct span bytes = lexicon_span(term);
    char *to = runs->out.at + runs->out.size;
    *to++ = (char)bytes.size;
    to = put_uint(put_uint(put_bytes(to, bytes), term->count), lexicon_wdf(term));
    runs->out.size = (size_t)(to - runs->out.at);
    return FAULT_NONE;
}

static enum fault postings_put(struct runs *runs, struct run *run, const struct inversion *inversion,
                               const struct record *at, const struct record *end, struct error *err)
{
    struct buffer *out = &runs->out;
    struct posting_out posting;
    uint32_t last = 0;
    char *to = out->at + out->size, *edge = out->at + out->room; /* not in memory, where each would wait for the last */
    for (const struct record *record = at; record < end; record++) {
        record_fetch(inversion, record + RECORD_AHEAD);
        record_read(inversion, record, &posting);
        bool positions = posting.positions.size > 0;
        if ((size_t)(edge - to) < RUN_POSTING_HEAD_BYTES + posting.positions.size) {
            out->size = (size_t)(to - out->at);
            TRY(out_room(runs, run, RUN_POSTING_HEAD_BYTES + posting.positions.size, err));
            to = out->at + out->size;
            edge = out->at + out->room;
        }
        to = put_uint(put_uint(to, posting.docid - last), (uint64_t)posting.wdf << 1 | positions);
        if (positions)
            to = put_string(to, posting.positions);
        last = posting.docid;
    }
    out->size = (size_t)(to - out->at);
    return FAULT_NONE;
}

static enum fault terms_put(struct runs *runs, struct run *run, const struct inversion *inversion,
                            const struct lexicon_term *order, struct error *err)
{
    const struct record *at = (const void *)inversion->sorted.at;
    for (uint32_t i = 0; i < inversion->lexicon.count; i++) {
        const struct record *end = at + order[i].count;
        if (i + TERMS_AHEAD < inversion->lexicon.count)
            __builtin_prefetch(order[i + TERMS_AHEAD].at - LEXICON_BYTES);
        TRY(term_put(runs, run, &order[i], err));
        TRY(postings_put(runs, run, inversion, at, end, err));
        at = end;
    }
    runs->postings += inversion->records.size / sizeof(struct record);
    return FAULT_NONE;
}

enum fault runs_add(struct runs *runs, const char *folder, const struct inversion *inversion,
                    const struct lexicon_term *order, struct error *err)
{
    if (runs->file < 0)
        TRY(file_make(runs, folder, err));
    struct run *run = &runs->items[runs->count];
    *run = (struct run){.at = runs->size};
    TRY(terms_put(runs, run, inversion, order, err));
    TRY(out_room(runs, run, TERM_HEAD_BYTES, err));
    memset(runs->out.at + runs->out.size, 0, TERM_HEAD_BYTES);
    runs->out.size += TERM_HEAD_BYTES;
    TRY(out_flush(runs, run, true, err));
    run->end = runs->size;
    runs->count++;
    return FAULT_NONE;
}

/* ---- reading */

enum fault run_spoiled(const struct runs *runs, struct error *err)
{
    return error_set(err, FAULT_REOPEN, "bulk.run",
                     "%.150s: what is read is not what was written; the segment is dropped, build it again",
                     runs->path);
}

/* What has been read is not read again. Its pages are warm, and the tables that are written meanwhile take them instead
 * of new ones; a disk that knows no holes keeps it until the file is closed. */
static void block_forget(const struct runs *runs, uint64_t at, size_t size)
{
    (void)fallocate(runs->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)size);
}

static enum fault block_read(struct runs *runs, struct run *run, struct error *err)
{
    size_t size = run->end - run->at < BLOCK_BYTES ? (size_t)(run->end - run->at) : BLOCK_BYTES, got = 0;
    if (!buffer_reserve(&run->window, size))
        return memory_fault(err);
    char *to = run->window.at + run->window.size;
    while (got < size) {
        ssize_t more = pread(runs->file, to + got, size - got, (off_t)(run->at + got));
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return file_fault(err, runs->path);
        if (more == 0)
            return run_spoiled(runs, err);
        got += (size_t)more;
    }
    block_forget(runs, run->at, size);
    run->hash = XXH3_64bits_withSeed(to, size, run->hash);
    run->at += size;
    run->window.size += size;
    return run->at == run->end && run->hash != run->written ? run_spoiled(runs, err) : FAULT_NONE;
}

enum fault run_fill(struct runs *runs, struct run *run, size_t bytes, struct error *err)
{
    struct buffer *window = &run->window;
    if (window->at != NULL)
        memmove(window->at, window->at + run->next, window->size - run->next);
    window->size -= run->next;
    run->next = 0;
    if (bytes > window->size + (run->end - run->at))
        return run_spoiled(runs, err);
    while (window->size < bytes)
        TRY(block_read(runs, run, err));
    return FAULT_NONE;
}

enum fault run_next(struct runs *runs, struct run *run, struct error *err)
{
    TRY(run_need(runs, run, TERM_HEAD_BYTES, err));
    const char *at = run->window.at + run->next;
    run->term_size = (uint8_t)*at;
    memcpy(run->term, at + 1, run->term_size);
    run->head = lexicon_head((struct span){run->term, run->term_size});
    run->next += 1 + (size_t)run->term_size;
    run->last = 0;
    if (run->term_size == 0) {
        run->postings = 0;
        return run->at == run->end ? FAULT_NONE : run_spoiled(runs, err);
    }
    run->postings = run_uint(run);
    run->collection = (uint32_t)run_uint(run);
    return run->postings > 0 ? FAULT_NONE : run_spoiled(runs, err);
}

enum fault runs_begin(struct runs *runs, struct error *err)
{
    buffer_done(&runs->out);
    for (size_t i = 0; i < runs->count; i++)
        TRY(run_next(runs, &runs->items[i], err));
    return FAULT_NONE;
}

static int run_compare(const struct run *left, const struct run *right)
{
    if (left->head != right->head)
        return left->head < right->head ? -1 : 1;
    return span_compare((struct span){left->term, left->term_size}, (struct span){right->term, right->term_size});
}

size_t runs_least(struct runs *runs, struct run *out[static RUNS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < runs->count; i++) {
        struct run *run = &runs->items[i];
        int order = run->term_size == 0 ? 1 : count == 0 ? -1 : run_compare(run, out[0]);
        if (order < 0)
            count = 0;
        if (order <= 0)
            out[count++] = run;
    }
    return count;
}
