// SPDX-License-Identifier: Apache-2.0
//
// The Icarus engine's half inside vvp: a VPI module that runs blocks of cycles on the word of the host, which it hears on
// standard input and answers on what was standard output. Clock, reset, rows of a batch, conditions and AXI memories are
// served here, so that nothing crosses the pipe in a cycle.
//
// A cycle is: settle, attached memories sample, rising edge, settle (dev.lutra.sim.engine.Engine).
//
// Requests and answers are in the byte order of the machine; dev.lutra.sim.icarus.Link is the other end.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <vpi_user.h>

#include "lutra_axi.h"
#include "lutra_model.h"

namespace {

// Events beyond those of lutra_model.h.
enum {
    EVENT_UNKNOWN = 64,   // a memory saw a handshake that is neither 0 nor 1
    EVENT_HANG = 128,     // the design does not settle
    EVENT_REFUSED = 256,  // a request could not be served; the text says why
};

enum Operation {
    INIT, POKE, ZERO, CLOCK, SELECT, PEEK, STEP, RESET, UNTIL, BATCH, MORE, ATTACH, INJECT, CLEAR_FAULTS, STATISTICS, TRACE, QUIT
};

struct Request {
    uint32_t operation;
    uint32_t bytes;  // of what follows
};

struct Answer {
    int32_t event;
    int32_t masks;  // whether the payload's second half says which bits are unknown
    int64_t done;
    int64_t cycle;
    AxiViolation violation;  // of EVENT_UNKNOWN: bus, and the signal in `channel`
    int32_t text;            // bytes
    int32_t payload;         // bytes, after the text
};

// Time of half a cycle, in units of the finest precision: foreign Verilog may have short delays.
const uint64_t HALF = 5000;
const size_t STACK = size_t(64) << 20;

int answers;   // where the host listens
int captured;  // what the design prints

std::atomic<uint64_t> progress{0};
std::atomic<bool> waiting{false};
std::atomic<int64_t> patience{0};  // seconds that settling may take

// Requests are served on a stack of their own, which is left whenever the simulator has to go on. swapcontext() would ask the
// kernel for the signal mask each time, so it only makes the stack.
ucontext_t made;
jmp_buf scheduler, worker;

struct Port {
    vpiHandle handle;
    uint32_t width, bytes, words;
    bool input, is_signed;
    std::vector<uint64_t> last;  // of an input: what was put
};

struct Clock {
    vpiHandle handle;
    int64_t period = 1, next = 0;
};

// Storage as lutra_axi.h expects it, apart from the simulator's.
struct Attached {
    int32_t number[AxiPorts::COUNT];
    std::vector<std::vector<uint64_t>> storage;
    std::unique_ptr<AxiMemory> memory;
};

std::vector<Port> ports;
std::vector<Clock> clocks;
vpiHandle reset_handle, dump_handle;
bool reset_active;
std::vector<Attached> memories;
std::vector<int32_t> columns[2];
std::vector<uint64_t> rows;
int64_t row_count, row_next;

uint64_t now;
int64_t cycle, done;
int32_t event;
std::string text;
AxiViolation violation;
bool high, dirty = true, running;
int64_t trace_from = INT64_MAX, trace_to = INT64_MAX;
bool trace_open;

[[noreturn]] void end(const char* why) {
    fprintf(stderr, "lutra: %s\n", why);
    _exit(3);
}

void send(const void* from, size_t bytes) {
    const char* at = static_cast<const char*>(from);
    while (bytes > 0) {
        const ssize_t sent = write(answers, at, bytes);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) _exit(3);
        at += sent;
        bytes -= sent;
    }
}

