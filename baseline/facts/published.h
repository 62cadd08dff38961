#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Which values facts may carry. Facts leave the node and pass through logs, so a value travels only when its
// setting is published by the component's authors and is of a type that cannot hold a secret. Of everything
// else the name travels, marked withheld. The lists are published/*.txt, one for each component, bundle and
// kind of configuration file:
//
//   like NAME        whatever the list NAME has counts here too
//   flags TYPE       names of flags, on the lines that follow
//   fields TYPE      places in the configuration file: keys joined by dots, items of a list not counted; "*"
//   stands
//                    for one key, "**" for any number of them
//   settings TYPE    both
namespace baseline::facts {

// What stands in a command line in place of a value that was withheld.
inline constexpr std::string_view kWithheld = "<redacted>";

// All but the numbers and kBoolean may be lists: items between commas, each of the type.
enum class ValueType {
  kBoolean,    // as Go or YAML reads it
  kInteger,    // as Go reads it
  kNumber,     // 0.5
  kDuration,   // 4h0m0s
  kNames,      // words of an enumeration, names of objects, versions: RBAC, system:masters,
               // TLS_AES_128_GCM_SHA256
  kAddresses,  // hosts, IP addresses, networks, with or without port
  kUrls,  // without credentials and query; names with URLs (initial-cluster); what kAddresses and kPaths hold
  kPaths,     // with a "/" or a "." in it, or "-"
  kSwitches,  // Gate=true
  kAmounts,   // memory.available<100Mi, cpu=100m, 1.31
  kText,      // anything, and so a secret: never travels
};

// What is known of a flag of a component or bundle, by its name without dashes in front; underscores equal
// dashes.
std::optional<ValueType> published_flag(std::string_view component, std::string_view flag);

// What is known of a place in a configuration file. `list` is a component (its configuration), a bundle, or
// the role of a file that has no component's form: "kubeconfig", "cni".
std::optional<ValueType> published_field(std::string_view list, const std::vector<std::string>& keys);

// Whether the value may leave the node: it is of the form of its type, every item of it. An empty value is
// none and may.
bool may_travel(ValueType type, std::string_view value);

}  // namespace baseline::facts
