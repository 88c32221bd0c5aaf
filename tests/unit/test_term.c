/* Minutes become documents: what stands where, and what closed items never show. */
#include "gold.h"
#include "random.h"
#include "range.h"
#include "sortable.h"
#include "term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <time.h>

enum { ARENA_BYTES = 1 << 30 };

static struct term_builder *builder;
static struct arena *arena;

/* Words are their own stems: the real stemmer is tested in tests/shim. */
static size_t stem_none(void *self, const char *word, size_t size, char out[static 128])
{
    (void)self;
    memcpy(out, word, size);
    return size;
}

static int start(void **state)
{
    (void)state;
    builder = term_builder_new((struct stemmer){NULL, stem_none}, NULL, 1000);
    arena = arena_new(ARENA_BYTES);
    return builder == NULL || arena == NULL;
}

static int stop(void **state)
{
    (void)state;
    term_builder_free(&builder);
    arena_free(&arena);
    return 0;
}

static const char minutes_text[] =
    "Indhold\n"
    "1 Godkendelse af dagsorden ... 1\n"
    "2 Tilskud til {{org Klub Søsport|Klub Søsport}} ... 2\n"
    "3 Klage over hegn ved Mosevej ... 3, sag {{case 20/777|20/777}}\n"
    "4 Klage over hegn og ...\n"
    "\n"
    "Økonomiudvalget i Prøveby Kommune, {{date 2020-02-05|onsdag den 5. februar 2020}} kl. 16.30\n"
    "Til stede: {{member Åge Prøvesen;A|Åge Prøvesen}} (A), {{member Bodil Tænkt;V|Bodil Tænkt}} (V)\n"
    "Sekretær: {{official Sven Skriver|Sven Skriver}}\n"
    "\n"
    "{{item 1|1. Godkendelse af dagsorden}}\n"
    "Godkendt.\n"
    "\n"
    "{{item 2|2. Tilskud til Klub Søsport}}\n"
    "Sag {{case 15.00.00-G01-87-19|15.00.00 G01 87 19}}, {{case 19/11679|19/11679}}\n"
    "{{member Åge Prøvesen;A|Aage Prövesen}} foreslår {{amount 1070664.00 DKK|1.070.664 kr.}} og siden "
    "{{amount 4000000.00..5000000.00 DKK|4-5 mio. kr.}} efter {{law styrelseslovens § 17, stk. 4|styrelseslovens § 17, "
    "stk. 4}} inden {{date 2021-12-31|31. december 2021}}. {{org Klub Søsport|Klub Søsport}} takker.\n"
    "Imod stemte V.\n"
    "\n"
    "{{item 3|3. Klage over hegn ved Mosevej}}\n"
    "Lukket punkt. {{member Hemmelig Person;C|Hemmelig Person}} (C) klager til {{org Hemmelig Fond|Hemmelig Fond}} om "
    "{{amount 777.00 DKK|777 kr.}} den {{date 2020-01-07|7/1 2020}}, sag {{case 20/777|20/777}}, {{law "
    "hegnsloven|hegnsloven}}.\n"
    "{{official Ukendt Embedsmand|Ukendt Embedsmand}} svarede, og {{member Bodil Tænkt;V|Bodil Tænkt}} gik.\n"
    "\n"
    "{{item 4|4. Klage over hegn og andre hegn}}\n"
    "Lukket.\n"
    "{{item 5|5. Eventuelt}}\n"
    "Intet. Mødet hævet kl. 18.30\n"
    "%%%META\n"
    "{\"municipality\": \"Prøveby Kommune\", \"committee\": \"Økonomiudvalget\", \"date\": \"2020-02-05\", \"start\": "
    "\"16:30\", \"end\": \"18:30\", \"present\": [\"Åge Prøvesen\", \"Bodil Tænkt\", \"Hemmelig Person\"], \"items\": ["
    "{\"number\": \"1\", \"title\": \"Godkendelse af dagsorden\", \"open\": true, \"outcome\": \"approved\"},"
    "{\"number\": \"2\", \"title\": \"Tilskud til Klub Søsport\", \"open\": true, \"case\": \"15.00.00-G01-87-19\", "
    "\"kle\": \"00.22.04.G01\", \"outcome\": \"recommended\", \"votes\": {\"for\": [], \"against\": [\"V\"], "
    "\"abstain\": []}},"
    "{\"number\": \"3\", \"title\": \"Klage over hegn ved Mosevej\", \"open\": false, \"case\": \"20/777\"},"
    "{\"number\": \"4\", \"title\": \"Klage over hegn og andre hegn\", \"open\": false},"
    "{\"number\": \"5\", \"title\": \"Eventuelt\", \"open\": true}]}\n";

