// SPDX-License-Identifier: Apache-2.0
// What gcc calls without being asked to.
void *memcpy(void *to, const void *from, unsigned long size) {
  char *t = to;
  const char *f = from;
  while (size-- != 0) {
    *t++ = *f++;
  }
  return to;
}

void *memmove(void *to, const void *from, unsigned long size) {
  char *t = to;
  const char *f = from;
  if (t <= f) {
    return memcpy(to, from, size);
  }
  while (size-- != 0) {
    t[size] = f[size];
  }
  return to;
}

void *memset(void *to, int value, unsigned long size) {
  char *t = to;
  while (size-- != 0) {
    *t++ = value;
  }
  return to;
}
