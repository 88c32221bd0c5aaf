/* normal: two spellings of one thing -> one form. Pure. */
#include "normal.h"

#include "letter.h"
#include "utf8.h"

#include <utf8proc.h>

/* Longer values are normalised as far as this: no name of anything is so long, and terms are cut far earlier. */
enum { NORMAL_MAX_BYTES = 1024, ROOM_PER_BYTE = 4 };

static const uint32_t RING = 0x30A, DIAERESIS = 0x308; /* combining */

/* Bytes on the stack; a gap is one separator that is written only between two things. */
struct form {
    char at[NORMAL_MAX_BYTES * ROOM_PER_BYTE];
    size_t size;
    char separator;
    bool gap;
};

static struct span cut(struct span value)
{
    size_t size = value.size;
    if (size > NORMAL_MAX_BYTES) {
        size = NORMAL_MAX_BYTES;
        while (size > 0 && ((unsigned char)value.at[size] & 0xC0) == 0x80)
            size--;
    }
    return (struct span){value.at, size};
}

static inline void form_bytes(struct form *form, const char *bytes, size_t size)
{
    bool gap = form->gap && form->size > 0;
    if (form->size + gap + size > sizeof form->at)
        return;
    if (gap)
        form->at[form->size++] = form->separator;
    form->gap = false;
    memcpy(form->at + form->size, bytes, size);
    form->size += size;
}

static void form_character(struct form *form, uint32_t character)
{
    char bytes[4];
    form_bytes(form, bytes, utf8_encode(character, bytes));
}

static struct span form_end(struct arena *arena, const struct form *form)
{
    struct text copy = arena_copy(arena, (struct span){form->at, form->size});
    return (struct span){copy.at, copy.size};
}

/* What Danish writes in two ways; NULL for all else. A letter with a combining ring or dots is one of them too. */
static const char *two_letters(uint32_t character, uint32_t mark)
{
    switch (character) {
    case 'A':
    case 'a': return mark == RING ? "aa" : mark == DIAERESIS ? "ae" : NULL;
    case 'O':
    case 'o': return mark == DIAERESIS ? "oe" : NULL;
    case 0xC5:
    case 0xE5:
    case 0x212B: return "aa";
    case 0xC6:
    case 0xE6:
    case 0xC4:
    case 0xE4: return "ae";
    case 0xD8:
    case 0xF8:
    case 0xD6:
    case 0xF6: return "oe";
    default: return NULL;
    }
}

/* One character of a name without its accents, in lower case. */
static void fold_character(struct form *form, uint32_t character)
{
    utf8proc_int32_t parts[16];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)character, parts, 16, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &boundary);
    for (utf8proc_ssize_t i = 0; i < count && i < 16; i++) {
        uint32_t part = (uint32_t)parts[i];
        const char *two = two_letters(part, 0);
        if (two != NULL)
            form_bytes(form, two, 2);
        else if (letter_is_word(part) && part != '_')
            form_character(form, part);
        else
            form->gap = true;
    }
}

/* Letters, digits and signs of ASCII from `at` on that no accent follows, as far as there is room; where they end. */
static const char *fold_plain(struct form *form, const char *at, const char *end)
{
    enum { ACCENT = 0xCC }; /* with which RING and DIAERESIS begin */
    size_t size = form->size;
    bool gap = form->gap;
    for (; at < end && size + 2 <= sizeof form->at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte >= 0x80 || byte == '&' || (at + 1 < end && (unsigned char)at[1] == ACCENT))
            break;
        if ((letter_ascii[byte] & LETTER_WORD) == 0 || byte == '_') {
            gap = true;
            continue;
        }
        if (gap && size > 0)
            form->at[size++] = form->separator;
        gap = false;
        form->at[size++] = (char)letter_lower(byte);
    }
    form->size = size;
    form->gap = gap;
    return at;
}

