// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.sim.build.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** {@code spi:} against a virtual board behind a file of spidev, by a host that is a process of its own. */
final class VirtualSpiBoardIT {

    private static VirtualSpiBoard board;
    private static HostProcess host;
    private static HostProcess second;

    @BeforeAll
    static void switchOn() throws InterruptedException, IOException {
        assumeTrue(Command.locate("gcc", System.getenv("PATH")) != null, "there is no gcc");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the preloaded library is for x86-64");
        board = VirtualSpiBoard.open(Machine.smallest(), null, BoardEngine.KIND, step -> {});
        host = new HostProcess(board.preload());
        second = new HostProcess(board.preload());
    }

    @AfterAll
    static void switchOff() {
        if (host != null) {
            host.close();
            second.close();
            board.close();
        }
    }

    private static void theNextRunWorks() throws IOException {
        host.session(board.address(), "run");
    }

    @Test
    void computesThroughItsBusAtAnySpeedThatItHas() throws IOException {
        theNextRunWorks();
        host.session(board.address() + "?hz=900000", "run");
        // 2 cycles a clock of the bus
        assertThat(host.order("open " + board.address() + "?hz=6000000"))
                .matches(".*(are garbled|does not answer), 8 times in a row \\| .*");
        theNextRunWorks();
    }

    @Test
    void aSecondHostIsRefusedAndDoesNotDisturbTheFirst() throws IOException {
        host.works("open " + board.address());
        assertThat(second.order("open " + board.address()))
                .isEqualTo(board.path() + " is in use by another process | End that process first; fuser "
                        + board.path() + " names it.");
        host.works("run");
        host.works("close");
        second.session(board.address(), "run");
    }

    @Test
    void aBoardThatDoesNotAnswerIsReported() throws IOException {
        host.works("open " + board.address());
        board.silence(true);
        try {
            assertThat(host.order("run"))
                    .isEqualTo("the board on " + board.path()
                            + " does not answer, 8 times in a row | Is its bitstream loaded (lutra program) and built with --host spi,"
                            + " and is this the right chip select?");
        } finally {
            board.silence(false);
        }
        host.order("close");
        theNextRunWorks();
    }

    @Test
    void aBusThatIsTakenAwayIsReported() throws IOException {
        host.works("open " + board.address());
        board.pull();
        assertThat(host.order("run"))
                .startsWith(
                        board.path() + " is gone: the board was unplugged, lost its power or is being programmed | ");
        host.order("close");
        theNextRunWorks();
    }

    @Test
    void aBoardThatIsResetIsReported() throws IOException {
        host.works("open " + board.address());
        board.reset();
        assertThat(host.order("run")).matches("the .* was reset: .*");
        host.works("close");
        theNextRunWorks();
    }

    @Test
    void theBitstreamOfAnotherMachineIsRefused(@TempDir Path directory) throws IOException {
        Machine m = Machine.smallest();
        Bus smaller = new Bus(Bus.Kind.LOCAL, 32, 16, 1, 1);
        Machine other = new Machine(m.engine(), smaller, m.buffers(), m.queueDepth(), m.counters());
        Path file = Files.writeString(
                directory.resolve("machine.json"),
                MachineFile.of(other, "0000", Map.of()).toJson());
        assertThat(host.order("open " + board.address() + "?machine=" + file))
                .contains(
                        "board on " + board.path() + " has fingerprint " + m.fingerprintText(),
                        other.fingerprintText());
        theNextRunWorks();
    }

    @Test
    void aHostThatIsKilledInTheMiddleOfARegionDoesNotHinderTheNext() throws IOException, InterruptedException {
        try (HostProcess victim = new HostProcess(board.preload())) {
            victim.works("open " + board.address());
            victim.begin("loop");
            Thread.sleep(100);
            victim.kill();
        }
        theNextRunWorks();
    }

    @Test
    void wrongAddressesAreSaidInASentenceWithAHint(@TempDir Path directory) throws IOException {
        refused("spi:", "spi: names no chip select | Write spi:/dev/spidev0.0");
        refused(
                "spi:/dev/spidev9.9",
                "cannot open /dev/spidev9.9: [2] No such file or directory | Is the spidev driver loaded");
        Path file = Files.createFile(directory.resolve("plain"));
        refused(
                "spi:" + file,
                file + " cannot be used as an SPI bus in mode 0: [25] Inappropriate ioctl for device | Is it");
        refused(board.address() + "?hz=5", "hz");
        refused(board.address() + "?baud=5", "baud");
        theNextRunWorks();
    }

    private static void refused(String address, String message) throws IOException {
        assertThat(host.order("open " + address)).contains(message);
    }

    @Test
    @EnabledIfSystemProperty(
            named = "lutra.deep",
            matches = "true",
            disabledReason = "starts many JVMs; ./lutra test --deep")
    void aHostThatIsKilledDoesNotHinderTheNext() throws IOException, InterruptedException {
        KilledHosts.kill(board.preload(), List.of(board.address()), VirtualSpiBoardIT::theNextRunWorks);
    }
}
