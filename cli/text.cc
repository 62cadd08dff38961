#include "cli/text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/printable.h"
#include "base/utf8.h"

namespace baseline::cli {
namespace {

constexpr std::size_t kLeastWidth = 16;

struct Range {
  char32_t first, last;
};

constexpr std::array<Range, 12> kZeroWidth{{{0x0300, 0x036F},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05BD},
                                            {0x0610, 0x061A},
                                            {0x064B, 0x065F},
                                            {0x0E34, 0x0E3A},
                                            {0x200B, 0x200F},
                                            {0x2060, 0x2064},
                                            {0x20D0, 0x20FF},
                                            {0xFE00, 0xFE0F},
                                            {0xFE20, 0xFE2F},
                                            {0xE0100, 0xE01EF}}};

constexpr std::array<Range, 15> kWide{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0x33FF},
                                       {0x3400, 0x4DBF},
                                       {0x4E00, 0x9FFF},
                                       {0xA000, 0xA4CF},
                                       {0xA960, 0xA97C},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE10, 0xFE19},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& r) { return c >= r.first && c <= r.last; });
}

std::size_t width_of(char32_t c) {
  if (c < 0x300) return 1;
  if (within(kZeroWidth, c)) return 0;
  return within(kWide, c) ? 2 : 1;
}

// Marks that must not begin a line.
bool closes(char32_t c) {
  constexpr std::u32string_view kClosing = U"，。、；：！？）】》」』”’…%,.;:!?)]}";
  return kClosing.find(c) != std::u32string_view::npos;
}

// Marks that must not end one.
bool opens(char32_t c) {
  constexpr std::u32string_view kOpening = U"（【《「『“‘([{";
  return kOpening.find(c) != std::u32string_view::npos;
}

// A piece that is not broken, and whether a blank stands before it.
struct Piece {
  std::string text;
  std::size_t width = 0;
  bool blank_before = false;
};

std::vector<Piece> pieces_of(std::string_view rest) {
  std::vector<Piece> pieces;
  Piece piece;
  char32_t before = U' ';
  const auto flush = [&] {
    if (piece.text.empty()) return;
    pieces.push_back(std::exchange(piece, {}));
  };
  while (!rest.empty()) {
    const std::string_view at = rest;
    const char32_t c = base::take_utf8(rest);
    if (c == U' ') {
      flush();
      piece.blank_before = !pieces.empty();
    } else {
      const bool may_break = (width_of(c) == 2 || width_of(before) == 2) && !closes(c) && !opens(before);
      if (may_break) flush();
      piece.text += at.substr(0, at.size() - rest.size());
      piece.width += width_of(c);
    }
    before = c;
  }
  flush();
  return pieces;
}

// Cuts a piece that fits no line, behind a comma, slash, colon or equals sign where one is near the end; the
// last part is left in `piece`.
void cut_long(Piece& piece, std::size_t width, std::vector<std::string>& lines) {
  constexpr std::string_view kGoodEnds = ",/:=";
  while (piece.width > width) {
    std::string_view rest = piece.text;
    std::string_view good;  // what is left behind the last good end
    std::size_t used = 0;
    std::size_t used_to_good = 0;
    while (!rest.empty()) {
      std::string_view next = rest;
      const std::size_t columns = width_of(base::take_utf8(next));
      if (used + columns > width) break;
      used += columns;
      if (kGoodEnds.contains(rest.front()) && used > width / 2) {
        good = next;
        used_to_good = used;
      }
      rest = next;
    }
    if (used_to_good > 0) {
      rest = good;
      used = used_to_good;
    }
    lines.push_back(piece.text.substr(0, piece.text.size() - rest.size()));
    piece.text = std::string(rest);
    piece.width -= used;
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string one_line(text);
  std::ranges::replace_if(one_line, [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  return base::printable(one_line);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += width_of(base::take_utf8(text));
  return width;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t have = display_width(text);
  return std::string(text) + std::string(have < width ? width - have : 0, ' ');
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  width = std::max(width, kLeastWidth);
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  for (Piece& piece : pieces_of(printable(text))) {
    const std::size_t blank = piece.blank_before && used > 0 ? 1 : 0;
    if (used > 0 && used + blank + piece.width > width) {
      lines.push_back(std::exchange(line, {}));
      used = 0;
    } else if (blank > 0) {
      line += ' ';
      ++used;
    }
    if (used == 0) cut_long(piece, width, lines);
    line += piece.text;
    used += piece.width;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string hanging(std::string_view label, std::string_view text, std::size_t width, std::size_t max_lines) {
  const std::string shown = printable(label);
  const std::size_t indent = display_width(shown);
  std::string out;
  bool first = true;
  const std::size_t room = width > indent ? width - indent : 0;
  std::vector<std::string> lines = wrapped(text, room);
  if (max_lines > 0 && lines.size() > max_lines) {
    constexpr std::string_view kMore = " …";
    lines = wrapped(text, room > kMore.size() ? room - display_width(kMore) : 0);
    lines.resize(max_lines);
    lines.back() += kMore;
  }
  for (const std::string& line : lines) {
    std::string row = (first ? shown : std::string(indent, ' ')) + line;
    row.erase(row.find_last_not_of(' ') + 1);
    out += row + '\n';
    first = false;
  }
  return out;
}

}  // namespace baseline::cli
