// SPDX-License-Identifier: Apache-2.0
//
// Forced into every file of a Verilated design and of the Verilator run time (-include): what a design prints goes to
// the sink of the running instance and not to the standard output of the JVM.
#ifndef LUTRA_RUNTIME_H
#define LUTRA_RUNTIME_H

#include "lutra_model.h"

int lutra_print(const char* format, ...) __attribute__((format(printf, 1, 2)));
int lutra_display(const char* format, ...) __attribute__((format(printf, 1, 2)));
void lutra_enter(lutra_sink* sink);

#define VL_PRINTF lutra_display
#define VL_USER_FINISH
#define VL_USER_STOP
#define VL_USER_FATAL

/* Thrown where the model cannot go on; caught in the generated code, never seen by the shim. */
struct lutra_gave_up {};

#endif
