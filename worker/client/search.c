/* search: options -> query -> hits on the terminal or as JSON. */
#include "command.h"

#include "amount.h"
#include "report.h"
#include "show.h"
#include "snippet.h"
#include "suggest.h"

#include <inttypes.h>
#include <string.h>

enum { QUERY_WORDS_MAX_BYTES = 4096 };

static const char *const outcomes[] = {"none",      "approved", "recommended", "noted", "discussed",
                                       "postponed", "rejected", "referred",    "other"};
enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };

struct search {
    struct option_list member, case_number, committee, municipality, party, outcome, law, kle, org, facet;
    const char *date_from, *date_to, *mention_from, *mention_to, *amount_min, *amount_max, *sort, *collapse;
    uint64_t limit, offset, timeout_s;
    bool json, literal, all_words, explain, ids;
    char text[QUERY_WORDS_MAX_BYTES + 1];
    struct referent_query query;
};

/* ---- Options -> query ---- */

static enum fault words_join(const struct operands *words, struct search *search, struct error *err)
{
    size_t used = 0;
    for (size_t i = 0; i < words->count; i++) {
        size_t size = strlen(words->words[i]), space = used > 0;
        if (used + space + size > QUERY_WORDS_MAX_BYTES)
            return error_set(err, FAULT_REJECT, "usage.query", "the query is longer than %d bytes",
                             QUERY_WORDS_MAX_BYTES);
        memcpy(search->text + used, " ", space);
        memcpy(search->text + used + space, words->words[i], size);
        used += space + size;
    }
    search->text[used] = '\0';
    return FAULT_NONE;
}

/* YYYY-MM-DD and a day that exists. */
static bool date_valid(const char *date)
{
    static const char form[] = "dddd-dd-dd";
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(date) != sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'd' ? date[i] < '0' || date[i] > '9' : date[i] != form[i])
            return false;
    int year = (date[0] - '0') * 1000 + (date[1] - '0') * 100 + (date[2] - '0') * 10 + date[3] - '0';
    int month = (date[5] - '0') * 10 + date[6] - '0', day = (date[8] - '0') * 10 + date[9] - '0';
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

static enum fault date_take(const char *option, const char *value, const char **date, struct error *err)
{
    if (value != NULL && !date_valid(value))
        return error_set(err, FAULT_REJECT, "usage.date", "--%s takes a day such as 2020-02-05, not '%.40s'", option,
                         value);
    *date = value;
    return FAULT_NONE;
}

static enum fault outcomes_check(const struct option_list *list, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        bool known = false;
        for (size_t j = 0; j < OUTCOMES; j++)
            known = known || strcmp(list->items[i], outcomes[j]) == 0;
        const char *meant = known ? NULL : suggest(list->items[i], outcomes, OUTCOMES);
        if (meant != NULL)
            return error_set(err, FAULT_REJECT, "usage.outcome", "there is no outcome '%.40s'; did you mean '%s'?",
                             list->items[i], meant);
        if (!known)
            return error_set(err, FAULT_REJECT, "usage.outcome",
                             "there is no outcome '%.40s'; approved, recommended, noted, discussed, postponed, "
                             "rejected, referred, other and none are known",
                             list->items[i]);
    }
    return FAULT_NONE;
}

static enum fault amounts_take(const struct search *search, struct referent_query *query, struct error *err)
{
    query->has_amount_min = search->amount_min != NULL;
    query->has_amount_max = search->amount_max != NULL;
    if (query->has_amount_min)
        TRY(amount_parse(search->amount_min, &query->amount_min_ore, err));
    if (query->has_amount_max)
        TRY(amount_parse(search->amount_max, &query->amount_max_ore, err));
    if (query->has_amount_min && query->has_amount_max && query->amount_min_ore > query->amount_max_ore)
        return error_set(err, FAULT_REJECT, "usage.amount", "--amount-min %.40s is more than --amount-max %.40s",
                         search->amount_min, search->amount_max);
    return FAULT_NONE;
}

