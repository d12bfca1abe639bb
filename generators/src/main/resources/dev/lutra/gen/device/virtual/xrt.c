/* SPDX-License-Identifier: Apache-2.0
 *
 * Test equipment: the functions of XRT's C API that Lutra calls, in front of a virtual card. Card N is the socket ../cardN beside this library's folder.
 * The bitstream on it has one kernel, "lutra"; its memory begins at 1 MiB, so that addresses are not offsets by accident.
 */
#include "card.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

#define MEMORY_START 0x100000

struct device {
    char path[256];
    int card;
    uint64_t next;
};

struct kernel {
    struct device *device;
    int lock;
};

struct buffer {
    struct device *device;
    uint64_t address;
    size_t size;
    char *host;
};

void *xrtDeviceOpen(unsigned index) {
    Dl_info library;
    struct device *device = calloc(1, sizeof *device);
    dladdr((void *) xrtDeviceOpen, &library);
    snprintf(device->path, sizeof device->path - 8, "%s", library.dli_fname);
    strcpy(strrchr(device->path, '/'), "/..");
    snprintf(device->path + strlen(device->path), 32, "/card%u", index);
    device->card = card_connect(device->path);
    device->next = MEMORY_START;
    if (device->card < 0) {
        free(device);
        errno = ENODEV;
        return NULL;
    }
    return device;
}

void *xrtDeviceOpenByBDF(const char *address) {
    (void) address;
    errno = ENODEV;
    return NULL;
}

int xrtDeviceClose(void *handle) {
    struct device *device = handle;
    close(device->card);
    free(device);
    return 0;
}

int xrtDeviceLoadXclbinFile(void *device, const char *path) {
    (void) device;
    return access(path, R_OK) == 0 ? 0 : -1;
}

int xrtDeviceGetXclbinUUID(void *device, unsigned char *uuid) {
    (void) device;
    memset(uuid, 0x4C, 16);
    return 0;
}

void *xrtPLKernelOpenExclusive(void *handle, const unsigned char *uuid, const char *name) {
    struct device *device = handle;
    char path[300];
    if (strcmp(name, "lutra") != 0 || uuid[0] != 0x4C) {
        errno = EINVAL;
        return NULL;
    }
    snprintf(path, sizeof path, "%s.lock", device->path);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        errno = EBUSY;
        return NULL;
    }
    struct kernel *kernel = calloc(1, sizeof *kernel);
    kernel->device = device;
    kernel->lock = lock;
    return kernel;
}

int xrtKernelArgGroupId(void *kernel, int argument) {
    (void) kernel;
    return argument == 0 ? 0 : -1;
}

int xrtKernelReadRegister(void *handle, uint32_t offset, uint32_t *value) {
    struct kernel *kernel = handle;
    return card_request(kernel->device->card, READ_REGISTER, offset, value, 4) == 4 ? 0 : -1;
}

int xrtKernelWriteRegister(void *handle, uint32_t offset, uint32_t value) {
    struct kernel *kernel = handle;
    return card_request(kernel->device->card, WRITE_REGISTER, offset, &value, 4) == 4 ? 0 : -1;
}

int xrtKernelClose(void *handle) {
    struct kernel *kernel = handle;
    close(kernel->lock);
    free(kernel);
    return 0;
}

void *xrtBOAlloc(void *handle, size_t size, uint64_t flags, uint32_t group) {
    struct device *device = handle;
    struct buffer *buffer = calloc(1, sizeof *buffer);
    char probe;
    if (flags != 0 || group != 0 || card_request(device->card, READ_MEMORY, device->next + size - 1, &probe, 1) != 1) {
        free(buffer);
        errno = ENOMEM;
        return NULL;
    }
    buffer->device = device;
    buffer->address = device->next;
    buffer->size = size;
    buffer->host = aligned_alloc(4096, (size + 4095) / 4096 * 4096);
    memset(buffer->host, 0xA5, size); /* not what the card's memory holds */
    device->next += size;
    return buffer;
}

int xrtBOFree(void *handle) {
    struct buffer *buffer = handle;
    free(buffer->host);
    free(buffer);
    return 0;
}

uint64_t xrtBOAddress(void *handle) {
    return ((struct buffer *) handle)->address;
}

void *xrtBOMap(void *handle) {
    return ((struct buffer *) handle)->host;
}

int xrtBOSync(void *handle, int direction, size_t size, size_t offset) {
    struct buffer *buffer = handle;
    if (offset % 64 || size % 64 || offset + size > buffer->size || direction < 0 || direction > 1) {
        errno = EINVAL;
        return -1;
    }
    uint32_t operation = direction == 0 ? WRITE_MEMORY : READ_MEMORY;
    int moved = card_request(buffer->device->card, operation, buffer->address + offset, buffer->host + offset, (uint32_t) size);
    return moved == (int) size ? 0 : -1;
}
