/* body: Markdown and plain text to clean text. First stage of reading; on a text thread, pure.
 *
 * One pass from byte to byte that needs a look. Every rule takes out or replaces; nothing is ever added, so the clean
 * text fits into as many bytes as were given. */
#include "body.h"

#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

static void piece_add(struct pen *pen, size_t raw, size_t size)
{
    struct body *body = pen->body;
    struct body_piece *last = body->pieces.count ? &body->pieces.items[body->pieces.count - 1] : NULL;
    if (!last || last->clean != pen->used)
        last = LIST_PUSH(pen->arena, &body->pieces);
    if (!last) {
        pen->full = true;
        return;
    }
    *last = (struct body_piece){(uint32_t)pen->used, (uint32_t)raw, (uint32_t)size};
}

void pen_copy(struct pen *pen, size_t raw, size_t size)
{
    memcpy(pen->out + pen->used, pen->body->raw.at + raw, size);
    pen->used += size;
}

void pen_replace(struct pen *pen, size_t raw, size_t size, struct span with)
{
    if (with.size) {
        piece_add(pen, raw, size);
        memcpy(pen->out + pen->used, with.at, with.size);
        pen->used += with.size;
    }
    piece_add(pen, raw + size, 0);
}

void pen_mark(struct pen *pen, uint8_t level)
{
    struct body_mark *mark = LIST_PUSH(pen->arena, &pen->body->marks);
    if (mark)
        *mark = (struct body_mark){(uint32_t)pen->used, level};
    else
        pen->full = true;
}

static bool small_letter(const char *at, const char *end)
{
    unsigned char first = at < end ? (unsigned char)*at : 0;
    if (first >= 'a' && first <= 'z')
        return true;
    return first == 0xC3 && at + 1 < end && (unsigned char)at[1] >= 0x9F; /* U+00DF..U+00FF */
}

static bool letter_before(const char *base, const char *at)
{
    if (at == base)
        return false;
    unsigned char last = (unsigned char)at[-1];
    return (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z') || (last >= 0x80 && last < 0xC0);
}

/* "Social-\nog Sundhedsudvalget": the hyphen stands for a left-out part and stays. */
static bool joins_words(const char *at, const char *end)
{
    static const char *const words[] = {"og ", "eller ", "samt ", "til ", "at ", "og\n", "mv"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        if ((size_t)(end - at) >= size && memcmp(at, words[i], size) == 0)
            return true;
    }
    return false;
}

/* A line end in the middle of a word ("vurde-\nrer") or of a number ("15/\n10204"): how many given bytes from `at`,
 * which is the hyphen or the line end, go; 0 if the line end stays. */
static size_t broken_word(const char *base, const char *at, const char *end, bool *keep_hyphen)
{
    const char *next = at;
    bool hyphen = *next == '-';
    if (hyphen)
        next++;
    while (next < end && next - at < 8 && (*next == ' ' || *next == '\r'))
        next++;
    if (next >= end || *next != '\n')
        return 0;
    const char *line = ++next;
    while (next < end && next - line < 100 && (*next == ' ' || *next == '\t' || *next == '\f'))
        next++;
    *keep_hyphen = false;
    if (!hyphen) { /* after a slash a number goes on */
        bool number = at - base >= 2 && at[-1] == '/' && at[-2] >= '0' && at[-2] <= '9';
        return number && next < end && *next >= '0' && *next <= '9' ? (size_t)(next - at) : 0;
    }
    if (!letter_before(base, at))
        return 0;
    if (small_letter(next, end))
        return joins_words(next, end) ? 0 : (size_t)(next - at);
    *keep_hyphen = next < end && ((*next >= 'A' && *next <= 'Z') || (unsigned char)*next == 0xC3);
    return *keep_hyphen ? (size_t)(next - at) : 0; /* "Lütken-\nLunn" */
}

/* The size of a run of `*` that marks bold or slanted text; a bullet ("* Punkt") or a lonely star is none. */
static size_t star_run(const char *base, const char *at, const char *end)
{
    const char *stop = at;
    while (stop < end && *stop == '*')
        stop++;
    bool bullet = stop - at == 1 && stop < end && *stop == ' ' && (at == base || at[-1] == '\n' || at[-1] == ' ');
    return bullet ? 0 : (size_t)(stop - at);
}

/* Level of the heading that begins at the line start `at`: `## T` gives 2, a line all in `**` 7. */
static uint8_t heading_level(const char *at, const char *end, size_t *marks)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 6 && *cursor == '#')
        cursor++;
    size_t level = (size_t)(cursor - at);
    *marks = 0;
    if (level && cursor < end && *cursor == ' ') {
        while (cursor < end && *cursor == ' ')
            cursor++;
        *marks = (size_t)(cursor - at);
        return (uint8_t)level;
    }
    if (end - at < 5 || at[0] != '*' || at[1] != '*' || at[2] == '*')
        return 0;
    const char *stop = memchr(at, '\n', (size_t)(end - at > 400 ? 400 : end - at));
    if (!stop)
        stop = end - at > 400 ? at : end;
    while (stop > at && (stop[-1] == ' ' || stop[-1] == '\r'))
        stop--;
    bool bold = stop - at > 4 && stop[-1] == '*' && stop[-2] == '*' && !memchr(at + 2, '*', (size_t)(stop - at - 4));
    return bold ? BODY_BOLD : 0;
}

