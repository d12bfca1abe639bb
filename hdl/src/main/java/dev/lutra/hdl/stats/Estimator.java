// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.pass.Netlist;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/** Turns the live logic of a module into gates, carry chains, multipliers and memories of a target, and counts them. */
final class Estimator {
    private final LiveLogic live;
    private final Target target;
    private final Gates gates = new Gates();
    private final Arithmetic arithmetic;
    private final Map<Expr, int[]> known = new IdentityHashMap<>();
    private final Map<Signal, int[]> sources = new HashMap<>();
    private final Set<Expr> inner;
    private final Map<Memory, MemoryPlan> plans = new IdentityHashMap<>();
    private final Set<Expr> blockProducts = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Expr> absorbed = Collections.newSetFromMap(new IdentityHashMap<>());
    private long flipFlops;
    private long blocks;
    private long tables;

    private Estimator(LiveLogic live, Target target) {
        this.live = live;
        this.target = target;
        this.arithmetic = new Arithmetic(gates, target);
        this.inner = SumTerms.inner(live);
    }

    static Estimate of(LiveLogic live, Target target) {
        return new Estimator(live, target).estimate();
    }

    private Estimate estimate() {
        live.reads.forEach((memory, reads) -> plan(memory, live.writes(memory), reads));
        for (Expr expr : live.order) {
            if (!inner.contains(expr)) {
                known.put(expr, bits(expr));
            }
        }
        live.ends.forEach(end -> keep(value(end)));
        for (LiveLogic.Flop flop : live.flops) {
            if (!inBlock(flop)) {
                flipFlops += flop.register().type().width();
            }
            data(flop);
            keep(joined(flop.enables(), true));
            keep(joined(flop.clears(), false));
        }
        live.reads.forEach((memory, reads) -> memory(memory, live.writes(memory), reads));
        long logic = LutCover.tables(gates, arithmetic.roots(), target.tableCosts(), target.shallow());
        return new Estimate(logic + tables + arithmetic.tables(), flipFlops, arithmetic.dsps(), blocks);
    }

    private void keep(int... values) {
        arithmetic.keep(values);
    }

    /** Whether the register is one of a multiplier block. */
    private boolean inBlock(LiveLogic.Flop flop) {
        Expr data = live.value(flop.data());
        return target == Target.AMD
                && live.uses.getOrDefault(data, 0) == 1
                && (absorbed.contains(data) || blockProducts.contains(data));
    }

    /** What goes into the flip-flops; bits that can hold their value on their own get an enable of their own. */
    private void data(LiveLogic.Flop flop) {
        int[] data = value(flop.data());
        int[] held = source(flop.register());
        for (int i = 0; i < data.length; i++) {
            int gate = data[i] >> 1;
            if (gates.isMux(gate)) {
                int inverse = data[i] & 1;
                int t = gates.fanin(gate, 1) ^ inverse;
                int f = gates.fanin(gate, 2) ^ inverse;
                if (t == held[i] || f == held[i]) {
                    keep(gates.fanin(gate, 0) ^ (t == held[i] ? 1 : 0), t == held[i] ? f : t);
                    continue;
                }
            }
            keep(data[i]);
        }
    }

    /** The logic of a pin that several conditions share. */
    private int joined(List<LiveLogic.Condition> conditions, boolean all) {
        int value = all ? Gates.TRUE : Gates.FALSE;
        for (LiveLogic.Condition condition : conditions) {
            int bit = value(condition.value())[0] ^ (condition.inverted() ? 1 : 0);
            value = all ? gates.and(value, bit) : gates.or(value, bit);
        }
        return value;
    }

    private int[] value(Expr expr) {
        int[] bits = known.get(live.value(expr));
        if (bits == null) {
            throw new IllegalStateException("no value for " + expr);
        }
        return bits;
    }

    private int[] extended(Expr expr, int width) {
        return Arithmetic.extend(value(expr), expr.type().signed(), width);
    }

    private int[] source(Signal signal) {
        return sources.computeIfAbsent(signal, s -> inputs(s.type().width()));
    }

    private int[] inputs(int width) {
        return IntStream.range(0, width).map(i -> gates.input()).toArray();
    }

    // ---- expressions

