#include "common/auth/role_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string Refusal(const std::vector<std::string>& roles, const std::vector<std::string>& grants) {
  const absl::Status status = RoleTable::Parse(roles, grants).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(RoleTableTest, GivesThePermissionsOfRolesGrantedAndOfRolesTold) {
  const RoleTable table =
      *RoleTable::Parse({"reader=a.read  b.read", "writer=a.write", "reader=c.*"},
                        {"token:alice=reader", "ann=reader writer"});
  EXPECT_THAT(table.PermissionsOf("token:alice", {}),
              UnorderedElementsAre("a.read", "b.read", "c.*"));
  EXPECT_THAT(table.PermissionsOf("ann", {}),
              UnorderedElementsAre("a.read", "b.read", "c.*", "a.write"));
  const std::vector<std::string> told = {"writer", "root", "*"};
  EXPECT_THAT(table.PermissionsOf("token:bob", told), UnorderedElementsAre("a.write"));
  EXPECT_THAT(table.PermissionsOf("alice", {}), IsEmpty());
  EXPECT_THAT(RoleTable::Parse({}, {})->PermissionsOf("ann", told), IsEmpty());
}

TEST(RoleTableTest, RefusesWhatIsNoEntryAndRolesThatThereAreNot) {
  EXPECT_THAT(Refusal({"reader"}, {}), HasSubstr("auth.roles: \"reader\" is not of the form"));
  EXPECT_THAT(Refusal({"=a.read"}, {}), HasSubstr("name=value"));
  EXPECT_THAT(Refusal({"reader="}, {}), HasSubstr("name=value"));
  EXPECT_THAT(Refusal({"reader=a.read"}, {"ann=reader raeder"}),
              HasSubstr("auth.grants: ann is granted \"raeder\", which is not in auth.roles"));
}

}  // namespace
}  // namespace clientele::auth
