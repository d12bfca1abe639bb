// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what operators and assignments do, in the module they belong to.
 *
 * <p>An operator has no {@code this} module. Its home follows from its operands: signals of a module are used inside it;
 * a port is used inside its module while that one's constructor runs, and by the parent afterwards.
 */
final class Build {
    private Build() {}

    // ---- homes and operands ----

    static Module home(@Nullable Ground... operands) {
        @Nullable Module inner = null;
        for (var operand : operands) {
            var owner = operand == null || operand.isPort() ? null : operand.owner();
            if (owner != null && inner != null && owner != inner) {
                return owner.session().currentModule(); // one of them is foreign there; use() says which
            }
            inner = owner != null ? owner : inner;
        }
        return inner != null ? inner : homeOfPorts(operands);
    }

    private static Module homeOfPorts(@Nullable Ground... operands) {
        @Nullable Module first = null;
        boolean same = true;
        for (var operand : operands) {
            var owner = operand == null ? null : operand.owner();
            if (owner != null) {
                same &= first == null || first == owner;
                first = first == null ? owner : first;
            }
        }
        if (first == null) {
            return Session.current().currentModule();
        }
        var parent = first.parent();
        if (same) {
            return parent == null || first.session().isRunning(first) ? first : parent;
        }
        if (seesAll(first, operands)) {
            return first;
        }
        return parent != null && seesAll(parent, operands)
                ? parent
                : first.session().currentModule();
    }

    private static boolean seesAll(Module module, @Nullable Ground... ports) {
        for (var port : ports) {
            var owner = port == null ? null : port.owner();
            if (owner != null && owner != module && owner.parent() != module) {
                return false;
            }
        }
        return true;
    }

    /** The item by which a module refers to a signal; reports a signal it must not see. */
    static int use(Module module, Ground signal) {
        var recording = module.recording();
        var owner = signal.owner();
        if (owner == module) {
            return signal.number();
        }
        var literal = signal.literal();
        if (literal != null) {
            return recording.add(Op.LITERAL, signal.type(), -1, -1, -1, literal);
        }
        if (owner != null && owner.parent() == module && signal.isPort()) {
            if (signal.outside() < 0) {
                signal.setOutside(recording.add(
                        Op.INSTANCE_PORT,
                        signal.type(),
                        owner.instanceNumber(),
                        signal.number(),
                        signal.op() == Op.IN ? 1 : 0));
            }
            return signal.outside();
        }
        if (owner == null) {
            module.session()
                    .error(
                            "unbound",
                            signal.typeText() + " is only a type here, no signal",
                            "make a signal of it with in(), out(), wire() or reg(), or use lit() for a constant");
        } else {
            reportForeign(module, signal, owner);
        }
        return recording.add(Op.LITERAL, signal.type(), -1, -1, -1, BigInteger.ZERO);
    }

    private static void reportForeign(Module module, Ground signal, Module owner) {
        module.session().requireOpen();
        if (owner.session() != module.session()) {
            throw Session.misuse(
                    "outside-elaboration",
                    signal.describe() + " of module " + owner.shortName() + " was made in an earlier elaboration and is"
                            + " used in this one, in module " + module.shortName(),
                    Session.NO_STATIC);
        }
        String hint;
        if (signal.isPort()) {
            hint =
                    "a port is visible in its own module and in the module that made the instance; pass it on through ports";
        } else if (owner.parent() == module) {
            hint = "give " + owner.shortName() + " an output for it";
        } else {
            hint = "give " + module.shortName() + " an input for it";
        }
        module.session()
                .report(Diagnostic.error(
                        "outside-module",
                        sites(module.session().place(), signal, "made here"),
                        signal.describe() + " belongs to module " + owner.shortName() + " and is used in module "
                                + module.shortName(),
                        hint));
    }

    /** Reports a mistake in the session of a signal, or of this thread for a literal. */
    static void error(Ground near, String code, String message, @Nullable String hint) {
        var owner = near.owner();
        var session = owner == null ? Session.current() : owner.session();
        session.requireOpen();
        session.error(code, message, hint);
    }

    // ---- values ----

    static <R extends Ground> R unary(Op op, Ground a, R result) {
        var home = home(a);
        return value(home, op, use(home, a), -1, -1, null, result);
    }

