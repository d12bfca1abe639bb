// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every sum of a tile is the model's, with groups as close together as eight rows at one accumulator allow. */
@Engines
class HalfTileTest {
    private static final int ROWS = 8;
    private static final int COLUMNS = 2;
    private static final int WEIGHTS = 32;
    private final EngineKind engine;

    HalfTileTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void rowsShareTermsAndAnAccumulator() {
        var design = Circuit.of(() -> new HalfTile(new HalfTile.Params(ROWS, COLUMNS)));
        try (var simulator = Tool.open(engine, design)) {
            HalfTile tile = design.top();
            Random random = new Random(31);
            for (List<SerialType> columns : List.of(
                    List.of(SerialType.FP4_ER_NEGATIVE, SerialType.FP4_EA_POSITIVE),
                    List.of(SerialType.INT6, SerialType.INT6),
                    List.of(SerialType.FP3_EA_NEGATIVE, SerialType.FP3_ER_POSITIVE))) {
                run(simulator, tile, columns, 3, random);
            }
        }
    }

    /** Two products of some groups, one after the other; columns have their own codes and scales, rows their own activations. */
    private static void run(Simulator simulator, HalfTile tile, List<SerialType> types, int groups, Random random) {
        simulator.reset(1);
        List<List<HalfUnitTest.Group>> weights = new ArrayList<>();
        for (SerialType type : types) {
            List<HalfUnitTest.Group> column = new ArrayList<>();
            for (int g = 0; g < groups; g++) {
                column.add(HalfUnitTest.Group.random(random, type, WEIGHTS, HalfUnitTest.Kind.ANY));
            }
            weights.add(column);
        }
        long[][][] activations = new long[ROWS][groups][];
        for (long[][] row : activations) {
            for (int g = 0; g < groups; g++) {
                row[g] = HalfUnitTest.Group.random(random, SerialType.INT4, WEIGHTS, HalfUnitTest.Kind.ANY)
                        .activations();
            }
        }
        int terms = types.get(0).terms();
        simulator.poke(tile.valid, 1);
        simulator.poke(tile.isFloat, types.get(0).isFloat() ? 1 : 0);
        for (int g = 0; g < groups; g++) {
            for (int c = 0; c < COLUMNS; c++) {
                simulator.poke(tile.specials.get(c), types.get(c).special());
                simulator.poke(tile.scales.get(c), weights.get(c).get(g).scale());
            }
            simulator.poke(tile.rowFirst, g == 0 ? 1 : 0);
            for (int quad = 0; quad < WEIGHTS; quad += SerialCycles.LANES) {
                for (int c = 0; c < COLUMNS; c++) {
                    long codes = 0;
                    for (int k = 0; k < SerialCycles.LANES; k++) {
                        int code = weights.get(c).get(g).codes()[quad + k];
                        codes |= (SerialCodes.port(types.get(c), code) & 0xffL) << 8 * k;
                    }
                    simulator.poke(tile.codes.get(c), codes);
                }
                for (int r = 0; r < ROWS; r++) {
                    BigInteger line = BigInteger.ZERO;
                    for (int k = 0; k < SerialCycles.LANES; k++) {
                        line = line.or(
                                BigInteger.valueOf(activations[r][g][quad + k]).shiftLeft(16 * k));
                    }
                    simulator.poke(tile.activations.get(r), line);
                }
                for (int term = 0; term < terms; term++) {
                    simulator.poke(tile.index, term);
                    simulator.poke(tile.groupFirst, quad == 0 && term == 0 ? 1 : 0);
                    simulator.poke(tile.groupLast, quad == WEIGHTS - SerialCycles.LANES && term == terms - 1 ? 1 : 0);
                    simulator.step(1);
                }
            }
        }
        simulator.poke(tile.valid, 0);
        simulator.step(12 + ROWS - 1);
        for (int c = 0; c < COLUMNS; c++) {
            for (int r = 0; r < ROWS; r++) {
                List<HalfUnitTest.Group> row = new ArrayList<>();
                for (int g = 0; g < groups; g++) {
                    HalfUnitTest.Group group = weights.get(c).get(g);
                    row.add(new HalfUnitTest.Group(group.type(), activations[r][g], group.codes(), group.scale()));
                }
                assertThat(simulator.peek(tile.sums.get(c * ROWS + r)) & 0xffffffffL)
                        .as("%s, row %d, column %d", types, r, c)
                        .isEqualTo(HalfUnitTest.model(row));
            }
        }
    }
}
