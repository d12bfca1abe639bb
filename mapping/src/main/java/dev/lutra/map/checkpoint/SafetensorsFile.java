// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.machine.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A safetensors file: 64-bit little-endian length of the header, a JSON header {@code {name: {dtype, shape, data_offsets}}}, data.
 *
 * <p>Checked on opening, before anything of a claimed size is allocated: the header fits the file, every tensor's offsets match its
 * shape and type, and the tensors cover the data exactly, without overlap or gap (as the format demands).
 */
final class SafetensorsFile {
    /** The largest header accepted. The format allows 100 MB; those of models with thousands of tensors stay below 1 MB. */
    static final long MAX_HEADER = 32L << 20;

    private static final String FETCH = "the file is damaged or incomplete; fetch it again";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * One entry of the header.
     *
     * @param shape dimensions, outermost first
     * @param offset of its first byte in the file
     * @param bytes its length
     */
    record Tensor(String name, Dtype dtype, List<Long> shape, long offset, long bytes) {
        String describe() {
            return dtype + " " + shape;
        }
    }

    private final MappedFile file;
    private final Map<String, Tensor> tensors;

    private SafetensorsFile(MappedFile file, Map<String, Tensor> tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        if (file.size() < 8) {
            throw badInput(
                    path + ": " + file.size() + " bytes, but a safetensors file begins with 8 bytes of header length",
                    FETCH);
        }
        long header = file.read(0, 8).getLong();
        if (header < 0 || header > file.size() - 8) {
            throw badInput(
                    path + ": byte 0: a header of " + Long.toUnsignedString(header) + " bytes, but only "
                            + (file.size() - 8) + " follow",
                    FETCH);
        }
        if (header > MAX_HEADER) {
            throw badInput(
                    path + ": byte 0: a header of " + header + " bytes, more than the " + MAX_HEADER + " accepted",
                    FETCH);
        }
        // The format demands it, and a JSON reader that sees other bytes first may take them for another encoding.
        if (header == 0 || file.read(8, 1).get() != '{') {
            throw badInput(path + ": byte 8: the header of " + header + " bytes does not begin with '{'", FETCH);
        }
        return new SafetensorsFile(file, new HeaderReader(file, (int) header).read());
    }

    MappedFile file() {
        return file;
    }

    /** All tensors by name, in header order. */
    Map<String, Tensor> tensors() {
        return tensors;
    }

    private static final class HeaderReader {
        private final MappedFile file;
        private final int length;
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();

        HeaderReader(MappedFile file, int length) {
            this.file = file;
            this.length = length;
        }

        Map<String, Tensor> read() {
            try (JsonParser json = JSON.createParser(
                    ObjectReadContext.empty(), file.read(8, length).array())) {
                expect(json, json.nextToken(), JsonToken.START_OBJECT, "an object");
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    if (name.equals("__metadata__")) {
                        json.skipChildren();
                    } else {
                        tensors.put(name, tensor(json, name));
                    }
                }
                if (json.nextToken() != null) {
                    throw wrong(json, "text after the header's object");
                }
            } catch (JacksonException e) {
                throw JsonFile.notJson(file.path() + ": header", 8, e);
            }
            checkCoverage();
            return tensors;
        }

        private Tensor tensor(JsonParser json, String name) {
            expect(json, json.currentToken(), JsonToken.START_OBJECT, "an object for tensor " + Quote.of(name));
            String dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "dtype" -> {
                        expect(json, json.currentToken(), JsonToken.VALUE_STRING, "a string for dtype");
                        dtype = json.getString();
                    }
                    case "shape" -> shape = numbers(json, key);
                    case "data_offsets" -> offsets = numbers(json, key);
                    default -> json.skipChildren();
                }
            }
            return tensor(name, dtype, shape, offsets);
        }

        private Tensor tensor(
                String name, @Nullable String dtypeName, @Nullable List<Long> shape, @Nullable List<Long> offsets) {
            String where = file.path() + ": tensor " + Quote.of(name) + ": ";
            if (dtypeName == null || shape == null || offsets == null) {
                throw badInput(where + "needs dtype, shape and data_offsets", FETCH);
            }
            Dtype dtype = Dtype.of(dtypeName);
            if (dtype == null) {
                throw badInput(
                        where + "unknown dtype " + Quote.of(dtypeName),
                        "weights can be F32, F16, BF16, or U8 for packed ternary");
            }
            long data = file.size() - 8 - length;
            if (offsets.size() != 2) {
                throw badInput(where + "data_offsets has " + offsets.size() + " numbers, not 2", FETCH);
            }
            long begin = offsets.get(0);
            long end = offsets.get(1);
            if (begin > end || end > data) {
                throw badInput(
                        where + "data_offsets [" + begin + ", " + end + "] do not lie in the " + data
                                + " bytes of data that the file has",
                        FETCH);
            }
            long bytes = dtype.bytes();
            for (long dimension : shape) {
                if (dimension != 0 && bytes > Long.MAX_VALUE / dimension) {
                    throw badInput(where + dtypeName + " " + shape + " overflows", FETCH);
                }
                bytes *= dimension;
            }
            if (bytes != end - begin) {
                throw badInput(
                        where + dtypeName + " " + shape + " needs " + bytes + " bytes, but data_offsets [" + begin
                                + ", " + end + "] hold " + (end - begin),
                        FETCH);
            }
            return new Tensor(name, dtype, shape, 8 + length + begin, bytes);
        }

        private List<Long> numbers(JsonParser json, String key) {
            expect(json, json.currentToken(), JsonToken.START_ARRAY, "an array for " + key);
            List<Long> numbers = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, "integers in " + key);
                long number = json.getLongValue();
                if (number < 0 || numbers.size() == 8) {
                    throw wrong(json, key + " holds a negative number or more than 8");
                }
                numbers.add(number);
            }
            return List.copyOf(numbers);
        }

        /** The tensors, in order of their offsets, must follow one another from the first byte of the data to the last. */
        private void checkCoverage() {
            List<Tensor> inOrder = new ArrayList<>(tensors.values());
            inOrder.sort(Comparator.comparingLong(Tensor::offset).thenComparingLong(Tensor::bytes));
            long at = 8L + length;
            String before = "the header";
            for (Tensor tensor : inOrder) {
                String name = "tensor " + Quote.of(tensor.name());
                if (tensor.offset() != at) {
                    throw badInput(
                            file.path() + ": " + name + " begins at byte " + tensor.offset() + ", but " + before
                                    + " ends at byte " + at + (tensor.offset() < at ? ": they overlap" : ": a gap"),
                            FETCH);
                }
                at += tensor.bytes();
                before = name;
            }
            if (at != file.size()) {
                throw badInput(
                        file.path() + ": " + before + " ends at byte " + at + ", but the file has " + file.size()
                                + " bytes",
                        FETCH);
            }
        }

        private void expect(JsonParser json, @Nullable JsonToken token, JsonToken wanted, String what) {
            if (token != wanted) {
                throw wrong(json, what + " expected, found " + token);
            }
        }

        private UserException wrong(JsonParser json, String message) {
            long at = 8 + json.currentTokenLocation().getByteOffset();
            return badInput(file.path() + ": byte " + at + " (header): " + message, FETCH);
        }
    }
}
