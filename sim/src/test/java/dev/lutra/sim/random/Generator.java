// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.Choice;
import dev.lutra.sim.random.Shape.Pack;
import dev.lutra.sim.random.Shape.Row;
import dev.lutra.sim.random.Shape.S;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A legal circuit by seed: all operators, widths 1 to 200, every kind of type, nested conditions, memories, instances in several
 * levels and in regular rows, several clocks and kinds of reset. What depends on what follows the order of the items, so there are
 * no loops; a signal is read in the domain it belongs to, or crosses.
 *
 * <p>Half of the circuits are tiny, few are large: a fault shows in many small circuits sooner than in few large ones that take as
 * long, and what a large one computes is often lost before an output; but some faults need size.
 */
final class Generator {
    /** Intermediate results do not grow beyond this. */
    private static final int MOST_BITS = 256;
    /** Icarus 11 does not return from some divisions of more than 64 bits. */
    private static final int DIVISION_BITS = 56;

    private static final int CYCLES = 30;

    /** How large a circuit is. */
    private enum Size {
        /** Most do one or two things. */
        TINY(60, 1, 2, List.of(3, 5, 8), 60),
        SMALL(28, 2, 3, List.of(8, 15, 25), 35),
        MIDDLE(10, 3, 4, List.of(30, 60), 0),
        LARGE(2, 4, 8, List.of(100, 200), 0);

        final int percent;
        final int modules;
        final int things;
        final List<Integer> rich;
        /** How often there is none of what may be missing, in percent. */
        final int sparse;

        Size(int percent, int modules, int things, List<Integer> rich, int sparse) {
            this.percent = percent;
            this.modules = modules;
            this.things = things;
            this.rich = rich;
            this.sparse = sparse;
        }
    }

    private final Random random;
    private final long seed;
    private final Size size;
    private final int widest;
    /** Things in a module. */
    private final int things;
    /** Operators on top of each other. */
    private final int deep;

    private final int shallow;
    /** Expressions of a module that may have operators on top of each other. */
    private final int rich;

    private final boolean clocks;
    private final List<Sketch.Part> parts = new ArrayList<>();
    /** The domain of each port of each part. */
    private final List<Map<String, Integer>> portDomains = new ArrayList<>();

