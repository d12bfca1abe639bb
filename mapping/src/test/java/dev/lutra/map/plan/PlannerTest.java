// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static RegionShape shape(int n, int k, int bits, int group) {
        long largest = 127L * k << (bits - 1);
        return new RegionShape("R", 1, k, n, bits, 1, group, group == 0 ? largest : 255 * largest);
    }

    private static RegionPlan plan(RegionShape shape) {
        return new Planner(Machine.standard()).plan(shape, false);
    }

    @Test
    void aLongReductionIsSplitAtGroupBoundaries() {
        // 11,008 activations do not fit a half of 4,096; steps of 16, groups of 8 steps
        RegionPlan plan = plan(shape(4096, 11008, 4, 128));
        assertThat(plan.kSteps()).isEqualTo(688);
        assertThat(plan.chunks()).isEqualTo(3);
        assertThat(plan.chunkSteps() % 8).isZero();
        assertThat(plan.chunkSteps()).isLessThanOrEqualTo(256);
        assertThat(plan.chunkSteps() * 2 + plan.lastChunkSteps()).isEqualTo(688);
        // and a reduction that just fits is not
        assertThat(plan(shape(4096, 4096, 4, 128)).chunks()).isEqualTo(1);
        assertThat(plan(shape(4096, 4097, 4, 128)).chunks()).isEqualTo(2);
    }

    @Test
    void tilesLeaveOnlyASmallStoreAtTheEnd() {
        RegionPlan plan = plan(shape(512, 64, 8, 0));
        int last = plan.tailBlocks() == 0 ? plan.tileBlocks() : plan.tailBlocks();
        assertThat(plan.tiles()).isGreaterThan(1);
        assertThat(last).isLessThan(plan.blocks() / 4);
    }

    /** The store of the last tile shows once, how long a half of the output buffer is in use with every tile. */
    @Test
    void tilesOfMachinesForPromptsFillTheOutputBuffer() {
        Machine m = Machine.standard();
        Machine eight = new Machine(new Engine("lut-int", 8, 16, 4, 4, 8, true, 32, 48), m.bus(), m.buffers(), 4, true);
        RegionPlan plan = new Planner(eight).plan(shape(128, 64, 4, 32), false);
        assertThat(plan.tileBlocks() * plan.blockBytes()).isEqualTo(m.buffers().outputHalf());
    }

    @Test
    void saysWhatDoesNotFitAndWhatWould() {
        Machine m = Machine.standard();
        assertUnfit(m, shape(64, 64, 4, 24), "a group of 24 weights is no multiple of the engine's step of t*g = 16");
        assertUnfit(Machine.smallest(), shape(64, 64, 4, 32), "scales per group of 32, the engine has none");
        Machine fourBits =
                new Machine(new Engine("lut-int", 1, 16, 4, 4, 4, true, 32, 48), m.bus(), m.buffers(), 4, true);
        assertUnfit(fourBits, shape(64, 64, 8, 0), "its weights have 8 bits, the engine takes at most 4");
        Machine narrow =
                new Machine(new Engine("lut-int", 1, 16, 4, 4, 8, true, 16, 24), m.bus(), m.buffers(), 4, true);
        assertUnfit(
                narrow,
                shape(64, 128, 4, 64),
                "a group of 64 weights of 4 bits can overflow the inner accumulator of 16 bits, which is safe up to 16");
        assertUnfit(narrow, shape(64, 4096, 4, 16), "needs 31 bits, the outer accumulator has 24");
        Machine tiny = new Machine(
                m.engine(), new Bus(Bus.Kind.AXI4, 128, 32, 1, 1), new Buffers(64, 16, 64, 256, 2048), 4, true);
        assertUnfit(tiny, shape(64, 4096, 4, 128), "a reduction of 4096 can only be split after 128 inputs");
    }

    /** A row of FP16 has one exponent; one of INT16 is cut where this is not. */
    @Test
    void rowsOfFp16AreNotCut() {
        Machine m = Machine.standard();
        Engine e = m.engine();
        Machine halves = machine(m, e, ActivationType.FP16);
        assertThat(new Planner(halves).plan(shape(64, 2048, 4, 128), false).chunks())
                .isEqualTo(1);
        assertUnfit(
                halves,
                shape(64, 2049, 4, 128),
                "a reduction cannot be split, but 2049 inputs must be after 1152: the activation half has 4096 bytes for 1 rows");
        assertThat(new Planner(halves).plan(shape(64, 256, 8, 0), false).chunks())
                .isEqualTo(1);
        assertUnfit(halves, shape(64, 257, 8, 0), "the inner accumulator of 32 bits takes 256 of weights of 8 bits");
        assertThat(new Planner(machine(m, e, ActivationType.INT16))
                        .plan(shape(64, 257, 8, 0), false)
                        .chunks())
                .isEqualTo(2);
    }

    private static Machine machine(Machine m, Engine e, ActivationType type) {
        Engine engine = new Engine(
                e.kind(),
                e.m(),
                e.n(),
                e.g(),
                e.t(),
                e.maxBits(),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                e.packing(),
                e.planes(),
                type);
        return new Machine(engine, m.bus(), m.buffers(), m.queueDepth(), m.counters());
    }

    private static void assertUnfit(Machine machine, RegionShape shape, String message) {
        assertThatThrownBy(() -> new Planner(machine).plan(shape, false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("region R (%d x %d) does not fit this machine".formatted(shape.n(), shape.k()))
                .hasMessageContaining(message);
    }

    /** By hand: 4,096 x 4,096 at 4 bits in groups of 128 on a bus of 16 bytes and 256 lanes. */
    @Test
    void ceilingCountsEachByteOnce() {
        Ceiling c = Ceiling.of(Machine.standard(), shape(4096, 4096, 4, 128), 1);
        assertThat(c.bytesRead()).isEqualTo(8_388_608 + 131_072 + 4_096);
        assertThat(c.bytesWritten()).isEqualTo(4 * 4096);
        assertThat(c.memoryCycles()).isEqualTo((8_388_608 + 131_072 + 4_096) / 16);
        assertThat(c.computeCycles()).isEqualTo(4096L * 4096 * 4 / 256);
        assertThat(c.cycles()).isEqualTo(c.memoryCycles());
        // rows beyond the tile's m add compute and activations, no weights
        Ceiling three = Ceiling.of(Machine.standard(), shape(4096, 4096, 4, 128), 3);
        assertThat(three.bytesRead()).isEqualTo(c.bytesRead() + 2 * 4096);
        assertThat(three.computeCycles()).isEqualTo(3 * c.computeCycles());
    }
}
