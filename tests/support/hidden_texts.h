#pragma once

#include <string>
#include <string_view>

#include "base/printable.h"
#include "base/utf8.h"

// What nobody may bring into a report, a log or a terminal.
namespace baseline::testing {

// Something of each class that base/printable.h names.
inline const std::string kHiddenText =
    "a\x1b[2J\x1b]0;t\x07\x7f\u009b1m\u0085\u202Eb\u2066c\u200Bd\u200F\u2028e\U000E0041\r\nlast";

// The same for a file of YAML or JSON, in double quotes.
inline const std::string kHiddenQuoted =
    "\"a\\u001b[2J\\u0007\\u007f\\u009b1m\\u0085\\u202Eb\\u2066c\\u200Bd\\u2028e\\r\\nlast\"";

// Whether any of it is left; line feeds and tabs do not count.
inline bool shows_hidden(std::string_view text) {
  return base::has_hidden(text, base::Breaks::kKept) || !base::is_utf8(text);
}

}  // namespace baseline::testing