    private int[] bits(Expr expr) {
        int width = expr.type().width();
        if (expr instanceof Expr.Ref ref) {
            return source(ref.signal());
        } else if (expr instanceof Expr.Literal literal) {
            return constant(literal.value(), width);
        } else if (expr instanceof Expr.Unary unary) {
            return unary(unary, width);
        } else if (expr instanceof Expr.Binary binary) {
            return binary(binary, width);
        } else if (expr instanceof Expr.Mux mux) {
            int condition = value(mux.cond())[0];
            return choose(condition, value(mux.t()), value(mux.f()));
        } else if (expr instanceof Expr.Select select) {
            return select(
                    value(select.index()),
                    select.elements().stream().map(this::value).toList(),
                    width);
        } else if (expr instanceof Expr.Slice slice) {
            return Arrays.copyOfRange(value(slice.a()), slice.lo(), slice.hi() + 1);
        } else if (expr instanceof Expr.Concat concat) {
            int[] all = new int[width];
            int at = width;
            for (Expr part : concat.msbFirst()) {
                int[] bits = value(part);
                at -= bits.length;
                System.arraycopy(bits, 0, all, at, bits.length);
            }
            return all;
        } else if (expr instanceof Expr.Extend extend) {
            return extended(extend.a(), width);
        } else if (expr instanceof Expr.Truncate truncate) {
            return Arrays.copyOf(value(truncate.a()), width);
        } else if (expr instanceof Expr.Reinterpret cast) {
            return value(cast.a());
        }
        throw new IllegalStateException("unknown expression " + expr);
    }

    private static int[] constant(BigInteger value, int width) {
        return IntStream.range(0, width).map(i -> value.testBit(i) ? 1 : 0).toArray();
    }

    private int[] choose(int condition, int[] t, int[] f) {
        return IntStream.range(0, t.length)
                .map(i -> gates.mux(condition, t[i], f[i]))
                .toArray();
    }

    private int[] unary(Expr.Unary unary, int width) {
        int[] a = value(unary.a());
        return switch (unary.op()) {
            case NOT -> Arrays.stream(a).map(Gates::not).toArray();
            case NEG -> arithmetic.sum(constant(BigInteger.ZERO, width), inverse(extended(unary.a(), width)), 1);
            case AND_R -> new int[] {all(a)};
            case OR_R -> new int[] {Gates.not(all(inverse(a)))};
            case XOR_R -> new int[] {Arrays.stream(a).reduce(Gates.FALSE, gates::xor)};
        };
    }

    /** A chain, which tables cut well, or groups where paths have to be short. */
    private int all(int[] a) {
        int[] left = a;
        while (target.shallow() && left.length > 4) {
            int[] groups = new int[(left.length + 3) / 4];
            for (int i = 0; i < groups.length; i++) {
                int[] group = Arrays.copyOfRange(left, 4 * i, Math.min(4 * i + 4, left.length));
                groups[i] = Arrays.stream(group).reduce(Gates.TRUE, gates::and);
            }
            left = groups;
        }
        return Arrays.stream(left).reduce(Gates.TRUE, gates::and);
    }

    private static int[] inverse(int[] a) {
        return Arrays.stream(a).map(Gates::not).toArray();
    }

    private int[] binary(Expr.Binary binary, int width) {
        Expr a = binary.a();
        Expr b = binary.b();
        int common = Math.max(a.type().width(), b.type().width());
        return switch (binary.op()) {
            case ADD, SUB -> sum(binary, width);
            case MUL -> product(binary, width);
            case DIV -> arithmetic.divide(value(a), value(b), a.type().signed(), width, true);
            case REM -> arithmetic.divide(value(a), value(b), a.type().signed(), width, false);
            case AND -> pairs(gates::and, extended(a, width), extended(b, width));
            case OR -> pairs(gates::or, extended(a, width), extended(b, width));
            case XOR -> pairs(gates::xor, extended(a, width), extended(b, width));
            case EQ -> new int[] {equal(extended(a, common), extended(b, common))};
            case NE -> new int[] {Gates.not(equal(extended(a, common), extended(b, common)))};
            case LT -> less(a, b, common);
            case GE -> inverse(less(a, b, common));
            case GT -> less(b, a, common);
            case LE -> inverse(less(b, a, common));
            case SHL, SHR -> shift(binary, width);
        };
    }

