// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.math.BigInteger;
import java.util.List;

/** A statement. */
sealed interface Step {

    /**
     * Drives a signal or a part of it.
     *
     * @param target name of the signal
     * @param path elements and fields down to what is driven
     */
    record Set(String target, List<Integer> path, Term value) implements Step {}

    /** Drives an element of a vector that hardware chooses. */
    record SetAt(String target, Term index, Term value) implements Step {}

    /** A chain of conditions. */
    record When(List<Branch> branches, List<Step> otherwise) implements Step {}

    /** What holds under a condition, if no earlier one is true. */
    record Branch(Term condition, List<Step> body) {}

    /** A choice by value. */
    record Switch(Term subject, List<Case> cases, List<Step> otherwise) implements Step {}

    /** What holds for some values. */
    record Case(List<BigInteger> values, List<Step> body) {}

    /** Writes a word; the mask may be null. */
    record Write(String memory, Term address, Term data, Term mask) implements Step {}

    /** Writes a word by a port of a memory; the mask may be null. */
    record PortWrite(String port, Term data, Term mask) implements Step {}

    /** Prints a line. */
    record Print(String format, List<Term> values) implements Step {}

    /** Names something that may happen. */
    record Cover(Term condition, String what) implements Step {}

    /** Statements inside, all branches. */
    default List<List<Step>> blocks() {
        if (this instanceof When when) {
            var all = new java.util.ArrayList<List<Step>>();
            when.branches().forEach(b -> all.add(b.body()));
            all.add(when.otherwise());
            return all;
        } else if (this instanceof Switch choice) {
            var all = new java.util.ArrayList<List<Step>>();
            choice.cases().forEach(c -> all.add(c.body()));
            all.add(choice.otherwise());
            return all;
        }
        return List.of();
    }

    /** The expressions of this statement, without those of statements inside. */
    default List<Term> terms() {
        if (this instanceof Set set) {
            return List.of(set.value());
        } else if (this instanceof SetAt set) {
            return List.of(set.index(), set.value());
        } else if (this instanceof When when) {
            return when.branches().stream().map(Branch::condition).toList();
        } else if (this instanceof Switch choice) {
            return List.of(choice.subject());
        } else if (this instanceof Write write) {
            return write.mask() == null
                    ? List.of(write.address(), write.data())
                    : List.of(write.address(), write.data(), write.mask());
        } else if (this instanceof PortWrite write) {
            return write.mask() == null ? List.of(write.data()) : List.of(write.data(), write.mask());
        } else if (this instanceof Print print) {
            return print.values();
        }
        return List.of(((Cover) this).condition());
    }

    /** Whether it may drive a signal. */
    default boolean drives(String signal) {
        return this instanceof Set set && set.target().equals(signal)
                || this instanceof SetAt at && at.target().equals(signal)
                || blocks().stream().anyMatch(block -> block.stream().anyMatch(s -> s.drives(signal)));
    }
}
