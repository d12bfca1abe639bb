// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
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
        String word = word(memory, address);
        Expr mask = write.mask();
        if (mask == null) {
            out.step(inner, word + " <= " + expressions.assigned(write.data()) + ";", write.loc());
        } else {
            masked(write, mask, word, inner, out);
        }
        if (inner > indent) {
            out.line(indent, "end");
        }
    }

    private void masked(Statement.MemoryWrite write, Expr mask, String word, int indent, Layout out) {
        int parts = write.memory().maskBits();
        int width = write.memory().type().width() / parts;
        for (int i = 0; i < parts; i++) {
            int hi = (i + 1) * width - 1;
            int lo = i * width;
            String target = word;
            Expr data = write.data();
            if (parts > 1) {
                target += "[" + (width == 1 ? "" : hi + ":") + lo + "]";
                data = new Expr.Slice(data, hi, lo, new Type.Bits(width));
            }
            String bit = expressions.condition(new Expr.Slice(mask, i, i, new Type.Bool()));
            out.step(indent, "if (" + bit + ") begin", write.loc());
            out.line(indent + 1, target + " <= " + expressions.assigned(data) + ";");
            out.line(indent, "end");
        }
    }

    /** The clocked block of a memory and its initial words. */
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
        for (Map.Entry<Domain, List<ReadPort>> clocked : byDomain(body, reads).entrySet()) {
            var block = new Layout();
            if (clocked.getKey().equals(writer(body))) {
                statements.block(body, Set.of(memory), " <= ", 2, block);
            }
            for (ReadPort port : clocked.getValue()) {
                read(memory, port, before, block, after);
            }
            blocks.line(1, "always @(" + module.clocking().edge(clocked.getKey(), false) + ") begin")
                    .append(block)
                    .line(1, "end");
        }
        out.blank().append(before).append(blocks).append(after).blank();
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

    /** The domain of the writes, which is one; null: there are none. */
    private static @Nullable Domain writer(List<Statement> body) {
        for (Statement statement : body) {
            Domain found = null;
            if (statement instanceof Statement.MemoryWrite write) {
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
