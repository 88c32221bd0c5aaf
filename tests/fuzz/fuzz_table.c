/* fuzz_table: tables and sums. The cells of a row lie inside it, one behind the other, and so do the numbers in them;
 * the amounts of tables are kroner, and as large below as above. The data stand as a table under a unit, and as the
 * rest of a line that gives one. */
#include "lines.h"

#include "column.h"
#include "unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cells(struct span row, const struct span *cells, size_t count)
{
    const char *last = row.at;
    struct columns columns = {.count = 0};
    PROPERTY(count <= COLUMNS);
    for (size_t i = 0; i < count; i++) {
        property_inside(row, cells[i]);
        PROPERTY(cells[i].at >= last);
        last = cells[i].at + cells[i].size;
        PROPERTY(cell_number(cells[i]).size <= cells[i].size && unit_scale(cells[i]) >= 0);
    }
    PROPERTY(columns_read(&columns, cells, count, 0) >= 0 && columns.count <= COLUMNS);
    for (size_t i = 0; i < columns.count; i++)
        PROPERTY(columns.items[i].scale >= 0);
    (void)column_is_head(cells, count);
}

static void check_row(struct span row)
{
    struct span cells[COLUMNS];
    check_cells(row, cells, cell_split(row, cells));
    check_cells(row, cells, cell_split_typed(row, cells));
    for (size_t columns = 0; columns <= 4; columns++)
        check_cells(row, cells, cell_split_flat(row, columns, cells));
    for (size_t columns = 2; columns <= 5; columns++)
        if (column_split(row, columns, cells))
            check_cells(row, cells, columns);
    PROPERTY(cell_last(row) <= row.size && property_boundary(row, cell_last(row)));
    PROPERTY(unit_of(row, false) >= 0 && unit_of(row, true) >= 0);
}

static void check_sums(const struct minutes *minutes)
{
    for (size_t i = 0; i < minutes->entity_count; i++) {
        const struct entity *entity = &minutes->entities[i];
        PROPERTY(entity->type == ENTITY_AMOUNT || !entity->table);
        PROPERTY(entity->type != ENTITY_AMOUNT || entity->low_ore <= entity->high_ore);
        PROPERTY(!entity->table || entity->low_ore == entity->high_ore);
        PROPERTY(!entity->table || memcmp(entity->value.at + entity->value.size - 3, "DKK", 3) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char rest[] = "\n\nBeslutning\n\nGodkendt.\n";
    struct span text = property_text(data, size > 4000 ? 4000 : size);
    lines_check(text, check_row);
    property_framed("Byrådet\n\n1. Budget\n\nØkonomi (i 1.000 kr.)\n", text, rest, MEDIA_MARKDOWN, check_sums);
    property_framed("Byrådet\n\n1. Budget\n\nØkonomi\n\nUdgifterne fordeler sig således (beløb i kr.) ", text, rest,
                    MEDIA_PLAIN, check_sums);
    return 0;
}
