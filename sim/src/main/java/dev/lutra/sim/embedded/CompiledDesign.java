// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A design in the form that runs: generated code and the arrays it works on. */
final class CompiledDesign {
    private final Plan plan;
    private final Code[] settle;
    private final Code[] edge;
    private final int largestMethod;
    final int[] ints;
    final long[] longs;
    final Object[] arrays;

    CompiledDesign(
            Plan plan, Code[] settle, Code[] edge, int[] ints, long[] longs, Object[] arrays, int largestMethod) {
        this.plan = plan;
        this.settle = settle;
        this.edge = edge;
        this.ints = ints;
        this.longs = longs;
        this.arrays = arrays;
        this.largestMethod = largestMethod;
    }

    Design design() {
        return plan.design();
    }

    /** Bytes of code of the longest generated method. */
    int largestMethod() {
        return largestMethod;
    }

    /** The generated classes. */
    List<Class<?>> codeClasses() {
        var classes = new ArrayList<Class<?>>();
        for (Code code : settle) {
            classes.add(code.getClass());
        }
        for (Code code : edge) {
            classes.add(code.getClass());
        }
        return classes;
    }

    /** First slot of an input, output, register or named signal. */
    int slot(Value v) {
        return plan.slot(v);
    }

    /** Computes all combinational values. */
    void settle() {
        for (Code code : settle) {
            code.run();
        }
    }

    /** Takes the rising edge of a settled design, reset not asserted. */
    void edge() {
        for (Code code : edge) {
            code.run();
        }
    }

    /** Takes the rising edge of a settled design with reset asserted. */
    void edgeInReset() {
        edge();
        reset();
    }

    /** Resets what the top's own reset resets. */
    void reset() {
        for (Design.Register register : design().registers()) {
            if (register.init() != null) {
                set(register.value(), register.init());
            }
        }
    }

    /** Says which clocks rise at the coming edge, a bit for each. */
    void rise(long clocks) {
        List<Value> all = design().clocks();
        for (int i = 0; i < all.size(); i++) {
            ints[slot(all.get(i))] = (int) (clocks >> i & 1);
        }
    }

    /** The level of an asynchronous reset in a settled design. */
    boolean level(Design.AsyncReset reset) {
        return ints[slot(reset.level())] != 0;
    }

    /** Resets what an asynchronous reset resets. */
    void reset(Design.AsyncReset reset) {
        reset.registers().forEach(this::set);
    }

    /** Whether a statement has something to say at the coming edge. */
    boolean speaks() {
        Value watched = design().watched();
        return watched != null && ints[slot(watched)] != 0;
    }

    /** A value that has a slot. */
    BigInteger get(Value value) {
        int slot = slot(value);
        BigInteger number = BigInteger.ZERO;
        for (int k = value.words() - 1; k >= 0; k--) {
            long word = value.isInt() ? ints[slot] : longs[slot + k];
            number = number.shiftLeft(64).or(Numbers.bits(BigInteger.valueOf(word), 0, 64));
        }
        return Numbers.wrap(number, value.width, value.signed);
    }

    void set(Value value, BigInteger number) {
        int slot = slot(value);
        for (int k = 0; k < value.words(); k++) {
            long word = Numbers.word(number, k);
            if (value.isInt()) {
                ints[slot] = (int) word;
            } else {
                longs[slot + k] = word;
            }
        }
    }

    /** Takes over the contents of all inputs, registers and memories of another compilation of the same circuit. */
    void takeState(CompiledDesign other) {
        for (int i = 0; i < design().inputs().size(); i++) {
            copy(
                    other,
                    other.design().inputs().get(i).value(),
                    design().inputs().get(i).value());
        }
        for (int i = 0; i < design().registers().size(); i++) {
            copy(
                    other,
                    other.design().registers().get(i).value(),
                    design().registers().get(i).value());
        }
        for (int i = 0; i < design().watches().size(); i++) {
            Value from = other.design().watches().get(i).told();
            Value to = design().watches().get(i).told();
            if (from != null && to != null) {
                copy(other, from, to);
            }
        }
        for (int i = 0; i < design().memories().size(); i++) {
            System.arraycopy(other.arrays[i], 0, arrays[i], 0, Array.getLength(arrays[i]));
        }
    }

    private void copy(CompiledDesign other, Value from, Value to) {
        for (int k = 0; k < to.words(); k++) {
            if (to.isInt()) {
                ints[slot(to)] = other.ints[other.slot(from)];
            } else {
                longs[slot(to) + k] = other.longs[other.slot(from) + k];
            }
        }
    }
}
