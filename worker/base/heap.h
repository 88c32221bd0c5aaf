/* The heap: what is free in it, and who has it. */
#ifndef REFERENT_HEAP_H
#define REFERENT_HEAP_H

/* Give free memory back to the system, unless any thread did within the last second. glibc gives back by itself only
 * what is free at the end of a thread's heap, and one small block there keeps all before it: after a load three fifths
 * of the worker were free memory that nobody else could have. Takes some 30 ms of CPU time. Any thread. */
void heap_trim(void);

#endif
