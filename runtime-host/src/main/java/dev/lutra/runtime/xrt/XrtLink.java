// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.xrt;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.CardRegisters;
import dev.lutra.runtime.device.Link;
import dev.lutra.runtime.device.RegionWatch;
import dev.lutra.runtime.linux.LibC;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An accelerator as a kernel of an Alveo card: registers through a kernel that is opened for this process alone, which is XRT's own lock, and memory as one
 * buffer object, of which pieces are copied to the card and back. Its end is polled: XRT gives a kernel's interrupt to its own scheduler.
 */
final class XrtLink implements Link {

    /** What pieces that are copied are aligned to: the card's DMA wants it, and no two regions share such a line. */
    private static final int LINE = 64;

    private final Xrt xrt;
    private final String card;
    private final long bytes;
    private final Pointer device;
    private final int[] value = new int[1];
    private final RegionWatch watch = new RegionWatch(this);
    private @Nullable Pointer kernel;
    private @Nullable Pointer buffer;
    private @Nullable Pointer mapping;
    private final long address;

    /**
     * @param name index or PCI address of the card
     * @param xclbin to load, or null if one is loaded
     * @param kernelName of the kernel, perhaps with a compute unit
     * @param bytes of memory
     */
    XrtLink(Xrt xrt, String name, @Nullable String xclbin, String kernelName, long bytes) {
        this.xrt = xrt;
        this.bytes = bytes;
        card = "card " + name + " of XRT";
        Pointer opened =
                name.matches("\\d+") ? xrt.xrtDeviceOpen(Integer.parseInt(name)) : xrt.xrtDeviceOpenByBDF(name);
        if (opened == null) {
            throw failed(
                    "there is no " + card,
                    "xrt-smi examine (older: xbutil examine) lists the cards; write xrt:0 or xrt:0000:65:00.1.");
        }
        device = opened;
        try {
            byte[] uuid = new byte[Xrt.UUID_BYTES];
            if (xclbin != null && xrt.xrtDeviceLoadXclbinFile(device, xclbin) != 0) {
                throw failed("cannot load " + xclbin + " on " + card, "Was it built for the platform of this card?");
            }
            if (xrt.xrtDeviceGetXclbinUUID(device, uuid) != 0) {
                throw failed("nothing is loaded on " + card, "Give its bitstream: xclbin=FILE.");
            }
            kernel = xrt.xrtPLKernelOpenExclusive(device, uuid, kernelName);
            if (kernel == null) {
                boolean busy = Native.getLastError() == LibC.EBUSY;
                throw failed(
                        busy
                                ? "kernel " + kernelName + " of " + card + " is in use by another process"
                                : "the bitstream on " + card + " has no kernel " + kernelName,
                        busy
                                ? "End that process first; xrt-smi examine names it."
                                : "Name the kernel of the bitstream: kernel=NAME.");
            }
            watch.restIfThere();
            buffer = xrt.xrtBOAlloc(device, new NativeLong(bytes), 0, xrt.xrtKernelArgGroupId(kernel, 0));
            mapping = buffer == null ? null : xrt.xrtBOMap(buffer);
            if (buffer == null || mapping == null) {
                throw failed(
                        "%s has no %,d bytes of memory in one piece for kernel %s".formatted(card, bytes, kernelName),
                        "Ask for less: memory=MIB.");
            }
            address = xrt.xrtBOAddress(buffer);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public String description() {
        return card;
    }

    @Override
    public int readRegister(int offset) {
        return CardRegisters.read(this::register, offset, card);
    }

    private int register(int offset) {
        check(xrt.xrtKernelReadRegister(open(kernel), offset, value), "reading a register");
        return value[0];
    }

    @Override
    public void writeRegister(int offset, int word) {
        check(xrt.xrtKernelWriteRegister(open(kernel), offset, word), "writing a register");
    }

    @Override
    public long memoryAddress() {
        return address;
    }

    @Override
    public long memoryBytes() {
        return bytes;
    }

    @Override
    public void readMemory(long from, ByteBuffer destination) {
        long offset = from - address;
        int length = destination.remaining();
        sync(Xrt.FROM_DEVICE, offset, length);
        destination.put(open(mapping).getByteBuffer(offset, length));
    }

    @Override
    public void writeMemory(long to, ByteBuffer source) {
        long offset = to - address;
        int length = source.remaining();
        // Lines that are written in part keep the rest, which the accelerator may have written.
        if (offset % LINE != 0) {
            sync(Xrt.FROM_DEVICE, offset, 1);
        }
        if ((offset + length) % LINE != 0) {
            sync(Xrt.FROM_DEVICE, offset + length, 1);
        }
        open(mapping).getByteBuffer(offset, length).put(source);
        sync(Xrt.TO_DEVICE, offset, length);
    }

    /** Copies all lines that a piece touches. */
    private void sync(int direction, long offset, int length) {
        long first = offset / LINE * LINE;
        long end = Math.min(bytes, (offset + length + LINE - 1) / LINE * LINE);
        check(
                xrt.xrtBOSync(open(buffer), direction, new NativeLong(end - first), new NativeLong(first)),
                direction == Xrt.TO_DEVICE ? "copying to its memory" : "copying from its memory");
    }

    private static Pointer open(@Nullable Pointer handle) {
        if (handle == null) {
            throw new IllegalStateException("the device is closed");
        }
        return handle;
    }

    private void check(int result, String what) {
        if (result != 0) {
            throw failed(
                    what + " failed: " + card + " is gone or hangs",
                    "xrt-smi examine shows its state; xrt-smi reset brings a card back that hangs.");
        }
    }

    private static UserException failed(String message, String hint) {
        return new UserException(UserException.Kind.DEVICE, message, hint);
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        return watch.poll(limit);
    }

    @Override
    public void reset() {
        watch.rest();
    }

    @Override
    public void close() {
        mapping = null;
        if (buffer != null) {
            xrt.xrtBOFree(buffer);
            buffer = null;
        }
        if (kernel != null) {
            xrt.xrtKernelClose(kernel);
            kernel = null;
        }
        xrt.xrtDeviceClose(device);
    }
}
