/* What a thread is called, and who goes first when cores are short. */
#ifndef REFERENT_THREAD_H
#define REFERENT_THREAD_H

#include <stddef.h>

/* Somebody waits for an answer; who feeds has sent the next document already; nobody waits for a rebuild. */
enum thread_rank { THREAD_PROMPT, THREAD_INDEX, THREAD_REBUILD };

/* Name the calling thread as it is seen in top -H, perf and /proc (Linux keeps the first 15 bytes), and give it its
 * place. A rank that the system refuses changes nothing but the order. */
void thread_begin(const char *name, enum thread_rank rank);

/* How many cores this process may use: those of the machine, less what taskset, systemd's CPUAffinity= or a container
 * keep from it. At least 1. */
size_t thread_cores(void);

#endif
