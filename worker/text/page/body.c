/* body: the steps from the bytes given to clean text. First stage of reading; on a text thread, pure. */
#include "body.h"

#include "pen.h"

#include <string.h>

/* A page of HTML that came as plain text still is one. */
static bool looks_like_html(struct span raw)
{
    size_t at = 0;
    while (at < raw.size && at < 200 && (raw.at[at] == ' ' || raw.at[at] == '\n' || raw.at[at] == '\r'))
        at++;
    static const char *const heads[] = {"<!DOCTYPE html", "<!doctype html", "<html", "<HTML", "<body", "<div"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (span_starts(span_cut(raw, at, raw.size), span_of(heads[i])))
            return true;
    return false;
}

enum fault body_clean(struct arena *arena, struct span raw, enum media_type media, struct body *out, struct error *err)
{
    *out = (struct body){.raw = raw};
    struct pen pen = {.arena = arena, .body = out, .out = arena_alloc(arena, raw.size + BODY_PAD)};
    if (!pen.out)
        return arena_full(err);
    if (media == MEDIA_HTML || looks_like_html(raw)) {
        body_html(&pen, raw);
    } else {
        pen.spaced = spaced_text(raw);
        body_markdown(&pen);
    }
    if (pen.full)
        return arena_full(err);
    memset(pen.out + pen.used, 0, BODY_PAD);
    out->text = (struct text){pen.out, pen.used};
    struct body_shape shape = body_shape(out);
    size_t lines = out->line_count;
    if (!margin_clear(arena, out, &shape))
        return arena_full(err);
    unfold_lines(out, out->line_count == lines ? &shape : NULL);
    return FAULT_NONE;
}

/* How many pieces begin at or before `clean`; `near`: how many did of an offset shortly before it. */
static size_t pieces_to(const struct body *body, size_t clean, size_t near)
{
    enum { NEAR_STEPS = 8 };
    const struct body_piece *items = body->pieces.items;
    size_t low = 0, left = body->pieces.count, most = left - near > NEAR_STEPS ? near + NEAR_STEPS : left;
    if (near > 0 && items[near - 1].clean <= clean) {
        while (near < most && items[near].clean <= clean)
            near++;
        if (near < most || near == left)
            return near;
    }
    while (left > 0) { /* no branch tells the half: nothing foretells it */
        size_t half = (left + 1) / 2;
        low += half & -(size_t)(items[low + half - 1].clean <= clean);
        left -= half;
    }
    return low;
}

size_t body_start(const struct body *body, size_t clean, size_t *near)
{
    *near = pieces_to(body, clean, *near);
    if (*near == 0)
        return clean;
    const struct body_piece *piece = &body->pieces.items[*near - 1];
    return piece->size ? piece->raw : piece->raw + (clean - piece->clean);
}

size_t body_end(const struct body *body, size_t clean, size_t near)
{
    size_t count = clean ? pieces_to(body, clean - 1, near) : 0;
    if (count == 0)
        return clean;
    const struct body_piece *piece = &body->pieces.items[count - 1];
    return piece->size ? piece->raw + piece->size : piece->raw + (clean - piece->clean);
}
