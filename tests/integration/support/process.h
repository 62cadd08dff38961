#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

// Programs that tests start. Everything a test starts ends with it.
namespace baseline::integration {

struct Finished {
  int status = -1;  // exit status; 128 + number after a signal
  std::string out;
  std::string err;

  bool ok() const { return status == 0; }
  std::string text() const { return out + err; }
};

// Runs a program to its end. `in` is its standard input; `environment` ("NAME=value") comes on top of this
// process's.
Finished run(const std::vector<std::string>& argv, const std::string& in = {},
             const std::vector<std::string>& environment = {});

// A program in the background, its output in a file. Killed when this goes out of scope.
class Background {
 public:
  Background(const std::vector<std::string>& argv, std::filesystem::path log,
             const std::vector<std::string>& environment = {});
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void signal(int number) const;
  bool running();
  // Waits for its end; its status as in Finished, or -1 when it still runs after `limit`.
  int wait(std::chrono::seconds limit);
  std::string log() const;  // what it wrote so far

 private:
  std::filesystem::path log_;
  pid_t pid_ = -1;
  int status_ = -1;
};

// Polls until `holds` is true; false after `limit`, which is generous: it bounds a broken test and asserts
// nothing about speed.
bool eventually(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds(60));

}  // namespace baseline::integration
