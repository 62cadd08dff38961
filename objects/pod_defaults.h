#pragma once

#include <optional>
#include <string_view>

#include "objects/parse.h"

// What the fields of a pod mean, in whichever encoding they came.
namespace baseline::objects {

// What the fields leave open, from the annotations that came before them; and the defaults of the API.
void complete_pod(const ParseOptions& options, cluster::Pod& pod);

// Whether a token for this audience is of use with the API server. Its own names are settings of it: all
// known ones have "kubernetes" or "api" in them.
bool is_api_audience(std::string_view audience);

bool names_windows(const cluster::Labels& node_selector);

// A quantity of nothing sets nothing: a limit of 0 is no limit.
bool is_positive_quantity(std::string_view text);

// What `resources` requests and limits. A limit is the request where none is given, as the API server has it.
struct ResourceFlags {
  bool cpu_request = false, cpu_limit = false, memory_request = false, memory_limit = false;
};
// Whether an amount is positive, by resource; nothing where it is not named.
struct Amounts {
  std::optional<bool> cpu, memory;
};
ResourceFlags resource_flags(const Amounts& requests, const Amounts& limits);

}  // namespace baseline::objects
