#ifndef COMMON_HANDLER_REMEMBERED_ANSWER_H_
#define COMMON_HANDLER_REMEMBERED_ANSWER_H_

// The bytes under which an answer is remembered. One that is about a customer, of a service that
// stores personal texts, is sealed with that customer's key.
//
// Thread safety: pure functions over a transaction.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/handler/handler_context.h"
#include "common/sql/database.h"

namespace clientele {

// Whose answer it is. Views must outlive the call.
struct AnswerPlace {
  absl::string_view customer_id;  // "" = nobody's: it stays in the clear
  absl::string_view request_id;
};

// The bytes to remember `answer`, a serialised message, by. The errors of sealing::Vault.
absl::StatusOr<std::string> SealAnswer(const HandlerContext& context, sql::Tx& tx,
                                       const AnswerPlace& place, absl::Time now,
                                       std::string answer);

// The answer again; FAILED_PRECONDITION ANSWER_ERASED when its customer's key is no more, and the
// errors of sealing::Vault.
absl::StatusOr<std::string> OpenAnswer(const HandlerContext& context, sql::Tx& tx,
                                       absl::string_view request_id, std::string remembered);

}  // namespace clientele

#endif  // COMMON_HANDLER_REMEMBERED_ANSWER_H_
