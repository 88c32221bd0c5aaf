/* dead: what was rejected: list, show, drop; replay.c feeds it again. */
#include "dead.h"

#include "report.h"
#include "snippet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct wishes {
    bool json, body, all;
    const char *rule;
};

int dead_failed(const struct dead *dead, enum referent_result result, const struct referent_error *err)
{
    if (result != REFERENT_UNREACHABLE)
        return command_failed(result, dead->endpoint, err);
    complain("no answer from %s: start referentd with the role index, or set --feed (REFERENT_FEED) to where it runs",
             dead->endpoint);
    return FAILURE;
}

/* ---- Letters ---- */

static const char *kind_name(enum referent_dead_kind kind)
{
    return kind == REFERENT_DEAD_SUBMIT ? "submit" : kind == REFERENT_DEAD_DELETE ? "delete" : "unreadable";
}

static void time_format(uint64_t time_ms, char out[static 32])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm calendar;
    if (gmtime_r(&seconds, &calendar) == NULL || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &calendar) == 0)
        snprintf(out, 32, "-");
}

static json_t *letter_report(const struct referent_dead_letter *letter)
{
    char time[32];
    time_format(letter->time_ms, time);
    return json_pack("{s:I, s:s, s:I, s:s, s:s, s:s, s:I, s:s, s:s, s:I, s:I}", "number", (json_int_t)letter->number,
                     "time", time, "time_ms", (json_int_t)letter->time_ms, "kind", kind_name(letter->kind), "id",
                     letter->id, "source", letter->source, "version", (json_int_t)letter->version, "rule", letter->rule,
                     "reason", letter->reason, "size", (json_int_t)letter->size, "times", (json_int_t)letter->times);
}

static void letter_print(const struct referent_dead_letter *letter)
{
    char time[32];
    time_format(letter->time_ms, time);
    printf("%6" PRIu64 "  %s  ", letter->number, time);
    text_render(letter->rule, stdout);
    fputs("  ", stdout);
    text_render(*letter->id ? letter->id : "(no id)", stdout);
    printf("\n        %s", letter->kind == REFERENT_DEAD_DELETE ? "delete: " : "");
    text_render(letter->reason, stdout);
    if (letter->times > 1)
        printf(" (%" PRIu64 " times)", letter->times);
    putchar('\n');
}

/* Call `each` for every letter of the rule, page by page. */
static enum referent_result letters_walk(struct dead *dead, const char *rule, uint64_t *waiting,
                                         bool (*each)(void *self, const struct referent_dead_letter *letter),
                                         void *self, struct referent_error *err)
{
    uint64_t after = 0;
    for (bool done = false; !done;) {
        struct referent_dead_page *page;
        enum referent_result result = referent_dead_list(dead->searcher, rule, after, dead->timeout_ms, &page, err);
        if (result != REFERENT_OK)
            return result;
        bool going = true;
        for (size_t i = 0; going && i < page->letter_count; i++) {
            after = page->letters[i].number;
            going = each(self, &page->letters[i]);
        }
        *waiting = page->waiting;
        done = page->done || !going;
        referent_dead_page_free(&page);
    }
    return REFERENT_OK;
}

/* ---- list ---- */

static bool list_print(void *self, const struct referent_dead_letter *letter)
{
    (void)self;
    letter_print(letter);
    return true;
}

static bool list_report(void *self, const struct referent_dead_letter *letter)
{
    return json_array_append_new(self, letter_report(letter)) == 0;
}

static int list(struct dead *dead, const struct wishes *wishes)
{
    struct referent_error error;
    uint64_t waiting = 0;
    json_t *letters = wishes->json ? json_array() : NULL;
    enum referent_result result =
        letters_walk(dead, wishes->rule, &waiting, wishes->json ? list_report : list_print, letters, &error);
    if (result != REFERENT_OK) {
        json_decref(letters);
        return dead_failed(dead, result, &error);
    }
    if (wishes->json)
        return report_print(json_pack("{s:I, s:o}", "waiting", (json_int_t)waiting, "letters", letters)) ? DONE
                                                                                                         : FAILURE;
    printf("dead=%" PRIu64 "\n", waiting);
    return output_finish() ? DONE : FAILURE;
}

/* ---- show ---- */

