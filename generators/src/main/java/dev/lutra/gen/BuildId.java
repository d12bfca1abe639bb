// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen;

import dev.lutra.hdl.verilog.VerilogFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Identifies a piece of hardware: the hash of its Verilog without comments and white space at line ends. */
final class BuildId {

    private static final int BYTES = 16;

    private BuildId() {}

    static String of(List<VerilogFile> files) {
        MessageDigest digest = sha256();
        for (VerilogFile file : files) {
            digest.update(file.name().getBytes(StandardCharsets.UTF_8));
            file.text()
                    .lines()
                    .map(BuildId::code)
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> {
                        digest.update(line.getBytes(StandardCharsets.UTF_8));
                        digest.update((byte) '\n');
                    });
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /** The writer emits line comments only, and no string that holds two slashes. */
    private static String code(String line) {
        int comment = line.indexOf("//");
        return (comment < 0 ? line : line.substring(0, comment)).stripTrailing();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
