/* starting: what referentd accepts, and what it refuses with a sentence. */
#define _GNU_SOURCE /* prlimit */
#include "config.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* It ends with a failure, and what it says names `word`. */
static void expect_refusal(struct world *w, const char *const arguments[], const char *word)
{
    int status = world_referentd(w, arguments);
    char *log = world_log(w);
    if (status == 0 || strstr(log, word) == NULL)
        fail_msg("status %d, and \"%s\" is not in: %s", status, word, log);
    free(log);
}

static void expect_success(struct world *w, const char *const arguments[], const char *word)
{
    int status = world_referentd(w, arguments);
    char *out = file_read(w->daemon.output);
    char *log = world_log(w);
    if (status != 0 || (strstr(out, word) == NULL && strstr(log, word) == NULL))
        fail_msg("status %d, and \"%s\" is not in: %s%s", status, word, out, log);
    free(log);
    free(out);
}

SCENARIO(help_and_version_need_no_index)
{
    expect_success(world_empty(""), (const char *[]){"--help", NULL}, "--check-config");
    expect_success(world_empty(""), (const char *[]){"--version", NULL}, "0.");
}

SCENARIO(a_configuration_is_checked)
{
    struct world *good = world_empty("shards = 2\ncommit_max_docs = 100\n");
    assert_int_equal(world_referentd(good, (const char *[]){"--check-config", NULL}), 0);
    expect_refusal(world_empty("comit_max_docs = 100\n"), (const char *[]){"--check-config", NULL}, "comit_max_docs");
    expect_refusal(world_empty("shards = mange\n"), (const char *[]){"--check-config", NULL}, "shards");
    expect_refusal(world_empty("shards = 1000\n"), (const char *[]){"--check-config", NULL}, "shards");
    expect_refusal(world_empty("roles = kok\n"), (const char *[]){"--check-config", NULL}, "role");
    expect_refusal(world_empty(""), (const char *[]){"--farve", "rød", NULL}, "farve");
}

/* The file that is delivered shows every key with its built-in value, and no other; so does its man page. */
SCENARIO(the_delivered_configuration_is_the_built_in_one)
{
    struct config built_in, read;
    struct error err = {0};
    char line[CONFIG_TEXT_MAX + 64], value[CONFIG_TEXT_MAX], value_read[CONFIG_TEXT_MAX];
    char *text = file_read(CONFIGURATION_PATH), *page = file_read(CONFIGURATION_PAGE_PATH);
    config_default(&built_in);
    config_default(&read);
    if (config_read(&read, CONFIGURATION_PATH, &err) != FAULT_NONE)
        fail_msg("%s", err.text);
    for (size_t i = 0; config_key_name(i); i++) {
        config_key_value(&built_in, i, value);
        config_key_value(&read, i, value_read);
        assert_string_equal(value_read, value);
        snprintf(line, sizeof line, "\n%s = %s\n", config_key_name(i), value);
        if (strstr(text, line) == NULL)
            fail_msg("deploy/referent.conf lacks \"%s = %s\"", config_key_name(i), value);
        snprintf(line, sizeof line, "\n.It Li %s = %s\n", config_key_name(i), value);
        if (strstr(page, line) == NULL)
            fail_msg("deploy/man/referent.conf.5 lacks \"%s = %s\"", config_key_name(i), value);
    }
    free(text);
    free(page);
}

SCENARIO(the_number_of_shards_is_fixed)
{
    struct world *w = world_start("shards = 2\n");
    given(w, MINUTES("a", "Om delinger."));
    world_terminate(w);
    world_drained(w);
    expect_refusal(w, (const char *[]){"--shards", "3", NULL}, "shards");
    world_restart(w);
    expect_found(w, "delinger", 1);
}

SCENARIO(an_index_has_one_daemon)
{
    struct world *w = world_start("");
    struct world *second = world_empty("");
    memcpy(second->data, w->data, sizeof w->data);
    expect_refusal(second, (const char *[]){"--feed", "tcp://127.0.0.1:*", "--search", "tcp://127.0.0.1:*", NULL},
                   "lock");
    given(w, MINUTES("a", "Om alene hjemme."));
}

SCENARIO(a_port_that_is_taken_is_an_error)
{
    struct world *w = world_start("");
    struct world *second = world_empty("");
    expect_refusal(second, (const char *[]){"--feed", w->feed, "--search", "tcp://127.0.0.1:*", NULL}, w->feed);
}

SCENARIO(without_keys_only_loopback_is_served)
{
    expect_refusal(world_empty(""), (const char *[]){"--feed", "tcp://0.0.0.0:*", NULL}, "loopback");
    expect_refusal(world_empty(""), (const char *[]){"--feed", "tcp://127.0.0.1:*", "--search", "tcp://*:*", NULL},
                   "loopback");
}

/* Outside a service manager a process may open 256 or 1024 files unless it asks for more. */
SCENARIO(it_may_open_as_many_files_as_it_is_allowed_to)
{
    struct rlimit own, low, daemon;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &own), 0);
    low = (struct rlimit){.rlim_cur = 256, .rlim_max = own.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    struct world *w = world_start("");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &own), 0);
    assert_int_equal(prlimit(w->daemon.pid, RLIMIT_NOFILE, NULL, &daemon), 0);
    assert_int_equal(daemon.rlim_cur, own.rlim_max);
    given(w, MINUTES("mange", "Om mange filer."));
}

TELL(STORY(help_and_version_need_no_index), STORY(a_configuration_is_checked),
     STORY(the_delivered_configuration_is_the_built_in_one), STORY(the_number_of_shards_is_fixed),
     STORY(an_index_has_one_daemon), STORY(a_port_that_is_taken_is_an_error),
     STORY(without_keys_only_loopback_is_served), STORY(it_may_open_as_many_files_as_it_is_allowed_to))
