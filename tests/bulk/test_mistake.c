/* Each deliberate mistake of worker/bulk/mistake.h, one at a time: some judge must see it, or the tests in this folder
 * would not notice such a bug. A mistake is made in a process of its own, because it may end in a crash; that counts as
 * seen. The collections are those that the other tests use, in small. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mistake.h"
#include "trial.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARENA_BYTES = 1 << 30, SPILL = 40, HOSTILE = 3, CASES = HOSTILE + 3, HANG_SECONDS = 20 };

enum judge { JUDGE_NONE, JUDGE_CRASH, JUDGE_HANG, JUDGE_BUILD, JUDGE_CHECK, JUDGE_API, JUDGE_BLOCKS, JUDGES };
static const char *const judges[JUDGES] = {"nobody",       "a crash", "a hang",    "the builder",
                                           "xapian-check", "the API", "the blocks"};

/* A collection and what stock made of it, before anybody made a mistake. */
static struct one_case {
    struct trial trial;
    struct collection collection;
    bool steps; /* stock's own deflate fails on it: only data are compared, with ours */
} cases[CASES];

static struct arena *arena;

static int cases_make(void **state)
{
    (void)state;
    arena = arena_new(ARENA_BYTES);
    for (int i = 0; i < HOSTILE; i++)
        collection_hostile(&cases[i].collection, arena, 31 + (uint64_t)i, 150);
    static struct meta_pair twice[] = {{{"key", 3}, {"old", 3}}, {{"other", 5}, {"x", 1}}, {{"key", 3}, {"new", 3}}};
    cases[0].collection.meta = twice;
    cases[0].collection.meta_count = 3;
    collection_minutes(&cases[HOSTILE].collection, arena, 5, 300);
    collection_many(&cases[HOSTILE + 1].collection, arena);
    collection_steps(&cases[HOSTILE + 2].collection, arena);
    cases[HOSTILE + 2].steps = true;
    for (int i = 0; i < CASES; i++) {
        assert_true(trial_open(&cases[i].trial));
        cases[i].trial.spill = i == 1 ? SPILL : 0;
        if (!cases[i].steps && !trial_stock(&cases[i].trial, &cases[i].collection, 0))
            fail_msg("case %d: %s", i, cases[i].trial.message);
    }
    return 0;
}

static int cases_drop(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++)
        trial_close(&cases[i].trial);
    arena_free(&arena);
    return 0;
}

/* Data at the steps of inflate, by libdeflate and by our own code. */
static enum judge steps_judge(struct one_case *at)
{
    static const int levels[] = {6, BUILDER_CODE};
    struct trial *trial = &at->trial;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        trial_clear_ours(trial);
        if (!trial_build(trial, &at->collection, levels[i]))
            return JUDGE_BUILD;
        if (!stock_check(trial->ours, trial->message))
            return JUDGE_CHECK;
        if (!stock_data(trial->ours, &at->collection, trial->message))
            return JUDGE_API;
    }
    return JUDGE_NONE;
}

/* Who sees it: with our deflate first check and API, then with stock's the blocks. */
static enum judge case_judge(struct one_case *at)
{
    struct trial *trial = &at->trial;
    if (at->steps)
        return steps_judge(at);
    if (!trial_build(trial, &at->collection, BUILDER_LEVEL))
        return JUDGE_BUILD;
    if (!stock_check(trial->ours, trial->message))
        return JUDGE_CHECK;
    if (!stock_equal(trial->ours, trial->stock, 1, 20, trial->message))
        return JUDGE_API;
    trial_clear_ours(trial);
    if (!trial_build(trial, &at->collection, -1))
        return JUDGE_BUILD;
    return blocks_equal(trial->ours, trial->compact, trial->message) ? JUDGE_NONE : JUDGE_BLOCKS;
}

static enum judge mistake_judge(enum mistake mistake, int number)
{
    int status, quiet = open("/dev/null", O_WRONLY);
    pid_t child = fork();
    assert_true(child >= 0 && quiet >= 0);
    if (child == 0) {
        dup2(quiet, STDERR_FILENO); /* what sanitizers and assertions say of a crash */
        static const int ends[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV};
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            signal(ends[i], SIG_DFL); /* cmocka would go on with the end of all tests, and their folders */
        bulk_mistake = mistake;
        alarm(mistake == MISTAKE_NONE ? 0 : HANG_SECONDS); /* damaged lists can be endless to a reader */
        _exit((int)case_judge(&cases[number]));
    }
    close(quiet);
    assert_int_equal(waitpid(child, &status, 0), child);
    trial_clear_ours(&cases[number].trial);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return JUDGE_HANG;
    if (!WIFEXITED(status) || WEXITSTATUS(status) >= JUDGES)
        return JUDGE_CRASH;
    return (enum judge)WEXITSTATUS(status);
}

static void without_a_mistake_nobody_complains(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++)
        assert_string_equal(judges[mistake_judge(MISTAKE_NONE, i)], judges[JUDGE_NONE]);
}

static void every_mistake_is_seen(void **state)
{
    int missed = 0;
    (void)state;
    assert_true(MISTAKES - 1 >= 20);
    for (int mistake = 1; mistake < MISTAKES; mistake++) {
        enum judge judge = JUDGE_NONE;
        for (int i = 0; i < CASES && judge == JUDGE_NONE; i++)
            judge = mistake_judge((enum mistake)mistake, i);
        print_message("%-14s %s\n", judges[judge], mistake_texts[mistake]);
        missed += judge == JUDGE_NONE;
    }
    assert_int_equal(missed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_mistake_nobody_complains),
        cmocka_unit_test(every_mistake_is_seen),
    };
    return cmocka_run_group_tests(tests, cases_make, cases_drop);
}
