"""Two pictures as SVG, with nothing but text: lines over time, and bars."""
import html

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 760, 380, 70, 48, 40, 210
COLOURS = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#566573"]


def steps(most):
    """Round numbers from 0 to a little more than `most`."""
    size = 10 ** (len(str(int(max(most, 1)))) - 1)
    while most / size > 8:
        size *= 2
    while most / size < 4:
        size /= 2
    return [size * n for n in range(int(most / size) + 2)]


def text(x, y, words, anchor="start", size=12, more=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}"{more}>{html.escape(words)}</text>'


def frame(title, x_name, y_name, body):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" fill="#222">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', text(LEFT, 22, title, size=15),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_name, "middle"),
        text(16, HEIGHT / 2, y_name, "middle", more=f' transform="rotate(-90 16 {HEIGHT / 2:.0f})"'), *body, "</svg>", ""])


def lines(title, x_name, y_name, series):
    """series: {name: [(x, y), ...]}"""
    most_x = max((x for points in series.values() for x, _ in points), default=1) or 1
    ladder = steps(max((y for points in series.values() for _, y in points), default=1))
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM - TOP
    place = lambda x, y: (LEFT + x / most_x * wide, HEIGHT - BOTTOM - y / ladder[-1] * high)  # noqa: E731
    body = []
    for step in ladder:
        _, y = place(0, step)
        body += [f'<path d="M{LEFT} {y:.1f}h{wide}" stroke="#ddd"/>', text(LEFT - 6, y + 4, f"{step:g}", "end")]
    for step in steps(most_x)[:-1]:
        body.append(text(place(step, 0)[0], HEIGHT - BOTTOM + 18, f"{step:g}", "middle"))
    for number, (name, points) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        body += [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
                 f'<rect x="{WIDTH - RIGHT + 14}" y="{TOP + number * 20}" width="12" height="12" fill="{colour}"/>',
                 text(WIDTH - RIGHT + 32, TOP + 11 + number * 20, name)]
    return frame(title, x_name, y_name, body)


def bars(title, x_name, values):
    """values: {name: number}, one horizontal bar each."""
    ladder = steps(max(values.values(), default=1))
    left, wide = 250, WIDTH - 250 - 80
    high = (HEIGHT - BOTTOM - TOP) / max(len(values), 1)
    body = []
    for number, (name, value) in enumerate(values.items()):
        y = TOP + number * high
        body += [f'<rect x="{left}" y="{y + 3:.1f}" width="{value / ladder[-1] * wide:.1f}" height="{high - 6:.1f}" '
                 f'fill="{COLOURS[0]}"/>', text(left - 8, y + high / 2 + 4, name, "end"),
                 text(left + value / ladder[-1] * wide + 6, y + high / 2 + 4, f"{value:,.0f}" if value >= 10 else f"{value:.2f}")]
    return frame(title, x_name, "", body)
