/* explain: the walk over a reading that both ways of showing it share. Entities of different types may lie inside one
 * another (a name in a heading): the outer one is opened first and closed last; what crosses an open one is left out.
 */
#include "explain.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH = 4, MARGIN = 22 };

struct page {
    struct arena *arena;
    const struct minutes *minutes;
    LIST(char) out;
    bool full, html;
    const struct entity *open[DEPTH]; /* the entities around the place where the walk is */
    size_t depth;
};

/* Colours of a terminal and of the page, one an entity type. */
static const struct {
    const char *ansi, *html;
} colours[ENTITY_TYPES] = {
    [ENTITY_MEMBER] = {"\033[1;34m", "#cfe2ff"}, [ENTITY_OFFICIAL] = {"\033[34m", "#e2e3f3"},
    [ENTITY_CASE] = {"\033[1;35m", "#f0d0f5"},   [ENTITY_DOCUMENT] = {"\033[35m", "#f7e3fa"},
    [ENTITY_KLE] = {"\033[1;36m", "#cff4fc"},    [ENTITY_AMOUNT] = {"\033[1;32m", "#d1e7dd"},
    [ENTITY_DATE] = {"\033[33m", "#fff3cd"},     [ENTITY_LAW] = {"\033[1;31m", "#f8d7da"},
    [ENTITY_ORG] = {"\033[36m", "#d7f0ee"},      [ENTITY_ITEM] = {"\033[1;4m", "#ffffff"},
};

static void put_bytes(struct page *page, const char *at, size_t size)
{
    while (!page->full && page->out.capacity - page->out.count < size + 1) {
        void *items = page->out.items;
        page->full = !arena_grow(page->arena, &items, &page->out.capacity, page->out.capacity, 1);
        page->out.items = items;
    }
    if (page->full)
        return;
    memcpy(page->out.items + page->out.count, at, size);
    page->out.count += size;
}

static void put(struct page *page, const char *text)
{
    put_bytes(page, text, strlen(text));
}

/* What a page or a terminal would take for its own: <, & and quotes there, control characters here. */
static const char *escape_of(const struct page *page, unsigned char c)
{
    if (!page->html)
        return (c < 0x20 && c != '\t') || c == 0x7F ? "?" : NULL;
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case 0: return "?";
    default: return NULL;
    }
}

static void put_text(struct page *page, struct span text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *escape = escape_of(page, (unsigned char)text.at[i]);
        if (!escape)
            continue;
        put_bytes(page, text.at + from, i - from);
        put(page, escape);
        from = i + 1;
    }
    put_bytes(page, text.at + from, text.size - from);
}

static void entity_open(struct page *page, const struct entity *entity)
{
    if (!page->html) {
        put(page, colours[entity->type].ansi);
        return;
    }
    put(page, "<mark class=\"");
    put(page, entity_type_name(entity->type));
    put(page, "\" title=\"");
    put(page, entity->rule);
    put(page, ": ");
    put_text(page, entity->value);
    put(page, "\">");
}

static void entity_close(struct page *page, const struct entity *entity)
{
    if (page->html) {
        put(page, "</mark>");
        return;
    }
    put(page, "\033[0;2m[");
    put(page, entity->rule);
    put(page, " ");
    put_text(page, entity->value);
    put(page, "]\033[0m");
    if (page->depth > 1)
        put(page, colours[page->open[page->depth - 2]->type].ansi);
}

/* The item and the section in which a line begins. */
struct margin_spot {
    size_t item, section;
};

static void place_follow(const struct meeting *meeting, size_t at, struct margin_spot *place)
{
    while (place->item < meeting->item_count && meeting->items[place->item].end <= at) {
        place->item++;
        place->section = 0;
    }
    if (place->item >= meeting->item_count)
        return;
    const struct item *item = &meeting->items[place->item];
    while (place->section + 1 < item->section_count && item->sections[place->section + 1].start <= at)
        place->section++;
}

static void margin_put(struct page *page, size_t at, struct margin_spot *place)
{
    const struct meeting *meeting = &page->minutes->meeting;
    char margin[80] = "";
    place_follow(meeting, at, place);
    const struct item *item = place->item < meeting->item_count ? &meeting->items[place->item] : NULL;
    if (item && item->start <= at) {
        bool inside = place->section < item->section_count && item->sections[place->section].start <= at;
        snprintf(margin, sizeof margin, "%.*s %s", (int)(item->number.size < 6 ? item->number.size : 6),
                 item->number.at, inside ? section_kind_name(item->sections[place->section].kind) : "");
    }
    char cell[96];
    snprintf(cell, sizeof cell, "%-*.*s", MARGIN, MARGIN, margin);
    put(page, page->html ? "<i>" : "\033[2m");
    put_text(page, span_of(cell));
    put(page, page->html ? "</i>" : " | \033[0m");
}

/* Opened again behind a line end, so that no colour runs into the margin. */
static void reopen(struct page *page)
{
    for (size_t i = 0; i < page->depth; i++)
        entity_open(page, page->open[i]);
}

static void suspend(struct page *page)
{
    for (size_t i = 0; i < page->depth; i++)
        put(page, page->html ? "</mark>" : "\033[0m");
}

