"""A chart of a few lines over logarithmic axes, as SVG."""
import dataclasses
import math
from xml.sax import saxutils

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 220, 50, 60
# Told apart by people who see colours differently (Okabe and Ito), in the order of the lines.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
LABEL_PIXELS = 18  # between the labels of two lines at least


@dataclasses.dataclass
class Line:
    """`points`: (x, lowest, middle, highest), all above 0."""
    label: str
    points: list


class Scale:
    """A logarithmic axis over whole decades."""

    def __init__(self, values, first_pixel, last_pixel):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.first, self.last = first_pixel, last_pixel

    def decades(self):
        return [10.0 ** power for power in range(self.low, self.high + 1)]

    def pixel(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.first + share * (self.last - self.first), 1)


def text(x, y, words, anchor="middle", colour="#333", size=13):
    return (f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">'
            f"{saxutils.escape(words)}</text>")


def stroke(x1, y1, x2, y2, colour, width):
    return (f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" '
            f'stroke-width="{width}"/>')


def axes(x_scale, y_scale, x_text, y_text):
    parts = []
    for value in x_scale.decades():
        x = x_scale.pixel(value)
        parts += [stroke(x, TOP, x, HEIGHT - BOTTOM, "#ddd", 1),
                  text(x, HEIGHT - BOTTOM + 20, f"{value:g} %")]
    for value in y_scale.decades():
        y = y_scale.pixel(value)
        parts += [stroke(LEFT, y, WIDTH - RIGHT, y, "#ddd", 1),
                  text(LEFT - 8, y + 4, f"{value:,g}", "end")]
    return [*parts, text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 15, x_text),
            text(LEFT - 8, TOP - 14, y_text, "start")]


def draw_line(line, colour, x_scale, y_scale):
    """The middles joined, and at each the way from the lowest to the highest."""
    middles = [(x_scale.pixel(x), y_scale.pixel(y)) for x, _, y, _ in line.points]
    path = " ".join(f"{x},{y}" for x, y in middles)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for (x, y), (_, low, _, high) in zip(middles, line.points):
        parts += [stroke(x, y_scale.pixel(low), x, y_scale.pixel(high), colour, 1),
                  f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>']
    return parts


def label_heights(lines, y_scale):
    """Where each label goes: at the end of its line, apart from the one above it."""
    ends = {line.label: y_scale.pixel(line.points[-1][2]) + 4 for line in lines}
    heights, last = {}, -math.inf
    for label, y in sorted(ends.items(), key=lambda end: end[1]):
        last = max(y, last + LABEL_PIXELS)
        heights[label] = last
    return heights


def chart(title, lines, x_text, y_text):
    """The SVG's text."""
    x_scale = Scale([p[0] for line in lines for p in line.points], LEFT, WIDTH - RIGHT)
    y_scale = Scale([v for line in lines for p in line.points for v in p[1:]], HEIGHT - BOTTOM, TOP)
    heights = label_heights(lines, y_scale)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             'font-family="sans-serif">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
             text(LEFT, 20, title, "start", size=15), *axes(x_scale, y_scale, x_text, y_text)]
    for line, colour in zip(lines, COLOURS):
        parts += draw_line(line, colour, x_scale, y_scale)
        parts.append(text(WIDTH - RIGHT + 10, heights[line.label], line.label, "start", colour))
    return "\n".join([*parts, "</svg>"]) + "\n"
