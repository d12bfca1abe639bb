// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import dev.lutra.sim.engine.MemoryStatistics;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The memory of an engine against docs/sim/axi-memory.md, signal by signal, with a test that is itself the master: what it pokes on
 * {@code araddr} appears on {@code m_axi_araddr}, and so on, of a design of 64 data, 16 address and 4 id bits.
 */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR, EngineKind.ICARUS})
class AxiMemoryTest {
    private static final int LATENCY = 5;

    private static final Elaboration<AxiPins> DESIGN = Circuit.of(AxiPins::new);

    private final Map<String, UInt> pins = DESIGN.top().pins;
    private final EngineKind engine;
    private final Simulator sim;
    private AxiMemory memory;

    AxiMemoryTest(EngineKind engine) {
        this.engine = engine;
        sim = engine.open(DESIGN);
    }

    @AfterEach
    void close() {
        sim.close();
    }

    private void attach(MemoryConfig config) {
        memory = sim.attachMemory("m_axi", config);
        for (int i = 0; i < config.bytes(); i++) {
            memory.contents().put(i, (byte) (i * 7 + i / 256));
        }
    }

    private void set(String pin, long value) {
        sim.poke(pins.get(pin), new BigInteger(Long.toUnsignedString(value)));
    }

    private long get(String pin) {
        return sim.peekBig(pins.get("m_axi_" + pin)).longValue();
    }

    private void address(String channel, long address, int length, int size, int id) {
        set(channel + "addr", address);
        set(channel + "len", length);
        set(channel + "size", size);
        set(channel + "burst", 1);
        set(channel + "id", id);
        set(channel + "valid", 1);
    }

    private long word(int address) {
        return memory.contents().getLong(address);
    }

    /** One write burst of full beats; ends with the cycle of its last data handshake. */
    private void write(long address, long... beats) {
        address("aw", address, beats.length - 1, 3, 3);
        handshake("awready");
        set("awvalid", 0);
        set("wvalid", 1);
        for (int i = 0; i < beats.length; i++) {
            set("wdata", beats[i]);
            set("wstrb", 0xff);
            set("wlast", i == beats.length - 1 ? 1 : 0);
            handshake("wready");
        }
        set("wvalid", 0);
    }

    private void handshake(String ready) {
        int waited = 0;
        while (get(ready) == 0) {
            sim.step(1);
            assertThat(++waited).as("cycles without " + ready).isLessThan(1000);
        }
        sim.step(1);
    }

    @Test
    void aReadAnswersAfterItsLatencyBeatByBeat() {
        attach(MemoryConfig.of(4096, LATENCY));
        assertThat(get("arready")).isEqualTo(1);
        assertThat(get("wready")).as("no open write").isZero();
        assertThat(List.of(get("rdata"), get("rresp"), get("rlast"), get("rid")))
                .as("idle payload")
                .containsExactly(-1L, 3L, 1L, 15L);
        set("rready", 1);
        address("ar", 0x104, 3, 3, 9); // not aligned: the first beat is the line of 0x100
        sim.step(1);
        set("arvalid", 0);
        for (int i = 1; i < LATENCY; i++) {
            assertThat(get("rvalid")).as("cycle %d after the address", i).isZero();
            sim.step(1);
        }
        for (int beat = 0; beat < 4; beat++) {
            assertThat(List.of(get("rvalid"), get("rdata"), get("rlast"), get("rid"), get("rresp")))
                    .containsExactly(1L, word(0x100 + 8 * beat), beat == 3 ? 1L : 0L, 9L, 0L);
            sim.step(1);
        }
        assertThat(get("rvalid")).isZero();
        assertThat(get("rdata")).isEqualTo(-1);
        assertThat(memory.statistics()).isEqualTo(new MemoryStatistics(1, 4, 0, 0));
    }

