/* lookup_trace: the tables of trace.h: groups of four bytes, and a slot of its own for each. Part of make_lookup. */
#include "lookup_print.h"

#include "trace.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
    struct span bytes;
    unsigned trace;
} traces[] = {
#define TRACE(trace, bytes) {WORD(bytes), TRACE_##trace},
#include "trace.def"
#undef TRACE
};

/* How much a group of traces lets pass with `bytes` in it: all pairs of half bytes. */
static double group_width(const struct trace_tables *tables, size_t group, uint32_t bytes)
{
    double width = 1;
    for (size_t i = 0; i < TRACE_BYTES; i++, bytes >>= 8) {
        size_t lows = 0, highs = 0;
        for (size_t half = 0; half < 16; half++) {
            lows += tables->low[i][half] >> group & 1 || (bytes & 15) == half;
            highs += tables->high[i][half] >> group & 1 || (bytes >> 4 & 15) == half;
        }
        width *= (double)(lows * highs);
    }
    return width;
}

/* Every trace joins the group that it widens least. */
static void trace_join(struct trace_tables *tables, uint32_t bytes)
{
    static double widths[TRACE_GROUPS];
    size_t best = 0;
    for (size_t i = 1; i < TRACE_GROUPS; i++)
        if (group_width(tables, i, bytes) - widths[i] < group_width(tables, best, bytes) - widths[best])
            best = i;
    widths[best] = group_width(tables, best, bytes);
    for (size_t i = 0; i < TRACE_BYTES; i++, bytes >>= 8) {
        tables->low[i][bytes & 15] |= (uint8_t)(1u << best);
        tables->high[i][bytes >> 4 & 15] |= (uint8_t)(1u << best);
    }
}

/* Do all traces find slots of their own by the factor? Then they are put there. */
static bool traces_fit(struct trace_tables *tables, uint32_t factor)
{
    memset(tables->bytes, 0, sizeof tables->bytes);
    for (size_t i = 0; i < COUNT(traces); i++) {
        uint32_t bytes = affix_load(traces[i].bytes.at) | 0x20202020, slot = trace_slot(bytes, factor);
        if (tables->bytes[slot] != 0)
            return false;
        tables->bytes[slot] = bytes;
        tables->traces[slot] = traces[i].trace;
    }
    tables->factor = factor;
    return true;
}

void traces_print(void)
{
    static struct trace_tables tables;
    uint32_t factor = 0x9E3779B1u;
    for (size_t i = 0; i < COUNT(traces); i++) {
        if (traces[i].bytes.size != TRACE_BYTES)
            give_up(traces[i].bytes.at, "is no trace of four bytes");
        trace_join(&tables, affix_load(traces[i].bytes.at) | 0x20202020);
    }
    for (size_t tries = 0; !traces_fit(&tables, factor); factor = factor * 1664525u + 1013904223u)
        if (++tries == 1u << 24)
            give_up("traces", "find no slots");
    printf("static const struct trace_tables trace_tables = {\n");
    for (size_t high = 0; high < 2; high++) {
        printf("{");
        for (size_t i = 0; i < TRACE_BYTES; i++)
            for (size_t half = 0; half < 16; half++)
                printf("%s%u%s", half ? "," : "{", (high ? tables.high : tables.low)[i][half],
                       half == 15 ? "},\n" : "");
        printf("},\n");
    }
    for (size_t what = 0; what < 2; what++) {
        printf("{");
        for (size_t i = 0; i < TRACE_SLOTS; i++)
            printf("%" PRIu32 "u,%s", (what ? tables.traces : tables.bytes)[i], i % 16 == 15 ? "\n" : "");
        printf("},\n");
    }
    printf("%" PRIu32 "u};\n", tables.factor);
}
