#include "common/config/yaml_entries.h"

#include <yaml-cpp/yaml.h>

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"

namespace clientele {
namespace {

// yaml-cpp counts lines from 0, and says -1 when it does not know.
int LineOf(const YAML::Mark& mark) { return mark.line < 0 ? 1 : mark.line + 1; }

class Flattener {
 public:
  Flattener(absl::string_view file_name, Violations& violations)
      : file_name_(file_name), violations_(violations) {}

  // May throw YAML::Exception.
  void Flatten(const YAML::Node& root) {
    if (root.IsMap()) {
      FlattenMap(root, "", 1);
    } else if (!root.IsNull()) {
      Report(LineOf(root.Mark()), "must be keys with values");
    }
  }

  void Report(int line, absl::string_view description) {
    violations_.Add(absl::StrCat(file_name_, ":", line), description);
  }

  std::vector<YamlEntry> Take() && { return std::move(entries_); }

 private:
  void FlattenMap(const YAML::Node& map, const std::string& prefix, int depth) {
    for (const auto& pair : map) {
      const int line = LineOf(pair.first.Mark());
      if (!HasBudget(line)) {
        return;
      }
      if (!pair.first.IsScalar()) {
        Report(line, "a key must be a plain word");
        continue;
      }
      const std::string name = absl::StrCat(prefix, pair.first.Scalar());
      const auto [first, is_new] = line_by_name_.emplace(name, line);
      if (!is_new) {
        Report(line, absl::StrCat("'", name, "' is given twice, first in line ", first->second));
      } else if (depth == kConfigDepthMax && pair.second.IsMap()) {
        Report(line, absl::StrCat("'", name, "' is nested too deeply"));
      } else if (pair.second.IsMap()) {
        FlattenMap(pair.second, absl::StrCat(name, "."), depth + 1);
      } else {
        AddLeaf(name, line, pair.second);
      }
    }
  }

  void AddLeaf(const std::string& name, int line, const YAML::Node& node) {
    YamlEntry entry{name, line, std::nullopt};
    if (node.IsScalar()) {
      // yaml-cpp tags quoted scalars "!".
      const bool is_quoted = node.Tag() == "!";
      entry.text = ConfigText{is_quoted ? ConfigText::Form::kQuoted : ConfigText::Form::kPlain,
                              {node.Scalar()}};
    } else if (node.IsSequence()) {
      entry.text = ConfigText{ConfigText::Form::kList, {}};
      for (const YAML::Node& item : node) {
        if (!HasBudget(line)) {
          return;
        }
        if (!item.IsScalar()) {
          Report(line, absl::StrCat("'", name, "' must be a list of plain values"));
          return;
        }
        entry.text->items.push_back(item.Scalar());
      }
    }
    entries_.push_back(std::move(entry));
  }

  // Counts one visited value; reports once when there are too many.
  bool HasBudget(int line) {
    ++visited_;
    if (visited_ == kConfigNodesMax + 1) {
      Report(line, absl::StrCat("there are more than ", kConfigNodesMax, " values"));
    }
    return visited_ <= kConfigNodesMax;
  }

  const std::string file_name_;
  Violations& violations_;
  std::vector<YamlEntry> entries_;
  std::map<std::string, int> line_by_name_;
  int visited_ = 0;
};

}  // namespace

std::vector<YamlEntry> ReadYamlEntries(absl::string_view file_name, const std::string& yaml,
                                       Violations& violations) {
  Flattener flattener(file_name, violations);
  if (yaml.size() > static_cast<size_t>(kConfigFileBytesMax)) {
    flattener.Report(1, absl::StrCat("the file is larger than ", kConfigFileBytesMax, " bytes"));
    return {};
  }
  if (!IsValidUtf8(yaml)) {
    flattener.Report(1, "the file is not UTF-8");
    return {};
  }
  try {
    // Without its last line break, since yaml-cpp 0.7 sees that a quote is never closed only when
    // the text ends right there; else the quote would silently swallow every key after it.
    const std::string text(absl::StripTrailingAsciiWhitespace(yaml));
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1) {
      flattener.Report(LineOf(documents[1].Mark()), "there must be only one document");
    } else if (!documents.empty()) {
      flattener.Flatten(documents[0]);
    }
  } catch (const YAML::Exception& error) {
    flattener.Report(LineOf(error.mark), error.msg);
  }
  return std::move(flattener).Take();
}

}  // namespace clientele