    @Test
    void aBeatThatIsNotTakenIsHeldAndBandwidthIsLimited() {
        attach(MemoryConfig.of(4096, 1).withBandwidth(256));
        address("ar", 0, 7, 3, 0);
        sim.step(1);
        set("arvalid", 0);
        while (get("rvalid") == 0) {
            sim.step(1);
        }
        sim.step(20);
        assertThat(get("rvalid")).isEqualTo(1);
        assertThat(get("rdata")).isEqualTo(word(0));
        memory.contents().putLong(0, 0); // read when the beat was raised
        assertThat(get("rdata")).isNotZero();
        set("rready", 1);
        List<Long> cycles = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            if (get("rvalid") == 1) {
                cycles.add(sim.cycle());
            }
            sim.step(1);
        }
        assertThat(cycles).hasSize(8);
        assertThat(cycles.get(1) - cycles.get(0))
                .as("credit saved up while the beat was held")
                .isEqualTo(1);
        for (int i = 2; i + 1 < 8; i++) {
            assertThat(cycles.get(i + 1) - cycles.get(i)).isEqualTo(4);
        }
    }

    @Test
    void writesKeepStrobesAndAnswerAfterTheirLatency() {
        attach(MemoryConfig.of(4096, LATENCY));
        long before = word(0x208);
        address("aw", 0x200, 1, 3, 3);
        sim.step(1);
        set("awvalid", 0);
        set("wvalid", 1);
        set("wdata", 0x1111_2222_3333_4444L);
        set("wstrb", 0xff);
        assertThat(get("wready")).isEqualTo(1);
        sim.step(1);
        set("wdata", -1);
        set("wstrb", 0b1000_0001);
        set("wlast", 1);
        sim.step(1);
        set("wvalid", 0);
        assertThat(word(0x200)).isEqualTo(0x1111_2222_3333_4444L);
        assertThat(word(0x208)).isEqualTo(before | 0xff00_0000_0000_00ffL);
        for (int i = 1; i < LATENCY; i++) {
            assertThat(get("bvalid")).isZero();
            sim.step(1);
        }
        assertThat(List.of(get("bvalid"), get("bresp"), get("bid"))).containsExactly(1L, 0L, 3L);
        sim.step(3);
        assertThat(get("bvalid")).as("held").isEqualTo(1);
        set("bready", 1);
        sim.step(1);
        assertThat(get("bvalid")).isZero();
        assertThat(memory.statistics()).isEqualTo(new MemoryStatistics(0, 0, 1, 2));
    }

    @Test
    void noMoreBurstsThanConfiguredAreAccepted() {
        attach(new MemoryConfig(4096, 100, 1024, 3, 2, MemoryConfig.Stalls.NONE));
        address("ar", 0, 0, 3, 1);
        sim.step(50);
        assertThat(memory.statistics().readBursts()).isEqualTo(3);
        assertThat(get("arready")).isZero();
        address("aw", 0, 0, 3, 1);
        sim.step(20);
        assertThat(memory.statistics().writeBursts()).isEqualTo(2);
    }

    /** Bursts in cycles from their address on: of a closed row, of the open one, of two rows of one bank and of two banks, beside a refresh. */
    @Test
    void rowsAreOpenedBesideEachOtherAndClosedByRefresh() {
        attach(MemoryConfig.of(1 << 15, LATENCY).withDram(new MemoryConfig.Dram(4096, 2, 20, 400, 30)));
        set("rready", 1);
        assertThat(answers(0x0000)).as("closed").containsExactly(21);
        assertThat(answers(0x0010)).as("open").containsExactly(LATENCY);
        assertThat(answers(0x2000)).as("another row of the bank").containsExactly(21);
        assertThat(answers(0x1000, 0x2008))
                .as("another bank, then the open row")
                .containsExactly(21, 22);
        assertThat(answers(0x0000, 0x3000)).as("both at once").containsExactly(21, 22);
        assertThat(answers(0x2000, 0x0000)).as("one after the other").containsExactly(21, 42);
        sim.step((int) (410 - sim.cycle()));
        assertThat(answers(0x0008)).as("from the refresh on").containsExactly(20 + 20);
    }

    /** Reads words, whose addresses follow on each other; cycles from the first handshake to each answer. */
    private List<Integer> answers(int... addresses) {
        List<Integer> cycles = new ArrayList<>();
        int cycle = 0;
        for (int asked = 0; cycles.size() < addresses.length; cycle++) {
            assertThat(cycle).isLessThan(200);
            set("arvalid", 0);
            if (asked < addresses.length) {
                address("ar", addresses[asked++], 0, 3, 1);
            }
            assertThat(get("arready")).isEqualTo(1);
            if (get("rvalid") == 1) {
                cycles.add(cycle);
            }
            sim.step(1);
        }
        set("arvalid", 0);
        return cycles;
    }

    @Test
    void stallsHappenAsOftenAsConfigured() {
        attach(MemoryConfig.of(4096, 1).withStalls(new MemoryConfig.Stalls(42, 256, 0, 0, 0, 0)));
        int stalled = 0;
        for (int i = 0; i < 4000; i++) {
            stalled += get("arready") == 0 ? 1 : 0;
            sim.step(1);
        }
        assertThat(stalled).isBetween(900, 1100);
    }

    @Test
    void errorsComeFromTheAddressAndFromInjectedFaults() {
        attach(MemoryConfig.of(2048, 1));
        set("rready", 1);
        set("bready", 1);
        assertThat(read(2048 - 8, 1, 8)).as("second beat beyond the end").containsExactly(3L, 3L);
        memory.inject(MemoryFault.nth(MemoryFault.Kind.SLVERR, 0x100, 0x108, 2));
        assertThat(read(0x0f8, 1, 8)).containsExactly(0L, 0L);
        assertThat(read(0x0f0, 1, 8)).as("does not touch the range").containsExactly(0L, 0L);
        assertThat(read(0x0f8, 1, 8)).containsExactly(2L, 2L);
        assertThat(read(0x0f8, 1, 8)).containsExactly(0L, 0L);
        memory.inject(new MemoryFault(MemoryFault.Kind.DECERR, 0x300, 0x301, false, true, 1, Long.MAX_VALUE));
        long before = word(0x300);
        write(0x300, 77);
        while (get("bvalid") == 0) {
            sim.step(1);
        }
        assertThat(get("bresp")).isEqualTo(3);
        assertThat(word(0x300)).isEqualTo(before);
        assertThat(read(0x300, 0, 8)).as("only writes fail").containsExactly(0L);
    }

    @Test
    void aHungMemoryAnswersAgainAfterClearingOrReset() {
        attach(MemoryConfig.of(4096, 1));
        set("rready", 1);
        memory.inject(MemoryFault.nth(MemoryFault.Kind.HANG, 0, 8, 1));
        address("ar", 0, 0, 3, 0);
        sim.step(1);
        set("arvalid", 0);
        sim.step(1000);
        assertThat(List.of(get("rvalid"), get("arready"), get("awready"))).containsExactly(0L, 0L, 0L);
        memory.clearFaults();
        sim.step(2);
        assertThat(get("arready")).isEqualTo(1);
        assertThat(memory.statistics().readBeats()).as("the waiting burst").isEqualTo(1);

        memory.inject(MemoryFault.nth(MemoryFault.Kind.HANG, 0, 8, 1));
        address("ar", 0, 0, 3, 0);
        sim.step(1);
        set("arvalid", 0);
        sim.step(10);
        sim.reset(3);
        assertThat(memory.statistics()).isEqualTo(new MemoryStatistics(0, 0, 0, 0));
        assertThat(get("rvalid")).isZero();
        assertThat(read(0, 0, 8)).containsExactly(0L);
    }

    private List<Long> read(long address, int length, int limit) {
        address("ar", address, length, 3, 0);
        handshake("arready");
        set("arvalid", 0);
        List<Long> responses = new ArrayList<>();
        for (int i = 0; i < limit + length; i++) {
            if (get("rvalid") == 1) {
                responses.add(get("rresp"));
            }
            sim.step(1);
        }
        return responses;
    }

    @Test
    void contentsStayUsableAfterClose() {
        attach(MemoryConfig.of(1 << 20, 1));
        sim.close();
        memory.contents().putLong(1 << 19, 5);
        assertThat(memory.contents().getLong(1 << 19)).isEqualTo(5);
        if (engine != EngineKind.EMBEDDED) { // whose memory is Java's
            assertThatThrownBy(memory::statistics).isInstanceOf(SimulationException.class);
        }
    }

    /** Each rule once, and the design keeps its state before the edge of the violation. */
    @Test
    void theCheckerNamesRuleChannelCycleAndAddress() {
        attach(new MemoryConfig(4096, 1, 1024, 1, 1, new MemoryConfig.Stalls(0, 0, 0, 0, 0, 0)));
        // The one read is open, so ready is low and valid waits.
        address("ar", 0x40, 0, 3, 2);
        sim.step(1);
        set("araddr", 0x80);
        sim.step(1);
        set("araddr", 0x88);
        violates("AR", "payload changed while valid waited for ready (address 0x88, id 2)");
        set("arvalid", 0);
        violates("AR", "valid fell before ready (address 0x80, id 2)");

        address("aw", 0x10, 0, 3, 1);
        set("awburst", 2);
        violates("AW", "only INCR bursts are supported (address 0x10, id 1)");
        address("aw", 0x10, 0, 4, 1);
        violates("AW", "beat is wider than the bus");
        address("aw", 0xff8, 1, 3, 1);
        violates("AW", "burst crosses a 4-KiB boundary (address 0xff8, id 1)");
        address("aw", 0x13, 1, 1, 1);
        sim.step(1);
        set("awvalid", 0);
        set("wvalid", 1);
        set("wlast", 1);
        violates("W", "WLAST does not agree with AWLEN (address 0x13, id 1)");
        set("wlast", 0);
        set("wstrb", 0b0100);
        violates("W", "WSTRB marks a byte outside the transfer (address 0x13, id 1)");
        set("wstrb", 0b1000);
        sim.step(1);
        set("wstrb", 0b110000);
        set("wlast", 1);
        sim.step(1);
    }

    private void violates(String channel, String text) {
        long cycle = sim.cycle();
        assertThatThrownBy(() -> sim.step(5))
                .isInstanceOf(SimulationException.class)
                .hasMessageStartingWith(
                        "AXI protocol violation on m_axi, channel " + channel + ", cycle " + cycle + ": " + text);
        assertThat(sim.cycle()).isEqualTo(cycle);
        if (channel.equals("AR")) {
            set("araddr", 0x80);
            set("arvalid", 1);
            if (text.startsWith("valid fell")) {
                sim.reset(1);
                set("arvalid", 0);
            }
        }
    }
}
