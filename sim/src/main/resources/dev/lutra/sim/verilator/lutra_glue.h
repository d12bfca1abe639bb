// SPDX-License-Identifier: Apache-2.0
//
// The part of a model library that is the same for every design. The generated file that includes it has defined
// PORTS, PORT_COUNT, load(), store() and address(), and where the design has them
//   LUTRA_CLOCK, LUTRA_RESET   its clock and reset
//   LUTRA_RESET_ACTIVE         the level of its reset at which it is reset
//   LUTRA_CLOCKS               how many clocks it has, if several, with set_clocks()
//   LUTRA_CLOCK_SEEN           Verilator's copy of the clock at the last evaluation, from which it finds edges
//   LUTRA_EVALUATE             the function behind Vmodel::eval()
//   LUTRA_EDGE                 the same without what follows from inputs, for after a change of the clock alone
//   LUTRA_TRACE                if built with VCD code
#ifdef LUTRA_TRACE
#include <algorithm>
#include <string>

#include "verilated_vcd_c.h"
#endif

namespace {

#ifdef LUTRA_TRACE
// A trace without what stands around the design: Verilator's own scope, in which all ports appear once more, and the
// wrapper of a design that needs one.
class VcdFile final : public VerilatedVcdFile {
    std::string header;
    bool in_header = true;

    static std::string stripped(const std::string& text) {
        std::string result;
        int depth = 0;
        int outside = 1;
        for (size_t at = 0; at < text.size();) {
            const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
            const std::string line = text.substr(at, end - at);
            at = end;
            const size_t word = line.find_first_not_of(' ');
            const bool opens = word != line.npos && line.compare(word, 7, "$scope ") == 0;
            const bool closes = word != line.npos && line.compare(word, 8, "$upscope") == 0;
            const bool variable = word != line.npos && line.compare(word, 5, "$var ") == 0;
            if (opens && line.find(" lutra_wrapper ") != line.npos) outside = 2;
            if (closes) --depth;
            if (!(opens || closes || variable) || depth >= outside + variable) result += line;
            if (opens) ++depth;
        }
        return result;
    }

public:
    bool open(const std::string& name) override {
        header.clear();
        in_header = true;
        return VerilatedVcdFile::open(name);
    }

    ssize_t write(const char* text, ssize_t length) override {
        if (!in_header) return VerilatedVcdFile::write(text, length);
        header.append(text, length);
        if (header.find("$enddefinitions") == header.npos) return length;
        in_header = false;
        const std::string left = stripped(header);
        for (size_t done = 0; done < left.size();) {
            const ssize_t wrote = VerilatedVcdFile::write(left.data() + done, left.size() - done);
            if (wrote <= 0) return wrote;
            done += wrote;
        }
        return length;
    }
};
#endif

struct Instance {
    VerilatedContext context;
    Vmodel top;
    lutra_sink* const sink;
#ifdef LUTRA_TRACE
    VcdFile file;
    VerilatedVcdC* vcd = nullptr;
#endif
#ifdef LUTRA_CLOCKS
    int64_t period[LUTRA_CLOCKS];
    int64_t next[LUTRA_CLOCKS];
    uint64_t rising = 0;
#endif

