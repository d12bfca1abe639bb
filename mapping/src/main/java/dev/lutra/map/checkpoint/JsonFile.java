// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.machine.IoReason;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON file of a checkpoint, read whole, with getters whose complaints name file, path, value and what would do.
 *
 * <p>Duplicate keys, text after the value and files of more than {@link #MAX_BYTES} are refused.
 */
public final class JsonFile {
    /** Far beyond any tokenizer.json of a supported model, and small enough that its tree fits a small heap. */
    public static final long MAX_BYTES = 32L << 20;

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .reader();

    private static final Pattern PLAIN_KEY = Pattern.compile("\\w{1,60}");

    private final Path file;
    private final @Nullable JsonFile parent;
    private final String step;
    private final JsonNode node;

    private JsonFile(Path file, @Nullable JsonFile parent, String step, JsonNode node) {
        this.file = file;
        this.parent = parent;
        this.step = step;
        this.node = node;
    }

    /** Reads a file whose outermost value is an object. */
    public static JsonFile read(Path file) {
        // A pipe or a device has no size to check and may never end.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw badInput(file + ": not a regular file", "check the path");
        }
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw badInput(
                        file + ": " + size + " bytes, more than the " + MAX_BYTES + " that a JSON file here may have",
                        "check that this is the right file");
            }
            JsonNode node = READER.readTree(Files.readAllBytes(file));
            JsonFile root = new JsonFile(file, null, "", node);
            if (node.isMissingNode()) {
                throw badInput(file + ": the file is empty", "fetch it again");
            }
            if (!node.isObject()) {
                throw root.wrong("a JSON object");
            }
            return root;
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (JacksonException e) {
            throw notJson(file.toString(), 0, e);
        }
    }

    static UserException unreadable(Path file, IOException e) {
        return new UserException(
                UserException.Kind.BAD_INPUT,
                file + ": cannot be read: " + IoReason.of(e),
                "check the path and its permissions",
                e);
    }

    /** A complaint about JSON text that begins at byte {@code start} of its file. */
    static UserException notJson(String where, long start, JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        String place = at == null || at.getByteOffset() < 0
                ? ""
                : ": byte " + (start + at.getByteOffset()) + " (line " + at.getLineNr() + ", column " + at.getColumnNr()
                        + ")";
        return new UserException(
                UserException.Kind.BAD_INPUT,
                where + place + ": not valid JSON: " + e.getOriginalMessage(),
                "the file is damaged or no JSON; fetch it again",
                e);
    }

    public Path file() {
        return file;
    }

    /** Whether this value is an array. */
    public boolean isArray() {
        return node.isArray();
    }

    /** The values of an array, in order. */
    public List<JsonFile> elements() {
        if (!node.isArray()) {
            throw wrong("an array");
        }
        List<JsonFile> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new JsonFile(file, this, "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** The keys of an object, in order. */
    public Collection<String> keys() {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        return node.propertyNames();
    }

    /** File and JSON path of this value. */
    public String where() {
        return parent == null ? file.toString() : file + ": " + path();
    }

    /** Built only when a message needs it. */
    private String path() {
        if (parent == null) {
            return "";
        }
        if (parent.node.isArray()) {
            return parent.path() + step;
        }
        String key = PLAIN_KEY.matcher(step).matches() ? step : Quote.of(step);
        return parent.parent == null ? key : parent.path() + "." + key;
    }

    /** The member of an object, or null if it is missing or the JSON null. */
    public @Nullable JsonFile find(String key) {
        JsonNode member = node.get(key);
        return member == null || member.isNull() ? null : new JsonFile(file, this, key, member);
    }

    /** The member of an object; it must be there. */
    public JsonFile get(String key) {
        JsonFile member = find(key);
        if (member == null) {
            throw badInput(where() + ": " + Quote.of(key) + " is missing", "the file is incomplete; fetch it again");
        }
        return member;
    }

    /** This value as an integer in a range. */
    public int integer(int least, int most) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw wrong("an integer from " + least + " to " + most);
        }
        return node.intValue();
    }

    /** A member as an integer in a range, or {@code otherwise} if it is missing or null. */
    public int integer(String key, int least, int most, int otherwise) {
        JsonFile member = find(key);
        return member == null ? otherwise : member.integer(least, most);
    }

    /** This value as a finite number. */
    public double number() {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong("a number");
        }
        return node.doubleValue();
    }

    /** This value as text. */
    public String text() {
        if (!node.isString()) {
            throw wrong("a string");
        }
        return node.stringValue();
    }

    /** A member as text, or {@code otherwise} if it is missing or null. */
    public String text(String key, String otherwise) {
        JsonFile member = find(key);
        return member == null ? otherwise : member.text();
    }

    /** A member as true or false, or {@code otherwise} if it is missing or null. */
    public boolean flag(String key, boolean otherwise) {
        JsonFile member = find(key);
        if (member == null) {
            return otherwise;
        }
        if (!member.node.isBoolean()) {
            throw member.wrong("true or false");
        }
        return member.node.booleanValue();
    }

    /** A complaint about this value: what it is, and what would do. */
    public UserException wrong(String wanted) {
        return badInput(where() + " is " + shown() + ", but must be " + wanted, null);
    }

    /** This value, short enough for a message. */
    public String shown() {
        if (node.isContainer()) {
            return node.isArray() ? "an array of " + node.size() : "an object of " + node.size() + " members";
        }
        return node.isString() ? Quote.of(node.stringValue()) : shorten(node.toString());
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
