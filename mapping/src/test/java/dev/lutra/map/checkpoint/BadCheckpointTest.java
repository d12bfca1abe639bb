// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.TestCheckpoint.TensorBytes;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way a checkpoint can be wrong, and what the message must name. */
class BadCheckpointTest {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    private Path temp;

    private void refused(Path path, String... named) {
        UserException e = catchThrowableOfType(UserException.class, () -> {
            var model = Checkpoint.open(path).model();
            new QuantizedModel(model, new Quantization(WeightFormat.INT4, 4, Quantization.Head.INT8));
        });
        assertThat(e).as("refused").isNotNull();
        assertThat(e.kind()).isEqualTo(UserException.Kind.BAD_INPUT);
        assertThat(e.getMessage()).contains(named);
    }

    private void refusedFile(byte[] safetensors, String... named) throws IOException {
        TestCheckpoint.huggingFace(temp, 1);
        Files.write(temp.resolve("model.safetensors"), safetensors);
        refused(temp, named);
    }

    private void refusedTensors(Consumer<Map<String, TensorBytes>> change, String... named) throws IOException {
        Map<String, TensorBytes> tensors = TestCheckpoint.tensors("F32", false, 1);
        change.accept(tensors);
        refusedFile(TestCheckpoint.safetensors(tensors), named);
    }

    @Test
    void theUndamagedFilesAreAccepted() throws IOException {
        assertThat(Checkpoint.open(TestCheckpoint.huggingFace(temp, 1))
                        .model()
                        .config()
                        .layers())
                .isEqualTo(2);
        Path file = Files.write(temp.resolve("m.bin"), TestCheckpoint.llama2c(-16, 1));
        assertThat(Checkpoint.open(file).model().config().tiedHead()).isFalse();
    }

    @Test
    void paths() throws IOException {
        refused(temp.resolve("nowhere"), "nowhere", "no such file");
        refused(temp, "no checkpoint in this directory");
        Files.write(temp.resolve("a.bin"), new byte[3]);
        refused(temp, "a.bin", "3 bytes");
        Files.write(temp.resolve("b.bin"), new byte[3]);
        refused(temp, "a.bin, b.bin");
        refused(Files.write(temp.resolve("model.gguf"), new byte[3]), "model.gguf", "not a checkpoint");
        Files.createDirectory(temp.resolve("config.json"));
        refused(temp, "config.json", "not a regular file");
        Files.delete(temp.resolve("config.json"));
        Files.writeString(temp.resolve("config.json"), TestCheckpoint.config(""));
        refused(temp, "model.safetensors is not");
        Files.writeString(temp.resolve("config.json"), "");
        refused(temp, "config.json: the file is empty");
    }

