// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

/** A ring buffer of bytes between LDW and MX. */
final class Ring {
    private final byte[] bytes;
    private long written;
    private long read;

    Ring(int size) {
        bytes = new byte[size];
    }

    int free() {
        return bytes.length - available();
    }

    int available() {
        return (int) (written - read);
    }

    void write(byte[] from, int count) {
        for (int i = 0; i < count; i++) {
            bytes[(int) (written++ % bytes.length)] = from[i];
        }
    }

    void read(byte[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = bytes[(int) (read++ % bytes.length)];
        }
    }
}
