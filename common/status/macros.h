#ifndef COMMON_STATUS_MACROS_H_
#define COMMON_STATUS_MACROS_H_

// The two status macros and CHECK: the only macros of the code base (Debian's Abseil ships
// neither).
//
//   CLIENTELE_RETURN_IF_ERROR(store.Save(tx, customer));
//   CLIENTELE_ASSIGN_OR_RETURN(Customer customer, store.Load(tx, id));
//   CLIENTELE_CHECK(index < size) // for programmer errors only; what the world can do is a Status

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define CLIENTELE_RETURN_IF_ERROR(expression)                                     \
  do {                                                                            \
    if (absl::Status clientele_status_ = (expression); !clientele_status_.ok()) { \
      return clientele_status_;                                                   \
    }                                                                             \
  } while (false)

// NOLINTBEGIN(bugprone-macro-parentheses): `lhs` may be a declaration, `name` is an identifier.
#define CLIENTELE_ASSIGN_OR_RETURN(lhs, expression) \
  CLIENTELE_ASSIGN_OR_RETURN_NAMED_(CLIENTELE_CONCAT_(clientele_or_, __LINE__), lhs, expression)

#define CLIENTELE_ASSIGN_OR_RETURN_NAMED_(name, lhs, expression) \
  auto name = (expression);                                      \
  if (!name.ok()) {                                              \
    return std::move(name).status();                             \
  }                                                              \
  lhs = *std::move(name)

// NOLINTEND(bugprone-macro-parentheses)

#define CLIENTELE_CONCAT_INNER_(a, b) a##b
#define CLIENTELE_CONCAT_(a, b) CLIENTELE_CONCAT_INNER_(a, b)

#define CLIENTELE_CHECK(condition)                                                       \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)

#endif  // COMMON_STATUS_MACROS_H_
