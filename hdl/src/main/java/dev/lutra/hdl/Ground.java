// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A signal that is one number, truth value, bit pattern or enumeration value. */
public abstract sealed class Ground extends Data permits UInt, SInt, Bool, Bits, EnumSignal, Fixed, Clock, Reset {
    private final Type type;
    private @Nullable Module owner;
    private @Nullable Op op;
    private int number = -1;
    private int outside = -1;
    private boolean flipped;
    private boolean hasInit;
    private @Nullable BigInteger literal;
    /** What is declared or proven beyond the width; null: nothing. */
    private @Nullable Range range;

    Ground(Type type) {
        this.type = type;
    }

    final Type type() {
        return type;
    }

    @Override
    public final int width() {
        return type.width();
    }

    @Override
    public final void set(Data value) {
        Build.assign(this, value);
    }

    /** One bit, 0 being the least significant; an index beyond the width is an error. */
    public final Bool bit(int index) {
        return Build.bit(this, index);
    }

    /** The bit at an index that hardware chooses; false beyond the width. */
    public final Bool bit(UInt index) {
        return Build.bit(this, index);
    }

    /** Whether any bit is 1. */
    public final Bool orR() {
        return Build.unary(Op.OR_R, this, new Bool());
    }

    /** Whether all bits are 1. */
    public final Bool andR() {
        return Build.unary(Op.AND_R, this, new Bool());
    }

    /** Whether an odd number of bits is 1. */
    public final Bool xorR() {
        return Build.unary(Op.XOR_R, this, new Bool());
    }

    /** The same bits, read as an unsigned number of the same width. */
    public final UInt asUInt() {
        return this instanceof UInt same ? same : Build.unary(Op.REINTERPRET, this, reread(new UInt(width())));
    }

    /** The same bits, read as a two's complement number of the same width. */
    public final SInt asSInt() {
        return this instanceof SInt same ? same : Build.unary(Op.REINTERPRET, this, reread(new SInt(width())));
    }

    /** The same bits without a numeric meaning. */
    @Override
    public final Bits asBits() {
        return this instanceof Bits same ? same : Build.unary(Op.REINTERPRET, this, new Bits(width()));
    }

    /** A signal of one bit, read as a truth value; another width is an error. */
    public final Bool asBool() {
        if (this instanceof Bool same) {
            return same;
        }
        if (width() != 1) {
            Build.error(
                    this,
                    "width",
                    "asBool() of " + describe() + ", which has " + width() + " bits",
                    "use orR(), bit(i) or a comparison such as ne(0)");
            return bit(0);
        }
        return Build.unary(Op.REINTERPRET, this, new Bool());
    }

    private <N extends Ground> N reread(N number) {
        return range == null ? number : Ranges.ifFits(number, range);
    }

    // ---- what is known of its value ----

    /** Whether more is known of the value than its width says. A constant is known in any case and does not count. */
    final boolean isRanged() {
        return range != null;
    }

    final void setRange(@Nullable Range range) {
        this.range = range;
    }

    /** The least value it can have if it is no constant. */
    final BigInteger least() {
        return range != null ? range.min() : type.min();
    }

    /** The greatest value it can have if it is no constant. */
    final BigInteger greatest() {
        return range != null ? range.max() : type.max();
    }

    /** What the value, read as an integer, can be. */
    final Range known() {
        if (literal != null) {
            return new Range(literal, literal);
        }
        return range != null ? range : new Range(type.min(), type.max());
    }

    // ---- what it is bound to ----

    final void bindTo(Module owner, Op op, int number) {
        this.owner = owner;
        this.op = op;
        this.number = number;
    }

    @Override
    void bind(Module owner, Op op, String path) {
        Op mine = op;
        if (flipped && op == Op.IN) {
            mine = Op.OUT;
        } else if (flipped && op == Op.OUT) {
            mine = Op.IN;
        }
        bindTo(owner, mine, owner.recording().addLeaf(mine, type, path));
    }

    /** Becomes another name of a bound signal of the same kind; for the leaves of a selected bundle. */
    final void bindLike(Ground that) {
        owner = that.owner;
        op = that.op;
        number = that.number;
        literal = that.literal;
        range = that.range;
    }

    final void bindLiteral(BigInteger value) {
        literal = value;
        range = null; // a constant says it all
    }

    @Override
    final boolean isBound() {
        return owner != null || literal != null;
    }

    final @Nullable BigInteger literal() {
        return literal;
    }

    final @Nullable Module owner() {
        return owner;
    }

    final @Nullable Op op() {
        return op;
    }

    /** The item in the owner's recording. */
    final int number() {
        return number;
    }

    final boolean isPort() {
        return op == Op.IN || op == Op.OUT;
    }

    /** The item by which the owner's parent sees this port, or -1. */
    final int outside() {
        return outside;
    }

    final void setOutside(int number) {
        outside = number;
    }

    final boolean isFlipped() {
        return flipped;
    }

    final void flip() {
        flipped = !flipped;
    }

    /** Notes that a reset value is given; false if there was one before. */
    final boolean claimInit() {
        boolean first = !hasInit;
        hasInit = true;
        return first;
    }

    // ---- text ----

    /** Where the signal was made. */
    final Loc loc() {
        return owner == null
                ? Loc.UNKNOWN
                : owner.recording().get(number).origin.loc();
    }

    /** Name as far as it is known while the circuit is built, or null. */
    final @Nullable String knownName() {
        if (owner == null) {
            return literal == null ? null : literalText(literal);
        }
        var item = owner.recording().get(number);
        var origin = item.origin;
        return origin.held() ? origin.name() + item.path : null;
    }

    /** Name and type for a message. */
    final String describe() {
        String name = knownName();
        if (literal != null) {
            return "the literal " + name;
        }
        String values = range == null ? "" : " with " + range;
        return (name == null ? unnamed() : "'" + name + "'") + " of " + typeText() + values;
    }

    /** The same for what a value goes to: a mere type is that of a memory's words. */
    final String describeAsTarget() {
        return owner == null ? "a word of " + typeText() : describe();
    }

    private String unnamed() {
        if (op == null) {
            return "a value";
        }
        return switch (op) {
            case IN -> "an input";
            case OUT -> "an output";
            case WIRE -> "a wire";
            case REG -> "a register";
            case READ -> "a memory word";
            default -> "a value";
        };
    }

    /** A constant of this type for a message. */
    String literalText(BigInteger raw) {
        return raw.toString();
    }

    /** The raw integer of a whole number, which must be in range. */
    BigInteger code(long value) {
        return BigInteger.valueOf(value);
    }

    @Override
    final String typeText() {
        return type.toString();
    }

    @Override
    public final String toString() {
        String name = knownName();
        String text = name == null ? typeText() : name + ": " + typeText();
        if (owner != null) {
            owner.session().described(text);
        }
        return text;
    }

    @Override
    final void leaves(List<Ground> into) {
        into.add(this);
    }

    @Override
    final void msbFirst(List<Ground> into) {
        into.add(this);
    }

    @Override
    final Ground fresh() {
        var copy = ofWidth(width());
        copy.flipped = flipped;
        copy.range = range;
        return copy;
    }

    /** A fresh type object of this kind and another width. */
    abstract Ground ofWidth(int width);
}
