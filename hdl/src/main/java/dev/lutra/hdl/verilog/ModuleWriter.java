// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Direction;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes one module: head, declarations, then its parts in the order of the source. */
final class ModuleWriter implements Scope {

    private final Module module;
    private final Supplier<Dependencies> dependencies;
    private final Names names = new Names();
    private final Map<Signal, String> nameOf = new HashMap<>();
    private final Map<Instance, String> instanceNames = new HashMap<>();
    private final Map<String, Constant> constants = new HashMap<>();
    private final BitUse use = new BitUse();
    private final ExprWriter expressions = new ExprWriter(this);
    private final Sharing sharing;
    private final Drives drives;
    private final Map<Expr, Node> wires = new HashMap<>();
    private final List<Node> written = new ArrayList<>();
    private final Set<Signal> procedural = new HashSet<>();
    private final Set<Memory> arrays = new HashSet<>();
    private final NodeOrder nodes;
    private final Layout parts = new Layout();
    private final MemoryWriter memories = new MemoryWriter(expressions, this);
    private final StatementWriter statements = new StatementWriter(expressions, this, memories);
    private Layout part = new Layout();
    private boolean clocked;
    private boolean resets;
    private int reads;
    private String base = "";
    private Loc place = Loc.UNKNOWN;

    /** A value of an enumeration that the text names. */
    record Constant(String name, Type.Enumeration type, BigInteger value) {}

    ModuleWriter(Module module, Supplier<Dependencies> dependencies) {
        this.module = module;
        this.dependencies = dependencies;
        this.sharing = new Sharing(module);
        this.drives = new Drives(module);
        this.nodes = new NodeOrder(module, dependencies);
        for (Node node : module.nodes()) {
            if (NodeOrder.named(node.value())) {
                wires.putIfAbsent(node.value(), node);
            }
        }
        takeNames();
    }

    private void takeNames() {
        if (module.usesClock()) {
            names.take("clk");
        }
        if (module.usesReset()) {
            names.take("rst");
        }
        module.ports().forEach(this::name);
        module.wires().forEach(this::name);
        module.nodes().forEach(this::name);
        module.registers().forEach(this::name);
        module.memories().forEach(memory -> names.take(memory.name()));
        module.readPorts().forEach(this::name);
        for (Instance instance : module.instances()) {
            // Verilator takes a name of the child that equals the name of the instance for a mistake.
            boolean hidden = namesIn(instance.module()).contains(instance.name());
            instanceNames.put(instance, names.take(hidden ? "u_" + instance.name() : instance.name()));
            for (Port port : instance.module().ports()) {
                name(new InstancePort(instance, port));
            }
        }
    }

    private static Set<String> namesIn(Module child) {
        var all = new HashSet<String>();
        child.ports().forEach(port -> all.add(port.name()));
        child.wires().forEach(wire -> all.add(wire.name()));
        child.nodes().forEach(node -> all.add(node.name()));
        child.registers().forEach(register -> all.add(register.name()));
        child.memories().forEach(memory -> all.add(memory.name()));
        child.readPorts().forEach(port -> all.add(port.name()));
        child.instances().forEach(instance -> all.add(instance.name()));
        return all;
    }

    private void name(Signal signal) {
        nameOf.put(signal, names.take(signal.name()));
    }

    // ---- what expressions ask for

    @Override
    public String read(Signal signal, int hi, int lo) {
        use.read(signal, hi, lo);
        reads++;
        return of(signal);
    }

    @Override
    public int reads() {
        return reads;
    }

    /** The identifier of a signal. */
    String of(Signal signal) {
        String name = nameOf.get(signal);
        if (name == null) {
            throw new IllegalArgumentException(signal + " does not belong to " + module);
        }
        return name;
    }

    @Override
    public String constant(Type.Enumeration type, BigInteger value) {
        String key = type.name() + "_" + type.values().get(value.intValueExact());
        return constants
                .computeIfAbsent(
                        key + " " + type.width() + " " + value,
                        k -> new Constant(names.take(key.toUpperCase(Locale.ROOT)), type, value))
                .name();
    }

    @Override
    public boolean shared(Expr expr) {
        return wires.containsKey(expr) || sharing.wants(expr);
    }

    @Override
    public Signal wire(Expr expr) {
        Node known = wires.get(expr);
        if (known != null) {
            return known;
        }
        var node = new Node(names.take(base + "_" + Sharing.word(expr)), expr.type(), expr, place);
        nameOf.put(node, node.name());
        wires.put(expr, node);
        define(node, part);
        return node;
    }

