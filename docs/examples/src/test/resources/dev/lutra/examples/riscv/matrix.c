// SPDX-License-Identifier: Apache-2.0
// C = A B, where input is rows, depth, columns, A and B by rows; RV32I multiplies by additions (__mulsi3 of libgcc).
#include "computer.h"

int main(void) {
  int rows = input[0];
  int depth = input[1];
  int columns = input[2];
  const int *a = input + 3;
  const int *b = a + rows * depth;
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < columns; j++) {
      int sum = 0;
      for (int k = 0; k < depth; k++) {
        sum += a[i * depth + k] * b[k * columns + j];
      }
      put_word(sum);
    }
  }
  return 0;
}
