#include "operator/log.h"

#include <array>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json.h"
#include "base/printable.h"

namespace baseline::op {
namespace {

std::string_view name_of(Log::Level level) {
  constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warn", "error"};
  return kNames.at(static_cast<std::size_t>(level));
}

std::string field_value(const std::string& value) {
  const bool plain = !value.empty() && value.find_first_of(" =\"\n\t") == std::string::npos;
  return plain ? base::printable(value) : base::write_json(value);
}

}  // namespace

std::string log_line(bool json, Log::Level level, base::Time now, std::string_view message,
                     std::initializer_list<Log::Field> fields) {
  if (json) {
    base::Value line = base::Value::map();
    line.set("time", base::format_time(now));
    line.set("level", name_of(level));
    line.set("message", message);
    for (const auto& [key, value] : fields) line.set(key, value);
    return base::write_json(line);
  }
  std::string line =
      fmt::format("{} {:<5} {}", base::format_time(now), name_of(level), base::printable(message));
  for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, field_value(value));
  return line;
}

Log::Log(bool json, Level least, const base::Clock& clock)
    : json_(json),
      least_(least),
      clock_(clock),
      logger_(
          std::make_unique<spdlog::logger>("operator", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->set_level(spdlog::level::trace);
  logger_->flush_on(spdlog::level::trace);
}

Log::~Log() = default;

void Log::write(Level level, std::string_view message, std::initializer_list<Field> fields) const {
  if (level < least_) return;
  logger_->info("{}", log_line(json_, level, clock_.now(), message, fields));
}

Log::Level log_level(std::string_view name) {
  if (name == "debug") return Log::Level::kDebug;
  if (name == "warn") return Log::Level::kWarn;
  return name == "error" ? Log::Level::kError : Log::Level::kInfo;
}

}  // namespace baseline::op
