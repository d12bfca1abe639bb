// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a module's body. Conditions and values read the settled values of signals (never "so far"); of the
 * assignments to one target the last one on the path taken holds.
 */
public sealed interface Statement {

    /** Where the user wrote it. */
    Loc loc();

    /** Drives a wire, register, output or child's input with a value of the same width and signedness. */
    record Assign(Signal target, Expr value, Loc loc) implements Statement {
        public Assign {
            if (!target.type().sameShape(value.type())) {
                throw new IllegalArgumentException(target + " is assigned a value of " + value.type());
            }
            if (!target.assignable()) {
                throw new IllegalArgumentException(target + " cannot be assigned");
            }
        }

        @Override
        public String toString() {
            return target.name() + " := " + value;
        }
    }

    /** Two branches by a condition of one bit. */
    record When(Expr cond, List<Statement> then, List<Statement> otherwise, Loc loc) implements Statement {
        public When {
            Expr.requireBool("condition", cond);
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
        }

        @Override
        public String toString() {
            return "when " + cond + " " + then + (otherwise.isEmpty() ? "" : " otherwise " + otherwise);
        }
    }

    /**
     * Branches by the value of a subject. A switch over an enumeration that lists all its values is complete.
     *
     * @param otherwise taken when no case has the value; may be empty
     */
    record Switch(Expr subject, List<Case> cases, List<Statement> otherwise, Loc loc) implements Statement {
        public Switch {
            cases = List.copyOf(cases);
            otherwise = List.copyOf(otherwise);
        }

        @Override
        public String toString() {
            return "switch " + subject + " " + cases + (otherwise.isEmpty() ? "" : " otherwise " + otherwise);
        }
    }

    /**
     * A branch of a switch.
     *
     * @param values values of the subject's type; no value may be in two cases (checked by the checks, not here)
     */
    record Case(List<BigInteger> values, List<Statement> body, Loc loc) {
        public Case {
            values = List.copyOf(values);
            body = List.copyOf(body);
        }

        @Override
        public String toString() {
            return "is " + values + " " + body;
        }
    }

    /**
     * Writes a word at the rising edge of a clock, the same for all writes of a memory that are not of ports. Of several
     * writes to one word at one edge the last one in program order holds (bit by bit where masked).
     *
     * @param address unsigned
     * @param mask bit i set: write the i-th of the word's {@code maskBits} equal parts; null: all
     * @param port the port that writes, whose address and domain these are and whose enable is one more condition; null: none.
     *     A port has one write
     */
    record MemoryWrite(
            Memory memory,
            Expr address,
            Expr data,
            @Nullable Expr mask,
            Domain domain,
            @Nullable ReadPort port,
            Loc loc)
            implements Statement {
        /** A write by the module's own clock. */
        public MemoryWrite(Memory memory, Expr address, Expr data, @Nullable Expr mask, Loc loc) {
            this(memory, address, data, mask, Domain.OWN, loc);
        }

        /** A write that is not of a port. */
        public MemoryWrite(Memory memory, Expr address, Expr data, @Nullable Expr mask, Domain domain, Loc loc) {
            this(memory, address, data, mask, domain, null, loc);
        }

        public MemoryWrite {
            Expr.requireUnsigned("write address", address);
            if (port != null && (port.rule() == null || port.memory() != memory || port.address() != address)) {
                throw new IllegalArgumentException(memory + " is written through " + port + ", which cannot");
            }
            if (!memory.type().sameShape(data.type())) {
                throw new IllegalArgumentException(memory + " is written with a value of " + data.type());
            }
            if (mask != null && (memory.maskBits() == 0 || mask.type().width() != memory.maskBits())) {
                throw new IllegalArgumentException(
                        memory + " has " + memory.maskBits() + " mask bits and is written with " + mask.type());
            }
        }

        @Override
        public String toString() {
            return memory.name() + "[" + address + "] := " + data + (mask == null ? "" : " mask " + mask);
        }
    }

    /**
     * A statement that looks and drives nothing. It acts at each rising edge outside reset at which its conditions hold,
     * by the settled values before the edge. Synthesis leaves it out.
     */
    sealed interface Watch extends Statement {

        /** Whose clock edges and reset count. */
        Domain domain();
    }

    /** What a {@link Check} says of its condition. */
    enum Claim {
        /** The circuit makes it true; to be proven, and an error in simulation where it is false. */
        REQUIRE,
        /** The surroundings make it true; proofs rely on it, simulation finds it false. */
        ASSUME,
        /** It can become true; proofs look for a way, simulation notes when it happened. */
        COVER
    }

    /** A property. */
    record Check(Claim claim, Expr cond, String message, Domain domain, Loc loc) implements Watch {
        private static final int SHOWN = 8;

        /** A property at the edges of the module's own clock. */
        public Check(Claim claim, Expr cond, String message, Loc loc) {
            this(claim, cond, message, Domain.OWN, loc);
        }

        public Check {
            Expr.requireBool("property", cond);
        }

        /** The first few signals the condition reads, in order: their values explain a failure. */
        public List<Signal> shown() {
            var signals = new LinkedHashSet<Signal>();
            var seen = Collections.newSetFromMap(new IdentityHashMap<Expr, Boolean>());
            var open = new ArrayDeque<Expr>();
            open.push(cond);
            while (!open.isEmpty() && signals.size() < SHOWN) {
                Expr expr = open.pop();
                if (expr instanceof Expr.Ref ref) {
                    signals.add(ref.signal());
                } else if (seen.add(expr)) {
                    var operands = new ArrayList<>(expr.operands());
                    Collections.reverse(operands);
                    operands.forEach(open::push);
                }
            }
            return List.copyOf(signals);
        }

        @Override
        public String toString() {
            return claim + " " + cond + " \"" + message + "\"";
        }
    }

    /**
     * Prints a line.
     *
     * @param format text with one of {@code %d} (decimal), {@code %x} and {@code %b} (the bits, without leading zeros) and
     *     {@code %s} (the name of an enumeration's value, {@code ?} for a code without one) for each value, and {@code %%}
     */
    record Print(String format, List<Expr> values, Domain domain, Loc loc) implements Watch {
        /** A line at the edges of the module's own clock. */
        public Print(String format, List<Expr> values, Loc loc) {
            this(format, values, Domain.OWN, loc);
        }

        public Print {
            values = List.copyOf(values);
        }

        @Override
        public String toString() {
            return "print \"" + format + "\" " + values;
        }
    }

    /** Ends the simulation after this edge. */
    record Stop(String message, Domain domain, Loc loc) implements Watch {
        @Override
        public String toString() {
            return "stop \"" + message + "\"";
        }
    }
}