/* Bytes as they are into a file or pipe; on a terminal nothing in them may drive it. */
static void bytes_print(const void *bytes, size_t size)
{
    if (isatty(STDOUT_FILENO))
        body_render(bytes, size, stdout);
    else
        fwrite(bytes, 1, size, stdout);
}

static void meeting_print(const struct referent_meeting *meeting)
{
    text_render(meeting->committee, stdout);
    putchar(' ');
    text_render(meeting->date, stdout);
    putchar('\n');
    for (size_t i = 0; i < meeting->item_count; i++) {
        putchar('\n');
        text_render(meeting->items[i].number, stdout);
        fputs(". ", stdout);
        text_render(meeting->items[i].title, stdout);
        putchar('\n');
        bytes_print(meeting->items[i].text, strlen(meeting->items[i].text));
        putchar('\n');
    }
}

static void copy_print(const struct referent_dead_copy *copy)
{
    if (!copy->readable)
        bytes_print(copy->frame, copy->frame_bytes);
    else if (copy->document.meeting != NULL)
        meeting_print(copy->document.meeting);
    else
        bytes_print(copy->document.body, copy->document.body_bytes);
}

static void head_print(const struct referent_dead_letter *letter)
{
    letter_print(letter);
    printf("        %s, version %" PRIu64 ", %" PRIu64 " bytes\n\n", kind_name(letter->kind), letter->version,
           letter->size);
}

static int show(struct dead *dead, const struct wishes *wishes)
{
    struct referent_error error;
    struct referent_dead_copy *copy;
    enum referent_result result = referent_dead_get(dead->searcher, dead->numbers[0], dead->timeout_ms, &copy, &error);
    if (result == REFERENT_NOT_FOUND) {
        complain("there is no dead letter %" PRIu64 "; 'referent dead list' shows them", dead->numbers[0]);
        return FAILURE;
    }
    if (result != REFERENT_OK)
        return dead_failed(dead, result, &error);
    bool written = true;
    if (wishes->json) {
        written = report_print(letter_report(&copy->letter));
    } else {
        if (!wishes->body)
            head_print(&copy->letter);
        copy_print(copy);
        written = output_finish();
    }
    referent_dead_copy_free(&copy);
    return written ? DONE : FAILURE;
}

/* ---- drop ---- */

static int drop(struct dead *dead)
{
    uint64_t dropped = 0;
    for (size_t at = 0; at < dead->count; at += REFERENT_DEAD_MAX) {
        struct referent_error error;
        uint64_t now;
        size_t count = dead->count - at < REFERENT_DEAD_MAX ? dead->count - at : REFERENT_DEAD_MAX;
        enum referent_result result =
            referent_dead_drop(dead->searcher, dead->numbers + at, count, dead->timeout_ms, &now, &error);
        if (result != REFERENT_OK)
            return dead_failed(dead, result, &error);
        dropped += now;
    }
    if (dropped < dead->count)
        complain("%" PRIu64 " of these letters are not there; 'referent dead list' shows those that are",
                 dead->count - dropped);
    printf("found=%zu dropped=%" PRIu64 "\n", dead->count, dropped);
    return output_finish() && dropped == dead->count ? DONE : FAILURE;
}

/* ---- Which letters ---- */

