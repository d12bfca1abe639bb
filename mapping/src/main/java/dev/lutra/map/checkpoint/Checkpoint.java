// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.map.model.LlamaModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A model on disk: the weights, opened and checked, and where its tokenizer is to be looked for.
 *
 * @param layout which family of files it is
 * @param tokenizer the tokenizer's file, which may not exist: mapping does not need it
 */
public record Checkpoint(Layout layout, LlamaModel model, Path tokenizer) {
    /** Families of checkpoint files. */
    public enum Layout {
        /** config.json, model.safetensors, tokenizer.json. */
        HUGGING_FACE,
        /** A .bin of llama2.c version 0 and its tokenizer's .bin. */
        LLAMA2C
    }

    /**
     * Opens a checkpoint: a directory, or its weights file.
     *
     * @throws dev.lutra.machine.UserException if there is none or it is damaged or not supported
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw badInput(path + ": no such file or directory", "give a model's directory or its weights file");
        }
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(HuggingFaceReader.CONFIG))
                    ? huggingFace(path)
                    : llama2c(onlyModelIn(path));
        }
        String file = path.toAbsolutePath().getFileName().toString();
        if (file.equals(HuggingFaceReader.WEIGHTS) || file.equals(HuggingFaceReader.CONFIG)) {
            return huggingFace(path.toAbsolutePath().resolveSibling(""));
        }
        if (file.endsWith(".bin")) {
            return llama2c(path);
        }
        throw badInput(
                path + ": not a checkpoint that can be read",
                "supported: a directory with config.json and model.safetensors, or a llama2.c .bin file");
    }

    private static Checkpoint huggingFace(Path directory) {
        return new Checkpoint(
                Layout.HUGGING_FACE,
                HuggingFaceReader.read(directory, nameOf(directory)),
                directory.resolve("tokenizer.json"));
    }

    private static Checkpoint llama2c(Path file) {
        String name = nameOf(file);
        LlamaModel model =
                Llama2cReader.read(file, name.endsWith(".bin") ? name.substring(0, name.length() - 4) : name);
        Path own = file.resolveSibling("tok" + model.config().vocab() + ".bin");
        return new Checkpoint(Layout.LLAMA2C, model, Files.exists(own) ? own : file.resolveSibling("tokenizer.bin"));
    }

    private static Path onlyModelIn(Path directory) {
        List<Path> models;
        try (Stream<Path> files = Files.list(directory)) {
            models = files.filter(f -> f.getFileName().toString().endsWith(".bin"))
                    .filter(f -> !f.getFileName().toString().matches("tok(\\d+|enizer)\\.bin"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw JsonFile.unreadable(directory, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw JsonFile.unreadable(directory, e);
        }
        if (models.size() != 1) {
            throw badInput(
                    directory + ": "
                            + (models.isEmpty()
                                    ? "no checkpoint in this directory"
                                    : "several .bin files, and no way to tell which one is meant: "
                                            + models.stream()
                                                    .map(f -> f.getFileName().toString())
                                                    .toList()),
                    models.isEmpty()
                            ? "supported: config.json with model.safetensors, or a llama2.c .bin file"
                            : "give the file instead of the directory");
        }
        return models.get(0);
    }

    private static String nameOf(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }
}
