/* command: the program as a shell sees it, where no worker is needed: help, usage, what happens when nobody answers.
 * And its man page: what the help names, the page explains. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "temp.h"

#include <signal.h>
#include <sys/wait.h>

enum { OUTPUT_MAX = 64 * 1024 };

struct result {
    int code; /* of the exit, or 1000 + signal */
    char text[OUTPUT_MAX];
};

static int code_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Run `referent WORDS`; both outputs together. 127.0.0.1:1 is where nobody listens. */
static void run(struct result *result, const char *words)
{
    char line[1024];
    snprintf(line, sizeof line, "REFERENT_FEED=tcp://127.0.0.1:1 REFERENT_SEARCH=tcp://127.0.0.1:1 '%s' %s 2>&1",
             REFERENT_PATH, words);
    FILE *out = popen(line, "r");
    assert_non_null(out);
    size_t size = fread(result->text, 1, sizeof result->text - 1, out);
    result->text[size] = '\0';
    result->code = code_of(pclose(out));
}

static void expect(const char *words, int code, const char *says)
{
    static struct result result;
    run(&result, words);
    if (result.code != code || strstr(result.text, says) == NULL)
        fail_msg("referent %s: exit %d, expected %d and '%s':\n%s", words, result.code, code, says, result.text);
}

/* A line of shell that ends well. */
static void system_expect(const char *line)
{
    if (system(line) != 0)
        fail_msg("failed: %s", line);
}

static void wrong_usage_exits_with_2_and_helps(void **state)
{
    (void)state;
    expect("", 2, "usage: referent");
    expect("serach x", 2, "did you mean 'search'?");
    expect("frobnicate", 2, "'referent --help' lists them");
    expect("--fed x", 2, "did you mean --feed?");
    expect("feed", 2, "give the files or folders to feed");
    expect("feed --id x a b", 2, "give one file with it");
    expect("feed --id x /", 2, "is a folder");
    expect("feed --version-from ctime x", 2, "takes mtime");
    expect("feed --jobs 0 x", 2, "from 1 to 64");
    expect("feed --watch /dev/null", 2, "takes folders");
    expect("feed --watch --dry-run /", 2, "looks once");
    expect("reconcile", 2, "give the files or folders");
    expect("reconcile --mirror x", 2, "give both");
    expect("search", 2, "give words to search for, or a filter");
    expect("search ''", 2, "give words to search for, or a filter");
    expect("search --date-from 2020-02-30 x", 2, "takes a day such as");
    expect("search --outcome aproved", 2, "did you mean 'approved'?");
    expect("search --amount-min 2mio --amount-max 1mio", 2, "is more than");
    expect("search --limit 0 x", 2, "from 1 to 1000");
    expect("get", 2, "give one ID");
    expect("get a b", 2, "give one ID");
    expect("delete", 2, "give the ids");
    expect("status now", 2, "no operand");
    expect("dead", 2, "give list, show, replay or drop");
    expect("dead lits", 2, "give list, show, replay or drop");
    expect("dead list 7", 2, "takes no number");
    expect("dead show", 2, "give one number");
    expect("dead show x", 2, "'x' is not the number");
    expect("dead drop -- -7", 2, "'-7' is not the number");
    expect("dead drop", 2, "give numbers or --all");
    expect("dead replay --all 7", 2, "give numbers or --all");
    expect("dead replay --rule body.utf8 7", 2, "--rule goes with --all");
}

static void help_is_no_failure(void **state)
{
    (void)state;
    expect("--help", 0, "feed files and folders");
    expect("help", 0, "feed files and folders");
    expect("help search", 0, "--amount-min KRONER");
    expect("search --help", 0, "--amount-min KRONER");
    expect("-h", 0, "usage: referent");
    expect("--version", 0, "referent ");
}

static void nobody_there_is_said_with_what_to_do(void **state)
{
    (void)state;
    expect("search x", 1, "nobody answers at tcp://127.0.0.1:1: start referentd, or set --search");
    expect("status --search=tcp://127.0.0.1:2", 1, "at tcp://127.0.0.1:2: start referentd");
    expect("--search nonsense get x", 1, "cannot use the endpoint nonsense");
    expect("delete --patience 1 x", 1, "start referentd, or set --feed");
    expect("dead list", 1, "no answer from tcp://127.0.0.1:1: start referentd");
    expect("--feed nonsense feed /dev/null", 1, "cannot use the endpoint nonsense");
}

static void a_feed_without_a_worker_adds_up(void **state)
{
    (void)state;
    char folder[64], words[256], command[256];
    assert_true(temp_make(folder));
    snprintf(command, sizeof command, "cd %s && echo a > a.md && echo b > b.txt && ln -s nowhere c.md && echo > d.pdf",
             folder);
    assert_int_equal(system(command), 0);
    snprintf(words, sizeof words, "feed --patience 1 %s", folder);
    expect(words, 1, "\nfound=3 committed=0 unchanged=0 superseded=0 rejected=0 failed=3 deleted=0\n");
    expect(words, 1, "/a.md: no answer from tcp://127.0.0.1:1 in 1 s; start referentd");
    expect(words, 1, "/b.txt: no answer");
    expect(words, 1, "/c.md: No such file or directory\n");
    snprintf(words, sizeof words, "feed --patience 1 --ext .none %s/no-such-folder", folder);
    expect(words, 1, "found=1 committed=0 unchanged=0 superseded=0 rejected=0 failed=1 deleted=0\n");
    snprintf(command, sizeof command, "rm %s/*.md %s/*.txt", folder, folder);
    assert_int_equal(system(command), 0);
    snprintf(words, sizeof words, "feed %s", folder);
    expect(words, 0, "found=0 committed=0 unchanged=0 superseded=0 rejected=0 failed=0 deleted=0\n");
    temp_remove(folder);
}

