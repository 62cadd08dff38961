#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "baseline/facts/facts.pb.h"
#include "node-runner/context.h"

// What the readers of container stores fill together.
namespace baseline::runner {

struct FoundContainer {
  std::string id;
  int pid = 0;  // as the store says; 0: it does not
  facts::Container fact;
};

struct Workloads {
  std::vector<FoundContainer> containers;
  std::map<std::string, facts::Image> images;  // by id
  std::set<std::string> ids;                   // of all containers: stores may show one twice
  bool found = false;                          // a store was there
  bool whole = true;                           // and all of it could be read
};

// A part of a store that could not be read: containers may be missing.
void note_loss(Context& context, Workloads& out, std::string_view path, std::string_view reason);

// Adds a reason to those that a row has.
void add_reason(std::string& error, std::string_view reason);

// The 64 digits of "sha256:…"; empty for anything else.
std::string_view digest_hex(std::string_view digest);
bool is_hex_id(std::string_view text);

// Reads a JSON object from a file, of its top level only `names`.
base::Result<base::Value> read_members(Context& context, int viewer, const std::string& path,
                                       std::span<const std::string_view> names, std::size_t max_bytes);

// The text of a file whose SHA-256 must be `hex`. kCorrupt when it is not.
base::Result<std::string> read_by_digest(Context& context, int viewer, const std::string& path,
                                         std::string_view hex);

// The row of an image, a new one when there is none yet; nothing when there are too many, which is noted.
facts::Image* image_row(Context& context, Workloads& out, const std::string& id);

}  // namespace baseline::runner