/* A Markdown link `[words](address)`: the words stay. Size of the `](address)` at `at`, or 0. */
static size_t link_tail(const char *at, const char *end)
{
    if (end - at < 3 || at[1] != '(')
        return 0;
    const char *stop = at + 2;
    while (stop < end && stop - at < 400 && *stop != ')' && *stop != '\n' && *stop != ' ')
        stop++;
    return stop < end && *stop == ')' ? (size_t)(stop + 1 - at) : 0;
}

/* `[` begins a link if a `](` follows on the same line. */
static bool link_head(const char *at, const char *end)
{
    for (const char *cursor = at + 1; cursor + 1 < end && cursor - at < 300 && *cursor != '\n' && *cursor != '[';
         cursor++)
        if (*cursor == ']')
            return link_tail(cursor, end) > 0;
    return false;
}

/* Characters of more than one byte that stand for a space, or for nothing. True if it was one; *size its bytes. */
static bool odd_space(const char *at, const char *end, size_t *size, bool *nothing)
{
    unsigned char first = (unsigned char)at[0];
    unsigned char second = end - at > 1 ? (unsigned char)at[1] : 0;
    unsigned char third = end - at > 2 ? (unsigned char)at[2] : 0;
    *nothing = false;
    if (first == 0xC2) {
        *size = 2;
        *nothing = second == 0xAD; /* soft hyphen */
        return second == 0xA0 || second == 0xAD;
    }
    *size = 3;
    if (first == 0xEF) {
        *nothing = true; /* byte order mark */
        return second == 0xBB && third == 0xBF;
    }
    if (first != 0xE2 || second != 0x80)
        return false;
    *nothing = third == 0x8B || third == 0x8C || third == 0x8D; /* of no width */
    return third >= 0x80 && (third <= 0x8D || third == 0xAF);   /* U+2000..U+200A, U+202F */
}

static bool punctuation(const char *at, const char *end)
{
    return at<end && * at> 0 && strchr("\\`*_{}[]()#+-.!|<>", *at) != NULL;
}

