// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.RowFormat;
import dev.lutra.map.forward.CachedVector;
import dev.lutra.map.forward.Rotary;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.plan.GatedRows;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.pe.vector.VectorAttention;
import dev.lutra.pe.vector.VectorDraw;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a step has its vectors, in the scratchpad and in memory. Vectors are binary32, but for keys and values, and begin at rows; what is loaded at once is filled up to whole beats.
 *
 * <table>
 * <caption>in memory</caption>
 * <tr><td>cache<td>for each position cosines and sines of its rotary embedding, and its distances, which the host writes; then planes
 * <tr><td>planes<td>per layer, keys, then values, of lines as long as a key of all heads is: in each a line per position, and before them lines of zeros for those of a block
 *     that there are not
 * <tr><td>scales<td>where these are codes, behind all planes: planes of shorter lines, again per layer of keys, then of values
 * <tr><td>image<td>per layer, gains, biases and scales of rows: what comes before attention, then what comes after it; those of the head; embeddings of all tokens
 * <tr><td>results of a step<td>logits, then the token that follows, then the greatest one, over and over to the end of a beat
 * </table>
 */
public final class StepLayout {
    /** Name of its region. */
    public static final String REGION = "STEP";
    /** Name of the tensor of embeddings, rows of {@link #inBytes}. */
    public static final String EMBEDDINGS = REGION + ".embeddings";

    /** The word for any token: greater than all numbers, in the order of IEEE 754's totalOrder. */
    public static final int ANY = 0x7FFF_FFFF;

    /** Words behind the logits; before a step they are the wanted token, a random number, 1 / temperature and k. */
    private static final int WORDS = 4;

    /** Twice the largest distance at which elements change places. */
    private static final int LARGEST_HEAD = 128;

    /** Times that a pass repeats a block. */
    private static final int LARGEST_GROUP = 128;

    private static final int LARGEST_BLOCK = 16;

    /** Positions that every plane has room for: more than the positions for which programs are checked, whatever the context. */
    private static final int SHORTEST_CONTEXT = 64;

    private static final int LARGEST_PASS = 65_535;
    private static final int LARGEST_PERIOD = 511;
    private static final int LARGEST_LAYER = 255;
    private static final int LARGEST_POSITION = 65_535;
    private static final int LARGEST_VOCABULARY = 65_536;

    private final Machine machine;
    private final LlamaConfig config;
    private final RowFormat format;
    private final int lanes;
    private final int positions;
    private final List<Integer> before;
    private final List<Integer> after;
    private final List<Integer> headBefore;
    private final List<Integer> headAfter;

    /**
     * The layout on a machine with a vector unit.
     *
     * @param format of keys and values
     */
    StepLayout(Machine machine, LlamaConfig config, RowFormat format) {
        this.machine = machine;
        this.config = config;
        this.format = format;
        this.lanes = machine.vector().lanes();
        int hidden = config.hidden();
        int qkv = config.queryWidth() + 2 * config.kvWidth();
        before = config.layer().qkvBiases() ? List.of(hidden, qkv, qkv) : List.of(hidden, qkv);
        after = config.layer().subNorms()
                ? List.of(hidden, hidden, gatedOutputs(), hidden, config.queryWidth(), config.intermediate())
                : List.of(hidden, hidden, gatedOutputs(), hidden);
        headBefore = List.of(hidden);
        headAfter = List.of(config.vocab());
        positions = mostPositions();
    }

    /** The layout of a model whose keys and values a step can keep. */
    public static StepLayout of(Machine machine, QuantizedModel model) {
        RowFormat format = model.quantization().kv().stepRows().orElseThrow();
        return new StepLayout(machine, model.model().config(), format);
    }

    /** The layout of a program's region, whose lines say what keys and values are. */
    public static StepLayout of(Machine machine, LlamaConfig config, Program.Region region) {
        return Arrays.stream(RowFormat.values())
                .map(format -> new StepLayout(machine, config, format))
                .filter(layout -> layout.lineBytes() == region.positionBytes())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%d bytes are no key of %d elements".formatted(region.positionBytes(), config.kvWidth())));
    }

