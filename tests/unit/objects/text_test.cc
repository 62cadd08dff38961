#include <gtest/gtest.h>

#include "base/yaml.h"
#include "objects/manifest_text.h"

namespace baseline::objects {
namespace {

TEST(SplitDocuments, AtSeparatorsWithTheirLines) {
  const auto documents =
      split_documents("# head\n---\na: 1\n---\n---\n# only a comment\n--- # again\nb: 2\n");
  ASSERT_EQ(documents.size(), 4U);
  EXPECT_EQ(documents[0].line, 1);
  EXPECT_EQ(documents[1].line, 4);
  EXPECT_EQ(documents[3].line, 7);
  EXPECT_EQ(documents[3].text, "--- # again\nb: 2\n");
}

TEST(SplitDocuments, DirectivesStayWithTheirDocument) {
  const auto documents = split_documents("%YAML 1.2\n---\na: 1");
  ASSERT_EQ(documents.size(), 1U);
  EXPECT_TRUE(split_documents("").empty());
  EXPECT_TRUE(split_documents("\n# nothing\n").empty());
}

TEST(SplitDocuments, DashesInsideAreNoSeparators) {
  EXPECT_EQ(split_documents("a: |\n  ---\nb: ----\n----x: 1\n").size(), 1U);
  EXPECT_EQ(split_documents("a: 1\r\n---\r\nb: 2\r\n").size(), 2U);
}

TEST(LineAt, FollowsThePathAsFarAsItGoes) {
  const auto value =
      base::parse_yaml("metadata:\n  labels:\n    a.b/c: 1\nspec:\n  list:\n  - x: 1\n  - y: 2\n", "t")
          .value();
  EXPECT_EQ(line_at(value, "spec.list[1].y"), 7);
  EXPECT_EQ(line_at(value, "spec.list[1].absent"), 7);
  EXPECT_EQ(line_at(value, "spec.list[9]"), 6);
  EXPECT_EQ(line_at(value, R"(metadata.labels["a.b/c"])"), 3);
  EXPECT_EQ(line_at(value, ""), 1);
  EXPECT_EQ(line_at(value, "[[[\"["), 1);
}

TEST(Template, ByItsBraces) {
  EXPECT_EQ(template_line("a: 1\nb: {{ .x }}\n"), 2);
  EXPECT_EQ(template_line("a: {b: {c: 1}}\n"), std::nullopt);
}

TEST(Json, ByItsFirstCharacters) {
  EXPECT_TRUE(looks_like_json(" \n{\"a\": 1}"));
  EXPECT_FALSE(looks_like_json("{{ if }}"));
  EXPECT_FALSE(looks_like_json("a: {}"));
  EXPECT_FALSE(looks_like_json(""));
}

}  // namespace
}  // namespace baseline::objects
