#include "cli/commands/audit.h"

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/client/text_file.h"
#include "cli/commands/command.h"
#include "cli/output/proto_json.h"
#include "cli/output/table.h"
#include "clientele/common/v1/audit_service.grpc.pb.h"
#include "common/ids/stable_hash.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

using clientele::common::v1::AuditEntry;
using clientele::common::v1::AuditHead;
using clientele::common::v1::AuditService;
using clientele::common::v1::ListAuditEntriesRequest;
using clientele::common::v1::ListAuditEntriesResponse;
using clientele::common::v1::VerifyAuditLogRequest;
using clientele::common::v1::VerifyAuditLogResponse;

// What `verify --json` prints is a line a partition.
constexpr size_t kHeadsBytesMax = 64 << 10;

// Pages and checks of one partition; both of a thousand entries and more.
constexpr int kCallsMax = 1'000'000;

struct AuditOptions {
  std::string service;
  std::string heads_file;  // "" = from the first entry
};

using Heads = std::array<AuditHead, kPartitionCount>;

// Else a log that nothing is written into looks like one of a service that nobody calls.
void NoteThatItIsOff(const AuditOptions& options, const Environment& environment) {
  environment.Note(absl::StrCat("clientele: the audit log is off: auth.mode of ", options.service,
                                " is none; what there is stands from before"));
}

// Answers whether the log is off.
absl::StatusOr<bool> ExportPartition(Environment& environment, AuditService::Stub& stub,
                                     int partition) {
  bool is_off = false;
  ListAuditEntriesRequest request;
  request.set_partition(partition);
  request.set_page_size(1000);
  for (int i = 0; i < kCallsMax; ++i) {
    CLIENTELE_ASSIGN_OR_RETURN(
        const ListAuditEntriesResponse page,
        Call(environment, stub, &AuditService::Stub::ListAuditEntries, request));
    for (const AuditEntry& entry : page.entries()) {
      environment.PrintJson(ToJson(entry, false));
    }
    is_off = page.is_off();
    if (page.next_page_token().empty()) {
      break;
    }
    request.set_page_token(page.next_page_token());
  }
  return is_off;
}

absl::Status Export(const AuditOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<AuditService>(environment, options.service));
  bool is_off = false;
  for (int p = 0; p < kPartitionCount; ++p) {
    CLIENTELE_ASSIGN_OR_RETURN(is_off, ExportPartition(environment, *stub, p));
  }
  if (is_off) {
    NoteThatItIsOff(options, environment);
  }
  return absl::OkStatus();
}

absl::Status NoHeads(const std::string& path) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, " is not what `clientele audit verify --json` prints"));
}

// What a line of `path` says, into `heads`; answers of which partition.
absl::StatusOr<int> ReadHead(const std::string& path, absl::string_view line, Heads& heads) {
  const auto head = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
  if (!head.is_object() || !head.contains("partition") || !head.contains("position") ||
      !head.contains("hash") || !head["partition"].is_number_integer() ||
      !head["position"].is_number_integer() || !head["hash"].is_string()) {
    return NoHeads(path);
  }
  const auto partition = head["partition"].get<int64_t>();
  std::string hash;
  if (partition < 0 || partition >= kPartitionCount ||
      !absl::Base64Unescape(head["hash"].get<std::string>(), &hash)) {
    return NoHeads(path);
  }
  heads.at(partition).set_position(head["position"].get<int64_t>());
  heads.at(partition).set_hash(hash);
  return static_cast<int>(partition);
}

// Of all partitions, each once: one that is missing would be verified from its start, and pass
// after it was written anew.

absl::StatusOr<Heads> ReadHeads(const std::string& path) {
  Heads heads;
  if (path.empty()) {
    return heads;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path, kHeadsBytesMax));
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  std::set<int> partitions;
  for (const absl::string_view line : lines) {
    CLIENTELE_ASSIGN_OR_RETURN(const int partition, ReadHead(path, line, heads));
    partitions.insert(partition);
  }
  if (lines.size() != kPartitionCount || partitions.size() != kPartitionCount) {
    return NoHeads(path);
  }
  return heads;
}

// Checks what is behind `after`, which moves on to the last good entry. Answers whether the log is
// off.
absl::StatusOr<bool> VerifyPartition(Environment& environment, AuditService::Stub& stub,
                                     int partition, AuditHead& after) {
  bool is_off = false;
  for (int i = 0; i < kCallsMax; ++i) {
    VerifyAuditLogRequest request;
    request.set_partition(partition);
    *request.mutable_after() = after;
    CLIENTELE_ASSIGN_OR_RETURN(
        const VerifyAuditLogResponse response,
        Call(environment, stub, &AuditService::Stub::VerifyAuditLog, request));
    if (response.first_bad_position() != 0) {
      return absl::DataLossError(absl::StrCat("partition ", partition, ": at position ",
                                              response.first_bad_position(),
                                              " is not what was written there"));
    }
    after = response.verified();
    is_off = response.is_off();
    if (response.is_complete()) {
      break;
    }
  }
  return is_off;
}

void PrintHeads(const Heads& heads, const Environment& environment) {
  Table table;
  table.Column("partition", Align::kRight).Column("position", Align::kRight).Column("hash");
  for (int p = 0; p < kPartitionCount; ++p) {
    const AuditHead& head = heads.at(p);
    if (environment.json) {
      environment.PrintJson({{"partition", p},
                             {"position", head.position()},
                             {"hash", absl::Base64Escape(head.hash())}});
    } else {
      table.Row(
          {absl::StrCat(p), WithSeparators(head.position()), absl::BytesToHexString(head.hash())});
    }
  }
  if (!environment.json) {
    environment.Print(table.ToString());
  }
}

absl::Status Verify(const AuditOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(Heads heads, ReadHeads(options.heads_file));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<AuditService>(environment, options.service));
  bool is_off = false;
  for (int p = 0; p < kPartitionCount; ++p) {
    CLIENTELE_ASSIGN_OR_RETURN(is_off, VerifyPartition(environment, *stub, p, heads.at(p)));
  }
  PrintHeads(heads, environment);
  if (is_off) {
    NoteThatItIsOff(options, environment);
  }
  return absl::OkStatus();
}

void AddServiceOption(CLI::App& command, AuditOptions& options) {
  command.add_option("SERVICE", options.service, absl::StrJoin(kServices, " or "))
      ->required()
      ->check(ServiceValidator());
}

}  // namespace

void AddAuditCommands(CLI::App& app, Environment& environment) {
  CLI::App* audit = app.add_subcommand("audit", "Who did what: the audit log of a service");
  audit->require_subcommand(1);

  auto exported = std::make_shared<AuditOptions>();
  CLI::App* export_command = audit->add_subcommand(
      "export", "Print every entry as a JSON line, one partition after the other");
  AddServiceOption(*export_command, *exported);
  OnRun(export_command, exported, environment, Export);

  auto verified = std::make_shared<AuditOptions>();
  CLI::App* verify_command = audit->add_subcommand(
      "verify",
      "Check that every entry is as it was written, and print the last of each partition");
  AddServiceOption(*verify_command, *verified);
  verify_command->add_option("--heads", verified->heads_file,
                             "What an earlier `verify --json` printed: these entries must still be "
                             "there, and what came behind them is checked");
  verify_command->footer(
      "Keep what --json prints where the service's operators cannot write: a log that was written "
      "anew shows against it only.");
  OnRun(verify_command, verified, environment, Verify);
}

}  // namespace clientele::cli
