// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.S;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The circuits that are one step smaller than a circuit, those with most left out first. Not all of them are legal. */
final class Smaller {
    private final Sketch sketch;
    private final List<Supplier<Sketch>> all = new ArrayList<>();

    private Smaller(Sketch sketch) {
        this.sketch = sketch;
    }

    /** Each makes a circuit, or throws {@link IllegalArgumentException}. */
    static List<Supplier<Sketch>> than(Sketch sketch) {
        var smaller = new Smaller(sketch);
        smaller.shorter();
        smaller.otherTop();
        smaller.outputs();
        for (int i = sketch.parts().size() - 1; i >= 0; i--) {
            smaller.withoutItems(i);
        }
        for (int i = sketch.parts().size() - 1; i >= 0; i--) {
            smaller.statements(i);
            smaller.terms(i);
            smaller.items(i);
            smaller.domains(i);
        }
        smaller.narrower();
        return smaller.all;
    }

    private void shorter() {
        for (int cycles : new int[] {sketch.cycles() / 2, sketch.cycles() - 4, sketch.cycles() - 1}) {
            if (cycles > 0 && cycles < sketch.cycles()) {
                all.add(() -> new Sketch(sketch.seed(), sketch.parts(), sketch.domains(), cycles));
            }
        }
    }

    /** A part below stands alone. */
    private void otherTop() {
        for (int i = 0; i < sketch.parts().size() - 1; i++) {
            Sketch.Part part = sketch.parts().get(i);
            var domains = new ArrayList<Sketch.Domain>();
            domains.add(sketch.domains().get(0));
            for (int d = 0; d < part.domains().size(); d++) {
                int clock = d + 1 < sketch.domains().size()
                        ? sketch.domains().get(d + 1).clock()
                        : d + 1;
                domains.add(new Sketch.Domain(clock, part.domains().get(d)));
            }
            int count = i + 1;
            all.add(() -> used(new Sketch(sketch.seed(), sketch.parts().subList(0, count), domains, sketch.cycles())));
        }
    }

    /** A value inside the outermost part as its only output, with what it depends on. */
    private void outputs() {
        Sketch.Part top = sketch.top();
        for (Item item : top.items()) {
            if (item instanceof Item.Block block) {
                new Sketch.Part(List.of(), List.of(item)).terms().forEach(term -> output(block.domain(), term));
            } else if (item instanceof Item.Value value) {
                output(0, value.term());
            }
        }
    }

    private void output(int domain, Term term) {
        if (term.op() == Operator.REF || term.op() == Operator.LIT) {
            return;
        }
        all.add(() -> {
            Sketch.Part top = sketch.top();
            String name = top.ports(false).get(0).name();
            var items = new ArrayList<>(Cone.of(top, term).items());
            items.removeIf(item -> item.name().equals(name));
            items.add(new Item.Port(name, term.shape(), false));
            items.add(new Item.Block(domain, false, List.of(new Step.Set(name, List.of(), term))));
            return replaced(sketch, sketch.parts().size() - 1, new Sketch.Part(top.domains(), items));
        });
    }

    private static Sketch replaced(Sketch sketch, int part, Sketch.Part by) {
        var parts = new ArrayList<>(sketch.parts());
        parts.set(part, by);
        return used(new Sketch(sketch.seed(), parts, sketch.domains(), sketch.cycles()));
    }

    /** Without parts that nothing is an instance of. */
    private static Sketch used(Sketch sketch) {
        Set<Integer> used = new HashSet<>(Set.of(sketch.parts().size() - 1));
        for (int i = sketch.parts().size() - 1; i >= 0; i--) {
            if (used.contains(i)) {
                for (Item item : sketch.parts().get(i).items()) {
                    if (item instanceof Item.Instance instance) {
                        used.add(instance.part());
                    }
                }
            }
        }
        if (used.size() == sketch.parts().size()) {
            return sketch;
        }
        var numbers = new HashMap<Integer, Integer>();
        var parts = new ArrayList<Sketch.Part>();
        for (int i = 0; i < sketch.parts().size(); i++) {
            if (used.contains(i)) {
                numbers.put(i, parts.size());
                parts.add(
                        new Rewrite() {
                            @Override
                            List<Item> change(Item item) {
                                return item instanceof Item.Instance in
                                        ? List.of(new Item.Instance(in.name(), numbers.get(in.part()), in.domains()))
                                        : null;
                            }
                        }.part(sketch.parts().get(i)));
            }
        }
        return new Sketch(sketch.seed(), parts, sketch.domains(), sketch.cycles());
    }

