// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.machine.UserException;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code etherbone:} against a virtual board on the loopback, over both transports. */
final class EtherboneTest {

    private static final Product PRODUCT = Product.random(3, WeightFormat.INT4, 40, 100, 32, 1);

    private static VirtualAccelerator accelerator;
    private static VirtualNetworkBoard board;

    @BeforeAll
    static void switchOn() {
        accelerator = VirtualAccelerator.open(Machine.standard(), EngineKind.EMBEDDED, 16 << 20, step -> {});
        board = VirtualNetworkBoard.open(accelerator);
    }

    @AfterAll
    static void switchOff() {
        board.close();
        accelerator.close();
    }

    private static void theNextRunWorks(String transport) {
        try (Device device = Device.open(board.address(transport))) {
            PRODUCT.check(device);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void computesAsInASimulation(String transport) {
        theNextRunWorks(transport);
        theNextRunWorks(transport);
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void blocksOfAnyPlaceAndLengthKeepTheirNeighbours(String transport) {
        try (Device device = Device.open(board.address(transport))) {
            HostProcess.blocks(device);
        }
    }

    /** Every 7th packet, requests and answers alike: what is lost is sent again, and a region starts once all the same. */
    @Test
    void packetsThatAreLostAreSentAgain() {
        AtomicInteger packets = new AtomicInteger();
        board.lose(() -> packets.incrementAndGet() % 7 == 0);
        try (Device device = Device.open(board.address("udp").replace("timeout=30000", "timeout=3000"))) {
            PRODUCT.check(device);
        } finally {
            board.lose(() -> false);
        }
        assertThat(packets.get()).isGreaterThan(70);
        theNextRunWorks("udp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aBoardThatFallsSilentIsReported(String transport) {
        String hasty = board.address(transport).replace("timeout=30000", "timeout=100");
        accelerator.silence(true);
        try {
            assertThatThrownBy(() -> Device.open(hasty))
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("the board at 127.0.0.1:\\d+ does not answer");
        } finally {
            accelerator.silence(false);
        }
        theNextRunWorks(transport);
    }

    @Test
    void aConnectionThatIsCutIsReported() {
        try (Device device = Device.open(board.address("tcp"))) {
            board.cut();
            assertThatThrownBy(() -> PRODUCT.run(device))
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("the connection to 127.0.0.1:\\d+ was lost: .+");
        }
        theNextRunWorks("tcp");
    }

    @Test
    void aBoardThatIsResetIsReported() {
        try (Device device = Device.open(board.address("udp"))) {
            PRODUCT.check(device);
            accelerator.reset();
            assertThatThrownBy(() -> PRODUCT.run(device))
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("the board at .* was reset: .*");
        }
        theNextRunWorks("udp");
    }

    @Test
    void aSecondHostIsRefusedAndDoesNotDisturbTheFirst() {
        try (Device device = Device.open(board.address("udp"))) {
            assertThatThrownBy(() -> Device.open(board.address("tcp")))
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("etherbone:127.0.0.1:\\d+ is in use by another process");
            PRODUCT.check(device);
        }
        theNextRunWorks("tcp");
    }

    @Test
    void aHostThatDiesInTheMiddleOfARegionDoesNotHinderTheNext() throws InterruptedException {
        CountDownLatch computes = new CountDownLatch(1);
        Thread host = new Thread(() -> {
            try (Device device = Device.open(board.address("tcp"))) {
                PRODUCT.run(device);
                computes.countDown();
                while (true) {
                    PRODUCT.run(device);
                }
            } catch (UserException cut) {
                // As it must be.
            }
        });
        host.start();
        assertThat(computes.await(1, TimeUnit.MINUTES)).isTrue();
        board.cut();
        host.join();
        theNextRunWorks("udp");
    }

    @Test
    void theBitstreamOfAnotherMachineIsRefused(@TempDir Path directory) throws IOException {
        Machine m = Machine.standard();
        Engine wider = new Engine(Engine.LUT_INT, 1, 32, 4, 4, 8, true, 32, 48);
        Machine other = new Machine(wider, m.bus(), m.buffers(), m.queueDepth(), m.counters());
        Path file = Files.writeString(
                directory.resolve("machine.json"),
                MachineFile.of(other, "0000", Map.of()).toJson());
        assertThatThrownBy(() -> Device.open(board.address("tcp") + "&machine=" + file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(m.fingerprintText())
                .hasMessageContaining(other.fingerprintText());
    }

    @Test
    void wrongAddressesAreSaidInASentence() throws IOException {
        int free;
        try (DatagramSocket socket = new DatagramSocket(0)) {
            free = socket.getLocalPort();
        }
        refused("etherbone:", "device etherbone: names no host and port");
        refused("etherbone:localhost:none", "device etherbone:localhost:none names no host and port");
        refused("etherbone:no.such.host.invalid", "there is no host 'no.such.host.invalid'");
        refused("etherbone:127.0.0.1:" + free, "nobody listens at 127.0.0.1:" + free + " (UDP)");
        refused("etherbone:127.0.0.1:" + free + "?transport=tcp", "nobody listens at 127.0.0.1:" + free + " (TCP)");
        refused("etherbone:127.0.0.1?transport=smoke", "transport is 'smoke'");
        refused("etherbone:127.0.0.1?base=0x20000000&memory=1024", "lie within its memory");
        refused("etherbone:127.0.0.1?base=0xF0000000&memory=1024", "beyond the 32 bits");
        refused("etherbone:127.0.0.1?base=0x10", "no multiple of 4 KiB");
        refused("etherbone:127.0.0.1?base=0x9000000000", "addresses of this machine have");
        refused(board.address("tcp") + "&registers=0x50000000", "its identity register reads 0xFFFFFFFF");
    }

    private static void refused(String address, String message) {
        assertThatThrownBy(() -> Device.open(address))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(((UserException) e).hint()).isNotBlank());
    }
}
