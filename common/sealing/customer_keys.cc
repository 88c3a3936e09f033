#include "common/sealing/customer_keys.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::sealing {
namespace {

constexpr char kForm = 1;
constexpr size_t kTagBytes = 4;
constexpr size_t kHeaderBytes = 1 + kTagBytes;
static_assert(CustomerKeys::kOverheadBytes == kHeaderBytes + Aead::kOverheadBytes);

std::string ContextOf(const Place& place) { return absl::StrCat(place.column, "/", place.row); }

absl::Status DoesNotOpen() {
  return ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL", "a sealed text does not open")
      .Build();
}

}  // namespace

void CustomerKeys::Add(absl::string_view customer_id, const SecretKey& key) {
  const SecretKey tag = key.Derive("tag");
  by_customer_.insert_or_assign(
      customer_id,
      Key{.tag = std::string(tag.bytes().substr(0, kTagBytes)), .aead = Aead(key, "text")});
}

absl::StatusOr<std::string> CustomerKeys::Seal(const Place& place, absl::string_view text) const {
  const auto key = by_customer_.find(place.customer_id);
  CLIENTELE_CHECK(key != by_customer_.end());
  CLIENTELE_ASSIGN_OR_RETURN(const std::string sealed,
                             key->second.aead.Seal(text, ContextOf(place)));
  return absl::StrCat(absl::string_view(&kForm, 1), key->second.tag, sealed);
}

absl::StatusOr<OpenedText> CustomerKeys::Open(const Place& place, absl::string_view sealed) const {
  if (sealed.size() < kOverheadBytes || sealed[0] != kForm) {
    return DoesNotOpen();
  }
  const auto key = by_customer_.find(place.customer_id);
  if (key == by_customer_.end() || sealed.substr(1, kTagBytes) != key->second.tag) {
    return OpenedText{.text = "", .erased = true};
  }
  absl::StatusOr<std::string> text =
      key->second.aead.Open(sealed.substr(kHeaderBytes), ContextOf(place));
  if (!text.ok()) {
    return DoesNotOpen();
  }
  return OpenedText{.text = *std::move(text)};
}

}  // namespace clientele::sealing