/* One byte that needs a look; gives the offset to go on from. */
static size_t body_look(struct pen *pen, size_t at)
{
    const char *base = pen->body->raw.at, *here = base + at, *end = base + pen->body->raw.size;
    size_t size = 0;
    bool flag = false;
    switch (*here) {
    case 0: pen_replace(pen, at, 1, SPAN(" ")); return at + 1;
    case '*':
        if ((size = star_run(base, here, end)) == 0)
            break;
        pen_replace(pen, at, size, SPAN(""));
        return at + size;
    case '\r': pen_replace(pen, at, 1, here + 1 < end && here[1] == '\n' ? SPAN("") : SPAN("\n")); return at + 1;
    case '\f': /* a page ends: a line end, if there is none yet */
        pen_replace(pen, at, 1, at && (here[-1] == '\n' || here[-1] == '\r') ? SPAN("") : SPAN("\n"));
        return at + 1;
    case '\\':
        if (!punctuation(here + 1, end))
            break;
        pen_replace(pen, at, 1, SPAN(""));
        pen_copy(pen, at + 1, 1);
        return at + 2;
    case '[':
        if (!link_head(here, end))
            break;
        pen_replace(pen, at, 1, SPAN(""));
        return at + 1;
    case ']':
        if ((size = link_tail(here, end)) == 0)
            break;
        pen_replace(pen, at, size, SPAN(""));
        return at + size;
    case '\n':
        if ((size = broken_word(base, here, end, &flag)) == 0)
            break;
        pen_replace(pen, at, size, SPAN(""));
        return at + size;
    default:
        if (!odd_space(here, end, &size, &flag))
            break;
        pen_replace(pen, at, size, flag ? SPAN("") : SPAN(" "));
        return at + size;
    }
    pen_copy(pen, at, 1);
    return at + 1;
}

static size_t body_line_start(struct pen *pen, size_t at)
{
    const char *base = pen->body->raw.at;
    size_t marks = 0;
    pen->body->line_count++;
    uint8_t level = heading_level(base + at, base + pen->body->raw.size, &marks);
    if (level)
        pen_mark(pen, level);
    if (marks)
        pen_replace(pen, at, marks, SPAN(""));
    return at + marks;
}

/* The bytes that may begin something to take out. 0xC2, 0xE2, 0xEF lead no-break spaces, soft hyphens, thin spaces and
 * byte order marks; a hyphen counts before a line end. Eight comparisons for sixteen bytes, where the machine can. */
static bool needs_look(const char *at, const char *end)
{
    switch ((unsigned char)*at) {
    case 0:
    case '\n':
    case '\f':
    case '\r':
    case '*':
    case '\\':
    case '[':
    case ']': return true;
    case '-': return at + 1 < end && (at[1] == '\n' || at[1] == '\r');
    case 0xC2:
    case 0xE2:
    case 0xEF: {
        size_t size;
        bool nothing;
        return odd_space(at, end, &size, &nothing);
    }
    default: return false;
    }
}

/* A line end that stays, before a line without a heading mark. */
static bool plain_line_end(const char *base, const char *at, const char *end)
{
    return *at == '\n' && !(at > base && at[-1] == '/') && at + 1 < end && at[1] != '#' && at[1] != '*';
}

