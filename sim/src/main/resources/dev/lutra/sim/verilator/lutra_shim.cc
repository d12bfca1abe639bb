// SPDX-License-Identifier: Apache-2.0
//
// The one native library the JVM maps. It opens libraries of Verilated designs by path and runs instances of them:
// clock, reset, batches, conditions, attached memories and traces. All functions are called through JNA's direct
// mapping, with primitive arguments; buffers are passed as addresses.
//
// A cycle is: settle, attached memories sample, rising edge, settle (dev.lutra.sim.engine.Engine).
#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "lutra_axi.h"
#include "lutra_model.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

// Shared with Java, which allocates it and outlives the instance; offsets are known there.
struct Control {
    lutra_sink sink;
    int64_t cycle;
    AxiViolation violation;
};

struct Library {
    void* handle;
    const lutra_model_api* api;
};

struct Trace {
    int64_t from = 0, to = 0;
    bool open = false;
};

struct Simulation {
    const lutra_model_api* const api;
    void* const model;
    Control* const control;
    std::vector<void*> address;
    std::vector<std::unique_ptr<AxiMemory>> memories;
    std::vector<lutra_column> columns[2];
    std::vector<uint32_t> places[2];
    lutra_row row[2];
    Trace trace;
    bool dirty = false;  // an input changed since the last evaluation

    Simulation(const lutra_model_api* a, void* m, Control* c)
        : api(a)
        , model(m)
        , control(c) {
        for (uint32_t i = 0; i < api->ports; ++i) address.push_back(api->address(model, i));
    }

    bool stopped() const { return control->sink.event != 0; }

    void enter() {
        control->sink.length = 0;
        api->enter(&control->sink);
    }

    void settle() {
        if (dirty) api->eval(model);
        dirty = false;
    }

    void settle_low() {
        api->low(model);
        dirty = false;
    }

    bool tracing() const { return trace.open && control->cycle >= trace.from; }

    // Whether somebody watches each cycle, so that the model cannot run on its own.
    bool watched() const { return !memories.empty() || tracing(); }

    // How many of the coming cycles nobody watches.
    int64_t unwatched(int64_t cycles) const {
        return trace.open ? std::min(cycles, trace.from - control->cycle) : cycles;
    }

    // The rest of a cycle that began with settle_low(). False: stopped before the edge.
    bool edge(bool sampling) {
        if (stopped()) return false;
        api->between(model);
        const bool traced = tracing();
        if (traced) api->trace_dump(model, 2 * control->cycle);
        if (sampling) {
            for (size_t i = 0; i < memories.size(); ++i) {
                if (!memories[i]->sample(&control->violation)) {
                    control->violation.bus = static_cast<int32_t>(i);
                    control->sink.event = control->sink.event | LUTRA_BUS;
                    return false;
                }
            }
        }
        api->rise(model);
        if (traced) api->trace_dump(model, 2 * control->cycle + 1);
        ++control->cycle;
        if (sampling) {
            for (auto& memory : memories) memory->next();
            dirty = !memories.empty();
        }
        if (trace.open && control->cycle >= trace.to) {
            api->trace_close(model);
            trace.open = false;
        }
        return true;
    }

    int64_t step(int64_t cycles, bool sampling) {
        int64_t done = 0;
        while (done < cycles && !stopped()) {
            if (watched()) {
                settle_low();
                if (!edge(sampling)) break;
                ++done;
            } else {
                const int64_t ran = api->run(model, unwatched(cycles - done));
                dirty = false;
                control->cycle += ran;
                done += ran;
            }
        }
        return done;
    }
};

Simulation* of(int64_t handle) { return reinterpret_cast<Simulation*>(handle); }

}  // namespace

EXPORT int32_t lutra_control_bytes() { return sizeof(Control); }

// 0 and a text on failure.
EXPORT int64_t lutra_load(const char* path, int64_t error, int32_t capacity) {
    char* const text = reinterpret_cast<char*>(error);
    void* const handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(text, capacity, "%s", dlerror());
        return 0;
    }
    const lutra_model_entry entry = reinterpret_cast<lutra_model_entry>(dlsym(handle, "lutra_model"));
    const lutra_model_api* const api = entry ? entry() : nullptr;
    if (!api || api->abi != LUTRA_MODEL_ABI) {
        snprintf(text, capacity, "%s is not a model of this version", path);
        dlclose(handle);
        return 0;
    }
    return reinterpret_cast<int64_t>(new Library{handle, api});
}

EXPORT void lutra_unload(int64_t library) {
    Library* const l = reinterpret_cast<Library*>(library);
    dlclose(l->handle);
    delete l;
}

EXPORT int64_t lutra_open(int64_t library, int64_t control) {
    Control* const c = reinterpret_cast<Control*>(control);
    memset(c, 0, sizeof *c);
    const lutra_model_api* const api = reinterpret_cast<Library*>(library)->api;
    void* const model = api->create(&c->sink);
    return model ? reinterpret_cast<int64_t>(new Simulation(api, model, c)) : 0;
}

