/* fuzz_entity: the scanners, each at every character of a text. A match ends inside the text and on a character.
 * FAMILY says which scanner: amount, cell, date, number, law, org, name, cpr. */
#include "property.h"

#include "cpr.h"
#include "entity.h"
#include "figure.h"
#include "glance.h"
#include "word_class.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#if defined FAMILY_AMOUNT || defined FAMILY_DATE || defined FAMILY_CASE
/* Where the pass asks a rule for figures, its quick look must not say that the rule wants none. */
static void look_check(const char *at, size_t size, unsigned family)
{
    const char *stop;
    PROPERTY(*at < '0' || *at > '9' || !size || figure_wants(at, &stop) & family);
}
#endif

static size_t family_size(const char *at, const char *end)
{
#if defined FAMILY_AMOUNT
    struct amount_match amount = amount_at(at, end);
    PROPERTY(!amount.size || (amount.low_ore <= amount.high_ore && amount.rule && strlen(amount.currency) == 3));
    struct cell_match cell = cell_at(at, end);
    PROPERTY(at + cell.size <= end);
    look_check(at, amount.size, FIGURE_AMOUNT);
    return amount.size;
#elif defined FAMILY_DATE
    struct date_match date = date_at(at, end);
    PROPERTY(!date.size || (date.day.month >= 1 && date.day.month <= 12 && date.day.day >= 1 && date.day.day <= 31));
    look_check(at, date.size, FIGURE_DATE);
    return date.size;
#elif defined FAMILY_CASE
    struct number_match number = case_number_at(at, end);
    PROPERTY(!number.size == (number.shape == NUMBER_NONE));
    look_check(at, number.size, FIGURE_CASE);
    return number.size;
#elif defined FAMILY_LAW
    struct law_match law = law_at(at, end);
    return law.lead + law.size;
#elif defined FAMILY_ORG
    size_t size = org_at(at, end).size;
    const char *stop = glance_word_ahead(at);
    PROPERTY(stop == glance_word(at));
    /* where the pass asks for an organisation, its quick looks must not say that there is none */
    PROPERTY(!size || *at < 'A' || *at > 'Z' ||
             (glance_follows(at, stop) ? org_may_follow(at, stop, word_class(at, stop))
                                       : org_may_begin(at, stop, word_class(at, stop))));
    return size;
#elif defined FAMILY_PERSON
    struct name_match name = name_at(at, end);
    PROPERTY(name.words <= NAME_WORDS);
    PROPERTY(name.words < 2 ||
             glance_name(glance_word(at), end)); /* where the pass asks for a name, its look lets it */
    return name.size;
#elif defined FAMILY_CPR
    return cpr_at(at, end, CPR_UNKNOWN);
#else
#error "name a family"
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = property_text(data, size > 4096 ? 4096 : size);
    char *bytes = property_clean(text);
    struct span clean = {bytes, text.size};
    for (size_t at = 0; at < clean.size; at++) {
        if (!property_boundary(clean, at))
            continue;
        size_t match = family_size(bytes + at, bytes + clean.size);
        PROPERTY(at + match <= clean.size && property_boundary(clean, at + match));
    }
    free(bytes);
    return 0;
}
