// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * CRC-32 of a stream of bytes as IEEE 802.3 and {@link java.util.zip.CRC32} have it (reflected, polynomial 0x04C11DB7), a bit a cycle: a byte
 * takes eight cycles, which is less than any serial line takes for one.
 *
 * <p>When the four bytes of the CRC have followed their message, the lowest first, {@link #good} is high: the register then holds the same
 * residue for every message.
 */
final class SerialCrc extends Module {

    private static final long POLYNOMIAL = 0xEDB88320L;
    private static final long RESIDUE = 0xDEBB20E3L;
    private static final int BITS = 32;
    private static final int BYTE_BITS = 8;

    /** A byte of the message, for one cycle while {@link #idle}. */
    final Bool take = in(bool());

    /** This byte is the first of a message. */
    final Bool first = in(bool());

    final UInt data = in(uint(BYTE_BITS));

    /** The lowest byte of the CRC has been used: the next one takes its place, in eight cycles. */
    final Bool next = in(bool());

    final Bool idle = out(bool());

    /** What was taken is a message with its CRC; to be looked at while {@link #idle}. */
    final Bool good = out(bool());

    /** Lowest byte of the CRC of what was taken; to be looked at while {@link #idle}. */
    final UInt low = out(uint(BYTE_BITS));

    SerialCrc() {
        doc("CRC-32 (IEEE 802.3) of bytes, a bit a cycle.");
        UInt crc = reg(uint(BITS)).init(0);
        UInt left = reg(uint(BYTE_BITS)).init(0); // a one for each bit to come
        UInt byteLeft = reg(uint(BYTE_BITS));
        Bool counts = reg(bool()).init(false);
        Bool works = left.ne(0);
        Bool feedback = crc.bit(0).xor(byteLeft.bit(0)).and(counts);
        UInt shifted = crc.shr(1).extend(BITS);
        when(take, () -> {
                    byteLeft.set(data);
                    left.set((1 << BYTE_BITS) - 1);
                    counts.set(true);
                    when(first, () -> crc.set(lit((1L << BITS) - 1, BITS)));
                })
                .elseWhen(next, () -> {
                    left.set((1 << BYTE_BITS) - 1);
                    counts.set(false);
                })
                .elseWhen(works, () -> {
                    crc.set(mux(feedback, shifted.xor(lit(POLYNOMIAL, BITS)), shifted));
                    byteLeft.set(byteLeft.shr(1).extend(BYTE_BITS));
                    left.set(left.shr(1).extend(BYTE_BITS));
                });
        idle.set(works.not());
        good.set(crc.eq(lit(RESIDUE, BITS)));
        low.set(crc.bits(BYTE_BITS - 1, 0).not());
    }
}