    // ---- fewer items

    private void withoutItems(int part) {
        List<String> names = sketch.parts().get(part).items().stream()
                .map(Item::name)
                .filter(n -> !n.isEmpty())
                .toList();
        for (int chunk = Math.max(1, names.size() / 2); chunk >= 1; chunk /= 2) {
            for (int from = 0; from < names.size(); from += chunk) {
                Set<String> gone = Set.copyOf(names.subList(from, Math.min(names.size(), from + chunk)));
                all.add(() -> without(part, gone));
            }
        }
    }

    /** Without some items of a part, whose values become 0. */
    private Sketch without(int part, Set<String> gone) {
        var removed = new HashSet<>(gone);
        for (Item item : sketch.parts().get(part).items()) {
            if (item instanceof Item.Read read && gone.contains(read.memory())) {
                removed.add(read.name());
            } else if (item instanceof Item.Access port && gone.contains(port.memory())) {
                removed.add(port.name());
            }
        }
        var parts = new ArrayList<>(sketch.parts());
        parts.set(part, cut(parts.get(part), removed));
        for (int i = part + 1; i < parts.size(); i++) {
            var pins = new HashSet<String>();
            for (Item item : parts.get(i).items()) {
                if (item instanceof Item.Instance instance && instance.part() == part) {
                    removed.forEach(name -> pins.add(instance.name() + "." + name));
                }
            }
            if (!pins.isEmpty()) {
                parts.set(i, cut(parts.get(i), pins));
            }
        }
        Sketch cut = used(new Sketch(sketch.seed(), parts, sketch.domains(), sketch.cycles()));
        for (Sketch.Part p : cut.parts()) {
            if (p.ports(false).isEmpty() || p.ports(true).isEmpty()) {
                throw new IllegalArgumentException("no ports left");
            }
        }
        return cut;
    }

    private static Sketch.Part cut(Sketch.Part part, Set<String> gone) {
        return new Rewrite() {
            @Override
            List<Item> change(Item item) {
                boolean empty = item instanceof Item.Block block && block.body().isEmpty();
                return empty || gone.contains(item.name()) ? List.of() : null;
            }

            @Override
            List<Step> change(Step step) {
                String target = step instanceof Step.Set set
                        ? set.target()
                        : step instanceof Step.SetAt at
                                ? at.target()
                                : step instanceof Step.Write write
                                        ? write.memory()
                                        : step instanceof Step.PortWrite port ? port.port() : "";
                return isGone(target) ? List.of() : null;
            }

            @Override
            Term change(Term term) {
                return term.op() == Operator.REF && isGone(term.name()) ? zero(term.shape()) : term;
            }

            private boolean isGone(String name) {
                int dot = name.indexOf('.');
                return gone.contains(name) || dot > 0 && gone.contains(name.substring(0, dot));
            }
        }.part(part);
    }

    private static Term zero(Shape shape) {
        return shape.ground()
                ? Term.literal(shape, BigInteger.ZERO)
                : Term.unpack(Term.literal(new B(shape.width()), BigInteger.ZERO), shape);
    }

    // ---- fewer statements

    private void statements(int part) {
        int count = count(part, Step.class);
        for (int i = 0; i < count; i++) {
            int number = i;
            Step step = at(part, number);
            all.add(() -> replaced(part, number, List.of()));
            for (List<Step> block : step.blocks()) {
                if (!block.isEmpty()) {
                    all.add(() -> replaced(part, number, block));
                }
            }
            if (step instanceof Step.When when) {
                if (!when.otherwise().isEmpty()) {
                    all.add(() -> replaced(part, number, List.of(new Step.When(when.branches(), List.of()))));
                }
                for (int b = 0; b < when.branches().size() && when.branches().size() > 1; b++) {
                    var rest = new ArrayList<>(when.branches());
                    rest.remove(b);
                    all.add(() -> replaced(part, number, List.of(new Step.When(rest, when.otherwise()))));
                }
            } else if (step instanceof Step.Switch choice) {
                if (!choice.otherwise().isEmpty()) {
                    all.add(() -> replaced(
                            part, number, List.of(new Step.Switch(choice.subject(), choice.cases(), List.of()))));
                }
                for (int c = 0; c < choice.cases().size() && choice.cases().size() > 1; c++) {
                    var rest = new ArrayList<>(choice.cases());
                    rest.remove(c);
                    all.add(() -> replaced(
                            part, number, List.of(new Step.Switch(choice.subject(), rest, choice.otherwise()))));
                }
                for (int c = 0; c < choice.cases().size(); c++) {
                    Step.Case one = choice.cases().get(c);
                    if (one.values().size() > 1) {
                        var rest = new ArrayList<>(choice.cases());
                        rest.set(c, new Step.Case(one.values().subList(0, 1), one.body()));
                        all.add(() -> replaced(
                                part, number, List.of(new Step.Switch(choice.subject(), rest, choice.otherwise()))));
                    }
                }
            } else if (step instanceof Step.Write write && write.mask() != null) {
                all.add(() -> replaced(
                        part, number, List.of(new Step.Write(write.memory(), write.address(), write.data(), null))));
            }
        }
    }