    /** Query heads of attention, with copies. */
    private int heads() {
        return VectorAttention.filledHeads(config.heads(), config.kvHeads());
    }

    /** Outputs of GATE_UP. */
    int gatedOutputs() {
        return GatedRows.outputs(machine.vector(), config.intermediate());
    }

    private int rows(int elements) {
        return machine.vector().rowsOf(elements);
    }

    private int rowsOfBeat() {
        return Math.max(1, machine.bus().beatBytes() / machine.vector().rowBytes());
    }

    /** Rows that are whole beats, too. */
    private int loaded(List<Integer> lengths) {
        int rows = lengths.stream().mapToInt(this::rows).sum();
        return (rows + rowsOfBeat() - 1) / rowsOfBeat() * rowsOfBeat();
    }

    private long bytes(int rows) {
        return (long) rows * machine.vector().rowBytes();
    }

    /** The residual stream. */
    int stream() {
        return 0;
    }

    int cosines() {
        return stream() + loaded(List.of(config.hidden()));
    }

    int sines() {
        return cosines() + rows(config.headDim());
    }

    /** First row of what is loaded before attention, or before the head. */
    int firstBefore() {
        return cosines() + turnRows(positions);
    }

    /** Distances of a block's positions from the first position, which those before it have. */
    int distances() {
        return sines() + rows(config.headDim());
    }

    /** First row of what is loaded for later. */
    int firstAfter() {
        return firstBefore() + Math.max(loaded(before), loaded(headBefore));
    }

    /** Vector {@code index} of {@link #firstBefore} on: gain of the first norm, scales of QKV, and if there are any their biases. */
    int before(int index) {
        return row(firstBefore(), before, index);
    }

    /**
     * Vector {@code index} of {@link #firstAfter} on: scales of O, gain of the second norm, scales of GATE_UP and DOWN, and if there are
     * sub-norms the gain of that of attention and of that of the MLP.
     */
    int after(int index) {
        return row(firstAfter(), after, index);
    }

    private int row(int first, List<Integer> lengths, int index) {
        return first + lengths.subList(0, index).stream().mapToInt(this::rows).sum();
    }

    /** Sums of all columns of a matrix's blocks. */
    int sums() {
        return firstAfter() + Math.max(loaded(after), loaded(headAfter));
    }

    /** Where the token that follows and the greatest logit go, behind the logits. */
    int choice() {
        return sums() + rows(config.vocab());
    }

    /** Elements of the rows of these two. */
    int choiceElements() {
        return choiceRows() * lanes;
    }

    /** What the host left in the place of these two, behind what is loaded before the head: where more lies in each layer. */
    int wanted() {
        return firstBefore() + loaded(headBefore);
    }

    private int choiceRows() {
        return loaded(List.of(WORDS));
    }

    private int longest() {
        int columns = machine.engine().n();
        int most = Math.max(
                Math.max(gatedOutputs(), config.queryWidth() + 2 * config.kvWidth()),
                Math.max(config.vocab(), config.hidden()));
        return rows((most + columns - 1) / columns * columns);
    }

    /** A vector as long as any. */
    int spare() {
        return sums() + Math.max(longest(), rows(config.vocab()) + choiceRows());
    }

    /** Attention, in the place of the vector to spare. */
    VectorAttention attention() {
        return attention(positions, spare());
    }

    private VectorAttention attention(int of, int first) {
        return new VectorAttention(
                machine.vector(), config.heads(), config.kvHeads(), config.headDim(), of, scales(), first);
    }

    /** Draws a token, in places of what the head needs no more. */
    VectorDraw draw(int best) {
        return new VectorDraw(machine.vector(), config.vocab(), best, sums(), wanted(), spare(), firstAfter());
    }

