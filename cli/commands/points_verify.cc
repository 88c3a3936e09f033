#include "cli/commands/points_verify.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"
#include "cli/import/input_file.h"
#include "cli/output/table.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "common/chain/hash_chain.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::loyalty::v1;

using pb::LedgerService;

// Of some thousand entries each.
constexpr int kCallsMax = 10'000'000;

// What VerifyLedgerHeads takes.
constexpr int kHeadsMax = 1000;

struct VerifyOptions {
  std::string heads_file;  // "" = none
};

// Goes through heads in their order.
class Heads {
 public:
  void Add(const pb::LedgerHead& head) {
    chain::EntryHash hash("clientele-ledger-heads-1", checkpoint_);
    hash.AddText(head.customer_id());
    hash.AddNumber(head.seq());
    hash.AddText(head.hash());
    checkpoint_ = hash.Sum();
    ++member_count_;
    entry_count_ += head.seq();
  }

  // One hash over all of them, in hexadecimal: whoever keeps it needs no copy of the heads.
  std::string checkpoint() const { return absl::BytesToHexString(checkpoint_); }
  int64_t member_count() const { return member_count_; }
  int64_t entry_count() const { return entry_count_; }

 private:
  std::string checkpoint_;
  int64_t member_count_ = 0;
  int64_t entry_count_ = 0;
};

// Members who are not as written.
class Broken {
 public:
  explicit Broken(const Environment& environment) : environment_(environment) {}

  // `is_known`: told of a head of the file, and so perhaps once more of the chain.
  void Add(const pb::BrokenLedger& ledger, bool is_known) {
    const bool is_new = is_known ? known_ids_.insert(ledger.customer_id()).second
                                 : !known_ids_.contains(ledger.customer_id());
    count_ += is_new ? 1 : 0;
    if (environment_.json) {
      environment_.PrintMessage(ledger);
    } else {
      environment_.Print(absl::StrCat(ledger.customer_id(), ": at entry ", ledger.first_bad_seq(),
                                      " is not what was written there\n"));
    }
  }

  absl::Status ToStatus() const {
    if (count_ == 0) {
      return absl::OkStatus();
    }
    return absl::DataLossError(
        absl::StrCat(count_, count_ == 1 ? " member's entries are" : " members' entries are",
                     " not what was written"));
  }

 private:
  const Environment& environment_;
  absl::flat_hash_set<std::string> known_ids_;
  int64_t count_ = 0;
};

void PrintHead(const pb::LedgerHead& head, const Environment& environment) {
  environment.PrintJson({{"customer_id", head.customer_id()},
                         {"seq", head.seq()},
                         {"hash", absl::Base64Escape(head.hash())}});
}

absl::Status VerifyAll(LedgerService::Stub& stub, Environment& environment, Heads& heads,
                       Broken& broken) {
  pb::VerifyLedgerRequest request;
  for (int i = 0; i < kCallsMax; ++i) {
    CLIENTELE_ASSIGN_OR_RETURN(
        const pb::VerifyLedgerResponse page,
        Call(environment, stub, &LedgerService::Stub::VerifyLedger, request));
    for (const pb::LedgerHead& head : page.heads()) {
      heads.Add(head);
      if (environment.json) {
        PrintHead(head, environment);
      }
    }
    for (const pb::BrokenLedger& ledger : page.broken()) {
      broken.Add(ledger, /*is_known=*/false);
    }
    if (page.next_page_token().empty()) {
      return absl::OkStatus();
    }
    request.set_page_token(page.next_page_token());
  }
  return absl::ResourceExhaustedError("the ledger has more entries than this command takes");
}

