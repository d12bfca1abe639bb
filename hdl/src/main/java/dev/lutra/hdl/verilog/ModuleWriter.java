// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BlackBox;
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
import dev.lutra.hdl.pass.Dependencies;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Writes one module: head, declarations, then its parts in the order of the source. */
final class ModuleWriter implements Scope {

    private final Module module;
    private final Predicate<Module> foreign;
    private final Supplier<Dependencies> dependencies;
    private final Map<String, Constant> constants = new HashMap<>();
    private final ExprWriter expressions = new ExprWriter(this);
    private final MemoryWriter memories = new MemoryWriter(expressions, this);
    private final Clocking clocking;
    private final WatchWriter watches = new WatchWriter(expressions, this);
    private final StatementWriter statements = new StatementWriter(expressions, this, memories, watches);
    private final Nets nets;
    private final Sharing sharing;
    private final Drives drives;
    private final NodeOrder nodes;
    private final Map<Expr, Node> wires = new HashMap<>();
    private final List<Node> written = new ArrayList<>();
    private final Set<Memory> arrays = new HashSet<>();
    private final Layout parts;
    private int reads;
    private Layout part = new Layout();
    private String base = "";
    private Loc place = Loc.UNKNOWN;

    /** A value of an enumeration that the text names. */
    record Constant(String name, Type.Enumeration type, BigInteger value) {}

    /**
     * @param foreign which modules are black boxes that stand for what another file holds
     */
    ModuleWriter(Module module, Predicate<Module> foreign, Supplier<Dependencies> dependencies) {
        this.module = module;
        this.foreign = foreign;
        this.dependencies = dependencies;
        this.parts = new Layout(64 * module.body().size() + 4096);
        this.nets = new Nets(module);
        this.clocking = new Clocking(module, this);
        this.sharing = new Sharing(module);
        this.drives = new Drives(module, nets);
        this.nodes = new NodeOrder(module, dependencies);
        for (Node node : module.nodes()) {
            if (NodeOrder.named(node.value())) {
                wires.putIfAbsent(node.value(), node);
            }
        }
        for (Net net : nets.own()) {
            if (net.signal instanceof InstancePort port) {
                // The value of an input that nothing reads back can stand in the port list when it is simple.
                net.connected = net.simple != null && Sharing.connects(net.simple.value()) && !sharing.reads(port);
            }
        }
    }

    // ---- what expressions ask for

    @Override
    public String read(Signal signal, int hi, int lo) {
        Net net = nets.of(signal);
        net.use.read(hi, lo);
        reads++;
        return net.name;
    }

    @Override
    public int reads() {
        return reads;
    }

    /** The identifier of a signal. */
    String of(Signal signal) {
        return nets.of(signal).name;
    }

    @Override
    public String constant(Type.Enumeration type, BigInteger value) {
        String key = type.name() + "_" + type.nameOf(value);
        return constants
                .computeIfAbsent(
                        key + " " + type.width() + " " + value,
                        k -> new Constant(nets.fresh(key.toUpperCase(Locale.ROOT)), type, value))
                .name();
    }

    @Override
    public boolean shared(Expr expr) {
        return !(expr instanceof Expr.Ref) && (wires.containsKey(expr) || sharing.wants(expr));
    }

    @Override
    public Signal wire(Expr expr) {
        Node known = wires.get(expr);
        if (known != null) {
            return known;
        }
        Node node = nets.add(base + "_" + Sharing.word(expr), expr, place);
        wires.put(expr, node);
        define(node, part);
        return node;
    }

    /** Declares a signal with its value; a selection becomes a case statement. */
    private void define(Node node, Layout into) {
        written.add(node);
        attributes(node, into);
        if (node.value() instanceof Expr.Select select) {
            CppWords.declare(into, 1, of(node), "reg  " + declaration(node) + ";", place(node.loc()));
            select(node, select, node.loc(), into);
        } else {
            String value = expressions.defined(node.value());
            wire(node, value, into);
        }
    }

