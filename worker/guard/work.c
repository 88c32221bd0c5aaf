/* work: slots in shared memory, marks, and the signals that end a process. */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC = 0x52664957 /* "RfIW" */, LAYOUT = 1, STACK_BYTES = 64 * 1024, FILE_MAX_BYTES = 1 << 30 };

/* As it stands in the file; everything behind `running` is of the life that runs. */
struct head {
    uint32_t magic, layout;
    uint32_t ones, manies, capacity;
    _Atomic uint32_t running;
    _Atomic uint32_t reason;  /* enum death */
    _Atomic uint32_t culprit; /* slot + 1; 0: not known */
    _Atomic uint32_t alone;
    struct work alone_work;
    _Atomic uint64_t memory_first, memory_last; /* when the lone document began, and last seen */
};

struct slot_head {
    _Atomic uint32_t count;
    uint32_t spare;
    struct work works[];
};

struct work_slot {
    struct slot_head *shared;
    uint32_t number;
    size_t capacity;
    _Atomic uint64_t turn;
    bool stop; /* by __atomic_, because the arena reads it as a plain bool */
    _Atomic uint64_t stop_turn;
    atomic_bool entered;
    clockid_t clock;
    char *stack; /* for a signal when the thread's own is full */
};

struct work_file {
    struct head *head;
    size_t bytes;
    size_t count;
    uint64_t growth_max_bytes;
    struct work_slot slots[];
};

/* What the handler of signals may touch. */
static struct work_file *watched;
static _Thread_local struct work_slot *mine;

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static size_t slot_bytes(size_t capacity)
{
    return sizeof(struct slot_head) + capacity * sizeof(struct work);
}

static size_t shape_bytes(struct work_shape shape)
{
    return sizeof(struct head) + shape.ones * slot_bytes(1) + shape.manies * slot_bytes(shape.capacity);
}

static struct slot_head *slot_at(struct head *head, struct work_shape shape, size_t number)
{
    size_t many = number > shape.ones ? number - shape.ones : 0, one = number - many;
    return (struct slot_head *)(void *)((char *)(head + 1) + one * slot_bytes(1) + many * slot_bytes(shape.capacity));
}

static bool shape_is_sound(const struct head *head, size_t size)
{
    struct work_shape shape = {head->ones, head->manies, head->capacity};
    return size >= sizeof *head && head->magic == MAGIC && head->layout == LAYOUT && head->ones <= 1 << 16 &&
           head->manies <= 1 << 16 && head->capacity <= 1 << 16 && shape_bytes(shape) <= size;
}

/* The documents of the slots that may have to do with the end. A batch in commit is suspected only if its writer is
 * named, or if memory ran out: a SIGKILL in a commit, which is most of a busy writer's time, says nothing of any. */
static void works_collect(struct head *head, struct last_life *last, struct work *works)
{
    struct work_shape shape = {head->ones, head->manies, head->capacity};
    uint32_t culprit = atomic_load(&head->culprit);
    size_t slots = shape.ones + shape.manies;
    last->named = culprit > 0 && culprit <= slots;
    for (size_t i = 0; i < slots; i++) {
        struct slot_head *slot = slot_at(head, shape, i);
        size_t count = atomic_load(&slot->count), capacity = i < shape.ones ? 1 : shape.capacity;
        bool wanted = last->named ? i + 1 == culprit : count == 1 || last->reason == DEATH_MEMORY;
        for (size_t n = 0; wanted && n < count && n < capacity; n++)
            works[last->count++] = slot->works[n];
    }
}

static void last_read(struct head *head, size_t size, uint64_t growth_max_bytes, struct last_life *last)
{
    if (!shape_is_sound(head, size) || atomic_load(&head->running) == 0)
        return;
    uint32_t reason = atomic_load(&head->reason);
    uint64_t first = atomic_load(&head->memory_first), end = atomic_load(&head->memory_last);
    last->died = true;
    last->reason = reason <= DEATH_TIME ? (enum death)reason : DEATH_UNKNOWN;
    last->alone = atomic_load(&head->alone) != 0;
    last->alone_work = head->alone_work;
    last->grew = last->alone && end > first && end - first > growth_max_bytes;
    struct work *works = calloc(head->ones + (size_t)head->manies * head->capacity + 1, sizeof *works);
    last->works = works;
    if (works != NULL)
        works_collect(head, last, works);
}

void last_life_done(struct last_life *last)
{
    free((void *)last->works);
    *last = (struct last_life){0};
}

