// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ReadDuringWrite;
import java.math.BigInteger;
import java.util.List;

/** Something in a module, in the order of its constructor. */
sealed interface Item {

    /** The name within the module; of a block: none. */
    default String name() {
        return "";
    }

    /** An input or output. */
    record Port(String name, Shape shape, boolean input) implements Item {}

    /** A register of a domain; reset values by leaf, none: not reset. */
    record Register(String name, Shape shape, List<BigInteger> init, int domain) implements Item {}

    /** A wire. */
    record Wire(String name, Shape shape) implements Item {}

    /**
     * A value.
     *
     * @param named whether the language is told the name
     */
    record Value(String name, Term term, boolean named) implements Item {}

    /**
     * A memory.
     *
     * @param maskBits of its masked writes
     * @param init the first words, none: not initialised
     */
    record Memory(String name, Shape word, int depth, int maskBits, List<BigInteger> init) implements Item {}

    /**
     * A word that is read.
     *
     * @param enable may be null
     * @param latency 0 or 1
     */
    record Read(String name, String memory, Shape word, Term address, Term enable, int latency, int domain)
            implements Item {}

    /**
     * A port of a memory that reads and writes by one address.
     *
     * @param enable may be null
     */
    record Access(String name, String memory, Shape word, Term address, Term enable, ReadDuringWrite rule, int domain)
            implements Item {}

    /**
     * An instance of an earlier part.
     *
     * @param domains the domain here of each domain there
     */
    record Instance(String name, int part, List<Integer> domains) implements Item {}

    /**
     * Statements, written in a domain.
     *
     * @param late at the end of the constructor, though nothing they drive depends on what comes later
     */
    record Block(int domain, boolean late, List<Step> body) implements Item {}
}
