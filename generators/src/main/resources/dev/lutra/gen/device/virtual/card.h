/* SPDX-License-Identifier: Apache-2.0
 *
 * Test equipment: how the libraries in front of a virtual card or board talk to it, over a Unix socket. All numbers little endian.
 * Request: operation[4] count[4] address[8], then count bytes if it writes. Answer: result[4] (bytes moved, or -errno), then as many bytes if it reads.
 * A transfer of SPI writes and reads; its address is the clock of the bus in Hz.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { READ_REGISTER = 1, WRITE_REGISTER, READ_MEMORY, WRITE_MEMORY, TRANSFER };

struct request {
    uint32_t operation;
    uint32_t count;
    uint64_t address;
};

static int card_connect(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file >= 0 && connect(file, (struct sockaddr *) &address, sizeof address) != 0) {
        close(file);
        errno = ENOENT;
        return -1;
    }
    return file;
}

/* Moves all bytes; a card that left is ENODEV. */
static int card_move(int file, void *bytes, size_t count, int sends) {
    for (size_t done = 0; done < count;) {
        ssize_t n = sends ? send(file, (char *) bytes + done, count - done, MSG_NOSIGNAL)
                          : recv(file, (char *) bytes + done, count - done, 0);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = ENODEV;
            return -1;
        }
        done += (size_t) n;
    }
    return 0;
}

/* Returns the bytes moved, or -1 with errno. */
static int card_request(int file, uint32_t operation, uint64_t address, void *bytes, uint32_t count) {
    struct request request = {operation, count, address};
    int32_t result;
    int writes = operation == WRITE_REGISTER || operation == WRITE_MEMORY || operation == TRANSFER;
    int reads = operation != WRITE_REGISTER && operation != WRITE_MEMORY;
    if (card_move(file, &request, sizeof request, 1) != 0 || (writes && card_move(file, bytes, count, 1) != 0)
        || card_move(file, &result, sizeof result, 0) != 0) {
        return -1;
    }
    if (result < 0) {
        errno = -result;
        return -1;
    }
    return reads && card_move(file, bytes, (size_t) result, 0) != 0 ? -1 : result;
}
