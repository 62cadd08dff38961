#pragma once

#include <string_view>

// What a value shows of itself, for those who ask whether it is a secret. Pure.
namespace baseline::base {

// A reference to a value that stands elsewhere, or a blank for one: "$VAR", "${X}", "$(X)", "{{ x }}",
// "vault:…".
bool stands_elsewhere(std::string_view value);

// "true", "off", "enabled".
bool is_switch(std::string_view value);

// A path of a file: absolute, of at least two steps or with an ending.
bool is_path(std::string_view value);

// What is no secret by its form, whatever it is called: a path, a URL without credentials, a number, a
// duration, an amount, a version, a word or two of an API.
bool says_what_it_is(std::string_view value);

}  // namespace baseline::base
