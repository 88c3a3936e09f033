#include "common/rpc/prepared.h"

#include <grpcpp/impl/codegen/proto_utils.h>

#include "clientele/common/v1/money.pb.h"
#include "gtest/gtest.h"

namespace clientele::rpc {
namespace {

using PreparedMoney = Prepared<common::v1::Money>;

TEST(Prepared, IsReceivedAsTheMessage) {
  common::v1::Money money;
  money.set_currency_code("EUR");
  money.set_minor_units(1'250);
  grpc::ByteBuffer buffer;
  bool own_buffer = false;
  ASSERT_TRUE(grpc::SerializationTraits<PreparedMoney>::Serialize({money.SerializeAsString()},
                                                                  &buffer, &own_buffer)
                  .ok());
  EXPECT_TRUE(own_buffer);
  common::v1::Money received;
  ASSERT_TRUE(grpc::SerializationTraits<common::v1::Money>::Deserialize(&buffer, &received).ok());
  EXPECT_EQ(received.SerializeAsString(), money.SerializeAsString());
}

}  // namespace
}  // namespace clientele::rpc
