#include "common/auth/role_table.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const std::vector<std::string> kPermissions = {"a.read", "a.write", "b.read", "c.d.read"};

absl::StatusOr<RoleTable> Parse(const std::vector<std::string>& roles,
                                const std::vector<std::string>& grants = {}) {
  return RoleTable::Parse(roles, grants, kPermissions);
}

std::string Refusal(const std::vector<std::string>& roles,
                    const std::vector<std::string>& grants = {}) {
  const absl::Status status = Parse(roles, grants).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(RoleTableTest, GivesThePermissionsOfRolesGrantedAndOfRolesTold) {
  const RoleTable table = *Parse({"reader=a.read  b.read", "writer=a.write"},
                                 {"token:alice=reader", "ann=reader writer"});
  EXPECT_THAT(table.PermissionsOf("token:alice", {}), UnorderedElementsAre("a.read", "b.read"));
  EXPECT_THAT(table.PermissionsOf("ann", {}), UnorderedElementsAre("a.read", "b.read", "a.write"));
  const std::vector<std::string> told = {"writer", "root", "*"};
  EXPECT_THAT(table.PermissionsOf("token:bob", told), UnorderedElementsAre("a.write"));
  EXPECT_THAT(table.PermissionsOf("alice", {}), IsEmpty());
  EXPECT_THAT(Parse({})->PermissionsOf("ann", told), IsEmpty());
}

TEST(RoleTableTest, GivesAPrincipalThatIsGrantedTwiceBoth) {
  const RoleTable table =
      *Parse({"reader=a.read", "writer=a.write"}, {"ann=reader", "bob=reader", "ann=writer"});
  EXPECT_THAT(table.PermissionsOf("ann", {}), UnorderedElementsAre("a.read", "a.write"));
  EXPECT_THAT(table.GrantedPrincipals(), ElementsAre("ann", "bob"));
}

TEST(RoleTableTest, TakesEveryPermissionAndWhatHasSome) {
  for (const std::string name : {"a.read", "c.d.read", "a.*", "c.*", "c.d.*", "*"}) {
    EXPECT_TRUE(Parse({absl::StrCat("reader=a.write ", name)}).ok()) << name;
  }
}

TEST(RoleTableTest, RefusesPermissionsThatThereAreNot) {
  EXPECT_EQ(Refusal({"reader=a.read b.raed"}),
            "auth.roles: reader: there is no permission 'b.raed'; did you mean 'b.read'?");
  EXPECT_EQ(Refusal({"reader=c.e.*"}),
            "auth.roles: reader: there is no permission 'c.e.*'; did you mean 'c.d.*'?");
  EXPECT_EQ(Refusal({"reader=nonsense"}), "auth.roles: reader: there is no permission 'nonsense'");
  for (const std::string name : {"a", "a*", "a.", ".*", "a.r*", "a.read.*", "**", "A.read"}) {
    EXPECT_THAT(Refusal({absl::StrCat("reader=", name)}),
                HasSubstr(absl::StrCat("there is no permission '", name, "'")));
  }
}

TEST(RoleTableTest, RefusesARoleThatComesTwice) {
  EXPECT_EQ(Refusal({"reader=a.read", "writer=a.write", "reader=*"}),
            "auth.roles: reader is there twice");
}

TEST(RoleTableTest, RefusesWhatIsNoEntryAndRolesThatThereAreNot) {
  EXPECT_THAT(Refusal({"reader"}), HasSubstr("auth.roles: \"reader\" is not of the form"));
  EXPECT_THAT(Refusal({"=a.read"}), HasSubstr("name=value"));
  EXPECT_THAT(Refusal({"reader="}), HasSubstr("name=value"));
  EXPECT_THAT(Refusal({"reader=a.read"}, {"ann=reader raeder"}),
              HasSubstr("auth.grants: ann is granted \"raeder\", which is not in auth.roles"));
}

}  // namespace
}  // namespace clientele::auth