static struct source source_of(const char *id)
{
    return (struct source){.id = span_of(id),
                           .version = 7,
                           .digest = "0123456789abcde",
                           .source = SPAN("proeveby"),
                           .url = SPAN("https://example.dk/1"),
                           .media_type = SPAN("text/markdown")};
}

static void expect_sound(const struct index_record *record)
{
    for (size_t n = 0; n < record->document_count; n++) {
        const struct index_document *document = &record->documents[n];
        bool unique = false;
        for (size_t i = 0; i < document->posting_count; i++) {
            const struct posting *posting = &document->postings[i];
            assert_true(posting->term.size >= 1 && posting->term.size <= TERM_MAX_BYTES);
            assert_null(memchr(posting->term.at, 0, posting->term.size));
            assert_true(i == 0 || span_compare(document->postings[i - 1].term, posting->term) < 0);
            assert_int_equal(posting->wdf, posting->position_count);
            for (uint32_t p = 0; p < posting->position_count; p++)
                assert_true(posting->positions[p] > (p > 0 ? posting->positions[p - 1] : 0));
            unique = unique || span_equal(posting->term, document->unique);
        }
        assert_true(unique);
        for (size_t i = 0; i < document->value_count; i++) {
            assert_true(document->values[i].bytes.size > 0);
            assert_true(i == 0 || document->values[i - 1].slot < document->values[i].slot);
        }
    }
    assert_true(record->bytes > 0 && !record->documents[0].closed);
}

static struct index_record built(const char *gold, struct minutes *minutes)
{
    struct index_record record;
    struct error err;
    struct source source = source_of("proeveby/oeu/1.md");
    struct arena *scratch = arena_new((size_t)2 << 30);
    assert_true(gold_read(arena, span_of(gold), minutes));
    assert_int_equal(term_build(builder, scratch, arena, &source, minutes, &record, &err), FAULT_NONE);
    arena_free(&scratch); /* what the record borrowed from it would be gone */
    expect_sound(&record);
    return record;
}

static const struct posting *posting_of(const struct index_document *document, const char *term)
{
    for (size_t i = 0; i < document->posting_count; i++)
        if (span_equal(document->postings[i].term, span_of(term)))
            return &document->postings[i];
    return NULL;
}

static void expect_terms(const struct index_document *document, const char *const *terms)
{
    for (; *terms != NULL; terms++)
        if (posting_of(document, *terms) == NULL)
            fail_msg("%s is missing", *terms);
}

static struct span value_of(const struct index_document *document, uint32_t slot)
{
    for (size_t i = 0; i < document->value_count; i++)
        if (document->values[i].slot == slot)
            return document->values[i].bytes;
    return (struct span){"", 0};
}

static void expect_slot(const struct index_document *document, uint32_t slot, const char *value)
{
    struct span found = value_of(document, slot);
    if (!span_equal(found, span_of(value)))
        fail_msg("slot %u holds %.*s", slot, (int)found.size, found.at);
}

