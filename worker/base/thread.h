/* What a thread is called, and who goes first when cores are short. */
#ifndef REFERENT_THREAD_H
#define REFERENT_THREAD_H

/* Somebody waits for an answer; who feeds has sent the next document already; nobody waits for a rebuild. */
enum thread_rank { THREAD_PROMPT, THREAD_INDEX, THREAD_REBUILD };

/* Name the calling thread as it is seen in top -H, perf and /proc (Linux keeps the first 15 bytes), and give it its
 * place. A rank that the system refuses changes nothing but the order. */
void thread_begin(const char *name, enum thread_rank rank);

#endif
