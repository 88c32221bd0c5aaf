/* vote_phrase: the words of a decision, and every list of voters among them as one phrase. Pure.
 *
 * "For stemte A, B og Anna Brask (V), imod stemte C": voters are joined by commas, "og", line ends and brackets. A list
 * ends where its last member begins the next clause: "imod stemte A og F, V undlod". */
#include "vote.h"

#include "roster.h"
#include "words.h"

#include <string.h>

static struct vote_word *word_put(struct reading *reading, struct vote_words *list, enum vote_kind kind, size_t start,
                                  size_t end)
{
    struct vote_word *word = LIST_PUSH(reading->arena, list);
    if (word)
        *word = (struct vote_word){
            .start = (uint32_t)start, .end = (uint32_t)end, .kind = (uint8_t)kind, .person = -1, .count = 1};
    return word;
}

/* Does the point at `at` end a sentence? Not behind a figure ("2. at") or a short word ("pkt. 3", "Chr."). */
static bool point_stops(const char *base, size_t at, size_t end)
{
    static const struct span brief[] = {WORD("pkt"), WORD("nr"),   WORD("kl"), WORD("jf"), WORD("ca"),  WORD("stk"),
                                        WORD("evt"), WORD("mv"),   WORD("bl"), WORD("kr"), WORD("mio"), WORD("vedr"),
                                        WORD("hhv"), WORD("inkl"), WORD("ad"), WORD("pr"), WORD("dvs")};
    size_t next = at + 1;
    while (next < end && base[next] == ' ')
        next++;
    if (next >= end || base[next] == '\n')
        return true;
    if (next == at + 1)
        return false;
    unsigned char first = (unsigned char)base[next], second = (unsigned char)base[next + 1];
    bool capital = (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
    bool figure = first >= '0' && first <= '9';
    size_t from = at;
    while (from > 0 && at - from < 8 && ((base[from - 1] | 0x20) >= 'a' || (base[from - 1] & 0x80)))
        from--;
    struct span word = {base + from, at - from};
    for (size_t i = 0; i < sizeof brief / sizeof *brief; i++)
        if (span_equal(word, brief[i]))
            return false;
    return capital || (figure && word.size > 3) || first == '(' || first == '-' || first >= 0x80;
}

/* One line end, or the end of a paragraph. */
static size_t line_ends(const char *base, size_t at, size_t end, enum vote_kind *kind)
{
    size_t lines = 0;
    *kind = VOTE_LINE;
    for (; at < end && (base[at] == '\n' || base[at] == ' '); at++)
        lines += base[at] == '\n';
    if (lines > 1)
        *kind = VOTE_STOP;
    return at;
}

/* A line broken amid a sentence: the next one begins with a small letter, and with no label. */
static bool goes_on_small(const char *base, size_t at, size_t end)
{
    size_t next = at + 1;
    while (next < end && base[next] == ' ')
        next++;
    bool small = next + 1 < end && ((base[next] >= 'a' && base[next] <= 'z') ||
                                    ((unsigned char)base[next] == 0xC3 && (unsigned char)base[next + 1] >= 0x9F));
    while (small && next < end && ((base[next] | 0x20) >= 'a' || (base[next] & 0x80)))
        next++;
    return small && !(next < end && base[next] == ':');
}

/* Behind the head or foot of a page that begins on the line at `at`; `at` if none does. */
static size_t behind_page(const struct reading *reading, size_t at, size_t end)
{
    size_t line = line_at(&reading->lines, at), first = line;
    if (reading->lines.items[line].start != at)
        return at;
    while (line < reading->lines.count && reading->lines.items[line].flags & LINE_PAGE)
        line++;
    bool over = line > first && line < reading->lines.count && reading->lines.items[line].start < end;
    return over ? reading->lines.items[line].start : at;
}

bool vote_words_read(struct reading *reading, size_t start, size_t end, struct vote_words *out)
{
    const char *base = reading->body.text.at;
    size_t next = sighting_from(reading, start);
    for (size_t at = start; at < end;) {
        if (base[at] == ' ' || base[at] == '\r') { /* nobody's name begins with one */
            at++;
            continue;
        }
        while (next < reading->sightings.count && reading->sightings.items[next].start < at)
            next++;
        const struct sighting *sighting = next < reading->sightings.count ? &reading->sightings.items[next] : NULL;
        if (sighting && sighting->start == at && sighting->person >= 0) {
            size_t after = sighting->after > sighting->end ? sighting->after : sighting->end;
            struct vote_word *word = word_put(reading, out, VOTE_VOTER, at, after);
            if (!word)
                return false;
            word->person = sighting->person;
            at = after;
            continue;
        }
        enum vote_kind kind = VOTE_WORD;
        if (base[at] == '\n' && goes_on_small(base, at, end)) {
            at++;
            continue;
        }
        if (base[at] == '\n') {
            size_t behind = line_ends(base, at, end, &kind), first = out->count;
            bool paragraph = kind == VOTE_STOP;
            size_t over = behind < end ? behind_page(reading, behind, end) : end;
            if (over != behind) /* a list goes on over a page's foot and head */
                kind = VOTE_LINE;
            if (!word_put(reading, out, kind, at, behind))
                return false;
            out->items[first].bracket = paragraph;
            at = over > behind ? over : behind;
            continue;
        }
        if (base[at] == '.') {
            if (point_stops(base, at, end) && !word_put(reading, out, VOTE_STOP, at, at + 1))
                return false;
            at++;
            continue;
        }
        const unsigned char *cursor = (const unsigned char *)base + at, *voter = NULL;
        enum side side = SIDE_FOR;
        kind = vote_word_at(&cursor, (const unsigned char *)base + end, &side, &voter,
                            out->count && out->items[out->count - 1].kind == VOTE_CAST);
        size_t stop = (size_t)((const char *)cursor - base);
        stop = stop > at ? stop : at + 1;
        struct vote_word *last = out->count ? &out->items[out->count - 1] : NULL;
        if (kind == VOTE_WORD && last && last->kind == VOTE_WORD) { /* words that tell nothing are one */
            last->end = (uint32_t)stop;
            last->count += ((unsigned char)base[at] | 0x20) >= 'a';
        } else {
            struct vote_word *word =
                word_put(reading, out, kind, at, kind == VOTE_VOTER ? (size_t)((const char *)voter - base) : stop);
            if (!word)
                return false;
            word->side = (uint8_t)side;
        }
        at = stop;
    }
    return true;
}

/* The word at `i` without looking past the end. */
static enum vote_kind kind_at(const struct vote_words *words, size_t i)
{
    return i < words->count ? (enum vote_kind)words->items[i].kind : VOTE_STOP;
}

static bool is_cast(enum vote_kind kind)
{
    return kind == VOTE_CAST || kind == VOTE_IDLE || kind == VOTE_MODAL || kind == VOTE_ASSENT || kind == VOTE_BE;
}

/* The bracket that opens at `i`: where it closes, or 0 if it holds a clause of its own. `voters`: somebody is named. */
static size_t bracket_end(const struct vote_words *words, size_t i, bool *voters)
{
    *voters = false;
    for (size_t at = i + 1; at < words->count && at - i < 200; at++) {
        enum vote_kind kind = kind_at(words, at);
        if (kind == VOTE_CLOSE)
            return at;
        if (kind == VOTE_OPEN) { /* "(A (3), B (2))" */
            size_t inner = at + 1;
            while (kind_at(words, inner) == VOTE_COUNT || kind_at(words, inner) == VOTE_WORD ||
                   kind_at(words, inner) == VOTE_VOTER || kind_at(words, inner) == VOTE_FILL)
                inner++;
            if (kind_at(words, inner) != VOTE_CLOSE)
                return 0;
            at = inner;
            continue;
        }
        if (kind == VOTE_STOP || kind == VOTE_SIDE || kind == VOTE_IDLE || kind == VOTE_NOT)
            return 0;
        *voters = *voters || kind == VOTE_VOTER || kind == VOTE_GROUP;
    }
    return 0;
}

/* A line that holds nothing but voters, from `i` on: the list above goes on with it. */
static bool pure_line(const struct vote_words *words, size_t i)
{
    bool voter = false;
    for (size_t at = i; at < words->count; at++) {
        enum vote_kind kind = kind_at(words, at);
        if (kind == VOTE_LINE || kind == VOTE_STOP || kind == VOTE_SIDE)
            return voter;
        if (kind == VOTE_VOTER || kind == VOTE_GROUP)
            voter = true;
        else if (kind != VOTE_FILL && kind != VOTE_JOIN && kind != VOTE_COMMA && kind != VOTE_OPEN &&
                 kind != VOTE_CLOSE && kind != VOTE_COUNT && kind != VOTE_DASH)
            return false;
    }
    return voter;
}

/* What a list is while it is read. */
struct row {
    size_t end;   /* behind its last word */
    size_t comma; /* the last comma or "og" behind a comma, where a new clause may begin; 0 if none */
    bool joined;  /* an "og" stands before that comma */
    bool alone;   /* it began below a colon, a paragraph each may hold one voter */
};

/* Behind the joints at `at` a list goes on; gives where, or `at` if it does not. */
static size_t row_joint(const struct vote_words *words, size_t at, struct row *row, bool *and_seen)
{
    size_t next = at, comma = 0;
    bool line = false, joint = false;
    for (;; next++) {
        enum vote_kind kind = kind_at(words, next);
        if (kind == VOTE_COMMA) {
            comma = next;
            joint = true;
        } else if (kind == VOTE_JOIN) {
            joint = true;
        } else if (kind == VOTE_LINE || (row->alone && next == at && next < words->count && kind == VOTE_STOP &&
                                         words->items[next].bracket)) {
            line = true;
        } else if (kind != VOTE_DASH || !line) {
            break;
        }
    }
    if (next == at)
        return at;
    size_t voter = next;
    while (kind_at(words, voter) == VOTE_FILL || kind_at(words, voter) == VOTE_FROM)
        voter++;
    if (kind_at(words, voter) != VOTE_VOTER && kind_at(words, voter) != VOTE_GROUP)
        return at;
    if (line && !joint && !pure_line(words, next))
        return at;
    if (comma) {
        row->comma = comma;
        row->joined = *and_seen;
    } else {
        *and_seen = true;
    }
    return voter;
}

/* The list that begins at `i` (a voter or a group). */
static struct row row_read(const struct vote_words *words, size_t i)
{
    bool below = i > 1 && (kind_at(words, i - 1) == VOTE_LINE || kind_at(words, i - 1) == VOTE_STOP);
    struct row row = {.end = i, .alone = below && kind_at(words, i - 2) == VOTE_COLON};
    bool and_seen = false;
    for (size_t at = i;;) {
        bool person = kind_at(words, at) == VOTE_VOTER && words->items[at].person >= 0;
        at++;
        if (person && kind_at(words, at) == VOTE_FROM && /* "Eva Holck fra Ø" */
            (kind_at(words, at + 1) == VOTE_VOTER || kind_at(words, at + 1) == VOTE_GROUP))
            at += 2;
        bool voters;
        size_t close = kind_at(words, at) == VOTE_OPEN ? bracket_end(words, at, &voters) : 0;
        at = close ? close + 1 : at;
        row.end = at;
        if (kind_at(words, at) == VOTE_VOTER || kind_at(words, at) == VOTE_GROUP)
            continue;
        size_t next = row_joint(words, at, &row, &and_seen);
        if (next == at)
            return row;
        at = next;
    }
}

static bool list_put(struct reading *reading, const struct vote_words *words, size_t from, size_t end, bool bracket,
                     struct vote_words *out)
{
    struct vote_word *list = word_put(reading, out, VOTE_LIST, words->items[from].start, words->items[end - 1].end);
    if (!list)
        return false;
    list->bracket = bracket;
    list->first = (uint32_t)from;
    list->count = (uint32_t)(end - from);
    return true;
}

/* Does what stands behind `at` take the last voter of a list as its subject? */
static bool clause_behind(const struct vote_words *words, size_t at)
{
    enum vote_kind kind = kind_at(words, at), next = kind_at(words, at + 1);
    bool edge = next == VOTE_STOP || next == VOTE_LINE || next == VOTE_COMMA || next == VOTE_CLOSE;
    return is_cast(kind) || (kind == VOTE_SIDE && edge);
}

bool vote_phrases_make(struct reading *reading, const struct vote_words *words, struct vote_words *out)
{
    for (size_t i = 0; i < words->count;) {
        enum vote_kind kind = kind_at(words, i);
        enum vote_kind before = out->count ? kind_at(out, out->count - 1) : VOTE_STOP;
        if (kind == VOTE_OPEN) {
            bool voters;
            size_t close = bracket_end(words, i, &voters);
            if (close && voters) {
                if (!list_put(reading, words, i, close + 1, true, out))
                    return false;
                i = close + 1;
                continue;
            }
            if (close == i + 2 && kind_at(words, i + 1) == VOTE_COUNT) { /* "For (5): A" */
                i++;
                continue;
            }
        }
        if (kind == VOTE_CLOSE && before == VOTE_COUNT) {
            i++;
            continue;
        }
        if (kind != VOTE_VOTER && kind != VOTE_GROUP) {
            struct vote_word *word = LIST_PUSH(reading->arena, out);
            if (!word)
                return false;
            *word = words->items[i++];
            continue;
        }
        struct row row = row_read(words, i);
        size_t lead = out->count; /* "For stemte 3 medlemmer: A, B" */
        while (lead && (kind_at(out, lead - 1) == VOTE_FILL || kind_at(out, lead - 1) == VOTE_COUNT))
            lead--;
        enum vote_kind verb = lead ? kind_at(out, lead - 1) : VOTE_STOP;
        bool led = false; /* "for forslaget stemte A, B": voters behind the verb, not "derefter stemte A, B for" */
        for (size_t at = lead; at > 0 && lead - at < 5 && kind_at(out, at - 1) != VOTE_STOP; at--)
            led = led || kind_at(out, at - 1) == VOTE_SIDE;
        bool behind = ((verb == VOTE_CAST || verb == VOTE_COLON) && led) || verb == VOTE_SIDE;
        if (row.comma > i && (row.joined || behind) && clause_behind(words, row.end))
            row.end = row.comma;
        if (!list_put(reading, words, i, row.end, false, out))
            return false;
        i = row.end;
    }
    return true;
}