/* One of a few words; NULL is not given. */
static enum fault word_check(const char *option, const char *value, const char *const *words, size_t count,
                             struct error *err)
{
    char list[128] = "";
    for (size_t i = 0, used = 0; i < count && used < sizeof list; i++) {
        if (value == NULL || strcmp(value, words[i]) == 0)
            return FAULT_NONE;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    return error_set(err, FAULT_REJECT, "usage.word", "--%s takes one of %s, not '%.40s'", option, list, value);
}

static enum fault order_take(const struct search *search, struct referent_query *query, struct error *err)
{
    static const char *const orders[] = {"relevance", "date", "date-asc", "amount", "amount-asc"};
    static const char *const groups[] = {"meeting", "case"};
    TRY(word_check("sort", search->sort, orders, sizeof orders / sizeof *orders, err));
    TRY(word_check("collapse", search->collapse, groups, sizeof groups / sizeof *groups, err));
    query->sort = search->sort;
    query->collapse = search->collapse;
    query->literal = search->literal;
    query->all_words = search->all_words;
    query->explain = search->explain;
    query->ids_only = search->ids;
    return FAULT_NONE;
}

static struct referent_strings strings(const struct option_list *list)
{
    return (struct referent_strings){list->items, list->count};
}

static enum fault query_fill(struct search *search, const struct operands *words, struct error *err)
{
    static const char *const committee = "committee";
    struct referent_query *query = &search->query;
    TRY(words_join(words, search, err));
    TRY(date_take("date-from", search->date_from, &query->date_from, err));
    TRY(date_take("date-to", search->date_to, &query->date_to, err));
    TRY(outcomes_check(&search->outcome, err));
    TRY(amounts_take(search, query, err));
    TRY(order_take(search, query, err));
    query->mention_from = search->mention_from;
    query->mention_to = search->mention_to;
    query->law = strings(&search->law);
    query->kle = strings(&search->kle);
    query->org = strings(&search->org);
    query->text = search->text;
    query->member = strings(&search->member);
    query->case_number = strings(&search->case_number);
    query->committee = strings(&search->committee);
    query->municipality = strings(&search->municipality);
    query->party = strings(&search->party);
    query->outcome = strings(&search->outcome);
    query->facets = strings(&search->facet);
    if (search->json && query->facets.count == 0)
        query->facets = (struct referent_strings){&committee, 1};
    query->timeout_ms = (uint32_t)search->timeout_s * 900; /* it answers with what it has before we leave */
    query->limit = (uint32_t)search->limit;
    query->offset = (uint32_t)search->offset;
    return FAULT_NONE;
}

static bool query_empty(const struct referent_query *query)
{
    size_t filters = query->member.count + query->case_number.count + query->committee.count +
                     query->municipality.count + query->party.count + query->outcome.count + query->law.count +
                     query->kle.count + query->org.count;
    bool ranges = query->date_from || query->date_to || query->mention_from || query->mention_to ||
                  query->has_amount_min || query->has_amount_max;
    return *query->text == '\0' && filters == 0 && !ranges;
}

/* ---- Answer -> terminal ---- */

static void weights_show(const struct referent_hit *hit)
{
    printf("   score %.3f", hit->score);
    for (size_t i = 0; i < hit->weight_count; i++) {
        fputs("\n   ", stdout);
        printf("%8.3f %8" PRIu64 "  ", hit->weights[i].most, hit->weights[i].documents);
        text_render(hit->weights[i].term, stdout);
    }
    fputs("\n", stdout);
}

static void hit_show(const struct referent_hit *hit, uint64_t rank, bool explain, bool color)
{
    bool first = true;
    printf("%" PRIu64 ". ", rank);
    if (*hit->item) {
        show_styled("\033[1m", color, hit->item);
        fputs(". ", stdout);
    }
    show_styled("\033[1m", color, *hit->title ? hit->title : hit->position == 0 ? "(the meeting)" : "(no title)");
    fputs("\n   ", stdout);
    show_fact(hit->municipality, &first);
    show_fact(hit->committee, &first);
    show_fact(hit->date, &first);
    fputs(first ? "" : " · ", stdout);
    show_styled("\033[36m", color, hit->id);
    if (hit->collapsed > 0)
        printf(" · and %" PRIu32 " more like it", hit->collapsed);
    if (*hit->snippet) {
        fputs("\n   ", stdout);
        snippet_render(hit->snippet, color, stdout);
    }
    if (*hit->url) {
        fputs("\n   ", stdout);
        text_render(hit->url, stdout);
    }
    fputs("\n", stdout);
    if (explain)
        weights_show(hit);
    fputs("\n", stdout);
}

static void facet_show(const struct referent_facet *facet)
{
    text_render(facet->name, stdout);
    putchar('\n');
    for (size_t i = 0; i < facet->value_count; i++) {
        printf("%8" PRIu64 "  ", facet->values[i].count);
        text_render(facet->values[i].value, stdout);
        putchar('\n');
    }
    putchar('\n');
}

/* What the words were taken for, before the hits that follow from it. */
static void understood_show(const struct referent_answer *answer)
{
    for (size_t i = 0; i < answer->understood_count; i++) {
        const struct referent_understood *one = &answer->understood[i];
        printf("%s: ", one->filter ? "only" : "also");
        text_render(one->kind, stdout);
        putchar(' ');
        text_render(one->value, stdout);
        fputs(" (", stdout);
        text_render(one->text, stdout);
        puts(")");
    }
    if (*answer->suggestion) {
        fputs("did you mean: ", stdout);
        text_render(answer->suggestion, stdout);
        putchar('\n');
    }
    if (*answer->explanation) {
        text_render(answer->explanation, stdout);
        putchar('\n');
    }
    if (answer->understood_count > 0 || *answer->suggestion || *answer->explanation)
        putchar('\n');
}

static void total_show(const struct referent_answer *answer, uint64_t offset)
{
    const char *about = answer->total_exact ? "" : "about ";
    if (answer->hit_count > 0)
        printf("%s%" PRIu64 " found, %" PRIu64 " to %" PRIu64 " shown\n", about, answer->total, offset + 1,
               offset + answer->hit_count);
    else if (answer->total > 0)
        printf("%s%" PRIu64 " found, none of them beyond --offset %" PRIu64 "\n", about, answer->total, offset);
    else
        puts("nothing found");
    if (answer->relaxed && answer->hit_count > 0)
        printf("%" PRIu64 " of them %s all words\n", answer->all_words, answer->all_words == 1 ? "has" : "have");
}

/* For other programs: nothing but what is found. */
static void ids_show(const struct referent_answer *answer)
{
    for (size_t i = 0; i < answer->hit_count; i++) {
        text_render(answer->hits[i].id, stdout);
        printf("#%" PRIu32 "\n", answer->hits[i].position);
    }
}

static void answer_show(const struct search *search, const struct referent_answer *answer)
{
    bool color = terminal_color(stdout);
    if (search->ids) {
        ids_show(answer);
        return;
    }
    understood_show(answer);
    for (size_t i = 0; i < answer->hit_count; i++)
        hit_show(&answer->hits[i], search->offset + i + 1, search->explain, color);
    for (size_t i = 0; i < answer->facet_count; i++)
        facet_show(&answer->facets[i]);
    total_show(answer, search->offset);
}

static int search_ask(struct search *search, const char *endpoint)
{
    struct referent_searcher *searcher = NULL;
    struct referent_answer *answer = NULL;
    struct referent_error error;
    int timeout_ms = (int)search->timeout_s * 1000;
    enum referent_result result = referent_searcher_open(endpoint, &searcher, &error);
    if (result == REFERENT_OK)
        result = referent_search(searcher, &search->query, timeout_ms, &answer, &error);
    referent_searcher_close(&searcher);
    if (result != REFERENT_OK)
        return command_failed(result, endpoint, &error);
    bool written;
    if (search->json) {
        written = report_print(report_answer(answer));
    } else {
        answer_show(search, answer);
        written = output_finish();
    }
    show_coverage(&answer->coverage);
    if (answer->timed_out)
        complain("the time ran out: these are the hits so far; give a longer --timeout");
    referent_answer_free(&answer);
    return written ? DONE : FAILURE;
}

int search_run(const struct command *self, struct endpoints *endpoints, size_t argc, const char **argv)
{
    static struct search search;
    bool help = false;
    search = (struct search){.limit = 10, .timeout_s = 10};
    const struct option_row rows[] = {
        {OPTION_LIST, "member", 0, &search.member, "NAME", "items that name this member", 0, 0},
        {OPTION_LIST, "case", 0, &search.case_number, "NUMBER", "items of this case; separators make no difference", 0,
         0},
        {OPTION_LIST, "committee", 0, &search.committee, "NAME", "meetings of this committee", 0, 0},
        {OPTION_LIST, "municipality", 0, &search.municipality, "NAME", "minutes of this municipality", 0, 0},
        {OPTION_LIST, "party", 0, &search.party, "LETTER", "items that name this party", 0, 0},
        {OPTION_LIST, "outcome", 0, &search.outcome, "OUTCOME",
         "approved, recommended, noted, discussed, postponed, rejected, referred, other, none", 0, 0},
        {OPTION_LIST, "law", 0, &search.law, "ACT", "items that cite it: 'serviceloven', 'styrelseslovens § 17'", 0, 0},
        {OPTION_LIST, "kle", 0, &search.kle, "NUMBER", "items of this KLE subject: 27, 27.00, 27.00.00", 0, 0},
        {OPTION_LIST, "org", 0, &search.org, "NAME", "items that name this organisation", 0, 0},
        {OPTION_TEXT, "date-from", 0, &search.date_from, "DAY", "meetings on this day (2020-02-05) or later", 0, 0},
        {OPTION_TEXT, "date-to", 0, &search.date_to, "DAY", "meetings on this day or earlier", 0, 0},
        {OPTION_TEXT, "mention-from", 0, &search.mention_from, "DAY", "items that mention this day (or 2020-02, 2020)",
         0, 0},
        {OPTION_TEXT, "mention-to", 0, &search.mention_to, "DAY", "... to this one", 0, 0},
        {OPTION_TEXT, "amount-min", 0, &search.amount_min, "KRONER", "items that mention so much or more", 0, 0},
        {OPTION_TEXT, "amount-max", 0, &search.amount_max, "KRONER", "... or less; both: an amount between them", 0, 0},
        {OPTION_NUMBER, "limit", 0, &search.limit, "N", "so many hits (10)", 1, 1000},
        {OPTION_NUMBER, "offset", 0, &search.offset, "N", "pass over the first N hits", 0, 100000},
        {OPTION_LIST, "facet", 0, &search.facet, "NAME",
         "count by committee, municipality, year, member, party, outcome, kle or amount", 0, 0},
        {OPTION_TEXT, "sort", 0, &search.sort, "ORDER", "relevance, date, date-asc, amount or amount-asc", 0, 0},
        {OPTION_TEXT, "collapse", 0, &search.collapse, "GROUP", "one hit for each meeting or case", 0, 0},
        {OPTION_FLAG, "literal", 0, &search.literal, NULL, "take words as words: nothing is understood or mended", 0,
         0},
        {OPTION_FLAG, "all-words", 0, &search.all_words, NULL, "never less than all words", 0, 0},
        {OPTION_FLAG, "explain", 0, &search.explain, NULL, "show why hits are hits: terms and weights", 0, 0},
        {OPTION_FLAG, "ids", 0, &search.ids, NULL, "print nothing but id#position of each hit", 0, 0},
        {OPTION_FLAG, "json", 0, &search.json, NULL, "print one JSON object", 0, 0},
        ROW_TIMEOUT(&search.timeout_s),
        ROW_SEARCH(&endpoints->search),
        ROW_HELP(&help),
        ROW_END};
    struct operands words;
    struct error error;
    int exit_code;
    if (!command_begin(self, rows, &help, argc, argv, &words, &exit_code))
        return exit_code;
    if (query_fill(&search, &words, &error) != FAULT_NONE)
        return command_usage(self, "%s", error.text);
    if (query_empty(&search.query))
        return command_usage(self, "give words to search for, or a filter such as --case 19/11679");
    return search_ask(&search, endpoints->search);
}
