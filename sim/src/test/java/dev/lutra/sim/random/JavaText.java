// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.util.List;

/** A circuit as one would write it in Java. */
final class JavaText {
    private final StringBuilder text = new StringBuilder();

    private JavaText() {}

    static String of(Sketch sketch) {
        var java = new JavaText();
        for (int i = 0; i < sketch.parts().size(); i++) {
            java.part(sketch, i);
        }
        return java.text.toString();
    }

    private void line(int indent, String format, Object... values) {
        text.append("    ".repeat(indent))
                .append(values.length == 0 ? format : format.formatted(values))
                .append('\n');
    }

    private void part(Sketch sketch, int number) {
        Sketch.Part part = sketch.parts().get(number);
        boolean top = number == sketch.parts().size() - 1;
        line(0, "class %s extends Module {", name(sketch, number));
        for (int i = 0; i <= part.domains().size() && top; i++) {
            Sketch.Domain domain = sketch.domains().get(i);
            line(1, "// domain d%d: clock %s, reset %s", i, Timing.CLOCKS.get(domain.clock()), domain.reset());
        }
        for (int i = 1; i <= part.domains().size(); i++) {
            line(
                    1,
                    "d%d = domain(in(clock()), in(reset(%s)))",
                    i,
                    part.domains().get(i - 1));
        }
        for (Item item : part.items()) {
            item(sketch, item);
        }
        for (Item item : part.items()) {
            if (item instanceof Item.Block block && block.late()) {
                block(block);
            }
        }
        line(0, "}");
    }

    private static String name(Sketch sketch, int part) {
        return part == sketch.parts().size() - 1 ? "Top" : "Part" + part;
    }

    private void item(Sketch sketch, Item item) {
        if (item instanceof Item.Port p) {
            line(1, "%s = %s(%s);", p.name(), p.input() ? "in" : "out", p.shape());
        } else if (item instanceof Item.Register r) {
            String init =
                    r.init().isEmpty() ? "" : ".init(" + r.init().toString().replaceAll("[\\[\\]]", "") + ")";
            line(1, "%s = reg(%s%s)%s;", r.name(), r.shape(), r.domain() == 0 ? "" : ", d" + r.domain(), init);
        } else if (item instanceof Item.Wire w) {
            line(1, "%s = wire(%s);", w.name(), w.shape());
        } else if (item instanceof Item.Value v) {
            line(1, "%s = %s;%s", v.name(), v.term(), v.named() ? "" : " // without a name");
        } else if (item instanceof Item.Memory m) {
            String init = m.init().isEmpty() ? "" : ".init(" + m.init() + ")";
            line(1, "%s = memory(%s, %d)%s;", m.name(), m.word(), m.depth(), init);
        } else if (item instanceof Item.Read r) {
            String enable = r.enable() == null ? "" : ", " + r.enable();
            String call = r.memory() + (r.latency() == 0 ? ".readAsync(" : ".read(") + r.address() + enable + ")";
            line(1, "%s = %s;", r.name(), r.domain() == 0 ? call : "d" + r.domain() + ".make(() -> " + call + ")");
        } else if (item instanceof Item.Access a) {
            String enable = a.enable() == null ? "" : ", " + a.enable();
            String call = a.memory() + ".port(" + a.address() + enable + ", " + a.rule() + ")";
            line(1, "%s = %s;", a.name(), a.domain() == 0 ? call : "d" + a.domain() + ".make(() -> " + call + ")");
        } else if (item instanceof Item.Instance in) {
            line(1, "%s = new %s(); // domains %s", in.name(), name(sketch, in.part()), in.domains());
        } else if (item instanceof Item.Block block && !block.late()) {
            block(block);
        }
    }

    private void block(Item.Block block) {
        if (block.domain() > 0) {
            line(1, "d%d.use(() -> {", block.domain());
        }
        steps(block.body(), block.domain() > 0 ? 2 : 1);
        if (block.domain() > 0) {
            line(1, "});");
        }
    }

    private void steps(List<Step> steps, int indent) {
        for (Step step : steps) {
            if (step instanceof Step.Set set) {
                line(indent, "%s.set(%s);", set.target() + path(set.path()), set.value());
            } else if (step instanceof Step.SetAt set) {
                line(indent, "%s.set(%s, %s);", set.target(), set.index(), set.value());
            } else if (step instanceof Step.When when) {
                String word = "when";
                for (Step.Branch branch : when.branches()) {
                    line(indent, "%s(%s, () -> {", word, branch.condition());
                    steps(branch.body(), indent + 1);
                    word = "}).elseWhen";
                }
                otherwise(when.otherwise(), indent);
            } else if (step instanceof Step.Switch choice) {
                line(indent, "switchOn(%s)", choice.subject());
                for (Step.Case one : choice.cases()) {
                    line(indent, ".is(%s, () -> {", one.values());
                    steps(one.body(), indent + 1);
                    line(indent, "})");
                }
                if (!choice.otherwise().isEmpty()) {
                    line(indent, ".otherwise(() -> {");
                    steps(choice.otherwise(), indent + 1);
                    line(indent, "})");
                }
                line(indent, ";");
            } else if (step instanceof Step.Write w) {
                line(
                        indent,
                        "%s.write(%s, %s%s);",
                        w.memory(),
                        w.address(),
                        w.data(),
                        w.mask() == null ? "" : ", " + w.mask());
            } else if (step instanceof Step.PortWrite w) {
                line(indent, "%s.write(%s%s);", w.port(), w.data(), w.mask() == null ? "" : ", " + w.mask());
            } else if (step instanceof Step.Print print) {
                line(indent, "%s", "printf(\"" + print.format().replace("\"", "\\\"") + "\", " + print.values() + ");");
            } else if (step instanceof Step.Cover cover) {
                line(indent, "cover(%s, \"%s\");", cover.condition(), cover.what());
            }
        }
    }

    private void otherwise(List<Step> body, int indent) {
        if (!body.isEmpty()) {
            line(indent, "}).otherwise(() -> {");
            steps(body, indent + 1);
        }
        line(indent, "});");
    }

    private static String path(List<Integer> path) {
        var text = new StringBuilder();
        path.forEach(i -> text.append("[").append(i).append("]"));
        return text.toString();
    }
}
