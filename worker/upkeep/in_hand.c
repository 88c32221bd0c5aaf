/* in_hand: sixteen bytes. On the thread that rebuilds the shard. */
#define _XOPEN_SOURCE 700 /* pread, pwrite */
#include "in_hand.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

enum fault in_hand_open(struct in_hand *in_hand, const char *data_dir, uint32_t shard, struct error *err)
{
    uint64_t noted[2] = {0};
    *in_hand = (struct in_hand){.file = -1};
    if (snprintf(in_hand->path, sizeof in_hand->path, "%s/rebuild-%04u", data_dir, shard) >= (int)sizeof in_hand->path)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    in_hand->file = open(in_hand->path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (in_hand->file < 0)
        return error_set(err, FAULT_REOPEN, "rebuild.in_hand", "%.160s: %s", in_hand->path, strerror(errno));
    if (pread(in_hand->file, noted, sizeof noted, 0) == (ssize_t)sizeof noted) {
        in_hand->last = noted[0];
        in_hand->lives = noted[1];
    }
    return FAULT_NONE;
}

bool in_hand_take(struct in_hand *in_hand, struct span id)
{
    uint64_t hash = XXH3_64bits(id.at, id.size);
    bool again = hash == in_hand->last && in_hand->lives > 0;
    const uint64_t note[2] = {hash, again ? in_hand->lives + 1 : 1};
    if (again && in_hand->lives >= IN_HAND_LIVES)
        return false;
    ssize_t written = pwrite(in_hand->file, note, sizeof note, 0);
    (void)written; /* on a full disk a poison costs a life more */
    return true;
}

void in_hand_close(struct in_hand *in_hand)
{
    if (in_hand->file < 0)
        return;
    close(in_hand->file);
    (void)unlink(in_hand->path);
    in_hand->file = -1;
}
