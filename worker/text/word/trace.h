/* trace: four bytes out of the words that stages look for in a line, case aside: told for all lines by one look over
 * the text (page/trace.c).
 *
 * A line without the trace does not hold the words; one with it may. Which bytes belong to which trace stands in
 * trace.def. Shared with make_lookup. */
#ifndef REFERENT_TRACE_H
#define REFERENT_TRACE_H

#include <stdint.h>

enum trace {
    TRACE_PROPOSAL = 1,  /* indstiller, foreslår, anbefaler */
    TRACE_VOTE = 2,      /* stemte, undlod, ændringsforslag */
    TRACE_CONTENTS = 4,  /* Indholdsfortegnelse */
    TRACE_MEETING = 8,   /* ". Mødet" */
    TRACE_ACCESS = 16,   /* lukket, åben, fortrolig */
    TRACE_ORDINARY = 32, /* titles that many meetings have: Eventuelt, Godkendelse af dagsorden */
    TRACE_AWAY = 64,     /* afbud, deltog, mødt, forlod */
    TRACE_SEAT = 128,    /* stedfortræder, suppleant, i stedet for, tog sæde */
    TRACE_ATTENDANCE = TRACE_AWAY | TRACE_SEAT,
    TRACE_ALL = 255
};

/* The look goes by the halves of bytes: eight groups of traces, a bit each, tell which halves each of their four bytes
 * may have. What passes is looked up. The bytes of traces and of the text have the bit of small letters set. */
enum { TRACE_BYTES = 4, TRACE_GROUPS = 8, TRACE_SLOTS = 128 };
struct trace_tables {
    uint8_t low[TRACE_BYTES][16], high[TRACE_BYTES][16];
    uint32_t bytes[TRACE_SLOTS], traces[TRACE_SLOTS]; /* every trace in the slot of its bytes */
    uint32_t factor;                                  /* gives each a slot of its own */
};

static inline uint32_t trace_slot(uint32_t bytes, uint32_t factor)
{
    return bytes * factor >> 25;
}

#endif
