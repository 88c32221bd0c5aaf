/* walk, file: folders -> files and ids; nothing is left out without a word. */
#define _GNU_SOURCE /* nftw in temp.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeding.h"
#include "file.h"
#include "temp.h"
#include "walk.h"

#include <sys/stat.h>

static char folder[64];

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void make(int (*how)(const char *, mode_t), const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(how(path, 0755), 0);
}

static void link_to(const char *target, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(symlink(target, path), 0);
}

static int begin(void **state)
{
    (void)state;
    if (!temp_make(folder))
        return -1;
    make(mkdir, "sub");
    make(mkdir, "sub/deeper");
    write_file("b.md", "b");
    write_file("a.md", "a");
    write_file("notes.pdf", "%PDF");
    write_file("sub/C.TXT", "c");
    write_file("sub/page.html", "<p>");
    write_file("sub/deeper/d.md", "d");
    return 0;
}

static int end(void **state)
{
    (void)state;
    temp_remove(folder);
    return 0;
}

static void add(struct walk *walk, const char *name, const struct walk_rules *rules)
{
    char path[256];
    snprintf(path, sizeof path, "%s%s%s", folder, *name ? "/" : "", name);
    assert_int_equal(walk_add(walk, path, rules, NULL), FAULT_NONE);
}

static void expect_ids(const struct walk *walk, size_t count, const char *const *ids)
{
    assert_int_equal(walk->files.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(walk->files.items[i].id, ids[i]);
}

static void ids_are_paths_below_the_folder(void **state)
{
    (void)state;
    struct walk walk;
    struct walk_rules rules = {.source = ""};
    static const char *const ids[] = {"a.md", "b.md", "sub/C.TXT", "sub/deeper/d.md"};
    assert_true(walk_begin(&walk));
    add(&walk, "", &rules);
    expect_ids(&walk, 4, ids);
    walk_done(&walk);
}

static void a_source_and_more_endings(void **state)
{
    (void)state;
    struct walk walk;
    static const char *const endings[] = {".html"};
    struct walk_rules rules = {.source = "lejre", .endings = endings, .ending_count = 1};
    static const char *const ids[] = {"lejre/C.TXT", "lejre/deeper/d.md", "lejre/page.html", "lejre/notes.pdf"};
    assert_true(walk_begin(&walk));
    add(&walk, "sub/", &rules);
    add(&walk, "notes.pdf", &rules); /* a file that is named is taken as it is */
    expect_ids(&walk, 4, ids);
    walk_done(&walk);
}

static void a_single_file_can_have_another_id(void **state)
{
    (void)state;
    struct walk walk;
    struct walk_rules rules = {.source = "x", .id = "meeting 1"};
    static const char *const ids[] = {"x/meeting 1"};
    assert_true(walk_begin(&walk));
    add(&walk, "sub/deeper/d.md", &rules);
    expect_ids(&walk, 1, ids);
    walk_done(&walk);
}

static const char *problem_of(const struct walk *walk, const char *id)
{
    for (size_t i = 0; i < walk->files.count; i++)
        if (strcmp(walk->files.items[i].id, id) == 0)
            return walk->files.items[i].problem ? walk->files.items[i].problem : "";
    return "not found";
}

static void what_cannot_be_fed_is_on_the_list(void **state)
{
    (void)state;
    struct walk walk;
    struct walk_rules rules = {.source = ""};
    link_to("..", "sub/loop");
    link_to("self.md", "self.md");
    link_to("nowhere", "gone.md");
    link_to("nowhere", "gone");
    link_to("../b.md", "sub/linked.md");
    make(mkfifo, "pipe.md");
    assert_true(walk_begin(&walk));
    add(&walk, "", &rules);
    add(&walk, "nothing-here", &rules);
    assert_int_equal(walk.files.count, 9); /* a, b, gone, pipe, self, C, d, linked, nothing-here */
    assert_string_equal(problem_of(&walk, "a.md"), "");
    assert_string_equal(problem_of(&walk, "sub/linked.md"), "");
    assert_string_equal(problem_of(&walk, "pipe.md"), "it is not a regular file");
    assert_string_not_equal(problem_of(&walk, "gone.md"), "");
    assert_string_not_equal(problem_of(&walk, "self.md"), "");
    assert_string_not_equal(problem_of(&walk, "nothing-here"), "");
    walk_done(&walk);
}

static void one_path_below_is_listed_as_the_folder_would(void **state)
{
    (void)state;
    struct walk walk;
    struct walk_rules rules = {.source = "lejre"};
    assert_true(walk_begin(&walk));
    assert_int_equal(walk_add_below(&walk, folder, "sub/deeper/d.md", &rules, NULL), FAULT_NONE);
    assert_int_equal(walk_add_below(&walk, folder, "no/such/file.md", &rules, NULL), FAULT_NONE);
    assert_int_equal(walk.files.count, 1);
    assert_string_equal(walk.files.items[0].id, "lejre/sub/deeper/d.md");
    walk_done(&walk);
}

static void the_second_file_of_an_id_has_a_problem(void **state)
{
    (void)state;
    static const char *const below[] = {"/sub/deeper", "", "/a.md", "/sub/deeper/d.md"};
    struct feeding feeding = {.rules = {.source = ""}};
    char path[256];
    assert_int_equal(round_begin(&feeding, NULL), FAULT_NONE);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", folder, below[i]);
        assert_int_equal(round_add_path(&feeding, path, NULL), FAULT_NONE);
    }
    assert_int_equal(round_listed(&feeding, NULL), FAULT_NONE);
    size_t problems = 0;
    for (size_t i = 0; i < feeding.round.things.count; i++)
        problems += feeding.round.things.items[i].problem != NULL;
    assert_int_equal(problems, 2);
    assert_null(round_find(&feeding.round, "a.md")->problem);
    assert_null(round_find(&feeding.round, "d.md")->problem);
    assert_null(round_find(&feeding.round, "nobody.md"));
    assert_non_null(strstr(feeding.round.things.items[feeding.round.things.count - 1].problem, "'d.md'"));
    round_end(&feeding);
}

