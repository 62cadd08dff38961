#include "baseline/operand.h"

#include <utility>

#include <gtest/gtest.h>

namespace baseline {
namespace {

using base::Value;

Requirement requirement() {
  Requirement out;
  out.parameters = {{"ports", Parameter::Type::kStringList, Value(Value::List{Value(22)}), {}}};
  return out;
}

SelectedRequirement selected_of(const Requirement* requirement) {
  SelectedRequirement selected;
  selected.requirement = requirement;
  return selected;
}

BuiltinCheck check_with(Operand operand) {
  return {"listening", {{"remote", std::move(operand)}}};
}

TEST(Operand, IsItsLiteral) {
  EXPECT_EQ(value_of({Value("etcd"), {}}, selected_of(nullptr)).as_string(), "etcd");
}

TEST(Operand, IsWhatTheProfileSaysBeforeTheDefault) {
  const Requirement row = requirement();
  SelectedRequirement selected = selected_of(&row);
  selected.parameters.emplace("ports", Value(Value::List{Value("23")}));
  EXPECT_EQ(texts_of(check_with({{}, "ports"}), selected, "remote"), std::vector<std::string>{"23"});
}

TEST(Operand, IsTheDefaultWhereTheProfileIsSilent) {
  const Requirement row = requirement();
  const SelectedRequirement selected = selected_of(&row);
  EXPECT_EQ(texts_of(check_with({{}, "ports"}), selected, "remote"), std::vector<std::string>{"22"});
}

TEST(Operand, OfAnUnknownParameterIsNothing) {
  const Requirement row = requirement();
  EXPECT_TRUE(value_of({Value("literal"), "no-such"}, selected_of(&row)).is_null());
  EXPECT_TRUE(value_of({Value("literal"), "no-such"}, selected_of(nullptr)).is_null());
}

TEST(Operand, ArgumentsThatAreNotGivenAreNothing) {
  const SelectedRequirement selected = selected_of(nullptr);
  EXPECT_TRUE(argument_of(check_with({Value("literal"), {}}), selected, "other").is_null());
  EXPECT_TRUE(texts_of(check_with({Value("literal"), {}}), selected, "other").empty());
  EXPECT_TRUE(texts_of(check_with({Value("literal"), {}}), selected, "remote").empty())
      << "a text is no list";
}

}  // namespace
}  // namespace baseline
