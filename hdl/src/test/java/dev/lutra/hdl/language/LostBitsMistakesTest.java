// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** 16 bits into 8: both widths, both origins, wherever the assignment stands. */
class LostBitsMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(LostBitsMistakesTest.class, top, expected);
    }

    static final class Packet extends Bundle {
        final UInt length = field(uint(8));
        final UInt sum = field(uint(16));
    }

    static final class Tools {
        static void forward(UInt target, UInt value) {
            copy(target, value);
        }

        private static void copy(UInt target, UInt value) {
            target.set(value);
        }
    }

    static final class IntoAnInstance extends Module {
        final UInt wide = in(uint(16));

        IntoAnInstance() {
            var leaf = new Leaf();
            leaf.x.set(wide);
        }
    }

    @Test
    void intoAnInstance() {
        rejected(IntoAnInstance::new, """
                [leaf.x.set(wide);]: error[width]: 'wide' of UInt(16) cannot drive 'x' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [final UInt x = in(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class FromAnInstance extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(4));

        FromAnInstance() {
            var leaf = new Leaf();
            leaf.x.set(a);
            o.set(leaf.y);
        }
    }

    @Test
    void fromAnInstance() {
        rejected(FromAnInstance::new, """
                [o.set(leaf.y);]: error[width]: 'y' of UInt(8) cannot drive 'o' of UInt(4): it would lose 4 bits
                    [final UInt y = out(uint(8));]  the value, 8 bits
                    [final UInt o = out(uint(4));]  the target, 4 bits
                    hint: say what is meant: truncate(4), saturate(4), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class IntoAnElement extends Module {
        final UInt wide = in(uint(16));

        IntoAnElement() {
            var parts = wire(vec(2, i -> uint(8)));
            for (int i = 0; i < 2; i++) {
                parts.get(i).set(wide);
            }
        }
    }

    @Test
    void intoAnElement() {
        rejected(IntoAnElement::new, """
                [parts.get(i).set(wide);]: error[width]: 'wide' of UInt(16) cannot drive 'parts_0' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var parts = wire(vec(2, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                [parts.get(i).set(wide);]: error[width]: 'wide' of UInt(16) cannot drive 'parts_1' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var parts = wire(vec(2, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                2 errors
                """);
    }

    static final class IntoEveryElement extends Module {
        final UInt wide = in(uint(16));

        IntoEveryElement() {
            var parts = wire(vec(64, i -> uint(8)));
            parts.stream().forEach(part -> part.set(wide));
        }
    }

    @Test
    void intoEveryElement() {
        rejected(IntoEveryElement::new, """
                [parts.stream().forEach(part -> part.set(wide));]: error[width]: 'wide' of UInt(16) cannot drive 'parts_0' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var parts = wire(vec(64, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                [parts.stream().forEach(part -> part.set(wide));]: error[width]: 'wide' of UInt(16) cannot drive 'parts_1' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var parts = wire(vec(64, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                [parts.stream().forEach(part -> part.set(wide));]: error[width]: 'wide' of UInt(16) cannot drive 'parts_2' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var parts = wire(vec(64, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                error[width]: and 61 more like this at [parts.stream().forEach(part -> part.set(wide));]
                4 errors
                """);
    }

    static final class IntoAnElementAtAVariableIndex extends Module {
        final UInt wide = in(uint(16));
        final UInt index = in(uint(1));

        IntoAnElementAtAVariableIndex() {
            var parts = reg(vec(2, i -> uint(8)));
            parts.set(index, wide);
        }
    }

    @Test
    void intoAnElementAtAVariableIndex() {
        rejected(IntoAnElementAtAVariableIndex::new, """
                [parts.set(index, wide);]: error[width]: 'wide' of UInt(16) cannot drive 'parts_0' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var parts = reg(vec(2, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                [parts.set(index, wide);]: error[width]: 'wide' of UInt(16) cannot drive 'parts_1' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var parts = reg(vec(2, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                2 errors
                """);
    }

    static final class FromVectorToVector extends Module {
        FromVectorToVector() {
            var parts = wire(vec(2, i -> uint(8)));
            parts.set(in(vec(2, i -> uint(16))));
        }
    }

    @Test
    void fromVectorToVector() {
        rejected(FromVectorToVector::new, """
                [parts.set(in(vec(2, i -> uint(16))));]: error[width]: an input of UInt(16) cannot drive 'parts_0' of UInt(8): it would lose 8 bits
                    [var parts = wire(vec(2, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                [parts.set(in(vec(2, i -> uint(16))));]: error[width]: an input of UInt(16) cannot drive 'parts_1' of UInt(8): it would lose 8 bits
                    [var parts = wire(vec(2, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                2 errors
                """);
    }

    static final class IntoAField extends Module {
        IntoAField() {
            var packet = in(new Packet());
            var copy = wire(new Packet());
            copy.sum.set(packet.sum);
            copy.length.set(packet.sum);
        }
    }

    @Test
    void intoAField() {
        rejected(IntoAField::new, """
                [copy.length.set(packet.sum);]: error[width]: 'packet_sum' of UInt(16) cannot drive 'copy_length' of UInt(8): it would lose 8 bits
                    [var packet = in(new Packet());]  the value, 16 bits
                    [var copy = wire(new Packet());]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class InAnElementOfABundle extends Module {
        InAnElementOfABundle() {
            var packets = in(vec(2, i -> new Packet()));
            var lengths = wire(vec(2, i -> uint(8)));
            lengths.get(1).set(packets.get(1).sum);
        }
    }

    @Test
    void inAnElementOfABundle() {
        rejected(InAnElementOfABundle::new, """
                [lengths.get(1).set(packets.get(1).sum);]: error[width]: 'packets_1_sum' of UInt(16) cannot drive 'lengths_1' of UInt(8): it would lose 8 bits
                    [var packets = in(vec(2, i -> new Packet()));]  the value, 16 bits
                    [var lengths = wire(vec(2, i -> uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class InAUtilityMethodOfAUtilityMethod extends Module {
        final UInt wide = in(uint(16));

        InAUtilityMethodOfAUtilityMethod() {
            var narrow = wire(uint(8));
            Tools.forward(narrow, wide);
        }
    }

    @Test
    void inAUtilityMethodOfAUtilityMethod() {
        rejected(InAUtilityMethodOfAUtilityMethod::new, """
                [target.set(value);]: error[width]: 'wide' of UInt(16) cannot drive 'narrow' of UInt(8): it would lose 8 bits
                      called from [copy(target, value);]
                      called from [Tools.forward(narrow, wide);]
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var narrow = wire(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class InALambda extends Module {
        final UInt wide = in(uint(16));
        final Bool c = in(bool());

        InALambda() {
            var narrow = reg(uint(8));
            when(c, () -> narrow.set(wide));
        }
    }

    @Test
    void inALambda() {
        rejected(InALambda::new, """
                [when(c, () -> narrow.set(wide));]: error[width]: 'wide' of UInt(16) cannot drive 'narrow' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [var narrow = reg(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class ThroughAStream extends Module {
        ThroughAStream() {
            var source = in(decoupled(uint(16)));
            var sink = out(decoupled(uint(8)));
            sink.set(source);
        }
    }

    @Test
    void throughAStream() {
        rejected(ThroughAStream::new, """
                [sink.set(source);]: error[width]: 'source_bits' of UInt(16) cannot drive 'sink_bits' of UInt(8): it would lose 8 bits
                    [var source = in(decoupled(uint(16)));]  the value, 16 bits
                    [var sink = out(decoupled(uint(8)));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }
}
