#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/error.h"

// What the facts of one node may hold, table by table. Both sides keep to it: the node-runner cuts what is
// beyond it before it prints, and a reader holds a serialised NodeFacts against it before anything is built
// from it. Two bytes on the wire can cost hundreds in memory, so it is the memory that counts: `bytes` are
// those of the parsed message.
namespace baseline::facts {

inline constexpr std::size_t kMaxMessageBytes = std::size_t{10} << 20;  // of a serialised NodeFacts

struct FieldBound;

// Its fields stand in the order of their numbers, which have no gaps.
struct MessageBound {
  std::string_view name;
  std::size_t size = 0;  // of the object in memory, without what it points to
  std::span<const FieldBound> fields;
};

struct FieldBound {
  enum class Form { kNumber, kText, kMessage };
  std::string_view name;
  Form form = Form::kNumber;
  std::size_t count = 1;                  // in one message
  std::size_t text_bytes = 0;             // of one text
  const MessageBound* message = nullptr;  // of form kMessage
  std::size_t bytes =
      0;  // of the tables of NodeFacts: what all rows may take once parsed; 0: no bound of its own
};

// NodeFacts: its fields are the tables.
const MessageBound& node_facts_bound();
// A table by its number in NodeFacts.
const FieldBound& table_bound(int number);

// Whether a serialised NodeFacts keeps to all bounds; nothing is built. kLimit names the table, kCorrupt:
// these are no fields.
base::Result<void> check_bounds(std::string_view message);

// The bytes that one serialised row of a table takes once parsed. kLimit: something in it is beyond its
// bound.
base::Result<std::size_t> row_bytes(int table, std::string_view row);

}  // namespace baseline::facts
