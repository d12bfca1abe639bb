// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.serial.TerminalPort;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code uart:} against a virtual board behind a pseudo-terminal, and what happens to boards and hosts. */
final class VirtualBoardTest {

    private static final Machine MACHINE = Machine.smallest();
    private static final HostLine.Uart LINE = new HostLine.Uart(4, 9);
    private static final Product PRODUCT = HostProcess.SMALL;

    private static VirtualBoard board;

    @BeforeAll
    static void switchOn() {
        board = open();
    }

    private static VirtualBoard open() {
        return VirtualBoard.open(MACHINE, LINE, BoardEngine.KIND, step -> {});
    }

    @AfterAll
    static void switchOff() {
        board.close();
    }

    private void theNextRunWorks() {
        try (Device device = Device.open(board.address())) {
            PRODUCT.check(device, HostProcess.LIMIT);
        }
    }

    @Test
    void computesThroughItsSerialLine() {
        theNextRunWorks();
        theNextRunWorks();
    }

    @Test
    void aSecondHostIsRefusedAndDoesNotDisturbTheFirst() {
        try (Device device = Device.open(board.address())) {
            assertThatThrownBy(() -> Device.open(board.address()))
                    .isInstanceOf(UserException.class)
                    .hasMessage(board.path() + " is in use by another process");
            PRODUCT.check(device, HostProcess.LIMIT);
        }
        theNextRunWorks();
    }

    @Test
    void aHostThatEndsInTheMiddleOfAFrameDoesNotHinderTheNext() {
        TerminalPort port = TerminalPort.open(board.path(), 1_000_000);
        port.write(new byte[] {(byte) 0xB4, 20, 0, 0, 0, 0, 1});
        port.close();
        theNextRunWorks();
    }

    @Test
    void aCableThatIsPulledIsReported() {
        Assumptions.assumeTrue(Boolean.getBoolean("lutra.deep"), "skipped without --deep; TerminalPortTest pulls one");
        VirtualBoard another = open();
        try (Device device = Device.open(another.address())) {
            another.close();
            assertThatThrownBy(() -> PRODUCT.run(device, HostProcess.LIMIT))
                    .isInstanceOf(UserException.class)
                    .hasMessage(another.path() + " is gone: the cable was pulled or the board lost its power");
        }
        assertThatThrownBy(() -> Device.open(another.address()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("cannot open " + another.path());
    }

    @Test
    void aBoardThatFallsSilentIsReported() {
        try (Device device = Device.open("uart:" + board.path() + "?timeout=5000")) {
            assertThat(device.description()).isEqualTo("board on " + board.path());
        }
        board.silence(true);
        assertThatThrownBy(() -> Device.open("uart:" + board.path() + "?timeout=10"))
                .isInstanceOf(UserException.class)
                .hasMessage("the board on " + board.path() + " does not answer, 8 times in a row");
        board.silence(false);
        theNextRunWorks();
    }

    @Test
    void aBoardThatIsResetIsReportedAndTheNextHostFindsItWell() {
        try (Device device = Device.open(board.address())) {
            PRODUCT.check(device, HostProcess.LIMIT);
            board.reset();
            assertThatThrownBy(() -> PRODUCT.run(device, HostProcess.LIMIT))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(" was reset");
        }
        theNextRunWorks();
    }

    /** At random points of a region and of what comes before and after it. */
    @Test
    void aBoardThatIsResetInTheMiddleOfARegionIsReportedOrComputesRight() throws IOException, InterruptedException {
        Product product = Product.random(9, WeightFormat.TERNARY, 60, 900, 0, 2);
        RandomResets.press(board::reset, () -> product.attempt(board.address()), this::theNextRunWorks);
    }

    @Test
    void aBoardWithAnotherBitstreamIsToldByItsFingerprint() {
        Machine m = MACHINE;
        Bus smaller = new Bus(Bus.Kind.LOCAL, 32, 16, 1, 1);
        Machine other = new Machine(m.engine(), smaller, m.buffers(), m.queueDepth(), m.counters());
        try (VirtualBoard wrong = VirtualBoard.open(other, LINE, EngineKind.EMBEDDED, step -> {})) {
            assertThatThrownBy(() -> Device.open(wrong.address()))
                    .isInstanceOf(UserException.class)
                    .hasMessage("board on %s has fingerprint %s and ISA version %d; machine.json says %s and %d"
                            .formatted(
                                    wrong.path(),
                                    other.fingerprintText(),
                                    Machine.ISA_VERSION,
                                    m.fingerprintText(),
                                    Machine.ISA_VERSION));
        }
    }

    /** A program that does not ask for the lock, such as a terminal, types while a host computes. */
    @Test
    void anotherProgramThatWritesToTheLineSpoilsNoResult() throws IOException {
        int runs = Boolean.getBoolean("lutra.deep") ? 50 : 2;
        SplittableRandom random = new SplittableRandom(37);
        AtomicBoolean ends = new AtomicBoolean();
        try (OutputStream line = Files.newOutputStream(Path.of(board.path()));
                Device device = Device.open(board.address())) {
            Thread typist = new Thread(() -> {
                try {
                    while (!ends.get()) {
                        byte[] bytes = new byte[1 + random.nextInt(3)];
                        random.nextBytes(bytes);
                        line.write(bytes);
                        Thread.sleep(50 + random.nextInt(200));
                    }
                } catch (IOException | InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            });
            typist.start();
            try {
                for (int i = 0; i < runs; i++) {
                    PRODUCT.check(device, HostProcess.LIMIT);
                }
            } catch (UserException error) { // where it types faster than frames pass
                assertThat(error).hasMessageMatching(".*(garbled|does not answer), 8 times in a row");
            } finally {
                ends.set(true);
                typist.interrupt();
            }
        }
        theNextRunWorks();
    }

    @Test
    @EnabledIfSystemProperty(
            named = "lutra.deep",
            matches = "true",
            disabledReason = "starts many JVMs; ./lutra test --deep")
    void aHostThatIsKilledDoesNotHinderTheNext() throws IOException, InterruptedException {
        KilledHosts.kill(null, List.of(board.address()), this::theNextRunWorks);
    }
}