    /** Positions before a step's own that attention takes at once. */
    public int positions() {
        return positions;
    }

    /** The more the better, as far as the scratchpad has rows for them and a pass takes their elements. */
    private int mostPositions() {
        int most = LARGEST_BLOCK;
        while (most > 1 && (end(most) > machine.vector().rows() || most * heads() * config.headDim() > LARGEST_PASS)) {
            most /= 2;
        }
        return most;
    }

    private int end(int of) {
        return turnRows(of)
                - turnRows(positions)
                + spare()
                + Math.max(longest(), attention(of, spare()).rows());
    }

    /** Rows of what the host writes of a position. */
    private int turnRows(int of) {
        return loaded(List.of(config.headDim(), config.headDim(), of * heads()));
    }

    /** Bytes of what the host writes of a position. */
    long turnedBytes() {
        return bytes(turnRows(positions));
    }

    /** Bytes by which that of two positions is apart: not less than a line. */
    long turnBytes() {
        return Math.max(turnedBytes(), lineBytes());
    }

    /** Bytes of a token's embedding. */
    public long inBytes() {
        return bytes(loaded(List.of(config.hidden())));
    }

    /** Bytes of the results of a step. */
    public long outBytes() {
        return logitBytes() + choiceBytes();
    }

    /** Bytes of the two numbers behind the logits of a step, filled up. */
    long choiceBytes() {
        return bytes(choiceRows());
    }

    /** Bytes of the logits of a step, which its results begin with. */
    long logitBytes() {
        return (long) config.vocab() * Float.BYTES;
    }

    /** Bytes from the beginning of the results to the greatest logit of a step. */
    public long greatestOffset(int step) {
        return tokenOffset(step) + Float.BYTES;
    }

    /** Bytes from the beginning of the results to the token that follows a step: what the host wants, {@link #ANY} or {@link #given}, until it has come. */
    public long tokenOffset(int step) {
        return step * outBytes() + logitBytes();
    }

    /** The words of a step in memory before it: what the host wants of the token that follows. */
    public static byte[] words(int token, float uniform, float inverse, float limit) {
        return ByteBuffer.allocate(WORDS * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(token)
                .putFloat(uniform)
                .putFloat(inverse)
                .putFloat(limit)
                .array();
    }

    /** The word for a token that the host gives: less than any number, in the order of IEEE 754's totalOrder. */
    public static int given(int token) {
        return token | 0x8000_0000;
    }

    /** What elements of keys and values are in memory. */
    RowFormat format() {
        return format;
    }

    /** Bytes of a line: a key of all heads, or a value. */
    public long lineBytes() {
        return (long) config.kvWidth() * format.bits() / Byte.SIZE;
    }

    /** Elements of a line of scales: one for each key/value head, each so often that they are whole rows and beats; 0 without codes. */
    private int scales() {
        if (format != RowFormat.INT8) {
            return 0;
        }
        int scales = config.kvHeads();
        while (scales * Float.BYTES % whole() != 0 && scales < heads()) {
            scales *= 2;
        }
        return scales;
    }

    /** Bytes of a line of scales, of a key or a value; 0 where these are numbers. */
    public long scaleLineBytes() {
        return (long) scales() * Float.BYTES;
    }

    /** Bytes of a plane of scales. */
    long scalePlaneBytes() {
        return (positions + Math.max(config.context(), SHORTEST_CONTEXT)) * scaleLineBytes();
    }

    /** Bytes from the beginning of the cache to its scales. */
    private long scalesOffset() {
        return planes() + 2L * config.layers() * planeBytes();
    }

    /** Bytes from the beginning of the cache to the scales of a position's key. */
    long keyScalesOffset(int layer, int position) {
        return scalesOffset() + 2 * layer * scalePlaneBytes() + (positions + position) * scaleLineBytes();
    }

    /** Bytes of a plane. */
    long planeBytes() {
        return (positions + Math.max(config.context(), SHORTEST_CONTEXT)) * lineBytes();
    }

    /** Bytes of the cache. The host writes {@link #turns}, and zeros for as many positions before the first one as a block has. */
    public long cacheBytes() {
        return scalesOffset() + 2L * config.layers() * scalePlaneBytes();
    }

    /** Bytes from the beginning of the cache to its planes: what the host has written of all positions. */
    private long planes() {
        return Math.max(config.context(), SHORTEST_CONTEXT) * turnBytes();
    }

    /** Bytes from the beginning of the cache to the line of a position in a plane. */
    private long line(int plane, int position) {
        return planes() + plane * planeBytes() + (positions + position) * lineBytes();
    }

    /** Bytes from the beginning of the cache to the key of a position. */
    public long keyOffset(int layer, int position) {
        return line(2 * layer, position);
    }

    /** Bytes from the beginning of the cache to the value of a position. */
    public long valueOffset(int layer, int position) {
        return line(2 * layer + 1, position);
    }

    /** Bytes of what is loaded before attention, or before the head. */
    long beforeBytes(boolean head) {
        return bytes(loaded(head ? headBefore : before));
    }

    /** Bytes of what is loaded for later. */
    long afterBytes(boolean head) {
        return bytes(loaded(head ? headAfter : after));
    }

    /** What the host writes of a position before any step, by bytes from the beginning of the cache. */
    public Map<Long, byte[]> turns(int position) {
        float[] distances = new float[positions * heads()];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = positions - position - i / heads();
        }
        List<float[]> vectors = new ArrayList<>(new Rotary(config).table(position));
        vectors.add(distances);
        return Map.of(position * turnBytes(), packed(vectors, turnedBytes()));
    }

