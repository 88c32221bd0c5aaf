/* process: programs that a test starts. Each has its output in a file, dies with the test, and is waited for with a
 * deadline. Linux: pidfd and PR_SET_PDEATHSIG. */
#ifndef REFERENT_TEST_PROCESS_H
#define REFERENT_TEST_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Longest wait for anything, in ms: far beyond what a loaded machine with sanitizers needs. */
enum { DEADLINE_MS = 90000 };

struct process {
    pid_t pid;           /* 0: not running */
    int pidfd;           /* readable when it has ended */
    char output[300];    /* file with what it wrote to standard output */
    char complaint[300]; /* file with what it wrote to standard error; may be the same */
};

int64_t now_ms(void);

/* Start argv[0] with its output in `folder`/name.out and name.err; the test fails if that is impossible. */
void process_start(struct process *process, const char *folder, const char *name, const char *const argv[]);
/* True if it ended within timeout_ms; *status is as from waitpid. */
bool process_wait(struct process *process, int64_t timeout_ms, int *status);
void process_signal(const struct process *process, int number);
/* SIGKILL and wait; fine for one that is not running. */
void process_kill(struct process *process);

/* The whole file as a string to free; "" if it is not there. */
char *file_read(const char *path);
/* Make or replace a file; the test fails if that is impossible. */
void file_write(const char *path, const void *bytes, size_t size);

#endif
