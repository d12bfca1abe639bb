// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.ClockDomain;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Ground;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.MemoryPort;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.When;
import dev.lutra.hdl.ir.ResetKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A part of a {@link Sketch} as a module of the language. */
@SuppressWarnings({"rawtypes", "unchecked"}) // types are known from shapes
final class Built extends Module {
    /** What distinguishes parts. */
    record Params(long seed, int part) {}

    /** Operators whose result is always a value of its own, which can be named. */
    private static final Set<Operator> NAMED = EnumSet.of(
            Operator.ADD,
            Operator.SUB,
            Operator.MUL,
            Operator.DIV,
            Operator.REM,
            Operator.NEG,
            Operator.AND,
            Operator.OR,
            Operator.XOR,
            Operator.NOT,
            Operator.MUX,
            Operator.CAT,
            Operator.SHR,
            Operator.SELECT,
            Operator.BIT);

    private final Sketch sketch;
    private final String label;
    private final Sketch.Part part;
    private final Map<String, Data> signals = new HashMap<>();
    private final Map<String, Memory> memories = new HashMap<>();
    private final Map<String, MemoryPort> accesses = new HashMap<>();
    private final List<ClockDomain> domains = new ArrayList<>();
    final List<Clock> clocks = new ArrayList<>();
    final List<Reset> resets = new ArrayList<>();

    /** @param label begins all that it says */
    Built(Sketch sketch, int number, String label) {
        super(new Params(sketch.seed(), number));
        this.sketch = sketch;
        this.label = label;
        part = sketch.parts().get(number);
        domains.add(null);
        clocks.add(null);
        resets.add(null);
        for (int i = 0; i < part.domains().size(); i++) {
            Clock clock = named(in(clock()), "c" + (i + 1));
            ResetKind kind = part.domains().get(i);
            Reset reset = kind == null ? null : named(in(reset(kind)), "rst" + (i + 1));
            clocks.add(clock);
            resets.add(reset);
            domains.add(reset == null ? domain(clock) : domain(clock, reset));
        }
        for (Item item : part.items()) {
            item(item);
        }
        for (Item item : part.items()) {
            if (item instanceof Item.Block block && block.late()) {
                block(block);
            }
        }
    }

    /** A port by its name. */
    Data port(String name) {
        return signals.get(name);
    }

    private <T> T in(int domain, Supplier<T> body) {
        return domain == 0 ? body.get() : domains.get(domain).make(body);
    }

    private void item(Item item) {
        if (item instanceof Item.Port port) {
            Data type = port.shape().type();
            signals.put(port.name(), named(port.input() ? in(type) : out(type), port.name()));
        } else if (item instanceof Item.Register register) {
            Data made = in(register.domain(), () -> named(reg(register.shape().type()), register.name()));
            for (int i = 0; i < register.init().size(); i++) {
                init(register.shape(), made, i, register.init().get(i));
            }
            signals.put(register.name(), made);
        } else if (item instanceof Item.Wire wire) {
            signals.put(wire.name(), named(wire(wire.shape().type()), wire.name()));
        } else if (item instanceof Item.Value value) {
            Data data = data(value.term());
            boolean name = value.named()
                    && NAMED.contains(value.term().op())
                    && value.term().constant() == null
                    && data.width() > 0;
            signals.put(value.name(), name ? named(data, value.name()) : data);
        } else if (item instanceof Item.Memory memory) {
            Memory made = named(memory((Ground) memory.word().type(), memory.depth()), memory.name());
            memories.put(
                    memory.name(),
                    memory.init().isEmpty() ? made : made.init(memory.init().toArray(BigInteger[]::new)));
        } else if (item instanceof Item.Read read) {
            signals.put(read.name(), in(read.domain(), () -> named(read(read), read.name())));
        } else if (item instanceof Item.Access port) {
            MemoryPort made = in(port.domain(), () -> access(port));
            accesses.put(port.name(), made);
            signals.put(port.name(), named(made.word(), port.name()));
        } else if (item instanceof Item.Instance instance) {
            instance(instance);
        } else if (item instanceof Item.Block block && !block.late()) {
            block(block);
        }
    }

