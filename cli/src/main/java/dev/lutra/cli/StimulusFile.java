// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Type;
import dev.lutra.machine.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values of a design's inputs cycle by cycle. As CSV: a header of port names, then a line for each cycle; an empty cell keeps the
 * value of the line above. As JSON lines: an object for each cycle; a port that is not named keeps its value. Everything is 0 at
 * first. Empty lines and, in CSV, lines that begin with {@code #} say nothing.
 */
final class StimulusFile implements AutoCloseable {
    private final Path file;
    private final BufferedReader reader;
    private final List<Port> inputs;
    private final String top;
    private final BigInteger[] values;
    private final boolean json;
    private int read;
    private int line;
    private List<Integer> columns = List.of();
    private @Nullable String next;

    private StimulusFile(Path file, BufferedReader reader, List<Port> ports, String top) {
        this.file = file;
        this.reader = reader;
        this.top = top;
        inputs = ports.stream()
                .filter(port -> port.direction() == Direction.IN)
                .filter(port -> !(port.type() instanceof Type.Clock) && !(port.type() instanceof Type.Reset))
                .toList();
        values = new BigInteger[inputs.size()];
        Arrays.fill(values, BigInteger.ZERO);
        next = readLine();
        json = next != null && next.startsWith("{");
        if (next == null) {
            throw bad("there is nothing in it", "Begin with a line of port names: " + names());
        }
        if (!json) {
            columns = header(next);
            next = readLine();
        }
    }

    /** @throws UserException if it cannot be read, or its header names what is no input of the design */
    static StimulusFile open(Path file, List<Port> ports, String top) throws IOException {
        BufferedReader reader = Files.newBufferedReader(file);
        try {
            return new StimulusFile(file, reader, ports, top);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** The inputs whose values {@link #next} gives, in order. */
    List<Port> inputs() {
        return inputs;
    }

    boolean isJson() {
        return json;
    }

    /** The line of the row that {@link #next} gave last. */
    int line() {
        return line;
    }

    /** Values of the next cycle, in the array that is used again; nothing behind the last line. */
    Optional<BigInteger[]> next() {
        String text = next;
        if (text == null) {
            return Optional.empty();
        }
        line = read;
        if (json) {
            takeJson(text);
        } else {
            takeCells(text);
        }
        next = readLine();
        return Optional.of(values);
    }

    private @Nullable String readLine() {
        try {
            String text;
            do {
                text = reader.readLine();
                read++;
                text = text == null ? null : text.strip();
            } while (text != null && (text.isEmpty() || text.startsWith("#")));
            return text;
        } catch (MalformedInputException e) {
            throw UserException.badInput(file + ":" + read + ": not UTF-8 text", "Write it as CSV or as JSON lines.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Integer> header(String text) {
        line = read;
        var found = new ArrayList<Integer>();
        var seen = new HashSet<String>();
        for (String cell : text.split(",", -1)) {
            String name = cell.strip();
            if (!seen.add(name)) {
                throw bad("port " + name + " has two columns", null);
            }
            found.add(port(name));
        }
        return found;
    }

    private int port(String name) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(name)) {
                return i;
            }
        }
        throw bad("\"" + name + "\" is no input of " + top, "Its inputs: " + names());
    }

    private String names() {
        return inputs.stream().map(PortText::describe).collect(Collectors.joining(", "));
    }

    private void takeCells(String text) {
        String[] cells = text.split(",", -1);
        if (cells.length != columns.size()) {
            throw bad(cells.length + " values for " + columns.size() + " ports", "Leave a cell empty to keep a value.");
        }
        for (int i = 0; i < cells.length; i++) {
            String cell = cells[i].strip();
            if (!cell.isEmpty()) {
                set(columns.get(i), cell);
            }
        }
    }

    private void takeJson(String text) {
        JsonNode row;
        try {
            row = JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw bad("no JSON: " + e.getOriginalMessage(), "Write an object of ports and values on each line.");
        }
        if (!row.isObject()) {
            throw bad("no JSON object", "Write an object of ports and values on each line.");
        }
        for (Map.Entry<String, JsonNode> cell : row.properties()) {
            JsonNode value = cell.getValue();
            if (!value.isIntegralNumber() && !value.isString() && !value.isBoolean()) {
                throw bad(cell.getKey() + ": " + value + " is no integer and no text", null);
            }
            set(port(cell.getKey()), value.isBoolean() ? value.asBoolean() ? "1" : "0" : value.asString());
        }
    }

    private void set(int input, String text) {
        Port port = inputs.get(input);
        BigInteger value = PortText.parse(port, text);
        if (value == null) {
            throw bad(
                    port.name() + ": \"" + text + "\" is no value of " + port.type(),
                    "Write decimal, 0x hexadecimal, 0b binary"
                            + (port.type() instanceof Type.Enumeration choice ? ", or one of " + choice.values() : "")
                            + ".");
        }
        if (!port.type().holds(value)) {
            throw bad(
                    value + " does not fit " + PortText.describe(port) + ": "
                            + port.type().min() + " to " + port.type().max(),
                    null);
        }
        values[input] = value;
    }

    private UserException bad(String text, @Nullable String hint) {
        return UserException.badInput(file + ":" + Math.max(1, line) + ": " + text, hint);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