static void the_meeting_has_what_holds_for_all(void **state)
{
    (void)state;
    struct minutes minutes;
    struct index_record record = built(minutes_text, &minutes);
    static const char *const shared[] = {"XDOC:proeveby/oeu/1.md",
                                         "XCOMMITTEEoekonomiudvalget",
                                         "XMUNICIPALITYproeveby",
                                         "D20200205",
                                         "M202002",
                                         "Y2020",
                                         "XSOURCEproeveby",
                                         NULL};
    assert_int_equal(record.document_count, 6);
    for (size_t n = 0; n < 6; n++)
        expect_terms(&record.documents[n], shared);
    static const char *const meeting[] = {"Qproeveby/oeu/1.md#0",
                                          "XTYPEmeeting",
                                          "XMEMBERaage proevesen",
                                          "XMEMBERbodil taenkt",
                                          "XPARTY:A",
                                          "XPARTY:V",
                                          "XNAMEåge",
                                          "XNAMEskriver",
                                          "XDAY20200205",
                                          "Zsekretær",
                                          "ZSøkonomiudvalget",
                                          "XORGklub soesport",
                                          NULL};
    const struct index_document *document = &record.documents[0];
    expect_terms(document, meeting);
    assert_null(posting_of(document, "Zgodkendt"));
    expect_slot(document, SLOT_DATE, "20200205");
    expect_slot(document, SLOT_ID, "proeveby/oeu/1.md");
    expect_slot(document, SLOT_COMMITTEE, "Økonomiudvalget");
    expect_slot(document, SLOT_MUNICIPALITY, "Prøveby Kommune");
    expect_slot(document, SLOT_YEAR, "2020");
    expect_slot(document, SLOT_MEMBER,
                "Åge Prøvesen\x1f"
                "Bodil Tænkt");
    expect_slot(document, SLOT_PARTY, "A\x1fV");
    assert_int_equal(sortable_version_read(value_of(document, SLOT_VERSION).at), 7);
    assert_memory_equal(value_of(document, SLOT_DIGEST).at, "0123456789abcde", 16);
    assert_int_equal(value_of(&record.documents[1], SLOT_DIGEST).size, 0);
    assert_true(span_equal(data_field(document->data, FIELD_TITLE), SPAN("Økonomiudvalget, 2020-02-05")));
    assert_true(span_equal(data_field(document->data, FIELD_MEMBER), SPAN("Åge Prøvesen")));
    struct span present;
    size_t at = 0;
    assert_true(data_field_next(document->data, FIELD_PRESENT, &at, &present));
    assert_true(span_equal(present, SPAN("Åge Prøvesen")));
    assert_true(data_field_next(document->data, FIELD_PRESENT, &at, &present));
    assert_true(span_equal(present, SPAN("Bodil Tænkt")));
    assert_false(data_field_next(document->data, FIELD_PRESENT, &at, &present)); /* the third is named out of sight */
    assert_null(data_field(document->data, FIELD_ABSENT).at);
}

static void an_item_has_what_it_mentions(void **state)
{
    (void)state;
    struct minutes minutes;
    struct index_record record = built(minutes_text, &minutes);
    const struct index_document *item = &record.documents[2];
    static const char *const terms[] = {"Qproeveby/oeu/1.md#2",
                                        "XTYPEitem",
                                        "XCASE15.00.00-g01-87-19",
                                        "XCASE19-11679",
                                        "XMEMBERaage proevesen",
                                        "XPARTY:A",
                                        "XPARTY:V",
                                        "XNAMEprøvesen",
                                        "Zprövesen",
                                        "XKLE00",
                                        "XKLE00.22",
                                        "XKLE00.22.04",
                                        "XKLE00.22.04.g01",
                                        "XKLE15",
                                        "XKLE15.00.00.g01",
                                        "XLAWstyrelsesloven",
                                        "XLAWstyrelsesloven § 17",
                                        "XLAWstyrelsesloven § 17 stk 4",
                                        "XORGklub soesport",
                                        "XOUTCOMErecommended",
                                        "ZStilskud",
                                        "Ztilskud",
                                        "Z1.070.664",
                                        "XAMT+j107",
                                        "XAMT+j1070664=",
                                        "XAMT+j4*",
                                        "XDAY20211231",
                                        NULL};
    expect_terms(item, terms);
    assert_int_equal(posting_of(item, "XOUTCOMErecommended")->wdf, 0);
    assert_null(posting_of(item, "XMEMBERbodil taenkt"));
    expect_slot(item, SLOT_CASE, "15.00.00-g01-87-19");
    expect_slot(item, SLOT_OUTCOME, "recommended");
    expect_slot(item, SLOT_KLE,
                "15\x1f"
                "00");
    expect_slot(item, SLOT_MEMBER, "Åge Prøvesen");
    char amount[SORTABLE_MAX_BYTES];
    size_t size = sortable_number(5000000.0, amount);
    assert_true(span_equal(value_of(item, SLOT_AMOUNT), (struct span){amount, size}));
    assert_true(span_equal(data_field(item->data, FIELD_ITEM), SPAN("2")));
    assert_true(span_equal(data_field(item->data, FIELD_CASE), SPAN("15.00.00-G01-87-19")));
    assert_true(span_starts(data_field(item->data, FIELD_SAMPLE), SPAN("Sag 15.00.00 G01 87 19, 19/11679 Aage")));
    assert_true(span_equal(data_field(item->data, FIELD_AGAINST), SPAN("V")));
    assert_null(data_field(item->data, FIELD_FOR).at);
    assert_null(data_field(item->data, FIELD_BODY).at);
}