static bool number_add(void *self, const struct referent_dead_letter *letter)
{
    struct dead *dead = self;
    if (dead->count == dead->room) {
        size_t room = dead->room ? 2 * dead->room : 64;
        uint64_t *numbers = realloc(dead->numbers, room * sizeof *numbers);
        if (numbers == NULL)
            return false;
        dead->numbers = numbers;
        dead->room = room;
    }
    dead->numbers[dead->count++] = letter->number;
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* In order and each once, whatever was given. */
static void numbers_sort(struct dead *dead)
{
    size_t kept = 0;
    if (dead->count > 0)
        qsort(dead->numbers, dead->count, sizeof *dead->numbers, by_number);
    for (size_t i = 0; i < dead->count; i++)
        if (kept == 0 || dead->numbers[i] != dead->numbers[kept - 1])
            dead->numbers[kept++] = dead->numbers[i];
    dead->count = kept;
}

/* The operands behind the verb as numbers; the first that is none, or NULL. */
static const char *numbers_read(struct dead *dead, const struct operands *words)
{
    for (size_t i = 1; i < words->count; i++) {
        char *end;
        struct referent_dead_letter letter = {.number = strtoull(words->words[i], &end, 10)};
        bool digits = words->words[i][0] >= '0' && words->words[i][0] <= '9';
        if (!digits || *end != '\0' || !number_add(dead, &letter))
            return words->words[i];
    }
    numbers_sort(dead);
    return NULL;
}

static int all_find(struct dead *dead, const char *rule)
{
    struct referent_error error;
    uint64_t waiting;
    enum referent_result result = letters_walk(dead, rule, &waiting, number_add, dead, &error);
    return result == REFERENT_OK ? DONE : dead_failed(dead, result, &error);
}

/* ---- The command ---- */

enum verb { VERB_LIST, VERB_SHOW, VERB_REPLAY, VERB_DROP, VERBS };

static enum verb verb_find(const struct operands *words)
{
    static const char *const names[VERBS] = {"list", "show", "replay", "drop"};
    for (int i = 0; words->count > 0 && i < VERBS; i++)
        if (strcmp(words->words[0], names[i]) == 0)
            return (enum verb)i;
    return VERBS;
}

/* What is wrong with the words, or NULL. */
static const char *complaint(enum verb verb, const struct dead *dead, const struct wishes *wishes)
{
    switch (verb) {
    case VERB_LIST: return dead->count > 0 ? "dead list takes no number; 'dead show NUMBER' shows one" : NULL;
    case VERB_SHOW: return dead->count != 1 ? "give one number; 'dead list' shows them" : NULL;
    case VERB_REPLAY:
    case VERB_DROP:
        if (wishes->all == (dead->count > 0))
            return "give numbers or --all; 'dead list' shows them";
        return *wishes->rule && !wishes->all ? "--rule goes with --all" : NULL;
    default: return "give list, show, replay or drop";
    }
}

static int verb_run(enum verb verb, struct dead *dead, const struct wishes *wishes)
{
    struct referent_error error;
    enum referent_result result = referent_searcher_open(dead->endpoint, &dead->searcher, &error);
    if (result != REFERENT_OK)
        return dead_failed(dead, result, &error);
    if (wishes->all && all_find(dead, wishes->rule) != DONE)
        return FAILURE;
    switch (verb) {
    case VERB_LIST: return list(dead, wishes);
    case VERB_SHOW: return show(dead, wishes);
    case VERB_REPLAY: return dead_replay(dead);
    default: return drop(dead);
    }
}

int dead_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    bool help = false;
    uint64_t timeout_s = 10;
    struct wishes wishes = {.rule = ""};
    struct dead dead = {.patience_s = 60};
    const struct option_row rows[] = {
        {OPTION_FLAG, "all", 0, &wishes.all, NULL, "replay, drop: every letter", 0, 0},
        {OPTION_TEXT, "rule", 0, &wishes.rule, "RULE", "list, and with --all: those rejected by this rule", 0, 0},
        {OPTION_FLAG, "body", 0, &wishes.body, NULL, "show: nothing but the document, as it was fed", 0, 0},
        {OPTION_FLAG, "json", 0, &wishes.json, NULL, "list, show: print one JSON object, without the document", 0, 0},
        {OPTION_NUMBER, "patience", 0, &dead.patience_s, "SECONDS", "replay: give up after so long without answer (60)",
         1, 86400},
        ROW_TIMEOUT(&timeout_s),
        ROW_FEED(&endpoints->feed),
        ROW_HELP(&help),
        ROW_END};
    struct operands words;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &words, &exit_code))
        return exit_code;
    const char *odd = numbers_read(&dead, &words);
    enum verb verb = verb_find(&words);
    const char *wrong = complaint(verb, &dead, &wishes);
    dead.endpoint = endpoints->feed;
    dead.timeout_ms = (int)timeout_s * 1000;
    if (verb < VERBS && odd != NULL)
        exit_code = command_usage(self, "'%s' is not the number of a letter", odd);
    else
        exit_code = wrong ? command_usage(self, "%s", wrong) : verb_run(verb, &dead, &wishes);
    referent_searcher_close(&dead.searcher);
    free(dead.numbers);
    return exit_code;
}
