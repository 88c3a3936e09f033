#ifndef COMMON_SQL_STATEMENT_CACHE_H_
#define COMMON_SQL_STATEMENT_CACHE_H_

// The statements that a connection keeps prepared, for every driver.
//
// Thread safety: none; belongs to its connection.

#include <cstddef>
#include <list>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"

namespace clientele::sql {

// A filter or a list has a handful of shapes; 64 hold all that are in use at a time.
inline constexpr size_t kRecentStatementsMax = 64;

// `Prepared` has text(), which stays where it is as long as the object.
template <typename Prepared>
class StatementCache {
 public:
  using Make = absl::FunctionRef<absl::StatusOr<std::unique_ptr<Prepared>>()>;

  // The statement, kept for the life of the cache; made when it is new.
  absl::StatusOr<Prepared*> Get(const Statement& statement, Make make) {
    std::unique_ptr<Prepared>& prepared = by_address_[statement.text.data()];
    if (prepared == nullptr || prepared->text() != statement.text) {
      absl::StatusOr<std::unique_ptr<Prepared>> fresh = make();
      if (!fresh.ok()) {
        by_address_.erase(statement.text.data());
        return fresh.status();
      }
      prepared = *std::move(fresh);
    }
    return prepared.get();
  }

  // The same for text composed at run time, of which the most recently used kRecentStatementsMax
  // are kept; valid until the next call.
  absl::StatusOr<Prepared*> GetText(absl::string_view text, Make make) {
    if (const auto found = by_text_.find(text); found != by_text_.end()) {
      recent_.splice(recent_.begin(), recent_, found->second);
      return recent_.front().get();
    }
    absl::StatusOr<std::unique_ptr<Prepared>> fresh = make();
    if (!fresh.ok()) {
      return fresh.status();
    }
    if (recent_.size() == kRecentStatementsMax) {
      by_text_.erase(recent_.back()->text());
      recent_.pop_back();
    }
    recent_.push_front(*std::move(fresh));
    by_text_[recent_.front()->text()] = recent_.begin();
    return recent_.front().get();
  }

  void Clear() {
    by_text_.clear();
    recent_.clear();
    by_address_.clear();
  }

 private:
  // By the address of Statement::text, which is static storage; verified against the text.
  absl::flat_hash_map<const char*, std::unique_ptr<Prepared>> by_address_;

  using RecentStatements = std::list<std::unique_ptr<Prepared>>;
  RecentStatements recent_;  // most recently used first
  absl::flat_hash_map<absl::string_view, typename RecentStatements::iterator> by_text_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_STATEMENT_CACHE_H_
