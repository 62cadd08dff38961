#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace spdlog {
class logger;
}

namespace baseline::op {

// One line an event on standard error: a sentence and named fields. Safe from any thread; lines never mix.
class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;
  enum class Level { kDebug, kInfo, kWarn, kError };

  // json: {"time":…,"level":…,"message":…,<fields>}; else "TIME LEVEL message field=value".
  Log(bool json, Level least, const base::Clock& clock);
  ~Log();

  void write(Level level, std::string_view message, std::initializer_list<Field> fields = {}) const;
  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const {
    write(Level::kDebug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const {
    write(Level::kInfo, message, fields);
  }
  void warn(std::string_view message, std::initializer_list<Field> fields = {}) const {
    write(Level::kWarn, message, fields);
  }
  void error(std::string_view message, std::initializer_list<Field> fields = {}) const {
    write(Level::kError, message, fields);
  }

 private:
  bool json_;
  Level least_;
  const base::Clock& clock_;
  std::unique_ptr<spdlog::logger> logger_;
};

Log::Level log_level(std::string_view name);  // "info" for an unknown name

// The line that Log writes, without its end. Control characters in values are escaped: a name from the
// cluster cannot forge a line.
std::string log_line(bool json, Log::Level level, base::Time now, std::string_view message,
                     std::initializer_list<Log::Field> fields);

}  // namespace baseline::op