    private int count(int part, Class<?> kind) {
        int[] count = {0};
        new Rewrite() {
            @Override
            Term change(Term term) {
                count[0] += kind == Term.class ? 1 : 0;
                return term;
            }

            @Override
            List<Step> change(Step step) {
                count[0] += kind == Step.class ? 1 : 0;
                return null;
            }
        }.part(sketch.parts().get(part));
        return count[0];
    }

    private Step at(int part, int number) {
        Step[] found = {null};
        new Rewrite() {
            private int next;

            @Override
            List<Step> change(Step step) {
                if (next++ == number) {
                    found[0] = step;
                }
                return null;
            }
        }.part(sketch.parts().get(part));
        return found[0];
    }

    private Sketch replaced(int part, int number, List<Step> by) {
        return replaced(
                sketch,
                part,
                new Rewrite() {
                    private int next;

                    @Override
                    List<Step> change(Step step) {
                        return next++ == number ? by : null;
                    }
                }.part(sketch.parts().get(part)));
    }

    // ---- smaller terms

    private void terms(int part) {
        int count = count(part, Term.class);
        for (int i = 0; i < count; i++) {
            int number = i;
            Term term = termAt(part, number);
            if (term.op() == Operator.LIT) {
                continue;
            }
            if (term.op() != Operator.REF) {
                all.add(() -> replaced(part, number, zero(term.shape())));
            }
            for (Term arg : term.args()) {
                all.add(() -> replaced(part, number, fitted(arg, term.shape())));
            }
            if (term.op() == Operator.REF) {
                all.add(() -> replaced(part, number, zero(term.shape())));
            } else if (term.op() == Operator.SELECT || term.op() == Operator.CAT) {
                for (int a = term.op() == Operator.SELECT ? 1 : 0;
                        a < term.args().size();
                        a++) {
                    var rest = new ArrayList<>(term.args());
                    rest.remove(a);
                    if (rest.size() > 1) {
                        all.add(() -> replaced(part, number, fitted(Term.of(term.op(), rest), term.shape())));
                    }
                }
            }
        }
    }

    private Term termAt(int part, int number) {
        Term[] found = {null};
        new Rewrite() {
            private int next;

            @Override
            Term change(Term term) {
                if (next++ == number) {
                    found[0] = term;
                }
                return term;
            }
        }.part(sketch.parts().get(part));
        return found[0];
    }

    private Sketch replaced(int part, int number, Term by) {
        return replaced(
                sketch,
                part,
                new Rewrite() {
                    private int next;

                    @Override
                    Term change(Term term) {
                        return next++ == number ? by : term;
                    }
                }.part(sketch.parts().get(part)));
    }

    /** A value of a shape that has another one's low bits. */
    private static Term fitted(Term term, Shape shape) {
        if (term.shape().equals(shape)) {
            return term;
        }
        int w = shape.width();
        if (!shape.ground() || !term.shape().ground() || shape instanceof Shape.Choice) {
            throw new IllegalArgumentException(term + " is no " + shape);
        }
        boolean signed = shape instanceof S;
        boolean number = signed ? term.shape() instanceof S : term.shape() instanceof U;
        Term at = number ? term : Term.of(signed ? Operator.AS_SINT : Operator.AS_UINT, term);
        if (at.shape().width() > w) {
            at = Term.of(Operator.TRUNCATE, at, w);
        } else if (at.shape().width() < w) {
            at = Term.of(Operator.EXTEND, at, w);
        }
        return shape instanceof B
                ? Term.of(Operator.AS_BITS, at)
                : shape instanceof Shape.Truth ? Term.of(Operator.AS_BOOL, at) : at;
    }

    // ---- plainer items

