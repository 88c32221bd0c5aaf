/* Inputs that nobody writes: what they cost, and that they are read right all the same.
 *
 * The cost is CPU time of this thread beside that of ordinary minutes, read in the same process, so that neither the
 * machine nor its load matters. REFERENT_LONG takes fragments of 1 MB in place of 128 KB. */
#include "fragment.h"
#include "gold.h"
#include "property.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { MEGABYTE = 1 << 20, SHORT_BYTES = 128 << 10, TIMES_MOST = 10, TRIES = 4, SOURCES_MAX = 256 };

static struct arena *texts; /* what is read */
static struct arena *arena; /* what is made of it */
static struct minutes minutes;

static int begin(void **unused)
{
    (void)unused;
    texts = arena_new((size_t)1 << 30);
    arena = arena_new((size_t)4 << 30);
    return texts == NULL || arena == NULL;
}

static int finish(void **unused)
{
    (void)unused;
    arena_free(&texts);
    arena_free(&arena);
    return 0;
}

/* Read it, and give the seconds of CPU time. */
static double read(struct span body, enum media_type media)
{
    struct error error = {0};
    struct timespec start, stop;
    arena_reset(arena);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
    enum fault fault = minutes_read(arena, body, media, &minutes, &error);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &stop);
    assert_int_equal(fault, FAULT_NONE);
    return (double)(stop.tv_sec - start.tv_sec) + (double)(stop.tv_nsec - start.tv_nsec) * 1e-9;
}

static void read_checked(struct span body)
{
    read(body, MEDIA_PLAIN);
    property_reading(body, &minutes);
}

/* ---- cost */

/* Seconds that a byte of the golden minutes takes. */
static double ordinary_seconds(void)
{
    DIR *folder = opendir(GOLDEN_FOLDER);
    double seconds = 0;
    size_t bytes = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[4096];
        struct minutes gold;
        snprintf(path, sizeof path, "%s/%s", GOLDEN_FOLDER, entry->d_name);
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".gold") != 0 || !gold_open(texts, path, &gold))
            continue;
        struct span body = {gold.body.at, gold.body.size};
        read(body, MEDIA_PLAIN); /* once to warm up */
        seconds += read(body, MEDIA_PLAIN);
        bytes += body.size;
    }
    closedir(folder);
    assert_true(bytes > 10000);
    return seconds / (double)bytes;
}

/* Another program on the machine may disturb one measurement, but not every one of them. */
static void no_repeated_fragment_is_a_burden(void **unused)
{
    (void)unused;
    size_t bytes = getenv("REFERENT_LONG") != NULL ? MEGABYTE : SHORT_BYTES;
    double ordinary = ordinary_seconds();
    for (size_t i = 0; i < fragment_count; i++) {
        double times = TIMES_MOST + 1;
        arena_reset(texts);
        struct text body = fragment_repeat(texts, &fragments[i], bytes);
        assert_non_null(body.at);
        for (int round = 0; round < TRIES && times > TIMES_MOST; round++) {
            ordinary = round > 0 ? ordinary_seconds() : ordinary;
            times = read((struct span){body.at, body.size}, fragments[i].media) / (double)body.size / ordinary;
        }
        if (times > TIMES_MOST)
            fail_msg("%s: %.1f times the cost of ordinary minutes", fragments[i].name, times);
    }
}

/* What tells of votes is looked at only in a decision, so it is repeated there. */
static void no_fragment_of_a_decision_is_a_burden(void **unused)
{
    static const char head[] = "Byrådet\n\n4. maj 2020\n\nMedlemmer: Ove Dalsgaard Høst (A)\n\n1. Asfalt\n\nSagsnr. "
                               "19/2484\n\nBeslutning\n\n";
    static const char *const parts[] = {"| For | Imod |\n| A | Ø |\n",
                                        "For A. ",
                                        "Ø imod. ",
                                        "For stemte A, imod stemte Ø. ",
                                        "flertal A ",
                                        "undtagen A ",
                                        "mod 7 ",
                                        "For: A\nImod: Ø\n",
                                        ", ligesom A",
                                        "Ja 2 A\n",
                                        "ikke kan tiltræde ",
                                        "((",
                                        "Resultat: ",
                                        "Ove Dalsgaard Høst stemte for. "};
    size_t bytes = getenv("REFERENT_LONG") != NULL ? MEGABYTE : SHORT_BYTES;
    double ordinary = ordinary_seconds();
    (void)unused;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct fragment fragment = {parts[i], span_of(parts[i]), MEDIA_PLAIN};
        double times = TIMES_MOST + 1;
        arena_reset(texts);
        struct text body = fragment_repeat(texts, &fragment, bytes);
        assert_non_null(body.at);
        struct text whole = arena_format(texts, "%s%.*s", head, (int)body.size, body.at);
        assert_non_null(whole.at);
        for (int round = 0; round < TRIES && times > TIMES_MOST; round++) {
            ordinary = round > 0 ? ordinary_seconds() : ordinary;
            times = read((struct span){whole.at, whole.size}, MEDIA_PLAIN) / (double)whole.size / ordinary;
        }
        if (times > TIMES_MOST)
            fail_msg("%s: %.1f times the cost of ordinary minutes", parts[i], times);
    }
}

