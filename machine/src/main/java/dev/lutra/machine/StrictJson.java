// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** JSON files of our own as records: every field must be there and no other, and mistakes name the file and the JSON path. */
public final class StrictJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private StrictJson() {}

    /** The text of a record, ending in a line feed; equal records give equal text. */
    public static String write(Object value) {
        return JSON.writeValueAsString(value) + "\n";
    }

    /**
     * Reads a record.
     *
     * @param writer the command that writes such a file, for the hint
     * @throws UserException naming file and JSON path (or line, if it is no JSON) if it cannot be used
     */
    public static <T> T read(Path file, Class<T> type, String writer) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString(), type, writer);
        } catch (NoSuchFileException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, file + ": there is no such file", writer + " writes it", e);
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "%s: cannot be read: %s".formatted(file, IoReason.of(e)), null, e);
        }
    }

    /** As above, from text; {@code file} is its name in messages. */
    public static <T> T parse(String text, String file, Class<T> type, String writer) {
        try {
            return JSON.readValue(text, type);
        } catch (StreamReadException e) {
            String message = "%s is no JSON: %s".formatted(place(file, e), e.getOriginalMessage());
            throw new UserException(UserException.Kind.BAD_INPUT, message, null, e);
        } catch (DatabindException e) {
            if (e.getCause() instanceof UserException cause) {
                String message = "%s: %s".formatted(file, cause.getMessage());
                throw new UserException(cause.kind(), message, cause.hint(), cause);
            }
            String message = "%s, at %s: %s".formatted(place(file, e), path(e), reason(e));
            throw new UserException(UserException.Kind.BAD_INPUT, message, writer + " writes a complete one", e);
        }
    }

    /** Jackson's own words name its classes and settings, which say nothing to whoever wrote the file. */
    private static String reason(DatabindException e) {
        String message = String.valueOf(e.getOriginalMessage());
        if (e instanceof UnrecognizedPropertyException) {
            return "no field of this name belongs here";
        }
        if (e instanceof InvalidFormatException wrong) {
            return "'%s' is no %s"
                    .formatted(wrong.getValue(), wrong.getTargetType().getSimpleName());
        }
        if (e.getCause() instanceof IllegalArgumentException refused && refused.getMessage() != null) {
            return refused.getMessage();
        }
        if (message.startsWith("Missing creator property")) {
            return "the field is missing";
        }
        if (message.startsWith("Null value for creator property") || message.startsWith("Cannot map `null`")) {
            return "the field is null";
        }
        if (message.startsWith("No content to map")) {
            return "the file is empty";
        }
        return message;
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
}