static void fold_into(struct form *form, struct span value)
{
    if (value.size == 0) /* it may have no address */
        return;
    const char *at = value.at, *end = at + value.size;
    while ((at = fold_plain(form, at, end)) < end) {
        uint32_t character, mark = 0;
        at += letter_read(at, end, &character);
        size_t mark_size = at < end ? letter_read(at, end, &mark) : 0;
        const char *two = two_letters(character, mark);
        if (two != NULL) {
            form_bytes(form, two, 2);
            at += mark == RING || mark == DIAERESIS ? mark_size : 0;
        } else if (character == '&') {
            form->gap = true;
            form_bytes(form, "og", 2);
            form->gap = true;
        } else {
            fold_character(form, character);
        }
    }
}

struct span normal_fold(struct arena *arena, struct span value)
{
    struct form form;
    form.size = 0, form.separator = ' ', form.gap = false;
    fold_into(&form, cut(value));
    return form_end(arena, &form);
}

static bool span_ends(struct span whole, struct span end)
{
    return whole.size >= end.size && memcmp(whole.at + whole.size - end.size, end.at, end.size) == 0;
}

struct span normal_municipality(struct arena *arena, struct span value)
{
    static const struct span behind[] = {{" kommune", 8}, {" kommunes", 9}, {" regionskommune", 15}, {" byraad", 7}};
    struct span folded = normal_fold(arena, value);
    if (folded.at == NULL)
        return folded;
    if (span_starts(folded, SPAN("kommunen ")))
        folded = span_cut(folded, 9, folded.size);
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
        if (span_ends(folded, behind[i]))
            folded.size -= behind[i].size;
    return folded;
}

struct span normal_party(struct arena *arena, struct span value)
{
    struct form form;
    struct span whole = cut(value);
    form.size = 0, form.separator = ' ', form.gap = false;
    for (const char *at = whole.at, *end = at + whole.size; at < end;) {
        uint32_t character;
        at += letter_read(at, end, &character);
        if (letter_is_word(character))
            form_character(&form, (uint32_t)utf8proc_toupper((utf8proc_int32_t)character));
    }
    return form_end(arena, &form);
}

/* ---- numbers of cases and subjects */

/* Lower case, runs of anything else as one dash. */
static void dash_into(struct form *form, struct span value)
{
    for (const char *at = value.at, *end = at + value.size; at < end;) {
        uint32_t character;
        at += letter_read(at, end, &character);
        if (letter_is_word(character) && character != '_')
            form_character(form, letter_lower(character));
        else
            form->gap = true;
    }
}

static bool is_digits(const char *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (at[i] < '0' || at[i] > '9')
            return false;
    return true;
}

/* How many of the pairs 12, 12-34, 12-34-56 the dashed form begins with; each ends at a dash, a letter or the end. */
static size_t kle_pairs(struct span dashed)
{
    size_t pairs = 0;
    while (pairs < 3 && dashed.size >= pairs * 3 + 2 && is_digits(dashed.at + pairs * 3, 2) &&
           (pairs == 0 || dashed.at[pairs * 3 - 1] == '-'))
        pairs++;
    if (pairs > 0 && dashed.size > pairs * 3 - 1 && is_digits(dashed.at + pairs * 3 - 1, 1))
        pairs--;
    return pairs;
}

/* Size of a facet "-g01" or "g01" behind the pairs, 0 if there is none. */
static size_t kle_facet(struct span rest)
{
    size_t dash = rest.size > 0 && rest.at[0] == '-';
    if (rest.size < dash + 3 || rest.at[dash] < 'a' || rest.at[dash] > 'z' || !is_digits(rest.at + dash + 1, 2))
        return 0;
    return dash + 3;
}

static void put_kle(struct form *form, struct span dashed, size_t pairs)
{
    for (size_t i = 0; i < pairs; i++) {
        if (i > 0)
            form_bytes(form, ".", 1);
        form_bytes(form, dashed.at + i * 3, 2);
    }
}

