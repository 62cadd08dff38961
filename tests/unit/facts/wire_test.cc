#include "baseline/facts/wire.h"

#include <gtest/gtest.h>

#include "baseline/facts/facts.pb.h"

namespace baseline::facts {
namespace {

TEST(CountFields, CountsMessagesAndStringsAtEveryLevel) {
  NodeFacts facts;
  facts.set_schema_version(1);
  EXPECT_EQ(count_fields(facts.SerializeAsString(), 100), 0U);
  Process* process = facts.add_processes();
  process->add_argv();
  process->add_argv();
  process->add_listening()->set_protocol("");
  EXPECT_EQ(count_fields(facts.SerializeAsString(), 100), 4U);
  CniNetwork* network = facts.mutable_cni()->add_networks();
  for (int i = 0; i < 5; ++i) network->add_plugins();
  EXPECT_EQ(count_fields(facts.SerializeAsString(), 100), 11U);
}

TEST(CountFields, StopsSoonAfterTheLimit) {
  std::string message;
  for (int i = 0; i < 1000; ++i) message.append("\x22\x00", 2);
  EXPECT_EQ(count_fields(message, 10), 11U);
}

TEST(CountFields, GroupsDoNotHideWhatFollows) {
  std::string message("\x7b\x7c", 2);  // field 15: group, end of group
  message.append("\x22\x00\x22\x00", 4);
  EXPECT_EQ(count_fields(message, 10), 2U);
}

TEST(CountFields, SurvivesBrokenInput) {
  EXPECT_EQ(count_fields("\x22", 10), 0U);
  EXPECT_EQ(count_fields("\x22\x7f", 10), 0U);
  EXPECT_EQ(count_fields("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10), 0U);
  EXPECT_EQ(count_fields("\x09zz", 10), 0U);
}

}  // namespace
}  // namespace baseline::facts
