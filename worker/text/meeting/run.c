/* run: names that stand one behind the other with nothing between them. Pure.
 *
 * Rosters of two columns and signatures give "Ulla Brask Holm Sten Yde Lise Birk": where does one name end? Names that
 * stand apart elsewhere in the same minutes (behind a party, in a vote, in a list with commas) show it; for the rest a
 * known first name begins a name, and names have two or three words. The cheapest way to cut the run wins. */
#include "roster.h"

#include <string.h>

enum { RUN_WORDS = 48, NAME_MOST = 5 };

struct word {
    uint32_t start, end;
    bool given, common; /* a first name, a common one */
};

/* The keys of names that stand apart: a set of hashes. */
struct key_set {
    uint64_t *hashes;
    size_t mask, count;
};

static bool set_holds(const struct key_set *set, uint64_t hash)
{
    for (size_t slot = hash & set->mask; set->hashes && set->hashes[slot]; slot = (slot + 1) & set->mask)
        if (set->hashes[slot] == hash)
            return true;
    return false;
}

static void set_put(struct key_set *set, uint64_t hash)
{
    size_t slot = hash & set->mask;
    while (set->hashes[slot] && set->hashes[slot] != hash)
        slot = (slot + 1) & set->mask;
    set->count += set->hashes[slot] == 0;
    set->hashes[slot] = hash;
}

/* The two sightings belong to one run: white space alone parts them, no line end. */
static bool joined(const struct reading *reading, const struct sighting *a, const struct sighting *b)
{
    size_t gap = b->start - a->end;
    return a->after == a->end && b->start > a->end && gap <= 2 &&
           memchr(reading->body.text.at + a->end, '\n', gap) == NULL && reading->body.text.at[a->end] == ' ' &&
           reading->body.text.at[b->start - 1] == ' ';
}

/* The sighting stands alone on its line, but for its party or a role behind it. */
static bool alone(const struct reading *reading, size_t i)
{
    const struct sighting *here = &reading->sightings.items[i];
    const struct line *line = &reading->lines.items[line_at(&reading->lines, here->start)];
    return here->start == line->start && (i + 1 == reading->sightings.count || here[1].start >= line->end);
}

/* A list of one name a line: at least two of the lines around hold one short name, and none holds more. */
static bool one_a_line(const struct reading *reading, size_t i)
{
    const struct sighting *items = reading->sightings.items;
    size_t count = 0, line = line_at(&reading->lines, items[i].start);
    if (!alone(reading, i))
        return false;
    for (size_t back = 1; back <= 3 && back <= i && line_at(&reading->lines, items[i - back].start) + back == line;
         back++) {
        if (!alone(reading, i - back) || items[i - back].words > 3)
            return false;
        count++;
    }
    for (size_t next = 1; next <= 3 && i + next < reading->sightings.count &&
                          line_at(&reading->lines, items[i + next].start) == line + next;
         next++) {
        if (!alone(reading, i + next) || items[i + next].words > 3)
            return false;
        count++;
    }
    return count >= 2;
}

/* Names that stand apart, known first or with a party. */
static bool apart_names(const struct reading *reading, struct key_set *set)
{
    size_t slots = 64, count = reading->sightings.count;
    while (slots < count * 2 + 2)
        slots *= 2;
    *set = (struct key_set){.hashes = arena_zero(reading->arena, slots, sizeof *set->hashes), .mask = slots - 1};
    for (size_t i = 0; set->hashes && i < count; i++) {
        const struct sighting *here = &reading->sightings.items[i];
        bool run = (i && joined(reading, here - 1, here)) || (i + 1 < count && joined(reading, here, here + 1));
        if (run || here->weak || !(here->given || here->party.size) ||
            (here->words > 3 + (here->party.size > 0) && !(here->words == 4 && one_a_line(reading, i))))
            continue;
        struct name_key key;
        name_key(reading_cut(reading, here->start, here->end), &key);
        set_put(set, key.whole | 1);
    }
    return set->hashes != NULL;
}

static struct span cut(const struct reading *reading, const struct word *words, size_t from, size_t to)
{
    return reading_cut(reading, words[from].start, words[to - 1].end);
}

