#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/value.h"
#include "baseline/model.h"

namespace baseline {

// Gathers the mistakes of one file, each with its line.
class MistakeList {
 public:
  explicit MistakeList(std::string file) : file_(std::move(file)) {}

  void add(int line, std::string message);
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  std::vector<Mistake> take() { return std::move(list_); }

 private:
  std::string file_;
  std::vector<Mistake> list_;
};

// A text that could not be parsed at all.
Mistake to_mistake(const base::Error& error);

// Reads a map key by key. Every key must be asked for: finish() names the others as mistakes. A wrong kind is
// a mistake and reads as empty, so that one pass finds them all. `what` names the map in messages.
class MapReader {
 public:
  MapReader(const base::Value& map, std::string what, MistakeList& mistakes);
  ~MapReader() = default;
  MapReader(const MapReader&) = delete;
  MapReader& operator=(const MapReader&) = delete;

  bool is_map() const { return map_.is_map(); }
  int line() const { return map_.line(); }

  const base::Value* optional(std::string_view key);
  const base::Value* required(std::string_view key, std::string_view expected);

  std::string text(std::string_view key);           // a string that is not empty
  std::string optional_text(std::string_view key);  // the same, or nothing
  bool boolean(std::string_view key);
  bool optional_boolean(std::string_view key, bool fallback);
  std::vector<std::string> optional_texts(std::string_view key);  // a list of strings
  Localized localized(std::string_view key);
  // One of a few words; the first is taken when the key is missing and `needed` is false.
  std::string word(std::string_view key, std::initializer_list<std::string_view> words, bool needed = true);

  void mistake(const base::Value* at, std::string message);
  void finish();

 private:
  const base::Value& map_;
  std::string what_;
  MistakeList& mistakes_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace baseline
