// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.uio;

import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A region of a UIO device, as {@code /sys/class/uio/uioN/maps/mapM} describes it.
 *
 * @param number M; it is mapped at offset M pages of the device
 * @param address its first byte on the bus
 * @param bytes its size
 */
record UioMap(int number, long address, long bytes) {

    /**
     * Reads the description.
     *
     * @param device folder of the device, /sys/class/uio/uio0
     * @param what it should be, for people
     * @throws UserException if there is none
     */
    static UioMap of(Path device, int number, String what) {
        Path map = device.resolve("maps").resolve("map" + number);
        try {
            return new UioMap(number, hex(map.resolve("addr")), hex(map.resolve("size")));
        } catch (IOException | NumberFormatException e) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "UIO device " + device.getFileName() + " has no map " + number + ", which is " + what + ": no "
                            + map,
                    "Give its node in the device tree two regions: the accelerator's registers and memory that nobody else uses.",
                    e);
        }
    }

    private static long hex(Path file) throws IOException {
        return Long.decode(Files.readString(file).strip());
    }
}