/* What it costs to take the words from..to for one name. */
static int cost(const struct reading *reading, const struct key_set *set, const struct word *words, size_t from,
                size_t to)
{
    size_t count = to - from;
    struct name_key key;
    if (count >= 2 && set->hashes) {
        name_key(cut(reading, words, from, to), &key);
        if (set_holds(set, key.whole | 1))
            return 0;
    }
    static const int sizes[NAME_MOST + 1] = {99, 40, 10, 11, 24, 40};
    struct span first = cut(reading, words, from, from + 1), last = cut(reading, words, to - 1, to);
    bool short_last = last.at[last.size - 1] == '.' || (*last.at >= 'a' && *last.at <= 'z');
    int sum = sizes[count] +
              (words[from].common  ? 0
               : words[from].given ? 4
                                   : 7) +
              (short_last ? 30 : 0) + (*first.at >= 'a' && *first.at <= 'z' ? 30 : 0);
    for (size_t i = from + 2; i < to; i++) /* a first name behind a family name */
        sum += words[i].common && !words[i - 1].common ? 6 : 0;
    sum += count >= 2 && words[to - 1].common ? 4 : 0;
    return sum;
}

/* The ends of the names in the cheapest cut; false where no name of the run is known from elsewhere and it is not on a
 * list of names. */
static bool run_cut(const struct reading *reading, const struct key_set *set, const struct word *words, size_t count,
                    bool listed, uint8_t *ends)
{
    int best[RUN_WORDS + 1];
    uint8_t from[RUN_WORDS + 1];
    bool known = false;
    best[0] = 0;
    for (size_t to = 1; to <= count; to++) {
        best[to] = 10000;
        from[to] = (uint8_t)(to - 1);
        for (size_t size = 1; size <= NAME_MOST && size <= to; size++) {
            int sum = best[to - size] + cost(reading, set, words, to - size, to);
            if (sum < best[to]) {
                best[to] = sum;
                from[to] = (uint8_t)(to - size);
            }
        }
    }
    memset(ends, 0, count + 1);
    for (size_t to = count; to > 0; to = from[to]) {
        ends[to] = 1;
        known = known || cost(reading, set, words, from[to], to) == 0;
        if (to - from[to] < 2)
            return false;
    }
    return known || listed;
}

/* The words of the text between two offsets. */
static size_t words_of(const struct reading *reading, size_t start, size_t end, struct word *words)
{
    const char *base = reading->body.text.at;
    size_t count = 0;
    for (size_t at = start; at < end;) {
        size_t stop = at;
        while (stop < end && base[stop] != ' ')
            stop++;
        if (count == RUN_WORDS)
            return 0;
        struct span word = reading_cut(reading, at, stop);
        words[count++] = (struct word){(uint32_t)at, (uint32_t)stop, is_given_name(word), is_common_name(word)};
        while (stop < end && base[stop] == ' ')
            stop++;
        at = stop;
    }
    return count;
}

/* Is the line part of a list of names, so that every run on it is one of names? */
static bool on_list(const struct reading *reading, size_t line, size_t *until)
{
    enum label label = (enum label)reading->lines.items[line].label;
    bool list = label == LABEL_MEMBERS || label == LABEL_ABSENT || label == LABEL_SIGNED || label == LABEL_SUBSTITUTE;
    if (list && !reading->spots[line].contents && line >= *until)
        *until = roster_end(reading, line);
    return line < *until;
}

/* The list of sightings as it will be: it is copied from the first run on that is cut anew. */
struct splitting {
    struct reading *reading;
    struct key_set set;
    struct sighting_list out;
    bool ready; /* the set is filled */
};

static bool keep(struct splitting *splitting, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct sighting *slot = LIST_PUSH(splitting->reading->arena, &splitting->out);
        if (!slot)
            return false;
        *slot = splitting->reading->sightings.items[i];
    }
    return true;
}

/* One name of a run, made from the old sighting in which it begins. */
static struct sighting name_of(const struct reading *reading, const struct sighting *old, struct span name,
                               size_t words, bool first)
{
    const char *space = memchr(name.at, ' ', name.size);
    struct span word = {name.at, space ? (size_t)(space - name.at) : name.size};
    struct sighting sighting = *old;
    sighting.start = (uint32_t)(name.at - reading->body.text.at);
    sighting.end = sighting.after = sighting.start + (uint32_t)name.size;
    sighting.party = (struct span){0};
    sighting.words = (uint8_t)words;
    sighting.given = is_common_name(word) ? 2 : 1;
    sighting.weak = false;
    sighting.line_start = old->line_start && sighting.start == old->start;
    sighting.role = first ? old->role : ROLE_NONE;
    return sighting;
}

