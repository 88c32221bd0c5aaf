#include "heap.h"

#include "clock.h"

#include <malloc.h>
#include <stdatomic.h>

enum { EVERY_MS = 1000 };

void heap_trim(void)
{
    static _Atomic int64_t trimmed_ms;
    int64_t now = clock_steady_ms(), then = atomic_load(&trimmed_ms);
    if (now - then >= EVERY_MS && atomic_compare_exchange_strong(&trimmed_ms, &then, now))
        (void)malloc_trim(0);
}
