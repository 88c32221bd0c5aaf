/* vote_table: votes in columns. Pure.
 *
 * A head names the sides ("For | Imod | Undlod"). Below it each column lists its voters, or each line begins with a
 * voter and has a number or a cross in the column of his side. */
#include "vote.h"

enum { COLUMNS = 6, NO_SIDE = 255 };

/* The columns of a head: which side each one is, or NO_SIDE; how many sides there are. */
struct table_head {
    uint8_t sides[COLUMNS];
    size_t count;
    size_t end; /* behind the head's line */
};

static enum side head_side(const struct vote_word *phrase)
{
    return phrase->kind == VOTE_IDLE ? SIDE_ABSTAIN : (enum side)phrase->side;
}

static struct table_head columns_read(const struct ballot *ballot, size_t i)
{
    struct table_head head = {.end = i};
    size_t column = 0;
    for (size_t c = 0; c < COLUMNS; c++)
        head.sides[c] = NO_SIDE;
    for (;; head.end++) {
        enum vote_kind kind = kind_of(ballot, head.end);
        if (kind == VOTE_CELL)
            column++;
        else if (kind == VOTE_SIDE || kind == VOTE_IDLE) {
            if (column < COLUMNS && head.sides[column] == NO_SIDE) {
                head.sides[column] = (uint8_t)head_side(&ballot->phrases.items[head.end]);
                head.count++;
            }
        } else if (kind != VOTE_WORD && kind != VOTE_FILL && kind != VOTE_CAST && kind != VOTE_LIST)
            break;
    }
    if (kind_of(ballot, head.end) != VOTE_LINE || column == 0)
        head.count = 0;
    return head;
}

/* A cross or a number that is not nought shows that the line's voter is on this side. */
static bool is_mark(const struct ballot *ballot, size_t i)
{
    const struct vote_word *phrase = &ballot->phrases.items[i];
    const char *at = ballot->reading->body.text.at + phrase->start;
    if (phrase->kind == VOTE_COUNT)
        return *at != '0';
    bool sign = phrase->kind == VOTE_WORD && phrase->end - phrase->start < 4; /* "x", a tick */
    bool cross = phrase->kind == VOTE_LIST && phrase->end - phrase->start == 1 && *at == 'X';
    return sign || cross || phrase->kind == VOTE_SIDE;
}

/* One line of the table; behind it. */
static size_t row_read(struct ballot *ballot, size_t i, const struct table_head *head)
{
    size_t column = 0, voter = SIZE_MAX;
    for (; kind_of(ballot, i) != VOTE_LINE && kind_of(ballot, i) != VOTE_STOP; i++) {
        enum vote_kind kind = kind_of(ballot, i);
        column += kind == VOTE_CELL;
        uint8_t side = column < COLUMNS ? head->sides[column] : NO_SIDE;
        if (side == NO_SIDE) {
            voter = is_list(ballot, i) ? i : voter;
        } else if (voter == SIZE_MAX && is_list(ballot, i)) {
            ballot_take(ballot, (enum side)side, i, true);
        } else if (voter != SIZE_MAX && is_mark(ballot, i) && is_list(ballot, voter)) {
            ballot_take(ballot, (enum side)side, voter, true);
        }
    }
    return i;
}

size_t ballot_table(struct ballot *ballot, size_t i)
{
    if (i > 0 && kind_of(ballot, i - 1) != VOTE_LINE && kind_of(ballot, i - 1) != VOTE_STOP)
        return i;
    struct table_head head = columns_read(ballot, i);
    if (head.count < 2)
        return i;
    ballot->voted = true;
    for (i = head.end; kind_of(ballot, i) == VOTE_LINE;) {
        size_t next = i + 1;
        bool cells = false;
        while (kind_of(ballot, next) != VOTE_LINE && kind_of(ballot, next) != VOTE_STOP)
            cells = kind_of(ballot, next++) == VOTE_CELL || cells;
        if (!cells)
            return i;
        i = row_read(ballot, i + 1, &head);
    }
    return i;
}
