#ifndef CLI_COMMANDS_USAGE_H_
#define CLI_COMMANDS_USAGE_H_

// A wrong command line, told in one sentence. Thread safety: functions of their arguments.

#include <string>

#include "CLI/App.hpp"
#include "CLI/Error.hpp"

namespace clientele::cli {

// What is wrong with the line that `app` has just parsed: `error` in words that name what was typed
// and what there is.
std::string UsageSentence(const CLI::App& app, const CLI::ParseError& error);

// Ends the help of `app` and of every command below it with what holds for all of them.
void AddCommonFooter(CLI::App& app);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_USAGE_H_