static bool contains(struct span whole, const char *part)
{
    size_t size = strlen(part);
    for (size_t i = 0; i + size <= whole.size; i++)
        if (memcmp(whole.at + i, part, size) == 0)
            return true;
    return false;
}

static void closed_items_stand_in_closed_documents_only(void **state)
{
    (void)state;
    struct minutes minutes;
    struct index_record record = built(minutes_text, &minutes);
    static const char *const secrets[] = {"hegn",   "mosevej", "Mosevej",  "hemmelig", "Hemmelig",
                                          "777",    "ukendt",  "Ukendt",   "Klage",    "klage",
                                          "person", "fond",    "XPARTY:C", "20200107", "embedsmand"};
    struct text body;
    assert_int_equal(body_unpack(arena, data_field(record.documents[0].data, FIELD_BODY), 1 << 20, &body, NULL),
                     FAULT_NONE);
    assert_int_equal(body.size, minutes.body.size);
    for (size_t s = 0; s < sizeof secrets / sizeof *secrets; s++) {
        assert_false(contains((struct span){body.at, body.size}, secrets[s]));
        for (size_t n = 0; n < record.document_count; n++) {
            const struct index_document *document = &record.documents[n];
            if (document->closed)
                continue;
            for (size_t i = 0; i < document->posting_count; i++)
                if (contains(document->postings[i].term, secrets[s]))
                    fail_msg("%.*s shows %s", (int)document->postings[i].term.size, document->postings[i].term.at,
                             secrets[s]);
            for (size_t i = 0; i < document->value_count; i++)
                assert_false(contains(document->values[i].bytes, secrets[s]));
            assert_false(contains(document->data, secrets[s]));
        }
    }
    static const bool closed[] = {false, false, false, true, true, false};
    for (size_t n = 0; n < 6; n++)
        assert_int_equal(record.documents[n].closed, closed[n]);
    static const char *const inside[] = {"XMEMBERhemmelig person",
                                         "XPARTY:C",
                                         "XCASE20-777",
                                         "XAMT+f777=",
                                         "Zmosevej",
                                         "ZSmosevej",
                                         "XLAWhegnsloven",
                                         "XCOMMITTEEoekonomiudvalget",
                                         NULL};
    expect_terms(&record.documents[3], inside);
}

static void the_body_comes_back_from_both_sides(void **state)
{
    (void)state;
    struct minutes minutes;
    struct index_record record = built(minutes_text, &minutes);
    struct text body;
    assert_int_equal(body_unpack(arena, data_field(record.documents[0].data, FIELD_BODY), 1 << 20, &body, NULL),
                     FAULT_NONE);
    for (size_t i = 0; i < body.size; i++)
        assert_true(body.at[i] == minutes.body.at[i] || (body.at[i] == ' ' && minutes.body.at[i] != '\n'));
    for (size_t n = 3; n <= 4; n++)
        assert_int_equal(record_restore(arena, record.documents[n].data, (char *)body.at, body.size, NULL), FAULT_NONE);
    for (size_t n = 1; n < record.document_count; n++) {
        const struct item *item = &minutes.meeting.items[n - 1];
        assert_memory_equal(body.at + item->start, minutes.body.at + item->start, item->end - item->start);
    }
    struct source back;
    assert_int_equal(record_source(arena, record.documents[0].data, &back, NULL), FAULT_NONE);
    assert_true(span_equal(back.media_type, SPAN("text/markdown")) && back.version == 7);
}

