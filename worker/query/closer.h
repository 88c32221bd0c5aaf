/* Closes databases behind the search threads. Whoever closes a file last that has been deleted meanwhile waits until
 * the kernel has freed its blocks: 10 to 60 ms of CPU time for what a merge leaves, and longer where disks are busy. */
#ifndef REFERENT_CLOSER_H
#define REFERENT_CLOSER_H

struct closer;
struct database;

/* Starts its thread. NULL if there is no memory or no thread. */
struct closer *closer_new(void);
/* Close all that waits, end the thread and set *closer to NULL; NULL is fine. */
void closer_free(struct closer **closer);
/* Close *database some time, from any thread; at once without a closer (NULL) or when too many wait. Nobody else may
 * use what it has open. Sets *database to NULL; NULL there is fine. */
void closer_take(struct closer *closer, struct database **database);

#endif