    private static void init(Shape shape, Data data, int leaf, BigInteger value) {
        Shape at = shape;
        Data inside = data;
        int left = leaf;
        while (!at.ground()) {
            int i = 0;
            while (left >= at.part(i).leaves().size()) {
                left -= at.part(i).leaves().size();
                i++;
            }
            inside = part(inside, i);
            at = at.part(i);
        }
        if (inside instanceof UInt u) {
            u.init(value);
        } else if (inside instanceof SInt s) {
            s.init(value);
        } else if (inside instanceof Bits b) {
            b.init(value);
        } else if (inside instanceof Bool b) {
            b.init(value.signum() != 0);
        } else {
            ((EnumSignal) inside).init(Choices.value(((Shape.Choice) at).count(), value.intValueExact()));
        }
    }

    private static Data part(Data data, int index) {
        return data instanceof Vec vec ? vec.get(index) : ((Shape.Fields) data).get(index);
    }

    private Data read(Item.Read read) {
        Memory memory = memories.get(read.memory());
        UInt address = u(read.address());
        if (read.latency() == 0) {
            return memory.readAsync(address);
        }
        return read.enable() == null ? memory.read(address) : memory.read(address, bool(read.enable()));
    }

    private MemoryPort access(Item.Access port) {
        Memory memory = memories.get(port.memory());
        UInt address = u(port.address());
        return port.enable() == null
                ? memory.port(address, port.rule())
                : memory.port(address, bool(port.enable()), port.rule());
    }

    private void instance(Item.Instance instance) {
        Built child =
                in(instance.domains().get(0), () -> named(new Built(sketch, instance.part(), label), instance.name()));
        for (int i = 1; i < instance.domains().size(); i++) {
            int here = instance.domains().get(i);
            child.clocks.get(i).set(clocks.get(here));
            if (child.resets.get(i) != null) {
                child.resets.get(i).set(resets.get(here));
            }
        }
        child.part.items().forEach(item -> {
            if (item instanceof Item.Port port) {
                signals.put(instance.name() + "." + port.name(), child.port(port.name()));
            }
        });
    }

    // ---- statements

    private void block(Item.Block block) {
        if (block.domain() == 0) {
            steps(block.body());
        } else {
            domains.get(block.domain()).use(() -> steps(block.body()));
        }
    }

    private void steps(List<Step> steps) {
        for (Step step : steps) {
            step(step);
        }
    }

    private void step(Step step) {
        if (step instanceof Step.Set set) {
            Data target = signals.get(set.target());
            for (int i : set.path()) {
                target = part(target, i);
            }
            target.set(data(set.value()));
        } else if (step instanceof Step.SetAt set) {
            ((Vec) signals.get(set.target())).set(u(set.index()), data(set.value()));
        } else if (step instanceof Step.When when) {
            When made = null;
            for (Step.Branch branch : when.branches()) {
                Bool condition = bool(branch.condition());
                Runnable body = () -> steps(branch.body());
                made = made == null ? when(condition, body) : made.elseWhen(condition, body);
            }
            if (!when.otherwise().isEmpty()) {
                made.otherwise(() -> steps(when.otherwise()));
            }
        } else if (step instanceof Step.Switch choice) {
            choose(choice);
        } else if (step instanceof Step.Write write) {
            Memory memory = memories.get(write.memory());
            if (write.mask() == null) {
                memory.write(u(write.address()), (Ground) data(write.data()));
            } else {
                memory.write(u(write.address()), (Ground) data(write.data()), (Bits) data(write.mask()));
            }
        } else if (step instanceof Step.PortWrite write) {
            MemoryPort port = accesses.get(write.port());
            if (write.mask() == null) {
                port.write((Ground) data(write.data()));
            } else {
                port.write((Ground) data(write.data()), (Bits) data(write.mask()));
            }
        } else if (step instanceof Step.Print print) {
            printf(
                    label + " " + print.format(),
                    print.values().stream().map(this::data).toArray(Ground[]::new));
        } else if (step instanceof Step.Cover cover) {
            cover(bool(cover.condition()), label + " " + cover.what());
        }
    }

    private void choose(Step.Switch choice) {
        Data subject = data(choice.subject());
        if (subject instanceof EnumSignal e) {
            int count = ((Shape.Choice) choice.subject().shape()).count();
            var made = switchOn(e);
            for (Step.Case one : choice.cases()) {
                var values = one.values().stream()
                        .map(v -> Choices.value(count, v.intValueExact()))
                        .toList();
                made.is(values, () -> steps(one.body()));
            }
            if (!choice.otherwise().isEmpty()) {
                made.otherwise(() -> steps(choice.otherwise()));
            }
            return;
        }
        var made = subject instanceof UInt u
                ? switchOn(u)
                : subject instanceof SInt s ? switchOn(s) : switchOn((Bits) subject);
        for (Step.Case one : choice.cases()) {
            made.is(one.values().stream().mapToLong(BigInteger::longValueExact).toArray(), () -> steps(one.body()));
        }
        if (!choice.otherwise().isEmpty()) {
            made.otherwise(() -> steps(choice.otherwise()));
        }
    }

