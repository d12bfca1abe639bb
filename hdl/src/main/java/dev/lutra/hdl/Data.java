// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signal, or the type of one. A factory such as {@link Hdl#uint} gives a fresh type object; {@code in}, {@code out},
 * {@code wire} and {@code reg} of {@link Module} turn it into a signal and return it. Operators give new signals.
 *
 * <p>{@code ==} and {@link #equals} compare Java objects, at the time the circuit is built; {@code eq} is the comparison
 * in hardware.
 */
public abstract sealed class Data implements Cloneable permits Ground, Vec, Bundle {

    Data() {}

    /** Number of bits, of all elements together. */
    public abstract int width();

    /**
     * Drives this signal by a value. On the path of the enclosing {@code when}s and {@code switchOn}s the last
     * assignment holds.
     *
     * <p>A ground signal takes a value of its own kind (unsigned, signed, ...) of at most its width, which is extended
     * without loss; anything else is an error. A {@link Vec} takes one of as many elements, a {@link Bundle} one of the
     * same class; elements made with {@link Bundle#flipped} are driven the other way round.
     *
     * @param value what drives this signal
     */
    public abstract void set(Data value);

    /**
     * All bits side by side: the elements of a bundle with the first one at the top, those of a vector with the first one
     * at the bottom.
     */
    public Bits asBits() {
        var leaves = new ArrayList<Ground>();
        msbFirst(leaves);
        return Build.concat(leaves);
    }

    /** Ground elements in order of declaration. */
    abstract void leaves(List<Ground> into);

    /** Ground elements, the one with the top bits first. */
    abstract void msbFirst(List<Ground> into);

    /** An unbound copy of the type. */
    abstract Data fresh();

    /** Makes signals of all ground elements. */
    abstract void bind(Module owner, Op op, String path);

    /** The type in an error message. */
    abstract String typeText();

    /** Whether both have the same elements: class, number and widths. */
    final boolean hasShapeOf(Data that) {
        if (this instanceof Ground a && that instanceof Ground b) {
            return a.getClass() == b.getClass() && Types.same(a.type(), b.type());
        }
        var mine = leaves();
        var theirs = that.leaves();
        if (getClass() != that.getClass() || mine.size() != theirs.size()) {
            return false;
        }
        for (int i = 0; i < mine.size(); i++) {
            if (!Types.same(mine.get(i).type(), theirs.get(i).type())) {
                return false;
            }
        }
        return true;
    }

    final List<Ground> leaves() {
        var all = new ArrayList<Ground>();
        leaves(all);
        return all;
    }

    /** Whether this is a signal by now, no longer a mere type. */
    boolean isBound() {
        for (Ground leaf : leaves()) {
            if (leaf.isBound()) {
                return true;
            }
        }
        return false;
    }

    /** Compares Java objects. A direct call from a circuit's description is reported: {@code eq} was meant. */
    @Override
    public final boolean equals(@Nullable Object other) {
        Misuse.equalsCalled(this);
        return this == other;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(this);
    }

    /** What the signal is, for a debugger or a message; not its value. */
    @Override
    public String toString() {
        return typeText();
    }
}