    /** Declares a signal with its value; a selection becomes a case statement. */
    private void define(Node node, Layout into) {
        written.add(node);
        if (node.value() instanceof Expr.Select select) {
            CppWords.declare(into, 1, of(node), "reg  " + declaration(node) + ";", place(node.loc()));
            select(node, select, node.loc(), into);
        } else {
            String value = expressions.defined(node.value());
            CppWords.declare(into, 1, of(node), "wire " + declaration(node) + " = " + value + ";", place(node.loc()));
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
                    label + ": " + of(target) + " = "
                            + expressions.assigned(select.elements().get(i)) + ";");
        }
        if (!complete) {
            body.line(
                    3,
                    "default: " + of(target) + " = "
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
        part = new Layout();
        base = name;
        place = loc;
    }

    private void end(Layout main) {
        parts.append(part).append(main);
    }

    private void instances(List<Part> todo) {
        for (Instance instance : module.instances()) {
            int at = Integer.MAX_VALUE;
            for (Port port : instance.module().ports()) {
                if (port.direction() == Direction.IN) {
                    at = Math.min(at, drives.first(new InstancePort(instance, port)));
                }
            }
            todo.add(new Part(at == Integer.MAX_VALUE ? -1 : at, () -> instance(instance)));
        }
    }

    private void instance(Instance instance) {
        var reads = new ArrayList<Expr>();
        for (Port port : instance.module().ports()) {
            var assign = connection(new InstancePort(instance, port));
            if (assign != null) {
                reads.add(assign.value());
            }
        }
        begin(instance.name(), instance.loc(), reads);
        var connections = new LinkedHashMap<String, String>();
        if (instance.module().usesClock()) {
            clocked = true;
            connections.put("clk", "clk");
        }
        if (instance.module().usesReset()) {
            resets = true;
            connections.put("rst", "rst");
        }
        for (Port port : instance.module().ports()) {
            var signal = new InstancePort(instance, port);
            var assign = connection(signal);
            connections.put(
                    port.name(),
                    assign == null
                            ? of(signal)
                            : expressions.exact(assign.value()).code());
            if (assign == null && port.direction() == Direction.IN) {
                use.read(signal, port.type().width() - 1, 0);
            }
        }
        int width = connections.keySet().stream().mapToInt(String::length).max().orElse(0);
        var main = new Layout();
        String label = Objects.requireNonNull(instanceNames.get(instance));
        CppWords.declare(main.blank(), 1, label, instance.module().name() + " " + label + " (", place(instance.loc()));
        int left = connections.size();
        for (Map.Entry<String, String> connection : connections.entrySet()) {
            String name = connection.getKey();
            String pad = " ".repeat(width - name.length());
            main.line(2, "." + name + pad + " (" + connection.getValue() + ")" + (--left > 0 ? "," : ""));
        }
        main.line(1, ");").blank();
        end(main);
    }

    /** The assignment whose value can stand in the port list: the input is not read and the value is simple. */
    private Statement.@Nullable Assign connection(InstancePort port) {
        if (!port.assignable() || sharing.reads(port)) {
            return null;
        }
        var assign = drives.simple(port);
        return assign != null && Sharing.connects(assign.value()) ? assign : null;
    }

    private void combinational(List<Part> todo) {
        var conditional = new ArrayList<Signal>();
        for (Object target : drives.all()) {
            if (!(target instanceof Signal signal) || signal instanceof Register) {
                continue;
            }
            var simple = drives.simple(signal);
            if (simple == null) {
                conditional.add(signal);
                procedural.add(signal);
            } else if (!(signal instanceof InstancePort port) || connection(port) == null) {
                if (simple.value() instanceof Expr.Select) {
                    procedural.add(signal);
                }
                todo.add(new Part(drives.first(signal), () -> simple(simple)));
            }
        }
        List<List<Signal>> groups = drives.together(conditional);
        if (groups.stream().anyMatch(group -> group.size() > 1)) {
            groups = CombGroups.split(groups, dependencies.get());
        }
        for (List<Signal> group : groups) {
            todo.add(new Part(drives.first(group.get(0)), () -> always(group)));
        }
    }

    private void simple(Statement.Assign assign) {
        begin(assign.target().name(), assign.loc(), List.of(assign.value()));
        var main = new Layout();
        if (assign.value() instanceof Expr.Select select) {
            int before = reads;
            var body = new Layout();
            select(assign.target(), select, assign.loc(), body);
            if (reads == before) {
                constant(assign.target(), ConstantDrive.of(select), assign.loc(), main);
            } else {
                main.blank();
                main.append(body);
            }
        } else {
            String value = expressions.assigned(assign.value());
            main.line(1, "assign " + of(assign.target()) + " = " + value + ";", assign.loc());
        }
        end(main);
    }

    private void always(List<Signal> group) {
        List<Statement> body = drives.statements(group);
        Set<Object> targets = new HashSet<>(group);
        begin(group.get(0).name(), body.get(0).loc(), StatementWriter.reads(body, targets));
        var main = new Layout();
        int before = reads;
        main.blank().line(1, "always @* begin");
        statements.block(body, targets, " = ", 2, main);
        main.line(1, "end").blank();
        if (reads == before) {
            main = new Layout();
            for (Signal target : group) {
                constant(target, ConstantDrive.of(target, body), body.get(0).loc(), main);
            }
        }
        end(main);
    }

    private void constant(Signal target, Expr value, Loc loc, Layout into) {
        procedural.remove(target);
        into.line(1, "assign " + of(target) + " = " + expressions.assigned(value) + ";", loc);
    }

    private void registers(List<Part> todo) {
        var simple = new ArrayList<Register>();
        var conditional = new ArrayList<Register>();
        for (Register register : module.registers()) {
            (drives.simple(register) != null ? simple : conditional).add(register);
        }
        for (List<Register> group : drives.together(conditional)) {
            clocked(group.stream().filter(r -> r.init() != null).toList(), todo);
            clocked(group.stream().filter(r -> r.init() == null).toList(), todo);
        }
        simple.sort(Comparator.comparingInt(drives::first));
        for (int i = 0; i < simple.size(); ) {
            int to = i + 1;
            while (to < simple.size()
                    && (simple.get(to).init() == null) == (simple.get(i).init() == null)) {
                to++;
            }
            clocked(List.copyOf(simple.subList(i, to)), todo);
            i = to;
        }
    }

    private void clocked(List<Register> group, List<Part> todo) {
        if (!group.isEmpty()) {
            int at = group.stream().mapToInt(drives::first).min().orElseThrow();
            todo.add(new Part(at, () -> clocked(group)));
        }
    }

    private void clocked(List<Register> group) {
        List<Statement> body = drives.statements(group);
        if (body.isEmpty()) {
            // Only under conditions that never hold: the register keeps what it has.
            body = group.stream().map(ModuleWriter::hold).toList();
        }
        Set<Object> targets = new HashSet<>(group);
        begin(group.get(0).name(), body.get(0).loc(), StatementWriter.reads(body, targets));
        var main = new Layout();
        main.blank().line(1, "always @(posedge clk) begin");
        clocked = true;
        resets |= group.get(0).init() != null;
        if (group.get(0).init() == null) {
            statements.block(body, targets, " <= ", 2, main);
        } else {
            main.line(2, "if (rst) begin");
            for (Register register : group) {
                var init = new Expr.Literal(Objects.requireNonNull(register.init()), register.type());
                main.line(3, of(register) + " <= " + expressions.assigned(init) + ";");
            }
            statements.otherwise(body, targets, " <= ", 2, main);
        }
        main.line(1, "end").blank();
        end(main);
    }

    private static Statement hold(Register register) {
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
        List<Statement> body = drives.statements(List.of(memory));
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
        this.clocked |= !body.isEmpty() || !clocked.isEmpty();
        var main = new Layout();
        memories.write(memory, body, clocked, main, statements);
        end(main);
    }

    private void asyncRead(ReadPort port) {
        var main = new Layout();
        main.line(
                1,
                "wire " + declaration(port) + " = " + memories.read(port.memory(), port.address()) + ";",
                port.loc());
        part.append(main);
    }

    /** A fresh identifier. */
    String fresh(String wanted) {
        return names.take(wanted);
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

    boolean procedural(Signal signal) {
        return procedural.contains(signal) || signal instanceof Register;
    }

    /** Whether a child's port needs a signal of its own in the parent. */
    boolean declares(InstancePort port) {
        return connection(port) == null;
    }

    List<Node> written() {
        return written;
    }

    BitUse use() {
        return use;
    }

    /** Whether the array of a memory is part of the text. */
    boolean holds(Memory memory) {
        return arrays.contains(memory);
    }

    /** Whether a read port is part of the text: a registered one is state, a combinational one is there if it is read. */
    boolean needed(ReadPort port) {
        return port.latency() == 1 || nodes.taken(port);
    }

    boolean clocked() {
        return clocked;
    }

    boolean resets() {
        return resets;
    }
}
