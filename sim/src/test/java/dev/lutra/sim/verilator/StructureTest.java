// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The number under which the cache of models knows a circuit. */
class StructureTest {
    /** What can be changed in the design, with its usual value. */
    private record Params(
            int literal, String port, int init, int word, String verilog, String message, String bit, int extra) {
        static final Params USUAL = new Params(
                3, "sum", 1, 7, "module INV(input a, output y); assign y = ~a; endmodule\n", "small", "low", 0);
    }

    static final class Inverter extends BlackBox {
        final Bool a = in(bool());
        final Bool y = out(bool());

        Inverter(String verilog) {
            super("INV");
            verilog("INV.v", verilog);
        }
    }

    static final class Design extends Module {
        final UInt in = in(uint(8));
        final UInt sum;
        final Bool inverted = out(bool());

        Design(Params p) {
            sum = named(out(uint(9)), p.port());
            var held = reg(uint(8)).init(p.init());
            held.set(in);
            var memory = memory(uint(8), 4).init(new long[] {1, 2, p.word()});
            var word = memory.readAsync(in.bits(1, 0).asUInt());
            sum.set(held.add(lit(p.literal(), 8)).wrapAdd(word));
            var bit = named(in.bit(0), p.bit());
            var inverter = new Inverter(p.verilog());
            inverter.a.set(bit);
            inverted.set(inverter.y);
            require(held.lt(200), p.message());
            if (p.extra() > 0) {
                require(held.lt(201), p.message());
            }
        }
    }

    private static String number(Params p) {
        return Structure.of(Circuit.of(() -> new Design(p)).circuit());
    }

    @Test
    void theSameDesignHasTheSameNumber() {
        String number = number(Params.USUAL);
        assertThat(number).matches("[0-9a-f]{32}").isEqualTo(number(Params.USUAL));
        // A string of its own each time, and parameters that only a comment names.
        assertThat(number(new Params(3, new String("sum"), 1, 7, Params.USUAL.verilog(), "small", "low", -5)))
                .isEqualTo(number);
    }

    @Test
    void eachChangeHasANumberOfItsOwn() {
        Params u = Params.USUAL;
        List<Params> designs = List.of(
                u,
                new Params(4, "sum", 1, 7, u.verilog(), "small", "low", 0),
                new Params(3, "total", 1, 7, u.verilog(), "small", "low", 0),
                new Params(3, "Aa", 1, 7, u.verilog(), "small", "low", 0),
                new Params(3, "BB", 1, 7, u.verilog(), "small", "low", 0), // the hash code of "Aa"
                new Params(3, "sum", 2, 7, u.verilog(), "small", "low", 0),
                new Params(3, "sum", 1, 8, u.verilog(), "small", "low", 0),
                new Params(3, "sum", 1, 0, u.verilog(), "small", "low", 0),
                new Params(3, "sum", 1, 7, u.verilog().replace("~", "!"), "small", "low", 0),
                new Params(3, "sum", 1, 7, u.verilog(), "smaller", "low", 0),
                new Params(3, "sum", 1, 7, u.verilog(), "small", "least", 0),
                new Params(3, "sum", 1, 7, u.verilog(), "small", "low", 1));
        assertThat(designs.stream().map(StructureTest::number)).doesNotHaveDuplicates();
    }

    private static final class Here {
        static final class Checked extends Module {
            Checked() {
                require(in(uint(4)).lt(9), "small");
            }
        }
    }

    private static final class There {
        static final class Checked extends Module {
            Checked() {
                require(in(uint(4)).lt(9), "small");
            }
        }
    }

    /** Another place of a check is another text in its message. */
    @Test
    void placesCountWhereTheyAreTold() {
        var here = Circuit.of(Here.Checked::new).circuit();
        var there = Circuit.of(There.Checked::new).circuit();
        assertThat(here.top().name()).isEqualTo(there.top().name());
        assertThat(Structure.of(here)).isNotEqualTo(Structure.of(there));
    }

    /** Who gives the circuit something new must say it in {@link Structure} too, and here. */
    @Test
    void knowsEveryComponentOfACircuit() {
        var records = new ArrayList<Class<?>>(List.of(
                dev.lutra.hdl.ir.Circuit.class,
                dev.lutra.hdl.ir.Module.class,
                dev.lutra.hdl.ir.Port.class,
                dev.lutra.hdl.ir.Wire.class,
                dev.lutra.hdl.ir.Node.class,
                dev.lutra.hdl.ir.Register.class,
                dev.lutra.hdl.ir.Memory.class,
                dev.lutra.hdl.ir.ReadPort.class,
                dev.lutra.hdl.ir.Instance.class,
                dev.lutra.hdl.ir.InstancePort.class,
                dev.lutra.hdl.ir.Domain.class,
                dev.lutra.hdl.ir.BlackBox.class,
                dev.lutra.hdl.ir.BlackBox.Parameter.class,
                Statement.Case.class));
        for (Class<?> sealed : List.of(Expr.class, Type.class, Statement.class, Statement.Watch.class)) {
            records.addAll(Arrays.asList(sealed.getPermittedSubclasses()));
        }
        var components = new TreeMap<String, String>();
        for (Class<?> type : records) {
            if (type.isRecord()) {
                components.put(
                        type.getSimpleName(),
                        Stream.of(type.getRecordComponents())
                                .map(RecordComponent::getName)
                                .filter(name -> !name.equals("loc"))
                                .collect(Collectors.joining(" ")));
            }
        }
        assertThat(components.toString().substring(1).replace("}", "").split(", "))
                .containsExactly("""
                Assign=target value
                Binary=op a b type
                Bits=width
                BlackBox=name parameters clock reset resetKind modelled file verilog
                Bool=
                Case=values body
                Check=claim cond message domain
                Circuit=top modules
                Clock=
                Concat=msbFirst type
                Domain=clock reset
                Enumeration=name values codes width
                Extend=a type
                Fixed=signed width fractionBits
                Instance=name module domain
                InstancePort=instance port
                Literal=value type
                Memory=name type depth maskBits init
                MemoryWrite=memory address data mask domain port
                Module=name className params doc ports wires nodes registers memories readPorts instances body \
                usesClock usesReset reset attributes box
                Mux=cond t f type
                Node=name type value
                Parameter=name value
                Port=name type direction
                Print=format values domain
                ReadPort=name memory address enable latency domain rule
                Ref=signal
                Register=name type init domain
                Reinterpret=a crosses type
                Reset=kind
                SInt=width
                Select=index elements type
                Slice=a hi lo type
                Stop=message domain
                Switch=subject cases otherwise
                Truncate=a type
                UInt=width
                Unary=op a type
                When=cond then otherwise
                Wire=name type
                """.lines().toArray(String[]::new));
    }
}