    private Generator(long seed) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        widest = pick(List.of(8, 20, 40, 70, 130, 200));
        size = size();
        things = 1 + random.nextInt(size.things);
        deep = pick(List.of(1, 1, 2, 2, 2, 3));
        shallow = Math.min(deep, 2);
        rich = pick(size.rich);
        clocks = chance(40);
    }

    static Sketch of(long seed) {
        var generator = new Generator(seed);
        // A row of instances and what surrounds it can be small, too.
        int count = generator.size == Size.TINY && generator.chance(15)
                ? 2
                : 1 + generator.random.nextInt(generator.size.modules);
        for (int i = 0; i < count; i++) {
            generator.new Body().build();
        }
        return generator.finish();
    }

    private Sketch finish() {
        Sketch.Part top = parts.get(parts.size() - 1);
        var domains = new ArrayList<Sketch.Domain>();
        var free = new ArrayList<Integer>();
        for (int i = 0; i < Timing.CLOCKS.size(); i++) {
            free.add(i);
        }
        Collections.shuffle(free, random);
        for (int i = 0; i <= top.domains().size(); i++) {
            ResetKind kind = i == 0
                    ? pick(Arrays.asList(ResetKind.values()))
                    : top.domains().get(i - 1);
            domains.add(new Sketch.Domain(i == 0 && chance(60) ? 0 : free.get(i), kind));
        }
        return new Sketch(seed, parts, domains, CYCLES);
    }

    private Size size() {
        int roll = random.nextInt(100);
        for (Size one : Size.values()) {
            roll -= one.percent;
            if (roll < 0) {
                return one;
            }
        }
        throw new AssertionError("percentages do not add up");
    }

    /** A number up to the given one, often none in a small circuit. */
    private int some(int most) {
        return chance(size.sparse) ? 0 : random.nextInt(most + 1);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private int width() {
        int width = switch (random.nextInt(8)) {
            case 0 -> 1;
            case 1, 2 -> 1 + random.nextInt(8);
            case 3 -> 31 + random.nextInt(3);
            case 4 -> 62 + random.nextInt(5);
            default -> 1 + random.nextInt(widest);
        };
        return Math.min(width, widest);
    }

    private Shape ground() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new U(width());
            case 3, 4, 5 -> new S(width());
            case 6 -> new B(width());
            case 7, 8 -> Shape.TRUTH;
            default -> new Choice(pick(Choices.COUNTS));
        };
    }

    private Shape shape() {
        return shape(2);
    }

    private Shape shape(int depth) {
        if (depth == 0 || chance(88)) {
            return ground();
        } else if (chance(60)) {
            return new Row(1 + random.nextInt(4), shape(depth - 1));
        }
        var fields = new ArrayList<Shape>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            fields.add(shape(depth - 1));
        }
        return new Pack(fields);
    }

    private static Shape number(boolean signed, int width) {
        return signed ? new S(width) : new U(width);
    }

    private int near(int width) {
        int near = switch (random.nextInt(4)) {
            case 0 -> width;
            case 1 -> width - random.nextInt(3);
            case 2 -> width + random.nextInt(3);
            default -> 1 + random.nextInt(width + 4);
        };
        return Math.max(1, Math.min(near, 200));
    }

    /**
     * What an input of a row of instances gets.
     *
     * @param first of the first one, or of all
     * @param source the output of the one before that feeds the others; null: none
     */
    private record Feed(Term first, Item.Port source) {}

    /** A module under construction. */
    private final class Body {
        private final List<ResetKind> domains = new ArrayList<>();
        private final List<Item> items = new ArrayList<>();
        private final List<Item.Memory> memories = new ArrayList<>();
        private final Map<String, Integer> memoryDomains = new HashMap<>();
        private final List<Item.Register> registers = new ArrayList<>();
        private final Map<String, Integer> ports = new HashMap<>();
        /** What may be read in each domain. */
        private final List<List<Term>> readable = new ArrayList<>();
        /** What was computed in each domain. */
        private final List<List<Term>> made = new ArrayList<>();

        private int serial;
        private int spent;

        void build() {
            if (clocks) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    domains.add(chance(15) ? null : pick(Arrays.asList(ResetKind.values())));
                }
            }
            for (int i = 0; i <= domains.size(); i++) {
                readable.add(new ArrayList<>());
                made.add(new ArrayList<>());
            }
            for (int i = 1 + some(2) + domains.size(); i > 0; i--) {
                input(i <= domains.size() ? i : domain());
            }
            input(0);
            for (int i = some(3) + domains.size(); i > 0; i--) {
                register();
            }
            for (int i = some(2); i > 0; i--) {
                memory();
            }
            for (int i = 0; i < things; i++) {
                thing();
            }
            registers.forEach(this::update);
            memories.forEach(this::writes);
            for (int i = some(2); i > 0; i--) {
                int domain = domain();
                items.add(new Item.Block(domain, chance(30), List.of(watch(domain, 2))));
            }
            for (int i = 1 + some(1); i > 0; i--) {
                output();
            }
            shown();
            parts.add(new Sketch.Part(new ArrayList<>(domains), items));
            portDomains.add(ports);
        }

        private int domain() {
            return random.nextInt(domains.size() + 1);
        }

        private String fresh(String kind) {
            return kind + serial++;
        }

        private void input(int domain) {
            var port = new Item.Port(fresh("i"), shape(), true);
            items.add(port);
            ports.put(port.name(), domain);
            readable.get(domain).add(Term.ref(port.name(), port.shape()));
        }

        private void output() {
            int domain = domain();
            var port = new Item.Port(fresh("o"), shape(), false);
            items.add(port);
            ports.put(port.name(), domain);
            drive(domain, List.of(Term.ref(port.name(), port.shape())));
            readable.get(domain).add(Term.ref(port.name(), port.shape()));
        }

        /** An output that shows what no other output may show. */
        private void shown() {
            var parts = new ArrayList<Term>();
            int width = 0;
            var all = new ArrayList<>(readable.get(0));
            Collections.shuffle(all, random);
            for (Term term : all) {
                boolean input = term.name().startsWith("i");
                if (!input && width + term.shape().width() <= 200) {
                    parts.add(term);
                    width += term.shape().width();
                }
            }
            if (!parts.isEmpty()) {
                var port = new Item.Port(fresh("o"), new B(width), false);
                items.add(port);
                ports.put(port.name(), 0);
                Step set = new Step.Set(port.name(), List.of(), Term.of(Operator.CAT, parts));
                items.add(new Item.Block(0, false, List.of(set)));
            }
        }

        private void register() {
            int domain = domain();
            Shape shape = shape();
            boolean resets = (domain == 0 || domains.get(domain - 1) != null) && chance(75);
            List<BigInteger> init =
                    resets ? shape.leaves().stream().map(this::constant).toList() : List.of();
            var register = new Item.Register(fresh("r"), shape, init, domain);
            items.add(register);
            registers.add(register);
            readable.get(domain).add(Term.ref(register.name(), shape));
        }

        private BigInteger constant(Shape shape) {
            return Stimulus.value(random, shape);
        }

        private void thing() {
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    int domain = domain();
                    Term term = expr(domain, shape(), deep);
                    var value = new Item.Value(fresh("n"), term, chance(60));
                    items.add(value);
                    readable.get(domain).add(Term.ref(value.name(), term.shape()));
                }
                case 2, 3 -> {
                    int domain = domain();
                    var group = new ArrayList<Term>();
                    for (int i = 1 + random.nextInt(3); i > 0; i--) {
                        var wire = new Item.Wire(fresh("w"), shape());
                        items.add(wire);
                        group.add(Term.ref(wire.name(), wire.shape()));
                    }
                    drive(domain, group);
                    readable.get(domain).addAll(group);
                }
                case 4, 5 -> {
                    if (!parts.isEmpty()) {
                        row(chance(70) ? 1 : 2 + random.nextInt(8));
                    }
                }
                default -> {
                    if (!memories.isEmpty()) {
                        read(pick(memories));
                    }
                }
            }
        }

        // ---- memories

        private void memory() {
            Shape word = ground();
            int depth = 1 + random.nextInt(20);
            var divisors = new ArrayList<Integer>();
            for (int d = 1; d <= Math.min(8, word.width()); d++) {
                if (word.width() % d == 0) {
                    divisors.add(d);
                }
            }
            // Part of a word would not be one of an enumeration's values.
            boolean masked = !(word instanceof Choice) && chance(50);
            var init = new ArrayList<BigInteger>();
            if (chance(50)) {
                for (int i = random.nextInt(depth + 1); i > 0; i--) {
                    init.add(constant(word));
                }
            }
            var memory = new Item.Memory(fresh("m"), word, depth, masked ? pick(divisors) : 0, init);
            items.add(memory);
            if (chance(30)) {
                accesses(memory);
            } else {
                memories.add(memory);
                memoryDomains.put(memory.name(), domain());
            }
        }

        /** One or two ports that read and write by one address; two never write one word. */
        private void accesses(Item.Memory memory) {
            int count = 1 + random.nextInt(2);
            int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(memory.depth() - 1) + random.nextInt(2));
            for (int i = 0; i < count; i++) {
                // A module that reports a clash has a port for the reset.
                int domain = count == 2 ? pickDomain(true, null) : domain();
                Term address = expr(domain, new U(count == 2 ? bits - 1 : bits), shallow);
                if (count == 2) {
                    Term half = Term.literal(new B(1), BigInteger.valueOf(i));
                    address = Term.of(Operator.AS_UINT, Term.of(Operator.CAT, address, half));
                }
                Term enable = chance(50) ? expr(domain, Shape.TRUTH, shallow) : null;
                var port = new Item.Access(
                        fresh("a"),
                        memory.name(),
                        memory.word(),
                        address,
                        enable,
                        pick(Arrays.asList(ReadDuringWrite.values())),
                        domain);
                items.add(port);
                if (chance(80)) {
                    Term mask = memory.maskBits() > 0 && chance(80)
                            ? expr(domain, new B(memory.maskBits()), shallow)
                            : null;
                    Step write = new Step.PortWrite(port.name(), narrower(expr(domain, memory.word(), shallow)), mask);
                    Term condition = expr(domain, Shape.TRUTH, shallow);
                    Step step = chance(80)
                            ? new Step.When(List.of(new Step.Branch(condition, List.of(write))), List.of())
                            : write;
                    items.add(new Item.Block(domain, chance(30), List.of(step)));
                }
                readable.get(domain).add(Term.ref(port.name(), port.word()));
            }
        }

        private Term address(int domain, Item.Memory memory) {
            int exact = Math.max(1, 32 - Integer.numberOfLeadingZeros(memory.depth() - 1));
            return expr(domain, new U(chance(70) ? exact : 1 + random.nextInt(chance(80) ? 8 : 70)), 2);
        }

        private void read(Item.Memory memory) {
            int latency = random.nextInt(2);
            int domain = latency == 1 && chance(30) ? domain() : memoryDomains.get(memory.name());
            Term enable = latency == 1 && chance(50) ? expr(domain, Shape.TRUTH, shallow) : null;
            var read = new Item.Read(
                    fresh("q"), memory.name(), memory.word(), address(domain, memory), enable, latency, domain);
            items.add(read);
            readable.get(domain).add(Term.ref(read.name(), read.word()));
        }

        private void writes(Item.Memory memory) {
            int domain = memoryDomains.get(memory.name());
            var body = new ArrayList<Step>();
            for (int i = random.nextInt(3); i > 0; i--) {
                Term mask = memory.maskBits() > 0 && chance(80) ? expr(domain, new B(memory.maskBits()), 2) : null;
                Step write = new Step.Write(
                        memory.name(), address(domain, memory), narrower(expr(domain, memory.word(), shallow)), mask);
                Term condition = expr(domain, Shape.TRUTH, shallow);
                body.add(
                        chance(70)
                                ? new Step.When(List.of(new Step.Branch(condition, List.of(write))), List.of())
                                : write);
            }
            if (!body.isEmpty()) {
                items.add(new Item.Block(domain, chance(30), body));
            }
            if (items.stream()
                    .noneMatch(i -> i instanceof Item.Read read && read.memory().equals(memory.name()))) {
                read(memory);
            }
        }

        // ---- instances

        /** Instances of one module: each input the same for all, from the one before, or of its own. */
        private void row(int count) {
            int number = random.nextInt(parts.size());
            Sketch.Part child = parts.get(number);
            var mapped = new ArrayList<Integer>();
            mapped.add(pickDomain(true, null));
            for (ResetKind kind : child.domains()) {
                int here = pickDomain(false, kind);
                if (here < 0) {
                    return;
                }
                mapped.add(here);
            }
            Map<String, Integer> inside = portDomains.get(number);
            var feeds = new HashMap<String, Feed>();
            String before = null;
            for (int i = 0; i < count; i++) {
                String name = fresh("u");
                items.add(new Item.Instance(name, number, mapped));
                for (Item.Port port : child.ports(true)) {
                    int domain = mapped.get(inside.get(port.name()));
                    Term target = Term.ref(name + "." + port.name(), port.shape());
                    if (i == 0 && count > 1 && chance(75)) {
                        Term same = expr(domain, port.shape(), shallow);
                        var sources = child.ports(false).stream()
                                .filter(o -> inside.get(o.name()).equals(inside.get(port.name())))
                                .filter(o -> o.shape().equals(port.shape())
                                        || o.shape().ground() && port.shape().number())
                                .toList();
                        feeds.put(port.name(), new Feed(same, sources.isEmpty() || chance(40) ? null : pick(sources)));
                    }
                    Feed feed = feeds.get(port.name());
                    if (feed == null) {
                        drive(domain, List.of(target));
                    } else {
                        Term value = before == null || feed.source() == null
                                ? feed.first()
                                : fit(
                                        Term.ref(
                                                before + "." + feed.source().name(),
                                                feed.source().shape()),
                                        port.shape());
                        items.add(
                                new Item.Block(domain, false, List.of(new Step.Set(target.name(), List.of(), value))));
                    }
                }
                for (Item.Port port : child.ports(false)) {
                    readable.get(mapped.get(inside.get(port.name())))
                            .add(Term.ref(name + "." + port.name(), port.shape()));
                }
                before = name;
            }
        }

        /** A domain for an instance's own one, or for one that comes in with a kind of reset; -1: there is none. */
        private int pickDomain(boolean own, ResetKind kind) {
            var fitting = new ArrayList<Integer>();
            for (int i = own ? 0 : 1; i <= domains.size(); i++) {
                ResetKind here = i == 0 ? ResetKind.SYNC : domains.get(i - 1);
                if (own ? here != null : kind == null || here == kind) {
                    fitting.add(i);
                }
            }
            return fitting.isEmpty() ? -1 : pick(fitting);
        }

        // ---- statements

        private void update(Item.Register register) {
            int domain = register.domain();
            int other = domain();
            var grounds = other == domain
                    ? List.<Term>of()
                    : readable.get(other).stream()
                            .filter(t ->
                                    t.name().startsWith("r") && t.shape().equals(register.shape())) // no logic crosses
                            .toList();
            Term target = Term.ref(register.name(), register.shape());
            List<Step> body;
            if (!grounds.isEmpty() && register.shape().ground()) {
                Step cross = new Step.Set(register.name(), List.of(), Term.of(Operator.CROSSING, pick(grounds)));
                body = chance(50)
                        ? List.of(cross)
                        : List.of(new Step.When(
                                List.of(new Step.Branch(expr(domain, Shape.TRUTH, shallow), List.of(cross))),
                                List.of()));
            } else {
                body = new ArrayList<>(partly(domain, List.of(target), 2));
                if (body.stream().noneMatch(s -> s.drives(register.name()))) {
                    body.add(set(domain, target));
                } else if (!register.shape().ground()) {
                    // Each element is to be driven somewhere.
                    body.add(new Step.When(
                            List.of(new Step.Branch(expr(domain, Shape.TRUTH, shallow), List.of(set(domain, target)))),
                            List.of()));
                }
            }
            items.add(new Item.Block(domain, chance(30), body));
        }

        /** Drives signals on every path. */
        private void drive(int domain, List<Term> targets) {
            items.add(new Item.Block(domain, chance(25), fully(domain, targets, 2)));
        }

        private List<Step> fully(int domain, List<Term> targets, int depth) {
            var body = new ArrayList<Step>();
            if (depth == 0 || spent > rich || chance(75)) {
                for (Term target : targets) {
                    if (target.shape() instanceof Row && chance(40) || target.shape() instanceof Pack && chance(40)) {
                        for (int i = 0; i < target.shape().parts(); i++) {
                            Term value = narrower(expr(domain, target.shape().part(i), Math.min(deep, 2)));
                            body.add(new Step.Set(target.name(), List.of(i), value));
                        }
                    } else {
                        body.add(set(domain, target));
                    }
                }
            } else {
                body.add(conditional(domain, targets, depth, true));
            }
            for (int i = chance(40) ? 1 + random.nextInt(2) : 0; i > 0 && depth > 0 && spent < rich; i--) {
                body.add(conditional(domain, targets, depth, false));
            }
            return body;
        }

        /** Drives some of some signals, sometimes. */
        private List<Step> partly(int domain, List<Term> targets, int depth) {
            var body = new ArrayList<Step>();
            for (int i = random.nextInt(3) + (depth == 2 ? 1 : 0); i > 0; i--) {
                Term target = pick(targets);
                boolean first = body.stream().noneMatch(s -> s.drives(target.name()));
                if (depth > 0 && spent < rich && chance(50)) {
                    body.add(conditional(domain, targets, depth, false));
                } else if (target.shape() instanceof Row row && chance(60)) {
                    Term index = expr(domain, new U(1 + random.nextInt(4)), 2);
                    body.add(new Step.SetAt(target.name(), index, narrower(expr(domain, row.element(), shallow))));
                } else if (first) {
                    body.add(somewhere(domain, target));
                }
            }
            return body;
        }

        private Step set(int domain, Term target) {
            return new Step.Set(target.name(), List.of(), narrower(expr(domain, target.shape(), deep)));
        }

        private Step somewhere(int domain, Term target) {
            var path = new ArrayList<Integer>();
            Shape shape = target.shape();
            while (!shape.ground() && chance(60)) {
                int i = random.nextInt(shape.parts());
                path.add(i);
                shape = shape.part(i);
            }
            return new Step.Set(target.name(), path, narrower(expr(domain, shape, deep)));
        }

        /** An assignment extends what is not as wide as its target. */
        private Term narrower(Term term) {
            if (term.op() == Operator.EXTEND && chance(70)) {
                return term.args().get(0);
            }
            return term;
        }

        private List<Step> block(int domain, List<Term> targets, int depth, boolean full) {
            return full ? fully(domain, targets, depth) : partly(domain, targets, depth);
        }

        private Step conditional(int domain, List<Term> targets, int depth, boolean full) {
            if (chance(60)) {
                var branches = new ArrayList<Step.Branch>();
                for (int i = chance(70) ? 1 : 2 + random.nextInt(2); i > 0; i--) {
                    branches.add(new Step.Branch(
                            expr(domain, Shape.TRUTH, shallow), block(domain, targets, depth - 1, full)));
                }
                return new Step.When(
                        branches, full || chance(40) ? block(domain, targets, depth - 1, full) : List.of());
            }
            Shape shape = chance(50)
                    ? new Choice(pick(Choices.COUNTS))
                    : chance(20) ? new B(1 + random.nextInt(4)) : number(chance(30), 1 + random.nextInt(5));
            var free = new ArrayList<BigInteger>();
            for (BigInteger v = shape.min(); v.compareTo(shape.max()) <= 0; v = v.add(BigInteger.ONE)) {
                free.add(v);
            }
            Collections.shuffle(free, random);
            boolean every = free.size() <= 9 && chance(40);
            var cases = new ArrayList<Step.Case>();
            for (int i = every ? 99 : 1 + random.nextInt(6); i > 0 && !free.isEmpty(); i--) {
                var values = new ArrayList<BigInteger>();
                for (int n = 1 + random.nextInt(2); n > 0 && !free.isEmpty(); n--) {
                    values.add(free.remove(0));
                }
                cases.add(new Step.Case(values, block(domain, targets, depth - 1, full)));
            }
            // What is left when every value has a case counts as nothing.
            boolean rest = !free.isEmpty() && (full || chance(50));
            return new Step.Switch(
                    expr(domain, shape, 2), cases, rest ? block(domain, targets, depth - 1, full) : List.of());
        }

        private Step watch(int domain, int depth) {
            if (depth > 0 && chance(60)) {
                List<Step> then = List.of(watch(domain, depth - 1));
                List<Step> otherwise = chance(30) ? List.of(watch(domain, depth - 1)) : List.of();
                return new Step.When(List.of(new Step.Branch(expr(domain, Shape.TRUTH, shallow), then)), otherwise);
            }
            if (chance(25)) {
                return new Step.Cover(expr(domain, Shape.TRUTH, shallow), parts.size() + " has " + fresh("c"));
            }
            String format = parts.size() + " " + fresh("p") + " \"%x\" %b%% %d";
            return new Step.Print(
                    format, List.of(expr(domain, ground(), 2), expr(domain, ground(), 2), expr(domain, ground(), 1)));
        }

        // ---- expressions

        private Term expr(int domain, Shape shape, int depth) {
            spent++;
            Term term = make(domain, shape, spent < rich ? depth : chance(70) ? 0 : Math.min(depth, 1));
            if (!term.shape().equals(shape)) {
                throw new AssertionError(term + " is no " + shape);
            }
            if (term.args().size() > 0 && shape.ground() && term.size() < 12) {
                made.get(domain).add(term);
            }
            return term;
        }

        private Term make(int domain, Shape shape, int depth) {
            if (!shape.ground() || shape instanceof Choice) {
                return other(domain, shape, depth);
            }
            if (depth == 0 || chance(25)) {
                return chance(80) ? fit(leaf(domain, shape), shape) : Term.literal(shape, constant(shape));
            }
            List<Term> before = made.get(domain);
            if (chance(6) && !before.isEmpty()) {
                return fit(pick(before), shape);
            }
            for (int i = 0; i < 10; i++) {
                Term term = operation(domain, shape, depth - 1);
                if (term.shape().width() <= MOST_BITS) {
                    return fit(term, shape);
                }
            }
            return fit(leaf(domain, shape), shape);
        }

        /** An enumeration, a vector or a bundle. */
        private Term other(int domain, Shape shape, int depth) {
            List<Term> same = readable.get(domain).stream()
                    .flatMap(t -> inside(t).stream())
                    .filter(t -> t.shape().equals(shape))
                    .toList();
            if (depth > 0 && chance(25)) {
                return mux(domain, shape, depth - 1);
            }
            if (depth > 0 && chance(15)) {
                var args = new ArrayList<Term>(List.of(expr(domain, new U(1 + random.nextInt(3)), 1)));
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    args.add(other(domain, shape, 0));
                }
                return Term.of(Operator.SELECT, args);
            }
            if (!same.isEmpty() && chance(80)) {
                return pick(same);
            }
            if (shape instanceof Choice) {
                return Term.literal(shape, constant(shape));
            }
            if (shape.leaves().stream().noneMatch(Choice.class::isInstance)) {
                Shape bits = new B(shape.width());
                return Term.unpack(depth > 0 ? expr(domain, bits, depth - 1) : fit(leaf(domain, bits), bits), shape);
            }
            // With an enumeration in it: only its own values side by side are a legal pattern.
            var parts = new ArrayList<Term>();
            List<Shape> leaves = shape.leaves();
            for (int leaf : shape.msbFirst()) {
                parts.add(expr(domain, leaves.get(leaf), Math.min(depth, 1)));
            }
            return Term.unpack(Term.of(Operator.CAT, parts), shape);
        }

        private Term mux(int domain, Shape shape, int depth) {
            Term a = expr(domain, shape, depth);
            Term b = expr(domain, shape, depth);
            return Term.of(Operator.MUX, List.of(expr(domain, Shape.TRUTH, depth), a, b));
        }

        /** A signal with its elements and fields. */
        private static List<Term> inside(Term term) {
            if (term.shape().ground()) {
                return List.of(term);
            }
            var all = new ArrayList<Term>(List.of(term));
            Operator op = term.shape() instanceof Row ? Operator.ELEMENT : Operator.FIELD;
            for (int i = 0; i < term.shape().parts(); i++) {
                all.addAll(inside(Term.of(op, term, i)));
            }
            return all;
        }

        private Term leaf(int domain, Shape shape) {
            Term term = signal(domain);
            for (int i = 0; i < 3 && !term.shape().equals(shape); i++) {
                term = signal(domain);
            }
            return term;
        }

        private Term signal(int domain) {
            Term term = pick(readable.get(domain));
            while (!term.shape().ground()) {
                if (term.shape() instanceof Row row && chance(40)) {
                    Term index = fit(simple(domain), new U(1 + random.nextInt(3)));
                    term = Term.of(Operator.ELEMENT_AT, term, index);
                } else {
                    Operator op = term.shape() instanceof Row ? Operator.ELEMENT : Operator.FIELD;
                    term = Term.of(op, term, random.nextInt(term.shape().parts()));
                }
            }
            return term;
        }

        private Term simple(int domain) {
            List<Term> ground = readable.get(domain).stream()
                    .filter(t -> t.shape().ground())
                    .toList();
            return ground.isEmpty() ? Term.literal(new U(2), BigInteger.TWO) : pick(ground);
        }

        /** A value of any other ground value, with casts and cuts. */
        private Term fit(Term term, Shape shape) {
            if (term.shape().equals(shape)) {
                return term;
            }
            int w = shape.width();
            if (shape instanceof Shape.Truth) {
                int have = term.shape().width();
                if (have == 1) {
                    return Term.of(Operator.AS_BOOL, term);
                }
                return switch (random.nextInt(5)) {
                    case 0 -> Term.of(Operator.OR_R, term);
                    case 1 -> Term.of(Operator.AND_R, term);
                    case 2 -> Term.of(Operator.XOR_R, term);
                    case 3 ->
                        Term.of(Operator.BIT, term, Term.literal(new U(3), BigInteger.valueOf(random.nextInt(8))));
                    default -> Term.of(Operator.BIT_AT, term, random.nextInt(have));
                };
            } else if (shape instanceof B) {
                if (term.shape().width() == w) {
                    return Term.of(Operator.AS_BITS, term);
                }
                return Term.of(Operator.AS_BITS, resized(numeric(term, false), w));
            }
            boolean signed = shape instanceof S;
            if (signed && term.shape() instanceof U u && u.width() < w && chance(60)) {
                return resized(Term.of(Operator.TO_SINT, term), w);
            }
            return resized(numeric(term, signed), w);
        }

        private static Term numeric(Term term, boolean signed) {
            boolean is = signed ? term.shape() instanceof S : term.shape() instanceof U;
            return is ? term : Term.of(signed ? Operator.AS_SINT : Operator.AS_UINT, term);
        }

        private Term resized(Term term, int w) {
            int have = term.shape().width();
            if (have == w) {
                return term;
            }
            if (have < w) {
                return Term.of(chance(90) ? Operator.EXTEND : Operator.SATURATE, term, w);
            }
            int lo = random.nextInt(have - w + 1);
            return switch (random.nextInt(6)) {
                case 0, 1, 2 -> Term.of(Operator.TRUNCATE, term, w);
                case 3 -> Term.of(Operator.SATURATE, term, w);
                case 4 -> Term.of(Operator.TRUNCATE, Term.of(Operator.SHR_BY, term, have - w), w);
                default -> numeric(Term.of(Operator.BITS, term, lo + w - 1, lo), term.shape() instanceof S);
            };
        }

        private Term numberExpr(int domain, boolean signed, int width, int depth) {
            return expr(domain, number(signed, width), depth);
        }

        private Term operation(int domain, Shape shape, int d) {
            int w = shape.width();
            if (shape instanceof Shape.Truth && chance(80)) {
                return truth(domain, d);
            }
            boolean signed = chance(80) ? shape instanceof S : chance(50);
            switch (random.nextInt(20)) {
                case 0, 1 -> {
                    Operator op = pick(List.of(Operator.ADD, Operator.SUB, Operator.WRAP_ADD, Operator.WRAP_SUB));
                    int own = chance(50) ? Math.max(1, w - 1) : near(w);
                    return binary(op, domain, signed, own, near(own), d);
                }
                case 2 -> {
                    int a = chance(60) && w > 1 ? 1 + random.nextInt(w - 1) : Math.min(near(w), MOST_BITS / 2);
                    int b = chance(60) && w > a ? w - a : Math.min(near(w), MOST_BITS / 2);
                    return binary(Operator.MUL, domain, signed, a, b, d);
                }
                case 3 -> {
                    int a = Math.min(near(w), DIVISION_BITS);
                    int b = Math.min(chance(50) ? near(w) : 1 + random.nextInt(8), DIVISION_BITS);
                    return binary(chance(50) ? Operator.DIV : Operator.REM, domain, signed, a, b, d);
                }
                case 4 -> {
                    return binary(chance(50) ? Operator.MIN : Operator.MAX, domain, signed, w, near(w), d);
                }
                case 5 -> {
                    Term a = numberExpr(domain, signed, near(w), d);
                    return Term.of(Operator.NEG, a);
                }
                case 6 -> {
                    return Term.of(Operator.ABS, numberExpr(domain, true, near(w), d));
                }
                case 7 -> {
                    Operator op = pick(List.of(Operator.AND, Operator.OR, Operator.XOR));
                    if (shape instanceof B) {
                        Term a = expr(domain, shape, d);
                        return chance(30) && w < 63
                                ? Term.of(op, a, constant(shape))
                                : Term.of(op, a, expr(domain, shape, d));
                    }
                    return binary(op, domain, false, w, near(w), d);
                }
                case 8 -> {
                    return Term.of(Operator.NOT, expr(domain, shape instanceof S ? new U(w) : shape, d));
                }
                case 9 -> {
                    return mux(domain, shape, d);
                }
                case 10 -> {
                    var args = new ArrayList<Term>(List.of(
                            expr(domain, new U(1 + random.nextInt(chance(90) ? 4 : 40)), d)));
                    for (int i = 1 + random.nextInt(chance(80) ? 4 : 12); i > 0; i--) {
                        boolean again = args.size() > 1 && chance(25);
                        args.add(again ? args.get(1) : expr(domain, shape, Math.min(d, 1)));
                    }
                    return Term.of(Operator.SELECT, args);
                }
                case 11, 12 -> {
                    return shift(domain, signed, w, d);
                }
                case 13 -> {
                    int lo = random.nextInt(8);
                    int more = random.nextInt(4);
                    Shape from = chance(20) ? new B(lo + w + more) : number(chance(50), lo + w + more);
                    return Term.of(Operator.BITS, expr(domain, from, d), lo + w - 1, lo);
                }
                case 14 -> {
                    return concat(domain, w, d);
                }
                case 15 -> {
                    return chance(30)
                            ? Term.of(Operator.FILL, expr(domain, Shape.TRUTH, d), w)
                            : Term.of(Operator.SATURATE, numberExpr(domain, signed, near(w), d), w);
                }
                case 16 -> {
                    Shape row = new Row(1 + random.nextInt(5), shape);
                    return Term.of(
                            Operator.ELEMENT_AT,
                            other(domain, row.width() <= MOST_BITS ? row : new Row(1, shape), d),
                            expr(domain, new U(1 + random.nextInt(3)), 1));
                }
                case 17 -> {
                    // Sums of several, which grow step by step.
                    Term sum = numberExpr(domain, signed, Math.max(1, w - 3), Math.min(d, 1));
                    for (int i = 2 + random.nextInt(3); i > 0; i--) {
                        boolean s = sum.shape() instanceof S;
                        sum = Term.of(
                                chance(70) ? Operator.ADD : Operator.SUB,
                                sum,
                                numberExpr(domain, s, Math.max(1, w - 3), Math.min(d, 1)));
                    }
                    return sum;
                }
                default -> {
                    Shape from = ground();
                    return expr(domain, from, d);
                }
            }
        }

        private Term binary(Operator op, int domain, boolean signed, int a, int b, int d) {
            Term left = numberExpr(domain, signed, a, d);
            if (chance(20)) {
                Term with = withConstant(op, left, b);
                if (with != null) {
                    return with;
                }
            }
            Term right = numberExpr(domain, signed, b, d);
            return chance(50) ? Term.of(op, left, right) : Term.of(op, right, left);
        }

        private Term withConstant(Operator op, Term left, int bits) {
            Shape shape = number(left.shape() instanceof S, Math.min(bits, 62));
            BigInteger value = constant(shape);
            if (op == Operator.EQ || op == Operator.NE) {
                value = constant(left.shape());
            }
            return value.bitLength() < 63 ? Term.of(op, left, value) : null;
        }

        private Term truth(int domain, int d) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    Operator op =
                            pick(List.of(Operator.EQ, Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE));
                    int a = width();
                    return binary(op, domain, chance(50), a, chance(50) ? a : width(), d);
                }
                case 4 -> {
                    Shape shape =
                            chance(50) ? new Choice(pick(Choices.COUNTS)) : chance(50) ? new B(width()) : Shape.TRUTH;
                    Operator op = chance(50) ? Operator.EQ : Operator.NE;
                    Term a = expr(domain, shape, d);
                    return shape instanceof Choice && chance(40)
                            ? Term.of(op, a, constant(shape))
                            : Term.of(op, a, expr(domain, shape, d));
                }
                case 5, 6 -> {
                    Operator op = pick(List.of(Operator.AND, Operator.OR, Operator.XOR, Operator.AND_NOT));
                    return Term.of(op, expr(domain, Shape.TRUTH, d), expr(domain, Shape.TRUTH, d));
                }
                case 7 -> {
                    return Term.of(Operator.NOT, expr(domain, Shape.TRUTH, d));
                }
                case 8 -> {
                    Operator op = pick(List.of(Operator.OR_R, Operator.AND_R, Operator.XOR_R));
                    return Term.of(op, expr(domain, ground(), d));
                }
                default -> {
                    if (chance(30)) {
                        return Term.of(Operator.IS_NEGATIVE, numberExpr(domain, true, width(), d));
                    }
                    Term index = expr(domain, new U(1 + random.nextInt(chance(90) ? 7 : 60)), 1);
                    return Term.of(Operator.BIT, expr(domain, ground(), d), index);
                }
            }
        }

        private Term shift(int domain, boolean signed, int w, int d) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    int by = random.nextInt(w + 2);
                    return Term.of(Operator.SHL_BY, numberExpr(domain, signed, Math.max(1, w - by), d), by);
                }
                case 1 -> {
                    int by = random.nextInt(12);
                    return Term.of(Operator.SHR_BY, numberExpr(domain, signed, Math.min(near(w) + by, 200), d), by);
                }
                case 2 -> {
                    return Term.of(
                            Operator.SHL,
                            numberExpr(domain, signed, near(w), d),
                            expr(domain, new U(1 + random.nextInt(4)), d));
                }
                default -> {
                    Operator op = chance(50) ? Operator.SHL_WRAP : Operator.SHR;
                    Term amount = expr(domain, new U(1 + random.nextInt(chance(90) ? 7 : 70)), d);
                    return Term.of(op, numberExpr(domain, signed, chance(60) ? w : near(w), d), amount);
                }
            }
        }

        private Term concat(int domain, int width, int d) {
            var parts = new ArrayList<Term>();
            int left = width;
            while (left > 0) {
                int w = 1 + random.nextInt(left);
                Shape kind = w == 1 && chance(50) ? Shape.TRUTH : chance(20) ? new B(w) : number(chance(50), w);
                Term part = expr(domain, kind, Math.min(d, 1));
                parts.add(part);
                left -= w;
                while (left >= w && chance(30)) {
                    parts.add(part);
                    left -= w;
                }
            }
            return Term.of(Operator.CAT, parts);
        }
    }
}
