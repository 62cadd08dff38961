#pragma once

#include <cstddef>

// What of one object is read, and what of all objects of a kind is held. Whoever may write an object decides
// how large it is: beyond these an object is refused and named, and what rests on it is Error; all others are
// judged. docs/operations.md has them as a table.
namespace baseline::objects {

// Of one object. Each is several times what is found in practice; together they keep the time and the memory
// for one object of 1.5 MiB, the most that etcd takes by default, to a few milliseconds and MiB.
inline constexpr std::size_t kMostLabels = 1'000;           // and as many annotations
inline constexpr std::size_t kMostKeys = 10'000;            // of a ConfigMap, each judged by name and value
inline constexpr std::size_t kMostSelectorParts = 1'000;    // of one selector: labels and expressions
inline constexpr std::size_t kMostSelectorValues = 5'000;   // of one selector, of all expressions together
inline constexpr std::size_t kLongestSelector = 64U << 10;  // of one that is a text
inline constexpr std::size_t kMostSelectors = 100;          // of an aggregated ClusterRole
inline constexpr std::size_t kMostRules = 5'000;            // of a role or a network policy
inline constexpr std::size_t kMostPolicies = 200;           // in one CiliumNetworkPolicy
inline constexpr std::size_t kMostSubjects = 10'000;        // of a binding
inline constexpr std::size_t kMostItems = 20'000;           // of any other list
inline constexpr std::size_t kMostItemsInAll =
    100'000;  // of all lists that are read: env, ports, words of rules
inline constexpr std::size_t kMostOfDocument =
    1'000;                                    // of a list or a map in policies of admission and of add-ons
inline constexpr std::size_t kDeepest = 128;  // lists and maps within each other
inline constexpr std::size_t kLargestPodMessage = 4U << 20;  // in Protobuf
inline constexpr std::size_t kLargestDocument = 3U << 20;    // looked into by path, as JSON
// What is held of one object, pods apart, which are judged one by one and dropped.
inline constexpr std::size_t kLargestHeld = 512U << 10;

// Of all objects together. A namespace takes at most its share of each kind, so that a tenant spends the room
// of nobody else; where many namespaces together want more than there is, the largest give way first.
inline constexpr std::size_t kHeldOfNamespace = 4U << 20;  // of one kind
inline constexpr std::size_t kHeldOfKind = 32U << 20;
// Of all kinds. A kind takes at most half of what those before it left, and this much in any case.
inline constexpr std::size_t kHeldInAll = 96U << 20;
inline constexpr std::size_t kHeldAtLeast = 1U << 20;

}  // namespace baseline::objects
