#ifndef CLI_GENERATE_EXACT_MATH_H_
#define CLI_GENERATE_EXACT_MATH_H_

// Logarithm and exponential with the same bits on every machine: only IEEE 754 operations whose
// result the standard fixes (+ - * / and scaling by powers of two), in a fixed order. The C
// library's differ in the last digit between versions and processors. Compile with
// -ffp-contract=off. Thread safety: pure functions.

namespace clientele::cli {

// Natural logarithm of a positive, finite, normal number; relative error below 1e-15.
double Log(double x);

// e to the x; 0 below -700, so that no denormal arises. x <= 700. Relative error below 1e-15.
double Exp(double x);

}  // namespace clientele::cli

#endif  // CLI_GENERATE_EXACT_MATH_H_
