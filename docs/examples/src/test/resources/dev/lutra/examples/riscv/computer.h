// SPDX-License-Identifier: Apache-2.0
#pragma once

#define CONSOLE (*(volatile unsigned char *)0x10000000)

// What the test gives the program.
extern const int input[];

static inline void put_word(unsigned value) {
  for (int i = 0; i < 4; i++) {
    CONSOLE = value >> 8 * i;
  }
}
