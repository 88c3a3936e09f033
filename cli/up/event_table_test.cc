// docs/api/events.md beside what the services say their feeds hold.

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/complaints/complaints_definition.h"
#include "services/loyalty/loyalty_definition.h"
#include "services/profile/profile_definition.h"
#include "services/segmentation/segmentation_definition.h"

namespace clientele::cli {
namespace {

constexpr absl::string_view kTypePrefix = "| `clientele.";

// A row of the table: a type and the name of its message, such as "CustomerCreated".
struct EventRow {
  std::string type;
  std::string data;
};

std::string CodeOf(absl::string_view cell) {
  cell = absl::StripAsciiWhitespace(cell);
  EXPECT_TRUE(absl::ConsumePrefix(&cell, "`") && absl::ConsumeSuffix(&cell, "`")) << cell;
  return std::string(cell);
}

std::vector<EventRow> ReadTable() {
  std::ifstream file(CLIENTELE_SOURCE_DIR "/docs/api/events.md");
  EXPECT_TRUE(file.is_open());
  std::vector<EventRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (!absl::StartsWith(line, kTypePrefix)) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    EXPECT_EQ(cells.size(), 7) << line;
    rows.push_back({CodeOf(cells.at(1)), CodeOf(cells.at(2))});
  }
  return rows;
}

// "clientele.<service>.v1", the package of a type's message.
std::string PackageOf(absl::string_view type) {
  const std::vector<std::string> parts = absl::StrSplit(type, '.');
  return absl::StrCat("clientele.", parts.at(1), ".v1");
}

TEST(EventTableTest, ListsEveryTypeOfEveryFeedInOrder) {
  std::vector<std::string> of_feeds;
  for (const server::ServiceDefinition& definition :
       {profile::ProfileDefinition(), segmentation::SegmentationDefinition({}),
        loyalty::LoyaltyDefinition({}), complaints::ComplaintsDefinition({})}) {
    of_feeds.insert(of_feeds.end(), definition.event_types.begin(), definition.event_types.end());
  }
  std::vector<std::string> of_table;
  for (EventRow& row : ReadTable()) of_table.push_back(std::move(row.type));
  EXPECT_THAT(of_table, testing::ElementsAreArray(of_feeds));
}

TEST(EventTableTest, NamesMessagesThatExist) {
  for (const EventRow& row : ReadTable()) {
    const std::string name = absl::StrCat(PackageOf(row.type), ".", row.data);
    EXPECT_NE(google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name),
              nullptr)
        << name;
  }
}

}  // namespace
}  // namespace clientele::cli