    static <R extends Ground> R binary(Op op, Ground a, Ground b, R result) {
        var home = home(a, b);
        int left = use(home, a);
        int right = use(home, b);
        return value(home, op, left, right, -1, null, result);
    }

    /** Operands are extended to the shape of the result. */
    static <R extends Ground> R mux(Ground cond, Ground a, Ground b, R result) {
        var home = home(cond, a, b);
        int c = use(home, cond);
        int t = extended(home, a, result.type());
        int f = extended(home, b, result.type());
        return value(home, Op.MUX, c, t, f, null, result);
    }

    static <R extends Ground> R slice(Ground a, int high, int low, R result) {
        var home = home(a);
        return value(home, Op.SLICE, use(home, a), high, low, null, result);
    }

    static Bits concat(List<? extends Ground> msbFirst) {
        int width = 0;
        for (var part : msbFirst) {
            width += part.width();
        }
        var home = home(msbFirst.toArray(Ground[]::new));
        int[] parts = new int[msbFirst.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = use(home, msbFirst.get(i));
        }
        return value(home, Op.CONCAT, -1, -1, -1, parts, new Bits(width));
    }

    /** One element of several, leaf by leaf. */
    @SuppressWarnings("unchecked") // fresh() keeps the class
    static <T extends Data> T select(UInt index, List<T> elements) {
        for (T element : elements) {
            if (!element.hasShapeOf(elements.get(0))) {
                error(
                        index,
                        "type",
                        "select() among " + elements.get(0).typeText() + " and an unlike " + element.typeText(),
                        "give all elements one type, with extend(w) for instance");
                return elements.get(0);
            }
        }
        var result = (T) elements.get(0).fresh();
        var paths = new LeafPaths(result);
        var results = result.leaves();
        for (int i = 0; i < results.size(); i++) {
            var column = new ArrayList<Ground>(elements.size());
            for (T element : elements) {
                column.add(element.leaves().get(i));
            }
            var leaf = results.get(i);
            Session.leaf(paths.of(leaf), () -> select(index, column, leaf));
        }
        return result;
    }

    private static <R extends Ground> R select(UInt index, List<? extends Ground> elements, R result) {
        var all = new ArrayList<Ground>(elements);
        all.add(index);
        var home = home(all.toArray(Ground[]::new));
        int at = use(home, index);
        int[] items = new int[reachable(index, elements.size())];
        for (int i = 0; i < items.length; i++) {
            items[i] = use(home, elements.get(i));
        }
        result.setRange(Ranges.hull(elements, items.length, index));
        return value(home, Op.SELECT, at, -1, -1, items, result);
    }

    /** How many of the first {@code size} elements an index can name. */
    static int reachable(UInt index, int size) {
        return index.width() < 31 ? Math.min(size, 1 << index.width()) : size;
    }

    static Bool bit(Ground a, int index) {
        if (index < 0 || index >= a.width()) {
            error(a, "index", "bit " + index + " of " + a.describe() + ": bits are 0 to " + (a.width() - 1), null);
            return slice(a, 0, 0, new Bool());
        }
        return slice(a, index, index, new Bool());
    }

    static Bool bit(Ground a, UInt index) {
        var home = home(a, index);
        int from = use(home, a);
        int at = use(home, index);
        var pattern = a.type().signed() ? part(home, Op.REINTERPRET, Types.uint(a.width()), from, -1) : from;
        int shifted = part(home, Op.SHR, Types.uint(a.width()), pattern, at);
        return value(home, Op.TRUNCATE, shifted, -1, -1, null, new Bool());
    }

    /** Bits {@code high} to {@code low} as a signal of the width that {@code result} of one bit is replaced by. */
    static <R extends Ground> R bits(Ground a, int high, int low, R type) {
        if (low < 0 || high < low || high >= a.width()) {
            error(
                    a,
                    "index",
                    "bits " + high + " to " + low + " of " + a.describe() + ": bits are " + (a.width() - 1) + " to 0",
                    "write bits(high, low) with high >= low");
            return standIn(a, sameKind(type, Math.abs(high - low) + 1));
        }
        return slice(a, high, low, sameKind(type, high - low + 1));
    }

