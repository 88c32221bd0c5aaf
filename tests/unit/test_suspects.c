/* Suspects: what follows from each way in which a worker can die, and what the file keeps of it. And work_file: what
 * one life leaves for the next. */
#define _XOPEN_SOURCE 700 /* nftw, in temp.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "suspects.h"
#include "temp.h"

#include <sys/wait.h>

static struct suspects suspects;

static int begin(void **state)
{
    (void)state;
    suspects = (struct suspects){0};
    return 0;
}

static int end(void **state)
{
    (void)state;
    suspects_done(&suspects);
    return 0;
}

static struct work work_of(unsigned number)
{
    return (struct work){{(unsigned char)number, (unsigned char)(number >> 8), 7}, number % 100};
}

static void judge(struct last_life last, const struct work *works, size_t count)
{
    last.died = true;
    last.works = works;
    last.count = count;
    assert_true(suspects_judge(&suspects, &last));
}

static void die_alone(enum death reason, bool named)
{
    struct work work = work_of(1);
    judge((struct last_life){.reason = reason, .named = named, .alone = true, .alone_work = work}, &work, 1);
}

static const struct suspect *first(void)
{
    struct work work = work_of(1);
    return suspects_find(&suspects, &work);
}

static void a_life_that_ended_in_order_suspects_nobody(void **state)
{
    struct work works[] = {work_of(1)};
    struct last_life last = {.works = works, .count = 1};
    (void)state;
    assert_true(suspects_judge(&suspects, &last));
    assert_int_equal(suspects.count, 0);
}

static void company_makes_a_suspect_and_never_more(void **state)
{
    struct work works[] = {work_of(1), work_of(2)};
    (void)state;
    for (int i = 0; i < 10; i++)
        judge((struct last_life){.reason = DEATH_CRASH, .named = true}, works, 2);
    assert_int_equal(suspects.count, 2);
    assert_int_equal(first()->strikes, 0);
    assert_true(suspects_have_id(&suspects, 2));
    assert_false(suspects_have_id(&suspects, 3));
    suspects_pass(&suspects, &works[0]);
    assert_null(first());
    assert_int_equal(suspects.count, 1);
}

static void two_lone_deaths_of_its_own_set_aside(void **state)
{
    (void)state;
    die_alone(DEATH_CRASH, true);
    assert_false(suspect_is_aside(first()));
    die_alone(DEATH_TIME, true);
    assert_true(suspect_is_aside(first()));
    assert_int_equal(first()->reason, DEATH_TIME);
    struct work work = work_of(1);
    suspects_pass(&suspects, &work); /* nobody can pass who was not run */
    assert_true(suspect_is_aside(first()));
}

static void memory_is_its_own_without_a_name(void **state)
{
    (void)state;
    die_alone(DEATH_MEMORY, false);
    die_alone(DEATH_MEMORY, false);
    assert_true(suspect_is_aside(first()));
    assert_int_equal(first()->reason, DEATH_MEMORY);
}

static void a_kill_with_grown_memory_is_one_for_memory(void **state)
{
    struct work work = work_of(1);
    (void)state;
    for (int i = 0; i < 2; i++)
        judge((struct last_life){.alone = true, .alone_work = work, .grew = true}, &work, 1);
    assert_true(suspect_is_aside(first()));
    assert_int_equal(first()->reason, DEATH_MEMORY);
}

/* A crash of a thread that had another thing in hand, or nothing, while this one ran alone. */
static void a_death_elsewhere_is_no_strike(void **state)
{
    (void)state;
    die_alone(DEATH_CRASH, false);
    die_alone(DEATH_CRASH, false);
    assert_int_equal(first()->strikes, 0);
    assert_int_equal(first()->lives, 2);
}

static void unexplained_deaths_count_in_the_end(void **state)
{
    (void)state;
    for (int i = 0; i + 1 < LIVES_MAX; i++)
        die_alone(DEATH_UNKNOWN, false);
    assert_false(suspect_is_aside(first()));
    die_alone(DEATH_UNKNOWN, false);
    assert_true(suspect_is_aside(first()));
}