/* ---- what is read */

static struct span repeated(const char *text, size_t bytes)
{
    struct fragment fragment = {"", span_of(text), MEDIA_PLAIN};
    struct text body = fragment_repeat(texts, &fragment, bytes);
    assert_non_null(body.at);
    return (struct span){body.at, body.size};
}

static size_t entities_of(enum entity_type type)
{
    size_t count = 0;
    for (size_t i = 0; i < minutes.entity_count; i++)
        count += minutes.entities[i].type == type;
    return count;
}

static void digits_and_brackets_are_nothing(void **unused)
{
    (void)unused;
    static const char *const signs[] = {"7", "(", "-", "§", "å", "|"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        read_checked(repeated(signs[i], MEGABYTE));
        assert_int_equal(minutes.entity_count, 0);
        assert_int_equal(minutes.meeting.item_count, 0);
    }
}

static void one_name_repeated_is_one_person(void **unused)
{
    (void)unused;
    struct span body = repeated("Ove Dalsgaard Høst, ", MEGABYTE);
    read_checked(body);
    assert_int_equal(minutes.meeting.person_count, 1);
    assert_int_equal(minutes.entity_count, body.size / strlen("Ove Dalsgaard Høst, "));
}

/* A growing text; a megabyte and a half at most. */
struct paper {
    char *at;
    size_t size;
};

static struct paper paper_new(void)
{
    struct paper paper = {arena_alloc(texts, MEGABYTE * 2), 0};
    assert_non_null(paper.at);
    return paper;
}

static void PRINTF_LIKE(2, 3) write(struct paper *paper, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(paper->at + paper->size, MEGABYTE * 2 - paper->size, format, arguments);
    va_end(arguments);
    assert_true(size >= 0 && paper->size + (size_t)size < MEGABYTE * 2);
    paper->size += (size_t)size;
}

static void every_cell_of_a_large_table_is_read(void **unused)
{
    (void)unused;
    enum { ROWS = 10000, COLUMNS = 10 };
    struct paper paper = paper_new();
    write(&paper, "Byrådet\n\nTabel 1, beløb i 1.000 kr.\n\nKonto");
    for (int column = 1; column < COLUMNS; column++)
        write(&paper, "\tBudget 20%d", 10 + column);
    write(&paper, "\n");
    for (int row = 0; row < ROWS; row++) {
        write(&paper, "Post");
        for (int column = 1; column < COLUMNS; column++)
            write(&paper, "\t%d", 1000 * column + row % 1000);
        write(&paper, "\n");
    }
    read_checked((struct span){paper.at, paper.size});
    assert_int_equal(entities_of(ENTITY_AMOUNT), ROWS * (COLUMNS - 1));
    const struct entity *last = &minutes.entities[minutes.entity_count - 1];
    assert_true(last->table && last->low_ore == (int64_t)9999 * 1000 * 100);
    assert_int_equal(last->end, paper.size - 1);
}

