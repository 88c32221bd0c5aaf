/* soak_bench: many small minutes through one worker, and what it takes of memory, descriptors and threads meanwhile.
 * After the first lines (caches fill, each shard's tree grows a level) memory has to be a flat line.
 *
 *     referentd --data /tmp/soak & soak_bench tcp://127.0.0.1:7700 $! 1000000
 *
 * Each document is another one, of about 1 to 2 KB and two to six Xapian documents. */
#include "referent.h"
#include "stream.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES = 20, POLL_MS = 1000, SEED = 1 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A number of /proc/PID/status. */
static unsigned long status_of(const char *pid, const char *name)
{
    char path[64], line[256];
    unsigned long value = 0;
    snprintf(path, sizeof path, "/proc/%.20s/status", pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtoul(line + strlen(name) + 1, NULL, 10);
    if (file != NULL)
        fclose(file);
    return value;
}

static unsigned descriptors_of(const char *pid)
{
    char path[64];
    unsigned count = 0;
    snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
    DIR *folder = opendir(path);
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count > 2 ? count - 2 : 0; /* without . and .. */
}

static void line_print(const char *pid, unsigned documents, double seconds, double rate)
{
    printf("%10u documents %8.1f s %8.0f documents/s %8.1f MB resident %8.1f MB at most %4u descriptors %3lu threads\n",
           documents, seconds, rate, (double)status_of(pid, "VmRSS:") / 1024, (double)status_of(pid, "VmHWM:") / 1024,
           descriptors_of(pid), status_of(pid, "Threads:"));
    fflush(stdout);
}

static bool offer(struct referent_feeder *feeder, const struct stream *stream, unsigned number)
{
    struct op op = {.id = number, .edition = 1, .version = 1};
    char id[STREAM_ID_MAX], body[STREAM_BODY_MAX];
    stream_id(&op, id);
    struct span bytes = stream_body(stream, &op, body);
    struct referent_document document = {.id = id, .version = 1, .body = bytes.at, .body_bytes = bytes.size};
    return referent_feeder_submit(feeder, &document, NULL, NULL) == REFERENT_OK;
}

int main(int argc, char **argv)
{
    struct referent_feeder *feeder;
    struct referent_error err;
    struct stream stream = {.seed = SEED};
    unsigned wanted = argc == 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0, offered = 0, answered = 0, bad = 0;
    if (wanted == 0) {
        fprintf(stderr, "usage: soak_bench ENDPOINT PID DOCUMENTS\n");
        return 2;
    }
    if (referent_feeder_open(argv[1], NULL, &feeder, &err) != REFERENT_OK) {
        fprintf(stderr, "soak_bench: %s\n", err.text);
        return 1;
    }
    double begun = now_s(), line_begun = begun;
    unsigned step = wanted / LINES > 0 ? wanted / LINES : 1;
    while (answered < wanted) {
        struct referent_receipt receipt;
        while (offered < wanted && offer(feeder, &stream, offered))
            offered++;
        if (referent_feeder_poll(feeder, POLL_MS, &receipt, NULL) != REFERENT_OK)
            continue;
        bad += receipt.status != REFERENT_STATUS_COMMITTED && receipt.status != REFERENT_STATUS_UNCHANGED;
        if (++answered % step == 0) {
            double now = now_s();
            line_print(argv[2], answered, now - begun, step / (now - line_begun));
            line_begun = now;
        }
    }
    printf("%u documents, %u without COMMITTED or UNCHANGED\n", answered, bad);
    referent_feeder_close(&feeder);
    return bad > 0;
}
