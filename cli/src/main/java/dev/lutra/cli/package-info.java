// SPDX-License-Identifier: Apache-2.0
/**
 * The lutra command: reads its arguments, calls the other modules, and turns what they throw into messages and exit codes.
 *
 * <p>Results go to standard output, everything said to a person (progress, errors) to standard error.
 */
@NullMarked
package dev.lutra.cli;

import org.jspecify.annotations.NullMarked;
