#include "cli/explain.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/yaml.h"
#include "baseline/exemption.h"
#include "cli/check_words.h"
#include "cli/report_view.h"
#include "cli/standards.h"
#include "cli/text.h"

namespace baseline::cli {
namespace {

using base::Value;

constexpr std::size_t kNear = 3;
constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kNearDistance = 2;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string_view type_word(Parameter::Type type, Language language) {
  switch (type) {
    case Parameter::Type::kInteger:
      return say(language, "integer", "整数");
    case Parameter::Type::kString:
      return say(language, "string", "字符串");
    case Parameter::Type::kBoolean:
      return say(language, "boolean", "布尔值");
    case Parameter::Type::kDuration:
      return say(language, "duration", "时长");
    case Parameter::Type::kStringList:
      return say(language, "list of strings", "字符串列表");
  }
  return "";
}

std::string type_name(Parameter::Type type) {
  return std::string(type == Parameter::Type::kStringList ? "strings" : type_word(type, Language::kEnglish));
}

Value list_of(const std::vector<std::string>& texts) {
  Value list = Value::list();
  for (const std::string& text : texts) {
    const std::size_t start = text.find_first_not_of(' ');
    list.push_back(text.substr(start == std::string::npos ? 0 : start));
  }
  return list;
}

Value head_of(const Requirement& r, Language language) {
  Value map = Value::map();
  map.set("id", r.id);
  map.set("title", r.title.in(language));
  map.set("section", r.section);
  map.set("level", to_string(r.level));
  map.set("scope", to_string(r.scope));
  map.set("object", r.object);
  return map;
}

Value to_value(const Standard& standard, const Requirement& r, Language language) {
  Value map = head_of(r, language);
  map.set("standard", standard.id);
  map.set("automated", r.automated);
  if (!r.versions.from.empty() || !r.versions.below.empty()) {
    Value& versions = map.set("versions", Value::map());
    if (!r.versions.from.empty()) versions.set("from", r.versions.from);
    if (!r.versions.below.empty()) versions.set("below", r.versions.below);
  }
  map.set("explanation", r.explanation.in(language));
  map.set("judged", list_of(judged_by(r, language)));
  map.set("evidence", list_of(evidence_of(r, language)));
  Value& parameters = map.set("parameters", Value::list());
  for (const Parameter& parameter : r.parameters) {
    Value one = Value::map();
    one.set("name", parameter.name);
    one.set("type", type_name(parameter.type));
    one.set("default", parameter.default_value);
    one.set("description", parameter.description.in(language));
    parameters.push_back(std::move(one));
  }
  map.set("remediation", r.remediation.in(language));
  return map;
}

class Explainer {
 public:
  Explainer(const Standard& standard, Language language, World& world)
      : standard_(standard),
        language_(language),
        world_(world),
        view_{language, world.colour, world.width, {}} {}

  void one(const Requirement& r) const {
    const std::string blanks(r.id.size() + 2, ' ');
    world_.out << bold(r.id, view_.colour) << "  "
               << hanging(blanks, r.title.in(language_), view_.width).substr(blanks.size());
    std::vector<HeadingLine> lines;
    const auto add = [&](std::string_view en, std::string_view zh, std::string text) {
      lines.push_back({std::string(say(language_, en, zh)), std::move(text)});
    };
    add("Standard", "标准", standard_.title.in(language_));
    if (const Section* section = standard_.section(r.section)) {
      add("Section", "章节", fmt::format("{} {}", section->id, section->title.in(language_)));
    }
    add("Level", "级别", std::string(level_word(r.level, language_)));
    add("About", "对象",
        sayf(language_, "{} ({})", "{}（{}）", r.object,
             r.scope == Scope::kNode ? say(language_, "judged on every node", "逐节点检查")
                                     : say(language_, "judged for the cluster", "针对集群检查")));
    print_heading(world_.out, lines, view_);
    section("Why it matters", "理由", {r.explanation.in(language_)});
    section("How it is judged", "判定方式", judged_by(r, language_));
    section("Evidence used", "所用证据", evidence_of(r, language_), "- ");
    parameters(r);
    section("How to mend it", "整改方法", {r.remediation.in(language_)});
  }

  void list(const std::vector<const Requirement*>& requirements) const {
    std::string section;
    for (const Requirement* r : requirements) {
      if (r->section != section) {
        section = r->section;
        const Section* found = standard_.section(section);
        world_.out << bold(fmt::format("{} {}", section, found ? found->title.in(language_) : ""),
                           view_.colour)
                   << '\n';
      }
      const std::string label = "  " + padded(r->id, 10) + padded(level_word(r->level, language_), 13);
      world_.out << hanging(label, r->title.in(language_), view_.width);
    }
    world_.out << '\n'
               << sayf(language_, "{} requirements; kubectl-baseline explain ID says more about one.\n",
                       "共 {} 条要求；用 kubectl-baseline explain 编号 查看详情。\n", requirements.size());
  }

