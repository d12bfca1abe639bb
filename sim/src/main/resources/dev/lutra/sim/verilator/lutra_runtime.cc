// SPDX-License-Identifier: Apache-2.0
//
// The functions Verilator lets its user define: end of simulation, stop and fatal error become events of the running
// instance. Linked into each model library, since each carries its own run time.
#include <stdarg.h>
#include <stdio.h>

#include "verilated.h"

static thread_local lutra_sink* current = nullptr;

void lutra_enter(lutra_sink* sink) { current = sink; }

int lutra_print(const char* format, ...) {
    lutra_sink* const sink = current;
    if (!sink) return 0;
    const int capacity = static_cast<int>(sizeof sink->text);
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int wanted = vsnprintf(sink->text + sink->length, capacity - sink->length, format, arguments);
    if (wanted >= capacity - sink->length && sink->event == 0) {
        // Full: what an event says matters more than what was printed before it.
        sink->length = 0;
        wanted = vsnprintf(sink->text, capacity, format, again);
    }
    va_end(again);
    va_end(arguments);
    if (wanted > 0) {
        const int room = capacity - sink->length;
        sink->length += wanted < room ? wanted : room - 1;
    }
    return wanted;
}

static void raise_event(int event, const char* what, const char* file, int line) {
    if (!current) return;
    if (file && file[0]) {
        lutra_print("%s at %s:%d\n", what, file, line);
    } else {
        lutra_print("%s\n", what);
    }
    current->event = current->event | event;
}

void vl_finish(const char* file, int line, const char*) { raise_event(LUTRA_FINISH, "$finish", file, line); }

void vl_stop(const char* file, int line, const char*) { raise_event(LUTRA_STOP, "stopped", file, line); }

// Verilator's own callers loop on if this returns.
void vl_fatal(const char* file, int line, const char*, const char* message) {
    raise_event(LUTRA_FATAL, message, file, line);
    throw lutra_gave_up{};
}
