#include "baseline/facts/frame.h"

#include <gmock/gmock.h>
#include <zstd.h>

#include "base/digest.h"
#include "baseline/facts/schema.h"

namespace baseline::facts {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

NodeFacts sample() {
  NodeFacts facts;
  facts.set_schema_version(kSchemaVersion);
  facts.mutable_host()->set_hostname("node-1");
  for (int i = 0; i < 200; ++i) {
    File* file = facts.add_files();
    file->set_path("/etc/kubernetes/pki/file-" + std::to_string(i * 7919));
    file->set_presence(PRESENT);
    file->set_mode(0600);
  }
  return facts;
}

// A frame around any payload, true to its own header.
std::string frame_of(const std::string& message, std::string payload = {}) {
  if (payload.empty()) {
    payload.resize(ZSTD_compressBound(message.size()));
    payload.resize(ZSTD_compress(payload.data(), payload.size(), message.data(), message.size(), 1));
  }
  return "baseline-facts/1 length=" + std::to_string(payload.size()) +
         " sha256=" + base::sha256_hex(payload) + "\n" + base::base64_encode(payload) +
         "\nbaseline-facts/1 end\n";
}

ErrorCode error_of(std::string_view text, std::string_view digest = {}) {
  const auto facts = decode_frame(text, digest);
  EXPECT_FALSE(facts.has_value());
  return facts ? ErrorCode::kInternal : facts.error().code;
}

TEST(Frame, ReadsBackWhatWasWritten) {
  const Frame frame = encode_frame(sample());
  const auto facts = decode_frame(frame.text, frame.sha256);
  ASSERT_TRUE(facts.has_value()) << facts.error().text();
  EXPECT_EQ(facts->SerializeAsString(), sample().SerializeAsString());
}

TEST(Frame, SameFactsGiveTheSameBytes) {
  EXPECT_EQ(encode_frame(sample()).text, encode_frame(sample()).text);
}

TEST(Frame, LinesAreShort) {
  const std::string text = encode_frame(sample()).text;
  std::size_t at = text.find('\n') + 1;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 76U);
    at = end + 1;
  }
}

TEST(Frame, NoiseAroundTheFrameIsIgnored) {
  const Frame frame = encode_frame(sample());
  EXPECT_TRUE(
      decode_frame("runtime: starting\n\n" + frame.text + "runtime: stopped\n", frame.sha256).has_value());
}

TEST(Frame, CarriageReturnsAreIgnored) {
  std::string text = encode_frame(sample()).text;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, "\r");
  EXPECT_TRUE(decode_frame(text, {}).has_value());
}

TEST(Frame, NoiseInsideTheFrameIsCorrupt) {
  std::string text = encode_frame(sample()).text;
  text.insert(text.find('\n') + 1, "!! a line of somebody else\n");
  EXPECT_EQ(error_of(text), ErrorCode::kCorrupt);
}

TEST(Frame, EveryTruncationIsCorrupt) {
  const Frame frame = encode_frame(sample());
  for (std::size_t size = 0; size + 1 < frame.text.size(); size += 13) {
    EXPECT_EQ(error_of(std::string_view(frame.text).substr(0, size)), ErrorCode::kCorrupt) << size;
  }
  EXPECT_TRUE(decode_frame(frame.text.substr(0, frame.text.size() - 1), {}).has_value());  // the last newline
}

TEST(Frame, ForgedDigestIsCorrupt) {
  const Frame frame = encode_frame(sample());
  const std::string other = base::sha256_hex("something else");
  EXPECT_EQ(error_of(frame.text, other), ErrorCode::kCorrupt);
  std::string text = frame.text;
  text.replace(text.find(frame.sha256), 64, other);
  EXPECT_EQ(error_of(text), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of(text, other), ErrorCode::kCorrupt);
}

TEST(Frame, ChangedPayloadIsCorrupt) {
  std::string text = encode_frame(sample()).text;
  const std::size_t at = text.find('\n') + 10;
  text[at] = text[at] == 'A' ? 'B' : 'A';
  EXPECT_EQ(error_of(text), ErrorCode::kCorrupt);
}

TEST(Frame, WrongLengthIsCorrupt) {
  std::string text = encode_frame(sample()).text;
  text.insert(text.find("length=") + 7, "9");
  EXPECT_EQ(error_of(text), ErrorCode::kCorrupt);
}

