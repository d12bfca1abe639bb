// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Types and signals mixed up, targets that cannot be set, registers, memories, switches and names. */
class SignalMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(SignalMistakesTest.class, top, expected);
    }

    static final class ResetValueOutOfRange extends Signals {
        ResetValueOutOfRange() {
            var held = reg(uint(4)).init(16);
            held.set(a.truncate(4));
        }
    }

    @Test
    void resetValueOutOfRange() {
        rejected(ResetValueOutOfRange::new, """
                [var held = reg(uint(4)).init(16);]: error[literal-range]: 16 does not fit 'held' of UInt(4), which holds 0 to 15
                1 error
                """);
    }

    static final class ResetValueOfAWire extends Signals {
        ResetValueOfAWire() {
            wire(uint(4)).init(1);
        }
    }

    @Test
    void resetValueOfAWire() {
        rejected(ResetValueOfAWire::new, """
                [wire(uint(4)).init(1);]: error[not-a-register]: init(1) of a wire of UInt(4), which is no register
                    hint: write reg(...).init(...)
                1 error
                """);
    }

    static final class TwoResetValues extends Signals {
        TwoResetValues() {
            var held = reg(uint(4)).init(1);
            held.init(2);
        }
    }

    @Test
    void twoResetValues() {
        rejected(TwoResetValues::new, """
                [held.init(2);]: error[init-twice]: 'held' of UInt(4) gets a second reset value
                    hint: give it one
                1 error
                """);
    }

    static final class InputSetInside extends Signals {
        InputSetInside() {
            a.set(3);
        }
    }

    @Test
    void inputSetInside() {
        rejected(InputSetInside::new, """
                [a.set(3);]: error[not-assignable]: 'a' of UInt(8) is an input of InputSetInside and cannot be set inside it
                    [final UInt a = in(uint(8));]  made here
                    hint: inputs are driven by the module that makes the instance; did you mean out() or wire()?
                1 error
                """);
    }

    static final class OutputSetFromOutside extends Signals {
        OutputSetFromOutside() {
            var leaf = new Leaf();
            leaf.y.set(a);
        }
    }

    @Test
    void outputSetFromOutside() {
        rejected(OutputSetFromOutside::new, """
                [leaf.y.set(a);]: error[not-assignable]: 'y' of UInt(8) is an output of Leaf and cannot be set from outside
                    [final UInt y = out(uint(8));]  made here
                    hint: set an input of the instance instead
                1 error
                """);
    }

    static final class TypeUsedAsSignal extends Signals {
        TypeUsedAsSignal() {
            o.set(uint(8));
        }
    }

    @Test
    void typeUsedAsSignal() {
        rejected(TypeUsedAsSignal::new, """
                [o.set(uint(8));]: error[unbound]: UInt(8) is only a type here, no signal
                    hint: make a signal of it with in(), out(), wire() or reg(), or use lit() for a constant
                1 error
                """);
    }

    static final class OperatorOnAType extends Signals {
        OperatorOnAType() {
            o.set(uint(4).and(a));
        }
    }

    @Test
    void operatorOnAType() {
        rejected(OperatorOnAType::new, """
                [o.set(uint(4).and(a));]: error[unbound]: UInt(4) is only a type here, no signal
                    hint: make a signal of it with in(), out(), wire() or reg(), or use lit() for a constant
                1 error
                """);
    }

    static final class TypeSet extends Signals {
        TypeSet() {
            var forgotten = uint(8);
            forgotten.set(a);
        }
    }

    @Test
    void typeSet() {
        rejected(TypeSet::new, """
                [forgotten.set(a);]: error[unbound]: UInt(8) is only a type here and cannot be set
                    hint: make a signal of it with out(), wire() or reg()
                1 error
                """);
    }

    static final class SignalBoundTwice extends Signals {
        SignalBoundTwice() {
            var again = out(a);
            again.set(wide.truncate(8));
        }
    }

    @Test
    void signalBoundTwice() {
        rejected(SignalBoundTwice::new, """
                [var again = out(a);]: error[bound-twice]: 'a' of UInt(8) is a signal already and cannot become another one
                    [final UInt a = in(uint(8));]  made here
                    hint: pass a fresh type such as uint(8) or like(signal), and set() it
                1 error
                """);
    }

    static final class ExpressionSet extends Signals {
        ExpressionSet() {
            a.wrapAdd(1).set(2);
        }
    }

    @Test
    void expressionSet() {
        rejected(ExpressionSet::new, """
                [a.wrapAdd(1).set(2);]: error[not-assignable]: a value of UInt(8) is the result of an expression and cannot be set
                    hint: set a wire, register or output; a vector's element at a variable index is set by set(index, value)
                1 error
                """);
    }

    static final class ElementAtAVariableIndexSet extends Signals {
        ElementAtAVariableIndexSet() {
            var v = wire(vec(4, i -> uint(8)));
            v.get(a).set(1);
        }
    }

    @Test
    void elementAtAVariableIndexSet() {
        rejected(ElementAtAVariableIndexSet::new, """
                [v.get(a).set(1);]: error[not-assignable]: a value of UInt(8) is the result of an expression and cannot be set
                    hint: set a wire, register or output; a vector's element at a variable index is set by set(index, value)
                1 error
                """);
    }

    static final class MemoryInitTooLong extends Signals {
        MemoryInitTooLong() {
            memory(uint(8), 2).init(new long[] {1, 2, 3});
        }
    }

    @Test
    void memoryInitTooLong() {
        rejected(MemoryInitTooLong::new, """
                [memory(uint(8), 2).init(new long[] {1, 2, 3});]: error[memory-init]: 3 initial words for a memory of 2
                    hint: give at most as many words as it is deep
                1 error
                """);
    }

    static final class MemoryInitOutOfRange extends Signals {
        MemoryInitOutOfRange() {
            memory(uint(8), 2).init(new long[] {1, 256});
        }
    }

    @Test
    void memoryInitOutOfRange() {
        rejected(MemoryInitOutOfRange::new, """
                [memory(uint(8), 2).init(new long[] {1, 256});]: error[memory-init]: initial word 1, 256, does not fit UInt(8), which holds 0 to 255
                1 error
                """);
    }

    static final class MaskThatDoesNotDivide extends Signals {
        MaskThatDoesNotDivide() {
            Memory<UInt> m = memory(uint(8), 16);
            m.write(a.truncate(4), a, p.bits(2, 0));
        }
    }

    @Test
    void maskThatDoesNotDivide() {
        rejected(MaskThatDoesNotDivide::new, """
                [m.write(a.truncate(4), a, p.bits(2, 0));]: error[width]: a mask of 3 bits for words of 8 bits
                    hint: the mask's width must divide the word's and be the same for all writes
                1 error
                """);
    }

    static final class CaseOutOfRange extends Signals {
        CaseOutOfRange() {
            switchOn(a.truncate(2)).is(4, () -> o.set(1));
        }
    }

    @Test
    void caseOutOfRange() {
        rejected(CaseOutOfRange::new, """
                [switchOn(a.truncate(2)).is(4, () -> o.set(1));]: error[literal-range]: 4 does not fit a value of UInt(2), which holds 0 to 3
                1 error
                """);
    }

    static final class OtherwiseIsLast extends Signals {
        OtherwiseIsLast() {
            var chain = when(c, () -> o.set(1));
            chain.otherwise(() -> o.set(2));
            chain.elseWhen(co, () -> o.set(3));
        }
    }

    @Test
    void otherwiseIsLast() {
        rejected(OtherwiseIsLast::new, """
                [chain.elseWhen(co, () -> o.set(3));]: error[branch-order]: elseWhen() after otherwise()
                    hint: otherwise() is the last branch of a when()
                1 error
                """);
    }

    static final class IllegalName extends Signals {
        IllegalName() {
            o.set(named(a.wrapAdd(1), "my sum"));
        }
    }

    @Test
    void illegalName() {
        rejected(IllegalName::new, """
                [o.set(named(a.wrapAdd(1), "my sum"));]: error[name]: 'my sum' is no name in Verilog
                    hint: use letters, digits and _, and no reserved word
                1 error
                """);
    }

    static final class RegNeverSet extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));

        RegNeverSet() {
            var next = reg(uint(8)).init(0);
            next = a.wrapAdd(1);
            o.set(next);
        }
    }

    @Test
    void regNeverSet() {
        rejected(RegNeverSet::new, """
                [var next = reg(uint(8)).init(0);]: error[register-unassigned]: register next of RegNeverSet is never assigned
                    hint: assign it with set(...), since = only changes a Java variable; or use a constant in its place
                1 error
                """);
    }

    static final class RegisterKeptInAField extends Module {
        final Bool enable = in(bool());
        final UInt total = out(uint(8));
        UInt count;

        RegisterKeptInAField() {
            count = reg(uint(8)).init(0);
            when(enable, () -> count = count.wrapAdd(1));
            total.set(count);
        }
    }

    @Test
    void registerKeptInAField() {
        rejected(RegisterKeptInAField::new, """
                [when(enable, () -> count = count.wrapAdd(1));]: warning[empty-when]: when() without a statement: it drives nothing
                    hint: drive signals with set(...) in it; = only changes a Java variable
                [count = reg(uint(8)).init(0);]: error[register-unassigned]: register count of RegisterKeptInAField is never assigned
                    hint: assign it with set(...), since = only changes a Java variable; or use a constant in its place
                1 error
                """);
    }

    static final class SetForgotten extends Module {
        final UInt a = in(uint(8));
        final UInt b = in(uint(8));
        final UInt result = out(uint(8));

        SetForgotten() {
            var sum = a.wrapAdd(b);
        }
    }

    @Test
    void setForgotten() {
        rejected(SetForgotten::new, """
                [final UInt result = out(uint(8));]: error[undriven]: output result of SetForgotten is never driven
                    hint: drive it with set(...), since = only changes a Java variable; or remove it
                1 error
                """);
    }

    static final class OutputWithoutDirection extends Module {
        final UInt result;

        OutputWithoutDirection() {
            result = uint(8);
            result.set(in(uint(8)));
        }
    }

    @Test
    void outputWithoutDirection() {
        rejected(OutputWithoutDirection::new, """
                [result.set(in(uint(8)));]: error[unbound]: UInt(8) is only a type here and cannot be set
                    hint: make a signal of it with out(), wire() or reg()
                1 error
                """);
    }

    static final class Empty extends Bundle {}

    static final class BundleWithoutFields extends Signals {
        BundleWithoutFields() {
            wire(new Empty()).set(p);
        }
    }

    @Test
    void bundleWithoutFields() {
        rejected(BundleWithoutFields::new, """
                [wire(new Empty()).set(p);]: error[width]: Empty has no fields
                    hint: add some with field(...)
                1 error
                """);
    }

    static final class Pair extends Bundle {
        final UInt first = field(uint(8));
        final UInt second = uint(8);
    }

    static final class FieldForgotten extends Signals {
        FieldForgotten() {
            var pair = wire(new Pair());
            pair.first.set(a);
            pair.second.set(a);
        }
    }

    @Test
    void fieldForgotten() {
        rejected(FieldForgotten::new, """
                [var pair = wire(new Pair());]: error[unbound]: 'second' of UInt(8) in Pair is no field of the bundle
                    hint: write field(...) around its type: final UInt x = field(uint(8))
                [pair.second.set(a);]: error[unbound]: UInt(8) is only a type here and cannot be set
                    hint: make a signal of it with out(), wire() or reg()
                2 errors
                """);
    }

    static final class Wrapped extends Bundle {
        final UInt inner;

        Wrapped(UInt inner) {
            this.inner = field(inner);
        }
    }

    static final class FieldOfASignal extends Signals {
        FieldOfASignal() {
            wire(new Wrapped(a));
        }
    }

    @Test
    void fieldOfASignal() {
        rejected(FieldOfASignal::new, """
                [this.inner = field(inner);]: error[bound-twice]: field() of 'a' of UInt(8), which is a signal already
                      called from [wire(new Wrapped(a));]
                    hint: give it a fresh type such as uint(8) or like(signal)
                1 error
                """);
    }

    static final class BundleBoundTwice extends Signals {
        BundleBoundTwice() {
            var pixel = in(new Pixel());
            var copy = reg(pixel);
            copy.set(pixel);
        }
    }

    @Test
    void bundleBoundTwice() {
        rejected(BundleBoundTwice::new, """
                [var copy = reg(pixel);]: error[bound-twice]: 'pixel_red' of UInt(4) is a signal already and cannot become another one
                    [var pixel = in(new Pixel());]  made here
                    hint: pass a fresh type such as uint(8) or like(signal), and set() it
                1 error
                """);
    }

    static final class NameGivenTwice extends Signals {
        NameGivenTwice() {
            o.set(named(a.wrapAdd(1), "next"));
            named(reg(uint(8)), "next").set(o);
        }
    }

    @Test
    void nameGivenTwice() {
        rejected(NameGivenTwice::new, """
                [named(reg(uint(8)), "next").set(o);]: error[name]: 'next' of NameGivenTwice is a name given twice
                    [o.set(named(a.wrapAdd(1), "next"));]  this has the name
                    hint: give each its own name
                1 error
                """);
    }

    static final class PortNameGivenTwice extends Module {
        final UInt a = in(uint(8));
        final UInt o = in(uint(8));

        PortNameGivenTwice() {
            named(out(uint(8)), "m_axis_tdata").set(a);
            named(out(uint(8)), "m_axis_tdata").set(o);
        }
    }

    @Test
    void portNameGivenTwice() {
        rejected(PortNameGivenTwice::new, """
                [named(out(uint(8)), "m_axis_tdata").set(o);]: error[name]: 'm_axis_tdata' of PortNameGivenTwice is a name given twice
                    [named(out(uint(8)), "m_axis_tdata").set(a);]  this has the name
                    hint: give each its own name
                1 error
                """);
    }

    static final class NameOfAnotherModulesSignal extends Signals {
        NameOfAnotherModulesSignal() {
            var leaf = new Leaf();
            named(leaf.y, "leaf_result");
        }
    }

    @Test
    void nameOfAnotherModulesSignal() {
        rejected(NameOfAnotherModulesSignal::new, """
                [named(leaf.y, "leaf_result");]: error[name]: 'y' of UInt(8) is no signal of NameOfAnotherModulesSignal
                    hint: name it where it is made
                1 error
                """);
    }

    static final class NameOfAString extends Signals {
        NameOfAString() {
            named("text", "label");
        }
    }

    @Test
    void nameOfAString() {
        rejected(NameOfAString::new, """
                [named("text", "label");]: error[name]: 'label' cannot be given to a String
                    hint: name signals, memories and instances of this module
                1 error
                """);
    }

    static final class ResetValueOfAnInput extends Signals {
        ResetValueOfAnInput() {
            a.init(1);
        }
    }

    @Test
    void resetValueOfAnInput() {
        rejected(ResetValueOfAnInput::new, """
                [a.init(1);]: error[not-a-register]: init(1) of 'a' of UInt(8), which is no register
                    hint: write reg(...).init(...)
                1 error
                """);
    }

    static final class ResetValueOfAWholeBundle extends Signals {
        ResetValueOfAWholeBundle() {
            var pixel = reg(new Pixel());
            pixel.init(16);
            pixel.set(in(new Pixel()));
        }
    }

    @Test
    void resetValueOfAWholeBundle() {
        rejected(ResetValueOfAWholeBundle::new, """
                [pixel.init(16);]: error[literal-range]: 16 does not fit 'pixel_red' of UInt(4), which holds 0 to 15
                [pixel.init(16);]: error[literal-range]: 16 does not fit 'pixel_blue' of UInt(4), which holds 0 to 15
                2 errors
                """);
    }

    static final class MemoryWordSet extends Signals {
        MemoryWordSet() {
            var words = memory(uint(8), 16);
            words.readAsync(a.truncate(4)).set(wide.truncate(8));
        }
    }

    @Test
    void memoryWordSet() {
        rejected(MemoryWordSet::new, """
                [words.readAsync(a.truncate(4)).set(wide.truncate(8));]: error[not-assignable]: a memory word of UInt(8) is read from a memory and cannot be set
                    hint: use write(address, data) of the memory
                1 error
                """);
    }

    abstract static class Machine extends Module {
        enum Colour {
            RED,
            GREEN,
            BLUE
        }

        final EnumSignal<Colour> colour = in(enumOf(Colour.class));
        final UInt o = out(uint(8));
    }

    static final class CaseTwice extends Machine {
        CaseTwice() {
            switchOn(colour)
                    .is(Colour.RED, () -> o.set(1))
                    .is(List.of(Colour.GREEN, Colour.RED), () -> o.set(2))
                    .otherwise(() -> o.set(3));
        }
    }

    @Test
    void caseTwice() {
        rejected(CaseTwice::new, """
                [.is(List.of(Colour.GREEN, Colour.RED), () -> o.set(2))]: error[case-twice]: case RED of the switch on colour in CaseTwice appears twice
                    [.is(List.of(Colour.GREEN, Colour.RED), () -> o.set(2))]  again here
                    [.is(Colour.RED, () -> o.set(1))]  first here
                    hint: each value belongs to one case
                1 error
                """);
    }

    static final class CaseLeftOut extends Machine {
        CaseLeftOut() {
            switchOn(colour).is(Colour.RED, () -> o.set(1)).is(Colour.GREEN, () -> o.set(2));
        }
    }

    @Test
    void caseLeftOut() {
        rejected(CaseLeftOut::new, """
                [final UInt o = out(uint(8));]: error[undriven]: output o of CaseLeftOut is not driven when colour is BLUE
                    [final UInt o = out(uint(8));]  made here
                    [switchOn(colour).is(Colour.RED, () -> o.set(1)).is(Colour.GREEN, () -> o.set(2));]  driven here under a condition
                    hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too
                1 error
                """);
    }

    static final class IsAfterOtherwise extends Signals {
        IsAfterOtherwise() {
            var choice = switchOn(a);
            choice.is(1, () -> o.set(1));
            choice.otherwise(() -> o.set(2));
            choice.is(2, () -> o.set(3));
        }
    }

    @Test
    void isAfterOtherwise() {
        rejected(IsAfterOtherwise::new, """
                [choice.is(2, () -> o.set(3));]: error[branch-order]: is() after otherwise()
                    hint: otherwise() is the last branch of a switchOn()
                1 error
                """);
    }

    static final class StreamDrivenBackwards extends Module {
        StreamDrivenBackwards() {
            var source = in(decoupled(uint(8)));
            var sink = out(decoupled(uint(8)));
            source.set(sink);
        }
    }

    @Test
    void streamDrivenBackwards() {
        rejected(StreamDrivenBackwards::new, """
                [source.set(sink);]: error[not-assignable]: 'source_valid' of Bool is an input of StreamDrivenBackwards and cannot be set inside it
                    [var source = in(decoupled(uint(8)));]  made here
                    hint: inputs are driven by the module that makes the instance; did you mean out() or wire()?
                [source.set(sink);]: error[not-assignable]: 'sink_ready' of Bool is an input of StreamDrivenBackwards and cannot be set inside it
                    [var sink = out(decoupled(uint(8)));]  made here
                    hint: inputs are driven by the module that makes the instance; did you mean out() or wire()?
                [source.set(sink);]: error[not-assignable]: 'source_bits' of UInt(8) is an input of StreamDrivenBackwards and cannot be set inside it
                    [var source = in(decoupled(uint(8)));]  made here
                    hint: inputs are driven by the module that makes the instance; did you mean out() or wire()?
                3 errors
                """);
    }

    static final class InputOfAnInstanceForgotten extends Module {
        final UInt y = out(uint(8));

        InputOfAnInstanceForgotten() {
            var leaf = new Leaf();
            y.set(leaf.y);
        }
    }

    @Test
    void inputOfAnInstanceForgotten() {
        rejected(InputOfAnInstanceForgotten::new, """
                [var leaf = new Leaf();]: error[undriven]: input x of instance leaf (Leaf) of InputOfAnInstanceForgotten is never driven
                    hint: drive it: leaf.x.set(...)
                1 error
                """);
    }
}
