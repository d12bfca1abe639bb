// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.SerialProtocol;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.serial.FrameLink;
import dev.lutra.runtime.serial.SerialPort;
import dev.lutra.runtime.serial.UartLine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host's checked frames against the bridge in the hardware, on a line that keeps bytes and on one that does not. */
final class UartLinkTest {

    private static final Machine MACHINE = Machine.smallest();
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");

    private static SimulatedPort port;
    private static FrameLink link;
    private static Device device;

    @BeforeAll
    static void open() {
        port = new SimulatedPort(MACHINE, BoardEngine.KIND);
    }

    @AfterAll
    static void close() {
        device.close();
    }

    /** Frames by hand and other hosts leave their sequence numbers in the board. */
    @BeforeEach
    void isANewHostOnAGoodLine() {
        port.disturb(0, 0);
        link = open(port);
        device = Device.over(MACHINE, link);
    }

    private static FrameLink open(SerialPort line) {
        return new FrameLink(
                new UartLine(line, SimulatedPort.TIMING), MACHINE.bus().addressable());
    }

    @Test
    void blocksComeBackAtAnyOffsetAndLengthAndLeaveTheirNeighboursAlone() {
        byte[] memory = new byte[2500];
        link.writeMemory(0, ByteBuffer.wrap(memory));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 12; i++) {
            int at = random.nextInt(memory.length);
            byte[] piece = new byte[1 + random.nextInt(Math.min(40, memory.length - at))];
            random.nextBytes(piece);
            System.arraycopy(piece, 0, memory, at, piece.length);
            link.writeMemory(at, ByteBuffer.wrap(piece));
        }
        long repeats = link.repeats();
        byte[] read = new byte[memory.length - 3];
        link.readMemory(3, ByteBuffer.wrap(read));
        assertThat(read).isEqualTo(Arrays.copyOfRange(memory, 3, memory.length));
        assertThat(link.repeats()).isEqualTo(repeats);
    }

    @Test
    void blockTransfersReachNineTenthsOfTheLine() {
        byte[] block = new byte[4 * 255 * 2];
        long start = port.cycles();
        link.writeMemory(0, ByteBuffer.wrap(block));
        long written = port.cycles();
        link.readMemory(0, ByteBuffer.wrap(block));
        double line = block.length * 10.0 * SimulatedPort.CLOCKS_PER_BIT;
        System.out.printf(
                "share of the line's rate: write %.3f, read %.3f%n",
                line / (written - start), line / (port.cycles() - written));
        assertThat(line / (written - start)).isBetween(0.9, 1.0);
        assertThat(line / (port.cycles() - written)).isBetween(0.9, 1.0);
    }

    @Test
    void eachWordArrivesOnceWhateverTheLineDoes() {
        port.disturb(17, 1.0 / 50);
        FaultyLine.eachWordArrivesOnce(link, port::faults, DEEP ? 5_000 : 40);
    }

    @Test
    void regionsComputeRightOnALineThatLosesBytes() {
        port.disturb(23, 1.0 / 300);
        FaultyLine.regionsComputeRight(device, port::faults, DEEP ? 5_000 : 20);
    }

    @Test
    void aLineOfNoiseIsSaidToBeOne() {
        port.disturb(29, 0.5);
        assertThatThrownBy(() -> link.readRegister(Register.ID.offset()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("times in a row");
    }

    /** Frames written by hand, as the protocol's description has them. */
    @Test
    void aWriteThatIsRepeatedIsAnsweredAndNotCarriedOutTwice() {
        byte[] answer = CheckedFrame.answer(200);
        assertThat(exchange(CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 8, 200, FaultyLine.word(1))))
                .isEqualTo(answer);
        assertThat(exchange(CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 8, 200, FaultyLine.word(2))))
                .isEqualTo(answer);
        ByteBuffer read = FaultyLine.word(0);
        link.readMemory(4 * 8, read);
        assertThat(Integer.reverseBytes(read.getInt(0))).isEqualTo(1);
    }

    /** By its sequence number the board knows it again: a START that was carried out twice would end twice. */
    @Test
    void aFrameWhoseAnswerIsLostIsSentAgainAsItWas() {
        var line = new ForgetfulPort();
        FrameLink host = open(line);
        line.sent.clear();
        line.forgets = true;
        host.writeRegister(Register.WATCHDOG.offset(), 1);
        assertThat(line.sent).hasSize(2);
        assertThat(line.sent.get(1)).isEqualTo(line.sent.get(0));
    }

    /** The line, of which answers get lost. */
    private static final class ForgetfulPort implements SerialPort {
        final List<byte[]> sent = new ArrayList<>();
        boolean forgets;

        @Override
        public String name() {
            return port.name();
        }

        @Override
        public void write(byte[] bytes) {
            sent.add(bytes);
            port.write(bytes);
        }

        @Override
        public int read(byte[] into, int offset, int length, Duration limit) {
            int count = port.read(into, offset, length, limit);
            if (!forgets || count == 0) {
                return count;
            }
            while (port.read(new byte[length], 0, length, limit) > 0) {
                // Lost, too.
            }
            forgets = false;
            return 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void whatHasNoGoodCrcChangesNothingAndHasNoAnswer() {
        link.writeMemory(0, FaultyLine.word(7));
        link.writeMemory(4, FaultyLine.word(0));
        byte[] plain = {SerialProtocol.WRITE, 1, 0, 0, 0, 0, 9, 9, 9, 9};
        assertThat(exchange(plain)).as("without a CRC, after a frame with one").isEmpty();
        byte[] head = CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 0, 201, FaultyLine.word(9));
        head[5] ^= 1;
        assertThat(exchange(head)).as("another address").isEmpty();
        byte[] data = CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 0, 202, FaultyLine.word(9));
        data[12] ^= 1;
        assertThat(exchange(data)).as("other data").isEmpty();
        ByteBuffer read = FaultyLine.word(0);
        link.readMemory(0, read);
        assertThat(read.getInt(0)).isEqualTo(7);
        link.readMemory(4, read.clear());
        assertThat(read.getInt(0)).as("the next word").isZero();
    }

    private byte[] exchange(byte[] frame) {
        port.write(frame);
        byte[] answer = new byte[16];
        int count = 0;
        int more;
        while ((more = port.read(answer, count, answer.length - count, SimulatedPort.TIMING.answer())) > 0) {
            count += more;
        }
        return Arrays.copyOf(answer, count);
    }
}