EXPORT void lutra_close(int64_t simulation) {
    Simulation* const s = of(simulation);
    s->api->destroy(s->model);
    delete s;
}

EXPORT void lutra_poke(int64_t simulation, int32_t port, int64_t value) {
    Simulation* const s = of(simulation);
    const lutra_port& p = s->api->port[port];
    const uint64_t word = value;
    lutra_put(s->address[port], p.bytes, p.width, &word);
    s->dirty = true;
}

EXPORT void lutra_poke_words(int64_t simulation, int32_t port, int64_t words) {
    Simulation* const s = of(simulation);
    const lutra_port& p = s->api->port[port];
    lutra_put(s->address[port], p.bytes, p.width, reinterpret_cast<const uint64_t*>(words));
    s->dirty = true;
}

EXPORT int64_t lutra_peek(int64_t simulation, int32_t port) {
    Simulation* const s = of(simulation);
    if (s->dirty) {
        s->enter();
        s->settle();
    }
    const lutra_port& p = s->api->port[port];
    uint64_t word;
    lutra_get(s->address[port], p.bytes, p.width, p.is_signed, &word);
    return word;
}

EXPORT void lutra_peek_words(int64_t simulation, int32_t port, int64_t words) {
    Simulation* const s = of(simulation);
    if (s->dirty) {
        s->enter();
        s->settle();
    }
    const lutra_port& p = s->api->port[port];
    lutra_get(s->address[port], p.bytes, p.width, p.is_signed, reinterpret_cast<uint64_t*>(words));
}

EXPORT void lutra_clock(int64_t simulation, int32_t clock, int64_t period, int64_t phase) {
    Simulation* const s = of(simulation);
    s->api->set_clock(s->model, clock, period, phase);
}

EXPORT int64_t lutra_step(int64_t simulation, int64_t cycles) {
    Simulation* const s = of(simulation);
    s->enter();
    return s->step(cycles, true);
}

EXPORT int64_t lutra_reset(int64_t simulation, int64_t cycles) {
    Simulation* const s = of(simulation);
    s->enter();
    s->api->set_reset(s->model, 1);
    for (auto& memory : s->memories) memory->idle();
    const int64_t done = s->step(cycles, false);
    s->api->set_reset(s->model, 0);
    for (auto& memory : s->memories) memory->restart();
    s->dirty = true;
    return done;
}

// Cycles run, or -1 if the port never rose. After an event: cycles run, and the event says why.
EXPORT int64_t lutra_run_until(int64_t simulation, int32_t port, int64_t limit) {
    Simulation* const s = of(simulation);
    const uint8_t* const condition = static_cast<const uint8_t*>(s->address[port]);
    s->enter();
    s->settle();
    for (int64_t done = 0;; ++done) {
        const bool watched = s->watched();
        if (watched) s->settle_low();
        if (s->stopped()) return done;
        if (*condition) return done;
        if (done == limit) return -1;
        if (watched) {
            if (!s->edge(true)) return done;
        } else {
            s->api->run(s->model, 1);
            ++s->control->cycle;
        }
    }
}

// Chooses the columns of lutra_batch: in_count then out_count port numbers.
EXPORT void lutra_select(int64_t simulation, int64_t ports, int32_t in_count, int32_t out_count) {
    Simulation* const s = of(simulation);
    const int32_t* number = reinterpret_cast<const int32_t*>(ports);
    for (int side = 0; side < 2; ++side) {
        const int32_t count = side == 0 ? in_count : out_count;
        const bool input = side == 0;
        lutra_row& row = s->row[side];
        row = {};
        std::vector<int64_t> place(s->api->ports, -1);
        std::vector<lutra_column> of_kind[LUTRA_KINDS];
        bool once = true;
        for (int32_t i = 0; i < count; ++i) {
            const int32_t port = *number++;
            const lutra_port& p = s->api->port[port];
            once &= place[port] < 0 && (p.is_input != 0) == input;
            place[port] = row.words;
            of_kind[lutra_kind(p.bytes)].push_back({s->address[port], p.bytes, p.width, p.is_signed, row.words});
            row.words += (p.width + 63) / 64;
        }
        std::vector<uint32_t>& places = s->places[side];
        places.clear();
        for (uint32_t port = 0; port < s->api->ports; ++port) {
            if ((s->api->port[port].is_input != 0) != input) continue;
            once &= place[port] >= 0;
            places.push_back(place[port]);
        }
        row.place = once ? places.data() : nullptr;
        std::vector<lutra_column>& columns = s->columns[side];
        columns.clear();
        for (int kind = 0; kind < LUTRA_KINDS; ++kind) {
            columns.insert(columns.end(), of_kind[kind].begin(), of_kind[kind].end());
            row.end[kind] = columns.size();
        }
        row.column = columns.data();
    }
}

