"""Draws how cost grows with the number of pods: two panels with logarithmic axes, as an SVG that reads well on light
and on dark paper."""
import html
import math

WIDTH, HEIGHT = 900, 470
PANEL_WIDTH, PANEL_HEIGHT, TOP = 330, 300, 84
LEFTS = (78, 532)
COLOURS = ("#2f7ed8", "#8a8f98", "#e07b28", "#2fa36b")
STYLE = """
    text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; fill: #4a4f57; }
    .title { font-size: 15px; font-weight: 600; fill: #24282e; }
    .value { font-size: 12px; }
    .grid { stroke: #8a8f98; stroke-opacity: .28; }
    .axis { stroke: #8a8f98; }
    .line { fill: none; stroke-width: 2.5; }
    @media (prefers-color-scheme: dark) { text { fill: #b9bec7; } .title { fill: #e8eaee; } }
"""


def decades(values):
    """Bounds of an axis with whole steps of 1, 2, 5 that hold the values."""
    steps = [factor * 10.0**power for power in range(-4, 9) for factor in (1, 2, 5)]
    low = max(step for step in steps if step <= min(values) * 0.8)
    high = min(step for step in steps if step >= max(values) * 0.9999 and step > low)
    return low, high


def ticks(low, high, factors):
    return [factor * 10.0**power for power in range(-4, 9) for factor in factors
            if low * 0.9999 <= factor * 10.0**power <= high * 1.0001]


def short(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.3g}"


class Panel:
    def __init__(self, left, title, x_values, y_values):
        self.left, self.title = left, title
        self.x_bounds = min(x_values) / 1.25, max(x_values) * 1.25
        self.y_bounds = decades(y_values)

    def x(self, value):
        low, high = self.x_bounds
        return self.left + PANEL_WIDTH * math.log(value / low) / math.log(high / low)

    def y(self, value):
        low, high = self.y_bounds
        return TOP + PANEL_HEIGHT * (1 - math.log(value / low) / math.log(high / low))

    def frame(self, sizes):
        bottom, right = TOP + PANEL_HEIGHT, self.left + PANEL_WIDTH
        yield f'<text class="title" x="{self.left}" y="{TOP - 16}">{self.title}</text>'
        wide = self.y_bounds[1] / self.y_bounds[0] > 200
        for tick in ticks(*self.y_bounds, (1,) if wide else (1, 2, 5)):
            yield f'<line class="grid" x1="{self.left}" x2="{right}" y1="{self.y(tick):.1f}" y2="{self.y(tick):.1f}"/>'
            yield f'<text x="{self.left - 8}" y="{self.y(tick) + 4:.1f}" text-anchor="end">{short(tick)}</text>'
        for size in sizes:
            yield f'<line class="grid" x1="{self.x(size):.1f}" x2="{self.x(size):.1f}" y1="{TOP}" y2="{bottom}"/>'
            yield f'<text x="{self.x(size):.1f}" y="{bottom + 20}" text-anchor="middle">{size:,}</text>'
        yield f'<path class="axis" fill="none" d="M{self.left},{TOP}V{bottom}H{right}"/>'
        yield f'<text x="{self.left + PANEL_WIDTH / 2}" y="{bottom + 42}" text-anchor="middle">pods in the cluster</text>'

    def line(self, points, colour):
        path = "L".join(f"{self.x(size):.1f},{self.y(value):.1f}" for size, value in points)
        yield f'<path class="line" stroke="{colour}" d="M{path}"/>'
        for size, value in points:
            yield f'<circle cx="{self.x(size):.1f}" cy="{self.y(value):.1f}" r="4" fill="{colour}"><title>{size:,} pods: {short(value)}</title></circle>'


def legend(names):
    at = LEFTS[0]
    for name, colour in zip(names, COLOURS):
        yield f'<path class="line" stroke="{colour}" d="M{at},28H{at + 26}"/><circle cx="{at + 13}" cy="28" r="4" fill="{colour}"/>'
        yield f'<text x="{at + 34}" y="32">{html.escape(name)}</text>'
        at += 58 + 7.1 * len(name)


def svg(title, panels, note):
    """panels: two of (title, {name: {pods: value}}); the names in the same order. note: a line below them."""
    body = list(legend(panels[0][1]))
    for left, (panel_title, series) in zip(LEFTS, panels):
        sizes = sorted({size for points in series.values() for size in points})
        values = [value for points in series.values() for value in points.values()]
        panel = Panel(left, panel_title, sizes, values)
        body += panel.frame(sizes)
        for colour, points in zip(COLOURS, series.values()):
            body += panel.line(sorted(points.items()), colour)
    body.append(f'<text class="value" x="{LEFTS[0]}" y="{HEIGHT - 12}">{html.escape(note)}</text>')
    lines = "\n".join("  " + line for line in body)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}">\n'
            f"  <title>{html.escape(title)}</title>\n  <style>{STYLE}  </style>\n{lines}\n</svg>\n")
