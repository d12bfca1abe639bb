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
import dev.lutra.runtime.serial.SpiLine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host's checked frames against the hardware's SPI slave and bridge, on a bus that keeps bytes and on one that does not; the flash is beside it, since it is slow. */
final class SpiLinkTest {

    private static final Machine MACHINE = Machine.smallestWithFlash();
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");
    private static final int FRAME_BYTES = 19;
    private static final double LEAST_SHARE = 0.97;

    private static SimulatedSpiPort port;
    private static FrameLink link;
    private static Device device;

    @BeforeAll
    static void open() {
        port = new SimulatedSpiPort(MACHINE, BoardEngine.KIND);
        byte[] flash = new byte[4096];
        new SplittableRandom(3).nextBytes(flash);
        port.program(flash);
    }

    @AfterAll
    static void close() {
        port.close();
    }

    /** Frames by hand and other hosts leave their sequence numbers in the board. */
    @BeforeEach
    void isANewHostOnAGoodBus() {
        port.disturb(0, 0);
        link = new FrameLink(new SpiLine(port), MACHINE.bus().writable());
        device = Device.over(MACHINE, link);
    }

    @Test
    void blocksReachNearlyTheRateOfTheBusAndComeBack() {
        byte[] block = new byte[4 * 255 * 2];
        new SplittableRandom(4).nextBytes(block);
        byte[] back = new byte[block.length];
        long repeats = link.repeats();
        long start = port.cycles();
        link.writeMemory(0, ByteBuffer.wrap(block));
        long written = port.cycles();
        link.readMemory(0, ByteBuffer.wrap(back));
        assertThat(back).isEqualTo(block);
        double line = block.length * 8.0 * SimulatedSpiPort.CLOCKS_PER_BIT;
        System.out.printf(
                "share of the bus's rate: write %.3f, read %.3f%n",
                line / (written - start), line / (port.cycles() - written));
        assertThat(line / (written - start)).isBetween(LEAST_SHARE, 1.0);
        assertThat(line / (port.cycles() - written)).isBetween(LEAST_SHARE, 1.0);
        assertThat(link.repeats()).isEqualTo(repeats);
    }

    @Test
    void eachWordArrivesOnceWhateverTheBusDoes() {
        port.disturb(17, 1.0 / 100);
        FaultyLine.eachWordArrivesOnce(link, port::faults, DEEP ? 2_500 : 40);
    }

    @Test
    void regionsComputeRightOnABusThatSpoilsBytes() {
        port.disturb(23, 1.0 / 300);
        FaultyLine.regionsComputeRight(device, port::faults, DEEP ? 2_500 : 20);
    }

    /** Wherever chip select rises, a write has happened as it was sent or not at all, and the next frame is a new one. */
    @Test
    void aFrameThatChipSelectCutsIsForgotten() {
        byte[] whole = Arrays.copyOf(CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 8, 200, FaultyLine.word(2)), 32);
        // One of two is not taken for the repetition of what was last.
        List<byte[]> before = List.of(
                CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 8, 201, FaultyLine.word(1)),
                CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 8, 202, FaultyLine.word(1)));
        int carriedOut = 0;
        long repeats = link.repeats();
        for (int bytes = 0; bytes < whole.length; bytes++) {
            for (byte[] frame : before) {
                byte[] in = port.transfer(Arrays.copyOf(frame, FRAME_BYTES + 7));
                assertThat(in[FRAME_BYTES + 1]).as("after %d bytes", bytes - 1).isEqualTo((byte) SerialProtocol.ANSWER);
            }
            port.transfer(Arrays.copyOf(whole, bytes));
            ByteBuffer read = FaultyLine.word(0);
            link.readMemory(4 * 8, read);
            assertThat(link.repeats()).as("of %d bytes", bytes).isEqualTo(repeats);
            int value = Integer.reverseBytes(read.getInt(0));
            assertThat(value).as("of %d bytes", bytes).isBetween(1, bytes < FRAME_BYTES ? 1 : 2);
            carriedOut += value - 1;
        }
        assertThat(carriedOut).as("of 13 transfers with all of the frame").isGreaterThan(11);
    }

    @Test
    void anAnswerComesAfterZerosAndTheMark() {
        byte[] frame = CheckedFrame.of(SerialProtocol.CHECKED_WRITE, 8, 77, FaultyLine.word(5));
        byte[] in = port.transfer(Arrays.copyOf(frame, frame.length + 10));
        byte[] expected = new byte[in.length];
        expected[frame.length + 1] = (byte) 0xA5;
        byte[] answer = CheckedFrame.answer(77);
        System.arraycopy(answer, 0, expected, frame.length + 2, answer.length);
        assertThat(in).isEqualTo(expected);
    }

    /** Wherever the first word is in the flash, and whoever had read something else before. */
    @Test
    void aWordThatTakesLongerThanTheHostWaitsIsReadInTheEnd() {
        byte[] flash = new byte[4096];
        new SplittableRandom(3).nextBytes(flash);
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 20; i++) {
            int at = random.nextInt(flash.length - 64);
            byte[] piece = new byte[1 + random.nextInt(64)];
            device.read(device.flash().orElseThrow(), at, ByteBuffer.wrap(piece));
            assertThat(piece).as("from %d", at).isEqualTo(Arrays.copyOfRange(flash, at, at + piece.length));
        }
    }

    @Test
    void aBusOfNoiseAndOneWithoutABoardAreSaidToBeThat() {
        port.disturb(29, 0.5);
        assertThatThrownBy(() -> link.readRegister(Register.ID.offset()))
                .isInstanceOf(UserException.class)
                .hasMessage("the simulated bus: the board's answers are garbled, 8 times in a row");
        port.disturb(0, 0);
        port.silence(true);
        assertThatThrownBy(() -> link.readRegister(Register.ID.offset()))
                .isInstanceOf(UserException.class)
                .hasMessage("the board on the simulated bus does not answer, 8 times in a row");
        port.silence(false);
        assertThat(link.readRegister(Register.ID.offset())).isEqualTo(Register.ID_VALUE);
    }

    @Test
    void aSlowerBusWorksAndOneThatIsTooFastDoesNot() {
        port.slowDown(11);
        assertThat(link.readRegister(Register.ID.offset())).isEqualTo(Register.ID_VALUE);
        port.slowDown(2);
        assertThatThrownBy(() -> link.readRegister(Register.ID.offset()))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith("8 times in a row");
        port.slowDown(SimulatedSpiPort.CLOCKS_PER_BIT);
        assertThat(link.readRegister(Register.ID.offset())).isEqualTo(Register.ID_VALUE);
    }
}