/* ---- whatever stands in the closed items, the open documents are the same, to the byte */

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Other letters and digits in the surfaces and values of the closed items and in their titles. */
static void scramble(char *text, size_t size, uint64_t *seed)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] >= '1' && text[i] <= '9')
            text[i] = (char)('1' + random_below(seed, 9));
        else if (is_letter(text[i]))
            text[i] = (char)((text[i] < 'a' ? 'A' : 'a') + (int)random_below(seed, 26));
    }
}

static void scramble_entity(struct entity *entity, char *body, uint64_t *seed)
{
    static const enum entity_type types[] = {ENTITY_MEMBER, ENTITY_OFFICIAL, ENTITY_CASE, ENTITY_KLE,
                                             ENTITY_AMOUNT, ENTITY_DATE,     ENTITY_LAW,  ENTITY_ORG};
    entity->type = types[random_below(seed, sizeof types / sizeof *types)];
    entity->value = (struct span){body + entity->start, entity->end - entity->start};
    entity->party = random_below(seed, 2) ? SPAN("Q") : SPAN("");
    entity->low_ore = entity->high_ore = (int64_t)random_below(seed, 1000000);
    entity->day = (struct day){(int16_t)(1990 + (int)random_below(seed, 40)), 3, 4};
}

static struct index_record built_scrambled(uint64_t seed)
{
    struct minutes minutes;
    struct index_record record;
    struct source source = source_of("a");
    assert_true(gold_read(arena, span_of(minutes_text), &minutes));
    char *body = (char *)minutes.body.at;
    struct item *items = (struct item *)minutes.meeting.items;
    struct entity *entities = (struct entity *)minutes.entities;
    struct name_list present = minutes.meeting.present;
    for (size_t i = 0; i < minutes.meeting.item_count && seed != 0; i++) {
        if (items[i].open)
            continue;
        /* the contents show the title as the item has it, or its beginning */
        struct text old = arena_copy(arena, items[i].title);
        char *title = (char *)arena_copy(arena, items[i].title).at;
        scramble(title, items[i].title.size, &seed);
        const char *cut = strstr(old.at, " andre");
        size_t shown = cut != NULL ? (size_t)(cut - old.at) : old.size;
        for (size_t at = 0; at + shown <= items[0].start; at++)
            if (memcmp(body + at, old.at, shown) == 0)
                memcpy(body + at, title, shown);
        scramble(body + items[i].start, items[i].end - items[i].start, &seed);
        memcpy(body + items[i].start + 3, title, old.size);
        items[i].title = (struct span){title, old.size};
        items[i].outcome = (enum outcome)random_below(&seed, OUTCOME_OTHER);
        items[i].case_number = (struct span){title, 5};
        for (size_t e = 0; e < minutes.entity_count; e++)
            if (entities[e].type != ENTITY_ITEM && entities[e].start >= items[i].start &&
                entities[e].end <= items[i].end)
                scramble_entity(&entities[e], body, &seed);
    }
    if (seed != 0) { /* the secret person has another name too */
        struct text name = arena_format(arena, "Person%u Ukendtsen", (unsigned)(seed % 1000));
        ((struct span *)present.names)[2] = (struct span){name.at, name.size};
        ((struct person *)minutes.meeting.people)[2].name = (struct span){name.at, name.size};
    }
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
    expect_sound(&record);
    return record;
}

static void expect_same(const struct index_document *a, const struct index_document *b)
{
    assert_int_equal(a->posting_count, b->posting_count);
    for (size_t i = 0; i < a->posting_count; i++) {
        assert_true(span_equal(a->postings[i].term, b->postings[i].term));
        assert_int_equal(a->postings[i].wdf, b->postings[i].wdf);
        assert_memory_equal(a->postings[i].positions, b->postings[i].positions, a->postings[i].position_count * 4);
    }
    assert_int_equal(a->value_count, b->value_count);
    for (size_t i = 0; i < a->value_count; i++)
        assert_true(a->values[i].slot == b->values[i].slot && span_equal(a->values[i].bytes, b->values[i].bytes));
    assert_true(span_equal(a->data, b->data));
}

static void open_documents_do_not_depend_on_closed_items(void **state)
{
    (void)state;
    struct index_record first = built_scrambled(0);
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct index_record other = built_scrambled(seed);
        for (size_t n = 0; n < first.document_count; n++)
            if (!first.documents[n].closed)
                expect_same(&first.documents[n], &other.documents[n]);
    }
}

