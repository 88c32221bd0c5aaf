/* municipality: whose minutes these are, from the organisations that the text names. Pure. */
#include "municipality.h"

#include "org.h"

#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

static const struct municipality municipalities[] = {
#define MUNICIPALITY(code, name, full) {code, name, full, NULL},
#define REGION(code, full, domain)     {code, full, full, domain},
#include "municipality.def"
#undef MUNICIPALITY
#undef REGION
};
enum {
    COUNT = sizeof municipalities / sizeof *municipalities,
    HEAD_MOST = 400,     /* bytes: before them stands whose minutes they are */
    WINDOW_MOST = 200000 /* bytes: further down nothing is looked for */
};

/* A municipality that the text names as an organisation. */
struct candidate {
    const struct municipality *of;
    struct span name;
    size_t count, first; /* how often; where first (place_of) */
    size_t houses;       /* other organisations that bear its name */
    size_t stems;        /* how often its name begins a word, "Gribskov Kommune", "Stevnsvej"; 50 at most */
    bool acts;
};

struct candidates {
    struct candidate items[COUNT];
    size_t count;
    size_t towns; /* organisations that are municipalities */
};

enum { HOUSES_MOST = 2, STEMS_MOST = 50 };

/* The one with this full name ("Stevns Kommune", "Region Sjælland"), or NULL. Most are written as the list has them. */
static const struct municipality *municipality_find(struct span name)
{
    static const struct span fulls[] = {
#define MUNICIPALITY(code, name, full) WORD(full),
#define REGION(code, full, domain)     WORD(full),
#include "municipality.def"
#undef MUNICIPALITY
#undef REGION
    };
    static const struct word_list list = {fulls, municipality_slots,
                                          sizeof municipality_slots / sizeof *municipality_slots - 1};
    size_t number = word_number(&list, name);
    if (number)
        return &municipalities[number - 1];
    for (size_t i = 0; i < COUNT; i++)
        if (text_alike(name, fulls[i]))
            return &municipalities[i];
    return NULL;
}

/* A municipality or region by its full name. */
static bool is_named(const struct entity *entity)
{
    return entity->type == ENTITY_ORG &&
           (org_letter_of(entity->rule) == ORG_BY_MUNICIPALITY || org_letter_of(entity->rule) == ORG_BY_REGION);
}

static inline void stems_at(struct candidates *candidates, const char *at, const char *end)
{
    uint32_t head = affix_load(at);
    for (size_t i = 0; i < candidates->count; i++) {
        struct candidate *candidate = &candidates->items[i];
        struct span name = candidate->name;
        if (affix_load(name.at) == head && end - at >= (ptrdiff_t)name.size && bytes_equal(at, name.at, name.size))
            candidate->stems += candidate->stems < STEMS_MOST;
    }
}

#ifdef __SSE2__
/* For the first three bytes: which eighths of the names have the halves of a byte there, a bit each. */
enum { HEAD_BYTES = 3, HEAD_LEAST = 4 /* bytes of the shortest name */ };
struct heads {
    unsigned char low[HEAD_BYTES][16], high[HEAD_BYTES][16];
};

static void heads_make(struct heads *heads, const struct candidates *candidates)
{
    memset(heads, 0, sizeof *heads);
    for (size_t i = 0; i < candidates->count; i++)
        for (size_t byte = 0; byte < HEAD_BYTES; byte++) {
            unsigned char c = (unsigned char)candidates->items[i].name.at[byte], bit = (unsigned char)(1u << (i & 7));
            heads->low[byte][c & 15] |= bit;
            heads->high[byte][c >> 4] |= bit;
        }
}

__attribute__((target("avx2"))) static inline __m256i head_eighths(const struct heads *heads, size_t byte,
                                                                   const char *at)
{
    const __m256i half = _mm256_set1_epi8(15), bytes = _mm256_loadu_si256((const __m256i *)(at + byte));
    __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)heads->low[byte])),
            high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)heads->high[byte]));
    return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
                            _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

/* stems_count on machines that look at thirty-two places at a time: few of them pass. */
__attribute__((target("avx2"))) static void stems_wide(struct span window, struct candidates *candidates)
{
    struct heads heads;
    heads_make(&heads, candidates);
    const char *end = window.at + window.size;
    for (const char *at = window.at; end - at >= HEAD_LEAST; at += 32) {
        __m256i eighths = _mm256_and_si256(_mm256_and_si256(head_eighths(&heads, 0, at), head_eighths(&heads, 1, at)),
                                           head_eighths(&heads, 2, at));
        uint32_t places = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(eighths, _mm256_setzero_si256()));
        for (; places; places &= places - 1)
            stems_at(candidates, at + __builtin_ctz(places), end);
    }
}
#endif

