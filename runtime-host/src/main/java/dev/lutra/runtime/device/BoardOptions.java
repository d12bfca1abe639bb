// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import java.util.ArrayList;
import java.util.List;

/**
 * The options that the addresses of boards on a bus have in common: {@code machine} (a machine.json; the default machine without it),
 * {@code registers} (where the register block lies), {@code base} (where the memory begins, for the host and for the accelerator) and {@code memory}
 * (MiB that may be used).
 *
 * @param registers address of the register block on the way to the board
 * @param base address of the memory's first byte, a multiple of 4 KiB
 * @param bytes of memory
 */
public record BoardOptions(Machine machine, long registers, long base, long bytes) {

    private static final long MEBIBYTES = 256;
    private static final long LARGEST_ADDRESS = (1L << 40) - 1;
    private static final int PAGE = 4096;

    /**
     * Reads them.
     *
     * @param registers where the register block lies if the address does not say it
     * @param more other options that the address may have
     * @throws UserException if one has an illegal value, or is not known
     */
    public static BoardOptions of(DeviceAddress address, long registers, String... more) {
        List<String> known = new ArrayList<>(List.of("machine", "registers", "base", "memory"));
        known.addAll(List.of(more));
        address.allowOptions(known.toArray(String[]::new));
        long base = address.number("base", 0, 0, LARGEST_ADDRESS);
        if (base % PAGE != 0) {
            throw UserException.badInput(
                    "device %s: base is 0x%X, which is no multiple of 4 KiB".formatted(address, base),
                    "Give the address at which the memory begins.");
        }
        Machine machine = address.machine(Machine.standard());
        if (base >= machine.bus().addressable()) {
            throw UserException.badInput(
                    "device %s: base is 0x%X, and addresses of this machine have %d bits"
                            .formatted(address, base, machine.bus().addrBits()),
                    "Generate a machine with wider addresses (bus.addrBits), or use memory further down.");
        }
        return new BoardOptions(
                machine,
                address.number("registers", registers, 0, LARGEST_ADDRESS),
                base,
                address.number("memory", MEBIBYTES, 1, 1 << 20) << 20);
    }
}
