#include "cli/commands/rfm_spec.h"

#include <charconv>
#include <cmath>
#include <cstddef>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"
#include "cli/import/text.h"
#include "common/ids/stable_hash.h"
#include "common/money/currency.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::segmentation::v1;

using Edges = google::protobuf::RepeatedField<double>;

constexpr int kBinsMin = 2;
constexpr int kBinsMax = 10;
constexpr int kWindowDaysMax = 36'500;
constexpr int kDefaultDigits = 2;

// `text` x 10^shift, read as one decimal number so that nothing is rounded twice.
bool ParseShifted(absl::string_view text, int shift, double& value) {
  const bool plain = !text.empty() && text.find_first_not_of("0123456789.") == text.npos &&
                     absl::ascii_isdigit(static_cast<unsigned char>(text.front()));
  return plain && absl::SimpleAtod(absl::StrCat(text, "e", shift), &value) && std::isfinite(value);
}

absl::Status ParseEdges(absl::string_view flag, const std::vector<std::string>& texts, int shift,
                        Edges& out) {
  for (const std::string& text : texts) {
    double edge = 0;
    if (!ParseShifted(text, shift, edge)) {
      return UsageError(absl::StrCat(flag, ": \"", text, "\" is not a number such as 33 or 250.5"));
    }
    if (!out.empty() && edge <= out.Get(out.size() - 1)) {
      return UsageError(absl::StrCat(flag, ": the edges must ascend"));
    }
    out.Add(edge);
  }
  return absl::OkStatus();
}

absl::Status SetEdges(const RfmSpecOptions& options, pb::RfmModelSpec& spec) {
  const size_t count = options.edges_recency.size();
  if (count == 0 || options.edges_frequency.size() != count ||
      options.edges_monetary.size() != count) {
    return UsageError(
        "--method fixed needs --edges-recency, --edges-frequency and --edges-monetary with equally "
        "many edges");
  }
  if (options.bins != 0 && count + 1 != static_cast<size_t>(options.bins)) {
    return UsageError(
        absl::StrCat("--bins ", options.bins, " needs ", options.bins - 1, " edges each"));
  }
  if (count + 1 > kBinsMax) {
    return UsageError(absl::StrCat("at most ", kBinsMax - 1, " edges each"));
  }
  spec.set_bins(static_cast<int>(count) + 1);
  pb::RfmEdges& edges = *spec.mutable_edges();
  CLIENTELE_RETURN_IF_ERROR(
      ParseEdges("--edges-recency", options.edges_recency, 0, *edges.mutable_recency_days()));
  CLIENTELE_RETURN_IF_ERROR(
      ParseEdges("--edges-frequency", options.edges_frequency, 0, *edges.mutable_frequency()));
  return ParseEdges("--edges-monetary", options.edges_monetary, CurrencyDigits(options.currency),
                    *edges.mutable_monetary_minor());
}

CLI::Option* AddEdgesOption(CLI::App& command, const std::string& name,
                            std::vector<std::string>& edges, const std::string& unit) {
  return command
      .add_option(name, edges, absl::StrCat("Only with --method fixed: ascending edges in ", unit))
      ->delimiter(',')
      ->allow_extra_args(false);
}

}  // namespace

void AddRfmSpecOptions(CLI::App& command, RfmSpecOptions& options) {
  AddEnumOption(command, "--method", options.method, *pb::RfmMethod_descriptor(),
                "How scores are cut")
      ->required();
  command
      .add_option("--bins", options.bins,
                  "Scores per dimension, 2 to 10 (default 5; mean-split has 2)")
      ->check(CLI::Range(kBinsMin, kBinsMax));
  command
      .add_option("--rules", options.rule_set,
                  "The rule set that names the segments: growth-11 (5 bins of quantile or fixed), "
                  "r-rfm-10 (r-rfm), classic-8 (mean-split)")
      ->required();
  AddEnumOption(command, "--monetary", options.monetary, *pb::RfmMonetary_descriptor(),
                "The value of an order (default gross)");
  command
      .add_option("--window-days", options.window_days,
                  "Count only orders of the last so many days (default: all)")
      ->check(CLI::Range(1, kWindowDaysMax));
  AddEdgesOption(command, "--edges-recency", options.edges_recency, "days");
  AddEdgesOption(command, "--edges-frequency", options.edges_frequency, "orders");
  AddEdgesOption(command, "--edges-monetary", options.edges_monetary,
                 "major units of the currency");
  command
      .add_option("--currency", options.currency,
                  "Count only orders in this currency (default: the only one there is)")
      ->check(CurrencyValidator());
  command
      .add_option("--source", options.source,
                  "Count only orders of this source system (default: all)")
      ->check(SourceValidator());
  command.add_option("--time-zone", options.time_zone, "The zone of days, IANA (default UTC)");
}

absl::StatusOr<pb::RfmModelSpec> RfmSpecFromOptions(const RfmSpecOptions& options) {
  pb::RfmModelSpec spec;
  spec.set_method(
      static_cast<pb::RfmMethod>(EnumNumber(*pb::RfmMethod_descriptor(), options.method)));
  spec.set_bins(options.bins);
  spec.set_monetary(
      static_cast<pb::RfmMonetary>(EnumNumber(*pb::RfmMonetary_descriptor(), options.monetary)));
  spec.set_rule_set_id(options.rule_set);
  spec.set_window_days(options.window_days);
  spec.set_currency_code(options.currency);
  spec.set_source_system(Slug(options.source));
  spec.set_time_zone(options.time_zone);
  const bool has_edges = !options.edges_recency.empty() || !options.edges_frequency.empty() ||
                         !options.edges_monetary.empty();
  if (spec.method() == pb::RFM_METHOD_FIXED) {
    CLIENTELE_RETURN_IF_ERROR(SetEdges(options, spec));
  } else if (has_edges) {
    return UsageError("--edges-… goes with --method fixed only");
  }
  if (spec.method() == pb::RFM_METHOD_MEAN_SPLIT && options.bins > kBinsMin) {
    return UsageError("--method mean-split has 2 bins");
  }
  return spec;
}

int CurrencyDigits(absl::string_view currency_code) {
  const auto currency = CurrencyCode::Parse(currency_code);
  return currency.ok() ? MinorUnitDigits(*currency) : kDefaultDigits;
}

double MinorToMajor(double minor, int digits) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof(text), minor, std::chars_format::fixed);
  double major = 0;
  const bool moved =
      end.ec == std::errc() &&
      absl::SimpleAtod(absl::StrCat(absl::string_view(text, end.ptr - text), "e-", digits), &major);
  return moved ? major : minor / std::pow(10, digits);
}

std::string RfmModelId(const pb::RfmModelSpec& spec) {
  return absl::StrCat("cli-", absl::Hex(StableHash64(spec.SerializeAsString()), absl::kZeroPad16));
}

}  // namespace clientele::cli
