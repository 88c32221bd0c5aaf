/* vote: who voted how, out of the words of a decision.
 *
 * A side is told before its names ("For stemte: A, B og Ø.") or behind them ("DF og Ø stemte imod"). Sides are party
 * letters as printed or single members; counts and full names of parties are none. Source: minutes, README. */
#include "decision.h"
#include "words.h"

#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    sp = [ \n]{1,3} | " "? "\n" " "{1,40};
    colon = sp? ":" | "";
    count = sp [0-9]{1,3};
    // what is voted on: "For forslaget stemte", "Imod afslag stemte"
    matter = sp [a-zæøå]{4,24} (sp [a-zæøå]{4,24})?;
    stood = ('stemte' | 'stemmer') (count (sp 'medlemmer')?)? (sp? ":")?;
*/

enum side { SIDE_NONE, SIDE_FOR, SIDE_AGAINST, SIDE_ABSTAIN };

struct cue {
    enum side side;
    bool before; /* the names stand before the words */
    bool fewer;  /* the names are those of the fewer: for it where it fell, else against it */
    bool loose;  /* a word of every day: it counts only where it and the names are all of the sentence */
};

/* Words that tell a side; the cursor moves behind them. */
static struct cue cue_at(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define CUE(what, behind) return *at = cursor, (struct cue){.side = (what), .before = (behind)}
    /*!re2c
    // the names follow
    ('for' | 'herfor') sp stood | 'for' sp? ":" | 'for' matter sp stood | 'for' matter sp? ":" | 'ja' ('-stemmer')? sp? ":"
        | ('stemte' | 'stemmer' | 'stemt') sp 'for' sp? ":" | 'stemmerne' sp 'fra' | 'stemmer' sp 'fra'
        | ('et' sp)? 'flertal' count? sp 'bestående' sp 'af' | 'flertal' (sp "(" [0-9]+ ")")? sp 'bestående' sp 'af'
        | 'flertal' 'let'? "," | ('tiltrådt' | 'tiltrædes' | 'godkendt' | 'vedtaget' | 'anbefales' | 'støttes') sp 'af'
        { CUE(SIDE_FOR, false); }
    ('imod' | 'mod' | 'herimod') sp stood | ('imod' | 'mod') sp? ":" | ('imod' | 'mod') matter sp stood
        | ('imod' | 'mod') matter sp? ":" | 'nej' ('-stemmer')? sp? ":"
        | ('stemte' | 'stemmer' | 'stemt') sp ('imod' | 'mod') sp? ":" | 'alle' sp ('mod' | 'imod' | 'undtagen') count?
        | 'undtagelse' sp 'af' | ('et' sp)? 'mindretal' count? sp 'bestående' sp 'af' | 'mindretal' 'let'? ","
        { CUE(SIDE_AGAINST, false); }
    ('undlod' | 'undlader' | 'undlade') (sp 'at' sp 'stemme')? sp? ":" | 'hverken' sp 'for' sp 'eller' sp ('imod' | 'mod') sp 'stemte' (sp? ":")?
        | 'hverken' sp 'for' sp 'eller' sp ('imod' | 'mod') sp? ":" | 'blankt' sp 'stemte' (sp? ":")?
        | 'blank' ('t' | 'e')? (sp 'stemmer')? sp? ":" { CUE(SIDE_ABSTAIN, false); }
    // "forkastet med 7 stemmer mod 3 (A, B og C)"
    [0-9]{1,3} sp ('stemmer' sp)? ('mod' | 'imod') sp [0-9]{1,3} ","? sp? "(" {
        *at = cursor - 1;
        return (struct cue){.side = SIDE_AGAINST, .fewer = true};
    }
    // the names stand before
    ('stemte' | 'stemmer') sp ('for' | 'ja') { CUE(SIDE_FOR, true); }
    ('stemte' | 'stemmer') sp ('imod' | 'mod' | 'nej' | 'herimod' | 'derimod') | ('kan'
        | 'kunne') sp 'ikke' sp ('tiltræde' | 'tilslutte' sp 'sig' | 'anbefale' | 'godkende'
        | 'støtte' | 'medvirke') | 'ikke' sp 'kan' sp ('tiltræde' | 'medvirke' | 'støtte'
        | 'anbefale' | 'godkende') { CUE(SIDE_AGAINST, true); }
    ('undlod' | 'undlader') (sp 'at' sp 'stemme')?
        | ('stemte' | 'stemmer') sp ('hverken' sp 'for' sp 'eller' sp ('imod' | 'mod') | 'blank' 't'?)
        | ('afstod' | 'afholdt' sp 'sig' | 'afholder' sp 'sig') sp 'fra' sp ('at' sp 'stemme' | 'afstemning' 'en'?)
        { CUE(SIDE_ABSTAIN, true); }
    // "Ø imod." closes a sentence, "Imod Ø." is one
    ('imod' | 'mod') { *at = cursor; return (struct cue){.side = SIDE_AGAINST, .before = true, .loose = true}; }
    'for' { *at = cursor; return (struct cue){.side = SIDE_FOR, .loose = true}; }
    // "5 medlemmer (A+V+C) anbefaler", "12 stemmer for (A, V)"
    ('mod' | 'imod') sp [0-9]{1,3} sp ('stemme' | 'stemmer') sp? "(" { cursor--; CUE(SIDE_AGAINST, false); }
    [0-9]{1,3} sp ('stemmer' sp)? ('imod' | 'mod') sp? "(" { cursor--; CUE(SIDE_AGAINST, false); }
    // "Et flertal (A, SF og Ø) godkendte", "et mindretal (V) stemte imod"
    'flertal' 'let'? sp "(" { cursor--; CUE(SIDE_FOR, false); }
    'mindretal' 'let'? sp "(" { cursor--; CUE(SIDE_AGAINST, false); }
    [0-9]{1,3} sp ('stemmer' sp)? 'for' sp? "(" { cursor--; CUE(SIDE_FOR, false); }
    [a-zA-Z0-9\x80-\xFF]+ { CUE(SIDE_NONE, false); }
    * { CUE(SIDE_NONE, false); }
    */
#undef CUE
}