#ifdef __SSE2__
/* A table of sixteen bytes for both halves of thirty-two. */
__attribute__((target("avx2"))) static inline __m256i halves_of(const char table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

/* next_look for the bytes behind the first, up to 33 before the end, on machines that look at thirty-two places at a
 * time: the halves of a byte tell whether it needs a look, five groups of bytes by their upper half. */
__attribute__((target("avx2,popcnt"))) static const char *next_look_wide(const char *at, const char *end, size_t *lines)
{
    static const char low[16] =
        {[0x0] = 1, [0x2] = 8 | 16, [0xA] = 2, [0xB] = 4, [0xC] = 1 | 4, [0xD] = 1 | 4, [0xF] = 16},
                      high[16] = {[0x0] = 1, [0x2] = 2, [0x5] = 4, [0xC] = 8, [0xE] = 16};
    const __m256i lows = halves_of(low), highs = halves_of(high), half = _mm256_set1_epi8(15),
                  line = _mm256_set1_epi8('\n'), back = _mm256_set1_epi8('\r'), star = _mm256_set1_epi8('*'),
                  hyphen = _mm256_set1_epi8('-'), number = _mm256_set1_epi8('#'), stroke = _mm256_set1_epi8('/'),
                  nothing = _mm256_setzero_si256();
    for (; end - at > 33; at += 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)at), next = _mm256_loadu_si256((const __m256i *)(at + 1)),
                before = _mm256_loadu_si256((const __m256i *)(at - 1));
        __m256i group =
            _mm256_and_si256(_mm256_shuffle_epi8(lows, _mm256_and_si256(bytes, half)),
                             _mm256_shuffle_epi8(highs, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
        __m256i breaks = _mm256_cmpeq_epi8(bytes, line),
                ends = _mm256_or_si256(_mm256_cmpeq_epi8(next, line), _mm256_cmpeq_epi8(next, back));
        __m256i marked =
            _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(next, star), _mm256_cmpeq_epi8(next, number)),
                            _mm256_cmpeq_epi8(before, stroke));
        __m256i look =
            _mm256_or_si256(_mm256_and_si256(_mm256_cmpeq_epi8(bytes, hyphen), ends), _mm256_and_si256(breaks, marked));
        unsigned places = ~(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_or_si256(group, look), nothing)),
                 stops = (unsigned)_mm256_movemask_epi8(breaks);
        while (places && !needs_look(at + __builtin_ctz(places), end))
            places &= places - 1;
        if (places) { /* what is before it counts */
            *lines += (size_t)__builtin_popcount(stops & ((places & -places) - 1));
            return at + __builtin_ctz(places);
        }
        *lines += (size_t)__builtin_popcount(stops);
    }
    return at;
}
#endif

/* From `at` on; line ends before lines that need none are counted in *lines and passed over. */
static const char *next_look(const char *base, const char *at, const char *end, size_t *lines)
{
#ifdef __SSE2__
    const __m128i nul = _mm_setzero_si128(), line = _mm_set1_epi8('\n'), back = _mm_set1_epi8('\r'),
                  low = _mm_set1_epi8(1), star = _mm_set1_epi8('*'), hyphen = _mm_set1_epi8('-'),
                  bracket = _mm_set1_epi8('['), two = _mm_set1_epi8(2), lead = _mm_set1_epi8((char)0xC2),
                  lead3 = _mm_set1_epi8((char)0xE2), mark = _mm_set1_epi8((char)0xEF), number = _mm_set1_epi8('#'),
                  stroke = _mm_set1_epi8('/');
    if (at == base && at < end) { /* nothing stands before it */
        if (plain_line_end(base, at, end))
            ++*lines;
        else if (needs_look(at, end))
            return at;
        at++;
    }
    if (__builtin_cpu_supports("avx2") && end - at > 33) {
        at = next_look_wide(at, end, lines);
        if (end - at > 33)
            return at;
    }
    while (end - at > 16) {
        __m128i count = nul; /* of line ends, in sixteen bytes */
        for (int looks = 0; looks < 255 && end - at > 16; looks++, at += 16) {
            __m128i bytes = bytes_load(at), next = bytes_load(at + 1);
            __m128i breaks = _mm_cmpeq_epi8(bytes, line), stars = _mm_cmpeq_epi8(next, star);
            __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(next, line), _mm_cmpeq_epi8(next, back));
            __m128i from = _mm_sub_epi8(bytes, bracket);
            __m128i marked = _mm_or_si128(_mm_or_si128(stars, _mm_cmpeq_epi8(next, number)),
                                          _mm_cmpeq_epi8(bytes_load(at - 1), stroke));
            __m128i look = _mm_or_si128(_mm_cmpeq_epi8(bytes, nul), _mm_and_si128(breaks, marked));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(_mm_or_si128(bytes, low), back)); /* \r and \f */
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, star));
            look = _mm_or_si128(look, _mm_and_si128(_mm_cmpeq_epi8(bytes, hyphen), ends));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(_mm_min_epu8(from, two), from)); /* [ \ ] */
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, lead));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, lead3));
            look = _mm_or_si128(look, _mm_cmpeq_epi8(bytes, mark));
            unsigned places = (unsigned)_mm_movemask_epi8(look);
            while (places && !needs_look(at + __builtin_ctz(places), end))
                places &= places - 1;
            if (places) { /* what is before it counts */
                unsigned before = (unsigned)_mm_movemask_epi8(breaks) & ((places & -places) - 1);
                *lines += bytes_sum(count) + (size_t)__builtin_popcount(before);
                return at + __builtin_ctz(places);
            }
            count = _mm_sub_epi8(count, breaks);
        }
        *lines += bytes_sum(count);
    }
