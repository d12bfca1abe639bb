// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

/**
 * A chip select of an SPI bus, mode 0, used by one thread at a time. Whatever ends it is a {@link dev.lutra.machine.UserException} of kind DEVICE.
 */
public interface SpiPort extends AutoCloseable {

    /** What it is called, for people. */
    String name();

    /** Clock of the bus, Hz. */
    int hertz();

    /** Selects the slave, sends bytes, and returns as many that came meanwhile. */
    byte[] transfer(byte[] out);

    @Override
    void close();
}
