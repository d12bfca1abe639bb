// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/**
 * One of the values of a Java enumeration, coded by {@link Enum#ordinal}, or as it says itself if it is {@link Coded}, in as few
 * bits as the greatest code takes. A state machine is a register of this type and a {@code switchOn}.
 *
 * @param <E> the enumeration
 */
public final class EnumSignal<E extends Enum<E>> extends Ground {
    private final Class<E> values;

    EnumSignal(Class<E> values) {
        super(Types.enumeration(values));
        this.values = values;
    }

    @Override
    EnumSignal<E> ofWidth(int width) {
        return new EnumSignal<>(values);
    }

    /** Drives this signal by a constant. */
    public void set(E value) {
        Build.assign(this, literal(value));
    }

    /** Gives a register its reset value. */
    public EnumSignal<E> init(E value) {
        Registers.init(this, Types.code(value));
        return this;
    }

    /** Whether this is a value. */
    public Bool eq(E value) {
        return eq(literal(value));
    }

    /** Whether both are the same value. */
    public Bool eq(EnumSignal<E> other) {
        return Build.binary(Op.EQ, this, other, new Bool());
    }

    /** Whether this is another value. */
    public Bool ne(E value) {
        return ne(literal(value));
    }

    /** Whether both are different values. */
    public Bool ne(EnumSignal<E> other) {
        return Build.binary(Op.NE, this, other, new Bool());
    }

    private EnumSignal<E> literal(E value) {
        return Build.literalFor(this, Types.code(value));
    }
}