 private:
  void section(std::string_view en, std::string_view zh, const std::vector<std::string>& lines,
               const std::string& bullet = "") const {
    world_.out << '\n' << bold(std::string(say(language_, en, zh)), view_.colour) << '\n';
    for (const std::string& line : lines) {
      // Leading blanks and a dash tell how deep a part of a check stands: what wraps stands below the text.
      std::size_t start = std::min(line.find_first_not_of(' '), line.size());
      if (line.substr(start).starts_with("- ")) start += 2;
      world_.out << hanging("  " + bullet + line.substr(0, start), line.substr(start), view_.width);
    }
  }

  void parameters(const Requirement& r) const {
    if (r.parameters.empty()) return;
    world_.out << '\n' << bold(std::string(say(language_, "Parameters", "参数")), view_.colour) << '\n';
    for (const Parameter& p : r.parameters) {
      world_.out << hanging(
          "  " + p.name + "  ",
          sayf(language_, "{} ({}, default: {})", "{}（{}，默认：{}）", p.description.in(language_),
               type_word(p.type, language_), value_words(p.default_value, language_)),
          view_.width);
    }
    world_.out << hanging("  ",
                          sayf(language_, "A profile sets them: spec.parameters[\"{}\"].",
                               "在 Profile 中设置：spec.parameters[\"{}\"]。", r.id),
                          view_.width);
  }

  const Standard& standard_;
  Language language_;
  World& world_;
  View view_;
};

std::string example(const Standard& standard) {
  return standard.requirements.empty() ? std::string() : standard.requirements.front().id;
}

int unknown(const Standard& standard, const std::string& id, Language language, World& world) {
  std::vector<std::string> near;
  for (const std::string& one : near_requirements(standard, id)) {
    near.push_back(sayf(language, "{} ({})", "{}（{}）", one, standard.find(one)->title.in(language)));
  }
  std::string text =
      sayf(language, "{} has no requirement \"{:.64}\"", "{} 中没有要求“{:.64}”", standard.id, id);
  if (near.empty()) {
    text += sayf(language, "; an id such as {} was expected, kubectl-baseline explain lists them",
                 "；编号形如 {}，可用 kubectl-baseline explain 查看列表", example(standard));
  } else {
    text += sayf(language, "; did you mean {}?", "；是否指 {}？", join(near, language));
  }
  return complain(world, text);
}

void print_value(const Value& value, Output output, World& world) {
  world.out << (output == Output::kJson ? base::write_json_pretty(value) : base::write_yaml(value));
}

}  // namespace

std::vector<std::string> near_requirements(const Standard& standard, std::string_view word) {
  std::vector<std::pair<std::size_t, std::string>> found;
  const std::string wanted = lower(word.substr(0, kLongestWord));
  if (wanted.empty()) return {};
  const bool is_id = wanted.find_first_not_of("0123456789.") == std::string::npos;
  for (const Requirement& r : standard.requirements) {
    if (is_id) {
      // Of equal distances the one with the longer common beginning is the likelier.
      const auto common = static_cast<std::size_t>(std::ranges::mismatch(wanted, r.id).in1 - wanted.begin());
      if (const std::size_t d = distance(wanted, r.id); d <= kNearDistance) {
        found.emplace_back(d * kLongestWord + (kLongestWord - common), r.id);
      }
    } else if (lower(r.title.en).contains(wanted) || r.title.zh.contains(word) || r.object == wanted) {
      found.emplace_back(r.object == wanted ? 0 : 1, r.id);
    }
  }
  std::ranges::stable_sort(found, {}, &std::pair<std::size_t, std::string>::first);
  std::vector<std::string> ids;
  for (auto& [d, id] : found) {
    if (ids.size() < kNear) ids.push_back(std::move(id));
  }
  return ids;
}

namespace {

// The one that the words are about: the first that has such a requirement, or requirements below such a
// prefix.
std::shared_ptr<const Standard> standard_with(const StandardSet& standards, const std::string& id) {
  const auto all = standards.all();
  for (const auto& standard : all) {
    if (standard->find(id)) return standard;
  }
  for (const auto& standard : all) {
    const bool below = std::ranges::any_of(standard->requirements, [&](const Requirement& r) {
      return id.empty() || selects_requirement(id, r.id);
    });
    if (below) return standard;
  }
  return all.empty() ? nullptr : all.back();
}

}  // namespace

int run_explain(const ExplainOptions& options, Language language, World& world) {
  const auto standards = load_standards(options.standards, world);
  if (!standards) return kNotMade;
  const auto standard = standard_with(*standards, options.id);
  if (!standard)
    return complain(world, "no standard is built into this program, which is a fault of its build");
  if (const Requirement* requirement = standard->find(options.id)) {
    if (options.output == Output::kTable) {
      Explainer(*standard, language, world).one(*requirement);
    } else {
      print_value(to_value(*standard, *requirement, language), options.output, world);
    }
    return kClean;
  }
  std::vector<const Requirement*> below;
  for (const Requirement& r : standard->requirements) {
    if (options.id.empty() || selects_requirement(options.id, r.id)) below.push_back(&r);
  }
  if (below.empty()) return unknown(*standard, options.id, language, world);
  if (options.output == Output::kTable) {
    Explainer(*standard, language, world).list(below);
  } else {
    Value list = Value::list();
    for (const Requirement* r : below) list.push_back(head_of(*r, language));
    print_value(list, options.output, world);
  }
  return kClean;
}

}  // namespace baseline::cli