EXPORT int64_t lutra_batch(int64_t simulation, int64_t cycles, int64_t stimulus, int64_t response) {
    Simulation* const s = of(simulation);
    const uint64_t* in = reinterpret_cast<const uint64_t*>(stimulus);
    uint64_t* out = reinterpret_cast<uint64_t*>(response);
    s->enter();
    int64_t done = 0;
    while (done < cycles && !s->stopped()) {
        int64_t ran = 1;
        if (s->watched()) {
            lutra_put_row(&s->row[0], in);
            s->settle_low();
            lutra_get_row(&s->row[1], out);
            if (!s->edge(true)) break;
        } else {
            ran = s->api->batch(s->model, s->unwatched(cycles - done), in, out, &s->row[0], &s->row[1]);
            s->dirty = false;
            s->control->cycle += ran;
        }
        in += ran * s->row[0].words;
        out += ran * s->row[1].words;
        done += ran;
    }
    return done;
}

// A queue that a batch offers to the design under valid and ready; dev.lutra.sim.engine.Feed in C++.
struct Feed {
    int64_t valid, payload, words, ready; // places in a row of stimulus, ready of response
    int64_t count, next, offering;
};

// feeds: for each, the addresses of its Feed and of its items.
EXPORT int64_t lutra_feed(int64_t simulation, int64_t cycles, int64_t stimulus, int64_t response, int64_t feeds,
                          int32_t feed_count) {
    Simulation* const s = of(simulation);
    const int64_t* const feed = reinterpret_cast<const int64_t*>(feeds);
    uint64_t* in = reinterpret_cast<uint64_t*>(stimulus);
    const uint64_t* out = reinterpret_cast<const uint64_t*>(response);
    int64_t done = 0;
    while (done < cycles && !s->stopped()) {
        for (int32_t i = 0; i < feed_count; ++i) {
            Feed& f = *reinterpret_cast<Feed*>(feed[2 * i]);
            if (!f.offering && in[f.valid] && f.next < f.count) f.offering = 1;
            in[f.valid] = f.offering;
            if (f.offering) {
                memcpy(in + f.payload, reinterpret_cast<const uint64_t*>(feed[2 * i + 1]) + f.next * f.words, 8 * f.words);
            } else {
                memset(in + f.payload, 0, 8 * f.words);
            }
        }
        if (!lutra_batch(simulation, 1, reinterpret_cast<int64_t>(in), reinterpret_cast<int64_t>(out))) break;
        for (int32_t i = 0; i < feed_count; ++i) {
            Feed& f = *reinterpret_cast<Feed*>(feed[2 * i]);
            if (f.offering && out[f.ready]) {
                f.offering = 0;
                ++f.next;
            }
        }
        in += s->row[0].words;
        out += s->row[1].words;
        ++done;
    }
    return done;
}

// ports: AxiPorts::COUNT numbers, -1 for absent; config: an AxiConfig.
EXPORT int64_t lutra_attach(int64_t simulation, int64_t ports, int32_t data_bytes, int64_t config, int64_t contents) {
    Simulation* const s = of(simulation);
    const int32_t* const number = reinterpret_cast<const int32_t*>(ports);
    AxiSignal signals[AxiPorts::COUNT];
    for (int i = 0; i < AxiPorts::COUNT; ++i) {
        if (number[i] >= 0) signals[i] = AxiSignal(s->address[number[i]], s->api->port[number[i]]);
    }
    s->memories.emplace_back(new AxiMemory(signals, data_bytes, *reinterpret_cast<const AxiConfig*>(config),
                                           reinterpret_cast<uint8_t*>(contents)));
    s->dirty = true;
    return reinterpret_cast<int64_t>(s->memories.back().get());
}

EXPORT void lutra_inject(int64_t memory, int32_t kind, int64_t from, int64_t to, int32_t reads, int32_t writes,
                         int64_t first, int64_t times) {
    reinterpret_cast<AxiMemory*>(memory)->inject({static_cast<AxiFault::Kind>(kind), static_cast<uint64_t>(from),
                                                  static_cast<uint64_t>(to), reads != 0, writes != 0,
                                                  static_cast<uint64_t>(first), static_cast<uint64_t>(times), 0});
}

EXPORT void lutra_clear_faults(int64_t memory) { reinterpret_cast<AxiMemory*>(memory)->clear_faults(); }

EXPORT void lutra_statistics(int64_t memory, int64_t four_words) {
    memcpy(reinterpret_cast<void*>(four_words), reinterpret_cast<AxiMemory*>(memory)->statistics(), 32);
}

// Zeroed pages of their own, which the system provides when they are first touched; 0 if there are none.
EXPORT int64_t lutra_map(int64_t bytes) {
    void* const at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? 0 : reinterpret_cast<int64_t>(at);
}

EXPORT void lutra_unmap(int64_t address, int64_t bytes) { munmap(reinterpret_cast<void*>(address), bytes); }

// 1, or 0 if the file cannot be written.
EXPORT int32_t lutra_trace(int64_t simulation, const char* path, int64_t from, int64_t to) {
    Simulation* const s = of(simulation);
    s->enter();
    if (!s->api->trace_open(s->model, path)) return 0;
    s->trace.from = from;
    s->trace.to = to;
    s->trace.open = true;
    return 1;
}
