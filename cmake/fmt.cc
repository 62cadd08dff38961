// The compiled part of fmt, of which Debian ships a shared library alone: header-only it would be compiled
// again in every source that formats, at twice the time. These are the templates that fmt's headers declare
// to be elsewhere.
#include <fmt/format-inl.h>

namespace fmt::detail {

template FMT_API auto thousands_sep_impl<char>(locale_ref) -> thousands_sep_result<char>;
template FMT_API auto thousands_sep_impl<wchar_t>(locale_ref) -> thousands_sep_result<wchar_t>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;
template FMT_API auto decimal_point_impl(locale_ref) -> wchar_t;

}  // namespace fmt::detail
