// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.pe.systolic.SystolicArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

/**
 * The process that {@code lutra bench hdl} starts and measures: it elaborates an INT8 systolic array to Verilog, either once (N FOLDER),
 * says so by an empty line and waits for the end of its input, or many times (N FOLDER warm) and prints the median of the CPU time in
 * nanoseconds.
 */
final class ElaborationProcess {
    private static final int RUNS = 20;
    /** Of the process; small designs need many runs until nothing is compiled any more. */
    private static final long WARM_UP_NANOSECONDS = 10_000_000_000L;

    private ElaborationProcess() {}

    public static void main(String[] arguments) throws IOException {
        int n = Integer.parseInt(arguments[0]);
        Path folder = Path.of(arguments[1]);
        if (arguments.length > 2) {
            for (int run = 0; run < RUNS || CpuClock.own() < WARM_UP_NANOSECONDS; run++) {
                elaborate(n, folder);
            }
            long[] runs = LongStream.range(0, RUNS)
                    .map(run -> {
                        long start = CpuClock.own();
                        elaborate(n, folder);
                        return CpuClock.own() - start;
                    })
                    .sorted()
                    .toArray();
            System.out.println((runs[RUNS / 2 - 1] + runs[RUNS / 2]) / 2);
        } else {
            elaborate(n, folder);
            // The parent looks at this process, then closes its input.
            System.out.write('\n');
            System.out.flush();
            System.in.read();
        }
    }

    private static void elaborate(int n, Path folder) {
        var params = new SystolicArray.Params(n, 8, 32);
        var files =
                VerilogWriter.write(Circuit.of(() -> new SystolicArray(params)).circuit());
        try {
            for (VerilogFile file : files) {
                Files.writeString(folder.resolve(file.name()), file.text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