enum token { TOKEN_END, TOKEN_PARTY, TOKEN_JOIN, TOKEN_COUNT, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_WORD };

/* One token of a list of voters. */
static enum token token_at(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define TOKEN(what) return *at = cursor, (what)
    /*!re2c
    // A, Ø, DF, Bp, EL
    [A-ZÆØÅ] { TOKEN(TOKEN_PARTY); }
    ("DF" | "SF" | "EL" | "RV" | "KF" | "LA" | "NB" | "KD" | "UP" | "ALT" | "Bp" | "BP" | "UFP" | "CD" | "FP" | "LL"
        | "BL" | "SP") { TOKEN(TOKEN_PARTY); }
    "," | "+" | "&" | "/" | ":" | "og" | "samt" | [ \t\n] | "-" { TOKEN(TOKEN_JOIN); }
    'liste' 'rne'? | 'gruppe' 'rne'? | 'partierne' | 'fra' | 'medlemmer' | 'medlem' | 'stemmer' | 'borgmesteren'
        | 'borgmester' | 'viceborgmester' | 'udvalgsformand' | 'rådmand' { TOKEN(TOKEN_WORD); }
    // (9)   (11 stemmer)   12
    "(" [0-9]{1,3} (sp? ('stemmer' | 'medlemmer' | 'stk.'))? ")" | [0-9]{1,3} { TOKEN(TOKEN_COUNT); }
    "(" { TOKEN(TOKEN_OPEN); }
    ")" { TOKEN(TOKEN_CLOSE); }
    * { return TOKEN_END; }
    */
#undef TOKEN
}

static bool letter(unsigned char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
}

struct voters {
    LIST(struct span) names;
};

