/* suggest: stems -> words as people write them, from live documents alone. On a search thread. */
#include "suggest.h"

#include "record.h"
#include "token.h"

/* The first word of the text with the stem; empty if there is none. */
static enum fault word_with(struct asking *asking, struct span text, struct span stem, struct span *word)
{
    struct token_scan scan;
    struct token token;
    *word = (struct span){"", 0};
    token_begin(&scan, text);
    while (token_next(&scan, &token)) {
        if (!span_equal(language_stem(asking->language, token.word), stem))
            continue;
        struct text copy = arena_copy(asking->arena, token.word);
        *word = (struct span){copy.at, copy.size};
        return copy.at ? FAULT_NONE : arena_full(asking->err);
    }
    return FAULT_NONE;
}

enum fault suggest_form(struct asking *asking, struct text_source *source, struct span stem, struct span *form)
{
    struct span term = live_term(asking->arena, PREFIX_TEXT, stem);
    *form = stem;
    if (term.at == NULL)
        return arena_full(asking->err);
    for (size_t part = 0; part < asking->parts; part++) {
        struct span data, text, word;
        bool found;
        TRY(database_find(asking->database, part, asking->arena, term, NULL, 0, NULL, &data, &found, asking->err));
        if (!found)
            continue;
        TRY(word_with(asking, data_field(data, FIELD_TITLE), stem, &word));
        if (word.size == 0) {
            TRY(text_of(source, part, 0, data, &text, asking->err));
            TRY(word_with(asking, text, stem, &word));
        }
        if (word.size > 0) {
            *form = word;
            return FAULT_NONE;
        }
    }
    return FAULT_NONE;
}

enum fault suggest_query(struct asking *asking, struct span query, const struct composed *composed,
                         const struct span *forms, struct span *out)
{
    size_t size = query.size, at = 0;
    bool any = false;
    for (size_t i = 0; i < composed->lost.count; i++)
        size += forms[i].size;
    char *to = arena_alloc(asking->arena, size + 1);
    *out = (struct span){"", 0};
    if (to == NULL)
        return arena_full(asking->err);
    size = 0;
    for (size_t i = 0; i < composed->lost.count; i++) {
        const struct lost_word *lost = &composed->lost.items[i];
        if (forms[i].size == 0 || lost->start < at)
            continue;
        memcpy(to + size, query.at + at, lost->start - at);
        size += lost->start - at;
        memcpy(to + size, forms[i].at, forms[i].size);
        size += forms[i].size;
        at = lost->end;
        any = true;
    }
    if (!any)
        return FAULT_NONE;
    memcpy(to + size, query.at + at, query.size - at);
    *out = (struct span){to, size + query.size - at};
    return FAULT_NONE;
}
