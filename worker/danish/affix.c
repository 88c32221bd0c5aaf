/* affix: reads SFX rules and applies them. Once, while a dictionary is loaded; on the thread that starts the daemon. */
#include "affix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FLAGS = 65536, CONDITION_MAX = 16, LEVELS = 2 };

/* One place of a condition: any byte, one of a set, or none of a set. Letters of several bytes are sets of their last
 * byte: Danish has few, and no two of them end alike in one rule. */
struct place {
    uint32_t set[8]; /* a bit for each byte */
};

struct rule {
    struct span strip, append;
    struct affix_flags then; /* flags of what it makes */
    struct place places[CONDITION_MAX];
    size_t place_count;
    struct rule *next; /* of the same flag */
};

struct affix_table {
    struct rule *rules[FLAGS];
    uint16_t forbidden, needs_affix, only_in_compound;
};

bool affix_flags_read(struct span list, struct affix_flags *out)
{
    out->count = 0;
    for (size_t at = 0; at < list.size;) {
        unsigned long flag = 0;
        size_t digits = 0;
        for (; at < list.size && list.at[at] >= '0' && list.at[at] <= '9' && digits < 6; at++, digits++)
            flag = flag * 10 + (unsigned long)(list.at[at] - '0');
        if (digits == 0 || flag >= FLAGS || out->count == AFFIX_FLAGS_MAX)
            return false;
        out->flags[out->count++] = (uint16_t)flag;
        if (at < list.size && list.at[at++] != ',')
            return false;
    }
    return true;
}

static bool has(const struct affix_flags *flags, uint16_t flag)
{
    for (size_t i = 0; i < flags->count && flag != 0; i++)
        if (flags->flags[i] == flag)
            return true;
    return false;
}

/* ---------------------------------------------------------------- reading */

static void place_set(struct place *place, unsigned char byte)
{
    place->set[byte / 32] |= UINT32_C(1) << byte % 32;
}

static size_t letter_size(struct span text, size_t at)
{
    size_t size = 1;
    while (at + size < text.size && ((unsigned char)text.at[at + size] & 0xC0) == 0x80)
        size++;
    return size;
}

/* A set in brackets; its end. */
static size_t set_read(struct span text, size_t at, struct place *place)
{
    bool negated = at < text.size && text.at[at] == '^';
    for (at += negated; at < text.size && text.at[at] != ']';) {
        at += letter_size(text, at);
        place_set(place, (unsigned char)text.at[at - 1]);
    }
    for (size_t i = 0; negated && i < 8; i++)
        place->set[i] = ~place->set[i];
    return at + 1;
}

static bool condition_read(struct span text, struct rule *rule)
{
    if (span_equal(text, SPAN(".")))
        return true;
    for (size_t at = 0; at < text.size;) {
        if (rule->place_count == CONDITION_MAX)
            return false;
        struct place *place = &rule->places[rule->place_count++];
        if (text.at[at] == '[') {
            at = set_read(text, at + 1, place);
        } else if (text.at[at] == '.') {
            memset(place->set, 0xFF, sizeof place->set);
            at++;
        } else {
            at += letter_size(text, at);
            place_set(place, (unsigned char)text.at[at - 1]);
        }
    }
    return true;
}

/* The next field of a line; empty at its end. */
static struct span field_next(struct span *rest)
{
    size_t start = 0, end;
    while (start < rest->size && (unsigned char)rest->at[start] <= ' ')
        start++;
    for (end = start; end < rest->size && (unsigned char)rest->at[end] > ' ';)
        end++;
    struct span field = span_cut(*rest, start, end);
    *rest = span_cut(*rest, end, rest->size);
    return field;
}

static struct span kept(struct arena *arena, struct span text)
{
    struct text copy = arena_copy(arena, span_equal(text, SPAN("0")) ? (struct span){"", 0} : text);
    return (struct span){copy.at, copy.size};
}

static enum fault damaged(struct span line, struct error *err)
{
    return error_set(err, FAULT_STOP, "dictionary.damaged", "the affix rule '%.*s' cannot be read",
                     (int)(line.size < 60 ? line.size : 60), line.at);
}