    private void items(int part) {
        List<Item> items = sketch.parts().get(part).items();
        for (int i = 0; i < items.size(); i++) {
            int number = i;
            Item item = items.get(i);
            if (item instanceof Item.Register r && !r.init().isEmpty()) {
                all.add(() -> replaced(part, number, new Item.Register(r.name(), r.shape(), List.of(), r.domain())));
                if (!r.init().equals(r.shape().zero())) {
                    all.add(() -> replaced(
                            part,
                            number,
                            new Item.Register(r.name(), r.shape(), r.shape().zero(), r.domain())));
                }
            } else if (item instanceof Item.Value v && v.named()) {
                all.add(() -> replaced(part, number, new Item.Value(v.name(), v.term(), false)));
            } else if (item instanceof Item.Value v) {
                all.add(() -> inlined(part, v));
            } else if (item instanceof Item.Memory m) {
                if (!m.init().isEmpty()) {
                    all.add(() -> replaced(
                            part, number, new Item.Memory(m.name(), m.word(), m.depth(), m.maskBits(), List.of())));
                }
                if (m.depth() > 1) {
                    int depth = m.depth() / 2;
                    var init = m.init().subList(0, Math.min(depth, m.init().size()));
                    all.add(() ->
                            replaced(part, number, new Item.Memory(m.name(), m.word(), depth, m.maskBits(), init)));
                }
            } else if (item instanceof Item.Read r && r.enable() != null) {
                all.add(() -> replaced(
                        part,
                        number,
                        new Item.Read(r.name(), r.memory(), r.word(), r.address(), null, r.latency(), r.domain())));
            } else if (item instanceof Item.Access a && a.enable() != null) {
                all.add(() -> replaced(
                        part,
                        number,
                        new Item.Access(a.name(), a.memory(), a.word(), a.address(), null, a.rule(), a.domain())));
            } else if (item instanceof Item.Block b && b.late()) {
                all.add(() -> replaced(part, number, new Item.Block(b.domain(), false, b.body())));
            } else if (item instanceof Item.Block b && b.body().isEmpty()) {
                var rest = new ArrayList<>(items);
                rest.remove(number);
                all.add(() -> replaced(
                        sketch, part, new Sketch.Part(sketch.parts().get(part).domains(), rest)));
            }
        }
    }

    private Sketch replaced(int part, int number, Item by) {
        var items = new ArrayList<>(sketch.parts().get(part).items());
        items.set(number, by);
        return replaced(sketch, part, new Sketch.Part(sketch.parts().get(part).domains(), items));
    }

    private Sketch inlined(int part, Item.Value value) {
        return replaced(
                sketch,
                part,
                new Rewrite() {
                    @Override
                    List<Item> change(Item item) {
                        return item == value ? List.of() : null;
                    }

                    @Override
                    Term change(Term term) {
                        return term.op() == Operator.REF && term.name().equals(value.name()) ? value.term() : term;
                    }
                }.part(sketch.parts().get(part)));
    }

    // ---- fewer domains

    private void domains(int part) {
        Sketch.Part old = sketch.parts().get(part);
        boolean top = part == sketch.parts().size() - 1;
        for (int d = 0; d <= old.domains().size(); d++) {
            int domain = d;
            if (d > 0) {
                all.add(() -> merged(part, domain));
            }
            if (top && sketch.domains().get(d).clock() != 0 && d == 0) {
                all.add(() ->
                        outside(0, new Sketch.Domain(0, sketch.domains().get(0).reset())));
            }
            if (top && d == 0 && sketch.domains().get(0).reset() != ResetKind.SYNC) {
                all.add(() ->
                        outside(0, new Sketch.Domain(sketch.domains().get(0).clock(), ResetKind.SYNC)));
            }
        }
    }

    private Sketch outside(int number, Sketch.Domain by) {
        var domains = new ArrayList<>(sketch.domains());
        domains.set(number, by);
        return new Sketch(sketch.seed(), sketch.parts(), domains, sketch.cycles());
    }

