/* What a thread is called where threads are seen: top -H, perf, /proc. */
#ifndef REFERENT_THREAD_H
#define REFERENT_THREAD_H

#include <sys/prctl.h>

/* Name the calling thread; Linux keeps the first 15 bytes. */
static inline void thread_name(const char *name)
{
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
}

#endif