/* An item that only the contents name comes last in the list and first in the text. */
static void an_item_in_the_contents_is_found_where_it_stands(void **state)
{
    (void)state;
    char body[] = "Indhold: 101 Lukket udbud. Side 1. Punkt et om veje";
    struct item items[] = {{.number = SPAN("1"), .title = SPAN("Punkt et"), .open = true, .start = 35, .end = 51},
                           {.number = SPAN("101"), .title = SPAN("Lukket udbud"), .start = 9, .end = 27}};
    struct entity entities[] = {
        {.type = ENTITY_ORG, .start = 13, .end = 19, .value = SPAN("Lukket")},
        {.type = ENTITY_ORG, .start = 46, .end = 51, .value = SPAN("veje")},
        {.type = ENTITY_ORG, .start = 27, .end = 31, .value = SPAN("Side")},
    };
    struct minutes minutes = {.body = {body, sizeof body - 1}, .entities = entities, .entity_count = 3};
    minutes.meeting.items = items;
    minutes.meeting.item_count = 2;
    struct index_record record;
    struct source source = source_of("x");
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
    expect_sound(&record);
    assert_true(record.documents[2].closed && !record.documents[1].closed);
    assert_non_null(posting_of(&record.documents[2], "XORGlukket"));
    assert_non_null(posting_of(&record.documents[2], "Zudbud"));
    assert_non_null(posting_of(&record.documents[1], "XORGveje"));
    assert_non_null(posting_of(&record.documents[0], "XORGside"));
    assert_non_null(posting_of(&record.documents[0], "Zindhold"));
    assert_null(posting_of(&record.documents[0], "Zudbud"));
    assert_null(posting_of(&record.documents[0], "Zveje"));
}

static struct minutes minutes_of(char *body, size_t size, struct item *items, size_t count)
{
    struct minutes minutes = {.body = {body, size}};
    minutes.meeting.items = items;
    minutes.meeting.item_count = count;
    return minutes;
}

/* A table of contents that was taken for part of an open item still does not tell the closed title; the same words in
 * running text stay, and so does an open heading that is spelt the same. */
static void contents_inside_an_open_item_tell_nothing(void **state)
{
    (void)state;
    char body[] = "4. Indkaldelse.... 5\n5. Fortrolig grund.... 6\nFortrolig grund i luften.\n##Fortrolig grund\n"
                  "Lukket tekst\n";
    size_t closed = (size_t)(strstr(body, "##") - body);
    struct item items[] = {
        {.number = SPAN("4"), .title = SPAN("Indkaldelse"), .open = true, .end = closed, .heading_end = 14},
        {.number = SPAN("5"), .title = SPAN("Fortrolig grund"), .start = closed, .end = sizeof body - 1}};
    struct minutes minutes = minutes_of(body, sizeof body - 1, items, 2);
    struct index_record record;
    struct source source = source_of("x");
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
    const struct posting *word = posting_of(&record.documents[1], "Zfortrolig");
    assert_non_null(posting_of(&record.documents[1], "Zluften"));
    assert_non_null(word);
    assert_int_equal(word->wdf, 1);
}

/* ---- hostile and odd input */

static double seconds_of(struct minutes minutes, enum fault expected)
{
    struct index_record record;
    struct source source = source_of("x");
    struct arena *own = arena_new((size_t)2 << 30);
    struct timespec before, after;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    assert_int_equal(term_build(builder, own, own, &source, &minutes, &record, NULL), expected);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    arena_free(&own);
    return (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
}

static char *repeated(const char *piece, size_t size)
{
    char *body = arena_alloc(arena, size + 1);
    assert_non_null(body);
    for (size_t i = 0; i < size; i++)
        body[i] = piece[i % strlen(piece)];
    body[size] = '\0';
    return body;
}

static void long_bodies_take_linear_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", "a ", "A.",       "A.B.c", "1.",
                                         "+", "a&", "\xC3\xB8", "a+",    "A.A.A.A.A.A.A.A.x "};
    enum { SIZE = 16 << 20, SMALL = 1 << 20 };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        char *body = repeated(pieces[i], SIZE);
        double small = seconds_of(minutes_of(body, SMALL, NULL, 0), FAULT_NONE);
        double large = seconds_of(minutes_of(body, SIZE, NULL, 0), FAULT_NONE);
        if (large > 0.5 && large > small * 16 * 4)
            fail_msg("%s: %.3f s for 1 MiB, %.3f s for 16 MiB", pieces[i], small, large);
        arena_free(&arena);
        arena = arena_new(ARENA_BYTES);
    }
}

