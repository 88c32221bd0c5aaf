/* lineage: bytes and digits. Any thread. */
#include "lineage.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum fault lineage_make(char hex[static 2 * LINEAGE_BYTES + 1], struct error *err)
{
    unsigned char bytes[LINEAGE_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return error_set(err, FAULT_STOP, "lineage.random", "the system gives no random bytes");
    lineage_print(bytes, hex);
    return FAULT_NONE;
}

void lineage_read(struct span hex, unsigned char out[static LINEAGE_BYTES])
{
    for (size_t i = 0; i < LINEAGE_BYTES && 2 * i + 1 < hex.size; i++) {
        char pair[3] = {hex.at[2 * i], hex.at[2 * i + 1], '\0'};
        out[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
}

void lineage_print(const unsigned char lineage[static LINEAGE_BYTES], char hex[static 2 * LINEAGE_BYTES + 1])
{
    for (size_t i = 0; i < LINEAGE_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", lineage[i]);
}
