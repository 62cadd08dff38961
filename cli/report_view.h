#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "baseline/model.h"
#include "baseline/report.h"

// A report for people at a terminal.
namespace baseline::cli {

struct View {
  Language language = Language::kEnglish;  // of headings; the report's texts have their own
  bool colour = false;
  std::size_t width = 100;
  std::vector<Status> statuses;  // of the requirements shown; empty: all
};

// "Fail", in the status's colour where there are colours.
std::string coloured(Status status, std::string text, bool colour);
std::string bold(std::string text, bool colour);

// "156 requirements: 12 Fail, …. Score 81.1 %." Mandatory failures are told apart.
std::string summary_line(const Report& report, Language language);

// One line or two for each requirement, in the standard's sections, the worst first in each.
void print_by_section(std::ostream& out, const Report& report, const Standard* standard, const View& view);

// Each requirement with findings, nodes and remediation; the worst first.
void print_details(std::ostream& out, const Report& report, const View& view);

// "label   text" lines of a heading; labels are filled up to the longest.
struct HeadingLine {
  std::string label, text;
};
void print_heading(std::ostream& out, const std::vector<HeadingLine>& lines, const View& view);

// The nodes that reported and those that did not, as heading lines.
std::vector<HeadingLine> coverage_lines(const Report& report, Language language);

// What is only named like a component, as heading lines; none where there is nothing.
std::vector<HeadingLine> lookalike_lines(const Report& report, Language language);

// How bad a status is: 0 for Fail, growing.
int badness_order(Status status);

}  // namespace baseline::cli
