// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code machine.json}: what a generator says of the hardware it wrote.
 *
 * @param isa version of the instruction set
 * @param fingerprint {@link Machine#fingerprintText()}, checked when read
 * @param buildId hash of the Verilog without comments; empty if none was generated
 * @param machine the parameters
 * @param latencies cycles known from elaboration, by name
 * @param registers byte offsets of the host registers, by name
 */
public record MachineFile(
        int isa,
        String fingerprint,
        String buildId,
        Machine machine,
        Map<String, Integer> latencies,
        List<RegisterEntry> registers) {

    /** One host register. */
    public record RegisterEntry(String name, String offset, String doc) {}

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    /** The file of a machine with these facts of its generated hardware. */
    public static MachineFile of(Machine machine, String buildId, Map<String, Integer> latencies) {
        List<RegisterEntry> registers = Arrays.stream(Register.values())
                .map(r -> new RegisterEntry(r.name(), "0x%02X".formatted(r.offset()), r.doc()))
                .toList();
        return new MachineFile(
                Machine.ISA_VERSION, machine.fingerprintText(), buildId, machine, new TreeMap<>(latencies), registers);
    }

    /** The text, ending in a line feed; equal machines give equal text. */
    public String toJson() {
        return JSON.writeValueAsString(this) + "\n";
    }

    /**
     * Reads a {@code machine.json}.
     *
     * @throws UserException naming file and JSON path (or line, if it is no JSON) if it cannot be used
     */
    public static MachineFile read(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (NoSuchFileException e) {
            throw bad(file + ": there is no such file", "lutra gen writes a machine.json", e);
        } catch (IOException e) {
            throw bad("%s: %s".formatted(file, e), null, e);
        }
    }

    static MachineFile parse(String text, String file) {
        MachineFile read;
        try {
            read = JSON.readValue(text, MachineFile.class);
        } catch (StreamReadException e) {
            throw bad("%s is no JSON: %s".formatted(place(file, e), e.getOriginalMessage()), null, e);
        } catch (DatabindException e) {
            if (e.getCause() instanceof UserException cause) {
                throw bad("%s: %s".formatted(file, cause.getMessage()), cause.hint(), cause);
            }
            throw bad(
                    "%s, at %s: %s".formatted(place(file, e), path(e), e.getOriginalMessage()),
                    "lutra gen writes a complete machine.json",
                    e);
        }
        if (read.isa() != Machine.ISA_VERSION) {
            throw bad(
                    "%s, at isa: instruction set version %d, but this Lutra knows version %d"
                            .formatted(file, read.isa(), Machine.ISA_VERSION),
                    "generate the accelerator again with this version",
                    null);
        }
        String expected = read.machine().fingerprintText();
        if (!read.fingerprint().equals(expected)) {
            throw bad(
                    "%s, at fingerprint: %s, but its parameters give %s".formatted(file, read.fingerprint(), expected),
                    "the file was edited after it was generated: run lutra gen again",
                    null);
        }
        return read;
    }

    private static String place(String file, JacksonException e) {
        return e.getLocation() == null || e.getLocation().getLineNr() < 1
                ? file
                : file + ":" + e.getLocation().getLineNr();
    }

    private static String path(DatabindException e) {
        String path = e.getPath().stream()
                .map(r -> r.getPropertyName() == null ? "[" + r.getIndex() + "]" : r.getPropertyName())
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "the top" : path;
    }

    private static UserException bad(String message, @Nullable String hint, @Nullable Throwable cause) {
        return new UserException(UserException.Kind.BAD_INPUT, message, hint, cause);
    }
}
