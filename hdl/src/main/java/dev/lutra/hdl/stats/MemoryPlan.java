// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.pass.Netlist;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a target makes a memory of: the cheapest of block memories, tables and flip-flops, by the costs that Yosys compares.
 *
 * @param kind of cells
 * @param blocks block memories
 * @param tables look-up tables
 */
record MemoryPlan(Kind kind, long blocks, long tables) {

    enum Kind {
        BLOCKS,
        TABLES,
        FLIP_FLOPS
    }

    /** Of a ROM a flip-flop is a constant, which costs less than a bit of RAM. */
    private static final double ROM_BIT = 0.25;

    static MemoryPlan of(
            Memory memory, List<Netlist.Write> writes, List<ReadPort> reads, LiveLogic live, Target target) {
        int width = memory.type().width();
        int depth = memory.depth();
        boolean rom = writes.isEmpty();
        double logic = (double) depth * width * (rom ? ROM_BIT : 1);
        var plan = new MemoryPlan(Kind.FLIP_FLOPS, 0, 0);
        double best = logic;
        if (target.tableMemories() && writes.size() == 1 && !rom) {
            long cells = reads.size() * target.tableCells(depth, width);
            double cost = cells * target.tableCellCost();
            if (cost < best) {
                best = cost;
                plan = new MemoryPlan(Kind.TABLES, 0, cells * Target.TABLES_PER_CELL);
            }
        }
        boolean clocked = reads.stream()
                .allMatch(r -> r.latency() == 1 || addressRegister(r, live) != null || intoRegister(r, live) != null);
        if (clocked && writes.size() <= 2) {
            boolean bytes = memory.maskBits() > 0;
            long blocks = copies(writes.size(), reads, target) * target.blocks(depth, width, bytes);
            if (blocks > 0 && blocks * target.blockCost() <= best) {
                plan = new MemoryPlan(Kind.BLOCKS, blocks, 0);
            }
        }
        return plan;
    }

    /** How often the words have to be there for all to be read, 0: such block memories do not exist. */
    private static long copies(int writes, List<ReadPort> reads, Target target) {
        if (reads.stream().allMatch(read -> read.rule() == null)) {
            return Math.max(reads.size(), writes);
        }
        // Ports that read and write: a block has two of them, on iCE40 one of each kind instead.
        if (target == Target.ICE40) {
            return writes > 1 ? 0 : reads.size();
        }
        return Math.max(1, reads.size() - 1);
    }

    /** The register that a read in the same cycle has its address from, which can move into the memory; null if there is none. */
    static @Nullable Register addressRegister(ReadPort read, LiveLogic live) {
        Expr at = live.value(read.address());
        while (at instanceof Expr.Truncate cut) {
            at = live.value(cut.a());
        }
        return at instanceof Expr.Ref ref && ref.signal() instanceof Register register ? register : null;
    }

    /** The register that alone takes what is read in the same cycle, which can move into the memory; null if there is none. */
    static @Nullable Register intoRegister(ReadPort read, LiveLogic live) {
        for (LiveLogic.Flop flop : live.flops) {
            Expr at = live.value(flop.data());
            while (at instanceof Expr.Reinterpret cast && live.uses.getOrDefault(at, 0) == 1) {
                at = live.value(cast.a());
            }
            boolean alone =
                    live.uses.getOrDefault(at, 0) == 1 && flop.register().init() == null;
            if (alone && at instanceof Expr.Ref ref && ref.signal() == read) {
                return flop.register();
            }
        }
        return null;
    }
}