// A line of what `points verify --json` prints; nullopt for one that is no head.
std::optional<pb::LedgerHead> HeadOf(absl::string_view line) {
  const auto json = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
  if (!json.is_object() || !json.contains("customer_id") || !json.contains("seq") ||
      !json.contains("hash") || !json["customer_id"].is_string() ||
      !json["seq"].is_number_unsigned() || !json["hash"].is_string()) {
    return std::nullopt;
  }
  pb::LedgerHead head;
  head.set_customer_id(json["customer_id"].get<std::string>());
  const auto seq = json["seq"].get<uint64_t>();
  std::string hash;
  if (seq > std::numeric_limits<int64_t>::max() ||
      !absl::Base64Unescape(json["hash"].get<std::string>(), &hash) ||
      hash.size() != (seq == 0 ? 0 : chain::kHashBytes)) {
    return std::nullopt;
  }
  head.set_seq(static_cast<int64_t>(seq));
  head.set_hash(hash);
  return head;
}

// Asks for what `request` has gathered, if anything, and empties it.
absl::Status VerifyGathered(LedgerService::Stub& stub, Environment& environment,
                            pb::VerifyLedgerHeadsRequest& request, Broken& broken) {
  if (request.heads().empty()) {
    return absl::OkStatus();
  }
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::VerifyLedgerHeadsResponse response,
      Call(environment, stub, &LedgerService::Stub::VerifyLedgerHeads, request));
  for (const pb::BrokenLedger& ledger : response.broken()) {
    broken.Add(ledger, /*is_known=*/true);
  }
  request.clear_heads();
  return absl::OkStatus();
}

// Whether the heads of a file are still there; `heads` becomes what they are.
absl::Status VerifyFile(const std::string& path, LedgerService::Stub& stub,
                        Environment& environment, Heads& heads, Broken& broken) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<InputFile> file, InputFile::Open(path));
  pb::VerifyLedgerHeadsRequest request;
  while (true) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<PhysicalLine> line, file->NextLine());
    if (!line.has_value()) {
      return VerifyGathered(stub, environment, request, broken);
    }
    std::optional<pb::LedgerHead> head = HeadOf(line->text);
    if (!head.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", line->number,
                       ": is not what `clientele points verify --json` prints of a sound ledger"));
    }
    heads.Add(*head);
    if (head->seq() > 0) {
      *request.add_heads() = *std::move(head);
    }
    if (request.heads_size() == kHeadsMax) {
      CLIENTELE_RETURN_IF_ERROR(VerifyGathered(stub, environment, request, broken));
    }
  }
}

void PrintSummary(absl::string_view what, const Heads& heads, const Environment& environment) {
  Table table;
  table.Column("").Column("members", Align::kRight).Column("chained entries", Align::kRight);
  table.Column("checkpoint");
  table.Row({std::string(what), WithSeparators(heads.member_count()),
             WithSeparators(heads.entry_count()), heads.checkpoint()});
  environment.Print(table.ToString());
}

absl::Status Verify(const VerifyOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<LedgerService>(environment, kLoyalty));
  Broken broken(environment);
  if (!options.heads_file.empty()) {
    Heads known;
    CLIENTELE_RETURN_IF_ERROR(VerifyFile(options.heads_file, *stub, environment, known, broken));
    if (!environment.json) {
      PrintSummary("known", known, environment);
    }
  }
  Heads heads;
  CLIENTELE_RETURN_IF_ERROR(VerifyAll(*stub, environment, heads, broken));
  if (!environment.json) {
    PrintSummary("verified", heads, environment);
  }
  return broken.ToStatus();
}

}  // namespace

void AddPointsVerifyCommand(CLI::App& points, Environment& environment) {
  CLI::App* verify = points.add_subcommand(
      "verify", "Check that every entry of every member is as it was written");
  auto options = std::make_shared<VerifyOptions>();
  verify->add_option("--heads", options->heads_file,
                     "What an earlier `verify --json` printed: these entries must still be there");
  verify->footer(
      "With --json it prints the last entry of each member. Keep that; --heads prints its "
      "checkpoint, one hash over all of it, which belongs where the service's operators cannot "
      "write: entries that were written anew show against it only.");
  OnRun(verify, options, environment, Verify);
}

}  // namespace clientele::cli