static void a_file_is_read_up_to_its_limit(void **state)
{
    (void)state;
    char path[256];
    struct file_bytes bytes;
    struct error error;
    write_file("ten.md", "0123456789");
    write_file("empty.md", "");
    snprintf(path, sizeof path, "%s/ten.md", folder);
    assert_int_equal(file_read(path, 10, &bytes, &error), FAULT_NONE);
    assert_int_equal(bytes.size, 10);
    assert_memory_equal(bytes.at, "0123456789", 10);
    assert_true(bytes.mtime_ms > INT64_C(1500000000000));
    file_bytes_done(&bytes);
    assert_int_equal(file_read(path, 9, &bytes, &error), FAULT_NONE);
    assert_null(bytes.at);
    assert_int_equal(bytes.size, 10);
    snprintf(path, sizeof path, "%s/empty.md", folder);
    assert_int_equal(file_read(path, 10, &bytes, &error), FAULT_NONE);
    assert_int_equal(bytes.size, 0);
    file_bytes_done(&bytes);
    assert_int_equal(file_read(folder, 10, &bytes, &error), FAULT_REJECT);
    assert_non_null(strstr(error.text, "it is a folder"));
}

static void the_ending_tells_the_media_type(void **state)
{
    (void)state;
    assert_string_equal(file_media_type("a/b.md"), "text/markdown");
    assert_string_equal(file_media_type("B.HTML"), "text/html");
    assert_string_equal(file_media_type("b.txt"), "text/plain");
    assert_string_equal(file_media_type("noending"), "text/plain");
    assert_false(file_ends_in(".md", ".md")); /* a name of nothing but an ending */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ids_are_paths_below_the_folder, begin, end),
        cmocka_unit_test_setup_teardown(a_source_and_more_endings, begin, end),
        cmocka_unit_test_setup_teardown(a_single_file_can_have_another_id, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_fed_is_on_the_list, begin, end),
        cmocka_unit_test_setup_teardown(one_path_below_is_listed_as_the_folder_would, begin, end),
        cmocka_unit_test_setup_teardown(the_second_file_of_an_id_has_a_problem, begin, end),
        cmocka_unit_test_setup_teardown(a_file_is_read_up_to_its_limit, begin, end),
        cmocka_unit_test(the_ending_tells_the_media_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
