#pragma once

#include <string>
#include <string_view>

#include "base/value.h"

// The one place that keeps out of reports, conditions, events, exports, logs and terminals what a reader
// does not see or a terminal obeys: control characters (C0, DEL, C1), characters that turn the reading
// direction, line and paragraph separators, characters that show nothing (zero-width spaces and joiners, soft
// hyphens, fillers, tags) and code points that are none. Variation selectors stay: Chinese names use them.
// Called where something goes out, never before names are compared.
namespace baseline::base {

// Line feeds and tabs: escaped like the rest, or kept, in texts of several lines that authors of standards
// and profiles write.
enum class Breaks { kEscaped, kKept };

// Such characters as escapes that are seen: "\n", "\u001b", "\u202e", "\U000e0041"; bytes that are no UTF-8
// as U+FFFD. Anything else is left as it is, so that a second time changes nothing.
std::string printable(std::string_view text, Breaks breaks = Breaks::kEscaped);

// Whether printable() would change it, but for bytes that are no UTF-8.
bool has_hidden(std::string_view text, Breaks breaks = Breaks::kEscaped);

// Every text and every key in a document.
Value printable_document(Value value, Breaks breaks = Breaks::kEscaped);

// A JSON text with JSON's own escapes for them, which change nothing of what it says. Line feeds stay: only
// the layout has any.
std::string escaped_json(std::string json);

}  // namespace baseline::base