/* The text between two places where something begins or ends; margins at line ends. */
static void stretch_put(struct page *page, size_t start, size_t end, struct margin_spot *place)
{
    const char *body = page->minutes->body.at;
    while (start < end) {
        const char *stop = memchr(body + start, '\n', end - start);
        size_t next = stop ? (size_t)(stop - body) : end;
        put_text(page, (struct span){body + start, next - start});
        if (!stop)
            return;
        suspend(page);
        put(page, "\n");
        margin_put(page, next + 1, place);
        reopen(page);
        start = next + 1;
    }
}

/* Close what ends before or at `limit`, the innermost first. Gives where the walk is. */
static size_t close_until(struct page *page, size_t at, size_t limit, struct margin_spot *place)
{
    while (page->depth && page->open[page->depth - 1]->end <= limit) {
        const struct entity *inner = page->open[page->depth - 1];
        stretch_put(page, at, inner->end, place);
        at = inner->end;
        entity_close(page, inner);
        page->depth--;
    }
    return at;
}

static void body_put(struct page *page)
{
    const struct minutes *minutes = page->minutes;
    struct margin_spot place = {0};
    size_t at = 0;
    margin_put(page, 0, &place);
    for (size_t i = 0; i < minutes->entity_count && !page->full; i++) {
        const struct entity *entity = &minutes->entities[i];
        at = close_until(page, at, entity->start, &place);
        bool fits = page->depth < DEPTH && (!page->depth || entity->end <= page->open[page->depth - 1]->end);
        if (!fits || entity->start < at)
            continue;
        stretch_put(page, at, entity->start, &place);
        at = entity->start;
        entity_open(page, entity);
        page->open[page->depth++] = entity;
    }
    at = close_until(page, at, minutes->body.size, &place);
    stretch_put(page, at, minutes->body.size, &place);
    put(page, "\n");
}

static void legend_put(struct page *page)
{
    size_t counts[ENTITY_TYPES] = {0};
    for (size_t i = 0; i < page->minutes->entity_count; i++)
        counts[page->minutes->entities[i].type]++;
    for (int type = 0; type < ENTITY_TYPES; type++) {
        char count[32];
        const char *name = entity_type_name((enum entity_type)type);
        snprintf(count, sizeof count, " %zu", counts[type]);
        put(page, page->html ? "<mark class=\"" : colours[type].ansi);
        put(page, page->html ? name : "");
        put(page, page->html ? "\">" : "");
        put(page, name);
        put(page, page->html ? "</mark>" : "\033[0m");
        put(page, count);
        put(page, "  ");
    }
    put(page, "\n");
}

static void terms_put(struct page *page, struct span terms)
{
    if (!terms.size)
        return;
    put(page, page->html ? "<h2>Terms</h2>\n<pre>" : "\nterms\n");
    for (size_t start = 0; start < terms.size;) {
        const char *stop = memchr(terms.at + start, '\n', terms.size - start);
        size_t next = stop ? (size_t)(stop - terms.at) : terms.size;
        put_text(page, span_cut(terms, start, next));
        put(page, "\n");
        start = next + 1;
    }
    put(page, page->html ? "</pre>\n" : "");
}

static enum fault page_end(struct page *page, struct text *out, struct error *err)
{
    if (page->full)
        return arena_full(err);
    page->out.items[page->out.count] = 0;
    *out = (struct text){page->out.items, page->out.count};
    return FAULT_NONE;
}

enum fault explain_ansi(struct arena *arena, const struct minutes *minutes, struct span terms, struct text *out,
                        struct error *err)
{
    struct page page = {.arena = arena, .minutes = minutes};
    legend_put(&page);
    put(&page, "\n");
    body_put(&page);
    terms_put(&page, terms);
    return page_end(&page, out, err);
}

static void style_put(struct page *page)
{
    put(page, "<style>\nbody{font:16px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em}\n"
              "pre{white-space:pre-wrap;font:14px/1.6 monospace}\ni{color:#777;font-style:normal;user-select:none;"
              "border-right:1px solid #ccc;margin-right:1em}\nmark{color:inherit;border-radius:3px;padding:0 2px}\n"
              "mark.item{font-weight:bold;text-decoration:underline}\n");
    for (int type = 0; type < ENTITY_TYPES; type++) {
        char rule[80];
        snprintf(rule, sizeof rule, "mark.%s{background:%s}\n", entity_type_name((enum entity_type)type),
                 colours[type].html);
        put(page, rule);
    }
    put(page, "</style>\n");
}

enum fault explain_html(struct arena *arena, const struct minutes *minutes, struct span title, struct span terms,
                        struct text *out, struct error *err)
{
    struct page page = {.arena = arena, .minutes = minutes, .html = true};
    put(&page, "<!DOCTYPE html>\n<html lang=\"da\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    put_text(&page, title);
    put(&page, "</title>\n");
    style_put(&page);
    put(&page, "</head>\n<body>\n<h1>");
    put_text(&page, title);
    put(&page, "</h1>\n<p>");
    legend_put(&page);
    put(&page, "</p>\n<pre>");
    body_put(&page);
    put(&page, "</pre>\n");
    terms_put(&page, terms);
    put(&page, "</body>\n</html>\n");
    return page_end(&page, out, err);
}
