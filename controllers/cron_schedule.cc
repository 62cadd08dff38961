#include "controllers/cron_schedule.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include <date/tz.h>
#include <fmt/format.h>

namespace baseline::controllers {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

struct Field {
  std::string_view name;
  int low, high;
  std::string_view names;  // three letters each, the first stands for `first_name`
  int first_name;
};
constexpr std::array<Field, 5> kFields{{{"minute", 0, 59, "", 0},
                                        {"hour", 0, 23, "", 0},
                                        {"day of month", 1, 31, "", 0},
                                        {"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec", 1},
                                        {"day of week", 0, 7, "sunmontuewedthufrisat", 0}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kWords{{{"@hourly", "0 * * * *"},
                                                                               {"@daily", "0 0 * * *"},
                                                                               {"@midnight", "0 0 * * *"},
                                                                               {"@weekly", "0 0 * * 0"},
                                                                               {"@monthly", "0 0 1 * *"},
                                                                               {"@yearly", "0 0 1 1 *"},
                                                                               {"@annually", "0 0 1 1 *"}}};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<int> number(std::string_view text, const Field& field) {
  int v = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (ec == std::errc() && end == text.data() + text.size() && !text.empty()) return v;
  if (text.size() != 3) return std::nullopt;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (std::size_t i = 0; i + 3 <= field.names.size(); i += 3) {
    if (field.names.substr(i, 3) == lower) return field.first_name + static_cast<int>(i / 3);
  }
  return std::nullopt;
}

// Calls set(v) for each value that one field names; false when the field is wrong.
template <typename Set>
bool read_field(std::string_view text, const Field& field, const Set& set) {
  for (const std::string_view item : split(text, ',')) {
    const auto parts = split(item, '/');
    int step = 1;
    if (parts.size() > 2) return false;
    if (parts.size() == 2) {
      const auto v = number(parts[1], Field{});
      if (!v || *v < 1) return false;
      step = *v;
    }
    int low = field.low, high = field.high;
    if (parts[0] != "*") {
      const auto ends = split(parts[0], '-');
      const auto first = number(ends[0], field);
      if (!first || ends.size() > 2) return false;
      low = *first;
      if (ends.size() == 2) {
        const auto last = number(ends[1], field);
        if (!last) return false;
        high = *last;
      } else if (parts.size() == 1) {
        high = low;
      }
    }
    if (low < field.low || high > field.high || low > high) return false;
    for (int v = low; v <= high; v += step) set(static_cast<std::size_t>(v));
  }
  return true;
}

// Null stands for UTC, which needs no database of time zones.
Result<const date::time_zone*> find_zone(std::string_view zone) {
  if (zone.empty() || zone == "UTC" || zone == "Etc/UTC") return nullptr;
  try {
    return date::locate_zone(std::string(zone));
  } catch (const std::exception&) {
    return fail(ErrorCode::kInvalid,
                fmt::format("\"{}\" is no time zone that this machine knows; write a name of the tz database "
                            "such as Asia/Shanghai or UTC",
                            zone.substr(0, 64)));
  }
}

std::chrono::seconds offset_at(const date::time_zone* zone, base::Time t) {
  return zone ? zone->get_info(t).offset : std::chrono::seconds(0);
}

// When a wall clock first shows this; in the hour that a change to summer time leaves out, that change.
base::Time moment_of(const date::time_zone* zone, std::chrono::local_seconds wall) {
  if (!zone) return base::Time(wall.time_since_epoch());
  const date::local_info info = zone->get_info(date::local_seconds(wall.time_since_epoch()));
  return info.result == date::local_info::nonexistent
             ? base::Time(info.second.begin.time_since_epoch())
             : base::Time(wall.time_since_epoch() - info.first.offset);
}

}  // namespace

Result<CronSchedule> CronSchedule::parse(std::string_view text) {
  for (const auto& [word, meaning] : kWords) {
    if (text == word) return parse(meaning);
  }
  std::vector<std::string_view> fields;
  for (const std::string_view part : split(text, ' ')) {
    if (!part.empty()) fields.push_back(part);
  }
  if (fields.size() != kFields.size()) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format(
            "\"{}\" has {} fields; a schedule has five: minute, hour, day of month, month, day of week", text,
            fields.size()));
  }
  CronSchedule schedule;
  const auto set_in = [](auto& bits) { return [&bits](std::size_t v) { bits.set(v % bits.size()); }; };
  const std::array<bool, 5> good{read_field(fields[0], kFields[0], set_in(schedule.minutes_)),
                                 read_field(fields[1], kFields[1], set_in(schedule.hours_)),
                                 read_field(fields[2], kFields[2], set_in(schedule.days_)),
                                 read_field(fields[3], kFields[3], set_in(schedule.months_)),
                                 read_field(fields[4], kFields[4], set_in(schedule.weekdays_))};
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (good[i]) continue;
    return fail(
        ErrorCode::kInvalid,
        fmt::format("\"{}\" is no {}; it takes *, numbers from {} to {}, ranges (a-b), steps (*/n) and lists",
                    fields[i], kFields[i].name, kFields[i].low, kFields[i].high));
  }
  schedule.any_day_ = fields[2].starts_with('*');
  schedule.any_weekday_ = fields[4].starts_with('*');
  return schedule;
}

bool CronSchedule::day_matches(std::chrono::local_days day) const {
  const std::chrono::year_month_day date(day);
  if (!months_.test(unsigned(date.month()))) return false;
  const bool day_of_month = days_.test(unsigned(date.day()));
  const bool day_of_week = weekdays_.test(std::chrono::weekday(day).c_encoding());
  return any_day_ || any_weekday_ ? day_of_month && day_of_week : day_of_month || day_of_week;
}

Result<std::optional<base::Time>> CronSchedule::next_after(base::Time after, std::string_view zone) const {
  const auto tz = find_zone(zone);
  if (!tz) return std::unexpected(tz.error());
  const std::chrono::local_seconds local_now((after + offset_at(*tz, after)).time_since_epoch());
  const auto first_day = std::chrono::floor<std::chrono::days>(local_now);
  constexpr int kYearsAhead = 9;  // a leap day can be eight years away
  for (int i = 0; i <= kYearsAhead * 366; ++i) {
    const std::chrono::local_days day = first_day + std::chrono::days(i);
    if (!day_matches(day)) continue;
    for (int minute = 0; minute < 24 * 60; ++minute) {
      if (!hours_.test(static_cast<std::size_t>(minute / 60)) ||
          !minutes_.test(static_cast<std::size_t>(minute % 60)))
        continue;
      const base::Time moment = moment_of(*tz, day + std::chrono::minutes(minute));
      if (moment > after) return moment;
    }
  }
  return std::optional<base::Time>();
}

}  // namespace baseline::controllers