    /** What belonged to a domain belongs to the module's own; crossings are plain then. */
    private Sketch merged(int part, int domain) {
        Sketch.Part old = sketch.parts().get(part);
        var kinds = new ArrayList<>(old.domains());
        kinds.remove(domain - 1);
        var parts = new ArrayList<>(sketch.parts());
        Sketch.Part moved = new Rewrite() {
            private int number(int d) {
                return d == domain ? 0 : d > domain ? d - 1 : d;
            }

            @Override
            List<Item> change(Item item) {
                if (item instanceof Item.Register r) {
                    return List.of(new Item.Register(r.name(), r.shape(), r.init(), number(r.domain())));
                } else if (item instanceof Item.Read r) {
                    return List.of(new Item.Read(
                            r.name(), r.memory(), r.word(), r.address(), r.enable(), r.latency(), number(r.domain())));
                } else if (item instanceof Item.Access a) {
                    return List.of(new Item.Access(
                            a.name(), a.memory(), a.word(), a.address(), a.enable(), a.rule(), number(a.domain())));
                } else if (item instanceof Item.Block b) {
                    return List.of(new Item.Block(number(b.domain()), b.late(), b.body()));
                } else if (item instanceof Item.Instance in) {
                    for (int i = 1; i < in.domains().size(); i++) {
                        if (number(in.domains().get(i)) == 0) {
                            throw new IllegalArgumentException("the own clock cannot be passed on");
                        }
                    }
                    return List.of(new Item.Instance(
                            in.name(),
                            in.part(),
                            in.domains().stream().map(this::number).toList()));
                }
                return null;
            }
        }.part(old);
        parts.set(part, new Sketch.Part(kinds, moved.items()));
        for (int i = part + 1; i < parts.size(); i++) {
            parts.set(
                    i,
                    new Rewrite() {
                        @Override
                        List<Item> change(Item item) {
                            if (item instanceof Item.Instance in && in.part() == part) {
                                var domains = new ArrayList<>(in.domains());
                                domains.remove(domain);
                                return List.of(new Item.Instance(in.name(), part, domains));
                            }
                            return null;
                        }
                    }.part(parts.get(i)));
        }
        var outside = new ArrayList<>(sketch.domains());
        if (part == parts.size() - 1) {
            outside.remove(domain);
        }
        return new Sketch(sketch.seed(), parts, outside, sketch.cycles());
    }

    // ---- narrower numbers

    private void narrower() {
        var widths = new HashSet<Integer>();
        for (Sketch.Part part : sketch.parts()) {
            for (Item item : part.items()) {
                Shape shape = shape(item);
                if (shape != null) {
                    shape.leaves().forEach(leaf -> widths.add(leaf.width()));
                }
            }
            part.terms()
                    .forEach(t -> t.all().forEach(x -> {
                        if (x.op() == Operator.LIT) {
                            widths.add(x.shape().width());
                        }
                    }));
        }
        widths.stream().sorted((a, b) -> b - a).forEach(width -> {
            for (int to : new int[] {1, 2, width / 2, width - 1}) {
                if (to >= 1 && to < width) {
                    all.add(() -> narrowed(width, to));
                }
            }
        });
    }

    private static Shape shape(Item item) {
        return item instanceof Item.Port p
                ? p.shape()
                : item instanceof Item.Register r
                        ? r.shape()
                        : item instanceof Item.Wire w ? w.shape() : item instanceof Item.Memory m ? m.word() : null;
    }

