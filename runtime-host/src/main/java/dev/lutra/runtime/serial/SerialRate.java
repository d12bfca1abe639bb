// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.Machine;
import dev.lutra.map.pack.RowLayout;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.program.MappedProgram;

/**
 * Time that a token takes on a board with a serial line: computed, from the bytes of the frames that {@link FrameLink} and the driver send and from the
 * cycles of the machine. What the host computes, and what an adapter and its driver add, is not in it.
 *
 * @param lineSeconds frames of all regions of a token, one after the other
 * @param acceleratorSeconds of these regions, which the line waits for
 * @param ceilingSeconds what no host and no schedule can beat: rows and results at the rate of the line without any frames, or the weights at the rate of
 *     their memory if that takes longer
 */
public record SerialRate(double lineSeconds, double acceleratorSeconds, double ceilingSeconds) {

    /** Cycles in which a flash gives a word, with those of its reader; and beside them where a stream begins. */
    private static final int FLASH_CYCLES = 17;

    private static final int FLASH_START_CYCLES = 82;

    /** Clocks of 4 bits are two cycles long. */
    private static final int LEAST_FLASH_CYCLES = 16;

    /**
     * The time of a token.
     *
     * @param clock cycles a second
     * @param baud bits a second on the line
     */
    public static SerialRate of(MappedProgram program, double clock, LineKind line, int baud) {
        Machine machine = program.machine();
        boolean flash = machine.bus().hasFlash();
        double frames = 0;
        double payload = 0;
        double cycles = 0;
        double weights = 0;
        for (RegionPlan plan : program.plans()) {
            String name = plan.shape().name();
            RowLayout layout = new RowLayout(machine, program.program().region(name));
            long in = layout.inBytes(1);
            long out = layout.outBytes(1);
            int layers = plan.shape().layers();
            // A region: rows, arguments, start, a look at the interrupt, error and status, acknowledgement, results.
            int registers = 3 + 2 * 4 + 1
                    + 1; // entry, layer and length, four base addresses of two halves, start, acknowledgement
            frames += layers
                    * (CheckedFrames.bytesToWrite(in, line)
                            + registers * CheckedFrames.bytesToWrite(Integer.BYTES, line)
                            + 3 * CheckedFrames.bytesToRead(Integer.BYTES, line)
                            + CheckedFrames.bytesToRead(out, line));
            payload += (double) layers * (in + out);
            Ceiling ceiling = Ceiling.of(machine, plan.shape(), 1);
            double words = (double) plan.tensorBytes() / machine.bus().beatBytes();
            double stream = flash ? FLASH_CYCLES * words + FLASH_START_CYCLES : words;
            cycles += layers
                    * (Math.max(stream, ceiling.computeCycles())
                            + (double) (in + out) / machine.bus().beatBytes());
            weights += layers * words * (flash ? LEAST_FLASH_CYCLES : 1);
        }
        double byteSeconds = (double) line.bitsPerByte() / baud;
        return new SerialRate(frames * byteSeconds, cycles / clock, Math.max(payload * byteSeconds, weights / clock));
    }

    public double tokensPerSecond() {
        return 1 / (lineSeconds + acceleratorSeconds);
    }

    public double ceilingTokensPerSecond() {
        return 1 / ceilingSeconds;
    }

    /** For people. */
    public String text() {
        return "%.2f tokens per second: line %.0f ms, accelerator %.0f ms a token; the ceiling is %.2f"
                .formatted(tokensPerSecond(), 1000 * lineSeconds, 1000 * acceleratorSeconds, ceilingTokensPerSecond());
    }
}
