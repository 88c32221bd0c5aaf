/* option: the command line of one command. */
#include "option.h"

#include "suggest.h"

#include <inttypes.h>
#include <string.h>

enum { NAMES_MAX = 64, HELP_COLUMN = 26 };

static size_t row_count(const struct option_row *rows)
{
    size_t count = 0;
    while (rows[count].kind != OPTION_END)
        count++;
    return count;
}

static const struct option_row *row_of_name(const struct option_row *rows, const char *name, size_t size)
{
    for (; rows->kind != OPTION_END; rows++)
        if (strlen(rows->name) == size && strncmp(rows->name, name, size) == 0)
            return rows;
    return NULL;
}

static const struct option_row *row_of_letter(const struct option_row *rows, char letter)
{
    for (; rows->kind != OPTION_END; rows++)
        if (rows->letter == letter)
            return rows;
    return NULL;
}

static enum fault unknown(const struct option_row *rows, const char *word, size_t size, struct error *err)
{
    const char *names[NAMES_MAX];
    char name[64];
    size_t count = row_count(rows) < NAMES_MAX ? row_count(rows) : NAMES_MAX;
    for (size_t i = 0; i < count; i++)
        names[i] = rows[i].name;
    snprintf(name, sizeof name, "%.*s", (int)size, word);
    const char *meant = suggest(name, names, count);
    if (meant != NULL)
        return error_set(err, FAULT_REJECT, "usage.option", "there is no option --%s; did you mean --%s?", name, meant);
    return error_set(err, FAULT_REJECT, "usage.option",
                     "there is no option --%s; --help lists them (-- goes before words that begin with a dash)", name);
}

static enum fault number_take(const struct option_row *row, const char *value, struct error *err)
{
    uint64_t number = 0;
    bool digits = *value != '\0';
    for (const char *at = value; digits && *at; at++) {
        digits = *at >= '0' && *at <= '9' && !__builtin_mul_overflow(number, UINT64_C(10), &number) &&
                 !__builtin_add_overflow(number, (uint64_t)(*at - '0'), &number);
    }
    if (!digits || number < row->low || number > row->high)
        return error_set(err, FAULT_REJECT, "usage.option",
                         "--%s takes a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'", row->name, row->low,
                         row->high, value);
    *(uint64_t *)row->target = number;
    return FAULT_NONE;
}

static enum fault list_take(const struct option_row *row, const char *value, struct error *err)
{
    struct option_list *list = row->target;
    if (list->count == OPTION_LIST_MAX)
        return error_set(err, FAULT_REJECT, "usage.option", "--%s can be given %d times", row->name, OPTION_LIST_MAX);
    list->items[list->count++] = value;
    return FAULT_NONE;
}

static enum fault value_take(const struct option_row *row, const char *value, struct error *err)
{
    if (row->kind == OPTION_NUMBER)
        return number_take(row, value, err);
    if (*value == '\0')
        return error_set(err, FAULT_REJECT, "usage.option", "--%s needs a value that is not empty: --%s %s", row->name,
                         row->name, row->value);
    if (row->kind == OPTION_LIST)
        return list_take(row, value, err);
    *(const char **)row->target = value;
    return FAULT_NONE;
}

/* One option at argv[*at]; *at moves to its last word. */
static enum fault option_take(const struct option_row *rows, size_t argc, const char **argv, size_t *at,
                              struct error *err)
{
    const char *word = argv[*at];
    bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1);
    size_t size = is_long ? strcspn(name, "=") : 1;
    const char *value = is_long && name[size] == '=' ? name + size + 1 : NULL;
    const struct option_row *row = is_long ? row_of_name(rows, name, size) : row_of_letter(rows, *name);
    if (!is_long && (row == NULL || name[1] != '\0'))
        return error_set(err, FAULT_REJECT, "usage.option",
                         "there is no option %s; -- goes before words that begin with a dash", word);
    if (row == NULL)
        return unknown(rows, name, size, err);
    if (row->kind == OPTION_FLAG) {
        if (value != NULL)
            return error_set(err, FAULT_REJECT, "usage.option", "--%s takes no value", row->name);
        *(bool *)row->target = true;
        return FAULT_NONE;
    }
    if (value == NULL && *at + 1 >= argc)
        return error_set(err, FAULT_REJECT, "usage.option", "--%s needs a value: --%s %s", row->name, row->name,
                         row->value);
    return value_take(row, value ? value : argv[++*at], err);
}

enum fault option_parse(const struct option_row *rows, size_t argc, const char **argv, bool stop_at_operand,
                        struct operands *operands, struct error *err)
{
    size_t kept = 0;
    bool ended = false;
    for (size_t at = 0; at < argc; at++) {
        const char *word = argv[at];
        if (!ended && strcmp(word, "--") == 0) {
            ended = true;
        } else if (ended || word[0] != '-' || word[1] == '\0') { /* - alone is standard input */
            argv[kept++] = word;
            ended = ended || stop_at_operand;
        } else {
            TRY(option_take(rows, argc, argv, &at, err));
        }
    }
    *operands = (struct operands){argv, kept};
    return FAULT_NONE;
}

void option_help(const struct option_row *rows, FILE *out)
{
    for (; rows->kind != OPTION_END; rows++) {
        char left[64], letter[8] = "";
        if (rows->letter != 0)
            snprintf(letter, sizeof letter, "-%c, ", rows->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, rows->name, rows->value ? " " : "",
                 rows->value ? rows->value : "");
        if (strlen(left) < HELP_COLUMN)
            fprintf(out, "  %-*s%s\n", HELP_COLUMN, left, rows->help);
        else
            fprintf(out, "  %s\n  %*s%s\n", left, HELP_COLUMN, "", rows->help);
    }
}
