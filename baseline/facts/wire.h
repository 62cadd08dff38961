#pragma once

#include <cstddef>
#include <string_view>

namespace baseline::facts {

// Counts the length-delimited fields of a serialised NodeFacts down to the depth where messages repeat,
// without building anything: two bytes on the wire can cost hundreds in memory once parsed, so a reader
// counts first. Stops once `limit` is passed and then returns a number above it. Malformed input ends the
// count early: the parser refuses it afterwards.
std::size_t count_fields(std::string_view message, std::size_t limit);

}  // namespace baseline::facts