    // ---- expressions

    private UInt u(Term term) {
        return (UInt) data(term);
    }

    private Bool bool(Term term) {
        return (Bool) data(term);
    }

    private Data data(Term term) {
        if (term.op() == Operator.REF) {
            return signals.get(term.name());
        } else if (term.op() == Operator.LIT) {
            return literal(term.shape(), term.constant());
        }
        // Plain loops: the language looks at the stack of every operator.
        var args = new ArrayList<Data>();
        for (Term arg : term.args()) {
            args.add(data(arg));
        }
        int n = term.ints().isEmpty() ? 0 : term.ints().get(0);
        Data a = args.get(0);
        if (term.constant() != null) {
            return withConstant(term.op(), a, term.args().get(0).shape(), term.constant());
        }
        Data b = args.size() < 2 ? a : args.get(1);
        return switch (term.op()) {
            case MUX -> mux((Bool) a, b, args.get(2));
            case CAT -> cat(args);
            case FILL -> fill(n, (Bool) a);
            case SELECT -> select((UInt) a, args.subList(1, args.size()));
            case ELEMENT, FIELD -> part(a, n);
            case ELEMENT_AT -> ((Vec) a).get((UInt) b);
            case UNPACK -> unpack((Bits) a, term.shape().type());
            case CROSSING -> crossing((Ground) a);
            case AS_UINT -> ((Ground) a).asUInt();
            case AS_SINT -> ((Ground) a).asSInt();
            case AS_BITS -> a.asBits();
            case AS_BOOL -> ((Ground) a).asBool();
            case OR_R -> ((Ground) a).orR();
            case AND_R -> ((Ground) a).andR();
            case XOR_R -> ((Ground) a).xorR();
            case BIT_AT -> ((Ground) a).bit(n);
            case BIT -> ((Ground) a).bit((UInt) b);
            default ->
                a instanceof UInt u
                        ? unsigned(term.op(), u, b, term.ints())
                        : a instanceof SInt s
                                ? signed(term.op(), s, b, term.ints())
                                : pattern(term.op(), a, b, term.ints());
        };
    }

    private static Data literal(Shape shape, BigInteger value) {
        int w = shape.width();
        if (shape instanceof Shape.Truth) {
            return lit(value.signum() != 0);
        } else if (shape instanceof Shape.Choice choice) {
            return lit(Choices.value(choice.count(), value.intValueExact()));
        } else if (shape instanceof Shape.U) {
            return lit(value, w);
        } else if (shape instanceof Shape.B) {
            return lit(value, w).asBits();
        }
        return value.bitLength() < 64
                ? slit(value.longValueExact(), w)
                : lit(new Shape.U(w).wrap(value), w).asSInt();
    }