    private void wire(Signal signal, String value, Layout into) {
        String comment = ModuleText.note(signal.type(), place(signal.loc()));
        if (module.attributes(signal.name()).isEmpty()) {
            CppWords.declare(into, 1, of(signal), "wire " + declaration(signal) + " = " + value + ";", comment);
        } else {
            // Yosys discards the attributes of a declaration with a value.
            CppWords.declare(into, 1, of(signal), "wire " + declaration(signal) + ";", comment);
            into.line(1, "assign " + of(signal) + " = " + value + ";");
        }
    }

    private static String place(Loc loc) {
        return loc.known() ? loc.toString() : "";
    }

    private String declaration(Signal signal) {
        return range(signal.type()) + of(signal);
    }

    /** Sign and range of a declaration, with a space after them unless both are empty. */
    static String range(Type type) {
        return (type.signed() ? "signed " : "") + (type.width() > 1 ? "[" + (type.width() - 1) + ":0] " : "");
    }

    private void select(Signal target, Expr.Select select, Loc loc, Layout into) {
        String index = expressions.condition(select.index());
        String name = of(target);
        var body = new Layout();
        body.line(1, "always @* begin", loc);
        body.line(2, "case (" + index + ")");
        int count = select.elements().size();
        Type indexType = new Type.UInt(select.index().type().width());
        boolean complete = BigInteger.valueOf(count).compareTo(indexType.max()) > 0;
        int shown = complete ? indexType.max().intValueExact() + 1 : count;
        for (int i = 0; i < shown; i++) {
            String label = complete && i == shown - 1
                    ? "default"
                    : Literals.of(BigInteger.valueOf(i), indexType, indexType.width())
                            .code();
            body.line(
                    3,
                    label + ": " + name + " = "
                            + expressions.assigned(select.elements().get(i)) + ";");
        }
        if (!complete) {
            body.line(
                    3,
                    "default: " + name + " = "
                            + Literals.of(
                                            BigInteger.ZERO,
                                            target.type(),
                                            target.type().width())
                                    .code() + ";");
        }
        body.line(2, "endcase").line(1, "end").blank();
        into.append(body);
    }

    // ---- parts

    /** Something written in one piece, at the place of its first statement. */
    private record Part(int at, Runnable write) {}

    String write() {
        var todo = new ArrayList<Part>();
        instances(todo);
        combinational(todo);
        registers(todo);
        todo.sort(Comparator.comparingInt(Part::at));
        for (Part next : todo) {
            next.write().run();
        }
        watches();
        memories();
        return new ModuleText(module, this).assemble();
    }

    /** Starts a part that reads the given expressions: the nodes they need come first. */
    private void begin(String name, Loc loc, Iterable<Expr> reads) {
        for (Signal signal : nodes.required(reads)) {
            part = new Layout();
            base = signal.name();
            place = signal.loc();
            if (signal instanceof Node node) {
                var own = new Layout();
                define(node, own);
                part.append(own);
            } else {
                asyncRead((ReadPort) signal);
            }
            parts.append(part);
        }
        if (!part.isUntouched()) {
            part = new Layout();
        }
        base = name;
        place = loc;
    }

    private void end(Layout main) {
        parts.append(part).append(main);
    }

    private void instances(List<Part> todo) {
        for (Instance instance : module.instances()) {
            List<Net> ports = nets.of(instance);
            int at = Integer.MAX_VALUE;
            for (Net port : ports) {
                at = Math.min(at, port.first);
            }
            todo.add(new Part(at == Integer.MAX_VALUE ? -1 : at, () -> instance(instance, ports)));
        }
    }