/* Index of the first sighting that begins at or behind clean offset `at`; sightings are ascending. */
static size_t first_sighting(const struct reading *reading, size_t at)
{
    size_t low = 0, high = reading->sightings.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading->sightings.items[middle].start < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The sighting that begins at clean offset `at`, or NULL. */
static const struct sighting *sighting_at(const struct reading *reading, size_t at)
{
    size_t i = first_sighting(reading, at);
    const struct sighting *sighting = i < reading->sightings.count ? &reading->sightings.items[i] : NULL;
    return sighting && sighting->start == at ? sighting : NULL;
}

static bool voter_add(struct reading *reading, struct voters *voters, struct span name)
{
    for (size_t i = 0; i < voters->names.count && i < 64; i++)
        if (span_equal(voters->names.items[i], name))
            return true;
    struct span *slot = LIST_PUSH(reading->arena, &voters->names);
    if (slot)
        *slot = name;
    return slot != NULL;
}

/* Where the text goes on behind the head or foot of a page that follows the line end at `at`; `at` if none does. */
static size_t behind_page(const struct reading *reading, size_t at, size_t end)
{
    size_t line = line_at(&reading->lines, at) + 1, first = line;
    while (line < reading->lines.count && reading->lines.items[line].flags & LINE_PAGE)
        line++;
    bool page = line > first && line < reading->lines.count && reading->lines.items[line].start < end;
    return page ? reading->lines.items[line].start : at;
}

/* Reads a list of voters from `at` on; gives where it ends, or SIZE_MAX if the arena is full. */
static size_t list_read(struct reading *reading, size_t at, size_t end, struct voters *voters)
{
    const char *base = reading->body.text.at;
    int depth = 0;
    size_t taken = at; /* behind the last voter: a joint or count at the end may lead the next side */
    while (at < end) {
        const struct sighting *sighting = sighting_at(reading, at);
        if (sighting && sighting->person >= 0) {
            if (!voter_add(reading, voters, reading->people.items[sighting->person].name))
                return SIZE_MAX;
            at = taken = sighting->after > sighting->end ? sighting->after : sighting->end;
            continue;
        }
        const unsigned char *cursor = (const unsigned char *)base + at;
        enum token token = token_at(&cursor);
        size_t next = (size_t)((const char *)cursor - base);
        bool word =
            token == TOKEN_PARTY || token == TOKEN_WORD || (token == TOKEN_JOIN && letter((unsigned char)base[at]));
        if (token == TOKEN_END || (word && next < end && letter((unsigned char)base[next])) ||
            (token == TOKEN_CLOSE && --depth < 0))
            break;
        if (base[at] == '\n' && voters->names.count && depth == 0) { /* over a page's foot and head */
            size_t over = behind_page(reading, at, end);
            if (over != at) {
                at = over;
                continue;
            }
        }
        if (base[at] == '\n' && (at + 1 >= end || base[at + 1] == '\n'))
            break;
        depth += token == TOKEN_OPEN;
        if (token == TOKEN_PARTY && !voter_add(reading, voters, reading_cut(reading, at, next)))
            return SIZE_MAX;
        at = next;
        if (token != TOKEN_JOIN && (token != TOKEN_COUNT || base[at - 1] == ')'))
            taken = at;
    }
    return voters->names.count ? taken : at;
}

/* Where the list that ends before `stop` begins: from the sentence's start on, the first place from which a list
 * reaches up to `stop`. */
static size_t list_before(struct reading *reading, size_t floor, size_t stop, struct voters *voters)
{
    const char *base = reading->body.text.at;
    size_t from = stop;
    while (from > floor && stop - from < 400) {
        size_t before = first_sighting(reading, from);
        const struct sighting *last = before ? &reading->sightings.items[before - 1] : NULL;
        if (last && last->end >= from && last->start >= floor) { /* the point of "Niels Chr. Lund" ends no sentence */
            from = last->start;
            continue;
        }
        char c = base[from - 1];
        bool point =
            (c == '.' && base[from] == ' ' && from >= 3 && !(base[from - 2] >= 'A' && base[from - 2] <= 'Z') &&
             !((unsigned char)base[from - 3] == 0xC3 && (unsigned char)base[from - 2] <= 0x9E)) ||
            (c == '\n' && (from < 2 || base[from - 2] == '\n')) || c == ':' || c == ';';
        if (point)
            break;
        from--;
    }
    for (int tries = 0; from < stop && tries < 60; tries++) {
        while (from < stop && strchr(" \n,", base[from]))
            from++;
        voters->names.count = 0;
        size_t reached = list_read(reading, from, stop, voters);
        if (reached == SIZE_MAX)
            return reached;
        while (reached < stop && strchr(" \n,", base[reached]))
            reached++;
        if (reached >= stop && voters->names.count)
            return from;
        while (from < stop && base[from] != ' ' && base[from] != '\n')
            from++;
    }
    voters->names.count = 0;
    return stop;
}

static struct name_list names_of(const struct voters *voters)
{
    return (struct name_list){voters->names.items, voters->names.count};
}

/* A new vote begins when a side is told again: the last one whose sides are named is kept. */
static void side_put(struct item *item, enum side side, const struct voters *voters)
{
    struct name_list *list = side == SIDE_FOR       ? &item->votes_for
                             : side == SIDE_AGAINST ? &item->votes_against
                                                    : &item->votes_abstain;
    if (list->count && side != SIDE_ABSTAIN) {
        item->votes_for = item->votes_against = item->votes_abstain = (struct name_list){0};
    }
    if (!list->count)
        *list = names_of(voters);
}

/* Does a sentence begin at `at`, or end there? */
static bool sentence_begins(const char *base, size_t floor, size_t at)
{
    while (at > floor && base[at - 1] == ' ')
        at--;
    return at == floor || strchr(".:;\n", base[at - 1]) != NULL;
}

static bool sentence_ends(const char *base, size_t at, size_t end)
{
    while (at < end && base[at] == ' ')
        at++;
    return at >= end || strchr(".;\n", base[at]) != NULL;
}

/* "For A, B. Imod V." and "Ø imod.": gives whether the loose word at `at` tells a side, and where its names end. */
static bool loose_read(struct reading *reading, struct cue *cue, size_t start, size_t at, size_t next, size_t end,
                       struct voters *voters, size_t *reached)
{
    const char *base = reading->body.text.at;
    size_t joint = start; /* "For stemte A og F, imod V": the other side follows at once */
    while (joint < at && strchr(" ,", base[joint]))
        joint++;
    if (sentence_begins(base, start, at) || joint == at) {
        *reached = list_read(reading, next, end, voters);
        return *reached == SIZE_MAX || (voters->names.count && sentence_ends(base, *reached, end));
    }
    if (cue->side != SIDE_AGAINST || !sentence_ends(base, next, end))
        return false;
    size_t from = list_before(reading, start, at, voters);
    *reached = from == SIZE_MAX ? from : next;
    return from == SIZE_MAX || (voters->names.count && sentence_begins(base, start, from));
}

/* "For forhøjelse til 42 kr. stemte A": what is voted on, in small letters, and the verb. Where it ends, or 0. */
static size_t matter_stood(const struct reading *reading, size_t at, size_t end)
{
    static const struct span verbs[] = {WORD(" stemte "), WORD(" stemte:"), WORD(" stemmer "), WORD(" stemmer:")};
    for (size_t stop = at; stop < end && stop - at < 80; stop++) {
        char c = reading->body.text.at[stop];
        struct span rest = reading_cut(reading, stop, end);
        for (size_t i = 0; c == ' ' && i < sizeof verbs / sizeof *verbs; i++)
            if (span_starts(rest, verbs[i]))
                return stop + verbs[i].size - 1;
        if (strchr(":;,\n", c) || (c >= 'A' && c <= 'Z'))
            return 0;
    }
    return 0;
}

/* "A: Imod", "B (V) - For", "C: Ja": the answer of one member when names are called; none if the line goes on. */
static enum side answer_behind(const struct reading *reading, const struct sighting *sighting, size_t end)
{
    static const struct {
        struct span word;
        enum side side;
    } answers[] = {{WORD("for"), SIDE_FOR},          {WORD("ja"), SIDE_FOR},           {WORD("imod"), SIDE_AGAINST},
                   {WORD("mod"), SIDE_AGAINST},      {WORD("nej"), SIDE_AGAINST},      {WORD("undlader"), SIDE_ABSTAIN},
                   {WORD("undlod"), SIDE_ABSTAIN},   {WORD("blank"), SIDE_ABSTAIN},    {WORD("blankt"), SIDE_ABSTAIN},
                   {WORD("hverken"), SIDE_ABSTAIN},  {WORD("stemte for"), SIDE_FOR},   {WORD("stemmer for"), SIDE_FOR},
                   {WORD("stemte ja"), SIDE_FOR},    {WORD("stemmer ja"), SIDE_FOR},   {WORD("stemte nej"), SIDE_AGAINST},
                   {WORD("stemte imod"), SIDE_AGAINST}, {WORD("stemmer imod"), SIDE_AGAINST},
                   {WORD("stemmer nej"), SIDE_AGAINST}, {WORD("hverken for eller imod"), SIDE_ABSTAIN},
                   {WORD("undlod at stemme"), SIDE_ABSTAIN}, {WORD("undlader at stemme"), SIDE_ABSTAIN}};
    size_t from = sighting->after > sighting->end ? sighting->after : sighting->end, stop = from;
    while (stop < end && !strchr(".,;\n", reading->body.text.at[stop]))
        stop++;
    struct span behind = reading_cut(reading, from, stop), answer = text_trim(behind, ":-\t ");
    bool joined = behind.size && strchr(":-\t", *text_trim(behind, "").at) != NULL;
    for (size_t i = 0; joined && i < sizeof answers / sizeof *answers; i++)
        if (answer.size == answers[i].word.size && (*answer.at | 0x20) == *answers[i].word.at &&
            memcmp(answer.at + 1, answers[i].word.at + 1, answer.size - 1) == 0)
            return answers[i].side;
    return SIDE_NONE;
}

/* Names called one by one, each with its answer; gives how many answered, or SIZE_MAX if the arena is full. */
static size_t call_read(struct reading *reading, size_t start, size_t end, struct item *item)
{
    struct voters voters[3] = {0};
    size_t count = 0;
    for (size_t i = first_sighting(reading, start); i < reading->sightings.count; i++) {
        const struct sighting *sighting = &reading->sightings.items[i];
        if (sighting->start >= end)
            break;
        if (sighting->person < 0)
            continue;
        enum side side = answer_behind(reading, sighting, end);
        if (side == SIDE_NONE)
            continue;
        if (!voter_add(reading, &voters[side - SIDE_FOR], reading->people.items[sighting->person].name))
            return SIZE_MAX;
        count++;
    }
    if (count < 2)
        return 0;
    item->voted = true;
    item->votes_for = names_of(&voters[0]);
    item->votes_against = names_of(&voters[1]);
    item->votes_abstain = names_of(&voters[2]);
    return count;
}

/* Does the sentence before `at` say that the proposal fell? */
static bool fell_before(const struct reading *reading, size_t start, size_t at)
{
    static const char *const words[] = {"forkast", "faldt", "nedstemt", "afvist", "bortfald", "afslået"};
    size_t from = at > start + 160 ? at - 160 : start;
    struct span before = reading_cut(reading, from, at);
    for (size_t i = before.size; i > 1; i--)
        if (before.at[i - 1] == ' ' && before.at[i - 2] == '.') {
            before = span_cut(before, i, before.size);
            break;
        }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_holds(before, words[i]))
            return true;
    return false;
}