    @SuppressWarnings("unchecked") // ofWidth keeps the class
    private static <R extends Ground> R sameKind(R type, int width) {
        return (R) type.ofWidth(width);
    }

    static <R extends Ground> R truncate(Ground a, int width, R type) {
        if (width < 1 || width > a.width()) {
            error(
                    a,
                    "width",
                    "truncate(" + width + ") of " + a.describe(),
                    width > a.width() ? "use extend(" + width + ")" : "a width is at least 1");
            return standIn(a, sameKind(type, Math.max(1, width)));
        }
        return unary(Op.TRUNCATE, a, sameKind(type, width));
    }

    static <R extends Ground> R extend(Ground a, int width, R type) {
        if (width < a.width()) {
            error(
                    a,
                    "width",
                    "extend(" + width + ") of " + a.describe(),
                    "use truncate(" + width + ") or saturate(" + width + ")");
            return standIn(a, sameKind(type, Math.max(1, width)));
        }
        return unary(Op.EXTEND, a, sameKind(type, width));
    }

    /** A value of the right type, to carry on with after a report. */
    private static <R extends Ground> R standIn(Ground near, R result) {
        return value(home(near), Op.LITERAL, -1, -1, -1, BigInteger.ZERO, result);
    }

    private static <R extends Ground> R value(Module home, Op op, int a, int b, int c, @Nullable Object x, R result) {
        result.bindTo(home, op, home.recording().add(op, result.type(), a, b, c, x));
        return result;
    }

    private static int extended(Module home, Ground a, Type type) {
        int item = use(home, a);
        if (a.width() == type.width()) {
            return item;
        }
        // A value that is known to fit may be wider.
        return part(home, a.width() < type.width() ? Op.EXTEND : Op.TRUNCATE, type, item, -1);
    }

    private static int part(Module home, Op op, Type type, int a, int b) {
        return Session.part(() -> home.recording().add(op, type, a, b, -1));
    }

    // ---- literals ----

    /** A constant of the type's kind in as few bits as it takes. */
    static <R extends Ground> R literal(R kind, BigInteger value) {
        boolean signed = kind.type().signed();
        if (!signed && value.signum() < 0) {
            var owner = kind.owner();
            var session = owner == null ? Session.current() : owner.session();
            session.requireOpen();
            session.error(
                    "literal-range",
                    value + " is negative and the other operand is " + kind.describe(),
                    "use a signed signal");
            return literal(kind, BigInteger.ZERO);
        }
        var literal = sameKind(kind, Math.max(1, signed ? value.bitLength() + 1 : value.bitLength()));
        literal.bindLiteral(value);
        return literal;
    }

    static <R extends Ground> R literal(R kind, long value) {
        return literal(kind, BigInteger.valueOf(value));
    }

    /** A constant of exactly the type of {@code like}; one that does not fit is reported and replaced by 0. */
    @SuppressWarnings("unchecked") // fresh keeps the class
    static <R extends Ground> R literalFor(R like, BigInteger value) {
        var literal = (R) like.fresh();
        literal.bindLiteral(inRange(like, value) ? value : BigInteger.ZERO);
        return literal;
    }

    static <R extends Ground> R literalFor(R like, long value) {
        return literalFor(like, BigInteger.valueOf(value));
    }

    /** Whether the value is one of the type's; reports if not. */
    static boolean inRange(Ground like, BigInteger value) {
        boolean holds =
                like.isRanged() ? like.known().contains(value) : like.type().holds(value);
        if (holds) {
            return true;
        }
        error(
                like,
                "literal-range",
                value + " does not fit " + like.describe() + ", which holds " + like.least() + " to " + like.greatest(),
                null);
        return false;
    }

    // ---- statements ----

