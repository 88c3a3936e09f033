#include "common/handler/remembered_answer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// Before what is sealed stand: this byte, with which no message begins (a field has a number above
// 0), the length of the customer's id, and the id.
constexpr char kSealedMark = 0;
constexpr size_t kIdBytesMax = 255;
constexpr absl::string_view kColumn = "idempotency.answer";

absl::Status AnswerErased() {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "ANSWER_ERASED",
                      "the request was done before, and its answer has been erased since")
      .Build();
}

absl::Status Unreadable() {
  return ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL", "a remembered answer cannot be read")
      .Build();
}

}  // namespace

absl::StatusOr<std::string> SealAnswer(const HandlerContext& context, sql::Tx& tx,
                                       const AnswerPlace& place, absl::Time now,
                                       std::string answer) {
  if (!context.vault.has_value() || place.customer_id.empty() || place.request_id.empty()) {
    return answer;
  }
  const std::string customer_id(place.customer_id);
  CLIENTELE_CHECK(customer_id.size() <= kIdBytesMax);
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             context.vault->LoadOrMake(tx, {customer_id}, now));
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::string sealed,
      keys.Seal({.customer_id = customer_id, .column = kColumn, .row = place.request_id}, answer));
  const char head[] = {kSealedMark, static_cast<char>(customer_id.size())};
  return absl::StrCat(absl::string_view(head, sizeof(head)), customer_id, sealed);
}

absl::StatusOr<std::string> OpenAnswer(const HandlerContext& context, sql::Tx& tx,
                                       absl::string_view request_id, std::string remembered) {
  if (remembered.empty() || remembered[0] != kSealedMark) {
    return remembered;
  }
  const absl::string_view rest = absl::string_view(remembered).substr(1);
  const size_t id_bytes = rest.empty() ? 0 : static_cast<unsigned char>(rest[0]);
  if (!context.vault.has_value() || rest.size() < 1 + id_bytes) {
    return Unreadable();
  }
  const std::string customer_id(rest.substr(1, id_bytes));
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             context.vault->Load(tx, {customer_id}));
  CLIENTELE_ASSIGN_OR_RETURN(
      sealing::OpenedText answer,
      keys.Open({.customer_id = customer_id, .column = kColumn, .row = request_id},
                rest.substr(1 + id_bytes)));
  if (answer.erased) {
    return AnswerErased();
  }
  return std::move(answer.text);
}

}  // namespace clientele
