// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Signals that are not driven, on a path or at all, or driven twice. */
class DriverMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(DriverMistakesTest.class, top, expected);
    }

    static final class Pair extends Bundle {
        final UInt low = field(uint(8));
        final UInt high = field(uint(8));
    }

    static final class Tools {
        static void driveTwice(UInt target, UInt value) {
            target.set(value);
            target.set(value.not());
        }
    }

    static final class NotDrivenOnAPath extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        NotDrivenOnAPath() {
            when(c, () -> o.set(a));
        }
    }

    @Test
    void notDrivenOnAPath() {
        rejected(NotDrivenOnAPath::new, """
                [final UInt o = out(uint(8));]: error[undriven]: output o of NotDrivenOnAPath is not driven when c is false
                    [final UInt o = out(uint(8));]  made here
                    [when(c, () -> o.set(a));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class NotDrivenInOneOfFour extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        NotDrivenInOneOfFour() {
            when(c, () -> when(a.gt(3), () -> o.set(a)))
                    .elseWhen(a.eq(7), () -> o.set(1))
                    .otherwise(() -> o.set(2));
        }
    }

    @Test
    void notDrivenInOneOfFour() {
        rejected(NotDrivenInOneOfFour::new, """
                [final UInt o = out(uint(8));]: error[undriven]: output o of NotDrivenInOneOfFour is not driven when c is true and a > 3 is false
                    [final UInt o = out(uint(8));]  made here
                    [.otherwise(() -> o.set(2));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class NotDrivenForAValue extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        NotDrivenForAValue() {
            switchOn(a.bits(1, 0)).is(0, () -> o.set(1)).is(1, () -> o.set(2)).is(2, () -> o.set(3));
        }
    }

    @Test
    void notDrivenForAValue() {
        rejected(NotDrivenForAValue::new, """
                [final UInt o = out(uint(8));]: error[undriven]: output o of NotDrivenForAValue is not driven when a[1:0] is 3
                    [final UInt o = out(uint(8));]  made here
                    [switchOn(a.bits(1, 0)).is(0, () -> o.set(1)).is(1, () -> o.set(2)).is(2, () -> o.set(3));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class InputOfAnInstanceNotDrivenOnAPath extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        InputOfAnInstanceNotDrivenOnAPath() {
            var leaf = new Leaf();
            when(c, () -> leaf.x.set(a));
            o.set(leaf.y);
        }
    }

    @Test
    void inputOfAnInstanceNotDrivenOnAPath() {
        rejected(InputOfAnInstanceNotDrivenOnAPath::new, """
                [var leaf = new Leaf();]: error[undriven]: input x of instance leaf (Leaf) of InputOfAnInstanceNotDrivenOnAPath is not driven when c is false
                    [var leaf = new Leaf();]  made here
                    [when(c, () -> leaf.x.set(a));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class ElementNotDrivenOnAPath extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        ElementNotDrivenOnAPath() {
            var parts = wire(vec(2, i -> uint(8)));
            parts.get(0).set(a);
            when(c, () -> parts.get(1).set(a));
            o.set(parts.get(0).xor(parts.get(1)));
        }
    }

    @Test
    void elementNotDrivenOnAPath() {
        rejected(ElementNotDrivenOnAPath::new, """
                [var parts = wire(vec(2, i -> uint(8)));]: error[undriven]: wire parts_1 of ElementNotDrivenOnAPath is not driven when c is false
                    [var parts = wire(vec(2, i -> uint(8)));]  made here
                    [when(c, () -> parts.get(1).set(a));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class ElementsSetByAVariableIndexOnly extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        ElementsSetByAVariableIndexOnly() {
            var parts = wire(vec(2, i -> uint(8)));
            parts.set(a.bits(0, 0), a);
            o.set(parts.get(0).xor(parts.get(1)));
        }
    }

    @Test
    void elementsSetByAVariableIndexOnly() {
        rejected(ElementsSetByAVariableIndexOnly::new, """
                [var parts = wire(vec(2, i -> uint(8)));]: error[undriven]: wire parts_0 of ElementsSetByAVariableIndexOnly is not driven when a[0:0] is 1
                    [var parts = wire(vec(2, i -> uint(8)));]  made here
                    [parts.set(a.bits(0, 0), a);]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                [var parts = wire(vec(2, i -> uint(8)));]: error[undriven]: wire parts_1 of ElementsSetByAVariableIndexOnly is not driven when a[0:0] is 0
                    [var parts = wire(vec(2, i -> uint(8)));]  made here
                    [parts.set(a.bits(0, 0), a);]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                2 errors
                """);
    }

    static final class FieldNotDrivenOnAPath extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        FieldNotDrivenOnAPath() {
            var pair = wire(new Pair());
            pair.low.set(a);
            when(c, () -> pair.high.set(a)).elseWhen(a.eq(0), () -> pair.high.set(1));
            o.set(pair.low.xor(pair.high));
        }
    }

    @Test
    void fieldNotDrivenOnAPath() {
        rejected(FieldNotDrivenOnAPath::new, """
                [var pair = wire(new Pair());]: error[undriven]: wire pair_high of FieldNotDrivenOnAPath is not driven when c is false and a == 0 is false
                    [var pair = wire(new Pair());]  made here
                    [when(c, () -> pair.high.set(a)).elseWhen(a.eq(0), () -> pair.high.set(1));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class NotDrivenOnAPathInAUtilityMethod extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        NotDrivenOnAPathInAUtilityMethod() {
            o.set(gated(a));
        }

        private UInt gated(UInt value) {
            var gate = wire(uint(8));
            when(c, () -> gate.set(value));
            return gate;
        }
    }

    @Test
    void notDrivenOnAPathInAUtilityMethod() {
        rejected(NotDrivenOnAPathInAUtilityMethod::new, """
                [var gate = wire(uint(8));]: error[undriven]: wire gate of NotDrivenOnAPathInAUtilityMethod is not driven when c is false
                    [var gate = wire(uint(8));]  made here
                      called from [o.set(gated(a));]
                    [when(c, () -> gate.set(value));]  driven here under a condition
                      called from [o.set(gated(a));]
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class NeverDriven extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        NeverDriven() {
            var unused = wire(uint(8));
            o.set(unused.xor(a));
        }
    }

    @Test
    void neverDriven() {
        rejected(NeverDriven::new, """
                [var unused = wire(uint(8));]: error[undriven]: wire unused of NeverDriven is never driven
                    hint: drive it with set(...), since = only changes a Java variable; or remove it
                1 error
                """);
    }

    static final class InputOfAnInstanceNeverDriven extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        InputOfAnInstanceNeverDriven() {
            var leaf = new Leaf();
            o.set(leaf.y.xor(a));
        }
    }

    @Test
    void inputOfAnInstanceNeverDriven() {
        rejected(InputOfAnInstanceNeverDriven::new, """
                [var leaf = new Leaf();]: error[undriven]: input x of instance leaf (Leaf) of InputOfAnInstanceNeverDriven is never driven
                    hint: drive it: leaf.x.set(...)
                1 error
                """);
    }

    static final class ElementNeverDriven extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        ElementNeverDriven() {
            var parts = wire(vec(2, i -> uint(8)));
            parts.get(0).set(a);
            o.set(parts.get(0).xor(parts.get(1)));
        }
    }

    @Test
    void elementNeverDriven() {
        rejected(ElementNeverDriven::new, """
                [var parts = wire(vec(2, i -> uint(8)));]: error[undriven]: wire parts_1 of ElementNeverDriven is never driven
                    hint: drive it with set(...), since = only changes a Java variable; or remove it
                1 error
                """);
    }

    static final class FieldNeverDriven extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        FieldNeverDriven() {
            var pair = wire(new Pair());
            pair.low.set(a);
            o.set(pair.low.xor(pair.high));
        }
    }

    @Test
    void fieldNeverDriven() {
        rejected(FieldNeverDriven::new, """
                [var pair = wire(new Pair());]: error[undriven]: wire pair_high of FieldNeverDriven is never driven
                    hint: drive it with set(...), since = only changes a Java variable; or remove it
                1 error
                """);
    }

    static final class NeverDrivenInAUtilityMethod extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        NeverDrivenInAUtilityMethod() {
            o.set(scratch(a));
        }

        private UInt scratch(UInt value) {
            var gate = wire(uint(8));
            return gate.xor(value);
        }
    }

    @Test
    void neverDrivenInAUtilityMethod() {
        rejected(NeverDrivenInAUtilityMethod::new, """
                [var gate = wire(uint(8));]: error[undriven]: wire gate of NeverDrivenInAUtilityMethod is never driven
                      called from [o.set(scratch(a));]
                    hint: drive it with set(...), since = only changes a Java variable; or remove it
                1 error
                """);
    }

    static final class DrivenTwice extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        DrivenTwice() {
            o.set(a);
            o.set(a.not());
        }
    }

    @Test
    void drivenTwice() {
        rejected(DrivenTwice::new, """
                [o.set(a.not());]: error[driven-twice]: output o of DrivenTwice is driven twice under the same conditions; the first assignment never counts
                    [o.set(a.not());]  drives it again
                    [o.set(a);]  drives it first
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }

    static final class DrivenTwiceUnderACondition extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        DrivenTwiceUnderACondition() {
            o.set(0);
            when(c, () -> {
                o.set(a);
                o.set(1);
            });
        }
    }

    @Test
    void drivenTwiceUnderACondition() {
        rejected(DrivenTwiceUnderACondition::new, """
                [o.set(1);]: error[driven-twice]: output o of DrivenTwiceUnderACondition is driven twice under the same conditions; the first assignment never counts
                    [o.set(1);]  drives it again
                    [o.set(a);]  drives it first
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }

    static final class DefaultAfterItsException extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        DefaultAfterItsException() {
            when(c, () -> o.set(a));
            o.set(0);
        }
    }

    @Test
    void defaultAfterItsException() {
        rejected(DefaultAfterItsException::new, """
                [o.set(0);]: error[driven-twice]: output o of DefaultAfterItsException is driven under a condition and then again without it; the conditional assignment never counts
                    [o.set(0);]  drives it again
                    [when(c, () -> o.set(a));]  drives it first
                    hint: put the default first and the conditional assignment after it
                1 error
                """);
    }

    static final class RegisterDrivenTwice extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        RegisterDrivenTwice() {
            var count = reg(uint(8)).init(0);
            count.set(count.wrapAdd(1));
            count.set(a);
            o.set(count);
        }
    }

    @Test
    void registerDrivenTwice() {
        rejected(RegisterDrivenTwice::new, """
                [count.set(a);]: error[driven-twice]: register count of RegisterDrivenTwice is driven twice under the same conditions; the first assignment never counts
                    [count.set(a);]  drives it again
                    [count.set(count.wrapAdd(1));]  drives it first
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }

    static final class InputOfAnInstanceDrivenTwice extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        InputOfAnInstanceDrivenTwice() {
            var leaf = new Leaf();
            leaf.x.set(a);
            leaf.x.set(0);
            o.set(leaf.y);
        }
    }

    @Test
    void inputOfAnInstanceDrivenTwice() {
        rejected(InputOfAnInstanceDrivenTwice::new, """
                [leaf.x.set(0);]: error[driven-twice]: input x of instance leaf (Leaf) of InputOfAnInstanceDrivenTwice is driven twice under the same conditions; the first assignment never counts
                    [leaf.x.set(0);]  drives it again
                    [leaf.x.set(a);]  drives it first
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }

    static final class ElementDrivenTwice extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        ElementDrivenTwice() {
            var parts = wire(vec(2, i -> uint(8)));
            for (int i = 0; i < 3; i++) {
                parts.get(i / 2).set(a);
            }
            o.set(parts.get(0).xor(parts.get(1)));
        }
    }

    @Test
    void elementDrivenTwice() {
        rejected(ElementDrivenTwice::new, """
                [parts.get(i / 2).set(a);]: error[driven-twice]: wire parts_0 of ElementDrivenTwice is driven twice under the same conditions; the first assignment never counts
                    [parts.get(i / 2).set(a);]  drives it again
                    [parts.get(i / 2).set(a);]  drives it first
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }

    static final class FieldDrivenTwice extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        FieldDrivenTwice() {
            var pair = wire(new Pair());
            pair.low.set(a);
            pair.high.set(a);
            pair.set(in(new Pair()));
            o.set(pair.low.xor(pair.high));
        }
    }

    @Test
    void fieldDrivenTwice() {
        rejected(FieldDrivenTwice::new, """
                [pair.set(in(new Pair()));]: error[driven-twice]: wire pair_low of FieldDrivenTwice is driven twice under the same conditions; the first assignment never counts
                    [pair.set(in(new Pair()));]  drives it again
                    [pair.low.set(a);]  drives it first
                    hint: remove one of the two, or put the second under a condition
                [pair.set(in(new Pair()));]: error[driven-twice]: wire pair_high of FieldDrivenTwice is driven twice under the same conditions; the first assignment never counts
                    [pair.set(in(new Pair()));]  drives it again
                    [pair.high.set(a);]  drives it first
                    hint: remove one of the two, or put the second under a condition
                2 errors
                """);
    }

    static final class DrivenTwiceInAUtilityMethod extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        DrivenTwiceInAUtilityMethod() {
            Tools.driveTwice(o, a);
        }
    }

    @Test
    void drivenTwiceInAUtilityMethod() {
        rejected(DrivenTwiceInAUtilityMethod::new, """
                [target.set(value.not());]: error[driven-twice]: output o of DrivenTwiceInAUtilityMethod is driven twice under the same conditions; the first assignment never counts
                    [target.set(value.not());]  drives it again
                      called from [Tools.driveTwice(o, a);]
                    [target.set(value);]  drives it first
                      called from [Tools.driveTwice(o, a);]
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }

    static final class DrivenInTwoPlaces extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        DrivenInTwoPlaces() {
            first();
            second();
        }

        private void first() {
            o.set(a);
        }

        private void second() {
            o.set(0);
        }
    }

    @Test
    void drivenInTwoPlaces() {
        rejected(DrivenInTwoPlaces::new, """
                [o.set(0);]: error[driven-twice]: output o of DrivenInTwoPlaces is driven twice under the same conditions; the first assignment never counts
                    [o.set(0);]  drives it again
                      called from [second();]
                    [o.set(a);]  drives it first
                      called from [first();]
                    hint: remove one of the two, or put the second under a condition
                1 error
                """);
    }
}
