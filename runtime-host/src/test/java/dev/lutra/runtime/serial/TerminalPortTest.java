// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of the system, by means of pseudo-terminals. */
final class TerminalPortTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void everyByteGoesThroughUnchangedInBothDirections() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (PseudoTerminal terminal = PseudoTerminal.open();
                TerminalPort port = TerminalPort.open(terminal.path(), 1_000_000)) {
            port.write(all);
            byte[] arrived = new byte[0];
            while (arrived.length < all.length) {
                byte[] more = terminal.read(SOON);
                assertThat(more).isNotEmpty();
                arrived = ByteBuffer.allocate(arrived.length + more.length)
                        .put(arrived)
                        .put(more)
                        .array();
            }
            assertThat(arrived).isEqualTo(all);
            for (byte value : all) {
                terminal.write(value);
            }
            byte[] back = new byte[all.length];
            int count = 0;
            while (count < back.length) {
                int more = port.read(back, count, back.length - count, SOON);
                assertThat(more).isPositive();
                count += more;
            }
            assertThat(back).isEqualTo(all);
            assertThat(port.read(back, 0, 1, Duration.ofMillis(1))).isZero();
        }
    }

    @Test
    void oneHostAtATime() throws IOException {
        try (PseudoTerminal terminal = PseudoTerminal.open()) {
            TerminalPort first = TerminalPort.open(terminal.path(), 115_200);
            assertThatThrownBy(() -> TerminalPort.open(terminal.path(), 115_200))
                    .isInstanceOf(UserException.class)
                    .hasMessage(terminal.path() + " is in use by another process");
            first.close();
            TerminalPort.open(terminal.path(), 115_200).close();
        }
    }

    @Test
    void aCableThatIsPulledIsReported() throws IOException {
        PseudoTerminal terminal = PseudoTerminal.open();
        try (TerminalPort port = TerminalPort.open(terminal.path(), 115_200)) {
            terminal.close();
            assertThatThrownBy(() -> port.read(new byte[1], 0, 1, SOON))
                    .isInstanceOf(UserException.class)
                    .hasMessage(terminal.path() + " is gone: the cable was pulled or the board lost its power");
            assertThatThrownBy(() -> port.write(new byte[1])).hasMessageContaining("is gone");
        }
    }

    @Test
    void whatIsNoLineIsSaid(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> TerminalPort.open(file.toString(), 115_200))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be used as a serial line of 115200 baud");
        assertThatThrownBy(() -> TerminalPort.open("/dev/ttyNONE7", 115_200))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot open /dev/ttyNONE7");
        assertThatThrownBy(() -> Device.open("uart:")).hasMessage("uart: names no serial line");
    }
}
