// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.lib.axi.Axi4;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.axi.AxiSignals;
import dev.lutra.sim.axi.ProtocolChecker;
import dev.lutra.sim.engine.AxiViolation;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.junit.Engines;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker in hardware against the one in Java, which is written from the same table, and on what only the hardware checks. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class Axi4CheckerTest {
    private static final int DATA_BYTES = 4;
    private static final int ADDRESS_BITS = 16;
    private static final int IDS = 4;
    private static final int OPEN = 5;

    private final Elaboration<Axi4Checker> design =
            Circuit.of(() -> new Axi4Checker(new Axi4Checker.Params(ADDRESS_BITS, 8 * DATA_BYTES, 2, OPEN, Side.BOTH)));
    private final Axi4 bus = design.top().bus;
    private final AxiSignals s = new AxiSignals(DATA_BYTES);

    private static final int CYCLES = 20_000;

    private final EngineKind engine;

    Axi4CheckerTest(EngineKind engine) {
        this.engine = engine;
    }

    private void poke(Simulator sim) {
        sim.poke(bus.arvalid, s.arvalid);
        sim.poke(bus.arready, s.arready);
        sim.poke(bus.araddr, s.araddr);
        sim.poke(bus.arlen, s.arlen);
        sim.poke(bus.arsize, s.arsize);
        sim.poke(bus.arburst, s.arburst);
        sim.poke(bus.arid, s.arid);
        sim.poke(bus.rvalid, s.rvalid);
        sim.poke(bus.rready, s.rready);
        sim.poke(bus.rdata, s.rdata[0]);
        sim.poke(bus.rresp, s.rresp);
        sim.poke(bus.rlast, s.rlast);
        sim.poke(bus.rid, s.rid);
        sim.poke(bus.awvalid, s.awvalid);
        sim.poke(bus.awready, s.awready);
        sim.poke(bus.awaddr, s.awaddr);
        sim.poke(bus.awlen, s.awlen);
        sim.poke(bus.awsize, s.awsize);
        sim.poke(bus.awburst, s.awburst);
        sim.poke(bus.awid, s.awid);
        sim.poke(bus.wvalid, s.wvalid);
        sim.poke(bus.wready, s.wready);
        sim.poke(bus.wdata, s.wdata[0]);
        sim.poke(bus.wstrb, s.wstrb[0]);
        sim.poke(bus.wlast, s.wlast);
        sim.poke(bus.bvalid, s.bvalid);
        sim.poke(bus.bready, s.bready);
        sim.poke(bus.bresp, s.bresp);
        sim.poke(bus.bid, s.bid);
    }

    /** Starts again, with the first edge outside reset done. */
    private void restart(Simulator sim) {
        s.arvalid = false;
        s.awvalid = false;
        s.wvalid = false;
        s.rvalid = false;
        s.bvalid = false;
        poke(sim);
        sim.reset(1);
        sim.step(1);
    }

    /** With data after its address, where the model agrees, and ahead of it, which AXI4 allows. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void legalTrafficPasses(boolean ahead) {
        try (Simulator sim = engine.open(design)) {
            restart(sim);
            var random = new SplittableRandom(7);
            var players = new AxiPlayers(random, DATA_BYTES, ADDRESS_BITS, IDS, OPEN, ahead);
            var model = new ProtocolChecker("bus");
            long most = 0;
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                players.drive(s);
                poke(sim);
                if (!ahead) {
                    model.sample(s, cycle);
                }
                sim.step(1);
                players.take(s);
                most = Math.max(most, Math.min(sim.peek(design.top().reads), sim.peek(design.top().writes)));
            }
            assertThat(most).isEqualTo(OPEN);
        }
    }

    /** Data of two bursts, of which the first one has no address yet, and data that its address does not fit. */
    @ParameterizedTest
    @CsvSource({
        "3, 2, W: WLAST does not agree with AWLEN",
        "1, 2, W: WLAST does not agree with AWLEN",
        "2, 2, nothing",
    })
    void dataAheadIsCounted(int beats, int length, String said) {
        try (Simulator sim = engine.open(design)) {
            restart(sim);
            s.wvalid = true;
            s.wready = true;
            s.wlast = false;
            poke(sim);
            sim.step(beats - 1);
            s.wlast = true;
            poke(sim);
            sim.step(1);
            assertThat(failure(sim)).contains("W: more accesses are open than the checker follows");
            restart(sim);
            s.wvalid = true;
            s.wlast = false;
            poke(sim);
            sim.step(beats - 1);
            s.wlast = true;
            s.awvalid = true;
            s.awready = true;
            s.awburst = 1;
            s.awsize = 2;
            s.awaddr = 64;
            s.awlen = length - 1;
            poke(sim);
            assertThat(failure(sim)).contains(said);
        }
    }

    @Test
    void dataAheadEndsWithTheLongestBurst() {
        try (Simulator sim = engine.open(design)) {
            restart(sim);
            s.wvalid = true;
            s.wready = true;
            s.wlast = false;
            poke(sim);
            sim.step(255);
            assertThat(failure(sim)).contains("W: WLAST does not agree with AWLEN");
        }
    }

    /** One signal is changed now and then; each time both must find the same fault, or none. */
    @Test
    void bothFindTheSameFaults() {
        Set<ProtocolRule> found = EnumSet.noneOf(ProtocolRule.class);
        try (Simulator sim = engine.open(design)) {
            for (long seed = 1; seed <= CYCLES / 10; seed++) {
                var random = new SplittableRandom(seed);
                var players = new AxiPlayers(random, DATA_BYTES, ADDRESS_BITS, IDS, OPEN - 1, false);
                var model = new ProtocolChecker("bus");
                restart(sim);
                boolean good = true;
                for (int cycle = 0; good; cycle++) {
                    players.drive(s);
                    boolean change = random.nextInt(20) == 0;
                    if (change) {
                        change(random);
                    }
                    s.rresp &= 2;
                    s.bresp &= 2;
                    poke(sim);
                    String where = "seed " + seed + ", cycle " + cycle;
                    try {
                        model.sample(s, cycle);
                        sim.step(1);
                    } catch (AxiViolation expected) {
                        found.add(expected.rule());
                        if (expected.rule() == ProtocolRule.DATA_BEFORE_ADDRESS) {
                            break; // legal, but not for the simulators' memory
                        }
                        assertThat(failure(sim))
                                .as(where)
                                .contains(": " + expected.rule().text() + ";");
                        good = false;
                    } catch (RequireException e) {
                        throw new AssertionError(where, e);
                    }
                    if (change) { // legal or not: the players do not know it
                        break;
                    }
                    players.take(s);
                }
            }
        }
        assertThat(found)
                .as("rules broken in " + CYCLES / 10 + " runs")
                .containsExactlyInAnyOrderElementsOf(
                        EnumSet.range(ProtocolRule.VALID_DROPPED, ProtocolRule.DATA_BEFORE_ADDRESS));
    }

    private void change(SplittableRandom random) {
        switch (random.nextInt(24)) {
            case 0 -> s.arvalid = !s.arvalid;
            case 1 -> s.araddr = s.araddr & 0xF00F | 0xFF0;
            case 2 -> s.arlen ^= 1 << random.nextInt(8);
            case 3 -> s.arsize ^= 1 << random.nextInt(3);
            case 4 -> s.arburst = random.nextInt(4);
            case 5 -> s.arid ^= 1;
            case 6 -> s.awvalid = !s.awvalid;
            case 7 -> s.awaddr = s.awaddr & 0xF00F | 0xFF0;
            case 8 -> s.awlen ^= 1 << random.nextInt(8);
            case 9 -> s.awsize ^= 1 << random.nextInt(3);
            case 10 -> s.awburst = random.nextInt(4);
            case 11 -> s.awid ^= 2;
            case 12 -> s.wvalid = !s.wvalid;
            case 13 -> s.wlast = !s.wlast;
            case 14 -> s.wstrb[0] ^= 1L << random.nextInt(DATA_BYTES);
            case 15 -> s.wdata[0] ^= 1L << random.nextInt(32);
            case 16 -> s.rvalid = !s.rvalid;
            case 17 -> s.rlast = !s.rlast;
            case 18 -> s.rid ^= 1 + random.nextInt(3);
            case 19 -> s.rdata[0] ^= 1L << random.nextInt(32);
            case 20 -> s.bvalid = !s.bvalid;
            case 21 -> s.bid ^= 1 + random.nextInt(3);
            case 22 -> {
                s.wvalid = true;
                s.wready = true;
            }
            default -> s.bresp ^= 2;
        }
    }

    private static String failure(Simulator sim) {
        try {
            sim.step(1);
        } catch (RequireException e) {
            return e.getMessage();
        }
        return "nothing";
    }

    @Test
    void offersStraightAfterReset() {
        try (Simulator sim = engine.open(design)) {
            restart(sim);
            s.arburst = 1;
            s.arvalid = true;
            poke(sim);
            sim.reset(1);
            assertThat(failure(sim))
                    .contains("AR: valid at the first edge after reset")
                    .doesNotContain("AW:");
            assertThat(failure(sim)).isEqualTo("nothing");
        }
    }

    @Test
    void exclusiveResponses() {
        try (Simulator sim = engine.open(design)) {
            restart(sim);
            s.arvalid = true;
            s.arready = true;
            s.arburst = 1;
            s.arlen = 0;
            poke(sim);
            sim.step(1);
            s.arvalid = false;
            s.rvalid = true;
            s.rlast = true;
            s.rid = s.arid;
            s.rresp = 1;
            poke(sim);
            assertThat(failure(sim)).contains("R: EXOKAY without an exclusive access");
        }
    }

    @Test
    void moreOpenBurstsThanItFollows() {
        try (Simulator sim = engine.open(design)) {
            restart(sim);
            s.awvalid = true;
            s.awready = true;
            s.awburst = 1;
            s.awlen = 0;
            poke(sim);
            sim.step(OPEN);
            assertThat(sim.peek(design.top().writes)).isEqualTo(OPEN);
            assertThat(failure(sim)).contains("AW: more accesses are open than the checker follows");
        }
    }
}
