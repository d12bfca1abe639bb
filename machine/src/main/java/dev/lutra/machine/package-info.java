// SPDX-License-Identifier: Apache-2.0
/** What hardware and software agree on: number formats and their packed layouts, the instruction table, machine.json and the program codec. */
@NullMarked
package dev.lutra.machine;

import org.jspecify.annotations.NullMarked;