    /** The module whose statements drive a signal, or null if it cannot be driven (which has been reported then). */
    static @Nullable Module driver(Ground target, @Nullable Ground value) {
        var owner = target.owner();
        var op = target.op();
        if (owner == null || op == null) {
            error(
                    target,
                    "unbound",
                    target.typeText() + " is only a type here and cannot be set",
                    "make a signal of it with out(), wire() or reg()");
            return null;
        }
        if (op == Op.WIRE || op == Op.REG || op == Op.OUT) {
            var source = value == null ? null : value.owner();
            if (source != null && source == owner.parent() && !owner.session().isRunning(owner)) {
                reportUnassignable(
                        target,
                        (op == Op.OUT ? "an output of " : "inside ") + owner.shortName()
                                + " and cannot be set from outside",
                        op == Op.OUT
                                ? "set an input of the instance instead"
                                : "give " + owner.shortName() + " an input");
                return null;
            }
            return owner;
        }
        if (op == Op.IN) {
            var parent = owner.parent();
            if (parent != null && !fromInside(owner, value)) {
                return parent;
            }
            reportUnassignable(
                    target,
                    "an input of " + owner.shortName() + " and cannot be set inside it",
                    "inputs are driven by the module that makes the instance; did you mean out() or wire()?");
            return null;
        }
        if (op == Op.READ) {
            reportUnassignable(
                    target, "read from a memory and cannot be set", "use write(address, data) of the memory");
            return null;
        }
        reportUnassignable(
                target,
                "the result of an expression and cannot be set",
                "set a wire, register or output; a vector's element at a variable index is set by set(index, value)");
        return null;
    }

    private static boolean fromInside(Module module, @Nullable Ground value) {
        var owner = value == null ? null : value.owner();
        if (value == null || owner == null || owner == module && value.isPort()) {
            return module.session().isRunning(module);
        }
        return owner == module;
    }

    private static void reportUnassignable(Ground target, String what, String hint) {
        var owner = target.owner();
        var session = owner == null ? Session.current() : owner.session();
        session.requireOpen();
        session.report(Diagnostic.error(
                "not-assignable",
                sites(session.place(), target, "made here"),
                target.describe() + " is " + what,
                hint));
    }

    /** A place and the one where a signal was made, if that is another. */
    static List<Diagnostic.Site> sites(Loc place, Ground signal, String note) {
        var sites = new ArrayList<Diagnostic.Site>();
        sites.add(new Diagnostic.Site(place, ""));
        addSite(sites, signal, note);
        return sites;
    }

    private static void addSite(List<Diagnostic.Site> sites, Ground signal, String note) {
        if (signal.owner() != null && !signal.loc().isSamePlace(sites.get(0).loc())) {
            sites.add(new Diagnostic.Site(signal.loc(), note));
        }
    }

    static void assign(Ground target, Data value) {
        if (!(value instanceof Ground source)) {
            error(target, "type", value.typeText() + " cannot drive " + target.describe(), "use asBits()");
            return;
        }
        var module = driver(target, source);
        if (module != null) {
            module.checkScope(target);
            int to = use(module, target);
            int from = converted(module, source, target);
            module.recording().add(Op.ASSIGN, null, to, from, -1);
        }
    }

    /** The item of a value extended to the type of what it drives; reports a value that would lose bits or its sign. */
    static int converted(Module module, Ground value, Ground target) {
        var type = target.type();
        if (value.getClass() == target.getClass()) {
            if (target.isRanged() || value.isRanged()) {
                return ranged(module, value, target);
            }
            if (Types.same(value.type(), type)) {
                return use(module, value);
            }
            if (value instanceof Fixed<?> from && target instanceof Fixed<?> to) {
                if (from.integerBits() <= to.integerBits() && from.fractionBits() <= to.fractionBits()) {
                    return widened(module, from, to);
                }
                report(module, "width", from, to, "would lose " + Formats.lost(from, to), Formats.hint(from, to));
                return module.recording().add(Op.LITERAL, type, -1, -1, -1, BigInteger.ZERO);
            }
            boolean number = value instanceof UInt || value instanceof SInt;
            if (number && value.width() < target.width()) {
                return module.recording().add(Op.EXTEND, type, use(module, value), -1, -1);
            }
            if (number) {
                report(
                        module,
                        "width",
                        value,
                        target,
                        "would lose " + bits(value.width() - target.width()),
                        "say what is meant: truncate(" + target.width() + "), saturate(" + target.width()
                                + "), or wrapAdd/wrapSub where the value is computed");
            } else if (value instanceof Reset reset && target instanceof Reset wanted) {
                report(
                        module,
                        "type",
                        value,
                        target,
                        "is of another kind of reset",
                        "use isActive().asReset(ResetKind." + wanted.kind() + "); " + reset.kind() + " and "
                                + wanted.kind() + " do not mean the same");
            } else if (value instanceof EnumSignal) {
                report(module, "type", value, target, "is of another enumeration", null);
            } else {
                report(
                        module,
                        "width",
                        value,
                        target,
                        "has another width",
                        value instanceof Bits
                                ? "bit patterns must match: use bits(high, low), cat() or asUInt().extend(w)"
                                : null);
            }
        } else {
            report(module, "type", value, target, "is of another kind", kindHint(value, target));
        }
        return module.recording().add(Op.LITERAL, type, -1, -1, -1, BigInteger.ZERO);
    }

