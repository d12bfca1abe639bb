// SPDX-License-Identifier: Apache-2.0
//
// The functions Verilator lets its user define: end of simulation, stop and fatal error become events of the running
// instance. Linked into each model library, since each carries its own run time.
#include <stdarg.h>
#include <stdio.h>

#include "verilated.h"

static thread_local lutra_sink* current = nullptr;

// In place of the C++ library's. Verilator formats text in strings that each thread keeps; their destructors would keep the library
// mapped until a thread that printed ends. So they are not run, and a thread's string, a line long, is not given back.
extern "C" __attribute__((visibility("hidden"))) int __cxa_thread_atexit(void (*)(void*), void*, void*) noexcept {
    return 0;
}

void lutra_enter(lutra_sink* sink) { current = sink; }

static int print(const char* format, va_list arguments) {
    lutra_sink* const sink = current;
    if (!sink) return 0;
    const int room = static_cast<int>(sizeof sink->text) - sink->length;
    const int wanted = vsnprintf(sink->text + sink->length, room, format, arguments);
    if (wanted > 0) sink->length += wanted < room ? wanted : room - 1;
    return wanted;
}

int lutra_print(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int wanted = print(format, arguments);
    va_end(arguments);
    return wanted;
}

int lutra_display(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int wanted = print(format, arguments);
    va_end(arguments);
    if (current) current->event = current->event | LUTRA_PRINT;
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
