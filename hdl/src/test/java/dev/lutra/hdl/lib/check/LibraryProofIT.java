// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.registers.Access;
import dev.lutra.hdl.lib.registers.AxiLiteSlave;
import dev.lutra.hdl.lib.registers.RegisterFile;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.hdl.lib.registers.RegisterMap.Register;
import dev.lutra.hdl.lib.stream.SkidBuffer;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules of the library keep the rules of their interfaces for every behaviour of the other side: proofs by induction from reset. */
class LibraryProofIT {
    @TempDir
    private Path directory;

    /** Both streams: one is taken as it must be offered, the other must be offered so. */
    private static final class Skid extends Module {
        final Decoupled<UInt> put = in(decoupled(uint(8)));
        final Decoupled<UInt> take = out(decoupled(uint(8)));

        Skid() {
            var buffer = new SkidBuffer<>(uint(8));
            buffer.put.set(put);
            take.set(buffer.take);
            StreamChecker.watch(put, Side.SLAVE);
            StreamChecker.watch(take, Side.MASTER);
        }
    }

    private static final class Registers extends Module {
        private static final RegisterMap MAP = new RegisterMap(
                "proof",
                "Two registers.",
                List.of(
                        Register.of("LOW", 0, 8, Access.READ_WRITE, 0, "a byte"),
                        Register.of("HIGH", 4, 8, Access.READ_WRITE, 0, "a byte")));

        final AxiLite s_axi = in(new AxiLite(MAP.offsetBits()));

        Registers() {
            var slave = new AxiLiteSlave(MAP.offsetBits());
            var file = new RegisterFile(MAP);
            slave.bus.set(s_axi);
            file.bus.set(slave.registers);
            var checker = AxiLiteChecker.watch(s_axi, 2, Side.SLAVE);
            // What is open is what is being answered; without this the induction begins in states that cannot be
            // reached.
            require(checker.reads.eq(s_axi.rvalid.asUInt()), "reads open");
            require(checker.writeAddresses.eq(s_axi.bvalid.asUInt()), "write addresses open");
            require(checker.writeData.eq(s_axi.bvalid.asUInt()), "write data open");
        }
    }

    private Tool.Result prove(Supplier<Module> top, String from, String to) throws IOException {
        assumeTrue(Tool.present("yosys"), "skipped: no yosys on the path");
        var circuit = Circuit.of(top::get).circuit();
        var files = Files.readAllLines(VerilogWriter.writeTo(circuit, directory));
        if (!from.isEmpty()) {
            int places = 0;
            for (String file : files) {
                Path path = directory.resolve(file);
                String text = Files.readString(path);
                places += text.contains(from) ? 1 : 0;
                Files.writeString(path, text.replace(from, to));
            }
            assertThat(places).as(from).isEqualTo(1);
        }
        String name = circuit.top().name();
        String script = "read_verilog -formal " + String.join(" ", files) + "; hierarchy -top " + name
                + "; proc; flatten; chformal -cover -remove; opt_clean; "
                + "sat -verify -tempinduct -maxsteps 6 -seq 1 -prove-asserts -set-assumes -set-init-zero " + name;
        return Tool.run(directory, List.of("yosys", "-p", script));
    }

    private void holds(Supplier<Module> top) throws IOException {
        var proof = prove(top, "", "");
        assertThat(proof.status()).as(tail(proof)).isZero();
        assertThat(proof.output()).contains("Import proof for assert").contains("Induction step proven: SUCCESS!");
    }

    private static String tail(Tool.Result result) {
        return result.output().substring(Math.max(0, result.output().length() - 4000));
    }

    @Test
    void aSkidBufferHoldsItsOffers() throws IOException {
        holds(Skid::new);
    }

    @Test
    void theRegistersBehindAxiLiteKeepItsRules() throws IOException {
        holds(Registers::new);
    }

    /** The same proofs of broken hardware fail. */
    @Test
    void aProofCanFail() throws IOException {
        var skid = prove(Skid::new, "if (offers && !take_ready) begin", "if (offers && take_ready) begin");
        assertThat(skid.status()).as(tail(skid)).isNotZero();
        var registers = prove(Registers::new, "end else if (bus_rready) begin", "end else begin");
        assertThat(registers.status()).as(tail(registers)).isNotZero();
    }
}
