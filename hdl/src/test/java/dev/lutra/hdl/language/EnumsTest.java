// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Coded;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.verilog.VerilogWriter;
import org.junit.jupiter.api.Test;

/** Enumerations with codes of their own and codes without a name. What they do is tested in simulation. */
class EnumsTest {
    enum Opcode implements Coded {
        LOAD(0x03),
        ADD(0x33),
        BRANCH(0x63);

        private final int code;

        Opcode(int code) {
            this.code = code;
        }

        @Override
        public long code() {
            return code;
        }
    }

    enum Twice implements Coded {
        A,
        B;

        @Override
        public long code() {
            return 1;
        }
    }

    enum Negative implements Coded {
        A;

        @Override
        public long code() {
            return -1;
        }
    }

    static final class Decoder extends Module {
        final EnumSignal<Opcode> opcode = in(enumOf(Opcode.class));
        final Bool valid = out(bool());
        final UInt unit = out(uint(2));

        Decoder() {
            valid.set(true);
            switchOn(opcode)
                    .is(Opcode.LOAD, () -> unit.set(1))
                    .is(Opcode.ADD, () -> unit.set(2))
                    .is(Opcode.BRANCH, () -> unit.set(3))
                    .otherwise(() -> {
                        unit.set(0);
                        valid.set(false);
                    });
            when(opcode.ne(Opcode.ADD), () -> printf("%s (%x)", opcode, opcode));
        }
    }

    @Test
    void codesStandInTheVerilog() {
        var circuit = Circuit.of(Decoder::new).circuit();
        assertThat(circuit.top().ports().get(0).type()).hasToString("Opcode(7)");
        String text = VerilogWriter.write(circuit).get(0).text();
        assertThat(text)
                .contains("localparam [6:0] OPCODE_ADD = 7'd51;", "default: begin")
                .contains("? {16'd0, \"LOAD\"} : ")
                .contains("? {24'd0, \"ADD\"}")
                .contains("? \"BRANCH\" : {40'd0, \"?\"}");
    }

    @Test
    void codesDiffer() {
        assertThatThrownBy(() -> Hdl.enumOf(Twice.class))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("error[type]: Twice.B has code 1, like A");
        assertThatThrownBy(() -> Hdl.enumOf(Negative.class))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("error[type]: Negative.A has code -1, which is negative");
    }

    static final class Wrong extends Module {
        Wrong() {
            var opcode = in(enumOf(Opcode.class));
            var n = in(uint(8));
            var o = out(uint(2));
            switchOn(opcode)
                    .is(Opcode.LOAD, () -> o.set(1))
                    .is(Opcode.ADD, () -> o.set(2))
                    .is(Opcode.BRANCH, () -> o.set(3))
                    .otherwise(() -> printf("%x is no operation", opcode));
            var p = out(uint(2));
            switchOn(opcode).is(Opcode.LOAD, () -> p.set(1)).is(Opcode.ADD, () -> p.set(2));
        }
    }

    @Test
    void aBranchForOtherCodesIsAPath() {
        Reports.assertRejected(EnumsTest.class, Wrong::new, """
                [var o = out(uint(2));]: error[undriven]: output o of Wrong is not driven when opcode is a code without a name
                    [var o = out(uint(2));]  made here
                    [.is(Opcode.BRANCH, () -> o.set(3))]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                [var p = out(uint(2));]: error[undriven]: output p of Wrong is not driven when opcode is BRANCH
                    [var p = out(uint(2));]  made here
                    [switchOn(opcode).is(Opcode.LOAD, () -> p.set(1)).is(Opcode.ADD, () -> p.set(2));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                2 errors
                """);
    }

    static final class Format extends Module {
        Format() {
            var n = in(uint(8));
            printf("%s", n);
            printf("%q", n);
        }
    }

    @Test
    void onlyEnumerationsHaveNames() {
        assertThatThrownBy(() -> Circuit.of(Format::new))
                .hasMessageContaining("error[format]: %s of 'n' of UInt(8), which is no enumeration")
                .hasMessageContaining("% is followed by something else than d, x, b, s or %");
    }
}
