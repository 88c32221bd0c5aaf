/* terminal: messages, colours, progress. */
#include "terminal.h"

#include "clock.h"
#include "snippet.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_EVERY_MS = 100, LINE_EVERY_MS = 5000, BAR_WIDTH_MAX = 40, COLUMNS_DEFAULT = 80 };

static bool is_terminal(FILE *stream)
{
    const char *kind = getenv("TERM");
    return isatty(fileno(stream)) && (kind == NULL || strcmp(kind, "dumb") != 0);
}

bool terminal_color(FILE *stream)
{
    const char *refused = getenv("NO_COLOR"); /* https://no-color.org: set and not empty */
    return (refused == NULL || *refused == '\0') && is_terminal(stream);
}

void complain(const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fputs("referent: ", stderr);
    text_render(text, stderr); /* a worker's reason may quote a document */
    fputc('\n', stderr);
}

bool output_finish(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    complain("cannot write to standard output: %s", strerror(errno ? errno : EIO));
    return false;
}

void duration_format(uint64_t seconds, char *out, size_t size)
{
    if (seconds < 120)
        snprintf(out, size, "%" PRIu64 " s", seconds);
    else if (seconds < 7200)
        snprintf(out, size, "%" PRIu64 " min", (seconds + 30) / 60);
    else
        snprintf(out, size, "%" PRIu64 " h %02" PRIu64 " min", seconds / 3600, seconds % 3600 / 60);
}

void progress_begin(struct progress *progress, size_t total, const char *things)
{
    int64_t now_ms = clock_steady_ms();
    *progress = (struct progress){
        .bar = is_terminal(stderr), .total = total, .things = things, .begin_ms = now_ms, .said_ms = now_ms};
}

size_t terminal_columns(void)
{
    struct winsize window;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : COLUMNS_DEFAULT;
}

/* Never as wide as the terminal: what wraps could not be drawn over. A narrow one has the words, as far as they go. */
static void bar_draw(const struct progress *progress, size_t done, const char *text)
{
    size_t columns = terminal_columns(), taken = strlen(text) + 4;
    size_t width = columns > taken ? columns - taken : 0;
    width = width < BAR_WIDTH_MAX ? width : BAR_WIDTH_MAX;
    size_t filled = progress->total > 0 ? width * done / progress->total : width;
    fputc('\r', stderr);
    if (width > 0)
        fputc('[', stderr);
    for (size_t i = 0; i < width; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "%s%.*s\033[K", width > 0 ? "] " : "", (int)columns - 1, text);
    fflush(stderr);
}

void progress_show(struct progress *progress, size_t done)
{
    int64_t now_ms = clock_steady_ms();
    if (progress->things == NULL) /* nothing began */
        return;
    if (now_ms - progress->said_ms < (progress->bar ? BAR_EVERY_MS : LINE_EVERY_MS))
        return;
    if (!progress->bar && done == progress->said_done)
        return; /* a log needs no line that says the same */
    progress->said_ms = now_ms;
    progress->said_done = done;
    double seconds = (double)(now_ms - progress->begin_ms) / 1000, rate = (double)done / seconds;
    char text[160], left[32] = "";
    if (done > 0 && done < progress->total)
        duration_format((uint64_t)((double)(progress->total - done) / rate + 0.5), left, sizeof left);
    snprintf(text, sizeof text, "%zu of %zu %s, %.0f/s%s%s%s", done, progress->total, progress->things, rate,
             *left ? ", " : "", left, *left ? " left" : "");
    if (!progress->bar) {
        complain("%s", text);
        return;
    }
    bar_draw(progress, done, text);
    progress->drawn = true;
}

void progress_clear(struct progress *progress)
{
    if (!progress->drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->drawn = false;
}
