/* slice: sched_setattr(2), which Debian 12's C library has no function for; <sched.h> and the kernel's header differ.
 */
#define _GNU_SOURCE /* syscall */
#include "slice.h"

#include <linux/sched/types.h>
#include <sys/syscall.h>
#include <unistd.h>

void slice_ask(uint64_t us)
{
    struct sched_attr attr = {.size = sizeof attr};
    if (syscall(SYS_sched_getattr, 0, &attr, (unsigned)sizeof attr, 0U) != 0)
        return;
    attr.sched_runtime = us * 1000;
    (void)syscall(SYS_sched_setattr, 0, &attr, 0U);
}
