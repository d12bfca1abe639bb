// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib;

import static dev.lutra.hdl.Hdl.uint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.arith.*;
import dev.lutra.hdl.lib.axi.AxiStream;
import dev.lutra.hdl.lib.axi.AxiStreamBeat;
import dev.lutra.hdl.lib.check.*;
import dev.lutra.hdl.lib.fp.*;
import dev.lutra.hdl.lib.logic.*;
import dev.lutra.hdl.lib.registers.Access;
import dev.lutra.hdl.lib.registers.AxiLiteSlave;
import dev.lutra.hdl.lib.registers.RegisterFile;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.hdl.lib.serial.SpiSlave;
import dev.lutra.hdl.lib.serial.UartReceiver;
import dev.lutra.hdl.lib.serial.UartTransmitter;
import dev.lutra.hdl.lib.stream.*;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three tools take the Verilog of every module of the library without a word, alone and in each of its shapes. */
class LibraryLintIT {
    @TempDir
    private Path directory;

    /** Every module of the library, by a name for messages. */
    private static Map<String, Supplier<Module>> modules() {
        Map<String, Supplier<Module>> modules = new TreeMap<>();
        modules.put("slave", () -> new AxiLiteSlave(6));
        modules.put("registers", () -> new RegisterFile(everyAccess()));
        for (int depth : new int[] {1, 2, 5, 8}) {
            modules.put("fifo" + depth, () -> new StreamFifo<>(uint(12), depth));
        }
        modules.put("skid", () -> new SkidBuffer<>(new Pixel()));
        for (var order : StreamArbiter.Order.values()) {
            for (int inputs : new int[] {2, 3, 8}) {
                for (boolean holds : new boolean[] {false, true}) {
                    var params = new StreamArbiter.Params(inputs, order, holds);
                    modules.put("arbiter_" + order + inputs + holds, () -> new StreamArbiter<>(new Pixel(), params));
                }
            }
        }
        for (int n : new int[] {2, 3, 8}) {
            modules.put("demultiplexer" + n, () -> new StreamDemultiplexer<>(new Pixel(), n));
            modules.put("widener" + n, () -> new StreamWidener(new StreamWidener.Params(9, n)));
            modules.put("narrower" + n, () -> new StreamNarrower(new StreamNarrower.Params(9, n)));
        }
        for (Tree tree : Tree.values()) {
            modules.put("tree" + tree, () -> new CompressorTree(new CompressorTree.Params(9, 7, 11, tree)));
            modules.put("multiplier" + tree, () -> new BoothMultiplier(new BoothMultiplier.Params(8, 8, tree)));
            modules.put("uneven" + tree, () -> new BoothMultiplier(new BoothMultiplier.Params(5, 12, tree)));
        }
        for (int stages : new int[] {0, 2}) {
            var half = FloatFormat.BINARY16;
            modules.put("float_adder" + stages, () -> new FloatAdder(new FloatAdder.Params(half, stages)));
            modules.put(
                    "float_multiplier" + stages, () -> new FloatMultiplier(new FloatMultiplier.Params(half, stages)));
            modules.put("float_comparator" + stages, () -> new FloatComparator(new FloatComparator.Params(half)));
            modules.put(
                    "float_narrower" + stages,
                    () -> new FloatConverter(new FloatConverter.Params(FloatFormat.BINARY32, half, stages)));
            modules.put(
                    "float_widener" + stages,
                    () -> new FloatConverter(new FloatConverter.Params(half, FloatFormat.BINARY32, stages)));
            modules.put(
                    "integer_to_float" + stages,
                    () -> new IntegerToFloat(new IntegerToFloat.Params(24, 6, half, stages)));
            modules.put(
                    "float_to_integer" + stages,
                    () -> new FloatToInteger(new FloatToInteger.Params(half, 8, stages == 0, stages)));
            modules.put(
                    "float_function" + stages, () -> new FloatFunctionUnit(new FloatFunctionUnit.Params(4 * stages)));
            modules.put("float_sigmoid" + stages, () -> new FloatSigmoid(new FloatSigmoid.Params(stages, stages)));
        }
        modules.put("carry_save", () -> new CarrySaveAdder(8));
        for (int n : new int[] {1, 2, 7, 8}) {
            modules.put("booth" + n, () -> new BoothEncoder(n));
        }
        for (int n : new int[] {2, 5, 8}) {
            modules.put("counter" + n, () -> Counter.modulo(n));
            modules.put("lfsr" + n, () -> new Lfsr(new Lfsr.Params(n, 1)));
            modules.put("priority" + n, () -> new PriorityEncoder(n));
            modules.put("one_hot_encoder" + n, () -> new OneHotEncoder(n));
            modules.put("one_hot_decoder" + n, () -> new OneHotDecoder(n));
        }
        modules.put("axi_stream", Slice::new);
        for (ResetKind kind : ResetKind.values()) {
            modules.put("async_fifo" + kind, () -> new AsyncFifo<>(new Pixel(), new AsyncFifo.Params(8, kind)));
            modules.put("word_sync" + kind, () -> new WordSync<>(new Pixel(), new WordSync.Params(kind)));
        }
        for (Side side : Side.values()) {
            modules.put("check_stream" + side, () -> new StreamChecker<>(new Pixel(), side));
            modules.put("check_axis" + side, () -> new AxiStreamChecker(new AxiStreamChecker.Params(32, side)));
            modules.put("check_lite" + side, () -> new AxiLiteChecker(new AxiLiteChecker.Params(6, 3, side)));
            modules.put("check_axi" + side, () -> new Axi4Checker(new Axi4Checker.Params(32, 64, 2, 4, side)));
        }
        modules.put("check_axi_narrow", () -> new Axi4Checker(new Axi4Checker.Params(10, 8, 1, 3, Side.BOTH)));
        modules.put("check_axi_wide", () -> new Axi4Checker(new Axi4Checker.Params(16, 1024, 4, 2, Side.BOTH)));
        for (int n : new int[] {4, 5, 868}) {
            modules.put("uart_receiver" + n, () -> new UartReceiver(new UartReceiver.Params(n)));
            modules.put("uart_transmitter" + n, () -> new UartTransmitter(new UartTransmitter.Params(n)));
        }
        modules.put("spi_slave", SpiSlave::new);
        return modules;
    }

