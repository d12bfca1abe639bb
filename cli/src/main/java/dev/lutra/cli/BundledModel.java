// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.IoReason;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The demo's model, unpacked from the jar into the cache, in a folder named by its contents. */
final class BundledModel {

    private static final String RESOURCES = "/models/pocket-bitnet/";
    private static final List<String> FILES = List.of(
            "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    private BundledModel() {}

    /** The folder of the model; unpacks it first if it is not there or not complete. */
    static Path unpacked() {
        Path cache = CacheFolder.of("models");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String file : FILES) {
                digest.update(bytes(file));
            }
            String name = HexFormat.of().formatHex(digest.digest(), 0, 8);
            Path folder = cache.resolve(name).resolve("pocket-bitnet");
            Files.createDirectories(folder);
            for (String file : FILES) {
                unpack(file, folder.resolve(file));
            }
            return folder;
        } catch (IOException failure) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "the bundled model cannot be unpacked into " + cache + ": " + IoReason.of(failure),
                    "Set XDG_CACHE_HOME to a folder that can be written, on a disk with room, or give a --model.",
                    failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Writes beside the target and renames, so that two runs at once and a full disk leave nothing half written. */
    private static void unpack(String file, Path target) throws IOException {
        byte[] bytes = bytes(file);
        if (Files.exists(target) && Files.size(target) == bytes.length) {
            return;
        }
        Path part = Files.createTempFile(target.getParent(), file, ".part");
        try {
            Files.write(part, bytes);
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException rare) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = BundledModel.class.getResourceAsStream(RESOURCES + file)) {
            if (in == null) {
                throw new IOException("the jar lacks its resource " + RESOURCES + file);
            }
            return in.readAllBytes();
        }
    }
}