/* Count the names in the window, in one pass. BODY_PAD bytes may be read behind it. */
static void stems_count(struct span window, struct candidates *candidates)
{
#ifdef __SSE2__
    if (candidates->count && __builtin_cpu_supports("avx2")) {
        stems_wide(window, candidates);
        return;
    }
#endif
    uint32_t firsts = 0; /* five bits of the first byte of some name */
    for (size_t i = 0; i < candidates->count; i++)
        firsts |= UINT32_C(1) << (candidates->items[i].name.at[0] & 31);
    const char *end = window.at + window.size;
    for (const char *at = window.at; candidates->count && at < end; at++)
        if ((firsts >> (at[0] & 31)) & 1)
            stems_at(candidates, at, end);
}

static bool is_region(const struct municipality *municipality)
{
    return municipality->code > 1000;
}

/* Do organisations bear the name of one other municipality than `own`, twice at least: "Vejen Forsyning A/S"? */
static bool foreign_houses(const struct reading *reading, size_t own)
{
    size_t houses[COUNT] = {0};
    for (size_t i = 0; i < reading->entities.count; i++) {
        const struct entity *entity = &reading->entities.items[i];
        bool house = entity->type == ENTITY_ORG && strcmp(entity->rule, "org.municipality") != 0;
        for (size_t j = 0; house && j < COUNT; j++) {
            if (*municipalities[j].name != *entity->value.at)
                continue;
            struct span name = span_of(municipalities[j].name);
            if (j != own && municipalities[j].code < 1000 && entity->value.size > name.size + 1 &&
                span_starts(entity->value, name) && entity->value.at[name.size] == ' ' && ++houses[j] > 1)
                return true;
        }
    }
    return false;
}

/* Does the house bear the name in front or at the end: "Vejen Forsyning A/S", "Ældre Sagen Aabenraa"? */
static bool bears(struct span house, struct span name)
{
    if (house.size < name.size + 2)
        return false;
    size_t last = house.size - name.size;
    return (span_starts(house, name) && house.at[name.size] == ' ') ||
           (house.at[last - 1] == ' ' && memcmp(house.at + last, name.at, name.size) == 0);
}

/* Count the houses that bear the names: clubs and works of the place that the minutes are from. */
static void houses_count(const struct reading *reading, struct candidates *candidates)
{
    for (size_t i = 0; i < reading->entities.count; i++) {
        const struct entity *entity = &reading->entities.items[i];
        if (entity->type != ENTITY_ORG || is_named(entity))
            continue;
        for (size_t j = 0; j < candidates->count; j++)
            candidates->items[j].houses += bears(entity->value, candidates->items[j].name);
    }
}

/* "Fælles beredskab for A, B og C Kommune": a joint board is no municipality's. Its head names several, more than once
 * each: before the items and beside the members. */
static bool is_joint(const struct reading *reading, const struct candidates *candidates)
{
    size_t end = reading->items.count ? reading->lines.items[reading->items.items[0].first].start : 0, several = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *candidate = &candidates->items[i];
        several +=
            candidate->count > 1 && candidate->first < end && candidate->first < 1500 && !is_region(candidate->of);
    }
    return several > 2;
}

/* "Bestyrelsen for X I/S", "Nordsjællands Beredskab I/S": the board of a partnership. */
static bool is_company(const struct reading *reading)
{
    const struct text *text = &reading->body.text;
    struct span head = {text->at, text->size < 200 ? text->size : 200};
    return text_holds(reading->meeting->committee, "bestyrelsen for ") ||
           text_holds(reading->meeting->committee, "repræsentantskabet") || text_has(head, "I/S");
}

/* Does it open a line or a sentence: "Gribskov Kommune vil pege på"? Whose minutes it is acts in them; neighbours are
 * named by the way, "sammen med Rudersdal Kommune", or several at once. */
static bool acts(const struct reading *reading, const struct entity *entity)
{
    const char *at = reading->body.text.at + entity->start;
    bool opens = !entity->start || at[-1] == '\n' || (entity->start > 1 && at[-1] == ' ' && at[-2] == '.');
    return opens && !span_starts(reading_cut(reading, entity->end, reading->body.text.size), SPAN(" og "));
}

/* Where it stands; in the table of contents or a heading it is what an item is about, and counts as far down. */
static size_t place_of(const struct reading *reading, const struct entity *entity)
{
    size_t line = line_at(&reading->lines, entity->start);
    bool topic = reading->spots[line].contents || reading->spots[line].item != NO_ITEM;
    return topic && entity->start < HEAD_MOST ? HEAD_MOST : entity->start;
}

/* The regional council and no council of a town: a committee of a region, that names a town by the way. */
static bool is_of_region(struct span text)
{
    return text_holds(text, "regionsråd") && !text_holds(text, "byråd") && !text_holds(text, "kommunalbestyrelse");
}

