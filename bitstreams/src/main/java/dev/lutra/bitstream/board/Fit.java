// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.board;

import dev.lutra.gen.GeneratedDesign;
import dev.lutra.hdl.stats.Estimate;
import dev.lutra.hdl.stats.ModuleStatistics;
import dev.lutra.hdl.stats.Statistics;
import dev.lutra.hdl.stats.Target;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a machine fits on a board, by the estimates of {@code dev.lutra.hdl.stats}; no tool runs.
 *
 * @param board where to
 * @param machine what
 * @param demands what it needs beside what there is
 * @param localBlocks block RAMs that its memory on the chip takes, of those it needs
 */
public record Fit(Board board, Machine machine, List<Demand> demands, long localBlocks) {

    /** Share of the look-up tables that may be taken: beyond it, routing and clock rates suffer. */
    static final int ROUTABLE_PERCENT = 85;

    private static final int MOST_STEPS = 16;
    private static final String OFF_CHIP = "memories behind AXI4";
    private static final String FLASH = "flash that designs can read";
    private static final String WIDE_RAM = "single-port RAM";
    private static final String BLOCK_RAM = "block RAM";

    /** Those families whose only memory is on the chip have blocks of 4 Kbit. */
    private static final int BLOCK_BYTES = 512;

    public Fit {
        demands = List.copyOf(demands);
    }

    /** What a machine needs of one resource. */
    public record Demand(String resource, long needed, long available) {
        /** Whether there is too little. */
        public boolean isOver() {
            return needed > available;
        }
    }

    /** Estimates what a machine takes; generating it costs a second or so. */
    public static Fit of(Board board, Machine machine) {
        Board.Part part = board.part();
        Target target = part.target();
        Statistics statistics =
                Statistics.of(GeneratedDesign.of(machine).elaboration().circuit());
        Estimate estimate = statistics.total().estimates().getOrDefault(target, Estimate.NONE);
        long blocks = estimate.blockRams();
        long local = localMemory(statistics, target);
        List<Demand> demands = new ArrayList<>();
        if (target == Target.ICE40) {
            // A cell has a table and a flip-flop. Estimates keep the hierarchy and are high by more than a sixth,
            // flip-flops
            // in cells of their own included (docs/boards.md): all cells of the part are about 85 % when placed.
            demands.add(new Demand("logic cells", Math.max(estimate.luts(), estimate.flipFlops()), part.luts()));
        } else {
            long tables = (long) part.luts() * ROUTABLE_PERCENT / 100;
            demands.add(new Demand("look-up tables", estimate.luts(), tables));
            demands.add(new Demand("flip-flops", estimate.flipFlops(), part.flipFlops()));
        }
        demands.add(new Demand("multipliers", estimate.dsps(), part.dsps()));
        if (machine.bus().kind() == Bus.Kind.LOCAL && part.wideRams() > 0 && target == Target.ICE40) {
            blocks -= local;
            local = 0;
            // A block is 16 bits wide, so the words of the machine take it several times.
            long side = machine.bus().dataBits() / 16L;
            long words = machine.bus().writable() / machine.bus().beatBytes();
            long deep = part.wideRamBytes() / 2L;
            demands.add(new Demand(WIDE_RAM, side * ((words + deep - 1) / deep), part.wideRams()));
        }
        demands.add(new Demand(BLOCK_RAM, blocks, part.blockRams()));
        if (machine.bus().kind() == Bus.Kind.AXI4) {
            long offChip = board.memories().stream()
                    .filter(m -> m.usable() && !m.isFlash() && m.bytes() >= 1 << 24)
                    .count();
            demands.add(new Demand(OFF_CHIP, 1, offChip));
        }
        if (machine.bus().hasFlash()) {
            demands.add(new Demand(
                    FLASH,
                    1,
                    board.memories().stream()
                            .filter(m -> m.usable() && m.isFlash())
                            .count()));
        }
        return new Fit(board, machine, demands, local);
    }

    private static long localMemory(Statistics statistics, Target target) {
        return statistics.modules().stream()
                .filter(m -> m.module().name().startsWith("LocalMemory"))
                .map(ModuleStatistics::estimates)
                .mapToLong(e -> e.getOrDefault(target, Estimate.NONE).blockRams())
                .sum();
    }

    /** Whether there is enough of everything. */
    public boolean fits() {
        return demands.stream().noneMatch(Demand::isOver);
    }

    /** What there is too little of. */
    public List<Demand> over() {
        return demands.stream().filter(Demand::isOver).toList();
    }

