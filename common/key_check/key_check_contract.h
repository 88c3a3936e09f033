#ifndef COMMON_KEY_CHECK_KEY_CHECK_CONTRACT_H_
#define COMMON_KEY_CHECK_KEY_CHECK_CONTRACT_H_

// For tests only: what CheckKey does on every driver.

#include <memory>

#include "common/sql/database.h"
#include "gtest/gtest.h"

namespace clientele::key_check {

// The parameter opens a fresh database with the schema.
class KeyCheckContract : public ::testing::TestWithParam<std::unique_ptr<sql::Database> (*)()> {
 protected:
  const std::unique_ptr<sql::Database> database_ = GetParam()();
};

}  // namespace clientele::key_check

#endif  // COMMON_KEY_CHECK_KEY_CHECK_CONTRACT_H_
