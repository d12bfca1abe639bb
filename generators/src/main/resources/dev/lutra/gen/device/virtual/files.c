/* SPDX-License-Identifier: Apache-2.0
 *
 * Test equipment: device files that are not there. Preloaded into a host (LD_PRELOAD): what is a Unix socket behaves as a file of the XDMA
 * driver, of spidev, or as a UIO device, everything else goes to the system.
 *
 *   *_user         4 bytes a call at aligned positions, EPROTO elsewhere
 *   *_h2c_*, _c2h_*  buffer and position must agree modulo 64, EINVAL otherwise
 *   spidev*        mode 0 and 8 bits a word alone, a transfer a message, at most 4096 bytes of it
 *   others         a UIO device: its first page is mapped as registers, of which each access is one of the card's (the page is never accessible: the fault
 *                  that an access raises asks the card, lets the access happen alone, and closes the page again); from the second page on, FILE.memory
 *   reads and writes without a position are events and go through as they are
 *   locks are held on FILE.lock
 */
#include "card.h"
#include <fcntl.h>
#include <linux/spi/spidev.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>

#define FILES 4096
#define PAGE 4096
#define DMA_ALIGNMENT 64
#define TRAP_FLAG 0x100
#define SPI_BUFSIZ 4096

static int locks[FILES]; /* of a file: its lock's file, plus 1 */

/* The path of the card behind a file; 0 if it is none. */
static int card_path(int file, char *path, size_t size) {
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    int error = errno;
    memset(&address, 0, sizeof address);
    if (getpeername(file, (struct sockaddr *) &address, &length) != 0 || address.sun_family != AF_UNIX || !address.sun_path[0]) {
        errno = error; /* callers may take any change for a failure of their own call */
        return 0;
    }
    snprintf(path, size, "%s", address.sun_path);
    return 1;
}

int open(const char *path, int flags, ...) {
    struct stat status;
    int error = errno;
    if (stat(path, &status) == 0 && S_ISSOCK(status.st_mode)) {
        return card_connect(path);
    }
    errno = error;
    va_list more;
    va_start(more, flags);
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
    va_end(more);
    return (int) syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int close(int file) {
    if (file >= 0 && file < FILES && locks[file]) {
        syscall(SYS_close, locks[file] - 1);
        locks[file] = 0;
    }
    return (int) syscall(SYS_close, file);
}

int flock(int file, int operation) {
    char path[256];
    if (!card_path(file, path, sizeof path - 8)) {
        return (int) syscall(SYS_flock, file, operation);
    }
    strcat(path, ".lock");
    int lock = (int) syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0 || file >= FILES || syscall(SYS_flock, lock, operation) != 0) {
        int error = errno;
        syscall(SYS_close, lock);
        errno = error;
        return -1;
    }
    locks[file] = lock + 1;
    return 0;
}

static ssize_t transfer(int file, void *bytes, size_t count, off_t offset, int writes) {
    char path[256];
    if (!card_path(file, path, sizeof path)) {
        return syscall(writes ? SYS_pwrite64 : SYS_pread64, file, bytes, count, offset);
    }
    if (strstr(path, "_user")) {
        if (offset % 4) {
            errno = EPROTO;
            return -1;
        }
        return card_request(file, writes ? WRITE_REGISTER : READ_REGISTER, (uint64_t) offset, bytes, 4);
    }
    if (((uintptr_t) bytes ^ (uintptr_t) offset) % DMA_ALIGNMENT || !strstr(path, writes ? "_h2c_" : "_c2h_")) {
        errno = EINVAL;
        return -1;
    }
    return card_request(file, writes ? WRITE_MEMORY : READ_MEMORY, (uint64_t) offset, bytes, (uint32_t) count);
}

ssize_t pread(int file, void *bytes, size_t count, off_t offset) {
    return transfer(file, bytes, count, offset, 0);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return transfer(file, (void *) bytes, count, offset, 1);
}

static int refuse(int error) {
    errno = error;
    return -1;
}

static uint32_t spi_hertz[FILES]; /* of a file: SPI_IOC_WR_MAX_SPEED_HZ */

