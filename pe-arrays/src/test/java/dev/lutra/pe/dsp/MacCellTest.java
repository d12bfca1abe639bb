// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every form's block against the packed sum in plain Java: random and extreme operands, sums that begin and that go on. */
@Engines
class MacCellTest {
    private final EngineKind engine;

    MacCellTest(EngineKind engine) {
        this.engine = engine;
    }

    /** A block of each form, side by side: one design for all. */
    static final class Cells extends Module {
        final Vec<SInt> x;
        final Vec<SInt> y;
        final Bool start = in(bool());
        final Vec<Bits> before = in(vec(DspForm.values().length, i -> bits(48)));
        final Vec<Bits> sums = out(vec(DspForm.values().length, i -> bits(48)));
        final Vec<Bits> cascades = out(vec(DspForm.values().length, i -> bits(48)));

        record Params(int operandBits) {}

        Cells(Params p) {
            super(p);
            x = in(vec(2, i -> sint(p.operandBits())));
            y = in(vec(2, i -> sint(p.operandBits())));
            for (DspForm form : DspForm.values()) {
                var packing = packing(form, p.operandBits());
                var cell = MacCell.of(form, new MacCell.Params(packing, true));
                for (int i = 0; i < packing.xs(); i++) cell.x.get(i).set(x.get(i));
                for (int i = 0; i < packing.ys(); i++) cell.y.get(i).set(y.get(i));
                cell.start.set(start);
                cell.cascadeIn.set(before.get(form.ordinal()).bits(packing.sumBits() - 1, 0));
                int unused = 48 - packing.sumBits();
                sums.get(form.ordinal()).set(unused == 0 ? cell.sum : cat(lit(0, unused), cell.sum));
                cascades.get(form.ordinal()).set(unused == 0 ? cell.cascadeOut : cat(lit(0, unused), cell.cascadeOut));
            }
        }

        static Packing packing(DspForm form, int operandBits) {
            // 4 products of the portable form side by side, in 48 bits.
            return form.packing(operandBits, operandBits == 4 ? 15 : 255);
        }
    }

    @Test
    void int8() {
        check(8);
    }

    @Test
    void int4() {
        check(4);
    }

    private void check(int bits) {
        var design = Circuit.of(() -> new Cells(new Cells.Params(bits)));
        var random = new Random(bits);
        try (var simulator = Tool.open(engine, design)) {
            Cells cells = design.top();
            simulator.reset(1);
            int cycles = 1500;
            int[][] operands = new int[cycles][];
            boolean[] starts = new boolean[cycles];
            long[] before = new long[cycles];
            for (int t = 0; t < cycles; t++) {
                operands[t] = new int[] {
                    operand(random, bits), operand(random, bits), operand(random, bits), operand(random, bits)
                };
                starts[t] = random.nextInt(4) == 0;
                before[t] = random.nextInt(4) == 0 ? -1L >>> 16 : random.nextLong() >>> 16;
                for (int i = 0; i < 2; i++) {
                    simulator.poke(cells.x.get(i), operands[t][i]);
                    simulator.poke(cells.y.get(i), operands[t][2 + i]);
                }
                simulator.poke(cells.start, t >= MacCell.START && starts[t - MacCell.START] ? 1 : 0);
                for (DspForm form : DspForm.values()) {
                    int sumBits = Cells.packing(form, bits).sumBits();
                    int late = form.latency() - 1;
                    long passing = t >= late ? before[t - late] & (1L << sumBits) - 1 : 0;
                    simulator.poke(cells.before.get(form.ordinal()), passing);
                }
                simulator.step(1);
                for (DspForm form : DspForm.values()) {
                    int from = t + 1 - form.latency();
                    if (from < 0) continue;
                    var packing = Cells.packing(form, bits);
                    int[] o = operands[from];
                    int[] y = packing.ys() == 1 ? new int[] {o[2]} : new int[] {o[2], o[3]};
                    long expected =
                            add(packing, packing.product(new int[] {o[0], o[1]}, y), starts[from] ? 0 : before[from]);
                    assertThat(simulator.peek(cells.sums.get(form.ordinal())))
                            .as("%s cycle %d", form, t)
                            .isEqualTo(expected);
                    assertThat(simulator.peek(cells.cascades.get(form.ordinal())))
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static int operand(Random random, int bits) {
        int least = -(1 << bits - 1);
        return switch (random.nextInt(4)) {
            case 0 -> least;
            case 1 -> -1 - least;
            default -> least + random.nextInt(1 << bits);
        };
    }

    private static long add(Packing packing, long product, long before) {
        if (packing.carries()) {
            return product + before & -1L >>> 16;
        }
        long sum = 0;
        long mask = (1L << packing.fieldBits()) - 1;
        for (int f = 0; f < packing.products(); f++) {
            int at = f * packing.fieldBits();
            sum |= ((product >> at) + (before >> at) & mask) << at;
        }
        return sum;
    }
}