TEST(Frame, SecondHeaderBeforeTheEndIsCorrupt) {
  const std::string text = encode_frame(sample()).text;
  EXPECT_EQ(error_of(text.substr(0, text.size() / 2) + "\n" + text), ErrorCode::kCorrupt);
}

TEST(Frame, NewerFrameAndNewerSchemaAreNamedAsSuch) {
  NodeFacts newer = sample();
  newer.set_schema_version(kSchemaVersion + 1);
  const auto facts = decode_frame(frame_of(newer.SerializeAsString()), {});
  ASSERT_FALSE(facts.has_value());
  EXPECT_EQ(facts.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(facts.error().message, HasSubstr("newer than schema"));
  EXPECT_EQ(error_of("baseline-facts/2 whatever\n"), ErrorCode::kInvalid);
}

TEST(Frame, FactsThatDoNotSayWhereProcessesRunAreRefused) {
  NodeFacts older = sample();
  older.set_schema_version(1);
  const auto facts = decode_frame(frame_of(older.SerializeAsString()), {});
  ASSERT_FALSE(facts.has_value());
  EXPECT_EQ(facts.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(facts.error().message,
              testing::AllOf(HasSubstr("schema 1, older than schema 2"), HasSubstr("same version")));
}

TEST(Frame, WhatIsNotFactsIsCorrupt) {
  EXPECT_EQ(error_of(frame_of("just a text")), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of(frame_of(NodeFacts().SerializeAsString())), ErrorCode::kCorrupt);  // no schema version
  EXPECT_EQ(error_of(frame_of("", "not zstd at all")), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of(""), ErrorCode::kCorrupt);
}

TEST(Frame, CompressedDataCutShortOrProlongedIsCorrupt) {
  const std::string message = sample().SerializeAsString();
  std::string payload(ZSTD_compressBound(message.size()), '\0');
  payload.resize(ZSTD_compress(payload.data(), payload.size(), message.data(), message.size(), 1));
  EXPECT_EQ(error_of(frame_of("", payload.substr(0, payload.size() / 2))), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of(frame_of("", payload + "more")), ErrorCode::kCorrupt);
}

TEST(Frame, LinesOfAnyLengthAreRead) {
  const std::string message = sample().SerializeAsString();
  const auto facts = decode_frame(frame_of(message), {});  // one line
  ASSERT_TRUE(facts.has_value()) << facts.error().text();
  EXPECT_EQ(facts->SerializeAsString(), message);
}

TEST(Frame, BombsAreRefusedByTheirSize) {
  EXPECT_EQ(error_of(frame_of(std::string(64U << 20, '\0'))), ErrorCode::kLimit);
  EXPECT_EQ(error_of("baseline-facts/1 length=99999999999 sha256=" + std::string(64, '0') + "\n"),
            ErrorCode::kLimit);
}

TEST(Frame, BombsAreRefusedByTheirNumberOfRows) {
  std::string message;
  for (int i = 0; i < 100'000; ++i) message.append("\x1a\x00", 2);  // processes {}
  const std::string log = frame_of(message);
  EXPECT_LT(log.size(), 1000U);
  const auto facts = decode_frame(log, {});
  ASSERT_FALSE(facts.has_value());
  EXPECT_EQ(facts.error().code, ErrorCode::kLimit);
  EXPECT_THAT(facts.error().message, HasSubstr("more than 256 processes"));
}

TEST(Frame, LogLargerThanTheLimitIsRefused) {
  EXPECT_EQ(error_of(encode_frame(sample()).text + std::string(kMaxLogBytes, '\n')), ErrorCode::kLimit);
}

TEST(Frame, AMessageThatCannotBeCompressedFitsIntoALog) {
  // Texts of the largest message, as random as base64 lets them be.
  NodeFacts facts = sample();
  std::uint64_t state = 1;
  while (facts.ByteSizeLong() < kMaxMessageBytes / 2) {
    std::string random(3000, '\0');
    for (char& c : random) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      c = static_cast<char>(33 + (state >> 40U) % 94);
    }
    facts.add_configs()->add_settings()->set_value(random);
  }
  EXPECT_LT(encode_frame(facts).text.size(), kMaxLogBytes);
}

}  // namespace
}  // namespace baseline::facts
