/* scenario: how a test reads.
 *
 *     SCENARIO(a_receipt_follows_the_commit)
 *     {
 *         struct world *w = world_start("commit_max_docs = 2\n");
 *         ...
 *     }
 *     TELL(a_receipt_follows_the_commit, ...)
 *
 * Whatever a scenario leaves running is drained, checked and removed behind it by world_end. */
#ifndef REFERENT_TEST_SCENARIO_H
#define REFERENT_TEST_SCENARIO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#define SCENARIO(name)                                                                                                 \
    static void name##_story(void);                                                                                    \
    static void name(void **state)                                                                                     \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        name##_story();                                                                                                \
        world_passed();                                                                                                \
    }                                                                                                                  \
    static void name##_story(void)

/* A row of the table that main hands to cmocka. */
#define STORY(name)                                                                                                    \
    {                                                                                                                  \
#name, name, NULL, world_end, NULL                                                                             \
    }

/* The main function of a file of scenarios: TELL(STORY(a), STORY(b)). REFERENT_STORY, with * and ?, tells some alone.
 */
#define TELL(...)                                                                                                      \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        const struct CMUnitTest stories[] = {__VA_ARGS__};                                                             \
        cmocka_set_test_filter(getenv("REFERENT_STORY"));                                                              \
        return cmocka_run_group_tests(stories, NULL, NULL);                                                            \
    }

/* The last line of a story that went well: world_end then has no log to show. */
void world_passed(void);
/* The teardown of every story; see world.h. */
int world_end(void **state);

#endif
