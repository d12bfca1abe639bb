// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.ResetKind;
import java.util.List;

/** Clocks and resets in Verilog, and whether the text uses the module's own. */
final class Clocking {

    private final Module module;
    private final ModuleWriter writer;
    private boolean usesClock;
    private boolean usesReset;

    Clocking(Module module, ModuleWriter writer) {
        this.module = module;
        this.writer = writer;
    }

    /** What has to be declared before the clock and reset of a domain are named. */
    List<Expr> reads(Domain domain) {
        return domain.reset() == null ? List.of() : List.of(new Expr.Ref(domain.reset()));
    }

    String clock(Domain domain) {
        if (domain.clock() == null) {
            usesClock = true;
            return "clk";
        }
        return writer.read(domain.clock(), 0, 0);
    }

    /** The reset at its own level. */
    String reset(Domain domain) {
        if (domain.reset() == null) {
            usesReset = true;
            return module.reset().portName();
        }
        return writer.read(domain.reset(), 0, 0);
    }

    /** The condition of being reset. */
    String active(Domain domain) {
        return (domain.kind(module.reset()).activeLow() ? "!" : "") + reset(domain);
    }

    /** The condition of not being reset. */
    String inactive(Domain domain) {
        return (domain.kind(module.reset()).activeLow() ? "" : "!") + reset(domain);
    }

    /** What an {@code always} block waits for. */
    String edge(Domain domain, boolean reset) {
        String clock = "posedge " + clock(domain);
        ResetKind kind = domain.kind(module.reset());
        if (!reset || !kind.asynchronous()) {
            return clock;
        }
        return clock + " or " + (kind.activeLow() ? "negedge " : "posedge ") + reset(domain);
    }

    boolean usesClock() {
        return usesClock;
    }

    boolean usesReset() {
        return usesReset;
    }
}