static void a_chance_is_given_once(void **state)
{
    struct work work = work_of(1);
    (void)state;
    assert_false(suspects_chance(&suspects, &work, 1));
    die_alone(DEATH_CRASH, true);
    assert_false(suspects_chance(&suspects, &work, 1)); /* it is not set aside */
    die_alone(DEATH_CRASH, true);
    assert_false(suspects_chance(&suspects, &work, 0));
    assert_true(suspects_chance(&suspects, &work, 1));
    assert_false(suspect_is_aside(first()));
    die_alone(DEATH_CRASH, true);
    assert_true(suspect_is_aside(first()));
    assert_false(suspects_chance(&suspects, &work, 1));
    assert_true(suspects_chance(&suspects, &work, 2));
}

static void the_oldest_goes_beyond_the_bound(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= SUSPECTS_MAX; i += 64) {
        struct work works[64];
        for (unsigned n = 0; n < 64; n++)
            works[n] = work_of(i + n);
        judge((struct last_life){.reason = DEATH_MEMORY}, works, 64);
    }
    assert_int_equal(suspects.count, SUSPECTS_MAX);
    assert_null(first());
}

static void the_file_keeps_all_of_it(void **state)
{
    char folder[64], path[100];
    struct error err;
    struct suspects read = {0};
    (void)state;
    assert_true(temp_make(folder));
    struct work works[] = {work_of(300), work_of(301)};
    judge((struct last_life){.reason = DEATH_CRASH}, works, 2);
    die_alone(DEATH_CRASH, true);
    die_alone(DEATH_TIME, true);
    assert_true(suspects_chance(&suspects, &(struct work){{1, 0, 7}, 1}, 9));
    assert_int_equal(suspects_load(&read, folder, &err), FAULT_NONE); /* there is none yet */
    assert_int_equal(suspects_save(&suspects, folder, &err), FAULT_NONE);
    assert_false(suspects.changed);
    assert_int_equal(suspects_load(&read, folder, &err), FAULT_NONE);
    assert_int_equal(read.count, suspects.count);
    assert_memory_equal(read.items, suspects.items, read.count * sizeof read.items[0]);
    suspects_done(&read);
    snprintf(path, sizeof path, "%s/suspects", folder);
    FILE *file = fopen(path, "ae");
    assert_non_null(file);
    fputs("what is this\n", file);
    fclose(file);
    assert_int_equal(suspects_load(&read, folder, &err), FAULT_RETRY);
    assert_string_equal(err.rule, "quarantine.file");
    assert_int_equal(read.count, suspects.count); /* what could be read */
    suspects_done(&read);
    temp_remove(folder);
}

/* ---- what a life leaves ------------------------------------------------------------------------------------------ */

static const struct work_shape shape = {2, 1, 8};
enum { GROWTH = 1000 };

static const struct work *nth(const void *self, size_t n)
{
    return (const struct work *)self + n;
}

/* In a process of its own: begin work in the way given, then end without a word. */
static void live(const char *folder, void (*how)(struct work_file *file))
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct work_file *file;
        struct last_life last;
        struct error err;
        bool kept;
        if (work_open(folder, shape, GROWTH, &file, &last, &kept, &err) != FAULT_NONE || !kept)
            _exit(1);
        how(file);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static struct last_life next_life(const char *folder)
{
    struct work_file *file;
    struct last_life last;
    struct error err;
    bool kept;
    assert_int_equal(work_open(folder, shape, GROWTH, &file, &last, &kept, &err), FAULT_NONE);
    assert_true(kept);
    work_close(&file);
    return last;
}

static void in_company(struct work_file *file)
{
    struct work batch[3] = {work_of(10), work_of(11), work_of(12)}, one = work_of(1), done = work_of(2);
    work_begin(work_slot(file, 1), &done);
    work_end(work_slot(file, 1));
    work_begin(work_slot(file, 0), &one);
    work_begin_many(work_slot(file, 2), 3, nth, batch);
}

static void out_of_memory(struct work_file *file)
{
    in_company(file);
    work_mark(file, DEATH_MEMORY, NULL);
    work_mark(file, DEATH_CRASH, work_slot(file, 0)); /* too late */
}

