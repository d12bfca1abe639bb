// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.InstructionCodec.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** 128 bits of an instruction; little endian in memory. */
public final class Word {
    private long low;
    private long high;

    Word() {}

    /** The 16 bytes from the buffer's position on. */
    public static Word read(ByteBuffer bytes) {
        ByteBuffer b = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        Word w = new Word();
        w.low = b.getLong();
        w.high = b.getLong();
        return w;
    }

    /** Writes 16 bytes at the buffer's position and moves it. */
    public void write(ByteBuffer bytes) {
        bytes.put(bytes());
    }

    /** The 16 bytes as they are in memory. */
    public byte[] bytes() {
        return ByteBuffer.allocate(Instruction.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(low)
                .putLong(high)
                .array();
    }

    /** The value of a field. */
    public long get(Field f) {
        long bits = f.low() >= 64 ? high >>> (f.low() - 64) : low >>> f.low();
        if (f.low() < 64 && f.low() + f.width() > 64) {
            bits |= high << (64 - f.low());
        }
        return bits & f.max();
    }

    boolean flag(Field f) {
        return get(f) != 0;
    }

    Word put(Field f, long value) {
        if (value < 0 || value > f.max()) {
            throw new IllegalArgumentException("%s is %d: it must be from 0 to %d".formatted(f.name(), value, f.max()));
        }
        if (f.low() >= 64) {
            high |= value << (f.low() - 64);
        } else {
            low |= value << f.low();
            if (f.low() + f.width() > 64) {
                high |= value >>> (64 - f.low());
            }
        }
        return this;
    }

    Word put(Field f, boolean value) {
        return put(f, value ? 1 : 0);
    }

    Word put(Tokens tokens) {
        return put(InstructionCodec.WAIT, tokens.waits()).put(InstructionCodec.POST, tokens.posts());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Word w && w.low == low && w.high == high;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * low + high);
    }

    @Override
    public String toString() {
        return "%016x_%016x".formatted(high, low);
    }
}
