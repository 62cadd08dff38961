#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Text for a terminal. Widths are columns: a Chinese character takes two, a combining mark none
// (Unicode Standard Annex 11; ambiguous characters count as narrow).
namespace baseline::cli {

// The same text, safe to print: line breaks and tabs become blanks, the rest is base::printable().
std::string printable(std::string_view text);

std::size_t display_width(std::string_view text);

// Filled with blanks up to `width` columns; longer text is left as it is.
std::string padded(std::string_view text, std::size_t width);

// Lines of at most `width` columns: broken at blanks and between Chinese characters, never before a closing
// mark; a word longer than a line is cut. At least one line. `text` is made printable first.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// `text` below and behind `label`: the label stands before the first line, blanks of its width before the
// rest. Ends with a line break. Of more than `max_lines` (0: any number) the rest is left out, marked by "…".
std::string hanging(std::string_view label, std::string_view text, std::size_t width,
                    std::size_t max_lines = 0);

}  // namespace baseline::cli
