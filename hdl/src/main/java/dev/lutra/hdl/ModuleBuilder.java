// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.Wire;
import dev.lutra.hdl.pass.PortCollisions;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a definition's recording into the module of the intermediate representation. */
final class ModuleBuilder {
    private final Definition definition;
    private final Items items;
    private final String moduleName;
    private final SignalNames signalNames;
    private final Values values;
    private final String[] names;

    private final Expr[] exprs;
    private final @Nullable Signal[] signals;
    private final Domains domains;
    private final Map<Integer, dev.lutra.hdl.ir.Memory> memoryOf = new HashMap<>();
    private final Map<Integer, Instance> instanceOf = new HashMap<>();
    private final Map<Integer, BigInteger> resetValues = new HashMap<>();
    private final Map<Integer, List<BigInteger>> contents = new HashMap<>();
    private final Map<Integer, Integer> maskBits = new HashMap<>();
    /** Memories of two ports or said to be exclusive, with whether they are. */
    private final Map<Integer, Boolean> ported = new LinkedHashMap<>();

    private final Map<String, Map<String, String>> attributes = new LinkedHashMap<>();
    private final List<String> doc = new ArrayList<>();
    /** Of a black box. */
    private final List<BlackBox.Fact> facts = new ArrayList<>();

    private final List<Port> ports = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Register> registers = new ArrayList<>();
    private final List<dev.lutra.hdl.ir.Memory> memories = new ArrayList<>();
    private final List<ReadPort> readPorts = new ArrayList<>();
    private final List<Instance> instances = new ArrayList<>();

    ModuleBuilder(Definition definition, String moduleName) {
        this.definition = definition;
        this.items = new Items(definition.items());
        this.moduleName = moduleName;
        this.signalNames = new SignalNames(definition, items);
        this.values = signalNames.values();
        this.names = signalNames.all();
        this.exprs = new Expr[items.size()];
        this.signals = new Signal[items.size()];
        this.domains = new Domains(items, signals);
    }

    void build() {
        collectAttributes();
        for (int i = 0; i < items.size(); i++) {
            if (!items.op(i).isStatement()) {
                convert(i, items.get(i));
            }
        }
        var body = new StatementBuilder(
                        items,
                        exprs,
                        signals,
                        memoryOf,
                        domains,
                        definition.example().session()::reportIfSound)
                .build();
        var collisions = new ArrayList<Statement>();
        ported.forEach((number, exclusive) -> collisions.addAll(collisions(memory(number), exclusive, body)));
        body.addAll(collisions);
        boolean clock = false;
        boolean reset = false;
        for (var register : registers) {
            clock |= register.domain().isOwn();
            reset |= register.domain().isOwn() && register.init() != null;
        }
        for (int i : items.numbers(Op.CHECK, Op.PRINT, Op.STOP, Op.WRITE, Op.READ)) {
            var item = items.get(i);
            boolean watch = item.op == Op.CHECK || item.op == Op.PRINT || item.op == Op.STOP;
            boolean clocked = watch
                    || item.op == Op.WRITE
                    || item.op == Op.READ && !Integer.valueOf(0).equals(item.x);
            if (clocked && domains.of(i).isOwn()) {
                clock = true;
                reset |= watch;
            }
        }
        for (var statement : collisions) {
            boolean own = ((Statement.Watch) statement).domain().isOwn();
            clock |= own;
            reset |= own;
        }
        for (var instance : instances) {
            clock |= instance.domain().isOwn() && instance.module().usesClock();
            reset |= instance.domain().isOwn() && instance.module().usesReset();
        }
        var example = definition.example();
        var params = example.params();
        var box = facts.isEmpty() ? null : new BoxBuilder(example, facts).build(portNames(), body, clock, reset);
        definition.setBuilt(
                new dev.lutra.hdl.ir.Module(
                        moduleName,
                        example.getClass().getName(),
                        params == null ? "" : ParameterText.of(params),
                        doc,
                        ports,
                        wires,
                        nodes,
                        registers,
                        memories,
                        readPorts,
                        instances,
                        body,
                        box == null ? clock : box.clock() != null,
                        box == null ? reset : box.reset() != null,
                        definition.reset(),
                        attributes,
                        box),
                signals);
    }