    private int[] sum(Expr.Binary binary, int width) {
        List<SumTerms.Term> terms = SumTerms.of(binary, live, inner);
        int negative = (int) terms.stream().filter(SumTerms.Term::negative).count();
        if (terms.size() == 2
                && terms.stream().anyMatch(t -> inMultiplier(t.value()))
                && width <= target.dsp().adder()) {
            terms.forEach(term -> keep(value(term.value())));
            absorbed.add(binary);
            return inputs(width);
        }
        if (terms.size() == 2) {
            int[] first = extended(terms.get(0).value(), width);
            int[] second = extended(terms.get(1).value(), width);
            return arithmetic.sum(first, negative == 0 ? second : inverse(second), negative);
        }
        var rows = new ArrayList<int[]>();
        for (SumTerms.Term term : terms) {
            int[] bits = extended(term.value(), width);
            rows.add(term.negative() ? inverse(bits) : bits);
        }
        rows.add(constant(BigInteger.valueOf(negative), width));
        return arithmetic.sum(rows, width);
    }

    /** Whether a value is a product that a multiplier block makes for this reader alone, so that the block can add to it. */
    private boolean inMultiplier(Expr value) {
        Expr at = live.value(value);
        while (at instanceof Expr.Extend extend && live.uses.getOrDefault(at, 0) == 1) {
            at = live.value(extend.a());
        }
        return blockProducts.contains(at) && live.uses.getOrDefault(at, 0) == 1;
    }

    private int[] product(Expr.Binary binary, int width) {
        long before = arithmetic.dsps();
        int[] product = arithmetic.product(factor(binary.a()), factor(binary.b()), width);
        if (arithmetic.dsps() > before) {
            blockProducts.add(binary);
        }
        return product;
    }

    private interface Pair {
        int of(int a, int b);
    }

    private static int[] pairs(Pair op, int[] a, int[] b) {
        return IntStream.range(0, a.length).map(i -> op.of(a[i], b[i])).toArray();
    }

    private int equal(int[] a, int[] b) {
        return all(inverse(pairs(gates::xor, a, b)));
    }

    private int[] less(Expr a, Expr b, int width) {
        return new int[] {
            arithmetic.less(extended(a, width), extended(b, width), a.type().signed())
        };
    }

    private Arithmetic.Factor factor(Expr expr) {
        return new Arithmetic.Factor(value(expr), expr.type().signed());
    }

    private int[] shift(Expr.Binary binary, int width) {
        boolean left = binary.op() == BinaryOp.SHL;
        Expr a = binary.a();
        int[] amount = value(binary.b());
        int[] at = extended(a, Math.max(width, a.type().width()));
        int filler = !left && a.type().signed() ? at[at.length - 1] : Gates.FALSE;
        for (int stage = 0; stage < amount.length; stage++) {
            int distance = stage < 30 ? 1 << stage : Integer.MAX_VALUE;
            int[] moved = new int[at.length];
            for (int i = 0; i < at.length; i++) {
                long from = left ? (long) i - distance : (long) i + distance;
                moved[i] = from >= 0 && from < at.length ? at[(int) from] : filler;
            }
            at = choose(amount[stage], moved, at);
        }
        return Arrays.copyOf(at, width);
    }

    /** Binary multiplexers by the bits of the index; 0 beyond the last. */
    private int[] select(int[] index, List<int[]> elements, int width) {
        List<int[]> level = elements;
        int bit = 0;
        if (target == Target.ICE40) {
            for (; bit + 1 < index.length && level.size() > 2; bit += 2) {
                var next = new ArrayList<int[]>();
                for (int i = 0; i < level.size(); i += 4) {
                    next.add(four(index[bit], index[bit + 1], level, i, width));
                }
                level = next;
            }
        }
        for (; bit < index.length && !level.isEmpty(); bit++) {
            var next = new ArrayList<int[]>();
            for (int i = 0; i < level.size() || i == 0; i += 2) {
                int[] low = level.get(i);
                int[] high = i + 1 < level.size() ? level.get(i + 1) : new int[width];
                next.add(choose(index[bit], high, low));
            }
            level = next;
        }
        return level.isEmpty() ? new int[width] : level.get(0);
    }

