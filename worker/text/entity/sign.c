/* sign: a minus before a sum: which dashes are one. Part of the pass over the text (entity.c). Pure. */
#include "scan.h"

#include "words.h"

/* "en rabat på - 125.000 kr.": a dash set apart from the sum is its sign if a preposition wants a sum. Gives the size
 * of the sign and the sum, 0 if it is a dash. */
static size_t sign_apart(const struct scan *scan, const char *at, const char *number, struct amount_match *amount)
{
    static const struct span leads[] = {WORD("på"), WORD("af"), WORD("til"), WORD("udgør"), WORD("med")};
    struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
    bool led = false;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        led = led || span_equal(word, leads[i]);
    *amount = led && word.at + word.size + 1 == at ? amount_at(number, scan->end) : (struct amount_match){0};
    if (!amount->size || amount->low_ore != amount->high_ore)
        return 0;
    amount->low_ore = amount->high_ore = -amount->low_ore;
    return amount->size += (size_t)(number - at);
}

const char *scan_sign(struct scan *scan, const char *at, size_t size)
{
    char before = at > scan->base ? at[-1] : ' ';
    const char *number = at + size;
    bool free = before == ' ' || before == '\n' || before == '(' || before == '\t';
    if (number < scan->end && *number == ' ' && (unsigned char)*at == 0xC3)
        number++;
    struct amount_match amount;
    if (before == ' ' && number + 1 < scan->end && *number == ' ' && number[1] >= '0' && number[1] <= '9' &&
        sign_apart(scan, at, number + 1, &amount))
        return scan_amount(scan, at, &amount) ? at + amount.size : NULL;
    if (!free || number >= scan->end || !(*number >= '0' && *number <= '9'))
        return at + size;
    amount = amount_at(at, scan->end);
    if (!amount.size)
        return at + size;
    return scan_amount(scan, at, &amount) ? at + amount.size : NULL;
}
