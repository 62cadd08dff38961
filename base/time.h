#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace baseline::base {

// A moment in UTC with the second as its unit, as Kubernetes writes them.
using Time = std::chrono::sys_seconds;

// Where "now" comes from. Implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  // Monotonic, for measuring and for time-outs.
  virtual std::chrono::steady_clock::time_point steady() const = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  Time now() const override;
  std::chrono::steady_clock::time_point steady() const override;
};

// "2026-01-31T08:15:00Z" (RFC 3339, UTC).
std::string format_time(Time t);
// Accepts RFC 3339 with fraction and offset; the fraction is dropped.
Result<Time> parse_time(std::string_view text);
// "2026-01-31" as that day's first second in UTC; also accepts everything parse_time does.
Result<Time> parse_date(std::string_view text);

// Go's duration syntax ("90s", "1h30m", "250ms", "0"), which Kubernetes uses in flags and configuration.
Result<std::chrono::nanoseconds> parse_go_duration(std::string_view text);
// The shortest form in whole units: "1h30m0s" reads back the same; "90s" is printed as "1m30s".
std::string format_go_duration(std::chrono::nanoseconds d);

}  // namespace baseline::base