/* All that the entities name. */
static void candidates_find(const struct reading *reading, struct candidates *candidates)
{
    unsigned char numbers[COUNT] = {0}; /* of candidates, from 1 */
    candidates->count = candidates->towns = 0;
    for (size_t i = 0; i < reading->entities.count; i++) {
        const struct entity *entity = &reading->entities.items[i];
        const struct municipality *found = is_named(entity) ? municipality_find(entity->value) : NULL;
        if (!found)
            continue;
        unsigned char *number = &numbers[found - municipalities];
        if (!*number) {
            candidates->items[candidates->count++] =
                (struct candidate){.of = found, .name = span_of(found->name), .first = place_of(reading, entity)};
            *number = (unsigned char)candidates->count;
        }
        struct candidate *candidate = &candidates->items[*number - 1];
        candidate->count++;
        candidate->acts = candidate->acts || acts(reading, entity);
        candidates->towns += !is_region(found);
    }
}
/* "rsyd.dk", written small as domains are. */
static bool holds_domain(struct span text, const char *domain)
{
    size_t size = strlen(domain);
    const char *end = text.at + text.size;
    for (const char *at; (at = text_seek(text, domain, size, false)) != NULL;) {
        if (memcmp(at, domain, size) == 0)
            return true;
        text = (struct span){at + 1, (size_t)(end - at - 1)};
    }
    return false;
}

/* How much speaks for the candidate; `region`: the minutes are a region's. */
static size_t score_of(const struct candidate *candidate, struct span window, bool region)
{
    bool own = is_region(candidate->of);
    size_t houses = candidate->houses < HOUSES_MOST ? candidate->houses : HOUSES_MOST,
           score = candidate->count * 4 + candidate->stems + candidate->acts;
    score += candidate->first < HEAD_MOST ? 10 : 0;
    score += own ? 0 : houses * 4;
    score += own && region ? 20 : 0;
    score += candidate->of->domain && holds_domain(window, candidate->of->domain) ? 10 : 0;
    return score;
}

/* Municipalities of before 2007 are in no register: the head of the minutes names them, and it goes before others.
 * Empty if it names none. */
static struct span head_name(const struct reading *reading)
{
    for (size_t i = 0; i < reading->entities.count && reading->entities.items[i].start < 80; i++) {
        const struct entity *entity = &reading->entities.items[i];
        if (entity->type == ENTITY_ORG && org_letter_of(entity->rule) == ORG_BY_MUNICIPALITY)
            return entity->value;
    }
    return (struct span){0};
}

struct span municipality_of(const struct reading *reading)
{
    const struct text *text = &reading->body.text;
    struct span window = {text->at, text->size > WINDOW_MOST ? WINDOW_MOST : text->size},
                top_of_page = {text->at, text->size < 600 ? text->size : 600};
    struct candidates candidates;
    candidates_find(reading, &candidates);
    if (is_joint(reading, &candidates))
        return (struct span){0};
    stems_count(window, &candidates);
    houses_count(reading, &candidates);
    const struct candidate *best = NULL;
    size_t top = 0, second = 0, once = 0; /* once: neighbours that are named once each, far down */
    bool house = text_holds(top_of_page, "Regionshus") || text_holds(top_of_page, "Regionsgård");
    bool region = house || text_holds(reading->meeting->committee, "regionsråd") ||
                  text_holds(reading->meeting->committee, "Regional");
    for (size_t i = 0; i < candidates.count; i++) {
        const struct candidate *candidate = &candidates.items[i];
        bool far = candidate->first >= HEAD_MOST;
        once += candidate->count == 1 && far && !is_region(candidate->of);
        /* a region that a municipality's minutes name in passing is not the one that met */
        if (is_region(candidate->of) && !region && far &&
            (candidate->count < 3 || (candidates.towns && !is_of_region(window))))
            continue;
        size_t score = score_of(candidate, window, region);
        bool before = best == NULL || candidate->first < best->first ||
                      (candidate->first == best->first && candidate->of < best->of);
        if (score > top || (score == top && before)) {
            second = top;
            top = score;
            best = candidate;
        } else if (score > second) {
            second = score;
        }
    }
    if (best && best->first >= HEAD_MOST && !is_region(best->of) &&
        (house || (!region && candidates.towns && is_of_region(window)))) /* a town in a region's minutes */
        best = NULL;
    if (best && best->first >= HEAD_MOST && is_company(reading)) /* it belongs to several */
        best = NULL;
    struct span head = head_name(reading);
    if (head.size && !municipality_find(head))
        return head;
    bool once_far = best && best->count == 1 && best->first >= HEAD_MOST;
    if (once_far && once > 1 && top <= 6 && second == top) /* none of them is the one that met */
        return head;
    /* one mention far down is a neighbour's where the houses bear another municipality's name */
    if (best && (!once_far || top > 5 || !foreign_houses(reading, (size_t)(best->of - municipalities))))
        return span_of(best->of->full);
    return head;
}