static int spi_control(int file, unsigned long request, void *argument) {
    switch (request) {
    case SPI_IOC_WR_MODE:
        return *(uint8_t *) argument == SPI_MODE_0 ? 0 : refuse(EINVAL);
    case SPI_IOC_WR_BITS_PER_WORD:
        return *(uint8_t *) argument == 8 ? 0 : refuse(EINVAL);
    case SPI_IOC_WR_MAX_SPEED_HZ:
        spi_hertz[file] = *(uint32_t *) argument;
        return spi_hertz[file] ? 0 : refuse(EINVAL);
    case SPI_IOC_MESSAGE(1): {
        struct spi_ioc_transfer *transfer = argument;
        uint8_t bytes[SPI_BUFSIZ];
        uint32_t hertz = transfer->speed_hz && transfer->speed_hz < spi_hertz[file] ? transfer->speed_hz : spi_hertz[file];
        if (transfer->len > sizeof bytes) {
            return refuse(EMSGSIZE);
        }
        memcpy(bytes, (void *) (uintptr_t) transfer->tx_buf, transfer->len);
        int moved = card_request(file, TRANSFER, hertz, bytes, transfer->len);
        if (moved > 0) {
            memcpy((void *) (uintptr_t) transfer->rx_buf, bytes, (size_t) moved);
        }
        return moved;
    }
    default:
        return refuse(ENOTTY);
    }
}

int ioctl(int file, unsigned long request, ...) {
    char path[256];
    va_list more;
    va_start(more, request);
    void *argument = va_arg(more, void *);
    va_end(more);
    if (_IOC_TYPE(request) == SPI_IOC_MAGIC && file >= 0 && file < FILES && card_path(file, path, sizeof path)
        && strstr(path, "spidev")) {
        return spi_control(file, request, argument);
    }
    return (int) syscall(SYS_ioctl, file, request, argument);
}

/* The register page of the UIO device that was mapped last, and the access that is under way in it. */
static char *page;
static int page_card;
static uint32_t *accessed;
static int access_writes;
static struct sigaction earlier_fault, earlier_trap;

static void chain(struct sigaction *earlier, int number, siginfo_t *info, void *context) {
    if (earlier->sa_flags & SA_SIGINFO) {
        earlier->sa_sigaction(number, info, context);
    } else if (earlier->sa_handler != SIG_DFL && earlier->sa_handler != SIG_IGN) {
        earlier->sa_handler(number);
    } else {
        signal(number, SIG_DFL);
        raise(number);
    }
}

static void on_fault(int number, siginfo_t *info, void *context) {
    char *address = info->si_addr;
    if (!page || address < page || address >= page + PAGE) {
        chain(&earlier_fault, number, info, context);
        return;
    }
    greg_t *registers = ((ucontext_t *) context)->uc_mcontext.gregs;
    int error = errno;
    accessed = (uint32_t *) (page + (address - page) / 4 * 4);
    access_writes = (registers[REG_ERR] & 2) != 0;
    mprotect(page, PAGE, PROT_READ | PROT_WRITE);
    if (!access_writes && card_request(page_card, READ_REGISTER, (uint64_t) ((char *) accessed - page), accessed, 4) < 0) {
        *accessed = 0xFFFFFFFF;
    }
    registers[REG_EFL] |= TRAP_FLAG;
    errno = error;
}

static void on_trap(int number, siginfo_t *info, void *context) {
    if (!accessed) {
        chain(&earlier_trap, number, info, context);
        return;
    }
    int error = errno;
    if (access_writes) {
        card_request(page_card, WRITE_REGISTER, (uint64_t) ((char *) accessed - page), accessed, 4);
    }
    accessed = NULL;
    mprotect(page, PAGE, PROT_NONE);
    ((ucontext_t *) context)->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
    errno = error;
}

static void watch(void) {
    struct sigaction action;
    if (!earlier_fault.sa_sigaction) {
        sigaction(SIGSEGV, NULL, &earlier_fault);
        action = earlier_fault;
        action.sa_flags |= SA_SIGINFO;
        action.sa_sigaction = on_fault;
        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGTRAP, NULL, &earlier_trap);
        memset(&action, 0, sizeof action);
        action.sa_flags = SA_SIGINFO;
        action.sa_sigaction = on_trap;
        sigaction(SIGTRAP, &action, NULL);
    }
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    char path[256];
    if (file < 0 || !card_path(file, path, sizeof path - 12)) {
        return (void *) syscall(SYS_mmap, address, length, protection, flags, file, offset);
    }
    if (offset == 0) {
        strcat(path, ".registers");
        page_card = card_connect(path);
        if (page_card < 0 || length != PAGE) {
            errno = EINVAL;
            return MAP_FAILED;
        }
        page = (char *) syscall(SYS_mmap, NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        watch();
        return page;
    }
    strcat(path, ".memory");
    int memory = (int) syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    void *mapping = (void *) syscall(SYS_mmap, NULL, length, protection, MAP_SHARED, memory, 0L);
    syscall(SYS_close, memory);
    return mapping;
}