    /** A register stage for an AXI4-Stream. */
    private static final class Slice extends Module {
        final AxiStream s_axis = in(new AxiStream(32));
        final AxiStream m_axis = out(new AxiStream(32));

        Slice() {
            var buffer = new SkidBuffer<>(new AxiStreamBeat(32));
            s_axis.receive(buffer.put);
            m_axis.send(buffer.take);
        }
    }

    private static final class Pixel extends Bundle {
        final UInt level = field(uint(10));
        final Bool last = field(bool());
    }

    private static RegisterMap everyAccess() {
        List<RegisterMap.Register> registers = new ArrayList<>();
        for (Access access : Access.values()) {
            int at = 8 * access.ordinal();
            var low = new RegisterMap.Field("LOW", 1, 1, access, 0, "a bit");
            var high = new RegisterMap.Field("HIGH", 29, 3, access, 0, "some bits");
            registers.add(new RegisterMap.Register(access.name(), at, "two fields", List.of(low, high)).withStrobe());
            registers.add(RegisterMap.Register.of("WHOLE_" + access.name(), at + 4, 32, access, 0, "a word"));
        }
        return new RegisterMap("every_access", "Registers of every kind.", registers);
    }

    private record Written(Path folder, String top, List<String> files) {}

    private List<Written> write(String tool) throws IOException {
        assumeTrue(Tool.present(tool), "skipped: no " + tool + " on the path");
        List<Written> all = new ArrayList<>();
        for (var module : modules().entrySet()) {
            Path folder = directory.resolve(module.getKey());
            var circuit = Circuit.of(module.getValue()::get).circuit();
            var files = Files.readAllLines(VerilogWriter.writeTo(circuit, folder));
            all.add(new Written(folder, circuit.top().name(), files));
        }
        return all;
    }

    private static void saysNothing(Written design, List<String> command, List<String> files) {
        var words = new ArrayList<>(command);
        words.addAll(files);
        assertThat(Tool.run(design.folder, words)).as(design.folder.toString()).isEqualTo(new Tool.Result(0, ""));
    }

    @Test
    void verilator() throws IOException {
        for (Written design : write("verilator")) {
            saysNothing(design, List.of("verilator", "--lint-only", "-Wall", "--top-module", design.top), design.files);
        }
    }

    @Test
    void icarus() throws IOException {
        for (Written design : write("iverilog")) {
            saysNothing(design, List.of("iverilog", "-g2005", "-Wall", "-s", design.top, "-o", "sim"), design.files);
        }
    }

    @Test
    void yosys() throws IOException {
        for (Written design : write("yosys")) {
            String script = "read_verilog " + String.join(" ", design.files) + "; hierarchy -check -top " + design.top
                    + "; proc; check -assert";
            saysNothing(design, List.of("yosys", "-q", "-p", script), List.of());
        }
    }
}
