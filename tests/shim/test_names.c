/* Names kept in memory, over a real index: told by their letters, made again when the index moves, and never shown when
 * they are gone. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "clock.h"
#include "near.h"
#include "temp.h"

struct place {
    char folder[64], path[128];
    struct arena *arena;
    struct database *writer, *reader;
    struct names *names;
};

static struct error err;

static void sound(enum fault fault)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err.rule, err.text);
}

static void change(struct place *place, const char *add, const char *drop)
{
    struct posting posting = {.term = span_of(add)};
    struct index_document document = {.unique = posting.term, .postings = &posting, .posting_count = 1};
    sound(database_begin(place->writer, &err));
    if (drop != NULL)
        sound(database_delete(place->writer, span_of(drop), &err));
    if (add != NULL)
        sound(database_add(place->writer, &document, &err));
    sound(database_commit(place->writer, &err));
}

static int place_make(void **state)
{
    struct place *place = test_calloc(1, sizeof *place);
    const char *paths[1] = {place->path};
    assert_true(temp_make(place->folder));
    snprintf(place->path, sizeof place->path, "%s/db", place->folder);
    place->arena = arena_new(16 << 20);
    place->names = names_new();
    sound(database_open_write(place->path, &place->writer, &err));
    change(place, "XMEMBERrosa lyngmose", NULL);
    change(place, "XMEMBERaage tangkjaer", NULL);
    change(place, "XMEMBERanton tangkjaer", NULL);
    change(place, "XORGlyngmose og co", NULL);
    sound(database_open_read(paths, 1, &place->reader, &err));
    *state = place;
    return 0;
}

static int place_drop(void **state)
{
    struct place *place = *state;
    database_close(&place->reader);
    database_close(&place->writer);
    names_free(&place->names);
    arena_free(&place->arena);
    temp_remove(place->folder);
    test_free(place);
    return 0;
}

struct seen {
    char names[8][64];
    size_t count;
};

static bool see(void *self, struct span name, uint64_t documents)
{
    struct seen *seen = self;
    assert_int_equal(documents, 1);
    snprintf(seen->names[seen->count++], 64, "%.*s", (int)name.size, name.at);
    return true;
}

static struct seen seen_of(struct place *place, const char *letters, int missing_max)
{
    struct seen seen = {.count = 0};
    sound(names_visit(place->names, place->reader, PREFIX_MEMBER, names_letters(span_of(letters)), missing_max, see,
                      &seen, &err));
    return seen;
}

static void names_are_told_by_their_letters(void **state)
{
    struct seen all = seen_of(*state, "", 0), some = seen_of(*state, "tangkjaer", 0),
                off = seen_of(*state, "tangkjers", 1);
    assert_int_equal(all.count, 3);
    assert_string_equal(all.names[0], "aage tangkjaer");
    assert_string_equal(all.names[2], "rosa lyngmose");
    assert_int_equal(some.count, 2);
    assert_int_equal(off.count, 2);
    assert_int_equal(seen_of(*state, "tangkjers", 0).count, 0);
}

static void a_name_is_one_of_them_or_not(void **state)
{
    static const struct {
        const char *name;
        bool there;
    } asked[] = {{"aage tangkjaer", true},
                 {"anton tangkjaer", true},
                 {"rosa lyngmose", true},
                 {"aage tangkjae", false},
                 {"b", false},
                 {"rosa lyngmosen", false},
                 {"lyngmose og co", false},
                 {"", false}};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        bool has;
        sound(names_has(place->names, place->reader, PREFIX_MEMBER, span_of(asked[i].name), &has, &err));
        assert_int_equal(has, asked[i].there);
    }
}

/* A list is as old as 1,000 times what making it took, at most: that is soon over here. */
static void a_list_follows_the_index(void **state)
{
    struct place *place = *state;
    int64_t end = clock_steady_ms() + 5000;
    assert_int_equal(seen_of(place, "", 0).count, 3);
    change(place, "XMEMBERgrethe havn", NULL);
    sound(database_refresh(place->reader, NULL, &err));
    assert_int_equal(seen_of(place, "", 0).count, 3); /* nobody said so */
    names_moved(place->names);
    while (seen_of(place, "", 0).count != 4)
        assert_true(clock_steady_ms() < end);
}

/* A list is read once and serves many questions, but only once it is known that no commit was in the way. */
static void a_list_stays_if_it_can_be_trusted(void **state)
{
    struct place *place = *state;
    assert_int_equal(seen_of(place, "", 0).count, 3);
    names_trust(place->names);
    change(place, "XMEMBERgrethe havn", NULL);
    sound(database_refresh(place->reader, NULL, &err));
    names_forget(place->names);
    assert_int_equal(seen_of(place, "", 0).count, 3); /* read before */
    bool has;
    sound(names_has(place->names, place->reader, PREFIX_ORG, SPAN("havn og sten"), &has, &err));
    change(place, "XORGhavn og sten", NULL);
    sound(database_refresh(place->reader, NULL, &err));
    names_forget(place->names);
    sound(names_has(place->names, place->reader, PREFIX_ORG, SPAN("havn og sten"), &has, &err));
    assert_true(has); /* read again, for nobody had said that the other one was true */
}

static void what_is_gone_is_never_near(void **state)
{
    struct place *place = *state;
    struct near_names near;
    struct asking asking = {
        .arena = place->arena, .database = place->reader, .parts = 1, .names = place->names, .err = &err};
    sound(near_values(&asking, PREFIX_MEMBER, SPAN("rosa lynmose"), true, &near));
    assert_int_equal(near.count, 1);
    assert_true(span_equal(near.names[0], SPAN("rosa lyngmose")));
    change(place, NULL, "XMEMBERrosa lyngmose");
    sound(database_refresh(place->reader, NULL, &err)); /* the list still has it */
    sound(near_values(&asking, PREFIX_MEMBER, SPAN("rosa lynmose"), true, &near));
    assert_int_equal(near.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_told_by_their_letters, place_make, place_drop),
        cmocka_unit_test_setup_teardown(a_name_is_one_of_them_or_not, place_make, place_drop),
        cmocka_unit_test_setup_teardown(a_list_follows_the_index, place_make, place_drop),
        cmocka_unit_test_setup_teardown(a_list_stays_if_it_can_be_trusted, place_make, place_drop),
        cmocka_unit_test_setup_teardown(what_is_gone_is_never_near, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