/* The file is filled with blocks before it is mapped: a store into a hole on a full disk would be a SIGBUS. */
static struct head *file_map(const char *data_dir, size_t bytes, uint64_t growth_max_bytes, struct last_life *last,
                             struct error *err)
{
    char path[PATH_MAX];
    struct stat about;
    void *old = MAP_FAILED, *map = MAP_FAILED;
    snprintf(path, sizeof path, "%s/inwork", data_dir);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (file >= 0 && fstat(file, &about) == 0 && about.st_size >= (off_t)sizeof(struct head) &&
        about.st_size <= FILE_MAX_BYTES)
        old = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (old != MAP_FAILED) {
        last_read(old, (size_t)about.st_size, growth_max_bytes, last);
        munmap(old, (size_t)about.st_size);
    }
    int code = file < 0 ? errno : posix_fallocate(file, 0, (off_t)bytes);
    if (code == 0) {
        map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        code = map == MAP_FAILED ? errno : 0;
    }
    if (code != 0)
        error_set(err, FAULT_RETRY, "quarantine.file", "%.150s: %s", path, strerror(code));
    if (file >= 0)
        close(file);
    return map == MAP_FAILED ? NULL : map;
}

enum fault work_open(const char *data_dir, struct work_shape shape, uint64_t growth_max_bytes, struct work_file **out,
                     struct last_life *last, bool *kept, struct error *err)
{
    size_t count = shape.ones + shape.manies, bytes = shape_bytes(shape);
    struct work_file *file = calloc(1, sizeof *file + count * sizeof file->slots[0]);
    *out = NULL;
    *last = (struct last_life){0};
    if (file == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    file->head = file_map(data_dir, bytes, growth_max_bytes, last, err);
    *kept = file->head != NULL;
    if (!*kept) {
        void *plain = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        file->head = plain == MAP_FAILED ? NULL : plain;
    }
    if (file->head == NULL) {
        last_life_done(last);
        free(file);
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    }
    memset(file->head, 0, bytes);
    file->bytes = bytes;
    file->count = count;
    file->growth_max_bytes = growth_max_bytes;
    file->head->ones = (uint32_t)shape.ones;
    file->head->manies = (uint32_t)shape.manies;
    file->head->capacity = (uint32_t)shape.capacity;
    for (size_t i = 0; i < count; i++) {
        file->slots[i].shared = slot_at(file->head, shape, i);
        file->slots[i].number = (uint32_t)i;
        file->slots[i].capacity = i < shape.ones ? 1 : shape.capacity;
    }
    file->head->magic = MAGIC;
    file->head->layout = LAYOUT;
    atomic_store(&file->head->running, 1);
    *out = file;
    return FAULT_NONE;
}

void work_close(struct work_file **file)
{
    if (file == NULL || *file == NULL)
        return;
    if (watched == *file)
        watched = NULL;
    atomic_store(&(*file)->head->running, 0);
    munmap((*file)->head, (*file)->bytes);
    for (size_t i = 0; i < (*file)->count; i++)
        free((*file)->slots[i].stack);
    free(*file);
    *file = NULL;
}

struct work_slot *work_slot(struct work_file *file, size_t number)
{
    return &file->slots[number];
}

/* ---- the thread of a slot ---------------------------------------------------------------------------------------- */

void work_enter(struct work_slot *slot)
{
    if (slot == NULL)
        return;
    mine = slot;
    slot->stack = malloc(STACK_BYTES);
    if (slot->stack != NULL) {
        stack_t stack = {.ss_sp = slot->stack, .ss_size = STACK_BYTES};
        stack_t before;
        if (sigaltstack(NULL, &before) == 0 && (before.ss_flags & SS_DISABLE) != 0) /* sanitizers have their own */
            sigaltstack(&stack, NULL);
    }
    atomic_store(&slot->entered, pthread_getcpuclockid(pthread_self(), &slot->clock) == 0);
}

void work_leave(struct work_slot *slot)
{
    if (slot == NULL)
        return;
    atomic_store(&slot->entered, false);
    stack_t current;
    if (sigaltstack(NULL, &current) == 0 && slot->stack != NULL && current.ss_sp == slot->stack)
        sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    mine = NULL;
}

static void turn_begin(struct work_slot *slot, uint32_t count)
{
    __atomic_store_n(&slot->stop, false, __ATOMIC_RELAXED);
    atomic_store_explicit(&slot->shared->count, count, memory_order_release);
    atomic_fetch_add_explicit(&slot->turn, 1, memory_order_relaxed);
}

void work_begin(struct work_slot *slot, const struct work *work)
{
    if (slot == NULL)
        return;
    slot->shared->works[0] = *work;
    turn_begin(slot, 1);
}

/* Who dies in between has none in hand, and none is touched in between. */
void work_turn_to(struct work_slot *slot, const struct work *work)
{
    if (slot == NULL)
        return;
    atomic_store_explicit(&slot->shared->count, 0, memory_order_release);
    slot->shared->works[0] = *work;
    atomic_store_explicit(&slot->shared->count, 1, memory_order_release);
}

void work_begin_many(struct work_slot *slot, size_t count, const struct work *(*of)(const void *self, size_t n),
                     const void *self)
{
    if (slot == NULL)
        return;
    if (count > slot->capacity)
        count = slot->capacity;
    for (size_t i = 0; i < count; i++)
        slot->shared->works[i] = *of(self, i);
    turn_begin(slot, (uint32_t)count);
}

void work_end(struct work_slot *slot)
{
    if (slot == NULL)
        return;
    atomic_store_explicit(&slot->shared->count, 0, memory_order_release);
    atomic_fetch_add_explicit(&slot->turn, 1, memory_order_relaxed);
}

const bool *work_stop(const struct work_slot *slot)
{
    static const bool never = false;
    return slot != NULL ? &slot->stop : &never;
}

bool work_is_stopped(const struct work_slot *slot, bool *meant)
{
    if (slot == NULL || !__atomic_load_n(&slot->stop, __ATOMIC_ACQUIRE))
        return false;
    *meant = atomic_load(&slot->stop_turn) == work_turn(slot);
    return true;
}

/* ---- any thread -------------------------------------------------------------------------------------------------- */

uint64_t work_turn(const struct work_slot *slot)
{
    return atomic_load_explicit(&slot->turn, memory_order_relaxed);
}

bool work_processor_ms(const struct work_slot *slot, int64_t *ms)
{
    struct timespec spent;
    if (!atomic_load(&slot->entered) || clock_gettime(slot->clock, &spent) != 0)
        return false;
    *ms = (int64_t)spent.tv_sec * 1000 + spent.tv_nsec / 1000000;
    return true;
}

/* The turn may end while this is said; hence stop_turn. */
void work_ask_stop(struct work_slot *slot, uint64_t turn)
{
    if (work_turn(slot) != turn)
        return;
    atomic_store(&slot->stop_turn, turn);
    __atomic_store_n(&slot->stop, true, __ATOMIC_RELEASE);
}

void work_alone(struct work_file *file, const struct work *work)
{
    struct head *head = file->head;
    atomic_store(&head->alone, 0);
    if (work == NULL)
        return;
    head->alone_work = *work;
    atomic_store(&head->memory_first, atomic_load(&head->memory_last));
    atomic_store(&head->alone, 1);
}

void work_memory(struct work_file *file, uint64_t bytes)
{
    atomic_store_explicit(&file->head->memory_last, bytes, memory_order_relaxed);
}

void work_mark(struct work_file *file, enum death reason, const struct work_slot *slot)
{
    uint32_t none = DEATH_UNKNOWN;
    if (!atomic_compare_exchange_strong(&file->head->reason, &none, (uint32_t)reason))
        return;
    atomic_store(&file->head->culprit, slot != NULL ? slot->number + 1 : 0);
}

/* ---- signals ----------------------------------------------------------------------------------------------------- */

static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { DEADLY = sizeof deadly / sizeof deadly[0] };
static struct sigaction before[DEADLY]; /* a sanitizer's, or the system's: whoever comes next tells the operator */

/* Only what may be done in a handler: stores, sigaction, raise. A signal that somebody else sent is no document's. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    bool own = info->si_code > 0 || info->si_pid == getpid();
    if (own && watched != NULL)
        work_mark(watched, DEATH_CRASH, mine);
    for (int i = 0; i < DEADLY; i++)
        if (deadly[i] == number)
            sigaction(number, &before[i], NULL);
    if (info->si_code <= 0) /* sent, so it does not come again by itself when this returns */
        raise(number);
}

void work_watch_signals(struct work_file *file)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    bool first = watched == NULL;
    sigemptyset(&action.sa_mask);
    watched = file;
    for (int i = 0; first && i < DEADLY; i++)
        sigaction(deadly[i], &action, &before[i]);
}
