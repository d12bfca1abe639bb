// SPDX-License-Identifier: Apache-2.0
//
// The seam between the fixed shim library and the library of one Verilated design. Both sides are compiled from this
// file, and its text is part of the key under which both are cached, so the two cannot come from different versions.
#ifndef LUTRA_MODEL_H
#define LUTRA_MODEL_H

#include <stdint.h>
#include <string.h>

enum { LUTRA_MODEL_ABI = 4 };

/* Bits of lutra_sink.event: why a run stopped early. */
enum {
    LUTRA_FINISH = 1, /* $finish */
    LUTRA_STOP = 2,   /* $stop, $error, $fatal or a failed assertion */
    LUTRA_FATAL = 4,  /* the model itself gave up, for instance a loop that does not settle */
    LUTRA_CANCEL = 8, /* the host asked for it */
    LUTRA_BUS = 16,   /* an attached bus model found a violation, or nobody answered it */
    LUTRA_PRINT = 32, /* the design printed something, which the host fetches before it goes on */
};

/* Where a model puts events and what it printed. One per instance; owned by the shim. */
typedef struct {
    volatile int32_t event;
    int32_t length; /* of text, which is kept terminated */
    char text[1 << 16];
} lutra_sink;

/* Storage of a port in the model, little endian. */
typedef struct {
    const char* name;
    uint32_t width;
    uint32_t is_input;
    uint32_t is_signed;
    uint32_t bytes; /* 1, 2, 4, 8, or a multiple of 4 above 8 */
} lutra_port;

/* One port of a batch row. */
typedef struct {
    void* address;
    uint32_t bytes;
    uint32_t width;
    uint32_t is_signed;
    uint32_t word; /* its first 64-bit word in the row */
} lutra_column;

/* Kinds of storage: of 1, 2, 4, 8, 16 and any other number of bytes. */
enum { LUTRA_KINDS = 6 };

typedef struct {
    uint32_t words;             /* of a row */
    const uint32_t* place;      /* in a row, of each input (each output) of the design; null unless it has each once */
    const lutra_column* column; /* those of a kind side by side: loops that decide nothing */
    uint32_t end[LUTRA_KINDS];  /* behind the last column of each kind */
} lutra_row;

typedef struct {
    uint32_t abi;
    uint32_t ports;
    const lutra_port* port;
    uint32_t traced; /* built with VCD code */

    void* (*create)(lutra_sink*);
    void (*destroy)(void*);
    void* (*address)(void*, uint32_t port);
    void (*set_reset)(void*, int value);
    void (*set_clock)(void*, uint32_t clock, int64_t period, int64_t phase);

    /* Names the sink of this thread; to be called before eval, low, rise, run and batch, not before each. */
    void (*enter)(lutra_sink*);
    void (*eval)(void*);            /* settles with the clock where it is */
    void (*low)(void*);             /* settles with the clock low: the state before an edge */
    void (*between)(void*);         /* after low: edges of other clocks that come before the base clock's */
    void (*rise)(void*);            /* the base clock's edge, after between */
    int64_t (*run)(void*, int64_t); /* cycles with inputs held; stops after an event; returns cycles done */
    int64_t (*batch)(void*, int64_t, const uint64_t* in, uint64_t* out, const lutra_row*, const lutra_row*);

    int (*trace_open)(void*, const char* path);
    void (*trace_dump)(void*, uint64_t time);
    void (*trace_close)(void*);
} lutra_model_api;

/* The one exported symbol of a model library. */
typedef const lutra_model_api* (*lutra_model_entry)(void);

static inline uint64_t lutra_mask(uint32_t width) { return width >= 64 ? ~0ull : (1ull << width) - 1; }

/* The last word of a signed value is sign-extended to 64 bits. */
static inline uint64_t lutra_sign(uint64_t value, uint32_t width, uint32_t is_signed) {
    if (!is_signed || width >= 64) return value;
    const uint64_t top = 1ull << (width - 1);
    return (value ^ top) - top;
}

/* Copies the words of one value into the storage of its port; bits beyond the width are dropped. */
static inline void lutra_put(void* address, uint32_t bytes, uint32_t width, const uint64_t* words) {
    switch (bytes) {
    case 1: *(uint8_t*)address = (uint8_t)(words[0] & lutra_mask(width)); return;
    case 2: *(uint16_t*)address = (uint16_t)(words[0] & lutra_mask(width)); return;
    case 4: *(uint32_t*)address = (uint32_t)(words[0] & lutra_mask(width)); return;
    case 8: *(uint64_t*)address = words[0] & lutra_mask(width); return;
    default: {
        memcpy(address, words, bytes);
        if (width & 31) ((uint32_t*)address)[bytes / 4 - 1] &= (uint32_t)lutra_mask(width & 31);
        return;
    }
    }
}

static inline void lutra_get(const void* address, uint32_t bytes, uint32_t width, uint32_t is_signed, uint64_t* words) {
    switch (bytes) {
    case 1: words[0] = lutra_sign(*(const uint8_t*)address, width, is_signed); return;
    case 2: words[0] = lutra_sign(*(const uint16_t*)address, width, is_signed); return;
    case 4: words[0] = lutra_sign(*(const uint32_t*)address, width, is_signed); return;
    case 8: words[0] = lutra_sign(*(const uint64_t*)address, width, is_signed); return;
    default: {
        const uint32_t last = (width - 1) / 64;
        words[last] = 0;
        memcpy(words, address, bytes);
        words[last] = lutra_sign(words[last], width - 64 * last, is_signed);
        return;
    }
    }
}

static inline int lutra_kind(uint32_t bytes) {
    return bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : bytes == 8 ? 3 : bytes == 16 ? 4 : 5;
}

static inline void lutra_put_row(const lutra_row* row, const uint64_t* words) {
    const lutra_column* c = row->column;
    const lutra_column* const first = c;
    for (; c < first + row->end[0]; ++c) lutra_put(c->address, 1, c->width, words + c->word);
    for (; c < first + row->end[1]; ++c) lutra_put(c->address, 2, c->width, words + c->word);
    for (; c < first + row->end[2]; ++c) lutra_put(c->address, 4, c->width, words + c->word);
    for (; c < first + row->end[3]; ++c) lutra_put(c->address, 8, c->width, words + c->word);
    for (; c < first + row->end[4]; ++c) lutra_put(c->address, 16, c->width, words + c->word);
    for (; c < first + row->end[5]; ++c) lutra_put(c->address, c->bytes, c->width, words + c->word);
}

static inline void lutra_get_row(const lutra_row* row, uint64_t* words) {
    const lutra_column* c = row->column;
    const lutra_column* const first = c;
    for (; c < first + row->end[0]; ++c) lutra_get(c->address, 1, c->width, c->is_signed, words + c->word);
    for (; c < first + row->end[1]; ++c) lutra_get(c->address, 2, c->width, c->is_signed, words + c->word);
    for (; c < first + row->end[2]; ++c) lutra_get(c->address, 4, c->width, c->is_signed, words + c->word);
    for (; c < first + row->end[3]; ++c) lutra_get(c->address, 8, c->width, c->is_signed, words + c->word);
    for (; c < first + row->end[4]; ++c) lutra_get(c->address, 16, c->width, c->is_signed, words + c->word);
    for (; c < first + row->end[5]; ++c) lutra_get(c->address, c->bytes, c->width, c->is_signed, words + c->word);
}

#endif