    explicit Instance(lutra_sink* to)
        : top(&context, "")
        , sink(to) {
#ifdef LUTRA_CLOCKS
        for (int i = 0; i < LUTRA_CLOCKS; ++i) {
            period[i] = 1;
            next[i] = 0;
        }
#endif
    }
};

inline Instance* of(void* instance) { return static_cast<Instance*>(instance); }

// Vmodel::eval() also looks after threads, which costs two accesses to thread-local storage of a shared library: a fifth
// of a small design. The first evaluation, in model_create, initialises the model and must go through it.
inline void settle(Instance* m) {
#if defined LUTRA_EVALUATE && !defined LUTRA_TRACE
    LUTRA_EVALUATE(m->top.rootp);
#else
    m->top.eval();
#endif
}

inline void clock_low(Instance* m) {
#ifdef LUTRA_CLOCK
    m->top.LUTRA_CLOCK = 0;
#elif defined LUTRA_CLOCKS
    set_clocks(m->top, 0);
#endif
    settle(m);
}

// Edges of other clocks before the next one of the base clock; dev.lutra.sim.engine.Clocks in C++.
inline void clock_between(Instance* m) {
#ifdef LUTRA_CLOCKS
    for (;;) {
        int64_t time = INT64_MAX;
        for (int i = 0; i < LUTRA_CLOCKS; ++i) time = m->next[i] < time ? m->next[i] : time;
        m->rising = 0;
        for (int i = 0; i < LUTRA_CLOCKS; ++i) {
            if (m->next[i] == time) {
                m->rising |= 1ull << i;
                m->next[i] += m->period[i];
            }
        }
        if (m->rising & 1) return;
        set_clocks(m->top, m->rising);
        settle(m);
        clock_low(m);
    }
#else
    (void)m;
#endif
}

// The edge when clock_low was the last evaluation.
inline void clock_rise(Instance* m) {
#ifdef LUTRA_CLOCK
    m->top.LUTRA_CLOCK = 1;
#if defined LUTRA_EDGE && !defined LUTRA_TRACE
    LUTRA_EDGE(m->top.rootp);
#else
    settle(m);
#endif
#elif defined LUTRA_CLOCKS
    set_clocks(m->top, m->rising);
    settle(m);
#else
    (void)m;
#endif
}

// A whole cycle whose state before the edge nobody looks at.
inline void clock_cycle(Instance* m) {
#if defined LUTRA_CLOCK && defined LUTRA_CLOCK_SEEN
    // Combinational logic settles before edges are looked for, so one evaluation does both if the model believes that
    // the clock was low.
    m->top.rootp->LUTRA_CLOCK_SEEN = 0;
    m->top.LUTRA_CLOCK = 1;
    settle(m);
#else
    clock_low(m);
    clock_between(m);
    clock_rise(m);
#endif
}

void* model_create(lutra_sink* sink) {
    lutra_enter(sink);
    try {
        Instance* const m = new Instance(sink);
#ifdef LUTRA_TRACE
        m->context.traceEverOn(true);
#endif
#ifdef LUTRA_RESET
        m->top.LUTRA_RESET = !LUTRA_RESET_ACTIVE;
#endif
        m->top.eval();
        return m;
    } catch (...) {
        return nullptr;
    }
}

void model_destroy(void* instance) {
    Instance* const m = of(instance);
    lutra_enter(m->sink);
    try {
#ifdef LUTRA_TRACE
        if (m->vcd) m->vcd->close();
        delete m->vcd;
#endif
        m->top.final();
    } catch (...) {
    }
    delete m;
    lutra_enter(nullptr);
}

void* model_address(void* instance, uint32_t port) { return address(of(instance)->top, port); }

void model_set_reset(void* instance, int value) {
#ifdef LUTRA_RESET
    of(instance)->top.LUTRA_RESET = value ? LUTRA_RESET_ACTIVE : !LUTRA_RESET_ACTIVE;
#else
    (void)instance;
    (void)value;
#endif
}

void model_set_clock(void* instance, uint32_t clock, int64_t period, int64_t phase) {
#ifdef LUTRA_CLOCKS
    of(instance)->period[clock] = period;
    of(instance)->next[clock] = phase;
#else
    (void)instance;
    (void)clock;
    (void)period;
    (void)phase;
#endif
}

// A lutra_gave_up has left its event behind. Anything else (no memory) must not cross the C boundary either.
template <void (*STEP)(Instance*)>
void guarded(void* instance) {
    try {
        STEP(of(instance));
    } catch (...) {
        of(instance)->sink->event = of(instance)->sink->event | LUTRA_FATAL;
    }
}

int64_t model_run(void* instance, int64_t cycles) {
    Instance* const m = of(instance);
    int64_t done = 0;
    try {
        while (done < cycles && m->sink->event == 0) {
            clock_cycle(m);
            ++done;
        }
    } catch (...) {
        m->sink->event = m->sink->event | LUTRA_FATAL;
    }
    return done;
}

inline void load_row(Instance* m, const uint64_t* from, const lutra_row* row) {
    if (row->place) {
        load(m->top, from, row->place);
    } else {
        lutra_put_row(row, from);
    }
}

inline void store_row(Instance* m, uint64_t* to, const lutra_row* row) {
    if (row->place) {
        store(m->top, to, row->place);
    } else {
        lutra_get_row(row, to);
    }
}

int64_t model_batch(void* instance, int64_t cycles, const uint64_t* in, uint64_t* out, const lutra_row* in_row,
                    const lutra_row* out_row) {
    Instance* const m = of(instance);
    int64_t done = 0;
    try {
        if (out_row->words == 0) {
            while (done < cycles && m->sink->event == 0) {
                load_row(m, in, in_row);
                in += in_row->words;
                clock_cycle(m);
                ++done;
            }
        } else {
            while (done < cycles && m->sink->event == 0) {
                load_row(m, in, in_row);
                in += in_row->words;
                clock_low(m);
                store_row(m, out, out_row);
                out += out_row->words;
                clock_between(m);
                clock_rise(m);
                ++done;
            }
        }
    } catch (...) {
        m->sink->event = m->sink->event | LUTRA_FATAL;
    }
    return done;
}

#ifdef LUTRA_TRACE
int model_trace_open(void* instance, const char* path) {
    Instance* const m = of(instance);
    try {
        if (!m->vcd) {
            m->vcd = new VerilatedVcdC(&m->file);
            m->top.trace(m->vcd, 99);
        }
        m->vcd->open(path);
        return m->vcd->isOpen();
    } catch (...) {
        return 0;
    }
}

void model_trace_dump(void* instance, uint64_t time) {
    try {
        of(instance)->vcd->dump(time);
    } catch (...) {
        of(instance)->sink->event = of(instance)->sink->event | LUTRA_FATAL;
    }
}

void model_trace_close(void* instance) {
    try {
        if (of(instance)->vcd) of(instance)->vcd->close();
    } catch (...) {
    }
}
#else
int model_trace_open(void*, const char*) { return 0; }
void model_trace_dump(void*, uint64_t) {}
void model_trace_close(void*) {}
#endif

}  // namespace

extern "C" __attribute__((visibility("default"))) const lutra_model_api* lutra_model(void) {
    static const lutra_model_api api = {
        LUTRA_MODEL_ABI, static_cast<uint32_t>(PORT_COUNT), PORTS,
#ifdef LUTRA_TRACE
        1,
#else
        0,
#endif
        model_create, model_destroy, model_address, model_set_reset, model_set_clock,
        lutra_enter, guarded<settle>, guarded<clock_low>, guarded<clock_between>, guarded<clock_rise>, model_run, model_batch, model_trace_open,
        model_trace_dump, model_trace_close};
    return &api;
}
