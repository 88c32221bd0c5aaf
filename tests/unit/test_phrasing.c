/* Phrasings: what clerks write in other words must be read as the same thing. One table (phrasing.def), one reader a
 * family: the phrase is set into small minutes and the fact it tells is written as a line. */
#include "arena.h"
#include "minutes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct arena *arena;
static char line[4096];

static int begin(void **unused)
{
    (void)unused;
    arena = arena_new((size_t)1 << 30);
    return arena == NULL;
}

static int finish(void **unused)
{
    (void)unused;
    arena_free(&arena);
    return 0;
}

/* Minutes around a phrase; the reading lives until the next one. */
static struct minutes read(const char *before, const char *phrase, const char *behind)
{
    static char text[8192];
    struct minutes minutes;
    struct error error;
    snprintf(text, sizeof text, "%s%s%s", before, phrase, behind);
    assert_int_equal(minutes_read(arena, span_of(text), MEDIA_PLAIN, &minutes, &error), FAULT_NONE);
    line[0] = 0;
    return minutes;
}

static void add(struct span span)
{
    snprintf(line + strlen(line), sizeof line - strlen(line), "%.*s", (int)span.size, span.at ? span.at : "");
}

static void add_names(const struct name_list *list, const char *joint)
{
    for (size_t i = 0; i < list->count; i++) {
        add(span_of(i ? joint : ""));
        add(list->names[i]);
    }
}

#define HEAD     "Teknisk Udvalg\n\nDato: 4. maj 2020\n\n"
#define ITEM     "1. Asfalt\n\nSagsnr. 19/2484\n\n"
#define DECISION "Beslutning\n\n"
#define LAST     "\n\n2. Eventuelt\n\nBeslutning\n\nIntet.\n"

static const char *const words[] = {
    [OUTCOME_NONE] = "none",         [OUTCOME_APPROVED] = "approved",   [OUTCOME_RECOMMENDED] = "recommended",
    [OUTCOME_NOTED] = "noted",       [OUTCOME_DISCUSSED] = "discussed", [OUTCOME_POSTPONED] = "postponed",
    [OUTCOME_REJECTED] = "rejected", [OUTCOME_REFERRED] = "referred",   [OUTCOME_OTHER] = "other"};

/* The items of minutes that are a layout of their own: number, title and outcome of each. */
static void read_items(const char *phrase)
{
    struct minutes minutes = read("", phrase, "");
    for (size_t i = 0; i < minutes.meeting.item_count; i++) {
        const struct item *item = &minutes.meeting.items[i];
        add(span_of(i ? "; " : ""));
        add(item->number);
        add(SPAN(" "));
        add(item->title);
        add(span_of(item->open ? "=" : " (closed)="));
        add(span_of(words[item->outcome]));
    }
}

static void read_outcome(const char *phrase)
{
    struct minutes minutes = read(HEAD ITEM DECISION, phrase, LAST);
    if (minutes.meeting.item_count)
        add(span_of(words[minutes.meeting.items[0].outcome]));
}

static void read_votes(const char *phrase)
{
    struct minutes minutes =
        read(HEAD "Medlemmer: Anna Brask (A), Carl Stub Lunde (V), Eva Holck (Ø), Ib Ravn Dam (C), "
                  "Pia Vestberg (B), Ulf Krogh Lind (F), Jens Chr. Toft (V)\n\n" ITEM DECISION,
             phrase, LAST);
    const struct item *item = minutes.meeting.items;
    assert_true(minutes.meeting.item_count > 0);
    add_names(&item->votes_for, ",");
    add(SPAN(" / "));
    add_names(&item->votes_against, ",");
    add(SPAN(" / "));
    add_names(&item->votes_abstain, ",");
}

static void read_attach(const char *phrase)
{
    struct minutes minutes = read(HEAD ITEM DECISION "Godkendt.\n\n", phrase, LAST);
    const struct item *item = minutes.meeting.items;
    assert_true(minutes.meeting.item_count > 0);
    for (size_t i = 0; i < item->attachment_count; i++) {
        add(span_of(i ? "; " : ""));
        add(item->attachments[i].title);
        if (item->attachments[i].document.size) {
            add(SPAN("="));
            add(item->attachments[i].document);
        }
    }
}