static struct item *tiny_items(size_t count, size_t bytes, bool open)
{
    struct item *items = arena_zero(arena, count, sizeof *items);
    assert_non_null(items);
    for (size_t i = 0; i < count; i++) {
        struct text number = arena_format(arena, "%zu", i + 1);
        items[i] = (struct item){.number = {number.at, number.size},
                                 .title = SPAN("Lukket punkt om et eller andet"),
                                 .open = open || i % 2 == 0,
                                 .start = i * bytes,
                                 .end = (i + 1) * bytes - 1};
        items[i].heading_start = items[i].start;
        items[i].heading_end = items[i].start + 2;
    }
    return items;
}

static void many_items_take_linear_time(void **state)
{
    (void)state;
    enum { MANY = 40000, FEW = 4000, BYTES = 16 };
    char *body = repeated("Lukket punkt a\n ", (size_t)MANY * BYTES);
    for (int open = 0; open <= 1; open++) {
        struct item *items = tiny_items(MANY, BYTES, open);
        double few = seconds_of(minutes_of(body, (size_t)FEW * BYTES, items, FEW), FAULT_NONE);
        double many = seconds_of(minutes_of(body, (size_t)MANY * BYTES, items, MANY), FAULT_NONE);
        if (many > 0.5 && many > few * 10 * 4)
            fail_msg("%.3f s for %d items, %.3f s for %d", few, FEW, many, MANY);
    }
}

static void a_million_items_meet_the_bound(void **state)
{
    (void)state;
    enum { MILLION = 1000000 };
    struct error err;
    struct index_record record;
    struct source source = source_of("x");
    char *body = repeated("Lukket punkt a\n ", (size_t)MILLION * 16);
    struct minutes minutes = minutes_of(body, (size_t)MILLION * 16, tiny_items(MILLION, 16, true), MILLION);
    struct arena *own = arena_new(64 << 20);
    assert_int_equal(term_build(builder, own, own, &source, &minutes, &record, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "arena.bound");
    arena_free(&own);
}

static void every_bound_of_the_arena_is_a_fault(void **state)
{
    (void)state;
    struct minutes minutes;
    struct index_record record;
    struct source source = source_of("x");
    assert_true(gold_read(arena, span_of(minutes_text), &minutes));
    enum fault fault = FAULT_REJECT;
    for (size_t bound = 0; fault != FAULT_NONE; bound += 997) {
        struct error err;
        struct arena *own = arena_new(bound);
        fault = term_build(builder, own, own, &source, &minutes, &record, &err);
        assert_true(fault == FAULT_NONE || (fault == FAULT_REJECT && strcmp(err.rule, "arena.bound") == 0));
        arena_free(&own);
        assert_true(bound < 16 << 20);
    }
}

static void bad_ids_are_named(void **state)
{
    (void)state;
    struct error err;
    struct index_record record;
    char body[] = "x", id[202];
    memset(id, 'a', sizeof id);
    struct minutes minutes = minutes_of(body, 1, NULL, 0);
    struct source source = source_of("");
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "id.length");
    source.id = (struct span){id, 201};
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "id.length");
    source.id = (struct span){"a\0b", 3};
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, &err), FAULT_REJECT);
    assert_string_equal(err.rule, "id.character");
    source.id = (struct span){id, 200};
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, &err), FAULT_NONE);
    expect_sound(&record);
    assert_int_equal(record.document_count, 1);
    assert_int_equal(record.documents[0].unique.size, 203);
}

