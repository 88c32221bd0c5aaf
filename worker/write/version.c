/* version: the order of versions. Pure. */
#include "version.h"

#include <string.h>

uint64_t version_read(struct span slot)
{
    uint64_t version = 0;
    for (size_t i = 0; i < slot.size && i < 8; i++)
        version = version << 8 | (unsigned char)slot.at[i];
    return version;
}

static enum receipt_status submit_decide(const struct version_state *there, uint64_t version,
                                         const unsigned char digest[16], bool *apply)
{
    static const unsigned char unknown[16];
    *apply = true;
    if (there->state == STATE_ABSENT || version > there->version)
        return RECEIPT_COMMITTED;
    bool same = version == there->version;
    if (same && there->state == STATE_PRESENT && memcmp(digest, there->digest, 16) == 0) {
        *apply = false;
        return RECEIPT_UNCHANGED;
    }
    if (same && (version == 0 || (there->state == STATE_PRESENT && memcmp(there->digest, unknown, 16) == 0)))
        return RECEIPT_COMMITTED;
    *apply = false;
    return same && there->state == STATE_PRESENT ? RECEIPT_REJECTED : RECEIPT_SUPERSEDED;
}

static enum receipt_status delete_decide(const struct version_state *there, uint64_t version, bool *apply)
{
    *apply = true;
    if (there->state == STATE_ABSENT || version > there->version)
        return RECEIPT_COMMITTED;
    if (there->state == STATE_PRESENT && version == there->version)
        return RECEIPT_COMMITTED;
    *apply = false;
    return there->state == STATE_DELETED ? RECEIPT_UNCHANGED : RECEIPT_SUPERSEDED;
}

enum receipt_status version_decide(const struct version_state *there, enum job_kind kind, uint64_t version,
                                   const unsigned char digest[16], bool *apply)
{
    return kind == JOB_DELETE ? delete_decide(there, version, apply) : submit_decide(there, version, digest, apply);
}