/* Surnames of five parts, some of which differ between any two: less would be the same name, misspelt. */
static void five_thousand_members_are_five_thousand(void **unused)
{
    (void)unused;
    static const char *const given[] = {"Anna",  "Bente", "Carl",  "Dorte", "Erik", "Frida", "Gert", "Hanne", "Ivan",
                                        "Jytte", "Karl",  "Lone",  "Mads",  "Nina", "Otto",  "Pia",  "Rolf",  "Sanne",
                                        "Tage",  "Ulla",  "Viggo", "Yrsa",  "Else", "Finn",  "Inge"};
    static const char *const parts[] = {"brak", "dung", "felm", "gost", "hirn", "jalm", "kvist",
                                        "lund", "mols", "nerk", "plov", "rask", "sten", "torp",
                                        "vang", "bygh", "klit", "skov", "ager", "holm"};
    enum { PEOPLE = 5000, GIVEN = 25, PARTS = 20 };
    struct paper paper = paper_new();
    write(&paper, "Byrådet\n\nMedlemmer:\n");
    for (int i = 0; i < PEOPLE; i++) {
        int a = i % PARTS, b = i / PARTS % PARTS, c = i / PARTS / PARTS;
        write(&paper, "%s %c%s%s%s%s%s (A)\n", given[i % GIVEN], 'A' + a, parts[a], parts[b], parts[c],
              parts[(a * 3 + b * 7 + c * 11) % PARTS], parts[(a * 7 + b * 3 + c * 13) % PARTS]);
    }
    write(&paper, "\n1. Eventuelt\n\nBeslutning\n\nIntet.\n");
    read_checked((struct span){paper.at, paper.size});
    assert_int_equal(minutes.meeting.person_count, PEOPLE);
    assert_int_equal(minutes.meeting.present.count, PEOPLE);
    assert_int_equal(minutes.meeting.item_count, 1);
}

static void other_languages_hold_no_minutes(void **unused)
{
    (void)unused;
    static const char *const sentences[] = {
        "The committee met on a rainy evening, and nobody could remember who had called the meeting. ",
        "Der Ausschuss trat am Abend zusammen, und niemand wusste, wer die Sitzung einberufen hatte. ",
        "Комитет собрался вечером, и никто не помнил, кто созвал заседание. ", "委員会は夕方に開かれた。"};
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        read_checked(repeated(sentences[i], MEGABYTE));
        assert_int_equal(minutes.entity_count, 0);
        assert_int_equal(minutes.meeting.person_count, 0);
        assert_int_equal(minutes.meeting.item_count, 0);
    }
}

static void nul_bytes_are_spaces_of_their_own_size(void **unused)
{
    (void)unused;
    struct paper paper = paper_new();
    static const char first[] = "Sagsnr.:\0\0 19/2484\0", last[] = "\nSagsnr.: 19/2485\n";
    memcpy(paper.at, first, sizeof first - 1);
    memset(paper.at + sizeof first - 1, 0, MEGABYTE);
    memcpy(paper.at + sizeof first - 1 + MEGABYTE, last, sizeof last - 1);
    struct span body = {paper.at, sizeof first - 1 + MEGABYTE + sizeof last - 1};
    read_checked(body);
    assert_int_equal(minutes.entity_count, 2);
    assert_memory_equal(body.at + minutes.entities[0].start, "19/2484", 7);
    assert_memory_equal(body.at + minutes.entities[1].start, "19/2485", 7);
}

static void broken_utf8_is_told_with_its_place(void **unused)
{
    (void)unused;
    struct span body = repeated("Byrådet besluttede. ", MEGABYTE);
    size_t bad = 0, middle = body.size / 2;
    while (((unsigned char)body.at[middle] & 0xC0) != 0x80)
        middle++;
    ((char *)body.at)[middle] = 'x'; /* the second byte of an å */
    assert_false(utf8_valid(body, &bad));
    assert_int_equal(bad, middle - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_repeated_fragment_is_a_burden, begin, finish),
        cmocka_unit_test_setup_teardown(no_fragment_of_a_decision_is_a_burden, begin, finish),
        cmocka_unit_test_setup_teardown(digits_and_brackets_are_nothing, begin, finish),
        cmocka_unit_test_setup_teardown(one_name_repeated_is_one_person, begin, finish),
        cmocka_unit_test_setup_teardown(every_cell_of_a_large_table_is_read, begin, finish),
        cmocka_unit_test_setup_teardown(five_thousand_members_are_five_thousand, begin, finish),
        cmocka_unit_test_setup_teardown(other_languages_hold_no_minutes, begin, finish),
        cmocka_unit_test_setup_teardown(nul_bytes_are_spaces_of_their_own_size, begin, finish),
        cmocka_unit_test_setup_teardown(broken_utf8_is_told_with_its_place, begin, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