    @Test
    void pytorchFilesAreRecognised() throws IOException {
        byte[] zip = Arrays.copyOf(new byte[] {'P', 'K', 3, 4}, 100);
        byte[] pickle = Arrays.copyOf(new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10}, 100);
        for (byte[] start : new byte[][] {zip, pickle}) {
            refused(Files.write(temp.resolve("m.bin"), start), "m.bin", "a PyTorch file");
        }
        Files.writeString(temp.resolve("config.json"), TestCheckpoint.config(""));
        refused(temp, "model.safetensors is not");
    }

    @Test
    void safetensorsHeader() throws IOException {
        refusedFile(new byte[5], "model.safetensors", "5 bytes");
        refusedFile(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0}, "byte 0", "18446744073709551615");
        refusedFile(new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{'}, "byte 0", "2 bytes", "only 1");
        refusedFile(TestCheckpoint.file("[]", new byte[0]), "byte 8", "does not begin with '{'");
        refusedFile(TestCheckpoint.file("", new byte[0]), "byte 8", "header of 0 bytes");
        refusedFile(TestCheckpoint.file("\0\u00ff {}", new byte[0]), "byte 8", "does not begin with '{'");
        refusedFile(TestCheckpoint.file("{\"a\": }", new byte[0]), "byte 14", "not valid JSON");
        refusedFile(TestCheckpoint.file("{\"a\":{},\"a\":{}}", new byte[0]), "\"a\"");
        refusedFile(TestCheckpoint.file("{} {}", new byte[0]), "text after");
        refusedFile(TestCheckpoint.file("{\"a\":".repeat(3000), new byte[0]), "not valid JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'dtype':'F32','shape':[2]}                                   | needs dtype, shape and data_offsets",
                "{'dtype':'F4','shape':[2],'data_offsets':[0,8]}               | unknown dtype \"F4\"",
                "{'dtype':'F32','shape':[3],'data_offsets':[0,8]}              | F32 [3] needs 12 bytes",
                "{'dtype':'F32','shape':[2],'data_offsets':[4,12]}             | do not lie in the 8 bytes",
                "{'dtype':'F32','shape':[2],'data_offsets':[8,0]}              | [8, 0]",
                "{'dtype':'F32','shape':[1],'data_offsets':[4,8]}              | a gap",
                "{'dtype':'F32','shape':[1],'data_offsets':[0,4]}              | the file has",
                "{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}             | negative",
                "{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}            | integers in shape",
                "{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]} | overflows",
                "{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}  | out of range",
                "{'dtype':'F32','shape':[2],'data_offsets':[0]}                | has 1 numbers",
                "{'dtype':7,'shape':[2],'data_offsets':[0,8]}                  | a string for dtype",
                "7                                                             | an object for tensor",
            })
    void safetensorsEntries(String entry, String named) throws IOException {
        String header = "{\"x\":" + entry.replace('\'', '"') + "}";
        refusedFile(TestCheckpoint.file(header, new byte[8]), "model.safetensors", named);
    }

    @Test
    void overlappingTensors() throws IOException {
        String header =
                "{'a':{'dtype':'U8','shape':[6],'data_offsets':[0,6]},'b':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}}";
        refusedFile(TestCheckpoint.file(header.replace('\'', '"'), new byte[8]), "\"b\"", "\"a\"", "overlap");
    }

    @Test
    void tensorsThatDoNotFitTheConfiguration() throws IOException {
        refusedTensors(t -> t.remove("model.norm.weight"), "model.norm.weight", "missing");
        refusedTensors(t -> t.put("model.layers.2.x", t.get("model.norm.weight")), "model.layers.2.x", "no place");
        refusedTensors(
                t -> t.put(
                        EMBEDDING,
                        new TensorBytes("F32", "[8,16]", t.get(EMBEDDING).data())),
                EMBEDDING,
                "[8, 16]",
                "[16, 8]");
        refusedTensors(
                t -> t.put(
                        EMBEDDING,
                        new TensorBytes("I32", "[16,8]", t.get(EMBEDDING).data())),
                EMBEDDING,
                "I32");
        refusedTensors(
                t -> t.put("model.layers.0.self_attn.q_proj.weight", new TensorBytes("U8", "[2,8]", new byte[16])),
                "q_proj",
                "U8",
                "quantization_config");
    }

    /** Tensors of one architecture are neither left out in another nor made up for. */
    @Test
    void biasesAndSubNormsBelongToTheirArchitecture() throws IOException {
        refusedTensors(
                t -> t.put("model.layers.0.self_attn.q_proj.bias", t.get("model.norm.weight")),
                "q_proj.bias",
                "no place");
        refusedTensors(
                t -> t.put("model.layers.0.self_attn.attn_sub_norm.weight", t.get("model.norm.weight")),
                "attn_sub_norm.weight",
                "no place");
        Path qwen = temp.resolve("qwen2");
        TestCheckpoint.write(
                qwen,
                TestCheckpoint.config("").replace("llama", "qwen2").replace("Llama", "Qwen2"),
                TestCheckpoint.tensors("F32", false, 1));
        refused(qwen, "model.layers.0.self_attn.q_proj.bias", "missing");
        Path bitnet = temp.resolve("bitnet");
        TestCheckpoint.write(
                bitnet,
                TestCheckpoint.config("").replace("llama", "bitnet").replace("Llama", "BitNet"),
                TestCheckpoint.tensors("F32", false, 1));
        refused(bitnet, "model.layers.0.self_attn.attn_sub_norm.weight", "missing");
    }

    @Test
    void weightsThatAreNoNumbers() throws IOException {
        refusedTensors(
                t -> ByteBuffer.wrap(t.get("model.layers.1.mlp.up_proj.weight").data())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(4 * 19, Float.NaN),
                "model.layers.1.mlp.up_proj.weight[2, 3]",
                "NaN");
        refusedTensors(
                t -> ByteBuffer.wrap(t.get("model.norm.weight").data())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(0, Float.POSITIVE_INFINITY),
                "model.norm.weight[0, 0]",
                "Infinity");
    }

    @Test
    void ternaryThatIsNone() throws IOException {
        Map<String, TensorBytes> tensors = TestCheckpoint.tensors("F32", true, 1);
        tensors.get("model.layers.1.mlp.gate_proj.weight").data()[9] |= 3 << 4;
        TestCheckpoint.ternary(temp, "bitlinear", 1);
        Files.write(temp.resolve("model.safetensors"), TestCheckpoint.safetensors(tensors));
        refused(temp, "gate_proj", "bits 5..4 are 3");
        for (float scale : new float[] {0, -1, Float.MIN_VALUE, Float.NaN}) {
            tensors = TestCheckpoint.tensors("F32", true, 1);
            ByteBuffer.wrap(tensors.get("model.layers.0.mlp.up_proj.weight_scale")
                            .data())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(0, scale);
            Files.write(temp.resolve("model.safetensors"), TestCheckpoint.safetensors(tensors));
            refused(temp, "up_proj.weight_scale", Float.toString(scale));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"llama\"              | \"mistral\"        | model_type is \"mistral\"",
                "LlamaForCausalLM       | BitNetForCausalLM  | architectures[0] is \"BitNetForCausalLM\"",
                "\"silu\"               | \"gelu\"           | hidden_act is \"gelu\"",
                "\"llama\"              | \"bitnet\"         | architectures[0] is \"LlamaForCausalLM\", but",
                "\"hidden_act\"         | \"use_sliding_window\": true, \"hidden_act\" | use_sliding_window is true",
                "\"hidden_act\"         | \"layer_types\": [\"full_attention\", \"sliding_attention\"], \"hidden_act\" | layer_types[1] is",
                "\"hidden_size\": 8     | \"hidden_size\": 9 | head_dim is missing",
                "\"hidden_size\": 8     | \"hidden_size\": 0 | hidden_size is 0, but must be an integer from 1",
                "\"hidden_size\": 8     | \"hidden_size\": \"8\" | hidden_size is \"8\"",
                "\"hidden_size\": 8     | \"hidden_size\": 99999999999 | hidden_size is 99999999999",
                "\"hidden_size\": 8,    | ''                 | \"hidden_size\" is missing",
                "num_key_value_heads\": 1 | num_key_value_heads\": 3 | 2 query heads are not a multiple of 3",
                "num_hidden_layers\": 2 | num_hidden_layers\": 9999999 | too few for the num_hidden_layers 9999999",
                "\"eos_token_id\": [1]  | \"eos_token_id\": [99] | eos_token_id[0] is 99",
                "1e-05                  | 2.5                | the RMSNorm epsilon 2.5",
                "1e-05                  | 1e999              | rms_norm_eps",
                "\"hidden_act\"         | \"rope_scaling\": {\"rope_type\": \"llama3\"}, \"hidden_act\" | rope type \"llama3\"",
                "\"hidden_act\"         | \"attention_bias\": true, \"hidden_act\" | attention_bias",
                "\"hidden_act\"         | \"mlp_bias\": 3, \"hidden_act\" | mlp_bias is 3, but must be true or false",
                "\"hidden_act\"         | \"rope_theta\": 0, \"hidden_act\" | the rotary base 0",
                "\"hidden_act\"         | \"head_dim\": 3, \"hidden_act\" | the head size 3 is odd",
                "\"hidden_act\"         | \"quantization_config\": {\"quant_method\": \"gptq\"}, \"hidden_act\" | quant_method is \"gptq\"",
                "\"hidden_act\"         | \"quantization_config\": {\"quant_method\": \"bitnet\", \"linear_class\": \"x\"}, \"hidden_act\" | linear_class \"x\"",
                "\"hidden_act\"         | \"hidden_size\": 8, \"hidden_act\" | hidden_size",
                "\"silu\"               | \"silu             | not valid JSON",
            })
    void configurations(String from, String to, String named) throws IOException {
        String config = TestCheckpoint.config("");
        assertThat(config).contains(from);
        TestCheckpoint.write(temp, config.replace(from, to), TestCheckpoint.tensors("F32", false, 1));
        refused(temp, "config.json", named);
    }

    @Test
    void llama2cFiles() throws IOException {
        byte[] good = TestCheckpoint.llama2c(16, 1);
        Path file = temp.resolve("m.bin");
        Files.write(file, Arrays.copyOf(good, good.length - 4));
        refused(file, "m.bin", (good.length - 4) + " bytes", "needs " + good.length);
        Files.write(file, Arrays.copyOf(good, good.length + 1));
        refused(file, "needs " + good.length);
        Files.write(file, Arrays.copyOf(good, 20));
        refused(file, "20 bytes");
        int[][] changes = {
            {0, 0},
            {0, 9},
            {0, -8},
            {4, -1},
            {8, 0},
            {8, Integer.MAX_VALUE},
            {12, 0},
            {12, 8},
            {16, 3},
            {20, 0},
            {20, Integer.MIN_VALUE},
            {20, 1},
            {24, 0},
            {0, 0x616b3432}
        };
        for (int[] change : changes) {
            byte[] bad = good.clone();
            ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(change[0], change[1]);
            Files.write(file, bad);
            refused(file, "m.bin");
        }
        byte[] huge = good.clone();
        for (int i = 0; i < 7; i++) {
            ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * i, 1 << (i == 3 || i == 4 ? 12 : 24));
        }
        Files.write(file, huge);
        refused(file, "m.bin", "needs");
    }
}