#endif
    for (; at < end; at++) {
        if (plain_line_end(base, at, end))
            ++*lines;
        else if (needs_look(at, end))
            return at;
    }
    return end;
}

/* Bytes from `at` on that stay as they are. */
static size_t plain_run(struct pen *pen, size_t at)
{
    const char *base = pen->body->raw.at, *end = base + pen->body->raw.size, *stop = base + at;
    if (pen->spaced) {
        for (; stop < end && !needs_look(stop, end); stop++)
            if (*stop == ' ' && (spaced_run(stop + 1, end, true) || slid_capital(pen, stop + 1)))
                return (size_t)(stop + 1 - base) - at;
        return (size_t)(stop - base) - at;
    }
    return (size_t)(next_look(base, stop, end, &pen->body->line_count) - base) - at;
}

static void body_plain(struct pen *pen)
{
    const char *base = pen->body->raw.at;
    size_t size = pen->body->raw.size;
    size_t at = body_line_start(pen, 0);
    while (at < size && !pen->full) {
        bool word_start = at == 0 || base[at - 1] == ' ' || base[at - 1] == '\n';
        size_t spaced = pen->spaced && word_start ? spaced_run(base + at, base + size, true) : 0;
        bool slid = pen->spaced && word_start && !spaced && slid_capital(pen, base + at);
        size_t run = spaced || slid ? 0 : plain_run(pen, at);
        bool keep = false;
        if (spaced) {
            spaced_copy(pen, base, at, spaced);
            at += spaced;
        } else if (slid) {
            pen_copy(pen, at, 1);
            pen_replace(pen, at + 1, 1, SPAN(""));
            at += 2;
        } else if (run) {
            pen_copy(pen, at, run);
            at += run;
        } else if (base[at] == '-') {
            size_t broken = broken_word(base, base + at, base + size, &keep);
            size_t kept = !broken || keep;
            pen_copy(pen, at, kept);
            if (broken)
                pen_replace(pen, at + kept, broken - kept, SPAN(""));
            at += broken ? broken : 1;
        } else {
            bool line_end =
                base[at] == '\n' || base[at] == '\f' || (base[at] == '\r' && !(at + 1 < size && base[at + 1] == '\n'));
            size_t next = body_look(pen, at);
            at = line_end && next == at + 1 ? body_line_start(pen, next) : next;
        }
    }
}

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
        body_plain(&pen);
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

/* The last piece that begins at or before `clean`, or NULL. */
static const struct body_piece *piece_at(const struct body *body, size_t clean)
{
    size_t low = 0, high = body->pieces.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (body->pieces.items[middle].clean <= clean)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &body->pieces.items[low - 1] : NULL;
}

size_t body_start(const struct body *body, size_t clean)
{
    const struct body_piece *piece = piece_at(body, clean);
    if (!piece)
        return clean;
    return piece->size ? piece->raw : piece->raw + (clean - piece->clean);
}

size_t body_end(const struct body *body, size_t clean)
{
    const struct body_piece *piece = clean ? piece_at(body, clean - 1) : NULL;
    if (!piece)
        return clean;
    return piece->size ? piece->raw + piece->size : piece->raw + (clean - piece->clean);
}