    private static Data unsigned(Operator op, UInt a, Data other, List<Integer> ints) {
        UInt b = other instanceof UInt u ? u : a;
        return switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.sub(b);
            case MUL -> a.mul(b);
            case WRAP_ADD -> a.wrapAdd(b);
            case WRAP_SUB -> a.wrapSub(b);
            case DIV -> a.div(b);
            case REM -> a.rem(b);
            case NEG -> a.neg();
            case MIN -> a.min(b);
            case MAX -> a.max(b);
            case SHL_BY -> a.shl(ints.get(0));
            case SHL -> a.shl(b);
            case SHL_WRAP -> a.shlWrap(b);
            case SHR_BY -> a.shr(ints.get(0));
            case SHR -> a.shr(b);
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case NOT -> a.not();
            case EQ -> a.eq(b);
            case NE -> a.ne(b);
            case LT -> a.lt(b);
            case LE -> a.le(b);
            case GT -> a.gt(b);
            case GE -> a.ge(b);
            case BITS -> a.bits(ints.get(0), ints.get(1));
            case TRUNCATE -> a.truncate(ints.get(0));
            case EXTEND -> a.extend(ints.get(0));
            case SATURATE -> a.saturate(ints.get(0));
            case TO_SINT -> a.toSInt();
            default -> throw new AssertionError(op);
        };
    }

    private static Data signed(Operator op, SInt a, Data other, List<Integer> ints) {
        SInt b = other instanceof SInt s ? s : a;
        return switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.sub(b);
            case MUL -> a.mul(b);
            case WRAP_ADD -> a.wrapAdd(b);
            case WRAP_SUB -> a.wrapSub(b);
            case DIV -> a.div(b);
            case REM -> a.rem(b);
            case NEG -> a.neg();
            case ABS -> a.abs();
            case IS_NEGATIVE -> a.isNegative();
            case MIN -> a.min(b);
            case MAX -> a.max(b);
            case SHL_BY -> a.shl(ints.get(0));
            case SHL -> a.shl((UInt) other);
            case SHL_WRAP -> a.shlWrap((UInt) other);
            case SHR_BY -> a.shr(ints.get(0));
            case SHR -> a.shr((UInt) other);
            case EQ -> a.eq(b);
            case NE -> a.ne(b);
            case LT -> a.lt(b);
            case LE -> a.le(b);
            case GT -> a.gt(b);
            case GE -> a.ge(b);
            case BITS -> a.bits(ints.get(0), ints.get(1));
            case TRUNCATE -> a.truncate(ints.get(0));
            case EXTEND -> a.extend(ints.get(0));
            case SATURATE -> a.saturate(ints.get(0));
            default -> throw new AssertionError(op);
        };
    }

    private static Data pattern(Operator op, Data a, Data b, List<Integer> ints) {
        if (a instanceof EnumSignal e) {
            return op == Operator.EQ ? e.eq((EnumSignal) b) : e.ne((EnumSignal) b);
        } else if (a instanceof Bool x) {
            Bool y = (Bool) b;
            return switch (op) {
                case AND -> x.and(y);
                case OR -> x.or(y);
                case XOR -> x.xor(y);
                case NOT -> x.not();
                case AND_NOT -> x.andNot(y);
                case EQ -> x.eq(y);
                case NE -> x.ne(y);
                default -> throw new AssertionError(op);
            };
        }
        Bits x = (Bits) a;
        Bits y = (Bits) b;
        return switch (op) {
            case AND -> x.and(y);
            case OR -> x.or(y);
            case XOR -> x.xor(y);
            case NOT -> x.not();
            case EQ -> x.eq(y);
            case NE -> x.ne(y);
            case BITS -> x.bits(ints.get(0), ints.get(1));
            default -> throw new AssertionError(op);
        };
    }

    private static Data withConstant(Operator op, Data left, Shape shape, BigInteger value) {
        long c = value.longValueExact();
        if (left instanceof EnumSignal e) {
            Enum one = Choices.value(((Shape.Choice) shape).count(), (int) c);
            return op == Operator.EQ ? e.eq(one) : e.ne(one);
        } else if (left instanceof UInt a) {
            return switch (op) {
                case ADD -> a.add(c);
                case SUB -> a.sub(c);
                case MUL -> a.mul(c);
                case WRAP_ADD -> a.wrapAdd(c);
                case WRAP_SUB -> a.wrapSub(c);
                case DIV -> a.div(c);
                case REM -> a.rem(c);
                case MIN -> a.min(c);
                case MAX -> a.max(c);
                case AND -> a.and(c);
                case OR -> a.or(c);
                case XOR -> a.xor(c);
                case EQ -> a.eq(c);
                case NE -> a.ne(c);
                case LT -> a.lt(c);
                case LE -> a.le(c);
                case GT -> a.gt(c);
                case GE -> a.ge(c);
                default -> throw new AssertionError(op);
            };
        } else if (left instanceof SInt a) {
            return switch (op) {
                case ADD -> a.add(c);
                case SUB -> a.sub(c);
                case MUL -> a.mul(c);
                case WRAP_ADD -> a.wrapAdd(c);
                case WRAP_SUB -> a.wrapSub(c);
                case DIV -> a.div(c);
                case REM -> a.rem(c);
                case MIN -> a.min(c);
                case MAX -> a.max(c);
                case EQ -> a.eq(c);
                case NE -> a.ne(c);
                case LT -> a.lt(c);
                case LE -> a.le(c);
                case GT -> a.gt(c);
                case GE -> a.ge(c);
                default -> throw new AssertionError(op);
            };
        }
        Bits a = (Bits) left;
        return switch (op) {
            case AND -> a.and(c);
            case OR -> a.or(c);
            case XOR -> a.xor(c);
            case EQ -> a.eq(c);
            case NE -> a.ne(c);
            default -> throw new AssertionError(op);
        };
    }
}
