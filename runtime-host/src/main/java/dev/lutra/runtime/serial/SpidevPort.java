// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.lutra.runtime.linux.DeviceFile;
import dev.lutra.runtime.linux.LibC;

/**
 * A chip select of an SPI bus of the system (Linux, driver spidev): {@code /dev/spidev0.0}. It is locked (flock) as long as it is open, so that a second host
 * is refused; the system gives the lock back when the process ends, however it does.
 */
public final class SpidevPort implements SpiPort {

    /** _IOW('k', 1, __u8), _IOW('k', 3, __u8), _IOW('k', 4, __u32) of linux/spi/spidev.h. */
    private static final int SPI_IOC_WR_MODE = 0x4001_6B01;

    private static final int SPI_IOC_WR_BITS_PER_WORD = 0x4001_6B03;
    private static final int SPI_IOC_WR_MAX_SPEED_HZ = 0x4004_6B04;

    /** SPI_IOC_MESSAGE(1): one struct spi_ioc_transfer. */
    private static final int SPI_IOC_MESSAGE_1 = 0x4020_6B00;

    private static final int TRANSFER_BYTES = 32;
    private static final int TX_BUF = 0;
    private static final int RX_BUF = 8;
    private static final int LEN = 16;
    private static final int SPEED_HZ = 20;
    private static final int BITS_PER_WORD = 26;

    private static final byte MODE_0 = 0;
    private static final byte BYTE_BITS = 8;

    /** What the driver takes at once unless its parameter bufsiz says otherwise; frames are shorter. */
    private static final int MOST_BYTES = 4096;

    private final DeviceFile file;
    private final int hertz;
    private final Memory out = new Memory(MOST_BYTES);
    private final Memory in = new Memory(MOST_BYTES);
    private final Memory transfer = new Memory(TRANSFER_BYTES);

    private SpidevPort(DeviceFile file, int hertz) {
        this.file = file;
        this.hertz = hertz;
    }

    /**
     * Opens a chip select.
     *
     * @param hertz clock of the bus at most; the controller takes one that it has
     * @throws dev.lutra.machine.UserException if there is none, it may not be opened, another process has it, or it is none of SPI
     */
    public static SpidevPort open(String path, int hertz) {
        DeviceFile file = DeviceFile.open(path, LibC.O_RDWR, "the spidev driver");
        try {
            file.lock();
            Memory value = new Memory(Integer.BYTES);
            value.setByte(0, MODE_0);
            file.control(SPI_IOC_WR_MODE, value, "as an SPI bus in mode 0");
            value.setByte(0, BYTE_BITS);
            file.control(SPI_IOC_WR_BITS_PER_WORD, value, "as an SPI bus of 8 bits a word");
            value.setInt(0, hertz);
            file.control(SPI_IOC_WR_MAX_SPEED_HZ, value, "at " + hertz + " Hz");
            return new SpidevPort(file, hertz);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return file.path();
    }

    @Override
    public int hertz() {
        return hertz;
    }

    @Override
    public byte[] transfer(byte[] bytes) {
        out.write(0, bytes, 0, bytes.length);
        transfer.clear();
        transfer.setLong(TX_BUF, Pointer.nativeValue(out));
        transfer.setLong(RX_BUF, Pointer.nativeValue(in));
        transfer.setInt(LEN, bytes.length);
        transfer.setInt(SPEED_HZ, hertz);
        transfer.setByte(BITS_PER_WORD, BYTE_BITS);
        if (file.control(SPI_IOC_MESSAGE_1, transfer, "for a transfer of " + bytes.length + " bytes") != bytes.length) {
            throw DeviceFile.lost(file.path(), null);
        }
        return in.getByteArray(0, bytes.length);
    }

    @Override
    public void close() {
        file.close();
    }
}
