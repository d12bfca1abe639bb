// SPDX-License-Identifier: Apache-2.0
// Sorts input[1] to input[input[0]]: quicksort, insertion sort for what is short.
#include "computer.h"

static int numbers[2048];

static void insertion_sort(int *low, int *high) {
  for (int *at = low + 1; at <= high; at++) {
    int value = *at;
    int *hole = at;
    for (; hole > low && hole[-1] > value; hole--) {
      *hole = hole[-1];
    }
    *hole = value;
  }
}

static void quicksort(int *low, int *high) {
  if (high - low < 8) {
    insertion_sort(low, high);
    return;
  }
  int pivot = low[(high - low) / 2];
  int *left = low;
  int *right = high;
  while (left <= right) {
    while (*left < pivot) {
      left++;
    }
    while (*right > pivot) {
      right--;
    }
    if (left <= right) {
      int kept = *left;
      *left++ = *right;
      *right-- = kept;
    }
  }
  quicksort(low, right);
  quicksort(left, high);
}

int main(void) {
  int n = input[0];
  for (int i = 0; i < n; i++) {
    numbers[i] = input[1 + i];
  }
  quicksort(numbers, numbers + n - 1);
  for (int i = 0; i < n; i++) {
    put_word(numbers[i]);
  }
  return 0;
}