/* "SFX 41 er re/34 [^b]ber": strip, what is put there with its flags, condition. */
static enum fault rule_read(struct arena *arena, struct affix_table *table, struct span line, struct error *err)
{
    struct span rest = line;
    (void)field_next(&rest);
    struct span flag = field_next(&rest), strip = field_next(&rest), append = field_next(&rest);
    struct span condition = field_next(&rest);
    struct affix_flags number;
    if (!affix_flags_read(flag, &number) || number.count != 1)
        return damaged(line, err);
    bool is_head = (strip.size == 1 && (*strip.at == 'Y' || *strip.at == 'N')) && condition.size == 0;
    if (is_head)
        return FAULT_NONE;
    struct rule *rule = arena_zero(arena, 1, sizeof *rule);
    if (rule == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory for the dictionary");
    const char *slash = append.size > 0 ? memchr(append.at, '/', append.size) : NULL;
    size_t size = slash ? (size_t)(slash - append.at) : append.size;
    if (slash != NULL && !affix_flags_read(span_cut(append, size + 1, append.size), &rule->then))
        return damaged(line, err);
    rule->strip = kept(arena, strip);
    rule->append = kept(arena, span_cut(append, 0, size));
    if (rule->strip.at == NULL || rule->append.at == NULL || !condition_read(condition, rule))
        return damaged(line, err);
    rule->next = table->rules[number.flags[0]];
    table->rules[number.flags[0]] = rule;
    return FAULT_NONE;
}

static void option_read(struct span line, const char *name, uint16_t *flag)
{
    struct span rest = line;
    struct affix_flags number;
    if (span_equal(field_next(&rest), span_of(name)) && affix_flags_read(field_next(&rest), &number) &&
        number.count == 1)
        *flag = number.flags[0];
}

static enum fault lines_read(struct arena *arena, FILE *file, struct affix_table *table, struct error *err)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    enum fault fault = FAULT_NONE;
    while (fault == FAULT_NONE && (size = getline(&line, &room, file)) > 0) {
        struct span text = {line, (size_t)size};
        option_read(text, "FORBIDDENWORD", &table->forbidden);
        option_read(text, "NEEDAFFIX", &table->needs_affix);
        option_read(text, "ONLYINCOMPOUND", &table->only_in_compound);
        if (span_starts(text, SPAN("SFX ")))
            fault = rule_read(arena, table, text, err);
    }
    free(line);
    return fault;
}

enum fault affix_read(struct arena *arena, const char *path, struct affix_table **out, struct error *err)
{
    *out = arena_zero(arena, 1, sizeof **out);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(err, FAULT_STOP, "dictionary.missing", "cannot read %s: %s; install hunspell-da", path,
                         strerror(errno));
    enum fault fault = *out ? lines_read(arena, file, *out, err)
                            : error_set(err, FAULT_STOP, "memory", "out of memory for the dictionary");
    fclose(file);
    return fault;
}

/* ---------------------------------------------------------------- applying */

/* The condition looks at the end of the word, letter by letter from behind. */
static bool matches(const struct rule *rule, struct span word)
{
    size_t at = word.size;
    for (size_t i = rule->place_count; i-- > 0;) {
        if (at == 0)
            return false;
        unsigned char byte = (unsigned char)word.at[--at];
        if (!(rule->places[i].set[byte / 32] >> byte % 32 & 1))
            return false;
        while (at > 0 && ((unsigned char)word.at[at] & 0xC0) == 0x80)
            at--;
    }
    return word.size > rule->strip.size &&
           span_equal(span_cut(word, word.size - rule->strip.size, word.size), rule->strip);
}

struct expansion {
    const struct affix_table *table;
    void (*found)(void *self, struct span word);
    void *self;
};

static void expand(const struct expansion *expansion, struct span word, const struct affix_flags *flags, int levels)
{
    const struct affix_table *table = expansion->table;
    if (has(flags, table->only_in_compound))
        return;
    if (!has(flags, table->needs_affix))
        expansion->found(expansion->self, word);
    for (size_t i = 0; i < flags->count && levels > 0; i++)
        for (const struct rule *rule = table->rules[flags->flags[i]]; rule != NULL; rule = rule->next) {
            char made[AFFIX_WORD_MAX];
            size_t stem = word.size - rule->strip.size;
            if (!matches(rule, word) || stem + rule->append.size > sizeof made)
                continue;
            memcpy(made, word.at, stem);
            memcpy(made + stem, rule->append.at, rule->append.size);
            expand(expansion, (struct span){made, stem + rule->append.size}, &rule->then, levels - 1);
        }
}

void affix_expand(const struct affix_table *table, struct span word, const struct affix_flags *flags,
                  void (*found)(void *self, struct span word), void *self)
{
    struct expansion expansion = {table, found, self};
    expand(&expansion, word, flags, LEVELS);
}

bool affix_forbids(const struct affix_table *table, const struct affix_flags *flags)
{
    return has(flags, table->forbidden);
}