    /**
     * Key and value of a position as a step keeps them, by bytes from the beginning of the cache.
     *
     * @param key [kvWidth], turned
     * @param value [kvWidth]
     */
    public Map<Long, byte[]> lines(int layer, int position, float[] key, float[] value) {
        Map<Long, byte[]> lines = new LinkedHashMap<>();
        put(lines, keyOffset(layer, position), keyScalesOffset(layer, position), key);
        long scales = keyScalesOffset(layer, position) + scalePlaneBytes();
        put(lines, valueOffset(layer, position), scales, value);
        return lines;
    }

    private void put(Map<Long, byte[]> lines, long at, long scalesAt, float[] vector) {
        CachedVector cached = CachedVector.of(format, vector, config.headDim());
        lines.put(at, cached.line(format));
        if (format == RowFormat.INT8) {
            float[] scales = new float[scales()];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = cached.scales()[i * config.kvHeads() / scales.length];
            }
            lines.put(scalesAt, packed(List.of(scales), scaleLineBytes()));
        }
    }

    /** Gains, biases and scales of a layer. */
    byte[] vectors(QuantizedModel quantized, int layer) {
        LayerWeights weights = quantized.model().layers().get(layer);
        List<float[]> first = new ArrayList<>();
        first.add(weights.attentionNorm());
        first.add(scales(quantized.matrix(Region.QKV, layer)));
        if (config.layer().qkvBiases()) {
            first.add(weights.qkvBias());
        }
        int[] gated = GatedRows.order(machine.vector(), config.intermediate());
        List<float[]> later = new ArrayList<>();
        later.add(scales(quantized.matrix(Region.O, layer)));
        later.add(weights.mlpNorm());
        later.add(scales(quantized.matrix(Region.GATE_UP, layer).rows(gated)));
        later.add(scales(quantized.matrix(Region.DOWN, layer)));
        if (config.layer().subNorms()) {
            later.add(weights.attentionSubNorm());
            later.add(weights.mlpSubNorm());
        }
        return together(packed(first, beforeBytes(false)), packed(later, afterBytes(false)));
    }

    /** Gain and scales of the head. */
    byte[] headVectors(QuantizedModel quantized) {
        return together(
                packed(List.of(quantized.model().finalNorm()), beforeBytes(true)),
                packed(List.of(scales(quantized.matrix(Region.HEAD, 0))), afterBytes(true)));
    }

    /** The embedding of a token. */
    byte[] embedding(QuantizedModel quantized, int token) {
        float[] row = new float[config.hidden()];
        quantized.model().embedding().readRow(token, row);
        return packed(List.of(row), inBytes());
    }

    private byte[] packed(List<float[]> vectors, long size) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (float[] vector : vectors) {
            bytes.position(at);
            for (float value : vector) {
                bytes.putFloat(value);
            }
            at += Math.toIntExact(bytes(rows(vector.length)));
        }
        return bytes.array();
    }

    private static byte[] together(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static float[] scales(CodedMatrix matrix) {
        float[] scales = new float[matrix.rows()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = matrix.rowScale(i);
        }
        return scales;
    }

    /** @param otherwise why there is no step if it is not met */
    private record Demand(boolean met, String otherwise) {}

    /** The first reason why the machine cannot run the step; empty if everything fits, and what is cut, loaded or stored ends with a row and a beat. */
    Optional<String> obstacle(List<RegionPlan> plans) {
        int heads = heads();
        int elements = heads * config.headDim();
        return Stream.concat(
                        Stream.of(
                                most("tokens of the vocabulary", config.vocab(), LARGEST_VOCABULARY),
                                most("layers", config.layers(), LARGEST_LAYER),
                                most("positions of the context", config.context(), LARGEST_POSITION),
                                most(
                                        "tokens that end a text",
                                        config.endTokens().size(),
                                        Instruction.Next.MOST_ENDS),
                                most("elements of a head", config.headDim(), LARGEST_HEAD),
                                most("query heads of a key head", heads / config.kvHeads(), LARGEST_GROUP),
                                new Demand(
                                        Integer.bitCount(config.headDim()) == 1 && config.headDim() % lanes == 0,
                                        "heads of %d elements are no power of two of whole rows of %d lanes"
                                                .formatted(config.headDim(), lanes)),
                                new Demand(
                                        heads % lanes == 0 || lanes % heads == 0,
                                        "%d query heads, with copies to a power of two for each key head, and %d lanes: neither is a multiple of the other"
                                                .formatted(heads, lanes)),
                                most(
                                        "rows of vectors in the scratchpad",
                                        end(positions),
                                        machine.vector().rows()),
                                most("positions of a row of weights", lanes / heads, positions),
                                most("elements of a pass of attention", positions * elements, LARGEST_PASS),
                                most("rows of a query", rows(elements), LARGEST_PERIOD),
                                whole("a key", lineBytes()),
                                whole("a line of scales", scaleLineBytes()),
                                whole("logits", logitBytes())),
                        plans.stream().flatMap(this::demands))
                .filter(demand -> !demand.met)
                .map(Demand::otherwise)
                .findFirst();
    }

    private Stream<Demand> demands(RegionPlan plan) {
        String region = plan.shape().name();
        return Stream.of(
                new Demand(plan.chunks() == 1, "the reduction of " + region + " is split"),
                new Demand(!plan.shape().wide(), "results of " + region + " need INT64"),
                new Demand(
                        machine.beats(plan.shape().k()) >= machine.beats(plan.inBytes()),
                        "activations of %s are %d bytes with gaps".formatted(region, plan.inBytes())));
    }

    private static Demand most(String what, int are, int most) {
        return new Demand(are <= most, "%s: %d, at most %d".formatted(what, are, most));
    }

    private Demand whole(String what, long bytes) {
        return new Demand(
                bytes % whole() == 0,
                "%s of %d bytes: no multiple of %d, a row and a beat".formatted(what, bytes, whole()));
    }

    private int whole() {
        return Math.max(machine.bus().beatBytes(), machine.vector().rowBytes());
    }
}
