#ifndef COMMON_SQL_POSTGRES_PARAMS_H_
#define COMMON_SQL_POSTGRES_PARAMS_H_

// Parameters as libpq sends them: all in binary format, each with the type of its kind.
//
// A value's own type goes with it, since the one that the server would infer may be too narrow
// ("$1 > 0" makes $1 an int4). NULL has none: there the server infers.
// Thread safety: none; belongs to one call.

#include <libpq-fe.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace clientele::sql {

class PostgresParams {
 public:
  // INTERNAL for what no database of ours stores. Text and bytes are not copied: they must outlive
  // the object.
  static absl::StatusOr<PostgresParams> Encode(absl::Span<const Param> params);

  // One parameter: an array of texts.
  static PostgresParams EncodeTextArray(absl::Span<const std::string> texts);

  // One array for each of `types`, which are those of a row's values: the values of `rows`, each of
  // that many, in their order. NULL for what is unknown. INTERNAL as Encode.
  static absl::StatusOr<PostgresParams> EncodeArrays(absl::Span<const std::vector<Param>> rows,
                                                     const std::vector<Oid>& types);

  PostgresParams(PostgresParams&&) = default;
  PostgresParams& operator=(PostgresParams&&) = default;

  int count() const { return static_cast<int>(types_.size()); }
  const std::vector<Oid>& types() const { return types_; }
  const char* const* values() const { return values_.data(); }
  const int* byte_counts() const { return byte_counts_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  explicit PostgresParams(size_t count);

  void Add(Oid type, const char* value, size_t byte_count);
  void AddNumber(Oid type, uint64_t bits);
  void AddNull(Oid type);
  void AddArray(Oid type, std::string array);

  std::vector<Oid> types_;
  std::vector<const char*> values_;
  std::vector<int> byte_counts_;
  std::vector<int> formats_;
  std::vector<std::array<char, 8>> numbers_;  // never grows beyond what it reserved
  std::vector<std::string> arrays_;           // the same
};

// The type of a value; unknown for NULL.
Oid TypeOf(const Param& param);

// The types of the values of all `rows`, of which there is one at least; unknown where all are
// NULL. INTERNAL when they differ in types or in how many values they have.
absl::StatusOr<std::vector<Oid>> TypesOf(absl::Span<const std::vector<Param>> rows);

// Adds a value as it stands in an array or in a row of a COPY: its length, -1 for NULL, and its
// bytes.
void AppendValue(std::string& out, const Param& param);

// Adds the lowest `byte_count` bytes of `value`, eight at most.
void AppendNumber(std::string& out, uint64_t value, int byte_count);

// What values take on the wire, roughly.
size_t WireBytes(absl::Span<const Param> params);

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_PARAMS_H_
