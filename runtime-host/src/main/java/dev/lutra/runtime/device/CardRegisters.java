// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.Register;
import dev.lutra.machine.UserException;
import java.util.function.IntUnaryOperator;

/** Registers on a bus, PCI Express above all, where nothing that answers reads all ones. */
public final class CardRegisters {

    private static final int ALL_ONES = -1;

    private CardRegisters() {}

    /**
     * Reads a register.
     *
     * @param reader reads 32 bits at an offset
     * @param name of card or board, for people
     * @throws UserException if the identity register reads all ones too
     */
    public static int read(IntUnaryOperator reader, int offset, String name) {
        int value = reader.applyAsInt(offset);
        if (value == ALL_ONES && reader.applyAsInt(Register.ID.offset()) == ALL_ONES) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "the " + name + " does not answer: all its registers read 0xFFFFFFFF",
                    "Is its bitstream loaded, and the register block at this address? A card on PCI Express: is it there (lspci)? After programming it, scan the bus again.");
        }
        return value;
    }
}