static void crash_in_commit(struct work_file *file)
{
    in_company(file);
    work_mark(file, DEATH_CRASH, work_slot(file, 2));
}

static void alone_and_growing(struct work_file *file)
{
    struct work one = work_of(1);
    work_memory(file, 5000);
    work_alone(file, &one);
    work_begin(work_slot(file, 0), &one);
    work_memory(file, 5000 + GROWTH + 1);
}

static void a_life_leaves_what_it_had_in_hand(void **state)
{
    char folder[64];
    (void)state;
    assert_true(temp_make(folder));
    live(folder, in_company);
    struct last_life last = next_life(folder);
    assert_true(last.died);
    assert_int_equal(last.reason, DEATH_UNKNOWN);
    assert_int_equal(last.count, 1); /* not the batch in commit: a SIGKILL meets one most of the time */
    assert_int_equal(last.works[0].key[0], 1);
    last_life_done(&last);
    last = next_life(folder); /* that one ended in order */
    assert_false(last.died);
    live(folder, out_of_memory);
    last = next_life(folder);
    assert_int_equal(last.reason, DEATH_MEMORY);
    assert_int_equal(last.count, 4);
    last_life_done(&last);
    live(folder, crash_in_commit);
    last = next_life(folder);
    assert_true(last.named);
    assert_int_equal(last.count, 3);
    assert_int_equal(last.works[2].key[0], 12);
    last_life_done(&last);
    live(folder, alone_and_growing);
    last = next_life(folder);
    assert_true(last.alone && last.grew);
    last_life_done(&last);
    temp_remove(folder);
}

/* A file of another shape, or of nobody, is no obstacle. */
static void a_strange_file_is_begun_anew(void **state)
{
    char folder[64], path[100];
    static char noise[5000];
    (void)state;
    assert_true(temp_make(folder));
    memset(noise, 0x5A, sizeof noise);
    snprintf(path, sizeof path, "%s/inwork", folder);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(noise, 1, sizeof noise, file), sizeof noise);
    fclose(file);
    struct last_life last = next_life(folder);
    assert_false(last.died);
    live(folder, in_company);
    last = next_life(folder);
    assert_int_equal(last.count, 1);
    last_life_done(&last);
    temp_remove(folder);
}

/* Told for one document, it does not stop the next. */
static void a_word_to_stop_is_for_one_turn(void **state)
{
    char folder[64];
    struct work_file *file;
    struct last_life last;
    struct error err;
    struct work one = work_of(1);
    bool kept, meant = false;
    (void)state;
    assert_true(temp_make(folder));
    assert_int_equal(work_open(folder, shape, GROWTH, &file, &last, &kept, &err), FAULT_NONE);
    struct work_slot *slot = work_slot(file, 0);
    work_begin(slot, &one);
    uint64_t turn = work_turn(slot);
    assert_false(work_is_stopped(slot, &meant));
    work_ask_stop(slot, turn);
    assert_true(*work_stop(slot) && work_is_stopped(slot, &meant) && meant);
    work_end(slot);
    work_begin(slot, &one);
    assert_false(*work_stop(slot));
    work_ask_stop(slot, turn);
    assert_false(*work_stop(slot));
    work_end(slot);
    work_close(&file);
    temp_remove(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_life_that_ended_in_order_suspects_nobody),
        TEST(company_makes_a_suspect_and_never_more),
        TEST(two_lone_deaths_of_its_own_set_aside),
        TEST(memory_is_its_own_without_a_name),
        TEST(a_kill_with_grown_memory_is_one_for_memory),
        TEST(a_death_elsewhere_is_no_strike),
        TEST(unexplained_deaths_count_in_the_end),
        TEST(a_chance_is_given_once),
        TEST(the_oldest_goes_beyond_the_bound),
        TEST(the_file_keeps_all_of_it),
        TEST(a_life_leaves_what_it_had_in_hand),
        TEST(a_strange_file_is_begun_anew),
        TEST(a_word_to_stop_is_for_one_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
