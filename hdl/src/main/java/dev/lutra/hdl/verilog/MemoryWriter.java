// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import dev.lutra.hdl.pass.WriteGuards;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes memories in the shape synthesis tools infer block RAM from: an array, one clocked block with its writes and
 * registered reads. An address that can lie beyond the last word is compared, so that such a read gives 0 and such a
 * write does nothing in every tool.
 */
final class MemoryWriter {

    private final ExprWriter expressions;
    private final ModuleWriter module;

    MemoryWriter(ExprWriter expressions, ModuleWriter module) {
        this.expressions = expressions;
        this.module = module;
    }

    /** Whether a registered read has to remember that its address lay beyond the last word. */
    static boolean guarded(ReadPort port) {
        return !(port.address() instanceof Expr.Literal) && escapes(port.memory(), port.address());
    }

    /** Whether ports of several clocks may write a memory. */
    static boolean severalClocks(Memory memory, List<ReadPort> ports) {
        return ports.stream()
                        .filter(port -> port.memory() == memory && port.rule() != null)
                        .map(port -> edge(port.domain()))
                        .distinct()
                        .count()
                > 1;
    }

    /** Whether an address can lie beyond the last word. */
    private static boolean escapes(Memory memory, Expr address) {
        return address.type().max().compareTo(BigInteger.valueOf(memory.depth())) >= 0;
    }

    /** A word read combinationally. */
    String read(Memory memory, Expr address) {
        if (!escapes(memory, address)) {
            return word(memory, address);
        }
        if (address instanceof Expr.Literal) {
            return constant(memory, address);
        }
        Expr stable = stable(address);
        return "(" + expressions.condition(inside(memory, stable)) + ") ? " + word(memory, stable) + " : "
                + zero(memory);
    }

    /** The word at a constant address of enough bits to lie beyond. */
    private String constant(Memory memory, Expr address) {
        return beyond(memory, address) ? zero(memory) : word(memory, address);
    }

    private static boolean beyond(Memory memory, Expr address) {
        return address instanceof Expr.Literal known
                && known.value().compareTo(BigInteger.valueOf(memory.depth())) >= 0;
    }

    private static String zero(Memory memory) {
        return Literals.of(BigInteger.ZERO, memory.type(), memory.type().width())
                .code();
    }

    private static Expr inside(Memory memory, Expr address) {
        var depth = new Expr.Literal(BigInteger.valueOf(memory.depth()), address.type());
        return new Expr.Binary(BinaryOp.LT, address, depth, new Type.Bool());
    }

    /** An address that is written twice gets a name. */
    private Expr stable(Expr address) {
        return address instanceof Expr.Ref ? address : new Expr.Ref(module.wire(address));
    }

    private String word(Memory memory, Expr address) {
        int bits = indexBits(memory);
        int own = address.type().width();
        Expr index = address;
        if (own > bits) {
            index = new Expr.Truncate(address, new Type.UInt(bits));
        } else if (own < bits) {
            index = new Expr.Extend(address, new Type.UInt(bits));
        }
        Text text = expressions.exact(index);
        if (text.level() < Text.PRIMARY || text.signed()) {
            // Icarus takes an index as an integer: a sum would not wrap at its width, a signed one could be negative.
            text = expressions.exact(new Expr.Ref(module.wire(index)));
        }
        return memory.name() + "[" + text.code() + "]";
    }

    private static int indexBits(Memory memory) {
        return Math.max(1, 32 - Integer.numberOfLeadingZeros(memory.depth() - 1));
    }

    /** A write, bit groups one by one where masked. */
    void write(Statement.MemoryWrite write, int indent, Layout out) {
        Memory memory = write.memory();
        Expr address = write.address();
        int inner = indent;
        if (beyond(memory, address)) {
            return;
        }
        if (escapes(memory, address) && !(address instanceof Expr.Literal)) {
            address = stable(address);
            out.step(indent, "if (" + expressions.condition(inside(memory, address)) + ") begin", write.loc());
            inner++;
        }
        store(write, write.data(), write.mask(), List.of(word(memory, address)), inner, out);
        if (inner > indent) {
            out.line(indent, "end");
        }
    }

    /** Stores a value in some places of the shape of a word, bit groups one by one where masked. */
    private void store(
            Statement.MemoryWrite write, Expr value, @Nullable Expr mask, List<String> words, int indent, Layout out) {
        if (mask == null) {
            words.forEach(word -> out.step(indent, word + " <= " + expressions.assigned(value) + ";", write.loc()));
            return;
        }
        int parts = write.memory().maskBits();
        int width = write.memory().type().width() / parts;
        for (int i = 0; i < parts; i++) {
            int hi = (i + 1) * width - 1;
            int lo = i * width;
            String range = parts == 1 ? "" : "[" + (width == 1 ? "" : hi + ":") + lo + "]";
            Expr data = parts == 1 ? value : new Expr.Slice(value, hi, lo, new Type.Bits(width));
            String bit = expressions.condition(new Expr.Slice(mask, i, i, new Type.Bool()));
            out.step(indent, "if (" + bit + ") begin", write.loc());
            for (String word : words) {
                out.line(indent + 1, word + range + " <= " + expressions.assigned(data) + ";");
            }
            out.line(indent, "end");
        }
    }

