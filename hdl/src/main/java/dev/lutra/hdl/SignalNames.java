// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every signal, memory and instance of a definition its name in Verilog. In order of preference: a name given by
 * {@link Module#named}, the module's Java field that holds it (with indices in arrays, lists and records), the variable
 * found at the call site, a name made of what it is.
 *
 * <p>Several items with one name are numbered: {@code pe_0}, {@code pe_1}, ... if they come from one place in the source,
 * such as a loop; {@code sum}, {@code sum_1}, ... if from several.
 */
final class SignalNames {
    private final Definition definition;
    private final Items items;
    private final Values values;
    private final String[] names;
    private final Map<Integer, String> explicit = new HashMap<>();
    private final Map<Integer, String> fields;
    private final Set<Integer> marked = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    /** Items that want one name. */
    private static final class Group {
        final List<Integer> numbers = new ArrayList<>();
        boolean numbered;
    }

    SignalNames(Definition definition, Items items) {
        this.definition = definition;
        this.items = items;
        this.names = new String[items.size()];
        used.add(definition.reset().portName());
        this.fields = FieldNames.of(definition.example());
        for (int i : items.numbers(Op.NAMED, Op.ATTRIBUTE)) {
            var item = items.get(i);
            if (item.op == Op.NAMED) {
                explicit.put(item.a, String.valueOf(item.x));
            } else {
                marked.add(item.a);
            }
        }
        this.values = new Values(
                items, number -> explicit.containsKey(number) || fields.containsKey(number) || marked.contains(number));
    }

    /** What is used and what stands alone, which depends on names. */
    Values values() {
        return values;
    }

    /** Names by item number; null where none is needed. */
    String[] all() {
        var ports = new ArrayList<Integer>();
        var signals = new ArrayList<Integer>();
        var reads = new ArrayList<Integer>();
        var held = new ArrayList<Integer>();
        var parts = new ArrayList<Integer>();
        for (int i = 0; i < items.size(); i++) {
            var op = items.op(i);
            switch (op) {
                case IN, OUT -> ports.add(i);
                case REG, WIRE, MEMORY, INSTANCE -> (isHeld(i) ? signals : parts).add(i);
                case READ -> {
                    if (values.isUsed(i)) {
                        reads.add(i);
                    }
                }
                default -> {
                    if (op.isValue() && values.isNode(i)) {
                        (isHeld(i) ? held : parts).add(i);
                    }
                }
            }
        }
        // Ports first: they are what others see. Derived names last: nobody looks for them.
        give(ports);
        give(signals);
        give(reads);
        give(held);
        give(parts);
        keepInstancePortsApart();
        return names;
    }

    /** Whether an item is called just as its field or {@code named} says. */
    boolean isExact(int number) {
        String given = explicit.get(number);
        String wanted = given == null ? fields.get(number) : given + items.get(number).path;
        return names[number].equals(wanted);
    }

    private boolean isHeld(int number) {
        return items.get(number).origin.held() || fields.containsKey(number) || explicit.containsKey(number);
    }

    private void give(List<Integer> numbers) {
        var groups = new LinkedHashMap<String, Group>();
        for (int number : numbers) {
            groups.computeIfAbsent(wanted(number), n -> new Group()).numbers.add(number);
        }
        for (var group : groups.values()) {
            group.numbered = group.numbers.size() > 1 && fromOnePlace(group.numbers);
        }
        // Names that need no number go first, so that a numbered one never takes what another item is called.
        groups.forEach((base, group) -> {
            if (!group.numbered) {
                take(group.numbers.get(0), base);
            }
        });
        groups.forEach((base, group) -> {
            for (int i = group.numbered ? 0 : 1; i < group.numbers.size(); i++) {
                take(group.numbers.get(i), base + "_" + i);
            }
        });
    }

    private boolean fromOnePlace(List<Integer> numbers) {
        var sites = new HashSet<Object>();
        for (int number : numbers) {
            var origin = items.get(number).origin;
            if (origin.strength() == Origin.Strength.ELEMENT || !sites.add(origin.site())) {
                return true;
            }
        }
        return false;
    }

    private void take(int number, String wanted) {
        String name = wanted;
        for (int i = 1; !used.add(name); i++) {
            name = wanted + "_" + i;
        }
        names[number] = name;
    }

    private String wanted(int number) {
        var item = items.get(number);
        String given = explicit.get(number);
        if (given != null) {
            return Naming.legal(given + item.path);
        }
        String field = fields.get(number);
        if (field != null) {
            return Naming.legal(field);
        }
        var origin = item.origin;
        if (origin.held()) {
            return Naming.legal(origin.name() + item.path);
        }
        if (item.op == Op.READ) {
            return names[item.a] == null ? "word" : names[item.a] + "_q";
        }
        if (!item.path.isEmpty()) {
            return Naming.legal(kind(item) + item.path);
        }
        String owner = origin.name() == null && item.op.isValue() ? purpose(number) : origin.name();
        return Naming.legal(owner == null ? kind(item) : owner + "_" + kind(item));
    }

    private @Nullable String @Nullable [] purposes;

    /** The name of what a value drives first, or of the memory it addresses: unlike a bare number it does not depend on other statements. */
    private @Nullable String purpose(int number) {
        if (purposes == null) {
            purposes = purposes();
        }
        return purposes[number];
    }

    private @Nullable String[] purposes() {
        var of = new @Nullable String[items.size()];
        @Nullable String following = null; // what the next statement drives: a condition is for that
        for (int i = items.size() - 1; i >= 0; i--) {
            var item = items.get(i);
            var purpose = switch (item.op) {
                case ASSIGN -> target(item.a);
                case WRITE -> names[item.a];
                case WHEN, ELSE_WHEN, SWITCH -> following;
                case READ -> values.isUsed(i) ? names[item.a] : null;
                default -> !item.op.isValue() || !values.isUsed(i) ? null : names[i] != null ? names[i] : of[i];
            };
            if (item.op == Op.ASSIGN || item.op == Op.WRITE) {
                following = purpose;
            }
            if (purpose != null) {
                Values.operands(item, operand -> of[operand] = purpose);
            }
        }
        return of;
    }

    private @Nullable String target(int number) {
        var item = items.get(number);
        if (item.op != Op.INSTANCE_PORT) {
            return names[number];
        }
        var child = definition.children().get(items.get(item.a).a);
        return names[item.a] + "_" + child.port(item.b).name();
    }

    private String kind(Item item) {
        return switch (item.op) {
            case IN, OUT -> "port";
            case WIRE -> "w";
            case REG -> "r";
            case MEMORY -> "mem";
            case INSTANCE -> {
                String name = Naming.className(
                        definition.children().get(item.a).example().getClass());
                yield name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
            }
            default -> item.op.name().toLowerCase(Locale.ROOT).replace("_", "");
        };
    }

    /** {@code instance_port} is a name too: moves signals that happen to have it. */
    private void keepInstancePortsApart() {
        var ports = new HashMap<String, Set<String>>();
        for (int i : items.numbers(Op.INSTANCE)) {
            ports.put(names[i], portNames(definition.children().get(items.get(i).a)));
        }
        if (ports.isEmpty()) {
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            if (names[i] != null && items.op(i) != Op.INSTANCE) {
                String name = names[i];
                while (isInstancePort(name, ports)) {
                    name += "_";
                }
                if (!name.equals(names[i])) {
                    take(i, name);
                }
            }
        }
    }

    private final Map<Definition, Set<String>> portNames = new HashMap<>();

    private Set<String> portNames(Definition child) {
        return portNames.computeIfAbsent(child, c -> {
            var all = new HashSet<String>();
            c.built().ports().forEach(port -> all.add(port.name()));
            return all;
        });
    }

    private static boolean isInstancePort(String name, Map<String, Set<String>> ports) {
        for (int at = name.indexOf('_'); at > 0; at = name.indexOf('_', at + 1)) {
            @Nullable Set<String> of = ports.get(name.substring(0, at));
            if (of != null && of.contains(name.substring(at + 1))) {
                return true;
            }
        }
        return false;
    }
}