    private void instance(Instance instance, List<Net> ports) {
        var values = new ArrayList<Expr>();
        Domain domain = instance.domain();
        values.addAll(clocking.reads(domain));
        int width = 0;
        for (Net port : ports) {
            if (port.connected && port.simple != null) {
                values.add(port.simple.value());
            }
            width = Math.max(width, portOf(port).name().length());
        }
        begin(instance.name(), instance.loc(), values);
        BlackBox box = foreign.test(instance.module()) ? instance.module().box() : null;
        String clock = box == null ? "clk" : box.clock();
        String reset = box == null ? instance.module().reset().portName() : box.reset();
        width = Math.max(width, instance.module().usesReset() && reset != null ? reset.length() : 3);
        width = Math.max(width, instance.module().usesClock() && clock != null ? clock.length() : 3);
        var connections = new ArrayList<String>(ports.size());
        for (Net net : ports) {
            if (net.connected && net.simple != null) {
                connections.add(expressions.exact(net.simple.value()).code());
            } else {
                connections.add(net.name);
                if (portOf(net).direction() == Direction.IN) {
                    net.use.read(net.signal.type().width() - 1, 0);
                }
            }
        }
        // What the connections needed stands before the instance.
        Layout main = parts.append(part);
        String label = nets.name(instance);
        main.blank();
        line(attributes(instance.name()), main);
        if (box == null || box.parameters().isEmpty()) {
            String of = box == null ? instance.module().name() : box.name();
            CppWords.declare(main, 1, label, of + " " + label + " (", place(instance.loc()));
        } else {
            parameters(box, main);
            CppWords.declare(main, 1, label, ") " + label + " (", place(instance.loc()));
        }
        if (clock != null && instance.module().usesClock()) {
            main.connection(
                    clock,
                    width,
                    clocking.clock(domain),
                    ports.isEmpty() && !instance.module().usesReset());
        }
        if (reset != null && instance.module().usesReset()) {
            main.connection(reset, width, clocking.reset(domain), ports.isEmpty());
        }
        for (int i = 0; i < ports.size(); i++) {
            String port = portOf(ports.get(i)).name();
            main.connection(port, width, connections.get(i), i == ports.size() - 1);
        }
        main.line(1, ");").blank();
    }

    private static void parameters(BlackBox box, Layout into) {
        into.line(1, box.name() + " #(");
        int width = 0;
        for (BlackBox.Parameter parameter : box.parameters()) {
            width = Math.max(width, parameter.name().length());
        }
        for (int i = 0; i < box.parameters().size(); i++) {
            var parameter = box.parameters().get(i);
            into.connection(
                    parameter.name(),
                    width,
                    parameter.value(),
                    i == box.parameters().size() - 1);
        }
    }

    private static Port portOf(Net net) {
        return ((InstancePort) net.signal).port();
    }

    private void combinational(List<Part> todo) {
        var conditional = new ArrayList<Net>();
        for (Net net : nets.own()) {
            if (!net.driven() || net.signal instanceof Register) {
                continue;
            }
            if (net.simple == null) {
                conditional.add(net);
                net.procedural = true;
            } else if (!net.connected) {
                net.procedural = net.simple.value() instanceof Expr.Select;
                todo.add(new Part(net.first, () -> simple(net)));
            }
        }
        conditional.sort(Comparator.comparingInt(net -> net.first));
        List<List<Net>> groups = drives.together(conditional);
        if (groups.stream().anyMatch(group -> group.size() > 1)) {
            groups = CombGroups.split(groups, dependencies.get());
        }
        for (List<Net> group : groups) {
            todo.add(new Part(group.get(0).first, () -> always(group)));
        }
    }

    private void simple(Net net) {
        Statement.Assign assign = Objects.requireNonNull(net.simple);
        begin(net.name, assign.loc(), List.of(assign.value()));
        var main = new Layout();
        if (assign.value() instanceof Expr.Select select) {
            int before = reads;
            var body = new Layout();
            select(net.signal, select, assign.loc(), body);
            if (reads == before) {
                constant(net, ConstantDrive.of(select), assign.loc(), main);
            } else {
                main.blank();
                main.append(body);
            }
        } else {
            main.line(1, "assign " + net.name + " = " + expressions.assigned(assign.value()) + ";", assign.loc());
        }
        end(main);
    }

