#include "common/sql/postgres_params.h"

#include <cstring>
#include <utility>
#include <variant>

#include "common/sql/errors.h"
#include "common/sql/postgres_byte_order.h"
#include "common/sql/postgres_result.h"
#include "common/sql/stored_text.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr int kBinaryFormat = 1;
constexpr size_t kNullLength = 0xffff'ffff;  // of an element: -1

void AppendInt32(std::string& out, size_t value) { AppendNumber(out, value, 4); }

uint64_t BitsOf(double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

// What an array of `count` elements of `type` begins with.
std::string ArrayHead(Oid type, size_t count) {
  std::string head;
  AppendInt32(head, 1);  // dimensions
  AppendInt32(head, 1);  // there may be NULL in it
  AppendInt32(head, type);
  AppendInt32(head, count);
  AppendInt32(head, 1);  // the first index
  return head;
}

void AppendBytes(std::string& array, absl::string_view bytes) {
  AppendInt32(array, bytes.size());
  array.append(bytes.data(), bytes.size());
}

// What the array of the values number `column` takes, at most.
size_t ArrayBytes(absl::Span<const std::vector<Param>> rows, size_t column) {
  constexpr size_t kHeadBytes = 20;
  constexpr size_t kElementBytes = 12;
  size_t bytes = kHeadBytes;
  for (const std::vector<Param>& row : rows) {
    const auto* text = std::get_if<absl::string_view>(&row[column]);
    const auto* blob = std::get_if<Bytes>(&row[column]);
    bytes += kElementBytes + (text != nullptr ? text->size() : 0) +
             (blob != nullptr ? blob->value.size() : 0);
  }
  return bytes;
}

Oid ArrayTypeOf(Oid type) {
  switch (type) {
    case kPostgresInt8:
      return kPostgresInt8Array;
    case kPostgresFloat8:
      return kPostgresFloat8Array;
    case kPostgresBytea:
      return kPostgresByteaArray;
    default:
      return kPostgresTextArray;
  }
}

}  // namespace

PostgresParams::PostgresParams(size_t count) {
  types_.reserve(count);
  values_.reserve(count);
  byte_counts_.reserve(count);
  formats_.assign(count, kBinaryFormat);
  numbers_.reserve(count);
  arrays_.reserve(count);
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
      encoded.AddNull(kPostgresUnknown);
    }
  }
  return encoded;
}

PostgresParams PostgresParams::EncodeTextArray(absl::Span<const std::string> texts) {
  std::string array = ArrayHead(kPostgresText, texts.size());
  for (const std::string& text : texts) {
    AppendBytes(array, text);
  }
  PostgresParams encoded(1);
  encoded.AddArray(kPostgresTextArray, std::move(array));
  return encoded;
}

absl::StatusOr<PostgresParams> PostgresParams::EncodeArrays(
    absl::Span<const std::vector<Param>> rows, const std::vector<Oid>& types) {
  PostgresParams encoded(types.size());
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] == kPostgresUnknown) {
      encoded.AddNull(kPostgresTextArray);  // the statement does not look at it
      continue;
    }
    std::string array = ArrayHead(types[i], rows.size());
    array.reserve(ArrayBytes(rows, i));
    for (const std::vector<Param>& row : rows) {
      CLIENTELE_RETURN_IF_ERROR(CheckStorable(row[i]));
      AppendValue(array, row[i]);
    }
    encoded.AddArray(ArrayTypeOf(types[i]), std::move(array));
  }
  return encoded;
}

Oid TypeOf(const Param& param) {
  if (std::holds_alternative<int64_t>(param)) {
    return kPostgresInt8;
  }
  if (std::holds_alternative<absl::string_view>(param)) {
    return kPostgresText;
  }
  if (std::holds_alternative<double>(param)) {
    return kPostgresFloat8;
  }
  return std::holds_alternative<Bytes>(param) ? kPostgresBytea : kPostgresUnknown;
}

absl::StatusOr<std::vector<Oid>> TypesOf(absl::Span<const std::vector<Param>> rows) {
  std::vector<Oid> types(rows.front().size(), kPostgresUnknown);
  for (const std::vector<Param>& row : rows) {
    if (row.size() != types.size()) {
      return SqlDefect("the rows of a batch differ in how many values they have");
    }
    for (size_t i = 0; i < types.size(); ++i) {
      const Oid type = TypeOf(row[i]);
      if (types[i] == kPostgresUnknown) {
        types[i] = type;
      } else if (type != kPostgresUnknown && type != types[i]) {
        return SqlDefect("a batch binds values of several types to one parameter");
      }
    }
  }
  return types;
}

void AppendValue(std::string& out, const Param& param) {
  if (const auto* number = std::get_if<int64_t>(&param)) {
    AppendInt32(out, 8);
    AppendNumber(out, static_cast<uint64_t>(*number), 8);
  } else if (const auto* text = std::get_if<absl::string_view>(&param)) {
    AppendBytes(out, *text);
  } else if (const auto* real = std::get_if<double>(&param)) {
    AppendInt32(out, 8);
    AppendNumber(out, BitsOf(*real), 8);
  } else if (const auto* bytes = std::get_if<Bytes>(&param)) {
    AppendBytes(out, bytes->value);
  } else {
    AppendInt32(out, kNullLength);
  }
}

void AppendNumber(std::string& out, uint64_t value, int byte_count) {
  char bytes[sizeof(value)];
  WriteBigEndian(value, byte_count, bytes);
  out.append(bytes, byte_count);
}

size_t WireBytes(absl::Span<const Param> params) {
  size_t bytes = params.size() * 8;
  for (const Param& param : params) {
    if (const auto* text = std::get_if<absl::string_view>(&param)) {
      bytes += text->size();
    } else if (const auto* blob = std::get_if<Bytes>(&param)) {
      bytes += blob->value.size();
    }
  }
  return bytes;
}

void PostgresParams::Add(Oid type, const char* value, size_t byte_count) {
  types_.push_back(type);
  values_.push_back(value == nullptr ? "" : value);  // libpq takes a null pointer for NULL
  byte_counts_.push_back(static_cast<int>(byte_count));
}

void PostgresParams::AddNull(Oid type) {
  types_.push_back(type);
  values_.push_back(nullptr);
  byte_counts_.push_back(0);
}

void PostgresParams::AddArray(Oid type, std::string array) {
  arrays_.push_back(std::move(array));
  Add(type, arrays_.back().data(), arrays_.back().size());
}

void PostgresParams::AddNumber(Oid type, uint64_t bits) {
  numbers_.emplace_back();
  WriteBigEndian(bits, sizeof(bits), numbers_.back().data());
  Add(type, numbers_.back().data(), sizeof(bits));
}

}  // namespace clientele::sql
