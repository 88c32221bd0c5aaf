/* check: is an index whole, and if not, what can be saved. On the machine of the index. */
#include "check.h"

#include "command.h"
#include "directory.h"
#include "place.h"
#include "repair.h"
#include "shard.h"
#include "snippet.h"
#include "speller.h"
#include "stemmer.h"
#include "xapian_shim.h"

#include <inttypes.h>

/* The index as the command goes through it. */
struct checking {
    const char *data;
    uint32_t shards;
    uint64_t named; /* findings about the shard that is being checked, less those that need no repair */
    uint64_t left;  /* findings that are not mended */
    struct speller *speller;
    struct term_builder *builder;
};

static void id_print(struct span id)
{
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)id.size, id.size > 0 ? id.at : "");
    text_render(id.size > 0 ? name : "?", stdout);
}

static void finding_tell(void *self, const struct finding *finding)
{
    struct checking *checking = self;
    bool passing = strcmp(finding->rule, "check.switch") == 0;
    checking->named += !passing;
    checking->left++;
    printf("shard=%" PRIu32 " part=%s finding=%s", finding->shard, finding->closed ? "closed" : "open", finding->rule);
    if (finding->id.size > 0) {
        fputs(" id=", stdout);
        id_print(finding->id);
    }
    fputs(": ", stdout);
    text_render(finding->text, stdout);
    putchar('\n');
}

static void loss_tell(void *self, struct span id, bool partial, const char *why)
{
    (void)self;
    fputs(partial ? "partial id=" : "lost id=", stdout);
    id_print(id);
    fputs(": ", stdout);
    text_render(why, stdout);
    putchar('\n');
}

/* ---- repair */

static enum fault words_open(struct checking *checking, struct error *err)
{
    if (checking->builder != NULL)
        return FAULT_NONE;
    TRY(speller_open(&checking->speller, err));
    struct wordbook words = speller_wordbook(checking->speller);
    checking->builder = term_builder_new(danish_stemmer(), &words, 0);
    return checking->builder != NULL ? FAULT_NONE : error_set(err, FAULT_STOP, "memory", "out of memory");
}

static void words_close(struct checking *checking)
{
    term_builder_free(&checking->builder);
    speller_close(&checking->speller);
}

static enum fault shard_repair(struct checking *checking, uint32_t shard, struct error *err)
{
    struct repair_summary summary;
    TRY(words_open(checking, err));
    struct repair_setup setup = {.data_dir = checking->data,
                                 .shard = shard,
                                 .shards = checking->shards,
                                 .builder = checking->builder,
                                 .lost = loss_tell,
                                 .self = checking};
    TRY(repair_shard(&setup, &summary, err));
    printf("shard=%" PRIu32 " repaired saved=%" PRIu64 " partial=%" PRIu64 " lost=%" PRIu64 " unreadable=%" PRIu64
           " tombstones=%" PRIu64 "%s\n",
           shard, summary.saved, summary.partial, summary.lost, summary.unreadable, summary.tombstones,
           summary.tombstones_whole ? "" : " (not all: what was deleted may come back by an old feed)");
    checking->left += summary.lost + summary.partial;
    return FAULT_NONE;
}

static enum fault shards_repair(struct checking *checking, struct check_summary *summary, struct error *err)
{
    for (uint32_t shard = 0; shard < checking->shards; shard++) {
        uint64_t before = checking->left;
        checking->named = 0;
        TRY(check_shard(checking->data, shard, checking->shards, finding_tell, checking, summary, err));
        if (checking->named == 0)
            continue;
        struct error why;
        uint64_t found = checking->left;
        checking->left = before;
        if (shard_repair(checking, shard, &why) == FAULT_NONE)
            continue;
        complain("%s (%s)", why.text, why.rule); /* the others may still be helped */
        checking->left = found;
    }
    return FAULT_NONE;
}

static enum fault index_repair(struct checking *checking, struct check_summary *summary, struct error *err)
{
    int lock = -1;
    TRY(directory_lock(checking->data, &lock, err));
    enum fault fault = shards_repair(checking, summary, err);
    words_close(checking);
    directory_unlock(&lock);
    return fault;
}

/* ---- the command */

static enum fault index_check(struct checking *checking, bool repair, struct check_summary *summary, struct error *err)
{
    *summary = (struct check_summary){.shards = 0};
    TRY(shard_census(checking->data, &checking->shards, err));
    if (checking->shards > 0 && repair)
        return index_repair(checking, summary, err);
    return check_run(checking->data, finding_tell, checking, summary, err);
}

int check_command_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    (void)endpoints;
    bool help = false, repair = false;
    struct checking checking = {.data = place_data()};
    const struct option_row rows[] = {
        {OPTION_FLAG, "repair", 0, &repair, NULL, "make a damaged shard anew from what can be read of it", 0, 0},
        ROW_DATA(&checking.data),
        ROW_HELP(&help),
        ROW_END};
    struct operands words;
    struct check_summary summary;
    struct error err;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &words, &exit_code))
        return exit_code;
    if (words.count > 1)
        return command_usage(self, "give one folder");
    if (words.count == 1)
        checking.data = words.words[0];
    if (index_check(&checking, repair, &summary, &err) != FAULT_NONE)
        return place_failed(&err);
    printf("shards=%" PRIu32 " meetings=%" PRIu64 " findings=%" PRIu64 " left=%" PRIu64 "\n", summary.shards,
           summary.meetings, summary.findings, checking.left);
    return output_finish() && checking.left == 0 ? DONE : FAILURE;
}
