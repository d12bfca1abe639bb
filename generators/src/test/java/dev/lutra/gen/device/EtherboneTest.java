// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.etherbone.EtherboneDeviceProvider;
import dev.lutra.runtime.etherbone.EtherbonePacket;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code etherbone:} against a virtual board on the loopback, over both transports. */
final class EtherboneTest {

    private static final Product PRODUCT = HostProcess.PRODUCT;

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
        board.deliver(packet -> packets.incrementAndGet() % 7 == 0 ? 0 : 1);
        try (Device device = Device.open(board.address("udp").replace("timeout=30000", "timeout=3000"))) {
            PRODUCT.check(device);
        } finally {
            board.deliver(packet -> 1);
        }
        assertThat(packets.get()).isGreaterThan(70);
        theNextRunWorks("udp");
    }

    /** A region that ran twice would end twice, and the next one be taken for ended before it has begun. */
    @Test
    void aStartThatIsLostIsSentAgainAndOneWhoseAnswerIsLostIsNot() {
        List<Integer> sent = new CopyOnWriteArrayList<>();
        board.deliver(packet -> {
            if (isStart(packet)) {
                sent.add(packet.readReturn());
                return sent.size() == 1 ? 0 : 1;
            }
            return isAnswer(packet) && sent.contains(packet.writeAddress()) ? 0 : 1;
        });
        try (Device device = Device.open(board.address("udp").replace("timeout=30000", "timeout=3000"))) {
            PRODUCT.check(device);
        } finally {
            board.deliver(packet -> 1);
        }
        assertThat(sent)
                .as("packets with START: one lost, and one for each of two regions")
                .hasSize(3);
        theNextRunWorks("udp");
    }

    /** The second copy is there when the host waits for the answer to what it asks next. */
    @Test
    void answersThatCameBeforeAreDropped() {
        board.deliver(packet -> isAnswer(packet) ? 2 : 1);
        try (Device device = Device.open(board.address("udp"))) {
            PRODUCT.check(device);
            HostProcess.blocks(device);
        } finally {
            board.deliver(packet -> 1);
        }
        theNextRunWorks("udp");
    }

    private static boolean isStart(EtherbonePacket packet) {
        return packet.writes().length == 1
                && packet.writeAddress() == EtherboneDeviceProvider.REGISTERS + Register.CTRL.offset()
                && (packet.writes()[0] & ControlBit.START.mask()) != 0;
    }

    private static boolean isAnswer(EtherbonePacket packet) {
        return packet.reads().length == 0;
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
            assertThatThrownBy(() -> PRODUCT.run(device, HostProcess.LIMIT))
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("the board at .* was reset: .*");
        }
        theNextRunWorks("udp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aBoardThatIsResetAtAnyTimeIsReportedOrComputesRight(String transport)
            throws IOException, InterruptedException {
        String address = board.address(transport);
        RandomResets.press(accelerator::reset, () -> PRODUCT.attempt(address), () -> theNextRunWorks(transport));
    }

    @Test
    void aSecondHostIsRefusedAndDoesNotDisturbTheFirst() {
        try (Device device = Device.open(board.address("udp"))) {
            assertThatThrownBy(() -> Device.open(board.address("tcp")))
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("etherbone:127.0.0.1:\\d+ is in use by another process")
                    .extracting(e -> ((UserException) e).hint())
                    .asString()
                    .matches(".*fuser /.*\\.lock names it\\.");
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

    /** Over both transports in turn. */
    @Test
    @EnabledIfSystemProperty(
            named = "lutra.deep",
            matches = "true",
            disabledReason = "starts many JVMs; ./lutra test --deep")
    void aHostThatIsKilledDoesNotHinderTheNext() throws IOException, InterruptedException {
        KilledHosts.kill(null, List.of(board.address("udp"), board.address("tcp")), () -> theNextRunWorks("udp"));
    }

    @Test
    void theBitstreamOfAnotherMachineIsRefused(@TempDir Path directory) throws IOException {
        Path file = OtherMachine.write(directory);
        assertThatThrownBy(() -> Device.open(board.address("tcp") + "&machine=" + file))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(OtherMachine.FINGERPRINTS.toArray(String[]::new));
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