    /** The ports, and whether they are called as the source says. */
    private Map<Port, Boolean> portNames() {
        var all = new LinkedHashMap<Port, Boolean>();
        for (int i = 0; i < items.size(); i++) {
            if (signals[i] instanceof Port port) {
                all.put(port, signalNames.isExact(i));
            }
        }
        return all;
    }

    private void collectAttributes() {
        for (int number : items.numbers(
                Op.INIT, Op.MEMORY_INIT, Op.ATTRIBUTE, Op.DOC, Op.WRITE, Op.PORT_WRITE, Op.EXCLUSIVE, Op.BOX)) {
            var item = items.get(number);
            switch (item.op) {
                case INIT -> resetValues.put(item.a, (BigInteger) extra(item));
                case MEMORY_INIT -> contents.put(item.a, words(extra(item)));
                case ATTRIBUTE -> {
                    var entry = (Attributes.Entry) extra(item);
                    attributes
                            .computeIfAbsent(item.a < 0 ? "" : names[item.a], n -> new LinkedHashMap<>())
                            .put(entry.name(), entry.value());
                }
                case BOX -> facts.add((BlackBox.Fact) extra(item));
                case DOC -> ((List<?>) extra(item)).forEach(p -> doc.add((String) p));
                case WRITE -> {
                    if (item.x instanceof Integer mask) {
                        maskBits.put(item.a, type(items.get(mask)).width());
                    }
                }
                case PORT_WRITE -> {
                    if (item.c >= 0) {
                        maskBits.put(
                                items.get(item.a).a, type(items.get(item.c)).width());
                    }
                    ported.putIfAbsent(items.get(item.a).a, false);
                }
                case EXCLUSIVE -> ported.put(item.a, true);
                default -> {
                    // no attribute
                }
            }
        }
    }

    private void convert(int number, Item item) {
        switch (item.op) {
            case IN -> ports.add(signal(number, new Port(names[number], type(item), Direction.IN, item.origin.loc())));
            case OUT ->
                ports.add(signal(number, new Port(names[number], type(item), Direction.OUT, item.origin.loc())));
            case WIRE -> wires.add(signal(number, new Wire(names[number], type(item), item.origin.loc())));
            case REG ->
                registers.add(signal(
                        number,
                        new Register(
                                names[number],
                                type(item),
                                resetValues.get(number),
                                domains.of(number),
                                item.origin.loc())));
            case INSTANCE_PORT -> {
                var instance = instance(item.a);
                signal(
                        number,
                        new InstancePort(
                                instance,
                                definition.children().get(items.get(item.a).a).port(item.b)));
            }
            case READ -> {
                if (values.isUsed(number)) {
                    var enable = item.c < 0 ? null : exprs[item.c];
                    var rule = item.x instanceof ReadDuringWrite r ? r : null;
                    readPorts.add(signal(
                            number,
                            new ReadPort(
                                    names[number],
                                    memory(item.a),
                                    exprs[item.b],
                                    enable,
                                    rule == null ? (Integer) extra(item) : 1,
                                    domains.of(number),
                                    rule,
                                    item.origin.loc())));
                }
            }
            case MEMORY -> {
                var memory = new dev.lutra.hdl.ir.Memory(
                        names[number],
                        type(item),
                        item.b,
                        maskBits.getOrDefault(number, 0),
                        contents.getOrDefault(number, List.of()),
                        item.origin.loc());
                memories.add(memory);
                memoryOf.put(number, memory);
            }
            case INSTANCE -> {
                var child = definition.children().get(item.a);
                var instance = new Instance(names[number], child.built(), domains.of(number), item.origin.loc());
                instances.add(instance);
                instanceOf.put(number, instance);
            }
            default -> {
                if (item.op.isValue() && values.isUsed(number)) {
                    exprs[number] = value(number, item, item.origin.loc());
                }
            }
        }
    }

