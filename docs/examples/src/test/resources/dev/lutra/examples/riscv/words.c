// SPDX-License-Identifier: Apache-2.0
// Counts the words of a text, which is input up to a zero byte, and prints each with its count, in the order of the alphabet.
#include "computer.h"

#define MOST 256

struct word {
  const char *at;
  unsigned length;
  unsigned count;
};

static struct word words[MOST];
static unsigned known;

static int is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

// Less than, equal to or greater than 0, without regard to case.
static int compare(const char *a, unsigned a_length, const char *b, unsigned b_length) {
  for (unsigned i = 0; i < a_length && i < b_length; i++) {
    int difference = lower(a[i]) - lower(b[i]);
    if (difference != 0) {
      return difference;
    }
  }
  return (int)a_length - (int)b_length;
}

static int count(const char *at, unsigned length) {
  unsigned low = 0;
  unsigned high = known;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    int order = compare(at, length, words[middle].at, words[middle].length);
    if (order == 0) {
      words[middle].count++;
      return 0;
    }
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  if (known == MOST) {
    return 1;
  }
  for (unsigned i = known++; i > low; i--) {
    words[i] = words[i - 1];
  }
  words[low] = (struct word){at, length, 1};
  return 0;
}

static void put_number(unsigned number) {
  if (number >= 10) {
    put_number(number / 10);
  }
  CONSOLE = '0' + number % 10;
}

int main(void) {
  const char *text = (const char *)input;
  while (*text != 0) {
    const char *end = text;
    while (is_letter(*end)) {
      end++;
    }
    if (end == text) {
      text++;
    } else {
      if (count(text, end - text) != 0) {
        return 1;
      }
      text = end;
    }
  }
  for (unsigned i = 0; i < known; i++) {
    for (unsigned k = 0; k < words[i].length; k++) {
      CONSOLE = lower(words[i].at[k]);
    }
    CONSOLE = ' ';
    put_number(words[i].count);
    CONSOLE = '\n';
  }
  return 0;
}
