// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.RopePairing;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A llama2.c file of version 0: seven little-endian int32 (hidden, intermediate, layers, heads, key/value heads, vocabulary, context; a
 * negative vocabulary says that a separate output matrix follows at the end), then float32 matrices, all layers of one kind
 * together. No magic, so the length of the file is the only proof that it is one.
 */
final class Llama2cReader {
    /** Id that begins every text, and, predicted, ends it: the original program stops there. */
    private static final int BOS = 1;

    private static final int HEADER = 28;
    private static final int MAGIC_OF_LATER_VERSIONS = 0x616b3432;
    private static final float ROPE_THETA = 10000f;
    private static final float RMS_EPS = 1e-5f;

    private final MappedFile file;
    private long at = HEADER;

    private Llama2cReader(MappedFile file) {
        this.file = file;
    }

    static LlamaModel read(Path path, String name) {
        MappedFile file = MappedFile.open(path);
        if (file.size() < HEADER) {
            throw badInput(
                    path + ": " + file.size() + " bytes, but a llama2.c file begins with " + HEADER
                            + " bytes of configuration",
                    "the file is damaged or no llama2.c checkpoint");
        }
        return new Llama2cReader(file).model(name);
    }

    private LlamaModel model(String name) {
        ByteBuffer header = file.read(0, HEADER);
        if (header.getInt(0) == MAGIC_OF_LATER_VERSIONS) {
            throw badInput(
                    file.path() + ": a llama2.c file of version " + header.getInt(4) + ", which is not supported",
                    "export it as version 0");
        }
        if (isPyTorch(header.getInt(0))) {
            throw badInput(file.path() + ": a PyTorch file, which is not supported", "convert it to safetensors");
        }
        int vocab = header.getInt(20);
        LlamaConfig config = config(header, vocab);
        checkLength(config);
        return build(name, config);
    }

    /** Whether a file begins as a zip archive or as a pickle of protocol 2, and with no hidden size that could be. */
    private static boolean isPyTorch(int first) {
        return first == 0x04034b50 || (first & 0xffff) == 0x0280 && (first < 0 || first > LlamaConfig.MAX_SIZE);
    }

    private LlamaConfig config(ByteBuffer header, int vocab) {
        int hidden = header.getInt(0);
        int heads = header.getInt(12);
        try {
            if (heads < 1 || hidden % heads != 0) {
                throw new IllegalArgumentException(
                        "the hidden size " + hidden + " is not a multiple of the head count " + heads);
            }
            if (vocab == Integer.MIN_VALUE || Math.abs(vocab) <= BOS) {
                throw new IllegalArgumentException("a vocabulary of " + vocab + " ids");
            }
            return new LlamaConfig(
                    hidden,
                    header.getInt(4),
                    header.getInt(8),
                    heads,
                    header.getInt(16),
                    hidden / heads,
                    Math.abs(vocab),
                    header.getInt(24),
                    ROPE_THETA,
                    RopePairing.ADJACENT,
                    RMS_EPS,
                    vocab > 0,
                    BOS,
                    List.of(BOS));
        } catch (IllegalArgumentException e) {
            throw badInput(
                    file.path() + ": bytes 0..27 (configuration): " + e.getMessage(),
                    "the file is damaged or no llama2.c checkpoint of version 0");
        }
    }

    private void checkLength(LlamaConfig c) {
        long hidden = c.hidden();
        long perLayer =
                2 * hidden + 2 * hidden * c.queryWidth() + 2 * hidden * c.kvWidth() + 3 * hidden * c.intermediate();
        // Every factor is below 2^24, so perLayer fits a long easily; the product with the layers might not.
        long floats;
        try {
            floats = Math.addExact(
                    Math.multiplyExact(perLayer, c.layers()),
                    hidden * c.vocab() * (c.tiedHead() ? 1 : 2) + hidden + (long) c.context() * c.headDim());
        } catch (ArithmeticException e) {
            floats = Long.MAX_VALUE;
        }
        long needed = HEADER + 4 * Math.min(floats, Long.MAX_VALUE / 8);
        if (needed != file.size()) {
            throw badInput(
                    file.path() + ": " + file.size() + " bytes, but its configuration (hidden " + c.hidden()
                            + ", intermediate " + c.intermediate() + ", layers " + c.layers() + ", heads " + c.heads()
                            + ", key/value heads " + c.kvHeads() + ", vocabulary " + c.vocab() + ", context "
                            + c.context() + ", " + (c.tiedHead() ? "tied" : "separate") + " output matrix) needs "
                            + needed,
                    "the file is damaged, incomplete, or no llama2.c checkpoint of version 0");
        }
    }

    private LlamaModel build(String name, LlamaConfig c) {
        FloatMatrix embedding = matrix("embedding", c.vocab(), c.hidden());
        List<FloatMatrix> attentionNorms = each("attention norm", c, 1, c.hidden());
        List<FloatMatrix> q = each("wq", c, c.queryWidth(), c.hidden());
        List<FloatMatrix> k = each("wk", c, c.kvWidth(), c.hidden());
        List<FloatMatrix> v = each("wv", c, c.kvWidth(), c.hidden());
        List<FloatMatrix> o = each("wo", c, c.hidden(), c.queryWidth());
        List<FloatMatrix> mlpNorms = each("MLP norm", c, 1, c.hidden());
        List<FloatMatrix> gate = each("w1", c, c.intermediate(), c.hidden());
        List<FloatMatrix> down = each("w2", c, c.hidden(), c.intermediate());
        List<FloatMatrix> up = each("w3", c, c.intermediate(), c.hidden());
        FloatMatrix finalNorm = matrix("final norm", 1, c.hidden());
        // Cosines and sines of the rotary embedding, [context][headDim / 2] each; nobody reads them any more.
        at += 4L * c.context() * c.headDim();
        FloatMatrix head = c.tiedHead() ? embedding : matrix("output matrix", c.vocab(), c.hidden());
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < c.layers(); i++) {
            layers.add(new LayerWeights(
                    attentionNorms.get(i).toArray(),
                    q.get(i),
                    k.get(i),
                    v.get(i),
                    o.get(i),
                    mlpNorms.get(i).toArray(),
                    gate.get(i),
                    up.get(i),
                    down.get(i)));
        }
        return new LlamaModel(name, c, embedding, layers, finalNorm.toArray(), head);
    }

    private List<FloatMatrix> each(String name, LlamaConfig c, int rows, int cols) {
        List<FloatMatrix> all = new ArrayList<>();
        for (int i = 0; i < c.layers(); i++) {
            all.add(matrix(name + " of layer " + i, rows, cols));
        }
        return all;
    }

    private FloatMatrix matrix(String name, int rows, int cols) {
        FloatMatrix matrix = new MappedFloats(file, name, Dtype.F32, at, rows, cols);
        at += 4L * rows * cols;
        return matrix;
    }
}
