// SPDX-License-Identifier: Apache-2.0
/**
 * Modules between streams ({@link dev.lutra.hdl.Decoupled}): buffers, arbiters, width converters, demultiplexers. Each takes items
 * at {@code put} and hands them on at {@code take}, in order and each once; what it offers it holds until it is taken, unless it
 * says otherwise.
 */
@NullMarked
package dev.lutra.hdl.lib.stream;

import org.jspecify.annotations.NullMarked;
