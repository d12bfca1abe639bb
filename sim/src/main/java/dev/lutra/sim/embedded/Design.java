// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flat design: what is stored, and the graph that computes its next contents. Two flattenings of one circuit list the
 * same states and memories in the same order.
 *
 * @param graph all values
 * @param inputs of the top, in the order of its ports
 * @param outputs of the top, in the order of its ports
 * @param registers with their next values
 * @param memories with their writes
 * @param clocks of a design with several clocks: one bit each, a SOURCE, whether it rises at this edge
 * @param resets that act without an edge
 * @param watches statements that look
 * @param watched one bit: whether any of them has something to say; null: there are none
 * @param signals named signals of all instances, for waveforms; empty unless asked for
 */
record Design(
        Graph graph,
        List<Input> inputs,
        List<Output> outputs,
        List<Register> registers,
        List<Store> memories,
        List<Value> clocks,
        List<AsyncReset> resets,
        List<Watch> watches,
        @Nullable Value watched,
        List<Named> signals) {

    /** What a {@link Value} of kind SOURCE stands for; compared by identity, since instances share their names. */
    static final class Source {
        private final String path;

        Source(String path) {
            this.path = path;
        }

        @Override
        public String toString() {
            return path;
        }
    }

    /** An input of the top. */
    record Input(Port port, Value value) {}

    /** An output of the top. */
    record Output(Port port, Value value) {}

    /**
     * A register, or the output register of a synchronous read port.
     *
     * @param path hierarchical name, for messages
     * @param signal what it is in its module; the same for all instances of the module
     * @param value its value in this cycle, a SOURCE
     * @param next its value after the edge without the top's own reset
     * @param init value taken at an edge in the top's own reset; null: not reset by it. All registers start as 0
     */
    record Register(
            String path,
            Signal signal,
            Value value,
            Value next,
            @Nullable BigInteger init) {}

    /**
     * A reset that acts at once.
     *
     * @param level the reset signal, one bit
     * @param activeLow whether 0 resets
     * @param registers what it resets, and to what
     */
    record AsyncReset(Value level, boolean activeLow, Map<Value, BigInteger> registers) {}

    /** A memory of one instance. Its {@link Value}s of kind READ have it as their origin. */
    static final class Store {
        final Memory memory;
        final String path;
        /** In program order; set while flattening. */
        List<Write> writes = List.of();

        Store(Memory memory, String path) {
            this.memory = memory;
            this.path = path;
        }

        @Override
        public String toString() {
            return path;
        }
    }

    /**
     * A write port.
     *
     * @param guard one bit
     * @param address at most 31 bits
     * @param mask of the width of the data, 1: write this bit; null: all
     */
    record Write(
            Value guard,
            Value address,
            Value data,
            @Nullable Value mask) {}

    /**
     * A statement that looks, in one instance.
     *
     * @param path of the instance, the top's name first
     * @param fires one bit: whether it has something to say at this edge
     * @param values what it shows
     * @param ownReset whether the top's own reset silences it
     * @param told of a cover: one bit, a SOURCE that is set once it has been told
     */
    record Watch(
            Statement.Watch statement,
            String path,
            Value fires,
            List<Value> values,
            boolean ownReset,
            @Nullable Value told) {}

    /** A named signal: the instances it lies in, outermost first, then its name. */
    record Named(List<String> scope, String name, Type type, Value value) {}
}