/* The serial number and the year of a case behind its KLE number: "87-19", "8719", "87-2019" are one. */
static bool put_serial(struct form *form, struct span rest)
{
    char digits[32];
    size_t count = 0, last = 0, groups = 1;
    for (size_t i = 0; i < rest.size; i++) {
        if (rest.at[i] == '-') {
            groups++;
            last = 0;
        } else if (count == sizeof digits || !is_digits(rest.at + i, 1)) {
            return false;
        } else {
            digits[count++] = rest.at[i];
            last++;
        }
    }
    if (count < 3 || groups > 2 || (groups == 2 && last != 2 && last != 4))
        return false;
    size_t year = groups == 2 ? last : 2;
    form->gap = true;
    form_bytes(form, digits, count - year);
    form->gap = true;
    form_bytes(form, digits + count - 2, 2);
    return true;
}

struct span normal_case(struct arena *arena, struct span value)
{
    struct form dashed, form;
    dashed.size = form.size = 0, dashed.separator = form.separator = '-', dashed.gap = form.gap = false;
    dash_into(&dashed, cut(value));
    struct span whole = {dashed.at, dashed.size};
    if (kle_pairs(whole) < 3)
        return form_end(arena, &dashed);
    put_kle(&form, whole, 3);
    struct span rest = span_cut(whole, 8, whole.size);
    size_t facet = kle_facet(rest);
    if (facet > 0) {
        form.gap = true;
        form_bytes(&form, rest.at + facet - 3, 3);
        rest = span_cut(rest, facet, rest.size);
    }
    if (rest.size > 0 && rest.at[0] == '-')
        rest = span_cut(rest, 1, rest.size);
    if (rest.size > 0 && !put_serial(&form, rest)) {
        form.gap = true;
        form_bytes(&form, rest.at, rest.size);
    }
    return form_end(arena, &form);
}

struct span normal_kle(struct arena *arena, struct span value)
{
    struct form dashed, form;
    dashed.size = form.size = 0, dashed.separator = '-', dashed.gap = form.gap = false;
    struct span first = cut(value);
    dash_into(&dashed, first);
    struct span whole = {dashed.at, dashed.size};
    size_t pairs = kle_pairs(whole);
    struct span rest = span_cut(whole, pairs ? pairs * 3 - 1 : 0, whole.size);
    size_t facet = pairs == 3 ? kle_facet(rest) : 0;
    /* "19/11679" begins like a KLE number: what goes on must be a whole number with its points */
    bool pointed = first.size >= 8 && first.at[2] == '.' && first.at[5] == '.';
    if (pairs == 0 || (rest.size > facet && !(pairs == 3 && pointed)))
        return (struct span){"", 0};
    put_kle(&form, whole, pairs);
    if (facet > 0) {
        form_bytes(&form, ".", 1);
        form_bytes(&form, rest.at + facet - 3, 3);
    }
    return form_end(arena, &form);
}

/* ---- acts */

/* "styrelseslovens" -> "styrelsesloven": a genitive only where a paragraph follows. */
static void cut_genitive(struct form *form)
{
    if (form->size > 6 && memcmp(form->at + form->size - 3, "ens", 3) == 0)
        form->size--;
}

struct span normal_law(struct arena *arena, struct span value)
{
    struct form form;
    struct span rest = cut(value);
    form.size = 0, form.separator = ' ', form.gap = false;
    bool paragraph = false;
    while (rest.size > 0) {
        size_t end = 0;
        while (end < rest.size && !span_starts(span_cut(rest, end, rest.size), SPAN("§")))
            end++;
        fold_into(&form, span_cut(rest, 0, end));
        form.gap = true;
        if (end < rest.size && !paragraph) {
            cut_genitive(&form);
            form_bytes(&form, "§", strlen("§"));
            form.gap = true;
            paragraph = true;
        }
        rest = end < rest.size ? span_cut(rest, end + strlen("§"), rest.size) : (struct span){rest.at, 0};
    }
    return form_end(arena, &form);
}
