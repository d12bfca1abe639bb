// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.machine.FlashImage;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.ProgramFile;
import dev.lutra.machine.RunError;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Buffer;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.RegionCall;
import dev.lutra.runtime.device.RegionException;
import dev.lutra.runtime.serial.FrameLink;
import dev.lutra.runtime.serial.UartLine;
import dev.lutra.sim.EngineKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A machine that reads weights from the flash of its board, behind its serial line, beside a model of that flash. */
final class FlashTest {

    private static final Machine MACHINE = Machine.smallestWithFlash();
    private static final long BASE = MACHINE.bus().flashBase();
    private static final Product PRODUCT = Product.random(7, WeightFormat.TERNARY, 21, 130, 0, 1);
    private static final ByteArrayOutputStream WEIGHTS = new ByteArrayOutputStream();

    private static SimulatedPort port;
    private static FrameLink link;
    private static Device device;
    private static Program program;

    @BeforeAll
    static void open() {
        program = PRODUCT.mapped(MACHINE, WEIGHTS).program();
        port = new SimulatedPort(MACHINE, EngineKind.EMBEDDED);
        link = new FrameLink(
                new UartLine(port, SimulatedPort.TIMING), MACHINE.bus().writable());
        device = Device.over(MACHINE, link);
    }

    @AfterAll
    static void close() {
        device.close();
    }

    private static byte[] image() {
        return FlashImage.of(MACHINE.bus(), ByteBuffer.wrap(WEIGHTS.toByteArray()));
    }

    @Test
    void weightsOfTheFlashAreMultiplied() {
        byte[] flash = image();
        port.program(flash);
        assertThat(PRODUCT.run(device).results()).isDeepEqualTo(PRODUCT.expected());

        // Its head says that they are there, and it is they that are used: another weight, another result.
        flash[FlashImage.HEAD_BYTES] ^= 1;
        port.program(flash);
        assertThat(Arrays.deepEquals(PRODUCT.run(device).results(), PRODUCT.expected()))
                .isFalse();

        // Weights that are not there go to the memory on the chip.
        flash[0] ^= 1;
        port.program(flash);
        assertThat(PRODUCT.run(device).results()).isDeepEqualTo(PRODUCT.expected());
    }

    @Test
    void aHostReadsItAtAnyOffset() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] flash = new byte[5000];
        random.nextBytes(flash);
        port.program(flash);
        for (int i = 0; i < 12; i++) {
            int from = random.nextInt(flash.length);
            byte[] piece = new byte[1 + random.nextInt(Math.min(60, flash.length - from))];
            device.read(device.flash().orElseThrow(), from, ByteBuffer.wrap(piece));
            assertThat(piece).as("from %d", from).isEqualTo(Arrays.copyOfRange(flash, from, from + piece.length));
        }
        byte[] end = new byte[8];
        link.readMemory(2 * BASE - 8, ByteBuffer.wrap(end));
        assertThat(end).as("erased").containsOnly(0xFF);
    }

    @Test
    void whatAHostWritesThereIsDropped() {
        byte[] flash = {1, 2, 3, 4, 5, 6, 7, 8};
        port.program(flash);
        link.writeMemory(0, ByteBuffer.wrap(new byte[] {9, 9, 9, 9}));
        link.writeMemory(BASE, ByteBuffer.wrap(new byte[4]));
        byte[] read = new byte[8];
        link.readMemory(BASE, ByteBuffer.wrap(read));
        assertThat(read).isEqualTo(flash);
        link.readMemory(0, ByteBuffer.wrap(read, 0, 4));
        assertThat(Arrays.copyOf(read, 4)).containsOnly(9);
    }

    @Test
    void unitsOtherThanThatOfWeightsCannotUseIt() {
        byte[] code = ProgramFile.code(program);
        Buffer instructions = device.allocate(code.length);
        Buffer rows = device.allocate(4096);
        device.write(instructions, 0, ByteBuffer.wrap(code));
        device.load(instructions, program.code().size(), program.fingerprint());
        assertThat(stopped(rows.address(), BASE)).isEqualTo(RunError.MEMORY_WRITE);
        assertThat(stopped(BASE, rows.address())).isEqualTo(RunError.MEMORY_READ);
        device.release(instructions);
        device.release(rows);
    }

    private static RunError stopped(long activations, long results) {
        RegionCall call = new RegionCall(
                program.region(Product.REGION).entry(), 0, List.of(1), List.of(0L, activations, results, 0L));
        var thrown = catchThrowableOfType(
                RegionException.class,
                () -> device.start(call, Duration.ofMinutes(1)).await());
        return thrown.error();
    }

    @Test
    void whatIsLargerThanTheWindowIsRefused() {
        assertThatThrownBy(() -> FlashImage.of(MACHINE.bus(), ByteBuffer.allocate((int) BASE)))
                .hasMessage("weights of 524288 bytes and their head of 64 do not fit the 524288 bytes of the flash that"
                        + " this machine reads");
    }
}
