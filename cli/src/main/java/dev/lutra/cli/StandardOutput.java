// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.IOError;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output, where a failed write ends the command with an {@link IOError}, which a PrintWriter and picocli let
 * through. They would keep quiet about an IOException, and whoever reads the result would take what came for all of it.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream out;

    StandardOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException failure) {
            throw new IOError(failure);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException failure) {
            throw new IOError(failure);
        }
    }
}
