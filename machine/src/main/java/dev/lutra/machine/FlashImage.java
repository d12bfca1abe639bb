// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A weight image as it lies in a board's flash, from the first byte of the window on: 64 bytes that say what follows, then the image.
 *
 * <p>The head is {@code LUTRAIMG}, the length of the image (8 bytes, little endian), its SHA-256 (32 bytes), and zeros.
 */
public final class FlashImage {

    /** Bytes before the image; a multiple of every beat that a flash is read in. */
    public static final int HEAD_BYTES = 64;

    private static final byte[] MAGIC = "LUTRAIMG".getBytes(StandardCharsets.US_ASCII);

    private FlashImage() {}

    /** The head of an image: all that remains in it, which stays as it is. */
    public static byte[] head(ByteBuffer image) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(image.duplicate());
            return ByteBuffer.allocate(HEAD_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(MAGIC)
                    .putLong(image.remaining())
                    .put(sha256.digest())
                    .array();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Head and image, as a flash is to hold them from {@link Bus#flashBase()} on.
     *
     * @throws UserException if the window is too small
     */
    public static byte[] of(Bus bus, ByteBuffer image) {
        long bytes = HEAD_BYTES + (long) image.remaining();
        if (bytes > bus.flashBase()) {
            throw UserException.badInput(
                    "weights of %d bytes and their head of %d do not fit the %d bytes of the flash that this machine reads"
                            .formatted(image.remaining(), HEAD_BYTES, bus.flashBase()),
                    "choose a machine with a larger bus.addrBits, or weights of fewer bits");
        }
        return ByteBuffer.allocate((int) bytes)
                .put(head(image))
                .put(image.duplicate())
                .array();
    }
}