    private void always(List<Net> group) {
        List<Statement> body = drives.statements(group);
        Set<Signal> targets = Drives.signals(group);
        begin(group.get(0).name, body.get(0).loc(), StatementWriter.reads(body, targets));
        var main = new Layout();
        int before = reads;
        main.blank().line(1, "always @* begin");
        statements.block(body, targets, " = ", 2, main);
        main.line(1, "end").blank();
        if (reads == before) {
            main = new Layout();
            for (Net net : group) {
                constant(net, ConstantDrive.of(net.signal, body), body.get(0).loc(), main);
            }
        }
        end(main);
    }

    private void constant(Net net, Expr value, Loc loc, Layout into) {
        net.procedural = false;
        into.line(1, "assign " + net.name + " = " + expressions.assigned(value) + ";", loc);
    }

    private void registers(List<Part> todo) {
        var simple = new ArrayList<Net>();
        var conditional = new ArrayList<Net>();
        for (Register register : module.registers()) {
            Net net = nets.of(register);
            net.procedural = true;
            (net.simple != null ? simple : conditional).add(net);
        }
        for (List<Net> group : drives.together(conditional)) {
            var byDomain = new LinkedHashMap<Domain, List<Net>>();
            group.forEach(net -> byDomain.computeIfAbsent(domain(net), d -> new ArrayList<>())
                    .add(net));
            for (List<Net> part : byDomain.values()) {
                clocked(part.stream().filter(ModuleWriter::isReset).toList(), todo);
                clocked(part.stream().filter(net -> !isReset(net)).toList(), todo);
            }
        }
        simple.sort(Comparator.comparingInt(net -> net.first));
        for (int i = 0; i < simple.size(); ) {
            int to = i + 1;
            while (to < simple.size()
                    && isReset(simple.get(to)) == isReset(simple.get(i))
                    && domain(simple.get(to)).equals(domain(simple.get(i)))) {
                to++;
            }
            clocked(List.copyOf(simple.subList(i, to)), todo);
            i = to;
        }
    }

    private static Domain domain(Net net) {
        return ((Register) net.signal).domain();
    }

    private static boolean isReset(Net net) {
        return ((Register) net.signal).init() != null;
    }

    private void clocked(List<Net> group, List<Part> todo) {
        if (!group.isEmpty()) {
            int at = group.stream().mapToInt(net -> net.first).min().orElseThrow();
            todo.add(new Part(at, () -> clocked(group)));
        }
    }

    private void clocked(List<Net> group) {
        List<Statement> body = drives.statements(group);
        if (body.isEmpty()) {
            // Only under conditions that never hold: the register keeps what it has.
            body = group.stream().map(net -> hold(net.signal)).toList();
        }
        Set<Signal> targets = Drives.signals(group);
        Domain domain = domain(group.get(0));
        boolean reset = isReset(group.get(0));
        List<Expr> reads = StatementWriter.reads(body, targets);
        if (reset) {
            reads.addAll(clocking.reads(domain));
        }
        begin(group.get(0).name, body.get(0).loc(), reads);
        var main = new Layout();
        main.blank().line(1, "always @(" + clocking.edge(domain, reset) + ") begin");
        if (reset) {
            main.line(2, "if (" + clocking.active(domain) + ") begin");
            for (Net net : group) {
                Register register = (Register) net.signal;
                var init = new Expr.Literal(Objects.requireNonNull(register.init()), register.type());
                main.line(3, net.name + " <= " + expressions.assigned(init) + ";");
            }
            statements.otherwise(body, targets, " <= ", 2, main);
        } else {
            statements.block(body, targets, " <= ", 2, main);
        }
        main.line(1, "end").blank();
        end(main);
    }