    private Expr value(int number, Item item, Loc loc) {
        var expr = operation(item);
        return values.isNode(number) ? node(number, expr, loc) : expr;
    }

    private Expr node(int number, Expr value, Loc loc) {
        nodes.add(signal(number, new Node(names[number], value.type(), value, loc)));
        return exprs[number];
    }

    private <S extends Signal> S signal(int number, S signal) {
        signals[number] = signal;
        exprs[number] = new Expr.Ref(signal);
        return signal;
    }

    private Expr operation(Item item) {
        var type = type(item);
        var unary = item.op.unary();
        if (unary != null) {
            return new Expr.Unary(unary, exprs[item.a], type);
        }
        var binary = item.op.binary();
        if (binary != null) {
            return new Expr.Binary(binary, exprs[item.a], exprs[item.b], type);
        }
        return switch (item.op) {
            case LITERAL -> new Expr.Literal((BigInteger) extra(item), type);
            case MUX -> new Expr.Mux(exprs[item.a], exprs[item.b], exprs[item.c], type);
            case SELECT -> new Expr.Select(exprs[item.a], list((int[]) extra(item)), type);
            case SLICE -> new Expr.Slice(exprs[item.a], item.b, item.c, type);
            case CONCAT -> new Expr.Concat(list((int[]) extra(item)), type);
            case EXTEND -> new Expr.Extend(exprs[item.a], type);
            case TRUNCATE -> new Expr.Truncate(exprs[item.a], type);
            case REINTERPRET -> new Expr.Reinterpret(exprs[item.a], type);
            case CROSSING -> new Expr.Reinterpret(exprs[item.a], true, type);
            default -> throw new IllegalStateException("no value: " + item.op);
        };
    }

    private List<Expr> list(int[] numbers) {
        var all = new ArrayList<Expr>(numbers.length);
        for (int number : numbers) {
            all.add(exprs[number]);
        }
        return all;
    }

    /** What has to hold between the ports of a memory, and what synthesis may assume of them. */
    private List<Statement> collisions(dev.lutra.hdl.ir.Memory memory, boolean exclusive, List<Statement> body) {
        var clocks = new HashSet<@Nullable Signal>();
        for (var port : readPorts) {
            if (port.memory() == memory && port.rule() != null) {
                clocks.add(port.domain().clock());
            }
        }
        if (exclusive || clocks.size() > 1) {
            var own = attributes.computeIfAbsent(memory.name(), n -> new LinkedHashMap<>());
            own.putIfAbsent("no_rw_check", "1"); // Yosys
            if (exclusive) {
                own.putIfAbsent("rw_addr_collision", "no"); // Vivado
            }
        }
        return PortCollisions.of(memory, exclusive, readPorts, body);
    }

    private Instance instance(int number) {
        var instance = instanceOf.get(number);
        if (instance == null) {
            throw new IllegalStateException("item " + number + " is no instance");
        }
        return instance;
    }

    private dev.lutra.hdl.ir.Memory memory(int number) {
        var memory = memoryOf.get(number);
        if (memory == null) {
            throw new IllegalStateException("item " + number + " is no memory");
        }
        return memory;
    }

    private static Type type(Item item) {
        if (item.type == null) {
            throw new IllegalStateException(item.op + " has no type");
        }
        return item.type;
    }

    private static Object extra(Item item) {
        if (item.x == null) {
            throw new IllegalStateException(item.op + " lacks its operand");
        }
        return item.x;
    }

    private static List<BigInteger> words(Object list) {
        return ((List<?>) list).stream().map(BigInteger.class::cast).toList();
    }
}
