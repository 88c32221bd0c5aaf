/* process: see process.h. */
#define _GNU_SOURCE
#include "process.h"
#include "scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void redirect(const char *path, int mode, int to)
{
    int file = open(path, mode | O_CLOEXEC, 0600);
    if (file < 0 || dup2(file, to) < 0)
        _exit(126);
}

/* In the child, between fork and exec. Appends, so that a daemon that starts again adds to its log. */
static void become(const struct process *process, const char *const argv[])
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect(process->output, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
    redirect(process->complaint, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

void process_start(struct process *process, const char *folder, const char *name, const char *const argv[])
{
    snprintf(process->output, sizeof process->output, "%s/%s.out", folder, name);
    snprintf(process->complaint, sizeof process->complaint, "%s/%s.err", folder, name);
    process->pid = fork();
    if (process->pid == 0)
        become(process, argv);
    if (process->pid < 0 || (process->pidfd = pidfd_open(process->pid, 0)) < 0)
        fail_msg("cannot start %s: %s", argv[0], strerror(errno));
}

bool process_wait(struct process *process, int64_t timeout_ms, int *status)
{
    struct pollfd end = {.fd = process->pidfd, .events = POLLIN};
    if (poll(&end, 1, (int)timeout_ms) != 1)
        return false;
    waitpid(process->pid, status, 0);
    close(process->pidfd);
    process->pid = 0;
    return true;
}

void process_signal(const struct process *process, int number)
{
    kill(process->pid, number);
}

void process_kill(struct process *process)
{
    int status;
    if (process->pid == 0)
        return;
    kill(process->pid, SIGKILL);
    if (!process_wait(process, DEADLINE_MS, &status))
        fail_msg("process %d survives SIGKILL", (int)process->pid);
}

char *file_read(const char *path)
{
    FILE *file = fopen(path, "rbe");
    size_t size = 0, room = 1 << 16;
    char *bytes = malloc(room);
    while (file && bytes) {
        size_t more = fread(bytes + size, 1, room - size - 1, file);
        size += more;
        if (more == 0)
            break;
        char *larger = size + 1 == room ? realloc(bytes, room *= 2) : bytes;
        if (larger == NULL)
            abort();
        bytes = larger;
    }
    if (file)
        fclose(file);
    if (bytes == NULL)
        abort();
    bytes[size] = '\0';
    return bytes;
}

void file_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wbe");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        fail_msg("cannot write %s: %s", path, strerror(errno));
}