/* White space folded byte by byte, cut at a character, without a space at its end. */
static size_t sample_of(struct span text, char out[static SAMPLE_MAX_BYTES])
{
    size_t size = 0, at = 0;
    for (; at < text.size && size < SAMPLE_MAX_BYTES; at++) {
        bool space = text.at[at] == ' ' || text.at[at] == '\n' || text.at[at] == '\t';
        if (!space || (size > 0 && out[size - 1] != ' '))
            out[size++] = space ? ' ' : text.at[at];
    }
    while (at < text.size && ((unsigned char)text.at[at] & 0xC0) == 0x80 && size > 0) {
        at--;
        size--;
    }
    while (size > 0 && out[size - 1] == ' ')
        size--;
    return size;
}

static void samples_are_folded_wherever_white_space_stands(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", "å", "ord", "fastansættelse", " ", "\n", "  ", "\n\n\t "};
    uint64_t random = 7;
    for (size_t round = 0; round < 1000; round++) {
        char body[700], sample[SAMPLE_MAX_BYTES];
        size_t size = 0, wanted = random_below(&random, 600), kinds = 1 + random_below(&random, 8);
        while (size < wanted) {
            struct span piece = span_of(pieces[random_below(&random, kinds)]);
            memcpy(body + size, piece.at, piece.size);
            size += piece.size;
        }
        struct index_record record;
        struct minutes minutes = minutes_of(body, size, NULL, 0);
        struct source source = source_of("x");
        assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
        struct span expected = {sample, sample_of((struct span){body, size}, sample)};
        struct span found = data_field(record.documents[0].data, FIELD_SAMPLE);
        assert_true(expected.size == 0 ? found.at == NULL : span_equal(found, expected));
        arena_reset(arena);
    }
}

static void what_would_break_a_line_is_blank(void **state)
{
    (void)state;
    char body[] = "x";
    struct index_record record;
    struct minutes minutes = minutes_of(body, 1, NULL, 0);
    struct source source = source_of("x");
    source.url = SPAN("\nhttp:\r\n//a\0b\n");
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
    assert_true(span_equal(data_field(record.documents[0].data, FIELD_URL), SPAN(" http:  //a b ")));
}

static void only_a_whole_date_is_a_day(void **state)
{
    (void)state;
    static const char *const none[] = {"",           "2020-02-5",  "2020-02-005", "2020/02/05", "20-002-005",
                                       "2020-13-01", "2020-00-01", "2020-01-32",  "2020-01-0a", "0000-01-01"};
    char body[] = "x";
    struct index_record record;
    struct minutes minutes = minutes_of(body, 1, NULL, 0);
    struct source source = source_of("x");
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        minutes.meeting.date = span_of(none[i]);
        assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
        expect_slot(&record.documents[0], SLOT_DATE, "");
    }
    minutes.meeting.date = SPAN("2020-12-31");
    assert_int_equal(term_build(builder, arena, arena, &source, &minutes, &record, NULL), FAULT_NONE);
    expect_slot(&record.documents[0], SLOT_DATE, "20201231");
    assert_non_null(posting_of(&record.documents[0], "D20201231"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_meeting_has_what_holds_for_all, start, stop),
        cmocka_unit_test_setup_teardown(an_item_has_what_it_mentions, start, stop),
        cmocka_unit_test_setup_teardown(closed_items_stand_in_closed_documents_only, start, stop),
        cmocka_unit_test_setup_teardown(the_body_comes_back_from_both_sides, start, stop),
        cmocka_unit_test_setup_teardown(open_documents_do_not_depend_on_closed_items, start, stop),
        cmocka_unit_test_setup_teardown(an_item_in_the_contents_is_found_where_it_stands, start, stop),
        cmocka_unit_test_setup_teardown(contents_inside_an_open_item_tell_nothing, start, stop),
        cmocka_unit_test_setup_teardown(long_bodies_take_linear_time, start, stop),
        cmocka_unit_test_setup_teardown(many_items_take_linear_time, start, stop),
        cmocka_unit_test_setup_teardown(a_million_items_meet_the_bound, start, stop),
        cmocka_unit_test_setup_teardown(every_bound_of_the_arena_is_a_fault, start, stop),
        cmocka_unit_test_setup_teardown(bad_ids_are_named, start, stop),
        cmocka_unit_test_setup_teardown(samples_are_folded_wherever_white_space_stands, start, stop),
        cmocka_unit_test_setup_teardown(what_would_break_a_line_is_blank, start, stop),
        cmocka_unit_test_setup_teardown(only_a_whole_date_is_a_day, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
