// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.random;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A Verilog test bench that runs several circuits side by side on random stimulus and prints their outputs, and the
 * lines it must print by the reference. Only for simulation, so state starts as the two-state engines start it.
 */
public final class Bench {

    private final StringBuilder declarations = new StringBuilder();
    private String verilog = "";
    private final StringBuilder start = new StringBuilder();
    private final List<StringBuilder> cycles = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    /** Adds a circuit, of which the text is given, with stimulus by seed. */
    public void add(String id, Circuit circuit, String written, long seed, int count) {
        this.verilog = written;
        Module top = circuit.top();
        var connections = new ArrayList<String>();
        if (top.usesClock()) {
            connections.add(".clk(clk)");
        }
        if (top.usesReset()) {
            connections.add(".rst(rst)");
        }
        var inputs = new ArrayList<Port>();
        var outputs = new ArrayList<Port>();
        for (Port port : top.ports()) {
            boolean in = port.direction() == Direction.IN;
            (in ? inputs : outputs).add(port);
            declarations.append("  %s [%d:0] %s_%s;\n"
                    .formatted(in ? "reg" : "wire", port.type().width() - 1, id, port.name()));
            connections.add(".%s(%s_%s)".formatted(port.name(), id, port.name()));
        }
        declarations.append("  %s %s (%s);\n".formatted(top.name(), id, String.join(", ", connections)));
        powerUp(id, top);
        var random = new Random(seed);
        var reference = new Reference(top);
        for (int cycle = 0; cycle < count; cycle++) {
            if (cycles.size() <= cycle) {
                cycles.add(new StringBuilder());
            }
            StringBuilder text = cycles.get(cycle);
            reference.reset(reset(cycle));
            for (Port port : inputs) {
                BigInteger value = stimulus(random, port.type());
                reference.poke(port, value);
                text.append("    %s_%s = %s;\n".formatted(id, port.name(), hex(value, port.type())));
            }
            text.append("    #1;\n");
            for (Port port : outputs) {
                text.append(
                        "    $display(\"%s %d %s %%h\", %s_%s);\n".formatted(id, cycle, port.name(), id, port.name()));
                expected.add(
                        "%s %d %s %s".formatted(id, cycle, port.name(), digits(reference.value(port), port.type())));
            }
            reference.printed().forEach(line -> expected.add("c" + seed + " prints " + line));
            reference.step();
        }
    }

    private static boolean reset(int cycle) {
        return cycle == 0 || cycle == 5;
    }

    private static BigInteger stimulus(Random random, Type type) {
        if (type instanceof Type.Enumeration names) {
            return BigInteger.valueOf(random.nextInt(names.values().size()));
        }
        return switch (random.nextInt(8)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> type.max();
            case 2 -> type.min();
            case 3 -> type.wrap(BigInteger.valueOf(random.nextInt(20) - 10));
            default -> type.wrap(new BigInteger(type.width(), random));
        };
    }

    private void powerUp(String path, Module module) {
        int from = verilog.indexOf("\nmodule " + module.name() + " ");
        String own = verilog.substring(from, verilog.indexOf("\nendmodule", from));
        for (Register register : module.registers()) {
            start.append("    %s.%s = 0;\n".formatted(path, register.name()));
        }
        for (ReadPort port : module.readPorts()) {
            if (port.latency() == 1) {
                boolean guarded = own.contains(" " + port.name() + "_inside;");
                start.append("    %s.%s = 0;\n".formatted(path, port.name() + (guarded ? "_inside" : "")));
            }
        }
        for (Memory memory : module.memories()) {
            // A memory that nothing reads is left out.
            if (memory.init().isEmpty() && own.contains(" " + memory.name() + " [0:")) {
                start.append("    for (i = 0; i < %d; i = i + 1) %s.%s[i] = 0;\n"
                        .formatted(memory.depth(), path, memory.name()));
            }
        }
        for (Instance instance : module.instances()) {
            powerUp(path + "." + instance.name(), instance.module());
        }
    }

    private static String digits(BigInteger value, Type type) {
        BigInteger bits = new Type.UInt(type.width()).wrap(value);
        String hex = bits.toString(16);
        return "0".repeat((type.width() + 3) / 4 - hex.length()) + hex;
    }

    private static String hex(BigInteger value, Type type) {
        return type.width() + "'h" + digits(value, type);
    }

    /** The test bench, module {@code tb}. */
    public String text() {
        var text = new StringBuilder("module tb;\n  reg clk, rst;\n  integer i;\n")
                .append(declarations)
                .append("  initial begin\n    clk = 0; rst = 0;\n")
                .append(start);
        for (int cycle = 0; cycle < cycles.size(); cycle++) {
            text.append("    rst = ").append(reset(cycle) ? 1 : 0).append(";\n");
            text.append(cycles.get(cycle)).append("    #1 clk = 1; #1 clk = 0; #1;\n");
        }
        return text.append("    $finish;\n  end\nendmodule\n").toString();
    }

    /** The lines it must print, per circuit by cycle. */
    public List<String> expected() {
        return expected;
    }
}