    /** The same value in the target's width; reports one that may be none of the target's. */
    private static int ranged(Module module, Ground value, Ground target) {
        var recording = module.recording();
        var known = value.known();
        var allowed = target.known();
        if (!allowed.contains(known)) {
            boolean above = known.max().compareTo(allowed.max()) > 0;
            boolean below = known.min().compareTo(allowed.min()) < 0;
            String clamp = (above ? "min(" + allowed.max() + ")" : "")
                    + (above && below ? "." : "")
                    + (below ? "max(" + allowed.min() + ")" : "");
            report(
                    module,
                    "range",
                    value,
                    target,
                    "can be " + (above ? known.max() : known.min()) + ", the target holds " + allowed,
                    "say what is meant: within(" + allowed.min() + ", " + allowed.max()
                            + ") if it is never outside (checked in simulation), " + clamp + " for the nearest value");
            return recording.add(Op.LITERAL, target.type(), -1, -1, -1, BigInteger.ZERO);
        }
        int item = use(module, value);
        if (value.width() == target.width()) {
            return item;
        }
        return recording.add(value.width() < target.width() ? Op.EXTEND : Op.TRUNCATE, target.type(), item, -1, -1);
    }

    /** The same value with more bits before or after the point. */
    private static int widened(Module module, Fixed<?> value, Fixed<?> target) {
        int more = target.fractionBits() - value.fractionBits();
        var recording = module.recording();
        var literal = value.literal();
        if (literal != null) {
            return recording.add(Op.LITERAL, target.type(), -1, -1, -1, literal.shiftLeft(more));
        }
        int item = use(module, value);
        return more == 0
                ? recording.add(Op.EXTEND, target.type(), item, -1, -1)
                : recording.add(Op.SHL, target.type(), item, use(module, Hdl.lit(more)), -1);
    }

    private static void report(
            Module module, String code, Ground value, Ground target, String why, @Nullable String hint) {
        if (Types.isBroken(value.type()) || Types.isBroken(target.type())) {
            return;
        }
        var session = module.session();
        var sites = sites(session.place(), value, "the value, " + bits(value.width()));
        addSite(sites, target, "the target, " + bits(target.width()));
        session.report(Diagnostic.error(
                code, sites, value.describe() + " cannot drive " + target.describeAsTarget() + ": it " + why, hint));
    }

    private static String bits(int width) {
        return width + (width == 1 ? " bit" : " bits");
    }

    private static @Nullable String kindHint(Ground value, Ground target) {
        if (value instanceof Fixed<?> || target instanceof Fixed<?>) {
            return Formats.kindHint(value, target);
        }
        if (target instanceof SInt && value instanceof UInt) {
            return "use toSInt() (same value, one bit more) or asSInt() (same bits)";
        }
        if (target instanceof UInt && value instanceof SInt) {
            return "use asUInt() (same bits), or abs() or max(0) if the value is meant";
        }
        if (target instanceof Bool) {
            return "use asBool() for one bit, orR() or a comparison otherwise";
        }
        if (target instanceof UInt) {
            return "use asUInt()";
        }
        if (target instanceof SInt) {
            return "use asSInt()";
        }
        if (target instanceof Bits) {
            return "use asBits()";
        }
        if (target instanceof Clock) {
            return "a clock comes from an input of type clock()";
        }
        if (target instanceof Reset reset) {
            return "use asReset(ResetKind." + reset.kind() + ") of a truth value";
        }
        return "use the constants of the enumeration";
    }
}
