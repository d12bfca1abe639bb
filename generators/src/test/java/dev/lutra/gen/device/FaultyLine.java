// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Register;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.serial.FrameLink;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** What checked frames make good, on whichever line: tests of a link while its line spoils bytes. */
final class FaultyLine {

    private FaultyLine() {}

    /**
     * Words to memory and a register, one after the other, each read back, until so many bytes were spoiled.
     *
     * @param faults how many were
     */
    static void eachWordArrivesOnce(FrameLink link, IntSupplier faults, int enough) {
        long repeats = link.repeats();
        SplittableRandom random = new SplittableRandom(18);
        int[] expected = new int[64];
        for (int i = 0; i < expected.length; i++) {
            link.writeMemory(4 * i, word(0));
        }
        while (faults.getAsInt() < enough) {
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

    /** Regions, until so many bytes were spoiled. */
    static void regionsComputeRight(Device device, IntSupplier faults, int enough) {
        Product product = Product.random(5, WeightFormat.TERNARY, 5, 9, 0, 1);
        while (faults.getAsInt() < enough) {
            assertThat(product.run(device).results()).isDeepEqualTo(product.expected());
        }
    }

    static ByteBuffer word(int value) {
        return ByteBuffer.allocate(4).putInt(0, value);
    }
}
