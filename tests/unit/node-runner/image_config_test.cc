#include "node-runner/image_config.h"

#include <gmock/gmock.h>

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

facts::Image read(std::string_view text) {
  facts::Image image;
  read_image_config(text, image);
  return image;
}

facts::Image with_config(const std::string& config) {
  return read(R"({"rootfs":{},"config":)" + config + "}");
}

TEST(ImageConfig, EverythingByName) {
  const auto image = read(
      R"({"architecture":"amd64","config":{"User":"app:app","ExposedPorts":{"8080/tcp":{},"53/udp":{},"90":{}},)"
      R"("Env":["PATH=/bin","DB_PASSWORD=CANARY","EMPTY_TOKEN=","LANG=C"],"Entrypoint":["/app","--token=CANARY"],)"
      R"("Cmd":["serve"],"Labels":{"org.opencontainers.image.base.name":"docker.io/library/alpine:3"}},)"
      R"("rootfs":{"type":"layers"},"history":[{"created_by":"ADD x / # buildkit"},)"
      R"({"created_by":"ENV K_TOKEN=CANARY","empty_layer":true},{"created_by":"ADD y /y # buildkit"}]})");
  ASSERT_TRUE(image.config_read()) << image.error();
  EXPECT_EQ(image.user(), "app:app");
  EXPECT_THAT(image.exposed_ports(), ElementsAre("53/udp", "8080/tcp", "90/tcp"));
  EXPECT_THAT(image.env_names(), ElementsAre("DB_PASSWORD", "EMPTY_TOKEN", "LANG", "PATH"));
  EXPECT_THAT(image.secret_env(), ElementsAre("DB_PASSWORD"));
  EXPECT_THAT(image.entrypoint(), ElementsAre("/app"));
  EXPECT_EQ(image.base_name(), "docker.io/library/alpine:3");
  EXPECT_TRUE(image.history_known());
  EXPECT_THAT(image.secret_history(), ElementsAre("K_TOKEN"));
  EXPECT_EQ(image.added_files(), 1U);
  EXPECT_EQ(image.SerializeAsString().find("CANARY"), std::string::npos);
}

TEST(ImageConfig, Programs) {
  EXPECT_THAT(with_config(R"({"Cmd":["nginx","-g","daemon off;"]})").entrypoint(), ElementsAre("nginx"));
  EXPECT_THAT(with_config(R"({"Entrypoint":["/docker-entrypoint.sh"],"Cmd":["nginx"]})").entrypoint(),
              ElementsAre("/docker-entrypoint.sh", "nginx"));
  EXPECT_THAT(with_config(R"({"Entrypoint":["tini","-v","--"],"Cmd":["sshd"]})").entrypoint(),
              ElementsAre("tini", "sshd"));
  EXPECT_THAT(with_config(R"({"Entrypoint":["/sbin/tini","--","/app","x"]})").entrypoint(),
              ElementsAre("/sbin/tini", "/app"));
  EXPECT_THAT(
      with_config(R"({"Cmd":["/bin/sh","-c","service ssh start && A=b exec nginx -p s3cret"]})").entrypoint(),
      ElementsAre("/bin/sh", "service", "nginx"));
  EXPECT_THAT(with_config(R"({"Cmd":["https://u:CANARY@x"]})").entrypoint(), IsEmpty());
  EXPECT_THAT(with_config(R"({"Cmd":"text"})").entrypoint(), ElementsAre("text"));
  EXPECT_THAT(with_config(R"({"Cmd":null,"Entrypoint":null})").entrypoint(), IsEmpty());
}

TEST(ImageConfig, WithoutHistoryTheAuthorStandsForTheInstruction) {
  EXPECT_TRUE(read(R"({"rootfs":{},"author":"someone"})").maintainer());
  EXPECT_FALSE(
      read(R"({"rootfs":{},"author":"someone","history":[{"created_by":"COPY a b"}]})").maintainer());
  const auto squashed = read(R"({"rootfs":{},"history":[{"comment":"merge"}]})");
  EXPECT_TRUE(squashed.config_read());
  EXPECT_FALSE(squashed.history_known());
}

TEST(ImageConfig, WhatCannotBeReadSaysWhy) {
  EXPECT_THAT(read("").error(), HasSubstr("not valid JSON"));
  EXPECT_THAT(read("{\"config\":{").error(), HasSubstr("not valid JSON"));
  EXPECT_THAT(read("[]").error(), HasSubstr("not a JSON object"));
  EXPECT_THAT(read(R"({"mediaType":"chart"})").error(), HasSubstr("not that of a container image"));
  std::string many = R"({"rootfs":{},"config":{"Env":["A=b")";
  for (int i = 0; i < 2000; ++i) many += ",\"N" + std::to_string(i) + "=1\"";
  EXPECT_THAT(read(many + "]}}").error(), HasSubstr("more variables"));
  std::string steps = R"({"rootfs":{},"history":[{})";
  for (int i = 0; i < 100'000; ++i) steps += ",{}";
  EXPECT_THAT(read(steps + "]}").error(), HasSubstr("more values"));
  for (const char* text : {"", "[]", R"({"mediaType":"chart"})"}) EXPECT_FALSE(read(text).config_read());
}

TEST(ImageConfig, AbsurdKinds) {
  const auto image = read(R"({"config":{"User":5,"Env":{"A":"b"},"ExposedPorts":[1],"Labels":"x","Cmd":{}},)"
                          R"("rootfs":{},"history":{"created_by":"x"}})");
  EXPECT_TRUE(image.config_read());
  EXPECT_EQ(image.user(), "");
  EXPECT_FALSE(image.history_known());
}

}  // namespace
}  // namespace baseline::runner
