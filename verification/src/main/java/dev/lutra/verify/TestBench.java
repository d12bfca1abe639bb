// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.ProgramFile;
import dev.lutra.machine.Register;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.pack.RowLayout;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A self-checking Verilog test bench for a generated accelerator: it loads a program, weights and activations into a
 * memory behind AXI4, starts one region over AXI4-Lite, and compares the results with those of the functional model.
 * It needs a Verilog simulator and nothing else.
 */
public final class TestBench {

    private static final String TEMPLATE = "accelerator_tb.v";
    private static final String REGION = "product";
    private static final int ALIGNMENT = 4096;
    private static final int BLOCKS = 5;
    private static final int INPUTS = 172; // a short last group and a short last step
    private static final int CHUNKS = 2;

    private final Machine machine;
    private final Program program;
    private final byte[] image;
    private final byte[][] rows;
    private final long[][] expected;

    private TestBench(Machine machine, Program program, byte[] image, byte[][] rows, long[][] expected) {
        this.machine = machine;
        this.program = program;
        this.image = image;
        this.rows = rows;
        this.expected = expected;
    }

    /** A test bench with a product of 4-bit weights, in groups of 32 where the machine has group scales. */
    public static TestBench of(Machine machine) {
        SplittableRandom random = new SplittableRandom(machine.fingerprint());
        QuantizedMatrix matrix = matrix(machine, random);
        byte[][] rows = new byte[CHUNKS * machine.engine().m()][INPUTS];
        for (byte[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) (random.nextInt(255) - 127);
            }
        }
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        try {
            MappedProgram mapped =
                    new ProgramCompiler(machine).compile(List.of(MatrixSource.of(REGION, List.of(matrix))), image);
            return new TestBench(
                    machine,
                    mapped.program(),
                    image.toByteArray(),
                    rows,
                    ReferenceBackend.multiply(machine.engine(), matrix, rows));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static QuantizedMatrix matrix(Machine machine, SplittableRandom random) {
        boolean scaled = machine.engine().groupScales() && 32 % machine.engine().step() == 0;
        int group = scaled ? 32 : 0;
        int outputs = BLOCKS * machine.engine().n(); // whole blocks: what pads a block is not specified
        byte[] codes = new byte[outputs * INPUTS];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (random.nextInt(15) - 7);
        }
        byte[] scales = new byte[scaled ? outputs * ((INPUTS + group - 1) / group) : 0];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) random.nextInt();
        }
        float[] rowScales = new float[outputs];
        Arrays.fill(rowScales, 1);
        return new QuantizedMatrix(WeightFormat.INT4, outputs, INPUTS, group, codes, scales, rowScales);
    }

    /**
     * Writes {@code Accelerator_tb.v}, {@code memory.hex} and {@code expected.hex}, and models of the vendor's blocks that the accelerator has
     * instances of, if any.
     *
     * @param accelerator the machine's circuit
     * @return the command that compiles and runs it in Icarus Verilog
     */
    public String writeTo(Path directory, Circuit accelerator) throws IOException {
        Program.Region region = program.region(REGION);
        RowLayout layout = new RowLayout(machine, region);
        byte[] code = ProgramFile.code(program);
        int codeAt = 0;
        int imageAt = aligned(code.length);
        int inputsAt = imageAt + aligned(image.length);
        int outputsAt = inputsAt + aligned((int) layout.inBytes(rows.length));
        int end = outputsAt + aligned((int) layout.outBytes(rows.length));
        ByteBuffer memory = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        memory.put(codeAt, code).put(imageAt, image);
        layout.pack(rows, memory.position(inputsAt));
        Files.writeString(directory.resolve("memory.hex"), hex(memory.array(), 0, end));

        byte[] results = results(region, layout);
        Files.writeString(directory.resolve("expected.hex"), hex(results, 0, results.length));

        int beatBytes = machine.bus().beatBytes();
        String text = template()
                .replace("@ADDRESS_BITS@", Integer.toString(machine.bus().addrBits()))
                .replace("@BEAT_BITS@", Integer.toString(machine.bus().dataBits()))
                .replace("@BEAT_SHIFT@", Integer.toString(Integer.numberOfTrailingZeros(beatBytes)))
                .replace("@MEMORY_BEATS@", Integer.toString(end / beatBytes))
                .replace("@RESULT_BEATS@", Integer.toString(results.length / beatBytes))
                .replace("@RESULT_FIRST@", Integer.toString(outputsAt / beatBytes))
                .replace("@SETTINGS@", settings(region, layout, codeAt, imageAt, inputsAt, outputsAt));
        Files.writeString(directory.resolve("Accelerator_tb.v"), text);
        String models = "";
        VerilogFile blocks = VerilogWriter.writeBoxModels(accelerator).orElse(null);
        if (blocks != null) {
            Files.writeString(directory.resolve(blocks.name()), blocks.text());
            models = blocks.name() + " ";
        }
        return "cd " + directory + " && iverilog -g2005 -Wall -o tb -c Accelerator.f " + models
                + "Accelerator_tb.v && vvp -N tb";
    }

    /** The results as they must lie in memory. */
    private byte[] results(Program.Region region, RowLayout layout) {
        int engineM = machine.engine().m();
        int engineN = machine.engine().n();
        ByteBuffer bytes =
                ByteBuffer.allocate((int) layout.outBytes(rows.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < rows.length; first += engineM) {
            for (int block = 0; block < BLOCKS; block++) {
                for (int m = 0; m < engineM; m++) {
                    for (int column = 0; column < engineN; column++) {
                        long value = expected[first + m][block * engineN + column];
                        if (region.wide()) {
                            bytes.putLong(value);
                        } else {
                            bytes.putInt((int) value);
                        }
                    }
                }
            }
        }
        return bytes.array();
    }

    private String settings(Program.Region region, RowLayout layout, int code, int image, int inputs, int outputs) {
        Map<Register, Integer> values = new java.util.LinkedHashMap<>();
        values.put(Register.PROG_HI, 0);
        values.put(Register.PROG_LO, code);
        values.put(Register.PROG_LEN, program.code().size());
        values.put(Register.ENTRY, region.entry());
        values.put(Register.LEN1, layout.chunks(rows.length));
        values.put(Register.BASE0_LO, image);
        values.put(Register.BASE1_LO, inputs);
        values.put(Register.BASE2_LO, outputs);
        values.put(Register.IER, 1);
        values.put(Register.GIE, 1);
        StringBuilder text = new StringBuilder();
        values.forEach((register, value) ->
                text.append("    write(8'h%02x, 32'd%d); // %s%n".formatted(register.offset(), value, register)));
        return text.toString().stripTrailing();
    }

    /** Lines of one bus beat each, most significant byte first, as $readmemh reads them. */
    private String hex(byte[] bytes, int from, int to) {
        int beatBytes = machine.bus().beatBytes();
        StringBuilder text = new StringBuilder();
        for (int beat = from; beat < to; beat += beatBytes) {
            for (int i = beatBytes - 1; i >= 0; i--) {
                text.append("%02x".formatted(bytes[beat + i]));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int aligned(int bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static String template() throws IOException {
        try (InputStream in = TestBench.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IOException("the jar lacks its resource " + TEMPLATE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
