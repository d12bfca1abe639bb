// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.machine.UserException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Test equipment: a card that is not there. A {@link VirtualAccelerator} behind sockets, and in front of them two libraries made
 * with gcc when it is opened: the file functions of the C library, to which the sockets are files of the XDMA driver or a UIO device, and the C functions
 * of XRT. Hosts of {@code xdma:} and {@code uio:} need {@link #preload}; {@code xrt:} is told in the address where its library is.
 *
 * <p>The memory of the UIO device is a file that is copied to the accelerator when a region starts and back when it ends.
 */
public final class VirtualCard implements AutoCloseable {

    private static final int READ_REGISTER = 1;
    private static final int WRITE_REGISTER = 2;
    private static final int READ_MEMORY = 3;
    private static final int WRITE_MEMORY = 4;
    private static final int REQUEST_BYTES = 16;
    private static final int EIO = 5;
    private static final int EFAULT = 14;
    private static final int REGISTER_BYTES = 4096;

    private final VirtualAccelerator accelerator;
    private final VirtualFiles files;
    private @Nullable MappedByteBuffer uioMemory;
    private volatile boolean dead;

    private VirtualCard(VirtualAccelerator accelerator, VirtualFiles files) {
        this.accelerator = accelerator;
        this.files = files;
    }

    /**
     * Puts an accelerator on a card.
     *
     * @throws UserException if there is no gcc, or it fails
     */
    public static VirtualCard open(VirtualAccelerator accelerator) throws InterruptedException {
        VirtualCard card = new VirtualCard(accelerator, VirtualFiles.open());
        try {
            card.files.compile("xrt.c", "lib/libxrt_coreutil.so");
            for (String file : List.of("xdma0_user", "xdma0_h2c_0", "xdma0_c2h_0", "card0", "uio0.registers")) {
                card.files.serve(file, host -> card.answer(host, file.startsWith("uio")));
            }
            card.files.serve("xdma0_events_0", host -> card.sendEvents(host, false));
            card.files.serve("uio0", host -> card.sendEvents(host, true));
            card.describeUio();
            return card;
        } catch (IOException e) {
            card.close();
            throw VirtualFiles.failed(e);
        } catch (RuntimeException e) {
            card.close();
            throw e;
        }
    }

    /** The address at which it is a device of the XDMA driver. */
    public String xdmaAddress() {
        return "xdma:" + files.folder().resolve("xdma0") + "?memory=" + (accelerator.memoryBytes() >> 20);
    }

    /** The address at which it is a UIO device. */
    public String uioAddress() {
        return "uio:" + files.folder().resolve("uio0") + "?system="
                + files.folder().resolve("class");
    }

    /** The address at which it is a card of XRT. */
    public String xrtAddress() {
        return "xrt:0?library=" + files.folder().resolve("lib") + "&memory=" + ((accelerator.memoryBytes() >> 20) - 1);
    }

    /** What LD_PRELOAD must be for hosts of {@link #xdmaAddress} and {@link #uioAddress}: the library that makes its sockets files. */
    public String preload() {
        return files.preload();
    }

    /** From now on it does not answer on its bus: registers read all ones, and transfers fail; or it does again. */
    public void die(boolean isDead) {
        dead = isDead;
    }

    /** Pulls it out while hosts use it: their files end. It can be opened again. */
    public void pull() {
        files.pull();
    }

    private void describeUio() throws IOException {
        long bytes = accelerator.memoryBytes();
        Path maps = files.folder().resolve("class/uio0/maps");
        Files.createDirectories(maps.resolve("map0"));
        Files.createDirectories(maps.resolve("map1"));
        Files.writeString(maps.resolve("map0/addr"), "0x00000000a0000000\n");
        Files.writeString(maps.resolve("map0/size"), "0x0000000000001000\n");
        Files.writeString(maps.resolve("map1/addr"), "0x0000000000000000\n");
        Files.writeString(maps.resolve("map1/size"), "0x%016x\n".formatted(bytes));
        try (FileChannel file = FileChannel.open(
                files.folder().resolve("uio0.memory"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            uioMemory = file.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        }
        accelerator.shareMemory(uioMemory);
    }

    private void answer(SocketChannel connection, boolean shares) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(connection));
        byte[] head = new byte[REQUEST_BYTES];
        while (true) {
            in.readFully(head);
            ByteBuffer request = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            int operation = request.getInt();
            int count = request.getInt();
            long address = request.getLong();
            boolean writes = operation == WRITE_REGISTER || operation == WRITE_MEMORY;
            byte[] data = new byte[count];
            if (writes) {
                in.readFully(data);
            }
            int result = carryOut(operation, address, data, shares);
            ByteBuffer answer =
                    ByteBuffer.allocate(4 + Math.max(0, writes ? 0 : result)).order(ByteOrder.LITTLE_ENDIAN);
            answer.putInt(result);
            if (!writes && result > 0) {
                answer.put(data);
            }
            answer.flip();
            while (answer.hasRemaining()) {
                connection.write(answer);
            }
        }
    }

    private int carryOut(int operation, long address, byte[] data, boolean shares) {
        ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        boolean isRegister = operation == READ_REGISTER || operation == WRITE_REGISTER;
        if (isRegister ? address + 4 > REGISTER_BYTES : address + data.length > accelerator.memoryBytes()) {
            return -EFAULT;
        }
        if (dead) {
            bytes.asIntBuffer().put(0, isRegister ? -1 : 0);
            return isRegister ? data.length : -EIO;
        }
        switch (operation) {
            case READ_REGISTER -> bytes.putInt(accelerator.readRegister((int) address));
            case WRITE_REGISTER -> accelerator.writeRegister((int) address, bytes.getInt(), shares);
            case READ_MEMORY -> accelerator.readMemory(address, bytes);
            case WRITE_MEMORY -> accelerator.writeMemory(address, bytes);
            default -> throw new IllegalStateException("request " + operation);
        }
        return data.length;
    }

    /**
     * Sends a number for each interrupt. XDMA's driver sends one when the wire rises; UIO's when it is high and the host has allowed it by writing 1, which
     * one interrupt uses up.
     */
    private void sendEvents(SocketChannel connection, boolean allows) throws IOException {
        var events = new InterruptFile(connection, allows);
        Consumer<Boolean> listener = events::wire;
        accelerator.onInterrupt(listener);
        try {
            ByteBuffer order = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            while (connection.read(order) >= 0) {
                if (!order.hasRemaining()) {
                    events.allow(order.getInt(0) != 0);
                    order.clear();
                }
            }
        } finally {
            accelerator.removeListener(listener);
        }
    }

    /** The side of a driver that turns a wire into numbers to read. */
    private static final class InterruptFile {
        private final SocketChannel host;
        private final boolean allows;
        private boolean isAllowed;
        private boolean high;
        private int count;

        InterruptFile(SocketChannel host, boolean allows) {
            this.host = host;
            this.allows = allows;
            isAllowed = !allows;
        }

        synchronized void wire(boolean isHigh) {
            high = isHigh;
            send();
        }

        synchronized void allow(boolean isOn) {
            isAllowed = isOn;
            send();
        }

        private void send() {
            if (!high || !isAllowed) {
                return;
            }
            isAllowed = !allows;
            count++;
            try {
                host.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, count));
            } catch (IOException gone) {
                // Nobody reads it.
            }
        }
    }

    /** Takes it away with its files; the accelerator stays on. */
    @Override
    public void close() {
        files.close();
        accelerator.shareMemory(null);
    }
}
