// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Statement;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The places of connections of instances, which are read off the stack only when somebody asks. */
class ConnectionPlacesTest {
    static final class Leaf extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));

        Leaf() {
            y.set(x);
        }
    }

    /** A helper that is no module. */
    private static final class Wiring {
        private static void connect(Leaf leaf, UInt x) {
            leaf.x.set(x);
        }
    }

    static final class Twice extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));

        Twice() {
            var leaf = new Leaf();
            Wiring.connect(leaf, a);
            IntStream.range(0, 1).forEach(i -> leaf.x.set(a.wrapAdd(i)));
            o.set(leaf.y);
        }
    }

    @Test
    void bothPlacesAndTheirCallersAreReported() {
        Reports.assertRejected(ConnectionPlacesTest.class, Twice::new, """
                [IntStream.range(0, 1).forEach(i -> leaf.x.set(a.wrapAdd(i)));]: error[driven-twice]: input x of instance leaf (Leaf) of Twice is driven twice under the same conditions; the first assignment never counts
                    [IntStream.range(0, 1).forEach(i -> leaf.x.set(a.wrapAdd(i)));]  drives it again
                    [leaf.x.set(x);]  drives it first
                      called from [Wiring.connect(leaf, a);]
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }

    /** The same statements on a wire, whose places are taken at once, and on an instance. */
    static final class Alike extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));

        Alike() {
            var leaf = new Leaf();
            var wire = wire(uint(8));
            both(leaf, wire, a);
            o.set(leaf.y.wrapAdd(wire));
        }

        private void both(Leaf leaf, UInt wire, UInt value) {
            Runnable connect = () -> {
                for (UInt target : new UInt[] {leaf.x, wire}) {
                    target.set(value);
                }
            };
            connect.run();
        }
    }

    @Test
    void aConnectionHasThePlaceAnyAssignmentWouldHave() {
        var body = Circuit.of(Alike::new).circuit().top().body();
        assertThat(body).hasSize(3);
        Loc connection = ((Statement.Assign) body.get(0)).loc();
        Loc assignment = ((Statement.Assign) body.get(1)).loc();
        assertThat(((Statement.Assign) body.get(0)).target()).isInstanceOf(InstancePort.class);
        assertThat(connection.file()).isEqualTo("ConnectionPlacesTest.java");
        assertThat(connection.caller()).isNotNull();
        assertThat(connection).isEqualTo(assignment).hasSameHashCodeAs(assignment);
    }
}