    private static Statement hold(Signal register) {
        return new Statement.Assign(register, new Expr.Ref(register), register.loc());
    }

    /** Memories that something reads; the address of one may come out of another. */
    private void memories() {
        var left = new ArrayList<>(module.memories());
        for (boolean more = true; more; ) {
            more = left.removeIf(this::isRead);
        }
    }

    private boolean isRead(Memory memory) {
        List<ReadPort> ports =
                module.readPorts().stream().filter(p -> p.memory() == memory).toList();
        if (ports.stream().noneMatch(this::needed)) {
            return false;
        }
        arrays.add(memory);
        memory(memory, ports);
        return true;
    }

    private void memory(Memory memory, List<ReadPort> ports) {
        List<Statement> body = drives.statements(memory);
        Set<Object> target = Set.of(memory);
        var reads = new ArrayList<Expr>();
        StatementWriter.reads(body, target).forEach(reads::add);
        List<ReadPort> clocked = ports.stream().filter(p -> p.latency() == 1).toList();
        for (ReadPort port : clocked) {
            reads.add(port.address());
            if (port.enable() != null) {
                reads.add(port.enable());
            }
        }
        begin(memory.name(), memory.loc(), reads);
        var main = new Layout();
        memories.write(memory, body, clocked, main, statements);
        end(main);
    }

    /** What only looks: for proofs and for simulators. Before the memories, which it may read. */
    private void watches() {
        List<Statement> body = drives.watches();
        if (!body.isEmpty()) {
            List<Expr> reads = StatementWriter.reads(body, watches.all(body));
            watches.domains().forEach(domain -> reads.addAll(clocking.reads(domain)));
            begin("watch", body.get(0).loc(), reads);
            var main = new Layout();
            watches.write(body, module, statements, main);
            end(main);
        }
    }

    private void asyncRead(ReadPort port) {
        var main = new Layout();
        attributes(port, main);
        wire(port, memories.read(port.memory(), port.address()), main);
        part.append(main);
    }

    private void attributes(Signal signal, Layout into) {
        line(attributes(signal), into);
    }

    private static void line(String text, Layout into) {
        if (!text.isEmpty()) {
            into.line(1, text);
        }
    }

    /** {@code (* keep = "true" *)}, or an empty text. */
    String attributes(Signal signal) {
        // The names of a large array's instance ports need not be put together to find nothing.
        return module.attributes().isEmpty() ? "" : attributes(signal.name());
    }

    /** The same for an instance or a memory by its name, or for the module itself: no name. */
    String attributes(String name) {
        Map<String, String> all = module.attributes(name);
        if (all.isEmpty()) {
            return "";
        }
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + " = \"" + entry.getValue() + "\"")
                .collect(Collectors.joining(", ", "(* ", " *)"));
    }

    /** A fresh identifier. */
    String fresh(String wanted) {
        return nets.fresh(wanted);
    }

    // ---- what the assembly of the text asks for

    Layout parts() {
        return parts;
    }

    /** The enumeration values the text names, by enumeration and code. */
    List<Constant> constants() {
        return constants.values().stream()
                .sorted(Comparator.comparing((Constant c) -> c.type().name())
                        .thenComparing(c -> c.type().width())
                        .thenComparing(Constant::value)
                        .thenComparing(Constant::name))
                .toList();
    }

    Nets nets() {
        return nets;
    }

    List<Node> written() {
        return written;
    }

    /** Whether the array of a memory is part of the text. */
    boolean holds(Memory memory) {
        return arrays.contains(memory);
    }

    /** Whether a read port is part of the text: a registered one is state, a combinational one is there if it is read. */
    boolean needed(ReadPort port) {
        return port.latency() == 1 || nodes.taken(port);
    }

    Clocking clocking() {
        return clocking;
    }
}
