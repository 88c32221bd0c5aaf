/* thread: names, niceness, slices and cores. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "thread.h"

#include "slice.h"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

void thread_begin(const char *name, enum thread_rank rank)
{
    static const int behind[] = {[THREAD_PROMPT] = 0, [THREAD_INDEX] = 10, [THREAD_REBUILD] = 15};
    static const uint64_t slice_us[] = {[THREAD_PROMPT] = 200, [THREAD_INDEX] = 20000, [THREAD_REBUILD] = 20000};
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
    if (behind[rank] > 0)
        (void)!nice(behind[rank]); /* Linux: of this thread alone, and on top of what the service has */
    slice_ask(slice_us[rank]);
}

size_t thread_cores(void)
{
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) == 0 && CPU_COUNT(&cores) > 0)
        return (size_t)CPU_COUNT(&cores);
    long all = sysconf(_SC_NPROCESSORS_ONLN); /* more cores than the set can name */
    return all > 0 ? (size_t)all : 1;
}