enum fault vote_read(struct reading *reading, size_t start, size_t end, struct item *item)
{
    const char *base = reading->body.text.at;
    size_t floor = start, called = call_read(reading, start, end, item);
    if (called)
        return called == SIZE_MAX ? arena_full(reading->err) : FAULT_NONE;
    for (size_t at = start; at < end;) {
        const unsigned char *cursor = (const unsigned char *)base + at;
        struct cue cue = cue_at(&cursor);
        size_t next = (size_t)((const char *)cursor - base);
        if (cue.loose && sentence_begins(base, start, at)) {
            size_t stood = matter_stood(reading, next, end);
            cue.side = stood && cue.before ? SIDE_AGAINST : cue.side;
            cue.loose = cue.loose && !stood;
            cue.before = cue.before && !stood;
            next = stood ? stood : next;
        }
        if (cue.fewer && fell_before(reading, start, at))
            cue.side = SIDE_FOR;
        if (cue.side == SIDE_NONE || next > end ||
            (next < end && letter((unsigned char)base[next]) && base[next - 1] != ':')) {
            at = next > at ? next : at + 1;
            continue;
        }
        struct voters voters = {0};
        size_t reached = next;
        if (cue.loose && !loose_read(reading, &cue, floor, at, next, end, &voters, &reached)) {
            at = next;
            continue;
        }
        item->voted = true;
        if (cue.loose)
            cue.before = reached <= next;
        else if (cue.before)
            reached = list_before(reading, floor, at, &voters);
        if (reached != SIZE_MAX && !cue.loose && (!cue.before || !voters.names.count))
            reached = list_read(reading, next, end, &voters);
        if (reached == SIZE_MAX)
            return arena_full(reading->err);
        if (voters.names.count)
            side_put(item, cue.side, &voters);
        at = !cue.before && voters.names.count && reached > next ? reached : next;
        floor = at;
    }
    return FAULT_NONE;
}