    /** One of four in two tables of four inputs: the first passes its choice on, or which one the second shall make. */
    private int[] four(int low, int high, List<int[]> elements, int at, int width) {
        int[][] x = new int[4][];
        for (int i = 0; i < 4; i++) {
            x[i] = at + i < elements.size() ? elements.get(at + i) : new int[width];
        }
        return IntStream.range(0, width)
                .map(i -> {
                    int first = gates.mux(high, low, gates.mux(low, x[1][i], x[0][i]));
                    return gates.mux(high, gates.mux(first, x[3][i], x[2][i]), first);
                })
                .toArray();
    }

    // ---- memories

    /** Bits up to which flip-flops of a memory are built; beyond, they are only counted. */
    private static final long BUILT = 1 << 14;

    private void plan(Memory memory, List<Netlist.Write> writes, List<ReadPort> reads) {
        MemoryPlan plan = MemoryPlan.of(memory, writes, reads, live, target);
        plans.put(memory, plan);
        blocks += plan.blocks();
        tables += plan.tables();
        int width = memory.type().width();
        for (ReadPort read : reads) {
            int[] data = inputs(width);
            Register into = plan.kind() == MemoryPlan.Kind.BLOCKS && read.latency() == 0
                    ? MemoryPlan.intoRegister(read, live)
                    : null;
            if (into != null) {
                flipFlops -= width;
            } else if (bypassed(plan, read, writes)) {
                // The address register moves into the block, which then gives the old word while a new one is written.
                int hit = gates.input();
                int[] written = inputs(width);
                data = choose(hit, written, data);
                flipFlops += width + 1;
            } else if (plan.kind() != MemoryPlan.Kind.BLOCKS && read.latency() == 1) {
                flipFlops += width;
            }
            sources.put(read, data);
        }
    }

    private boolean bypassed(MemoryPlan plan, ReadPort read, List<Netlist.Write> writes) {
        return plan.kind() == MemoryPlan.Kind.BLOCKS
                && read.latency() == 0
                && !writes.isEmpty()
                && MemoryPlan.intoRegister(read, live) == null;
    }

    private void memory(Memory memory, List<Netlist.Write> writes, List<ReadPort> reads) {
        MemoryPlan plan = Objects.requireNonNull(plans.get(memory));
        for (Netlist.Write write : writes) {
            keep(value(write.address()));
            keep(value(write.data()));
            if (write.guard() != null) {
                keep(value(write.guard()));
            }
            if (write.mask() != null) {
                keep(value(write.mask()));
            }
        }
        for (ReadPort read : reads) {
            keep(value(read.address()));
            if (read.enable() != null) {
                keep(value(read.enable()));
            }
            if (bypassed(plan, read, writes)) {
                keep(equal(
                        Arrays.copyOf(next(read), value(writes.get(0).address()).length),
                        value(writes.get(0).address())));
            }
        }
        if (plan.kind() == MemoryPlan.Kind.FLIP_FLOPS) {
            cells(memory, writes, reads);
        }
    }

    /** The address that a register takes next. */
    private int[] next(ReadPort read) {
        Register register = Objects.requireNonNull(MemoryPlan.addressRegister(read, live));
        for (LiveLogic.Flop flop : live.flops) {
            if (flop.register() == register) {
                return flop.enables().isEmpty()
                        ? value(flop.data())
                        : choose(joined(flop.enables(), true), value(flop.data()), source(register));
            }
        }
        return source(register);
    }

    /** A memory of flip-flops, or of constants if nothing writes it. */
    private void cells(Memory memory, List<Netlist.Write> writes, List<ReadPort> reads) {
        int width = memory.type().width();
        long bits = (long) width * memory.depth();
        flipFlops += writes.isEmpty() ? 0 : bits;
        if (bits > BUILT) {
            tables += bits;
            return;
        }
        var words = new ArrayList<int[]>();
        for (int i = 0; i < memory.depth(); i++) {
            BigInteger word = i < memory.init().size() ? memory.init().get(i) : BigInteger.ZERO;
            words.add(writes.isEmpty() ? constant(word, width) : inputs(width));
        }
        for (ReadPort read : reads) {
            keep(select(value(read.address()), words, width));
        }
        for (Netlist.Write write : writes) {
            int[] address = value(write.address());
            int enable = write.guard() == null ? Gates.TRUE : value(write.guard())[0];
            for (int i = 0; i < memory.depth(); i++) {
                keep(gates.and(equal(address, constant(BigInteger.valueOf(i), address.length)), enable));
            }
        }
    }
}