/* Put the names that `ends` marks in place of the sightings first..last. */
static bool names_put(struct splitting *splitting, size_t first, size_t last, const struct word *words, size_t count,
                      const uint8_t *ends)
{
    struct reading *reading = splitting->reading;
    size_t old = first, from = 0;
    for (size_t to = 1; to <= count; to++) {
        if (!ends[to])
            continue;
        struct sighting *slot = LIST_PUSH(reading->arena, &splitting->out);
        if (!slot)
            return false;
        while (old < last && reading->sightings.items[old + 1].start <= words[from].start)
            old++;
        *slot = name_of(reading, &reading->sightings.items[old], cut(reading, words, from, to), to - from, from == 0);
        if (to == count && slot->end == reading->sightings.items[last].end) {
            slot->after = reading->sightings.items[last].after;
            slot->party = reading->sightings.items[last].party;
        }
        from = to;
    }
    return true;
}

/* Where a run ends whose last sighting was cut at the most words that a name may have: behind the capitalised words, as
 * far as no other sighting begins in one: "Eva0Finn". */
static size_t run_end(const struct reading *reading, size_t index)
{
    const char *base = reading->body.text.at;
    const struct sighting *last = &reading->sightings.items[index];
    size_t end = last->end, most = index + 1 < reading->sightings.count ? last[1].start : reading->body.text.size;
    while (last->words >= NAME_MOST && base[end] == ' ' &&
           ((base[end + 1] >= 'A' && base[end + 1] <= 'Z') || (unsigned char)base[end + 1] == 0xC3)) {
        size_t stop = end + 1;
        while (base[stop] && !strchr(" \n\t,.;:()", base[stop]))
            stop++;
        if (stop > most)
            break;
        end = stop;
    }
    return end;
}

/* Four words between the commas of a list are one name: "Finn Sunds, Anne Marie Lind Gjellerup, Bent Rind". */
static bool between_commas(const struct reading *reading, size_t start, size_t end)
{
    const char *base = reading->body.text.at;
    bool left = start > 2 && base[start - 1] == ' ' && base[start - 2] == ',';
    return left && (base[end] == ',' || base[end] == '\n' || !base[end]);
}

/* The run of the sightings first..last: cut anew, or kept as it is. */
static bool run_read(struct splitting *splitting, size_t first, size_t last, bool listed)
{
    struct reading *reading = splitting->reading;
    const struct sighting *items = reading->sightings.items;
    struct word words[RUN_WORDS];
    uint8_t ends[RUN_WORDS + 1];
    bool run = last > first || (listed && items[first].words >= 4);
    size_t end = listed ? run_end(reading, last) : items[last].end;
    size_t count = run ? words_of(reading, items[first].start, end, words) : 0;
    if (count >= 4 && !splitting->ready && !apart_names(reading, &splitting->set))
        return false;
    splitting->ready = splitting->ready || count >= 4;
    if (count == 4 && last == first && listed && between_commas(reading, items[first].start, end)) {
        memset(ends, 0, count);
        ends[count] = 1;
        return (splitting->out.items || keep(splitting, 0, first)) &&
               names_put(splitting, first, last, words, count, ends);
    }
    if (count < 4 || !run_cut(reading, &splitting->set, words, count, listed, ends))
        return !splitting->out.items || keep(splitting, first, last + 1);
    if (!splitting->out.items && !keep(splitting, 0, first))
        return false;
    return names_put(splitting, first, last, words, count, ends);
}

bool runs_split(struct reading *reading)
{
    struct splitting splitting = {.reading = reading};
    size_t line = 0, until = 0, count = reading->sightings.count;
    for (size_t i = 0; i < count;) {
        const struct sighting *items = reading->sightings.items;
        size_t last = i;
        while (last + 1 < count && last - i < RUN_WORDS / 2 && joined(reading, &items[last], &items[last + 1]))
            last++;
        while (line + 1 < reading->lines.count && reading->lines.items[line + 1].start <= items[i].start)
            on_list(reading, line++, &until);
        if (!run_read(&splitting, i, last, on_list(reading, line, &until)))
            return false;
        i = last + 1;
    }
    if (splitting.out.items)
        reading->sightings = splitting.out;
    return true;
}
