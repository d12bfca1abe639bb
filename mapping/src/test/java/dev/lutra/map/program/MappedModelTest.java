// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Assembler;
import dev.lutra.machine.Disassembler;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.ProgramFile;
import dev.lutra.machine.UserException;
import dev.lutra.map.SharedModels;
import dev.lutra.map.check.ProgramChecker;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.exec.InterpretedBackend;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real models, mapped for the default machine, from their directory on disk to the accumulators. */
class MappedModelTest {
    @TempDir
    Path directory;

    @Test
    void stories260kInFourBits() throws IOException {
        run(
                SharedModels.directory("stories260K").resolve("stories260K.bin"),
                new Quantization(WeightFormat.INT4, 32, Quantization.Head.INT8));
    }

    @Test
    void stories260kInEightBits() throws IOException {
        run(
                SharedModels.directory("stories260K").resolve("stories260K.bin"),
                new Quantization(WeightFormat.INT8, 0, Quantization.Head.INT8));
    }

    @Test
    void pocketBitnet() throws IOException {
        run(SharedModels.directory("pocket-bitnet"), new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8));
    }

    private void run(Path checkpoint, Quantization quantization) throws IOException {
        Machine machine = Machine.standard();
        LlamaModel model = Checkpoint.open(checkpoint).model();
        QuantizedModel quantized = new QuantizedModel(model, quantization);
        MappedProgram written = MapDirectory.write(directory, quantized, null, machine);
        MapDirectory read = MapDirectory.read(directory);
        assertThat(read.program()).isEqualTo(written);
        assertThat(written.program().codeBytes()).isLessThanOrEqualTo(2048);
        assertThat(ProgramChecker.check(machine, written.program())).isEmpty();
        byte[] binary = Files.readAllBytes(directory.resolve("program.bin"));
        String text = Files.readString(directory.resolve("program.txt"));
        assertThat(ProgramFile.write(Assembler.assemble(text, "program.txt"))).isEqualTo(binary);
        assertThat(Disassembler.text(written.program())).isSubstringOf(text);

        long seed = Long.getLong("lutra.seed", System.nanoTime());
        System.out.printf(
                "%s, %s: %d instructions, %d bytes of weights (seed %d)%n",
                model.name(),
                quantization,
                written.program().code().size(),
                written.program().imageBytes(),
                seed);
        byte[] image = new byte[read.image().remaining()];
        read.image().get(image);
        LinearBackend interpreted =
                new InterpretedBackend(machine, read.program().program(), image, seed);
        LinearBackend reference = new ReferenceBackend(quantized);
        Random r = new Random(seed);
        for (Region region : Region.values()) {
            int layer = region == Region.HEAD ? 0 : r.nextInt(model.config().layers());
            byte[][] rows = new byte[1 + r.nextInt(3)][region.inputs(model.config())];
            for (byte[] row : rows) {
                for (int k = 0; k < row.length; k++) {
                    row[k] = (byte) (r.nextInt(255) - 127);
                }
            }
            assertThat(interpreted.run(region, layer, rows))
                    .as("%s of layer %d", region, layer)
                    .isEqualTo(reference.run(region, layer, rows));
        }
    }

    @Test
    void damagedDirectoriesAreRefused() throws IOException {
        pocketBitnet();
        Path binary = directory.resolve("program.bin");
        Program sound = ProgramFile.read(binary);
        List<Instruction> code = new ArrayList<>(sound.code());
        code.set(0, new Instruction.SetBase(0, 1, 64, 0));
        Program unsound = new Program(sound.fingerprint(), sound.imageBytes(), sound.regions(), sound.tensors(), code);
        Files.write(binary, ProgramFile.write(unsound));
        assertRefused("program.bin is no sound program: region QKV, layer 0, 1 chunks, instruction");
        Files.write(binary, ProgramFile.write(sound));
        Path weights = directory.resolve("weights.bin");
        byte[] good = Files.readAllBytes(weights);
        byte[] damaged = good.clone();
        damaged[1000] ^= 1;
        Files.write(weights, damaged);
        assertRefused("weights.bin, byte 0: the checksum of tensor QKV.0");
        Files.write(weights, Arrays.copyOf(good, 1000));
        assertRefused("weights.bin has 1000 bytes, its program needs");
        Files.delete(weights);
        assertRefused("weights.bin: there is no such file");
        Files.writeString(directory.resolve("manifest.json"), "{}");
        assertRefused("manifest.json:1, at version");
    }

    @Test
    void aManifestThatIsNotThePrograms() throws IOException {
        pocketBitnet();
        Path file = directory.resolve("manifest.json");
        String good = Files.readString(file);
        String fingerprint = Machine.standard().fingerprintText();
        assertManifestRefused(good.replace(fingerprint, "0123456789abcdef"), "0123456789abcdef");
        assertManifestRefused(good.replace("\"ternary\"", "\"nf4\""), "at weights: 'nf4'");
        assertManifestRefused(good.replace("\"head\" : \"int8\"", "\"head\" : \"int7\""), "at head: 'int7'");
        assertManifestRefused(good.replace("\"kv\" : \"float\"", "\"kv\" : \"int9\""), "at kv: 'int9'");
        for (KvFormat kv : KvFormat.values()) {
            Files.writeString(file, good.replace("\"kv\" : \"float\"", "\"kv\" : \"%s\"".formatted(kv.optionName())));
            assertThat(MapDirectory.read(directory).quantization().kv()).isEqualTo(kv);
        }
        assertManifestRefused(
                good.replace("\"sparse\" : \"\"", "\"sparse\" : \"4:3\""),
                directory.resolve("manifest.json") + ", at sparse: '4:3'");
        assertManifestRefused(good.replaceFirst("\"groupSize\" : 0", "\"groupSize\" : -1"), "at groupSize: -1");
        assertManifestRefused(good.replaceFirst("\"k\" : 128", "\"k\" : 64"), "at regions[0].shape");
        assertManifestRefused(good.replaceFirst("\"chunkSteps\" : 8", "\"chunkSteps\" : 0"), "at regions[0]");
        assertManifestRefused(
                good.replaceFirst("(?s)\"regions\" : \\[.*\\]", "\"regions\" : []"), "at regions: 0 regions");
    }

    private void assertManifestRefused(String manifest, String message) throws IOException {
        Path file = directory.resolve("manifest.json");
        assertThat(Files.readString(file)).isNotEqualTo(manifest);
        Files.writeString(file, manifest);
        assertRefused(message);
    }

    @Test
    void aProgramOfAnotherModelIsRefused() throws IOException {
        pocketBitnet();
        MapDirectory mapped = MapDirectory.read(directory);
        LlamaModel same =
                Checkpoint.open(SharedModels.directory("pocket-bitnet")).model();
        mapped.requireModel(new QuantizedModel(same, mapped.quantization()));
        LlamaModel other = Checkpoint.open(SharedModels.directory("stories260K").resolve("stories260K.bin"))
                .model();
        assertThatThrownBy(() -> mapped.requireModel(new QuantizedModel(other, mapped.quantization())))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("pocket-bitnet", "(128 to ", "stories260K", "(64 to ");
        // of the same sizes, with two layers changed places
        List<LayerWeights> layers = new ArrayList<>(same.layers());
        layers.set(0, layers.get(1));
        layers.set(1, layers.get(1));
        LlamaModel alike =
                new LlamaModel("alike", same.config(), same.embedding(), layers, same.finalNorm(), same.head());
        assertThatThrownBy(() -> mapped.requireModel(new QuantizedModel(alike, mapped.quantization())))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("alike");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> MapDirectory.read(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }
}