    /**
     * The first machine that fits, on a way of halves: memory on the chip where the board has no other, then whatever there is too little
     * of. This one if it fits; none if nothing on the way does.
     */
    public Optional<Fit> smaller() {
        Fit fit = this;
        for (int step = 0; step < MOST_STEPS && !fit.fits(); step++) {
            Optional<Machine> next = fit.less();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            fit = of(board, next.orElseThrow());
        }
        return fit.fits() ? Optional.of(fit) : Optional.empty();
    }

    private Optional<Machine> less() {
        List<Machine> ways = new ArrayList<>();
        for (Demand demand : over()) {
            switch (demand.resource()) {
                case OFF_CHIP, FLASH -> ways.add(0, onChip(machine));
                case WIDE_RAM ->
                    add(ways, () -> withMemory(demand.available() * board.part().wideRamBytes()));
                case BLOCK_RAM -> {
                    if (machine.bus().kind() == Bus.Kind.LOCAL && board.part().wideRams() == 0) {
                        long others = demand.needed() - localBlocks;
                        add(ways, () -> withMemory((demand.available() - others) * BLOCK_BYTES));
                    }
                    add(ways, () -> lessBuffers(machine));
                    add(ways, () -> lessEngine(machine));
                }
                default -> add(ways, () -> lessEngine(machine));
            }
        }
        return ways.stream().findFirst();
    }

    private interface Way {
        Machine machine();
    }

    /** Adds a machine if there can be such a one. */
    private static void add(List<Machine> ways, Way way) {
        try {
            ways.add(way.machine());
        } catch (UserException cannotBeBuilt) {
            // Another way, or none.
        }
    }

    private static Machine onChip(Machine m) {
        return new Machine(m.engine(), Machine.smallest().bus(), m.buffers(), m.queueDepth(), m.counters());
    }

    /** The largest memory of a power of two of so many bytes. */
    private Machine withMemory(long bytes) {
        Bus b = machine.bus();
        int addressBits = 63 - Long.numberOfLeadingZeros(Math.max(1, bytes));
        if (addressBits >= b.addrBits()) {
            throw UserException.badInput("this memory is no smaller", null);
        }
        return new Machine(
                machine.engine(),
                new Bus(b.kind(), b.dataBits(), addressBits, b.maxBurst(), b.outstanding()),
                machine.buffers(),
                machine.queueDepth(),
                machine.counters());
    }

    /** Halves the largest buffer. */
    private static Machine lessBuffers(Machine m) {
        Buffers b = m.buffers();
        int largest = Math.max(
                Math.max(b.weightRing(), b.scaleRing()),
                Math.max(b.activationHalf(), Math.max(b.outputHalf(), b.program())));
        return new Machine(
                m.engine(),
                m.bus(),
                new Buffers(
                        half(b.weightRing(), largest),
                        half(b.scaleRing(), largest),
                        half(b.activationHalf(), largest),
                        half(b.outputHalf(), largest),
                        half(b.program(), largest)),
                m.queueDepth(),
                m.counters());
    }

    private static int half(int bytes, int largest) {
        return bytes == largest ? bytes / 2 : bytes;
    }

    /** Without what the smallest machine does without, then half of the lanes. */
    private static Machine lessEngine(Machine m) {
        Engine e = m.engine();
        Machine small = Machine.smallest();
        if (m.counters() || e.groupScales() || m.queueDepth() > small.queueDepth()) {
            Buffers b = m.buffers();
            return new Machine(
                    engine(e, e.m(), e.n(), e.t()),
                    m.bus(),
                    new Buffers(b.weightRing(), 0, b.activationHalf(), b.outputHalf(), b.program()),
                    small.queueDepth(),
                    false);
        }
        List<Machine> ways = new ArrayList<>();
        add(ways, () -> withEngine(m, engine(e, e.m() / 2, e.n(), e.t())));
        add(ways, () -> withEngine(m, engine(e, e.m(), e.n() / 2, e.t())));
        add(ways, () -> withEngine(m, engine(e, e.m(), e.n(), e.t() / 2)));
        return ways.stream()
                .findFirst()
                .orElseThrow(() -> UserException.badInput("the engine cannot be made smaller", null));
    }

    private static Machine withEngine(Machine m, Engine engine) {
        return new Machine(engine, m.bus(), m.buffers(), m.queueDepth(), m.counters());
    }

    private static Engine engine(Engine e, int m, int n, int t) {
        Engine small = Machine.smallest().engine();
        return new Engine(
                e.kind(),
                m,
                n,
                e.g(),
                t,
                e.maxBits(),
                false,
                Math.min(e.innerBits(), small.innerBits()),
                Math.min(e.outerBits(), small.outerBits()),
                e.packing(),
                e.planes(),
                e.activations(),
                e.tables(),
                e.packedTernary(),
                e.bitmaps());
    }
}