    /** The clocked blocks of a memory and its initial words. */
    void write(Memory memory, List<Statement> body, List<ReadPort> reads, Layout out, StatementWriter statements) {
        if (body.isEmpty() || !memory.init().isEmpty()) {
            init(memory, out);
        }
        if (body.isEmpty() && reads.isEmpty()) {
            return;
        }
        var before = new Layout();
        var blocks = new Layout();
        var after = new Layout();
        ports(memory, body, reads, before, blocks, after);
        List<ReadPort> plain =
                reads.stream().filter(port -> port.rule() == null).toList();
        for (Map.Entry<Domain, List<ReadPort>> clocked : byDomain(body, plain).entrySet()) {
            var block = new Layout();
            if (clocked.getKey().equals(writer(body))) {
                statements.block(body, Set.of(memory), " <= ", 2, block);
            }
            for (ReadPort port : clocked.getValue()) {
                read(memory, port, before, block, after);
            }
            block(clocked.getKey(), block, blocks);
        }
        out.blank().append(before).append(blocks).append(after).blank();
    }

    private void block(Domain domain, Layout content, Layout into) {
        into.line(1, "always @(" + module.clocking().edge(edge(domain), false) + ") begin")
                .append(content)
                .line(1, "end");
    }

    /** A block for each port that may write: two in one block would have an order, which block RAM has not. */
    private void ports(
            Memory memory, List<Statement> body, List<ReadPort> reads, Layout before, Layout blocks, Layout after) {
        List<ReadPort> ports =
                reads.stream().filter(port -> port.rule() != null).toList();
        if (ports.isEmpty()) {
            return;
        }
        Map<Statement.MemoryWrite, Expr> guards = WriteGuards.of(body);
        for (ReadPort port : ports) {
            var block = new Layout();
            var text = new PortText(memory, port, before, block, after);
            guards.forEach((write, guard) -> {
                if (write.port() == port) {
                    text.writes(write, guard);
                }
            });
            text.write();
            block(port.domain(), block, blocks);
        }
    }

    /** One port that reads and may write. */
    private final class PortText {
        private final Memory memory;
        private final ReadPort port;
        private final Layout out;
        private final String word;
        private final String target;
        private final String inside;
        private final String flag;
        private Statement.@Nullable MemoryWrite write;
        private Expr guard = new Expr.Literal(BigInteger.ZERO, new Type.Bool());
        private int indent = 2;

        PortText(Memory memory, ReadPort port, Layout before, Layout out, Layout after) {
            this.memory = memory;
            this.port = port;
            this.out = out;
            String name = module.of(port);
            if (guarded(port)) {
                Expr address = stable(port.address());
                inside = expressions.condition(inside(memory, address));
                word = word(memory, address);
                target = module.fresh(port.name() + "_word");
                flag = module.fresh(port.name() + "_inside");
                before.line(1, "reg  " + ModuleWriter.range(memory.type()) + target + ";");
                before.line(1, "reg  " + flag + ";");
                after.line(1, "assign " + name + " = " + flag + " ? " + target + " : " + zero(memory) + ";");
            } else {
                inside = "";
                flag = "";
                word = beyond(memory, port.address()) ? zero(memory) : word(memory, port.address());
                target = name;
            }
        }

        void writes(Statement.MemoryWrite write, Expr guard) {
            this.write = write;
            this.guard = guard;
        }

        void write() {
            @Nullable Expr enable = port.enable();
            if (enable != null) {
                open("if (" + expressions.condition(enable) + ") begin");
            }
            if (write == null) {
                load();
            } else {
                write(write);
            }
            if (enable != null) {
                close("end");
            }
        }

        private void write(Statement.MemoryWrite write) {
            boolean first = port.rule() == ReadDuringWrite.WRITE_FIRST;
            Expr data = first && !(write.data() instanceof Expr.Literal) ? stable(write.data()) : write.data();
            Expr mask = write.mask();
            if (first && mask != null) {
                load();
            }
            boolean always = guard instanceof Expr.Literal;
            if (!always) {
                out.step(indent, "if (" + expressions.condition(guard) + ") begin", write.loc());
                indent++;
            }
            store(write, data, mask);
            if (first && mask == null) {
                out.line(indent, target + " <= " + expressions.assigned(data) + ";");
            }
            boolean other = mask == null && port.rule() != ReadDuringWrite.READ_FIRST;
            if (other && always) {
                if (!first) {
                    out.line(indent, target + " <= " + target + ";");
                    if (!flag.isEmpty()) {
                        out.line(indent, flag + " <= " + flag + ";");
                    }
                }
            } else if (other) {
                close("end else begin");
                indent++;
                out.line(indent, target + " <= " + word + ";");
                if (!first) {
                    flag();
                }
            }
            if (!always) {
                close("end");
            }
            if (first && mask == null) {
                flag();
            } else if (port.rule() == ReadDuringWrite.READ_FIRST) {
                load();
            } else if (!first && mask != null) {
                Expr any = new Expr.Unary(UnaryOp.OR_R, mask, new Type.Bool());
                Expr writes = always ? any : new Expr.Binary(BinaryOp.AND, guard, any, new Type.Bool());
                open("if (" + expressions.condition(new Expr.Unary(UnaryOp.NOT, writes, new Type.Bool())) + ") begin");
                load();
                close("end");
            }
        }

