// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** The figures of docs/figures.md, measured anew. */
@Command(
        name = "bench",
        description = {
            "Measures how near the accelerator comes to its ceiling and how fast the simulators run it, how fast the hardware"
                    + " language elaborates, how fast the simulators are beside native code, how large engines are, how many"
                    + " cycles a token takes on each, how near whole decode steps and prompts come to their ceilings, how many products a DSP block makes, how fast table lookup is on the host, or what the way to a device costs."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra bench --json",
            "  ./lutra bench hdl",
            "  ./lutra bench sim --seconds 2",
            "  ./lutra bench area --target lut6 --weights 1,2 --engine lut-stationary,mac",
            "  ./lutra bench engines",
            "  ./lutra bench step --device sim:embedded",
            "  ./lutra bench prefill",
            "  ./lutra bench area --liberty cells.lib --target cells --weights 2",
            "  ./lutra bench area --explore --target ice40",
            "  ./lutra bench area --chains",
            "  ./lutra bench area --vector --target lut6",
            "  ./lutra bench chains",
            "  ./lutra bench model --engine bitserial",
            "  ./lutra bench host",
            "  ./lutra bench link",
            "  ./lutra bench link --device xdma:0",
            "",
            "accelerator needs Verilator and g++; its weights and activations are random: neither cycles nor bytes depend",
            "on them. hdl writes an INT8 systolic array to Verilog, in fresh JVMs (cold) and repeatedly in one (warm).",
            "sim runs the array of 8 x 8, 16 x 16 and 32 x 32 and the default accelerator on every engine and in a C++ loop",
            "around the Verilated model, on the same random stimulus; it needs Verilator and g++ and takes some minutes.",
            "Rows are printed as designs are done; where outputs differ, it ends with exit code 6. docs/figures.md says more.",
            "area synthesises engines that do the same work with Yosys, one after the other, and keeps the results; all of them take",
            "a long time, a row a minute or two. docs/engines/lut.md says what is counted.",
            "engines runs the layers of two models on every engine in the embedded simulator, with every sum compared.",
            "step runs whole decode steps on the device, at the beginning, in the middle and at the end of a context, and compares bits of all",
            "logits with the model of the device; the last ones, of a layer of LLaMA-2-7B, take minutes; docs/engines/vector.md.",
            "prefill runs the layers of two models on 64 tokens, 8 of them together, with every sum compared; docs/mapping.md.",
            "chains counts products per DSP block and cycle of chains of every block, INT8 and INT4, dense and N:M; docs/engines/dsp.md.",
            "model computes cycles of the linear layers of LLaMA-2-7B on bit-serial elements and on FP16 multiply-accumulates of the same",
            "area, which it measures with Yosys; docs/engines/bitserial.md.",
            "host multiplies a 4096 x 4096 matrix by table lookup and as a plain INT8 dot product; docs/engines/host.md.",
            "link times register accesses and blocks through every back end of the runtime; docs/boards.md."
        })
final class BenchCommand implements Callable<Integer> {

    enum Kind {
        accelerator,
        hdl,
        sim,
        area,
        engines,
        step,
        prefill,
        chains,
        model,
        host,
        link
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "KIND",
            defaultValue = "accelerator",
            description =
                    "accelerator (the default), hdl, sim, area, engines, step, prefill, chains, model, host or link.")
    private Kind kind = Kind.accelerator;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "sim: CPU seconds of each engine on each design (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--device",
            paramLabel = "ADDRESS",
            description =
                    "link: the device to measure. Default: each back end, on simulated devices. step: a simulator, sim:verilator, sim:embedded or"
                            + " sim:icarus; the machines are its own. Default: the fastest here.")
    private @Nullable String device;

    @Mixin
    private final AreaBench area = new AreaBench();

    @Option(names = "--json", description = "Print one JSON value, and nothing else.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (device != null && kind != Kind.link && kind != Kind.step) {
            throw UserException.badInput(
                    "--device is '" + device + "', but bench " + kind + " takes none",
                    "bench link and bench step take one; the others have simulators of their own");
        }
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr(), json);
        Object value;
        String table;
        switch (kind) {
            case hdl -> {
                var rows = HdlBench.measure(progress::step);
                value = rows.stream().map(HdlBench.Row::json).toList();
                table = HdlBench.table(rows);
            }
            case sim -> {
                simulators(out, progress);
                return ExitCode.OK.number();
            }
            case area -> {
                if (area.chains()) {
                    var chains = area.measureChains(progress::step);
                    value = chains.stream().map(ChainAreaTable::json).toList();
                    table = ChainAreaTable.table(chains);
                } else if (area.vector()) {
                    var units = area.measureVector(progress::step);
                    value = units.stream().map(VectorAreaTable::json).toList();
                    table = VectorAreaTable.table(units);
                } else {
                    var rows = area.measure(progress::step);
                    value = rows.stream().map(AreaBench::json).toList();
                    table = AreaBench.table(rows);
                }
            }
            case host -> {
                var rows = HostBench.measure(progress::step);
                value = rows.stream().map(HostBench.Row::json).toList();
                table = HostBench.table(rows);
            }
            case link -> {
                var rows =
                        device == null ? LinkBench.measure(progress::step) : LinkBench.measure(device, progress::step);
                value = rows.stream().map(LinkBench.Row::json).toList();
                table = LinkBench.table(rows);
            }
            case model -> {
                var result = ModelBench.of(area.serial(progress::step));
                value = ModelBench.json(result);
                table = ModelBench.table(result);
            }
            case chains -> {
                var rows = ChainBench.measure(progress::step);
                value = rows.stream().map(ChainBench::json).toList();
                table = ChainBench.table(rows);
            }
            case engines -> {
                var rows = EngineBench.measure(progress::step);
                value = rows.stream().map(EngineBench::json).toList();
                table = EngineBench.table(rows);
            }
            case step -> {
                var rows = StepBench.measure(StepCase.all(), StepBench.simulator(device), progress::step);
                value = rows.stream().map(StepBench::json).toList();
                table = StepBench.table(rows);
            }
            case prefill -> {
                var rows = PrefillBench.measure(progress::step);
                value = rows.stream().map(PrefillBench::json).toList();
                table = PrefillBench.table(rows);
            }
            default -> {
                var result = BenchRun.measure(progress::step);
                value = result.json();
                table = result.table();
            }
        }
        if (json) {
            print(out, value);
        } else {
            out.print(table);
            out.flush();
        }
        return ExitCode.OK.number();
    }

    /** A design takes minutes: what was measured is printed even if a later one fails. */
    private void simulators(PrintWriter out, Progress progress) {
        if (!json) {
            SimBench.measure(SimBench.DESIGNS, seconds, progress::step, new SimBenchTable(out, seconds));
            return;
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        try {
            SimBench.measure(SimBench.DESIGNS, seconds, progress::step, row -> rows.add(row.json()));
        } finally {
            print(out, rows);
        }
    }

    private static void print(PrintWriter out, Object value) {
        out.println(JsonMapper.shared().writeValueAsString(value));
        out.flush();
    }
}
