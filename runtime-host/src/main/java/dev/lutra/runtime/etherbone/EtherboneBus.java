// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.etherbone;

import dev.lutra.machine.UserException;
import java.util.function.BooleanSupplier;

/** Words on the bus of a board on a network. Failures are {@link UserException}s of kind DEVICE. */
interface EtherboneBus extends AutoCloseable {

    /** Where the board is, for people. */
    String name();

    /** Most words of one packet. */
    int blockWords();

    /** Reads words from ascending byte addresses. */
    int[] read(int address, int count);

    /** Writes words to ascending byte addresses, once or, if the network loses packets, more often. */
    void write(int address, int[] words);

    /**
     * Writes a word that must not be written twice.
     *
     * @param happened whether the write is known to have been carried out, asked when that is not certain
     */
    void writeOnce(int address, int word, BooleanSupplier happened);

    @Override
    void close();

    static UserException silent(String name) {
        return new UserException(
                UserException.Kind.DEVICE,
                "the board at " + name + " does not answer",
                "Is its bitstream loaded and the network up (ping)? A slow way to it may need timeout=MS.");
    }
}
