// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;

/** What an expression needs from the module it is written into. */
interface Scope {

    /** The identifier of a signal, noting that bits {@code hi..lo} of it are read. */
    String read(Signal signal, int hi, int lo);

    /** How many times a signal was read so far. */
    int reads();

    /** The constant of a value of an enumeration. */
    String constant(Type.Enumeration type, BigInteger value);

    /** Whether an expression gets a wire of its own because it is large and used more than once. */
    boolean shared(Expr expr);

    /** A wire with the value of an expression, declared before the statement being written. */
    Signal wire(Expr expr);
}