        /** The write itself, and beside it parts of the word for the port where it gives the new one. */
        private void store(Statement.MemoryWrite write, Expr data, @Nullable Expr mask) {
            if (beyond(memory, port.address())) {
                return;
            }
            boolean both = mask != null && port.rule() == ReadDuringWrite.WRITE_FIRST;
            if (both && flag.isEmpty()) {
                MemoryWriter.this.store(write, data, mask, List.of(word, target), indent, out);
                return;
            }
            guard(() -> MemoryWriter.this.store(write, data, mask, List.of(word), indent, out));
            if (both) {
                MemoryWriter.this.store(write, data, mask, List.of(target), indent, out);
            }
        }

        private void guard(Runnable body) {
            if (flag.isEmpty()) {
                body.run();
            } else {
                open("if (" + inside + ") begin");
                body.run();
                close("end");
            }
        }

        private void load() {
            out.step(indent, target + " <= " + word + ";", port.loc());
            flag();
        }

        private void flag() {
            if (!flag.isEmpty()) {
                out.line(indent, flag + " <= " + inside + ";");
            }
        }

        private void open(String code) {
            out.step(indent, code, port.loc());
            indent++;
        }

        private void close(String code) {
            indent--;
            out.line(indent, code);
        }
    }

    /** The ports of each domain, that of the writes first. */
    private static Map<Domain, List<ReadPort>> byDomain(List<Statement> body, List<ReadPort> reads) {
        var ports = new LinkedHashMap<Domain, List<ReadPort>>();
        Domain writer = writer(body);
        if (writer != null) {
            ports.put(writer, new ArrayList<>());
        }
        reads.forEach(port -> ports.computeIfAbsent(edge(port.domain()), d -> new ArrayList<>())
                .add(port));
        return ports;
    }

    /** The clock alone: memories are not reset. */
    private static Domain edge(Domain domain) {
        return domain.reset() == null ? domain : new Domain(domain.clock(), null);
    }

    /** The domain of the writes that are not of ports, which is one; null: there are none. */
    private static @Nullable Domain writer(List<Statement> body) {
        for (Statement statement : body) {
            Domain found = null;
            if (statement instanceof Statement.MemoryWrite write && write.port() == null) {
                found = edge(write.domain());
            } else if (statement instanceof Statement.When when) {
                found = writer(when.then());
                found = found == null ? writer(when.otherwise()) : found;
            } else if (statement instanceof Statement.Switch choice) {
                found = writer(choice.otherwise());
                for (Statement.Case branch : choice.cases()) {
                    found = found == null ? writer(branch.body()) : found;
                }
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private void read(Memory memory, ReadPort port, Layout before, Layout out, Layout after) {
        @Nullable Expr enable = port.enable();
        int indent = 2;
        if (enable != null) {
            out.step(2, "if (" + expressions.condition(enable) + ") begin", port.loc());
            indent++;
        }
        String name = module.of(port);
        if (port.address() instanceof Expr.Literal) {
            out.step(indent, name + " <= " + constant(memory, port.address()) + ";", port.loc());
        } else if (guarded(port)) {
            Expr address = stable(port.address());
            String word = module.fresh(port.name() + "_word");
            String inside = module.fresh(port.name() + "_inside");
            before.line(1, "reg  " + ModuleWriter.range(memory.type()) + word + ";");
            before.line(1, "reg  " + inside + ";");
            out.line(indent, word + " <= " + word(memory, address) + ";", port.loc());
            out.line(indent, inside + " <= " + expressions.condition(inside(memory, address)) + ";");
            after.line(1, "assign " + name + " = " + inside + " ? " + word + " : " + zero(memory) + ";");
        } else {
            out.step(indent, name + " <= " + word(memory, port.address()) + ";", port.loc());
        }
        if (enable != null) {
            out.line(2, "end");
        }
    }

    private void init(Memory memory, Layout out) {
        List<BigInteger> init = memory.init();
        String index = init.size() < memory.depth() ? module.fresh(memory.name() + "_i") : "";
        if (!index.isEmpty()) {
            out.line(1, "integer " + index + ";");
        }
        out.line(1, "initial begin", memory.loc());
        for (int i = 0; i < init.size(); i++) {
            String word = Literals.of(init.get(i), memory.type(), memory.type().width())
                    .code();
            out.line(2, memory.name() + "[" + i + "] = " + word + ";");
        }
        if (!index.isEmpty()) {
            out.line(
                    2,
                    "for (" + index + " = " + init.size() + "; " + index + " < " + memory.depth() + "; " + index + " = "
                            + index + " + 1) begin");
            out.line(3, memory.name() + "[" + index + "] = " + zero(memory) + ";")
                    .line(2, "end");
        }
        out.line(1, "end");
    }
}
