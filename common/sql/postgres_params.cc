#include "common/sql/postgres_params.h"

#include <cstring>
#include <numeric>
#include <variant>

#include "common/sql/postgres_byte_order.h"
#include "common/sql/postgres_result.h"
#include "common/sql/stored_text.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr int kBinaryFormat = 1;

void AppendInt32(std::vector<char>& out, size_t value) {
  out.resize(out.size() + 4);
  WriteBigEndian(value, 4, out.data() + out.size() - 4);
}

uint64_t BitsOf(double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

}  // namespace

PostgresParams::PostgresParams(size_t count) {
  types_.reserve(count);
  values_.reserve(count);
  byte_counts_.reserve(count);
  formats_.assign(count, kBinaryFormat);
  numbers_.reserve(count);
}

absl::StatusOr<PostgresParams> PostgresParams::Encode(absl::Span<const Param> params) {
  PostgresParams encoded(params.size());
  for (const Param& param : params) {
    CLIENTELE_RETURN_IF_ERROR(CheckStorable(param));
    if (const auto* number = std::get_if<int64_t>(&param)) {
      encoded.AddNumber(kPostgresInt8, static_cast<uint64_t>(*number));
    } else if (const auto* text = std::get_if<absl::string_view>(&param)) {
      encoded.Add(kPostgresText, text->data(), text->size());
    } else if (const auto* real = std::get_if<double>(&param)) {
      encoded.AddNumber(kPostgresFloat8, BitsOf(*real));
    } else if (const auto* bytes = std::get_if<Bytes>(&param)) {
      encoded.Add(kPostgresBytea, bytes->value.data(), bytes->value.size());
    } else {
      encoded.types_.push_back(kPostgresUnknown);
      encoded.values_.push_back(nullptr);
      encoded.byte_counts_.push_back(0);
    }
  }
  return encoded;
}

PostgresParams PostgresParams::EncodeTextArray(absl::Span<const std::string> texts) {
  PostgresParams encoded(1);
  std::vector<char>& array = encoded.array_;
  AppendInt32(array, 1);  // dimensions
  AppendInt32(array, 0);  // no NULL in it
  AppendInt32(array, kPostgresText);
  AppendInt32(array, texts.size());
  AppendInt32(array, 1);  // the first index
  for (const std::string& text : texts) {
    AppendInt32(array, text.size());
    array.insert(array.end(), text.begin(), text.end());
  }
  encoded.Add(kPostgresTextArray, array.data(), array.size());
  return encoded;
}

PostgresParams PostgresParams::Join(absl::Span<const PostgresParams> rows) {
  PostgresParams joined(rows.empty() ? 0 : rows.size() * rows.front().types_.size());
  for (const PostgresParams& row : rows) {
    joined.types_.insert(joined.types_.end(), row.types_.begin(), row.types_.end());
    joined.values_.insert(joined.values_.end(), row.values_.begin(), row.values_.end());
    joined.byte_counts_.insert(joined.byte_counts_.end(), row.byte_counts_.begin(),
                               row.byte_counts_.end());
  }
  return joined;
}

size_t PostgresParams::wire_bytes() const {
  return std::accumulate(byte_counts_.begin(), byte_counts_.end(), byte_counts_.size() * 8);
}

void PostgresParams::Add(Oid type, const char* value, size_t byte_count) {
  types_.push_back(type);
  values_.push_back(value == nullptr ? "" : value);  // libpq takes a null pointer for NULL
  byte_counts_.push_back(static_cast<int>(byte_count));
}

void PostgresParams::AddNumber(Oid type, uint64_t bits) {
  numbers_.emplace_back();
  WriteBigEndian(bits, sizeof(bits), numbers_.back().data());
  Add(type, numbers_.back().data(), sizeof(bits));
}

}  // namespace clientele::sql
