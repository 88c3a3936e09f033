#include "common/crypto/aead.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "absl/status/status.h"

namespace clientele {
namespace {

constexpr size_t kSaltBytes = 12;   // derives the key of one text
constexpr size_t kNonceBytes = 12;  // what GCM takes without hashing it
constexpr size_t kTagBytes = 16;
constexpr size_t kHeaderBytes = kSaltBytes + kNonceBytes;
static_assert(Aead::kOverheadBytes == kHeaderBytes + kTagBytes);

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

uint8_t* Bytes(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

int Length(absl::string_view text) { return static_cast<int>(text.size()); }

absl::Status DoesNotOpen() {
  return absl::InvalidArgumentError("the sealed text is not authentic here");
}

absl::Status CipherFailed() { return absl::InternalError("AES-256-GCM failed in OpenSSL"); }

}  // namespace

absl::StatusOr<std::string> Aead::Seal(absl::string_view plaintext,
                                       absl::string_view context) const {
  if (plaintext.size() > kPlaintextBytesMax || context.size() > kPlaintextBytesMax) {
    return absl::InvalidArgumentError("the text is too long to be sealed");
  }
  std::string header(kHeaderBytes, '\0');
  if (RAND_bytes(Bytes(header), Length(header)) != 1) {
    return absl::InternalError("the operating system gave no random bytes");
  }
  const SecretKey key = key_.Derive(absl::string_view(header).substr(0, kSaltBytes));
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  std::string ciphertext(plaintext.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int length = 0;
  if (cipher == nullptr ||
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key.bytes()),
                         Bytes(header) + kSaltBytes) != 1 ||
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, Bytes(context), Length(context)) != 1 ||
      EVP_EncryptUpdate(cipher.get(), Bytes(ciphertext), &length, Bytes(plaintext),
                        Length(plaintext)) != 1 ||
      EVP_EncryptFinal_ex(cipher.get(), nullptr, &length) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) != 1) {
    return CipherFailed();
  }
  return header + ciphertext + tag;
}

absl::StatusOr<std::string> Aead::Open(absl::string_view sealed, absl::string_view context) const {
  if (sealed.size() < kOverheadBytes || sealed.size() > kOverheadBytes + kPlaintextBytesMax ||
      context.size() > kPlaintextBytesMax) {
    return DoesNotOpen();
  }
  const SecretKey key = key_.Derive(sealed.substr(0, kSaltBytes));
  const absl::string_view nonce = sealed.substr(kSaltBytes, kNonceBytes);
  const absl::string_view ciphertext = sealed.substr(kHeaderBytes, sealed.size() - kOverheadBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plaintext(ciphertext.size(), '\0');
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int length = 0;
  if (cipher == nullptr ||
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key.bytes()),
                         Bytes(nonce)) != 1 ||
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, Bytes(context), Length(context)) != 1 ||
      EVP_DecryptUpdate(cipher.get(), Bytes(plaintext), &length, Bytes(ciphertext),
                        Length(ciphertext)) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) != 1) {
    return CipherFailed();
  }
  if (EVP_DecryptFinal_ex(cipher.get(), nullptr, &length) != 1) {
    return DoesNotOpen();
  }
  return plaintext;
}

}  // namespace clientele
