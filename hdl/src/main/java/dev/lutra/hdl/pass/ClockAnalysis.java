// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Diagnostic.Site;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.pass.ClockSources.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one definition: 0 is its own, the others are its inputs of type clock in order, then those that come out of black boxes
 * in it or in its instances.
 */
final class ClockAnalysis {

    private static final String HINT =
            "pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync,"
                    + " AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register";

    private final Module module;
    private final SignalIndex index;
    private final CombGraph graph;
    private final Map<Module, ClockAnalysis> children;
    /** Ports, outputs of instances and {@link Hidden} ones. */
    private final List<Object> clocks = new ArrayList<>();

    private final ClockSources[] known;
    private final Map<Expr, ClockSources> expressions = new IdentityHashMap<>();
    private final Map<InstancePort, Expr> passedClocks = new HashMap<>();
    private final Map<Memory, Set<Domain>> writers = new LinkedHashMap<>();
    private final Map<Port, Map<Integer, Place>> sinks = new HashMap<>();
    private final Wiring[] wirings;
    /** Inputs that go straight into a {@code crossing}, and by which clock they are taken there. */
    private final Map<Port, Map<Integer, Place>> crossingInputs = new HashMap<>();

    private final Set<List<Object>> told = new HashSet<>();
    private final List<Diagnostic> findings = new ArrayList<>();

    /** A clock made within an instance. */
    private record Hidden(Instance instance, Object clock) {}

    ClockAnalysis(Module module, SignalIndex index, CombGraph graph, Map<Module, ClockAnalysis> children) {
        this.module = module;
        this.index = index;
        this.graph = graph;
        this.children = children;
        this.known = new ClockSources[index.size()];
        this.wirings = new Wiring[index.size()];
        for (Port port : module.ports()) {
            if (port.type() instanceof Type.Clock && (module.box() == null || port.direction() == Direction.IN)) {
                clocks.add(port);
            }
        }
        onlyInputs();
        made();
        passOn(module.body(), true);
        writers(module.body());
        if (findings.isEmpty()) {
            for (Signal signal : graph.order()) {
                of(signal);
            }
            state();
            statements(module.body(), List.of());
            instances();
            outputs();
        }
    }

    List<Diagnostic> findings() {
        return findings;
    }

    /**
     * A register that takes a value marked as crossing.
     *
     * @param reset whether it is its reset that crosses, and not its data
     * @param clock its clock
     * @param from what the value depends on behind the mark
     */
    record Taken(Register register, boolean reset, int clock, ClockSources from) {}

    /** The registers of this definition that take what crosses, each once. */
    List<Taken> crossings() {
        var taken = new LinkedHashMap<Register, Taken>();
        crossings(module.body(), taken);
        for (Register register : module.registers()) {
            Domain domain = register.domain();
            if (register.init() != null && domain.reset() != null) {
                ClockSources from = behindMark(new Expr.Ref(domain.reset()));
                if (from != null) {
                    taken.putIfAbsent(register, new Taken(register, true, number(domain), from));
                }
            }
        }
        return List.copyOf(taken.values());
    }

