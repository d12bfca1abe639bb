// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.SerialProtocol;
import dev.lutra.machine.UserException;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.serial.SerialPort;
import dev.lutra.runtime.serial.UartLink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host's checked frames against the bridge in the hardware, on a line that keeps bytes and on one that does not. */
final class UartLinkTest {

    private static final Machine MACHINE = Machine.smallest();
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");

    private static SimulatedPort port;
    private static UartLink link;
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

    private static UartLink open(SerialPort line) {
        return new UartLink(line, SimulatedPort.TIMING, MACHINE.bus().addressable());
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

    /** Words to memory and a register, one after the other, each read back. */
    @Test
    void eachWordArrivesOnceWhateverTheLineDoes() {
        long repeats = link.repeats();
        port.disturb(17, 1.0 / 50);
        SplittableRandom random = new SplittableRandom(18);
        int[] expected = new int[64];
        int faults = DEEP ? 5_000 : 40;
        for (int i = 0; i < expected.length; i++) {
            link.writeMemory(4 * i, word(0));
        }
        while (port.faults() < faults) {
            int at = random.nextInt(expected.length);
            expected[at] = random.nextInt();
            link.writeMemory(4 * at, word(expected[at]));
            int other = random.nextInt(expected.length);
            ByteBuffer read = word(0);
            link.readMemory(4 * other, read);
            assertThat(read.getInt(0)).isEqualTo(expected[other]);
            assertThat(link.readRegister(Register.ID.offset())).isEqualTo(Register.ID_VALUE);
        }
        assertThat(link.repeats()).isGreaterThan(repeats);
    }

    @Test
    void regionsComputeRightOnALineThatLosesBytes() {
        Product product = Product.random(5, WeightFormat.TERNARY, 5, 9, 0, 1);
        int faults = DEEP ? 5_000 : 20;
        port.disturb(23, 1.0 / 300);
        while (port.faults() < faults) {
            assertThat(product.run(device).results()).isDeepEqualTo(product.expected());
        }
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
        byte[] answer = answer(200);
        assertThat(exchange(frame(SerialProtocol.CHECKED_WRITE, 8, 200, word(1))))
                .isEqualTo(answer);
        assertThat(exchange(frame(SerialProtocol.CHECKED_WRITE, 8, 200, word(2))))
                .isEqualTo(answer);
        ByteBuffer read = word(0);
        link.readMemory(4 * 8, read);
        assertThat(Integer.reverseBytes(read.getInt(0))).isEqualTo(1);
    }

    /** By its sequence number the board knows it again: a START that was carried out twice would end twice. */
    @Test
    void aFrameWhoseAnswerIsLostIsSentAgainAsItWas() {
        var line = new ForgetfulPort();
        UartLink host = open(line);
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
        link.writeMemory(0, word(7));
        link.writeMemory(4, word(0));
        byte[] plain = {SerialProtocol.WRITE, 1, 0, 0, 0, 0, 9, 9, 9, 9};
        assertThat(exchange(plain)).as("without a CRC, after a frame with one").isEmpty();
        byte[] head = frame(SerialProtocol.CHECKED_WRITE, 0, 201, word(9));
        head[5] ^= 1;
        assertThat(exchange(head)).as("another address").isEmpty();
        byte[] data = frame(SerialProtocol.CHECKED_WRITE, 0, 202, word(9));
        data[12] ^= 1;
        assertThat(exchange(data)).as("other data").isEmpty();
        ByteBuffer read = word(0);
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

    private static byte[] answer(int sequence) {
        ByteBuffer answer =
                ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN).put((byte) sequence);
        return answer.putInt(crc(answer.array(), 1)).array();
    }

    private static byte[] frame(int command, int address, int sequence, ByteBuffer word) {
        ByteBuffer frame = ByteBuffer.allocate(7 + 4 + 4 + 4);
        frame.put((byte) command).put((byte) 1).putInt(address).put((byte) sequence);
        frame.order(ByteOrder.LITTLE_ENDIAN).putInt(crc(frame.array(), 7));
        return frame.put(word.array()).putInt(crc(word.array(), 4)).array();
    }

    private static int crc(byte[] bytes, int count) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }

    private static ByteBuffer word(int value) {
        return ByteBuffer.allocate(4).putInt(0, value);
    }
}
