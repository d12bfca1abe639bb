// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.serial.TerminalPort;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code uart:} against a virtual board behind a pseudo-terminal, and what happens to boards and hosts. */
final class VirtualBoardTest {

    private static final Machine MACHINE = Machine.smallest();
    private static final Product PRODUCT = Product.random(3, WeightFormat.TERNARY, 5, 9, 0, 1);

    private static VirtualBoard board;

    @BeforeAll
    static void switchOn() {
        board = open();
    }

    private static VirtualBoard open() {
        return VirtualBoard.open(new LocalAccelerator.Params(MACHINE, 4, 9), EngineKind.EMBEDDED, step -> {});
    }

    @AfterAll
    static void switchOff() {
        board.close();
    }

    private void theNextRunWorks() {
        try (Device device = Device.open(board.address())) {
            assertThat(PRODUCT.run(device).results()).isDeepEqualTo(PRODUCT.expected());
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
            assertThat(PRODUCT.run(device).results()).isDeepEqualTo(PRODUCT.expected());
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
            assertThatThrownBy(() -> PRODUCT.run(device))
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
            assertThat(PRODUCT.run(device).results()).isDeepEqualTo(PRODUCT.expected());
            board.reset();
            assertThatThrownBy(() -> PRODUCT.run(device))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(" was reset");
        }
        theNextRunWorks();
    }

    /** Hosts that are processes of their own, killed after a time: few, or with --deep 200. */
    @Test
    void aHostThatIsKilledDoesNotHinderTheNext() throws IOException, InterruptedException {
        int kills = Boolean.getBoolean("lutra.deep") ? 200 : 0;
        Assumptions.assumeTrue(kills > 0, "starts many JVMs: skipped without --deep");
        for (int i = 0; i < kills; i++) {
            Process host = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Host.class.getName(),
                            board.address()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            host.waitFor(500 + 17 * i % 1000, TimeUnit.MILLISECONDS);
            host.destroyForcibly().waitFor();
            theNextRunWorks();
        }
    }

    /** A host that computes until it is killed. */
    static final class Host {
        private Host() {}

        public static void main(String[] address) {
            try (Device device = Device.open(address[0])) {
                while (true) {
                    PRODUCT.run(device);
                }
            }
        }
    }
}
