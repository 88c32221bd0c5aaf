/* thread: names and niceness. */
#define _XOPEN_SOURCE 700 /* nice */
#include "thread.h"

#include <sys/prctl.h>
#include <unistd.h>

void thread_begin(const char *name, enum thread_rank rank)
{
    static const int behind[] = {[THREAD_PROMPT] = 0, [THREAD_INDEX] = 5, [THREAD_REBUILD] = 10};
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
    if (behind[rank] > 0)
        (void)!nice(behind[rank]); /* Linux: of this thread alone, and on top of what the service has */
}
