/* machine_records: prints what is read of each of the files, as JSON, and a number for the record that the index takes
 * of it. Processors that can more and less must print the same. */
#include "gold.h"
#include "minutes.h"
#include "record_sum.h"
#include "speller.h"
#include "stemmer.h"
#include "term.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const size_t arena_bytes = (size_t)1 << 30;

static void check(enum fault fault, const char *path, const struct error *err)
{
    if (fault == FAULT_NONE)
        return;
    fprintf(stderr, "machine_records: %s: %s: %s\n", path, err->rule, err->text);
    exit(1);
}

static void file_print(struct term_builder *builder, struct arena *arenas[static 2], const char *path)
{
    static const struct source fed = {.id = {"2020-02-05-oek", 14}, .version = 1, .media_type = {"text/markdown", 13}};
    struct minutes gold, minutes;
    struct index_record record;
    struct error err = {0};
    struct text json;
    if (!gold_open(arenas[0], path, &gold))
        check(error_set(&err, FAULT_REJECT, "gold", "it is no gold file"), path, &err);
    struct span body = {gold.body.at, gold.body.size};
    bool valid = utf8_valid(body, NULL);
    check(minutes_read(arenas[0], body, MEDIA_MARKDOWN, &minutes, &err), path, &err);
    check(minutes_json(arenas[0], &minutes, &json, &err), path, &err);
    check(term_build(builder, arenas[0], arenas[1], &fed, &minutes, &record, &err), path, &err);
    printf("%s %d %016" PRIx64 "\n%s\n", path, valid, record_sum(0, &record), json.at);
    arena_reset(arenas[0]);
    arena_reset(arenas[1]);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct speller *speller;
    struct arena *arenas[2] = {arena_new(arena_bytes), arena_new(arena_bytes)};
    check(speller_open(&speller, &err), "the dictionary", &err);
    struct wordbook words = speller_wordbook(speller);
    struct term_builder *builder = term_builder_new(danish_stemmer(), &words, 0);
    if (builder == NULL || arenas[0] == NULL || arenas[1] == NULL)
        check(error_set(&err, FAULT_REOPEN, "memory", "out of memory"), "at first", &err);
    for (int i = 1; i < argc; i++)
        file_print(builder, arenas, argv[i]);
    term_builder_free(&builder);
    speller_close(&speller);
    arena_free(&arenas[0]);
    arena_free(&arenas[1]);
    return 0;
}