    /** All numbers of one width get another one, if everything still fits. */
    private Sketch narrowed(int width, int to) {
        var shapes = new ArrayList<Map<String, Shape>>();
        var parts = new ArrayList<Sketch.Part>();
        for (Sketch.Part part : sketch.parts()) {
            var own = new HashMap<String, Shape>();
            shapes.add(own);
            var rewrite = new Rewrite() {
                Shape narrow(Shape shape) {
                    if (shape instanceof Shape.Row row) {
                        return new Shape.Row(row.count(), narrow(row.element()));
                    } else if (shape instanceof Shape.Pack pack) {
                        return new Shape.Pack(
                                pack.fields().stream().map(this::narrow).toList());
                    } else if (shape.width() != width) {
                        return shape;
                    }
                    return shape instanceof U
                            ? new U(to)
                            : shape instanceof S ? new S(to) : shape instanceof B ? new B(to) : shape;
                }

                Term rebuild(Term term) {
                    if (term.op() == Operator.REF) {
                        return Term.ref(term.name(), own.getOrDefault(term.name(), term.shape()));
                    } else if (term.op() == Operator.LIT) {
                        Shape shape = narrow(term.shape());
                        return Term.literal(
                                shape, shape.equals(term.shape()) ? term.constant() : shape.wrap(term.constant()));
                    }
                    List<Term> args = term.args().stream().map(this::rebuild).toList();
                    if (term.op() == Operator.UNPACK) {
                        return Term.unpack(args.get(0), narrow(term.shape()));
                    } else if (term.constant() != null) {
                        return Term.of(term.op(), args.get(0), term.constant());
                    }
                    boolean sized = term.op() == Operator.TRUNCATE
                            || term.op() == Operator.EXTEND
                            || term.op() == Operator.SATURATE
                            || term.op() == Operator.FILL;
                    Integer[] ints = term.ints().stream()
                            .map(i -> sized && i == width ? Integer.valueOf(to) : i)
                            .toArray(Integer[]::new);
                    return Term.of(term.op(), args, ints);
                }

                @Override
                Term change(Term term) {
                    Term made = rebuild(term);
                    // One that is equal would be looked into again.
                    return made == term ? term : made;
                }

                @Override
                List<Item> change(Item item) {
                    Item made = item;
                    if (item instanceof Item.Port p) {
                        made = new Item.Port(p.name(), narrow(p.shape()), p.input());
                        own.put(p.name(), narrow(p.shape()));
                    } else if (item instanceof Item.Register r) {
                        Shape shape = narrow(r.shape());
                        var init = new ArrayList<BigInteger>();
                        for (int i = 0; i < r.init().size(); i++) {
                            init.add(shape.leaves().get(i).wrap(r.init().get(i)));
                        }
                        made = new Item.Register(r.name(), shape, init, r.domain());
                        own.put(r.name(), shape);
                    } else if (item instanceof Item.Wire w) {
                        made = new Item.Wire(w.name(), narrow(w.shape()));
                        own.put(w.name(), narrow(w.shape()));
                    } else if (item instanceof Item.Memory m) {
                        Shape word = narrow(m.word());
                        var init = m.init().stream().map(word::wrap).toList();
                        if (m.maskBits() > 0 && word.width() % m.maskBits() != 0) {
                            throw new IllegalArgumentException("the mask does not fit");
                        }
                        made = new Item.Memory(m.name(), word, m.depth(), m.maskBits(), init);
                        own.put(m.name(), word);
                    } else if (item instanceof Item.Value v) {
                        Term term = rebuild(v.term());
                        made = new Item.Value(v.name(), term, v.named());
                        own.put(v.name(), term.shape());
                    } else if (item instanceof Item.Read r) {
                        Shape word = own.get(r.memory());
                        Term enable = r.enable() == null ? null : rebuild(r.enable());
                        made = new Item.Read(
                                r.name(), r.memory(), word, rebuild(r.address()), enable, r.latency(), r.domain());
                        own.put(r.name(), word);
                    } else if (item instanceof Item.Access a) {
                        Shape word = own.get(a.memory());
                        Term enable = a.enable() == null ? null : rebuild(a.enable());
                        made = new Item.Access(
                                a.name(), a.memory(), word, rebuild(a.address()), enable, a.rule(), a.domain());
                        own.put(a.name(), word);
                    } else if (item instanceof Item.Instance in) {
                        shapes.get(in.part()).forEach((name, shape) -> own.put(in.name() + "." + name, shape));
                    } else {
                        return null;
                    }
                    return List.of(made);
                }
            };
            Sketch.Part made = rewrite.part(part);
            made.statements().forEach(step -> fits(step, own));
            parts.add(made);
        }
        return new Sketch(sketch.seed(), parts, sketch.domains(), sketch.cycles());
    }

    /** Throws where a value does not fit what it drives. */
    private static void fits(Step step, Map<String, Shape> shapes) {
        if (step instanceof Step.Set set) {
            Shape shape = shapes.get(set.target());
            for (int i : set.path()) {
                shape = shape.part(i);
            }
            fits(set.value().shape(), shape);
        } else if (step instanceof Step.SetAt set) {
            fits(set.value().shape(), shapes.get(set.target()).part(0));
        } else if (step instanceof Step.Write write) {
            fits(write.data().shape(), shapes.get(write.memory()));
        } else if (step instanceof Step.PortWrite write) {
            fits(write.data().shape(), shapes.get(write.port()));
        } else if (step instanceof Step.Switch choice) {
            choice.cases()
                    .forEach(c -> c.values().forEach(v -> {
                        if (!choice.subject().shape().wrap(v).equals(v)) {
                            throw new IllegalArgumentException("a case out of range");
                        }
                    }));
        }
        step.blocks().forEach(block -> block.forEach(inner -> fits(inner, shapes)));
    }

    private static void fits(Shape value, Shape target) {
        boolean extended = value.number() && value.getClass() == target.getClass() && value.width() <= target.width();
        if (!extended && !value.equals(target)) {
            throw new IllegalArgumentException(value + " drives " + target);
        }
    }
}
