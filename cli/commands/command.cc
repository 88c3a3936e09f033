#include "cli/commands/command.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/client/endpoints.h"
#include "cli/import/limits.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/import/text.h"
#include "cli/output/proto_json.h"
#include "cli/output/table.h"
#include "common/money/currency.h"
#include "common/time/civil.h"
#include "common/time/timestamp.h"

namespace clientele::cli {
namespace {

using google::protobuf::EnumDescriptor;
using Json = nlohmann::ordered_json;

// One row per scalar below `json`, named by its path. Depth is that of the message types.
void AddRows(const std::string& path, const Json& json, Table& table) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      AddRows(path.empty() ? key : absl::StrCat(path, ".", key), value, table);
    }
  } else if (json.is_array()) {
    for (size_t i = 0; i < json.size(); ++i) {
      AddRows(absl::StrCat(path, "[", i, "]"), json[i], table);
    }
  } else {
    table.Row({path, json.is_string() ? json.get<std::string>() : json.dump()});
  }
}

}  // namespace

CLI::Option* AddEnumOption(CLI::App& command, const std::string& name, std::string& word,
                           const EnumDescriptor& type, const std::string& description) {
  const std::vector<std::string> words = EnumWords(type);
  return command
      .add_option(name, word, absl::StrCat(description, ": ", absl::StrJoin(words, ", ")))
      ->check(CLI::Validator(
          [words](const std::string& text) {
            const bool known = std::find(words.begin(), words.end(), text) != words.end();
            return known ? "" : absl::StrCat("must be one of ", absl::StrJoin(words, ", "));
          },
          ""));
}

void AddRequestIdOption(CLI::App& command, std::string& request_id) {
  command.add_option("--request-id", request_id,
                     "A UUID; the same one again does nothing twice (default: a new one)");
}

void AddValidateOnlyOption(CLI::App& command, bool& validate_only) {
  command.add_flag("--validate-only", validate_only,
                   "Check and show what would be, without effect");
}

std::string RequestIdOr(const std::string& request_id, Environment& environment) {
  return request_id.empty() ? environment.NewRequestId() : request_id;
}

CLI::Validator CurrencyValidator() {
  return {[](const std::string& text) {
            const auto currency = CurrencyCode::Parse(text);
            return currency.ok() ? "" : std::string(currency.status().message());
          },
          ""};
}

CLI::Validator ServiceValidator() {
  return {[](const std::string& text) {
            const bool known =
                std::find(std::begin(kServices), std::end(kServices), text) != std::end(kServices);
            return known ? "" : absl::StrCat("must be ", absl::StrJoin(kServices, " or "));
          },
          ""};
}

CLI::Validator SourceValidator() {
  return {[](const std::string& text) {
            const size_t length = Slug(text).size();
            return length >= 1 && length <= kSourceBytesMax
                       ? ""
                       : "must hold a letter or digit and at most 63 characters";
          },
          ""};
}

CLI::Validator PurchaseFormatValidator() {
  return {[](const std::string& name) {
            return ParsePurchaseFormat(name).has_value()
                       ? ""
                       : "must be online-retail, cdnow, rfm-orders or csv";
          },
          ""};
}

CLI::Validator PositiveValidator() {
  return {[](const std::string& text) {
            int64_t number = 0;
            return absl::SimpleAtoi(text, &number) && number > 0 ? ""
                                                                 : "must be a whole number above 0";
          },
          ""};
}

absl::Status ParseTimeOption(absl::string_view option, absl::string_view text,
                             google::protobuf::Timestamp& out) {
  absl::StatusOr<absl::Time> time = ParseRfc3339(text);
  if (const auto day = ParseDate(text); day.ok()) {
    time = StartOfDay(*day, absl::UTCTimeZone());
  }
  if (!time.ok()) {
    return UsageError(absl::StrCat(option, " takes 2011-12-10 or 2011-12-10T08:26:00Z"));
  }
  out.set_seconds(absl::ToUnixSeconds(*time));
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(*time - absl::FromUnixSeconds(out.seconds()))));
  return absl::OkStatus();
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return time.seconds() == 0 && time.nanos() == 0
             ? ""
             : FormatRfc3339(absl::FromUnixSeconds(time.seconds()));
}

void PrintRecord(const google::protobuf::Message& message, const Environment& environment) {
  if (environment.json) {
    environment.PrintMessage(message);
    return;
  }
  Table table;
  table.Column("field").Column("value");
  AddRows("", ToJson(message, false), table);
  environment.Print(table.ToString());
}

}  // namespace clientele::cli
