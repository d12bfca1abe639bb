// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.board;

import dev.lutra.machine.StrictJson;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The boards that Lutra knows, and those of users: a description is one JSON file. */
public final class Boards {

    private static final List<String> NAMES =
            List.of("icebreaker", "hx8k", "ulx3s", "arty-a7", "kv260", "zcu104", "u280", "u55c", "vhk158");

    private Boards() {}

    /** All that come with Lutra, small ones first. */
    public static List<Board> all() {
        return NAMES.stream().map(Boards::resource).toList();
    }

    /**
     * A board by its name, or by the path of a description that ends in {@code .json}.
     *
     * @throws UserException if there is none, or the file is no description
     */
    public static Board named(String name) {
        if (name.endsWith(".json")) {
            Path file = Path.of(name);
            if (!Files.exists(file)) {
                throw UserException.badInput("there is no board description " + name, null);
            }
            return StrictJson.read(file, Board.class, "lutra boards NAME --json");
        }
        if (!NAMES.contains(name)) {
            throw UserException.badInput(
                    "there is no board '" + name + "'",
                    "Boards: " + String.join(", ", NAMES) + ". Or give the file of a description: my-board.json");
        }
        return resource(name);
    }

    private static Board resource(String name) {
        String file = name + ".json";
        try (InputStream in = Boards.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the description of board " + name + " is missing");
            }
            return StrictJson.parse(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    file,
                    Board.class,
                    "lutra boards NAME --json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