// False: the host is gone.
bool receive(void* to, size_t bytes) {
    char* at = static_cast<char*>(to);
    while (bytes > 0) {
        const ssize_t got = read(0, at, bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        bytes -= got;
    }
    return true;
}

void hear(bool all);

void answer(const std::vector<uint64_t>& payload, bool masks) {
    hear(true);
    waiting = true;
    Answer a = {event, masks, done, cycle, violation, static_cast<int32_t>(text.size()),
                static_cast<int32_t>(8 * payload.size())};
    send(&a, sizeof a);
    send(text.data(), text.size());
    send(payload.data(), 8 * payload.size());
}

// ---- waiting for the simulator

void resume() {
    if (!_setjmp(scheduler)) _longjmp(worker, 1);
}

void leave() {
    if (!_setjmp(worker)) _longjmp(scheduler, 1);
}

PLI_INT32 wake(p_cb_data) {
    resume();
    return 0;
}

void wait(PLI_INT32 reason, uint64_t delay) {
    s_vpi_time time = {};
    time.type = vpiSimTime;
    time.high = static_cast<PLI_UINT32>(delay >> 32);
    time.low = static_cast<PLI_UINT32>(delay);
    s_cb_data callback = {};
    callback.reason = reason;
    callback.cb_rtn = wake;
    callback.time = &time;
    vpiHandle handle = vpi_register_cb(&callback);
    if (handle) vpi_free_object(handle);
    leave();
    progress.fetch_add(1, std::memory_order_relaxed);
}

// Until nothing is left to do at this time.
void settle() {
    wait(cbReadWriteSynch, 0);
    dirty = false;
}

void advance_to(uint64_t time) {
    if (time <= now) return;
    wait(cbAfterDelay, time - now);
    now = time;
}

// ---- values

std::vector<s_vpi_vecval> bits;

// Only changes go to the simulator.
void put(Port& port, const uint64_t* words) {
    bool same = port.last.size() == port.words;
    port.last.resize(port.words);
    for (uint32_t k = 0; k < port.words; ++k) {
        uint64_t word = words[k];
        if (k == port.words - 1) word &= lutra_mask(port.width - 64 * k);
        same &= port.last[k] == word;
        port.last[k] = word;
    }
    if (same) return;
    const uint32_t parts = (port.width + 31) / 32;
    if (bits.size() < parts) bits.resize(parts);
    for (uint32_t i = 0; i < parts; ++i) {
        bits[i].aval = static_cast<PLI_UINT32>(port.last[i / 2] >> (32 * (i & 1)));
        bits[i].bval = 0;
    }
    s_vpi_value value;
    value.format = vpiVectorVal;
    value.value.vector = bits.data();
    vpi_put_value(port.handle, &value, nullptr, vpiNoDelay);
    dirty = true;
}

// Unknown bits read 0 and are 1 in the masks. Whether there are any.
bool get(const Port& port, uint64_t* words, uint64_t* masks) {
    s_vpi_value value;
    value.format = vpiVectorVal;
    vpi_get_value(port.handle, &value);
    for (uint32_t k = 0; k < port.words; ++k) words[k] = masks[k] = 0;
    bool unknown = false;
    for (uint32_t i = 0; i < (port.width + 31) / 32; ++i) {
        const uint64_t b = static_cast<uint32_t>(value.value.vector[i].bval);
        const uint64_t a = static_cast<uint32_t>(value.value.vector[i].aval) & ~b;
        words[i / 2] |= a << (32 * (i & 1));
        masks[i / 2] |= b << (32 * (i & 1));
    }
    const uint32_t top = port.words - 1;
    masks[top] &= lutra_mask(port.width - 64 * top);
    words[top] = lutra_sign(words[top] & lutra_mask(port.width - 64 * top), port.width - 64 * top, port.is_signed);
    for (uint32_t k = 0; k < port.words; ++k) unknown |= masks[k] != 0;
    return unknown;
}

void put_bit(vpiHandle handle, bool one) {
    s_vpi_value value;
    value.format = vpiScalarVal;
    value.value.scalar = one ? vpi1 : vpi0;
    vpi_put_value(handle, &value, nullptr, vpiNoDelay);
    dirty = true;
}

// What the design has printed since the last call. Without `all`, nothing that it has flushed itself: that takes a system call.
void hear(bool all) {
    if (__fpending(stdout) > 0) {
        fflush(stdout);
    } else if (!all) {
        return;
    }
    const off_t length = lseek(captured, 0, SEEK_CUR);
    if (length <= 0) return;
    const size_t before = text.size();
    text.resize(before + length);
    if (pread(captured, &text[before], length, 0) != length) end("cannot read what the design printed");
    if (ftruncate(captured, 0) != 0) end("cannot empty what the design printed");
    lseek(captured, 0, SEEK_SET);
    event |= LUTRA_PRINT;
}

// ---- memories

bool fetch(Attached& a, int signal) {
    if (a.number[signal] < 0) return true;
    static std::vector<uint64_t> words, masks;
    const Port& port = ports[a.number[signal]];
    words.resize(port.words);
    masks.resize(port.words);
    const bool unknown = get(port, words.data(), masks.data());
    lutra_put(a.storage[signal].data(), port.bytes, port.width, words.data());
    return !unknown;
}

uint64_t stored(const Attached& a, int signal) {
    return a.number[signal] < 0 ? 0 : *reinterpret_cast<const uint8_t*>(a.storage[signal].data());
}

// The design's side of a memory's wires. False: one that decides something is unknown.
bool fetch_all(Attached& a, int32_t* unknown) {
    const auto sure = [&](int signal) {
        *unknown = signal;
        return fetch(a, signal);
    };
    for (int valid : {AxiPorts::ARVALID, AxiPorts::AWVALID}) {
        if (!sure(valid)) return false;
        if (!stored(a, valid)) continue;
        const int payload = valid == AxiPorts::ARVALID ? AxiPorts::ARADDR : AxiPorts::AWADDR;
        for (int i = 0; i < 5; ++i) {
            if (!sure(payload + i)) return false;
        }
    }
    if (!sure(AxiPorts::WVALID)) return false;
    if (stored(a, AxiPorts::WVALID)) {
        fetch(a, AxiPorts::WDATA);  // lanes that nobody needs may be unknown: they are written as zeros
        if (!sure(AxiPorts::WSTRB) || !sure(AxiPorts::WLAST)) return false;
    }
    if (!sure(AxiPorts::RREADY) && stored(a, AxiPorts::RVALID)) return false;
    return sure(AxiPorts::BREADY) || !stored(a, AxiPorts::BVALID);
}

void drive(Attached& a) {
    static std::vector<uint64_t> words;
    for (int signal : {AxiPorts::ARREADY, AxiPorts::RVALID, AxiPorts::RDATA, AxiPorts::RRESP, AxiPorts::RLAST,
                       AxiPorts::RID, AxiPorts::AWREADY, AxiPorts::WREADY, AxiPorts::BVALID, AxiPorts::BRESP,
                       AxiPorts::BID}) {
        if (a.number[signal] < 0) continue;
        Port& port = ports[a.number[signal]];
        words.resize(port.words);
        lutra_get(a.storage[signal].data(), port.bytes, port.width, 0, words.data());
        put(port, words.data());
    }
}

// ---- cycles

void set_clocks(uint64_t rising) {
    for (size_t i = 0; i < clocks.size(); ++i) {
        if (rising >> i & 1) put_bit(clocks[i].handle, true);
    }
    high = true;
}

void settle_low() {
    if (high) {
        for (Clock& clock : clocks) put_bit(clock.handle, false);
        high = false;
    }
    if (dirty) settle();
}

// The clocks that rise next, a bit each; dev.lutra.sim.engine.Clocks in C++.
uint64_t rising_next() {
    int64_t time = INT64_MAX;
    for (const Clock& clock : clocks) time = std::min(time, clock.next);
    uint64_t rising = 0;
    for (size_t i = 0; i < clocks.size(); ++i) {
        if (clocks[i].next == time) {
            rising |= 1ull << i;
            clocks[i].next += clocks[i].period;
        }
    }
    return rising;
}

void start_trace() {
    if (trace_open || cycle < trace_from || cycle >= trace_to) return;
    hear(false);
    const size_t said = text.size();
    const int32_t before = event;
    put_bit(dump_handle, true);
    settle();
    hear(true);  // vvp tells that it opens the file
    text.resize(said);
    event = before;
    trace_open = true;
}

// The rest of a cycle that began with settle_low(). False: stopped before the edge.
bool edge(bool sampling) {
    if (event) return false;
    uint64_t rising = 1;
    if (clocks.size() > 1) {
        for (rising = rising_next(); !(rising & 1); rising = rising_next()) {
            set_clocks(rising);
            settle();
            settle_low();
        }
    }
    start_trace();
    if (sampling) {
        for (size_t i = 0; i < memories.size(); ++i) {
            violation.bus = static_cast<int32_t>(i);
            if (!fetch_all(memories[i], &violation.channel)) {
                event |= EVENT_UNKNOWN;
                return false;
            }
            if (!memories[i].memory->sample(&violation)) {
                event |= LUTRA_BUS;
                return false;
            }
        }
    }
    if (trace_open) advance_to((2 * cycle + 1) * HALF);
    if (!clocks.empty()) set_clocks(rising);
    ++cycle;
    advance_to(2 * cycle * HALF);
    hear(false);
    dirty = false;
    if (sampling) {
        for (Attached& a : memories) {
            a.memory->next();
            drive(a);
        }
    }
    if (trace_open && cycle >= trace_to) {
        put_bit(dump_handle, false);
        settle();
        trace_open = false;
        trace_from = INT64_MAX;
    }
    return true;
}

void step(int64_t cycles, bool sampling) {
    while (done < cycles && !event) {
        settle_low();
        if (!edge(sampling)) return;
        ++done;
    }
}

void run_reset(int64_t cycles) {
    if (reset_handle) put_bit(reset_handle, reset_active);
    for (Attached& a : memories) {
        a.memory->idle();
        drive(a);
    }
    step(cycles, false);
    if (reset_handle) put_bit(reset_handle, !reset_active);
    for (Attached& a : memories) {
        a.memory->restart();
        drive(a);
    }
}

// 0: the condition held after `done` cycles, 1: it did not within the limit, 2: it was unknown at the limit.
uint64_t run_until(const Port& condition, int64_t limit) {
    if (dirty) settle();
    for (;;) {
        settle_low();
        uint64_t value, mask;
        const bool unknown = get(condition, &value, &mask);
        if (event || (value & 1)) return 0;
        if (done == limit) return unknown ? 2 : 1;
        if (!edge(true)) return 0;
        ++done;
        if (event) return 0;
    }
}

void run_batch() {
    uint32_t words[2] = {0, 0};
    for (int side = 0; side < 2; ++side) {
        for (int32_t number : columns[side]) words[side] += ports[number].words;
    }
    std::vector<uint64_t> out, masks;
    bool unknown = false;
    while (row_next < row_count && !event) {
        const uint64_t* in = rows.data() + row_next * words[0];
        for (int32_t number : columns[0]) {
            put(ports[number], in);
            in += ports[number].words;
        }
        settle_low();
        size_t at = out.size();
        out.resize(at + words[1]);
        masks.resize(at + words[1]);
        for (int32_t number : columns[1]) {
            unknown |= get(ports[number], &out[at], &masks[at]);
            at += ports[number].words;
        }
        if (!edge(true)) {
            break;  // the row was looked at, but its cycle did not run
        }
        ++row_next;
        ++done;
    }
    if (unknown) out.insert(out.end(), masks.begin(), masks.end());
    answer(out, unknown);
}

// ---- requests

class Reader {
    const char* at_;

public:
    explicit Reader(const char* at)
        : at_(at) {}

    template <typename T>
    T take() {
        T value;
        memcpy(&value, at_, sizeof value);
        at_ += sizeof value;
        return value;
    }

    void words(uint64_t* to, size_t count) {
        memcpy(to, at_, 8 * count);
        at_ += 8 * count;
    }

    const char* rest() const { return at_; }
};

uint32_t storage_bytes(uint32_t width) {
    if (width <= 8) return 1;
    if (width <= 16) return 2;
    return width <= 32 ? 4 : width <= 64 ? 8 : (width + 31) / 32 * 4;
}

vpiHandle find(const std::string& name) {
    const vpiHandle handle = vpi_handle_by_name(const_cast<char*>(("lutra_bench." + name).c_str()), nullptr);
    if (!handle) end(("the test bench has no " + name).c_str());
    return handle;
}

// Zeros for unknown bits of a register or a word of a memory.
void clear(vpiHandle handle) {
    s_vpi_value value;
    value.format = vpiVectorVal;
    vpi_get_value(handle, &value);
    const int parts = (vpi_get(vpiSize, handle) + 31) / 32;
    std::vector<s_vpi_vecval> known(value.value.vector, value.value.vector + parts);
    bool unknown = false;
    for (s_vpi_vecval& part : known) {
        unknown |= part.bval != 0;
        part.aval &= ~part.bval;
        part.bval = 0;
    }
    if (!unknown) return;
    value.value.vector = known.data();
    vpi_put_value(handle, &value, nullptr, vpiNoDelay);
}

void clear_all(vpiHandle scope) {
    if (vpiHandle all = vpi_iterate(vpiReg, scope)) {
        while (vpiHandle handle = vpi_scan(all)) clear(handle);
    }
    if (vpiHandle all = vpi_iterate(vpiMemory, scope)) {
        while (vpiHandle memory = vpi_scan(all)) {
            if (vpiHandle words = vpi_iterate(vpiMemoryWord, memory)) {
                while (vpiHandle word = vpi_scan(words)) clear(word);
            }
        }
    }
    if (vpiHandle all = vpi_iterate(vpiModule, scope)) {
        while (vpiHandle module = vpi_scan(all)) clear_all(module);
    }
}

void init(Reader in) {
    patience = in.take<int64_t>();
    const int32_t reset = in.take<int32_t>();
    if (reset >= 0) {
        reset_handle = find("r");
        reset_active = reset == 1;
    }
    ports.resize(in.take<uint32_t>());
    for (size_t i = 0; i < ports.size(); ++i) {
        Port& port = ports[i];
        port.width = in.take<uint32_t>();
        port.input = in.take<uint32_t>();
        port.is_signed = in.take<uint32_t>();
        port.bytes = storage_bytes(port.width);
        port.words = (port.width + 63) / 64;
        port.handle = find("p" + std::to_string(i));
    }
    clocks.resize(in.take<uint32_t>());
    for (Clock& clock : clocks) {
        const int32_t number = in.take<int32_t>();
        clock.handle = number < 0 ? find("c") : ports[number].handle;
        if (number >= 0) ports[number].last.assign(ports[number].words, 0);
        put_bit(clock.handle, false);
    }
    dump_handle = find("dump");
    if (reset_handle) put_bit(reset_handle, !reset_active);
}

// Lets the design start with zeros, as engines of two states do.
void zero() {
    settle();
    const vpiHandle bench = vpi_handle_by_name(const_cast<char*>("lutra_bench"), nullptr);
    if (vpiHandle all = vpi_iterate(vpiModule, bench)) {
        while (vpiHandle module = vpi_scan(all)) clear_all(module);
    }
    dirty = true;
}

void attach(Reader in) {
    memories.emplace_back();
    Attached& a = memories.back();
    AxiSignal signals[AxiPorts::COUNT];
    a.storage.resize(AxiPorts::COUNT);
    for (int i = 0; i < AxiPorts::COUNT; ++i) {
        a.number[i] = in.take<int32_t>();
        if (a.number[i] < 0) continue;
        const Port& port = ports[a.number[i]];
        a.storage[i].resize(port.words);
        signals[i] = AxiSignal(a.storage[i].data(), {"", port.width, port.input, port.is_signed, port.bytes});
    }
    const int32_t data_bytes = in.take<int32_t>();
    const AxiConfig config = in.take<AxiConfig>();
    const int file = open(in.rest(), O_RDWR | O_CLOEXEC);
    void* const contents =
        file < 0 ? MAP_FAILED : mmap(nullptr, config.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (contents == MAP_FAILED) {
        text = std::string("cannot map ") + in.rest() + ": " + strerror(errno);
        event |= EVENT_REFUSED;
        memories.pop_back();
    } else {
        a.memory.reset(new AxiMemory(signals, data_bytes, config, static_cast<uint8_t*>(contents)));
        drive(a);
    }
    if (file >= 0) close(file);
}

void peek() {
    if (dirty) settle();
    std::vector<uint64_t> values, masks;
    bool unknown = false;
    for (const Port& port : ports) {
        const size_t at = values.size();
        values.resize(at + port.words);
        masks.resize(at + port.words);
        unknown |= get(port, &values[at], &masks[at]);
    }
    if (unknown) values.insert(values.end(), masks.begin(), masks.end());
    answer(values, unknown);
}

void serve(uint32_t operation, Reader in) {
    if (operation >= PEEK) {
        event = 0;
        text.clear();
        done = 0;
    }
    switch (operation) {
    case INIT: init(in); return;
    case POKE: {
        Port& port = ports[in.take<int32_t>()];
        std::vector<uint64_t> words(port.words);
        in.words(words.data(), port.words);
        put(port, words.data());
        return;
    }
    case ZERO: zero(); return;
    case CLOCK: {
        Clock& clock = clocks[in.take<int32_t>()];
        clock.period = in.take<int64_t>();
        clock.next = in.take<int64_t>();
        return;
    }
    case SELECT:
        for (auto& side : columns) {
            side.resize(in.take<uint32_t>());
            for (int32_t& number : side) number = in.take<int32_t>();
        }
        return;
    case PEEK: peek(); return;
    case STEP: step(in.take<int64_t>(), true); break;
    case RESET: run_reset(in.take<int64_t>()); break;
    case UNTIL: {
        const Port& port = ports[in.take<int32_t>()];
        answer({run_until(port, in.take<int64_t>())}, false);
        return;
    }
    case BATCH:
        row_count = in.take<int64_t>();
        row_next = 0;
        rows.resize(in.take<int64_t>());
        in.words(rows.data(), rows.size());
        run_batch();
        return;
    case MORE: run_batch(); return;
    case ATTACH: attach(in); break;
    case INJECT: {
        AxiMemory& memory = *memories[in.take<int32_t>()].memory;
        AxiFault fault = {};
        fault.kind = static_cast<AxiFault::Kind>(in.take<int32_t>());
        fault.reads = in.take<int32_t>();
        fault.writes = in.take<int32_t>();
        fault.from = in.take<uint64_t>();
        fault.to = in.take<uint64_t>();
        fault.first = in.take<uint64_t>();
        fault.times = in.take<uint64_t>();
        memory.inject(fault);
        break;
    }
    case CLEAR_FAULTS: memories[in.take<int32_t>()].memory->clear_faults(); break;
    case STATISTICS: {
        const uint64_t* const four = memories[in.take<int32_t>()].memory->statistics();
        answer(std::vector<uint64_t>(four, four + 4), false);
        return;
    }
    case TRACE:
        trace_from = in.take<int64_t>();
        trace_to = in.take<int64_t>();
        break;
    default: end("a request that it does not know");
    }
    answer({}, false);
}

void work() {
    signal(SIGINT, SIG_IGN);  // the host decides when to end
    settle();
    std::vector<char> body;
    for (;;) {
        Request request;
        running = false;
        waiting = true;
        if (!receive(&request, sizeof request)) _exit(0);
        body.resize(request.bytes + 1);
        if (!receive(body.data(), request.bytes)) _exit(0);
        waiting = false;
        if (request.operation == QUIT) break;
        body[request.bytes] = 0;
        running = request.operation >= PEEK;
        serve(request.operation, Reader(body.data()));
    }
    vpi_control(vpiFinish, 0);
    leave();
}

// Ends this process with the host, and what does not settle, whatever the simulator is doing.
void* watch(void*) {
    uint64_t seen = 0;
    int64_t still = 0;
    for (;;) {
        pollfd host = {0, 0, 0};
        if (poll(&host, 1, 1000) > 0 && (host.revents & (POLLHUP | POLLERR))) _exit(0);
        const uint64_t now_seen = progress;
        still = waiting || now_seen != seen ? 0 : still + 1;
        seen = now_seen;
        if (patience > 0 && still >= patience) {
            Answer a = {};
            a.event = EVENT_HANG;
            a.done = done;
            a.cycle = cycle;
            send(&a, sizeof a);
            _exit(4);
        }
    }
    return nullptr;
}

PLI_INT32 start(p_cb_data) {
    void* const stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) end("no address space for a stack");
    getcontext(&made);
    made.uc_stack.ss_sp = stack;
    made.uc_stack.ss_size = STACK;
    made.uc_link = nullptr;
    makecontext(&made, work, 0);
    pthread_t thread;
    if (pthread_create(&thread, nullptr, watch, nullptr) != 0) end("no thread");
    if (!_setjmp(scheduler)) setcontext(&made);
    return 0;
}

// vvp ends although nobody asked for it: a design without clocks whose events have run out does not, since we always wait.
PLI_INT32 finished(p_cb_data) {
    if (running) {
        hear(true);
        event |= LUTRA_FINISH;
        answer({}, false);
    }
    return 0;
}

// In place of the simulator's own, which would end it: the host decides what follows.
PLI_INT32 stopped(PLI_BYTE8* name) {
    const vpiHandle call = vpi_handle(vpiSysTfCall, nullptr);
    const char* const file = vpi_get_str(vpiFile, call);
    vpi_printf(const_cast<char*>("%s at %s:%d\n"), name, file ? file : "?", static_cast<int>(vpi_get(vpiLineNo, call)));
    event |= strcmp(name, "$finish") == 0 ? LUTRA_FINISH : LUTRA_STOP;
    return 0;
}

void replace(const char* name) {
    s_vpi_systf_data task = {};
    task.type = vpiSysTask;
    task.tfname = const_cast<char*>(name);
    task.calltf = stopped;
    task.user_data = const_cast<char*>(name);
    vpi_register_systf(&task);
}

void enter() {
    answers = fcntl(1, F_DUPFD_CLOEXEC, 3);
    captured = memfd_create("lutra", MFD_CLOEXEC);
    if (answers < 0 || captured < 0 || dup2(captured, 1) < 0) end("no file descriptors");
    setvbuf(stdout, nullptr, _IOFBF, 1 << 16);
    replace("$finish");
    replace("$stop");
    s_cb_data callback = {};
    callback.reason = cbStartOfSimulation;
    callback.cb_rtn = start;
    vpi_register_cb(&callback);
    callback.reason = cbEndOfSimulation;
    callback.cb_rtn = finished;
    vpi_register_cb(&callback);
}

}  // namespace

extern "C" {
__attribute__((visibility("default"))) void (*vlog_startup_routines[])() = {enter, nullptr};
}
