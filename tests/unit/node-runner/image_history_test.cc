#include "node-runner/image_history.h"

#include <gmock/gmock.h>

#include "node-runner/shell_words.h"

namespace baseline::runner {
namespace {

using base::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Steps; one that begins with "~" makes no layer.
History history_of(std::initializer_list<std::string_view> steps) {
  Value list = Value::list();
  for (std::string_view text : steps) {
    Value step = Value::map();
    if (text.starts_with('~')) {
      step.set("empty_layer", true);
      text.remove_prefix(1);
    }
    step.set("created_by", std::string(text));
    list.push_back(std::move(step));
  }
  return analyse_history(list);
}

TEST(History, NoneIsNotKnown) {
  EXPECT_FALSE(analyse_history(Value()).known);
  EXPECT_FALSE(history_of({}).known);
  EXPECT_FALSE(history_of({"", ""}).known);
  EXPECT_FALSE(analyse_history("text").known);
  EXPECT_TRUE(history_of({"~CMD [\"x\"]"}).known);
}

TEST(History, TheBaseIsNoAdd) {
  EXPECT_EQ(history_of({"ADD alpine-minirootfs-3.22.1-x86_64.tar.gz / # buildkit", "RUN true"}).added_files,
            0U);
  EXPECT_EQ(
      history_of({"~/bin/sh -c #(nop)  ARG RELEASE", "/bin/sh -c #(nop) ADD file:6fdd in / "}).added_files,
      0U);
  EXPECT_EQ(history_of({"# debian.sh --arch 'amd64' out/ 'trixie'", "COPY a /b # buildkit"}).added_files, 0U);
}

TEST(History, AddsAboveTheBaseCount) {
  EXPECT_EQ(history_of({"ADD rootfs.tar / # buildkit", "ADD app.tar.gz /srv # buildkit",
                        "ADD https://example.org/x /x # buildkit", "/bin/sh -c #(nop) ADD file:1 in /y "})
                .added_files,
            3U);
  EXPECT_EQ(history_of({"# debian.sh --arch 'amd64' out/ 'trixie'", "ADD a /b # buildkit"}).added_files, 1U);
  EXPECT_EQ(history_of({"RUN adduser ADD", "COPY ADD /b # buildkit"}).added_files, 0U);
}

TEST(History, Maintainer) {
  EXPECT_TRUE(history_of({"~/bin/sh -c #(nop)  MAINTAINER someone <a@b>"}).maintainer);
  EXPECT_TRUE(history_of({"~MAINTAINER someone"}).maintainer);
  EXPECT_FALSE(history_of({"~LABEL maintainer=someone", "RUN echo MAINTAINER"}).maintainer);
}

TEST(History, AnIndexUpdateAlone) {
  for (const char* step :
       {"RUN /bin/sh -c apt-get update # buildkit", "/bin/sh -c apt-get -y -qq update", "RUN apk update",
        "RUN /bin/sh -c set -ex; apt-get update && rm -rf /tmp/x # buildkit", "RUN yum makecache",
        "RUN |1 A=b /bin/sh -c sudo apt update # buildkit", "RUN dnf -y check-update", "RUN zypper refresh",
        "RUN pacman -Sy", "RUN /usr/bin/apt-get update"})
    EXPECT_EQ(history_of({step}).index_updates, 1U) << step;
  for (const char* step :
       {"RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit",
        "RUN /bin/sh -c apt-get update \\\n  && apt-get -y --no-install-recommends install curl # buildkit",
        "RUN apk add --no-cache curl", "RUN apk update && apk add curl", "RUN yum -y update",
        "RUN echo apt-get update", "RUN pacman -Syu", "RUN pacman -Sy curl", "COPY apt-get update",
        "RUN zypper ref && zypper -n in curl"}) {
    const bool echo = std::string_view(step).find("echo") != std::string_view::npos;
    EXPECT_EQ(history_of({step}).index_updates, echo ? 1U : 0U) << step;
  }
  EXPECT_EQ(
      history_of({"RUN apt-get update", "RUN apt-get install -y x", "RUN apt-get update"}).index_updates, 2U);
}

TEST(History, SecretsAreNamedByTheirKeys) {
  EXPECT_THAT(history_of({"~ENV DB_PASSWORD=CANARY # buildkit"}).secrets, ElementsAre("DB_PASSWORD"));
  EXPECT_THAT(history_of({"~/bin/sh -c #(nop)  ENV API_TOKEN=CANARY"}).secrets, ElementsAre("API_TOKEN"));
  EXPECT_THAT(history_of({"RUN |2 NPM_TOKEN=CANARY V=1 /bin/sh -c npm ci # buildkit"}).secrets,
              ElementsAre("NPM_TOKEN"));
  EXPECT_THAT(history_of({"~ARG SECRET=CANARY"}).secrets, ElementsAre("SECRET"));
  EXPECT_THAT(history_of({"RUN export AWS_SECRET_ACCESS_KEY='CANARY' && ./x"}).secrets,
              ElementsAre("AWS_SECRET_ACCESS_KEY"));
  EXPECT_THAT(history_of({"RUN tool --password CANARY --token=CANARY2 sub"}).secrets,
              UnorderedElementsAre("password", "token"));
  EXPECT_THAT(history_of({"RUN curl -H \"Authorization: Bearer abcdefghijklmnop1234\" https://x"}).secrets,
              ElementsAre("Authorization"));
  EXPECT_THAT(history_of({"RUN git clone https://user:CANARY@example.org/x"}).secrets, ElementsAre("RUN"));
  EXPECT_THAT(history_of({"RUN curl -u admin:CANARY https://x"}).secrets, ElementsAre("user"));
}

TEST(History, WhatIsNoSecret) {
  for (const char* step :
       {"RUN TOKEN=$(cat /run/secrets/t) npm ci", "RUN tool --password \"$PASSWORD\"",
        "~ENV PATH=/usr/bin:/bin", "~ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568",
        "RUN apk add libsecret=0.21.4-r0", "RUN pip install secretstorage==3.3.3",
        "RUN adduser --disabled-password app", "~ENV TOKEN_FILE=/run/t",
        "~ENV GOOGLE_APPLICATION_CREDENTIALS=/etc/gcp/key.json", "RUN passwd -d root", "~ARG TOKEN",
        "RUN --mount=type=secret,id=token cat /run/secrets/token",
        "~ENV TOKEN_URL=https://login.example.org/token",
        "RUN curl -H \"Authorization: Bearer $TOKEN\" https://x", "RUN curl -u \"$USER:$PASS\" https://x",
        "RUN git clone https://${USER}:${TOKEN}@example.org/x", "~ENV PASSWORD="})
    EXPECT_THAT(history_of({step}).secrets, IsEmpty()) << step;
}

TEST(ShellCommands, SplitsAndUnquotes) {
  const auto commands = shell_commands("a 'b c' \"d $X\"; e=$(f | g) h && i \\\n j\nk");
  ASSERT_EQ(commands.size(), 4U);
  ASSERT_EQ(commands[0].size(), 3U);
  EXPECT_EQ(commands[0][1].text, "b c");
  EXPECT_FALSE(commands[0][1].expands);
  EXPECT_TRUE(commands[0][2].expands);
  EXPECT_EQ(commands[1][0].text, "e=$(f | g)");
  EXPECT_EQ(commands[2].size(), 2U);
  EXPECT_EQ(commands[3][0].text, "k");
}

TEST(ShellCommands, TakesAnything) {
  for (const char* text : {"", "'", "\"", "\\", "$(", "${", "a$(b", ";;&&||", "'a\\"}) {
    const auto commands = shell_commands(text);
    EXPECT_LE(commands.size(), 2U) << text;
  }
  std::string words;
  for (int i = 0; i < 100'000; ++i) words += "a ";
  EXPECT_LE(shell_commands(words)[0].size(), 20'001U);
}

}  // namespace
}  // namespace baseline::runner
