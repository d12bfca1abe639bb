// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Severity;
import dev.lutra.hdl.pass.Checks;
import java.util.List;
import java.util.function.Supplier;

/** Elaborates designs. */
public final class Circuit {
    private Circuit() {}

    /**
     * Builds a design and checks it. Its own reset is synchronous and active high.
     *
     * @param top makes the outermost module: {@code () -> new Top(params)}
     * @throws HdlException if the design is not accepted; its message lists everything found. An exception thrown by the
     *     design's own code passes through unchanged, with the findings so far attached as suppressed
     */
    public static <M extends Module> Elaboration<M> of(Supplier<M> top) {
        return of(ResetKind.SYNC, top);
    }

    /**
     * Builds a design and checks it.
     *
     * @param reset the kind of the outermost module's own reset, {@code rst} or {@code rst_n}
     * @param top makes the outermost module
     * @throws HdlException as {@link #of(Supplier)}
     */
    public static <M extends Module> Elaboration<M> of(ResetKind reset, Supplier<M> top) {
        var session = Session.begin();
        M module;
        try {
            module = top.get();
        } catch (RuntimeException | Error e) {
            var findings = Mishap.findings(e);
            if (!findings.isEmpty()) {
                throw e instanceof HdlException rejected
                                && session.diagnostics().isEmpty()
                        ? rejected
                        : new HdlException(joined(session.diagnostics(), findings));
            }
            if (!session.diagnostics().isEmpty()) {
                e.addSuppressed(new HdlException(session.diagnostics()));
            }
            throw e;
        } finally {
            session.end();
        }
        if (module == null || module.session() != session || module.parent() != null) {
            throw Session.misuse(
                    "orphan",
                    module == null
                            ? "the function given to Circuit.of makes no module"
                            : "the function given to Circuit.of gives module " + module.shortName()
                                    + ", which it has not made as the outermost one",
                    "write Circuit.of(() -> new Top(...))");
        }
        return finish(session, module, reset);
    }

    private static <M extends Module> Elaboration<M> finish(Session session, M top, ResetKind reset) {
        session.roots().forEach((root, place) -> {
            if (root != top) {
                session.report(Diagnostic.error(
                        "orphan",
                        place,
                        "module " + root.shortName() + " is made outside any module and is not the top "
                                + top.shortName(),
                        "make instances in the constructor of the module that holds them"));
            }
        });
        var definitions = new Definitions();
        var definition = definitions.resolve(top, reset);
        var circuit = definitions.build();
        // What was built wrongly would only lead to more findings of what follows from it.
        boolean sound = session.isSound();
        var all = joined(session.diagnostics(), sound ? Checks.check(circuit) : List.of());
        if (all.stream().anyMatch(d -> d.severity() == Severity.ERROR)) {
            throw new HdlException(all);
        }
        return new Elaboration<>(top, definition, circuit, all);
    }

    private static List<Diagnostic> joined(List<Diagnostic> a, List<Diagnostic> b) {
        var all = new java.util.ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
