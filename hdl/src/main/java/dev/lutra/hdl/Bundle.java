// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Signals that belong together, as the fields of a class:
 *
 * <pre>{@code
 * final class Request extends Bundle {
 *     final UInt address = field(uint(32));
 *     final Bool write = field(bool());
 * }
 * }</pre>
 *
 * <p>In Verilog a field is {@code name_field}.
 */
public abstract non-sealed class Bundle extends Data {
    private List<Data> fields = new ArrayList<>();

    /** A bundle without fields; constructors of subclasses add them. */
    protected Bundle() {}

    /** {@link Hdl#uint}. */
    protected static UInt uint(int width) {
        return Hdl.uint(width);
    }

    /** {@link Hdl#sint}. */
    protected static SInt sint(int width) {
        return Hdl.sint(width);
    }

    /** {@link Hdl#uint(Range)}. */
    protected static UInt uint(Range range) {
        return Hdl.uint(range);
    }

    /** {@link Hdl#sint(Range)}. */
    protected static SInt sint(Range range) {
        return Hdl.sint(range);
    }

    /** {@link Hdl#range}. */
    protected static Range range(long min, long max) {
        return Hdl.range(min, max);
    }

    /** {@link Hdl#ufix}. */
    protected static UFix ufix(int integerBits, int fractionBits) {
        return Hdl.ufix(integerBits, fractionBits);
    }

    /** {@link Hdl#sfix}. */
    protected static SFix sfix(int integerBits, int fractionBits) {
        return Hdl.sfix(integerBits, fractionBits);
    }

    /** {@link Hdl#bool}. */
    protected static Bool bool() {
        return Hdl.bool();
    }

    /** {@link Hdl#bits}. */
    protected static Bits bits(int width) {
        return Hdl.bits(width);
    }

    /** {@link Hdl#enumOf}. */
    protected static <E extends Enum<E>> EnumSignal<E> enumOf(Class<E> values) {
        return Hdl.enumOf(values);
    }

    /** {@link Hdl#vec}. */
    protected static <T extends Data> Vec<T> vec(int size, IntFunction<T> element) {
        return Hdl.vec(size, element);
    }

    /** {@link Hdl#decoupled}. */
    protected static <T extends Data> Decoupled<T> decoupled(T bits) {
        return Hdl.decoupled(bits);
    }

    /** Adds a field; the first one has the top bits in {@link #asBits}. */
    protected final <T extends Data> T field(T type) {
        if (type.isBound()) {
            throw Session.misuse(
                    "bound-twice",
                    "field() of " + (type instanceof Ground ground ? ground.describe() : type.typeText())
                            + ", which is a signal already",
                    "give it a fresh type such as uint(8) or like(signal)");
        }
        fields.add(type);
        return type;
    }

    /** Adds a field that runs against the others: an output where they are inputs. */
    protected final <T extends Data> T flipped(T type) {
        field(type);
        for (Ground leaf : type.leaves()) {
            leaf.flip();
        }
        return type;
    }

    /**
     * Drives each field by the same field of another bundle of this class, flipped ones the other way round.
     */
    @Override
    public final void set(Data value) {
        var mine = leaves();
        var theirs = value.leaves();
        if (value.getClass() != getClass() || mine.size() != theirs.size()) {
            var owner = mine.get(0).owner();
            var session = owner == null ? Session.current() : owner.session();
            session.report(Diagnostic.error(
                    "type",
                    session.place(),
                    value.typeText() + " cannot drive " + typeText(),
                    "set the fields one by one"));
            return;
        }
        for (int i = 0; i < mine.size(); i++) {
            if (mine.get(i).isFlipped()) {
                theirs.get(i).set(mine.get(i));
            } else {
                mine.get(i).set(theirs.get(i));
            }
        }
    }

    /** Gives every ground element of a register the same reset value. */
    public final void init(long value) {
        for (Ground leaf : leaves()) {
            Registers.init(leaf, leaf.code(value));
        }
    }

    @Override
    public final int width() {
        int width = 0;
        for (Data field : fields) {
            width += field.width();
        }
        return width;
    }

    @Override
    final void leaves(List<Ground> into) {
        for (Data field : fields) {
            field.leaves(into);
        }
    }

    @Override
    final void msbFirst(List<Ground> into) {
        for (Data field : fields) {
            field.msbFirst(into);
        }
    }

    @Override
    final Bundle fresh() {
        return (Bundle) BundleFields.copy(this);
    }

    /** The fields in order; the list is the bundle's own. */
    final List<Data> fields() {
        return fields;
    }

    final void setFields(List<Data> fields) {
        this.fields = fields;
    }

    @Override
    final void bind(Module owner, Op op, String path) {
        for (var lost : BundleFields.lost(this)) {
            owner.session()
                    .error(
                            "unbound",
                            lost + " is no field of the bundle",
                            "write field(" + "...) around its type: final UInt x = field(uint(8))");
        }
        if (fields.isEmpty()) {
            throw Session.misuse("width", typeText() + " has no fields", "add some with field(...)");
        }
        var names = BundleFields.names(this);
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).bind(owner, op, path + "_" + names.get(i));
        }
    }

    @Override
    final String typeText() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "Bundle" : name;
    }

    /** A shallow copy, for {@link BundleFields}. */
    final Bundle shallowCopy() {
        try {
            return (Bundle) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
