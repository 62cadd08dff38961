#include "base/time.h"

#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace baseline::base {
namespace {

using std::chrono::nanoseconds;

// Reads exactly `width` digits at `pos`.
std::optional<int> digits(std::string_view text, std::size_t pos, std::size_t width) {
  if (pos + width > text.size()) return std::nullopt;
  int v = 0;
  const char* first = text.data() + pos;
  const auto [end, ec] = std::from_chars(first, first + width, v);
  return ec == std::errc() && end == first + width && *first != '-' ? std::optional(v) : std::nullopt;
}

std::optional<Time> day(std::string_view text) {
  const auto y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
  if (!y || !m || !d || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                         std::chrono::day(static_cast<unsigned>(*d))};
  return date.ok() ? std::optional<Time>(std::chrono::sys_days(date)) : std::nullopt;
}

// An offset can lead out of the years that four digits write: such a moment could not be written again.
std::optional<Time> writable(Time t) {
  const int year =
      static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(t)).year());
  return year >= 0 && year <= 9999 ? std::optional(t) : std::nullopt;
}

std::optional<Time> moment(std::string_view text) {
  const auto date = day(text);
  const auto h = digits(text, 11, 2), m = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!date || !h || !m || !s || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':' || *h > 23 || *m > 59 || *s > 60) {
    return std::nullopt;
  }
  Time t = *date + std::chrono::hours(*h) + std::chrono::minutes(*m) + std::chrono::seconds(*s);
  std::size_t pos = 19;
  if (pos < text.size() && text[pos] == '.') {
    do ++pos;
    while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9');
  }
  const std::string_view zone = text.substr(pos);
  if (zone == "Z" || zone == "z") return writable(t);
  const auto oh = digits(zone, 1, 2), om = digits(zone, 4, 2);
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || !oh || !om || *oh > 23 ||
      *om > 59)
    return std::nullopt;
  const auto offset = std::chrono::hours(*oh) + std::chrono::minutes(*om);
  return writable(zone[0] == '+' ? t - offset : t + offset);
}

struct Unit {
  std::string_view name;
  nanoseconds size;
};
constexpr std::array<Unit, 8> kUnits{{{"ns", nanoseconds(1)},
                                      {"us", std::chrono::microseconds(1)},
                                      {"µs", std::chrono::microseconds(1)},
                                      {"μs", std::chrono::microseconds(1)},
                                      {"ms", std::chrono::milliseconds(1)},
                                      {"h", std::chrono::hours(1)},
                                      {"m", std::chrono::minutes(1)},
                                      {"s", std::chrono::seconds(1)}}};

std::unexpected<Error> bad_duration(std::string_view text) {
  return fail(ErrorCode::kInvalid,
              fmt::format("\"{}\" is no duration; write it like 90s, 5m or 1h30m", text));
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

std::string format_time(Time t) {
  const auto midnight = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(t - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

Result<Time> parse_time(std::string_view text) {
  if (const auto t = text.size() <= 64 ? moment(text) : std::nullopt) return *t;
  return fail(ErrorCode::kInvalid,
              fmt::format("\"{:.64}\" is no time; write it like 2026-01-31T08:15:00Z", text));
}

Result<Time> parse_date(std::string_view text) {
  if (text.size() == 10) {
    if (const auto t = day(text)) return *t;
  }
  if (const auto t = text.size() <= 64 ? moment(text) : std::nullopt) return *t;
  return fail(ErrorCode::kInvalid, fmt::format("\"{:.64}\" is no date; write it like 2026-01-31", text));
}

Result<nanoseconds> parse_go_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return nanoseconds(0);
  if (rest.empty() || rest.size() > 64) return bad_duration(text.substr(0, 64));
  double total = 0;
  while (!rest.empty()) {
    double amount = 0;
    const auto [end, ec] =
        std::from_chars(rest.data(), rest.data() + rest.size(), amount, std::chars_format::fixed);
    if (ec != std::errc() || rest[0] == '-') return bad_duration(text);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const Unit* unit = nullptr;
    for (const Unit& u : kUnits) {
      if (rest.starts_with(u.name) && (!unit || u.name.size() > unit->name.size())) unit = &u;
    }
    if (!unit) return bad_duration(text);
    rest.remove_prefix(unit->name.size());
    total += amount * static_cast<double>(unit->size.count());
  }
  if (total > 9e18) return bad_duration(text);
  const nanoseconds d(static_cast<nanoseconds::rep>(total));
  return negative ? -d : d;
}

std::string format_go_duration(nanoseconds d) {
  if (d.count() == 0) return "0s";
  if (d.count() < 0) return "-" + format_go_duration(-d);
  if (d < std::chrono::seconds(1))
    return fmt::format("{}ms", std::chrono::duration<double, std::milli>(d).count());
  const auto hours = std::chrono::floor<std::chrono::hours>(d);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(d - hours);
  const double seconds = std::chrono::duration<double>(d - hours - minutes).count();
  std::string out;
  if (hours.count() != 0) out += fmt::format("{}h", hours.count());
  if (hours.count() != 0 || minutes.count() != 0) out += fmt::format("{}m", minutes.count());
  return out + fmt::format("{}s", seconds);
}

}  // namespace baseline::base