static void read_case(const char *phrase)
{
    struct minutes minutes = read(HEAD "1. Asfalt\n\n", phrase, "\n\n" DECISION "Godkendt." LAST);
    const struct item *item = minutes.meeting.items;
    bool first = true;
    assert_true(minutes.meeting.item_count > 0);
    add(item->case_number.size ? item->case_number : SPAN("-"));
    add(SPAN(" "));
    add(item->kle.size ? item->kle : SPAN("-"));
    add(SPAN(" "));
    for (size_t i = 0; i < minutes.entity_count; i++) {
        if (minutes.entities[i].type != ENTITY_DOCUMENT)
            continue;
        add(span_of(first ? "document:" : ",document:"));
        add(minutes.entities[i].value);
        first = false;
    }
}

static void read_committee(const char *phrase)
{
    struct minutes minutes = read("", phrase, "\n\n" ITEM DECISION "Godkendt." LAST);
    const struct meeting *meeting = &minutes.meeting;
    add(meeting->committee.size ? meeting->committee : SPAN("None"));
    add(SPAN(" | "));
    add(meeting->date.size ? meeting->date : SPAN("None"));
    add(SPAN(" | "));
    add(meeting->start.size ? meeting->start : SPAN("None"));
}

static void read_attend(const char *phrase)
{
    struct minutes minutes = read(HEAD, phrase, "\n\n" ITEM DECISION "Godkendt." LAST);
    add_names(&minutes.meeting.present, ", ");
    add(SPAN(" / "));
    add_names(&minutes.meeting.absent, ", ");
    add(SPAN(" / "));
    add_names(&minutes.meeting.substitutes, ", ");
}

/* The surfaces of some types of entities in a text, without those of the small minutes around it. */
static void read_entities(const char *phrase, enum entity_type type, enum entity_type other)
{
    static const char before[] = HEAD "1. Asfalt\n\nSagsfremstilling\n\n";
    struct minutes minutes = read(before, phrase, "\n\n" DECISION "Godkendt.\n");
    bool first = true;
    for (size_t i = 0; i < minutes.entity_count; i++) {
        const struct entity *entity = &minutes.entities[i];
        size_t start = sizeof before - 1;
        if ((entity->type != type && entity->type != other) || entity->start < start ||
            entity->end > start + strlen(phrase))
            continue;
        add(span_of(first ? "" : "; "));
        add((struct span){phrase + (entity->start - start), entity->end - entity->start});
        first = false;
    }
}

static void read_org(const char *phrase)
{
    read_entities(phrase, ENTITY_ORG, ENTITY_ORG);
}

static void read_law(const char *phrase)
{
    read_entities(phrase, ENTITY_LAW, ENTITY_LAW);
}

static void read_person(const char *phrase)
{
    read_entities(phrase, ENTITY_MEMBER, ENTITY_OFFICIAL);
}

static void read_amount(const char *phrase)
{
    read_entities(phrase, ENTITY_AMOUNT, ENTITY_AMOUNT);
}

static void read_date(const char *phrase)
{
    read_entities(phrase, ENTITY_DATE, ENTITY_DATE);
}

enum family { ITEMS, OUTCOME, VOTES, ATTACH, CASE, COMMITTEE, ATTEND, ORG, LAW, PERSON, AMOUNT, DATE, FAMILIES };

static void (*const readers[FAMILIES])(const char *) = {
    [ITEMS] = read_items, [OUTCOME] = read_outcome,     [VOTES] = read_votes,   [ATTACH] = read_attach,
    [CASE] = read_case,   [COMMITTEE] = read_committee, [ATTEND] = read_attend, [ORG] = read_org,
    [LAW] = read_law,     [PERSON] = read_person,       [AMOUNT] = read_amount, [DATE] = read_date};

static const struct {
    enum family family;
    const char *phrase, *want;
} phrasings[] = {
#define PHRASING(family, phrase, want) {family, phrase, want},
#include "phrasing.def"
#undef PHRASING
};

static void every_phrasing_is_understood(void **unused)
{
    size_t failed = 0;
    (void)unused;
    for (size_t i = 0; i < sizeof phrasings / sizeof *phrasings; i++) {
        line[0] = 0;
        readers[phrasings[i].family](phrasings[i].phrase);
        if (strcmp(line, phrasings[i].want) == 0)
            continue;
        failed++;
        print_error("%s\n  expected %s\n  read     %s\n", phrasings[i].phrase, phrasings[i].want, line);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(every_phrasing_is_understood, begin, finish)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