static void extract_needs_no_worker(void **state)
{
    (void)state;
    expect("extract", 2, "give one FILE");
    expect("extract --media-type text/rtf x", 2, "takes text/markdown, text/plain or text/html");
    expect("extract /dev/null/x", 1, "cannot read /dev/null/x");
    expect("extract - </dev/null", 1, "is empty (body.empty)");
    expect("extract / ", 1, "it is a folder");
    system_expect("printf 'a\\377' | '" REFERENT_PATH "' extract - 2>&1 | grep -q 'byte 1 of - is not UTF-8'");
    system_expect("echo 'Der bevilges 250.000 kr.' | '" REFERENT_PATH
                  "' extract - | grep -q '\"value\":\"250000.00 DKK\"'");
}

static void explain_marks_what_extract_finds(void **state)
{
    (void)state;
    expect("explain", 2, "give one FILE");
    expect("explain --media-type text/rtf x", 2, "takes text/markdown, text/plain or text/html");
    expect("explain /dev/null/x", 1, "cannot read /dev/null/x");
    expect("explain - </dev/null", 1, "is empty (body.empty)");
    system_expect("echo 'Der bevilges 250.000 kr.' | '" REFERENT_PATH "' explain - | grep -q '250000.00 DKK'");
    system_expect("echo 'Der bevilges 250.000 kr.' | '" REFERENT_PATH "' explain --html - | grep -q '250000.00 DKK'");
    system_expect("echo 'Sagsnr. 19/11679. Budgetter til budgettet.' | '" REFERENT_PATH "' explain - |"
                  " sed -n '/^terms/,$p' | grep -Eq '^XCASE +19-11679$'");
    system_expect("echo 'Sagsnr. 19/11679. Huse til huset.' | '" REFERENT_PATH "' explain - |"
                  " sed -n '/^terms/,$p' | grep -Eq '^Z .*hus\\*2'");
}

static void an_interrupted_feed_adds_up_too(void **state)
{
    (void)state;
    int ends[2];
    char text[1024];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        execl(REFERENT_PATH, "referent", "feed", "--feed=tcp://127.0.0.1:1", "--id", "x", MANUAL_PATH, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t size = 0;
    while (size == 0) { /* the first words: it waits for the worker */
        ssize_t got = read(ends[0], text, sizeof text - 1);
        assert_true(got > 0);
        size += (size_t)got;
    }
    assert_int_equal(kill(child, SIGINT), 0);
    for (ssize_t got; (got = read(ends[0], text + size, sizeof text - 1 - size)) > 0;)
        size += (size_t)got;
    text[size] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(code_of(status), 130);
    assert_non_null(strstr(text, ": interrupted before its receipt came\n"));
    assert_non_null(strstr(text, "found=1 committed=0 unchanged=0 superseded=0 rejected=0 failed=1 deleted=0\n"));
}

/* ---- The man page ---- */

static char manual[OUTPUT_MAX];

static void manual_load(void)
{
    FILE *file = fopen(MANUAL_PATH, "r");
    assert_non_null(file);
    manual[fread(manual, 1, sizeof manual - 1, file)] = '\0';
    fclose(file);
}

/* Each "  --name" at the beginning of a line of help stands in the page as "Fl -name". Gives how many there are. */
static size_t options_expect(char *help)
{
    size_t count = 0;
    for (char *line = strtok(help, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char name[64], flag[80];
        if (sscanf(line, "  --%60[a-z-]", name) != 1)
            continue;
        snprintf(flag, sizeof flag, "Fl -%s", name);
        if (strstr(manual, flag) == NULL)
            fail_msg("the man page does not explain --%s", name);
        count++;
    }
    return count;
}

static void the_man_page_explains_every_command_and_option(void **state)
{
    (void)state;
    static struct result all, one;
    size_t commands = 0, options = 0;
    manual_load();
    run(&all, "--help");
    char *end = strstr(all.text, "\nOptions"), *save = NULL;
    assert_non_null(end);
    *end = '\0';
    for (char *line = strtok_r(all.text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
        char name[32], heading[64], words[64];
        if (strncmp(line, "  ", 2) != 0 || sscanf(line + 2, "%30[a-z]", name) != 1 || strcmp(name, "help") == 0)
            continue;
        snprintf(heading, sizeof heading, ".Ss referent %s\n", name);
        if (strstr(manual, heading) == NULL)
            fail_msg("the man page does not explain referent %s", name);
        snprintf(words, sizeof words, "help %s", name);
        run(&one, words);
        options += options_expect(one.text);
        commands++;
    }
    assert_true(commands >= 6 && options >= 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_exits_with_2_and_helps),
        cmocka_unit_test(help_is_no_failure),
        cmocka_unit_test(nobody_there_is_said_with_what_to_do),
        cmocka_unit_test(a_feed_without_a_worker_adds_up),
        cmocka_unit_test(extract_needs_no_worker),
        cmocka_unit_test(explain_marks_what_extract_finds),
        cmocka_unit_test(an_interrupted_feed_adds_up_too),
        cmocka_unit_test(the_man_page_explains_every_command_and_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
