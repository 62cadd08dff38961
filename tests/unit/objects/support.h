#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "objects/held_bytes.h"
#include "objects/object_sink.h"
#include "objects/parse.h"

namespace baseline::objects::test {

// Everything that a source hands on, as it came.
class RecordingSink final : public ObjectSink {
 public:
  void add(cluster::Object object) override {
    objects.push_back(std::move(object));
    if (after_add) after_add(objects.size());
  }
  void take_back(cluster::Kind, const std::function<bool(const cluster::Metadata&)>& which) override {
    std::erase_if(objects, [&](const cluster::Object& object) {
      return held_bytes(object) > 0 && which(metadata_of(object));
    });
  }
  void refuse(cluster::RefusedObject object) override { refused.push_back(std::move(object)); }
  void read(cluster::Kind kind) override { note(kind, "read"); }
  void not_served(cluster::Kind kind) override { note(kind, "not served"); }
  void unreadable(cluster::Kind kind, Phrase reason) override {
    note(kind, "unreadable");
    reasons[kind] = std::move(reason);
  }

  template <typename T>
  std::vector<T> all() const {
    std::vector<T> out;
    for (const cluster::Object& object : objects) {
      if (const T* one = std::get_if<T>(&object)) out.push_back(*one);
    }
    return out;
  }
  template <typename T>
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const T& one : all<T>()) out.push_back(one.metadata.ns + "/" + one.metadata.name);
    return out;
  }

  // "NetworkPolicy shop/p: why"
  std::vector<std::string> refusals() const {
    std::vector<std::string> out;
    for (const cluster::RefusedObject& one : refused) {
      out.push_back(std::string(cluster::info(one.kind).name) + " " + one.ns + "/" + one.name + ": " +
                    render(one.reason, Language::kEnglish));
    }
    return out;
  }

  std::vector<cluster::Object> objects;
  std::vector<cluster::RefusedObject> refused;
  std::map<cluster::Kind, std::string> ends;
  std::map<cluster::Kind, Phrase> reasons;
  std::function<void(std::size_t)> after_add;

 private:
  void note(cluster::Kind kind, std::string end) {
    EXPECT_TRUE(ends.emplace(kind, std::move(end)).second)
        << "a second end of " << cluster::resource_name(kind);
  }
};

// The one object of a text of this kind.
template <typename T>
T parsed(cluster::Kind kind, std::string_view json, ParseOptions options = {}) {
  ObjectParser parser(std::move(options));
  std::vector<cluster::Object> out;
  const auto result = parser.parse(kind, json, Padding::kNone, out);
  EXPECT_TRUE(result.has_value()) << result.error().error().text();
  if (!result || out.size() != 1 || !std::holds_alternative<T>(out[0])) {
    ADD_FAILURE() << "not one object of this kind: " << json.substr(0, 200);
    return {};
  }
  return std::get<T>(std::move(out[0]));
}

// The error of a text that must not be read.
inline ParseError refused(cluster::Kind kind, std::string_view json) {
  ObjectParser parser;
  std::vector<cluster::Object> out;
  auto result = parser.parse(kind, json, Padding::kNone, out);
  EXPECT_FALSE(result.has_value()) << json.substr(0, 200);
  EXPECT_TRUE(out.empty());
  return result ? ParseError{} : std::move(result).error();
}

// A pod of this spec.
inline std::string pod_json(std::string_view spec, std::string_view annotations = "{}") {
  return std::string(R"({"metadata":{"namespace":"shop","name":"cart","annotations":)") +
         std::string(annotations) + R"(},"spec":)" + std::string(spec) + "}";
}

}  // namespace baseline::objects::test
