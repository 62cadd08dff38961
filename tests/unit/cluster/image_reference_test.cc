#include "baseline/cluster/image_reference.h"

#include <gtest/gtest.h>

namespace baseline::cluster {
namespace {

TEST(ImageReference, WritesOutWhatMayBeLeftOut) {
  EXPECT_EQ(repository_of("nginx"), "docker.io/library/nginx");
  EXPECT_EQ(repository_of("nginx:1.27@sha256:00"), "docker.io/library/nginx");
  EXPECT_EQ(repository_of("user/app:1"), "docker.io/user/app");
  EXPECT_EQ(repository_of("docker.io/nginx"), "docker.io/library/nginx");
  EXPECT_EQ(repository_of("index.docker.io/user/app"), "docker.io/user/app");
  EXPECT_EQ(repository_of("localhost/app:1"), "localhost/app");
  EXPECT_EQ(repository_of("REG.example:5000/team/app:1"), "reg.example:5000/team/app");
  EXPECT_EQ(repository_of("docker-pullable://reg.example/app@sha256:00"), "reg.example/app");
}

TEST(ImageReference, AnIdIsNoReference) {
  EXPECT_EQ(repository_of(""), std::nullopt);
  EXPECT_EQ(repository_of("sha256:00"), std::nullopt);
  EXPECT_EQ(repository_of(std::string(64, 'a')), std::nullopt);
  EXPECT_EQ(repository_of("reg.example/"), std::nullopt);
}

TEST(ImageReference, APrefixEndsAtASlash) {
  EXPECT_TRUE(in_registries("reg.example/base/app", {"reg.example/base"}));
  EXPECT_TRUE(in_registries("reg.example/base", {"https://reg.example/base/"}));
  EXPECT_FALSE(in_registries("reg.example/basement", {"reg.example/base"}));
  EXPECT_FALSE(in_registries("reg.example.evil/base", {"reg.example"}));
  EXPECT_FALSE(in_registries("reg.example:5000/base", {"reg.example"}));
  EXPECT_TRUE(in_registries("docker.io/library/nginx", {"docker.io"}));
  EXPECT_TRUE(in_registries("docker.io/user/app", {"user/app"}));
  EXPECT_FALSE(in_registries("docker.io/user/app", {"", "/", "app"}));
}

}  // namespace
}  // namespace baseline::cluster