    private void crossings(List<Statement> body, Map<Register, Taken> taken) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign && assign.target() instanceof Register register) {
                ClockSources from = behindMark(assign.value());
                if (from != null) {
                    taken.merge(
                            register,
                            new Taken(register, false, number(register.domain()), from),
                            (a, b) -> new Taken(
                                    register, false, a.clock(), a.from().and(b.from())));
                }
            } else if (statement instanceof Statement.When when) {
                crossings(when.then(), taken);
                crossings(when.otherwise(), taken);
            } else if (statement instanceof Statement.Switch choice) {
                choice.cases().forEach(branch -> crossings(branch.body(), taken));
                crossings(choice.otherwise(), taken);
            }
        }
    }

    /** Name of the input that is a clock, or of the instances and the output that it comes out of, with slashes. */
    String clockPath(int clock) {
        return clock == 0 ? "clk" : clockPath(clocks.get(clock - 1));
    }

    private static String clockPath(Object clock) {
        if (clock instanceof Hidden hidden) {
            return hidden.instance().name() + "/" + clockPath(hidden.clock());
        }
        return clock instanceof InstancePort made
                ? made.instance().name() + "/" + made.port().name()
                : ((Signal) clock).name();
    }

    int clocks() {
        return 1 + clocks.size();
    }

    /** Of {@link #clocks()} those that come from outside: the first ones. */
    int passedClocks() {
        return 1 + (int) clocks.stream().filter(Port.class::isInstance).count();
    }

    /** The clock of this module that is a clock of an instance; see {@link #clocks()}. */
    int clockOf(Instance instance, int clock) {
        return mapped(instance, child(instance), clock);
    }

    /** What an input of an instance depends on. */
    ClockSources inputOf(Instance instance, Port port) {
        return of(new InstancePort(instance, port));
    }

    // ---- clocks themselves

    private void onlyInputs() {
        var wrong = new ArrayList<Signal>();
        clocks.stream()
                .map(Port.class::cast)
                .filter(p -> p.direction() == Direction.OUT)
                .forEach(wrong::add);
        module.wires().stream().filter(w -> w.type() instanceof Type.Clock).forEach(wrong::add);
        module.registers().stream().filter(r -> r.type() instanceof Type.Clock).forEach(wrong::add);
        for (Signal signal : wrong) {
            findings.add(Diagnostic.error(
                    "clock-use",
                    signal.loc(),
                    Words.signal(signal) + " of " + module.name() + " is of type clock, which only an input can be",
                    "make clocks outside and bring them in by in(clock())"));
        }
        clocks.removeAll(wrong);
    }

    /** Clocks that come out of black boxes. */
    private void made() {
        for (Instance instance : module.instances()) {
            if (instance.module().box() != null) {
                for (Port port : instance.module().ports()) {
                    if (port.type() instanceof Type.Clock && port.direction() == Direction.OUT) {
                        clocks.add(new InstancePort(instance, port));
                    }
                }
            }
        }
    }

    private void passOn(List<Statement> body, boolean always) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign && assign.target().type() instanceof Type.Clock) {
                boolean plain = assign.value() instanceof Expr.Ref ref && clocks.contains(ref.signal());
                if (assign.target() instanceof Port && module.box() != null) {
                    findings.add(Diagnostic.error(
                            "clock-use",
                            assign.loc(),
                            Words.signal(assign.target()) + " of black box " + module.name()
                                    + " is a clock, which has no model",
                            "leave it without an assignment"));
                }
                if (assign.target() instanceof InstancePort port && plain && always) {
                    passedClocks.put(port, assign.value());
                } else if (assign.target() instanceof InstancePort) {
                    findings.add(Diagnostic.error(
                            "clock-use",
                            assign.loc(),
                            Words.signal(assign.target()) + " of " + module.name()
                                    + " is a clock and gets something else than an input of type clock, always",
                            "set it to a clock of this module, outside any when()"));
                }
            } else if (statement instanceof Statement.When when) {
                passOn(when.then(), false);
                passOn(when.otherwise(), false);
            } else if (statement instanceof Statement.Switch choice) {
                choice.cases().forEach(branch -> passOn(branch.body(), false));
                passOn(choice.otherwise(), false);
            }
        }
    }

    private void writers(List<Statement> body) {
        for (Statement statement : body) {
            if (statement instanceof Statement.MemoryWrite write) {
                var all = writers.computeIfAbsent(write.memory(), m -> new LinkedHashSet<>());
                Domain before = all.isEmpty() ? null : all.iterator().next();
                all.add(write.domain());
                if (before != null
                        && write.port() == null
                        && !Objects.equals(before.clock(), write.domain().clock())) {
                    findings.add(Diagnostic.error(
                            "memory-clocks",
                            List.of(
                                    new Site(write.loc(), "this write is by " + name(write.domain())),
                                    new Site(write.memory().loc(), "the memory")),
                            "memory " + write.memory().name() + " of " + module.name() + " is written by two clocks, "
                                    + name(before) + " and " + name(write.domain()),
                            "write it by one clock, or through two port(...)s; it may be read by any"));
                }
            } else if (statement instanceof Statement.When when) {
                writers(when.then());
                writers(when.otherwise());
            } else if (statement instanceof Statement.Switch choice) {
                choice.cases().forEach(branch -> writers(branch.body()));
                writers(choice.otherwise());
            }
        }
    }

    private int number(Domain domain) {
        return domain.clock() == null ? 0 : 1 + clocks.indexOf(domain.clock());
    }

    private static String name(Domain domain) {
        return domain.clock() == null ? "clk" : domain.clock().name();
    }

    private String name(int clock) {
        return clock == 0 ? "clk" : nameOf(clocks.get(clock - 1));
    }

    private static String nameOf(Object clock) {
        return clock instanceof Hidden hidden
                ? hidden.instance().name() + "." + nameOf(hidden.clock())
                : ((Signal) clock).name();
    }

    /** The clock of this module that is a clock of an instance. */
    private int mapped(Instance instance, ClockAnalysis child, int clock) {
        if (clock == 0) {
            return number(instance.domain());
        }
        Object inside = child.clocks.get(clock - 1);
        if (!(inside instanceof Port port)) {
            var hidden = new Hidden(instance, inside);
            if (!clocks.contains(hidden)) {
                clocks.add(hidden);
            }
            return 1 + clocks.indexOf(hidden);
        }
        Expr value = passedClocks.get(new InstancePort(instance, port));
        return value instanceof Expr.Ref ref ? 1 + clocks.indexOf(ref.signal()) : 0;
    }

    // ---- where values come from

    private ClockSources of(Signal signal) {
        int number = index.of(signal);
        ClockSources sources = known[number];
        if (sources == null) {
            known[number] = ClockSources.NONE; // what a loop would find, which is reported elsewhere
            sources = find(signal);
            known[number] = sources;
        }
        return sources;
    }

    private ClockSources find(Signal signal) {
        if (signal.type() instanceof Type.Clock) {
            return ClockSources.NONE;
        }
        if (signal instanceof Register register) {
            return ClockSources.state(number(register.domain()), Words.signal(register), register.loc());
        }
        if (signal instanceof ReadPort port && port.latency() == 1) {
            return ClockSources.state(number(port.domain()), Words.signal(port), port.loc());
        }
        if (signal instanceof Port port && port.direction() == Direction.IN) {
            return ClockSources.input(port);
        }
        if (signal instanceof InstancePort port && port.port().direction() == Direction.OUT) {
            return output(port);
        }
        var sources = ClockSources.NONE;
        for (Drivers.Read read : graph.reads(signal)) {
            sources = sources.and(of(read.value(), read.loc()));
        }
        if (signal instanceof ReadPort port) {
            for (Domain writer : writers.getOrDefault(port.memory(), Set.of())) {
                sources = sources.and(ClockSources.state(number(writer), Words.signal(port), port.loc()));
            }
        }
        return sources;
    }

    private ClockSources output(InstancePort port) {
        ClockAnalysis child = child(port.instance());
        ClockSources inside = child.of(port.port());
        var clocks = new LinkedHashMap<Integer, Place>();
        inside.clocks()
                .forEach((clock, place) -> clocks.putIfAbsent(
                        mapped(port.instance(), child, clock),
                        new Place(
                                place.what() + " in instance " + port.instance().name(), place.loc())));
        var sources = new ClockSources(clocks, Set.of(), inside.crossing());
        for (Port input : inside.inputs()) {
            sources = sources.and(of(new InstancePort(port.instance(), input)));
        }
        return sources;
    }

    private ClockAnalysis child(Instance instance) {
        return Objects.requireNonNull(children.get(instance.module()), "children come first");
    }

    private ClockSources of(Expr expr, Loc loc) {
        if (expr instanceof Expr.Ref ref) {
            if (ref.signal().type() instanceof Type.Clock) {
                if (told.add(List.of(ref.signal(), loc))) {
                    findings.add(Diagnostic.error(
                            "clock-use",
                            List.of(new Site(loc, ""), new Site(ref.signal().loc(), "the clock")),
                            "clock " + ref.signal().name() + " of " + module.name() + " is read as data",
                            "use domain(clock, reset) and what is clocked by it"));
                }
                return ClockSources.NONE;
            }
            return of(ref.signal());
        }
        if (expr instanceof Expr.Reinterpret cast && cast.crosses()) {
            return ClockSources.CROSSING;
        }
        ClockSources sources = expressions.get(expr);
        if (sources == null) {
            sources = ClockSources.NONE;
            for (Expr operand : expr.operands()) {
                sources = sources.and(of(operand, loc));
            }
            expressions.put(expr, sources);
        }
        return sources;
    }

    /** What a value that is marked itself, under whatever names, marks; null: it is not marked. */
    private static @Nullable Expr marked(Expr value) {
        Expr at = value;
        while (at instanceof Expr.Ref ref && ref.signal() instanceof Node node) {
            at = node.value();
        }
        return at instanceof Expr.Reinterpret cast && cast.crosses() ? cast.a() : null;
    }

    /** What a marked value depends on; null if it is not marked. */
    private @Nullable ClockSources behindMark(Expr value) {
        Expr marked = marked(value);
        return marked == null ? null : of(marked, Loc.UNKNOWN);
    }

    // ---- what stands between

    private Wiring wiring(Expr expr, Loc loc) {
        if (expr instanceof Expr.Ref ref) {
            return wiring(ref.signal());
        }
        List<Expr> wires = Wiring.wires(expr);
        if (wires == null) {
            return new Wiring(new Place(Words.expr(expr), loc), Set.of());
        }
        var all = Wiring.PLAIN;
        for (Expr wire : wires) {
            all = all.and(wiring(wire, loc));
        }
        return all;
    }

    private Wiring wiring(Signal signal) {
        int number = index.of(signal);
        Wiring wiring = wirings[number];
        if (wiring == null) {
            wirings[number] = Wiring.PLAIN; // what a loop would find, which is reported elsewhere
            wiring = findWiring(signal);
            wirings[number] = wiring;
        }
        return wiring;
    }

    private Wiring findWiring(Signal signal) {
        if (signal instanceof Register) {
            return Wiring.PLAIN;
        }
        if (signal instanceof ReadPort port) {
            return port.latency() == 1 ? Wiring.PLAIN : wordWiring(port);
        }
        if (signal instanceof Port port && port.direction() == Direction.IN) {
            return Wiring.input(port);
        }
        if (signal instanceof InstancePort port && port.port().direction() == Direction.OUT) {
            return outputWiring(port);
        }
        List<Drivers.Read> reads = graph.reads(signal);
        return switch (reads.size()) {
            case 0 -> Wiring.PLAIN;
            case 1 -> wiring(reads.get(0).value(), reads.get(0).loc());
            default ->
                new Wiring(
                        new Place(
                                "what decides " + Words.signal(signal),
                                reads.get(0).loc()),
                        Set.of());
        };
    }

    private Wiring outputWiring(InstancePort port) {
        Wiring inside = child(port.instance()).wiring(port.port());
        Place logic = inside.logic();
        var all = logic == null
                ? Wiring.PLAIN
                : new Wiring(
                        new Place(
                                logic.what() + " in instance " + port.instance().name(), logic.loc()),
                        Set.of());
        for (Port input : inside.inputs()) {
            all = all.and(wiring(new InstancePort(port.instance(), input)));
        }
        return all;
    }

    /** A word of a memory is as good as a register's if whoever writes it has no part in its address. */
    private Wiring wordWiring(ReadPort port) {
        ClockSources address = of(port.address(), port.loc());
        boolean apart = address.inputs().isEmpty()
                && writers.getOrDefault(port.memory(), Set.of()).stream()
                        .noneMatch(writer -> address.clocks().containsKey(number(writer)));
        return apart
                ? Wiring.PLAIN
                : new Wiring(new Place("the address of " + Words.signal(port), port.loc()), Set.of());
    }

    /** What crosses comes straight out of registers or inputs: logic has glitches, and any of them may be taken. */
    private void straight(int clock, Expr value, Wiring wiring, String what, Loc loc) {
        ClockSources sources = of(value, loc);
        Place logic = wiring.logic();
        var others = new LinkedHashMap<>(sources.clocks());
        others.remove(clock);
        if (logic != null
                && (!others.isEmpty() || !sources.inputs().isEmpty())
                && told.add(List.of(what, logic, "straight"))) {
            var sites = new ArrayList<Site>();
            sites.add(new Site(logic.loc(), "the logic"));
            others.forEach(
                    (from, place) -> sites.add(new Site(place.loc(), place.what() + ", by clock " + name(from))));
            sites.add(new Site(loc, "taken here by clock " + name(clock)));
            findings.add(Diagnostic.error(
                    "clock-crossing",
                    sites,
                    what + " of " + module.name() + " takes by crossing(...) what logic makes: " + logic.what(),
                    "logic has glitches while its inputs change, and the other clock may take one: put a register of the"
                            + " clock it comes from behind the logic, and let that one cross"));
        }
        for (Port input : wiring.inputs()) {
            crossingInputs.computeIfAbsent(input, p -> new LinkedHashMap<>()).putIfAbsent(clock, new Place(what, loc));
        }
    }

    // ---- where values go to

    private void takes(int clock, Expr value, String what, Loc loc) {
        takes(clock, of(value, loc), what, loc);
    }

    private void takes(int clock, ClockSources sources, String what, Loc loc) {
        sources.clocks().forEach((from, place) -> {
            if (from != clock && told.add(List.of(what, place.what(), from, clock))) {
                findings.add(Diagnostic.error(
                        "clock-crossing",
                        List.of(
                                new Site(loc, "taken here by clock " + name(clock)),
                                new Site(place.loc(), "comes from here, by clock " + name(from))),
                        what + " of " + module.name() + ", clocked by " + name(clock) + ", takes what depends on "
                                + place.what() + ", clocked by " + name(from),
                        HINT));
            }
        });
        if (sources.crossing() && told.add(List.of(what, "crossing"))) {
            findings.add(Diagnostic.error(
                    "clock-crossing",
                    loc,
                    what + " of " + module.name() + " takes a value made from a crossing(...) one",
                    "a crossing value goes straight into a register, without logic and ports on the way"));
        }
        for (Port input : sources.inputs()) {
            sinks.computeIfAbsent(input, p -> new LinkedHashMap<>()).putIfAbsent(clock, new Place(what, loc));
        }
    }

    private void state() {
        var domains = new LinkedHashMap<Domain, Place>();
        for (Register register : module.registers()) {
            String what = Words.signal(register);
            if (register.init() != null) {
                domains.putIfAbsent(register.domain(), new Place("the reset of " + what, register.loc()));
                if (!register.domain().resets()) {
                    noReset(what + " of " + module.name() + " has a reset value", register.domain(), register.loc());
                }
            }
        }
        for (ReadPort port : module.readPorts()) {
            if (port.latency() == 1) {
                takes(number(port.domain()), port.address(), Words.signal(port), port.loc());
                if (port.enable() != null) {
                    takes(number(port.domain()), port.enable(), Words.signal(port), port.loc());
                }
            }
        }
        for (Instance instance : module.instances()) {
            if (instance.module().usesReset()) {
                domains.putIfAbsent(
                        instance.domain(), new Place("the reset of instance " + instance.name(), instance.loc()));
                if (!instance.domain().resets()) {
                    noReset(
                            "instance " + instance.name() + " of " + module.name() + " needs a reset",
                            instance.domain(),
                            instance.loc());
                }
            }
        }
        domains.forEach((domain, place) -> reset(domain, place));
    }

    private void noReset(String what, Domain domain, Loc loc) {
        findings.add(Diagnostic.error(
                "domain-reset",
                loc,
                what + ", and the domain of " + name(domain) + " has none",
                "give the domain a reset: domain(clock, reset)"));
    }

    /** A reset that acts at once may come from anywhere if that is said; one at the edge is taken as any value is. */
    private void reset(Domain domain, Place user) {
        if (domain.reset() == null) {
            return;
        }
        var value = new Expr.Ref(domain.reset());
        Expr marked = marked(value);
        if (!domain.kind(module.reset()).asynchronous() || marked == null) {
            takes(number(domain), value, user.what(), user.loc());
        } else {
            straight(number(domain), marked, wiring(marked, user.loc()), user.what(), user.loc());
        }
    }

    private void statements(List<Statement> body, List<Expr> conditions) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign && assign.target() instanceof Register register) {
                int clock = number(register.domain());
                String what = Words.signal(register);
                Expr marked = marked(assign.value());
                if (marked == null) {
                    takes(clock, assign.value(), what, assign.loc());
                } else {
                    straight(clock, marked, wiring(marked, assign.loc()), what, assign.loc());
                }
                conditions.forEach(cond -> takes(clock, cond, what, assign.loc()));
            } else if (statement instanceof Statement.MemoryWrite write) {
                int clock = number(write.domain());
                String what = "memory " + write.memory().name();
                takes(clock, write.address(), what, write.loc());
                takes(clock, write.data(), what, write.loc());
                if (write.mask() != null) {
                    takes(clock, write.mask(), what, write.loc());
                }
                conditions.forEach(cond -> takes(clock, cond, what, write.loc()));
            } else if (statement instanceof Statement.Watch watch) {
                watch(watch, conditions);
            } else if (statement instanceof Statement.When when) {
                var inner = with(conditions, when.cond());
                statements(when.then(), inner);
                statements(when.otherwise(), inner);
            } else if (statement instanceof Statement.Switch choice) {
                var inner = with(conditions, choice.subject());
                choice.cases().forEach(branch -> statements(branch.body(), inner));
                statements(choice.otherwise(), inner);
            }
        }
    }

    private void watch(Statement.Watch watch, List<Expr> conditions) {
        int clock = number(watch.domain());
        var reads = new ArrayList<>(conditions);
        if (watch instanceof Statement.Check check) {
            reads.add(check.cond());
        } else if (watch instanceof Statement.Print print) {
            reads.addAll(print.values());
        }
        for (Expr read : reads) {
            takes(clock, read, "the statement at " + watch.loc(), watch.loc());
        }
    }

    private static List<Expr> with(List<Expr> conditions, Expr condition) {
        var all = new ArrayList<>(conditions);
        all.add(condition);
        return all;
    }

    private void instances() {
        for (Instance instance : module.instances()) {
            ClockAnalysis child = child(instance);
            child.sinks.forEach((port, places) -> places.forEach((clock, place) -> takes(
                    mapped(instance, child, clock),
                    of(new InstancePort(instance, port)),
                    place.what() + " in instance " + instance.name(),
                    place.loc())));
            child.crossingInputs.forEach((port, places) -> places.forEach((clock, place) -> {
                var given = new InstancePort(instance, port);
                straight(
                        mapped(instance, child, clock),
                        new Expr.Ref(given),
                        wiring(given),
                        place.what() + " in instance " + instance.name(),
                        place.loc());
            }));
        }
    }

    private void outputs() {
        var ends = new LinkedHashSet<Signal>();
        module.ports().stream().filter(p -> p.direction() == Direction.OUT).forEach(ends::add);
        for (Instance instance : module.instances()) {
            instance.module().ports().stream()
                    .filter(p -> p.direction() == Direction.IN && !(p.type() instanceof Type.Clock))
                    .forEach(p -> ends.add(new InstancePort(instance, p)));
        }
        for (Signal end : ends) {
            if (of(end).crossing() && told.add(List.of(end, "crossing"))) {
                findings.add(Diagnostic.error(
                        "clock-crossing",
                        end.loc(),
                        Words.signal(end) + " of " + module.name() + " takes a value made from a crossing(...) one",
                        "a crossing value goes straight into a register, without logic and ports on the way"));
            }
        }
    }
}
