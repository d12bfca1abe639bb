// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Mistakes found while a circuit is built, and what the user reads. */
class MistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(MistakesTest.class, top, expected);
    }

    enum Colour {
        RED,
        GREEN,
        BLUE
    }

    enum Size {
        SMALL,
        LARGE
    }

    static final class Pixel extends Bundle {
        final UInt red = field(uint(4));
        final UInt blue = field(uint(4));
    }

    static final class Point extends Bundle {
        final UInt red = field(uint(4));
    }

    /** Signals of every kind to make mistakes with. */
    abstract static class Base extends Module {
        final UInt a = in(uint(8));
        final UInt wide = in(uint(16));
        final SInt s = in(sint(8));
        final Bool c = in(bool());
        final Bits p = in(bits(8));
        final EnumSignal<Colour> colour = in(enumOf(Colour.class));
        final EnumSignal<Size> size = in(enumOf(Size.class));
        final UInt o = wire(uint(8));
        final SInt so = wire(sint(8));
        final Bool co = wire(bool());
        final Bits po = wire(bits(4));
    }

    /** A child with something inside. */
    static final class Leaf extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));
        final UInt held = reg(uint(8)).init(0);

        Leaf() {
            held.set(x);
            y.set(held);
        }
    }

    static final class LostBits extends Base {
        LostBits() {
            o.set(wide);
        }
    }

    @Test
    void lostBits() {
        rejected(LostBits::new, """
                [o.set(wide);]: error[width]: 'wide' of UInt(16) cannot drive 'o' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [final UInt o = wire(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class LostBitsOfAnExpression extends Base {
        LostBitsOfAnExpression() {
            var product = a.mul(a);
            o.set(product.add(1));
        }
    }

    @Test
    void lostBitsOfAnExpression() {
        rejected(LostBitsOfAnExpression::new, """
                [o.set(product.add(1));]: error[width]: a value of UInt(17) cannot drive 'o' of UInt(8): it would lose 9 bits
                    [final UInt o = wire(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class UnsignedIntoSigned extends Base {
        UnsignedIntoSigned() {
            so.set(a);
        }
    }

    @Test
    void unsignedIntoSigned() {
        rejected(UnsignedIntoSigned::new, """
                [so.set(a);]: error[type]: 'a' of UInt(8) cannot drive 'so' of SInt(8): it is of another kind
                    [final UInt a = in(uint(8));]  the value, 8 bits
                    [final SInt so = wire(sint(8));]  the target, 8 bits
                    hint: use toSInt() (same value, one bit more) or asSInt() (same bits)
                1 error
                """);
    }

    static final class SignedIntoUnsigned extends Base {
        SignedIntoUnsigned() {
            o.set(s.mul(s));
        }
    }

    @Test
    void signedIntoUnsigned() {
        rejected(SignedIntoUnsigned::new, """
                [o.set(s.mul(s));]: error[type]: a value of SInt(16) cannot drive 'o' of UInt(8): it is of another kind
                    [final UInt o = wire(uint(8));]  the target, 8 bits
                    hint: use asUInt() (same bits), or abs() or max(0) if the value is meant
                1 error
                """);
    }

    static final class NumberIntoBool extends Base {
        NumberIntoBool() {
            co.set(a);
        }
    }

    @Test
    void numberIntoBool() {
        rejected(NumberIntoBool::new, """
                [co.set(a);]: error[type]: 'a' of UInt(8) cannot drive 'co' of Bool: it is of another kind
                    [final UInt a = in(uint(8));]  the value, 8 bits
                    [final Bool co = wire(bool());]  the target, 1 bit
                    hint: use asBool() for one bit, orR() or a comparison otherwise
                1 error
                """);
    }

    static final class NumberIntoBits extends Base {
        NumberIntoBits() {
            po.set(a);
        }
    }

    @Test
    void numberIntoBits() {
        rejected(NumberIntoBits::new, """
                [po.set(a);]: error[type]: 'a' of UInt(8) cannot drive 'po' of Bits(4): it is of another kind
                    [final UInt a = in(uint(8));]  the value, 8 bits
                    [final Bits po = wire(bits(4));]  the target, 4 bits
                    hint: use asBits()
                1 error
                """);
    }

    static final class BitsOfAnotherWidth extends Base {
        BitsOfAnotherWidth() {
            po.set(p);
        }
    }

    @Test
    void bitsOfAnotherWidth() {
        rejected(BitsOfAnotherWidth::new, """
                [po.set(p);]: error[width]: 'p' of Bits(8) cannot drive 'po' of Bits(4): it has another width
                    [final Bits p = in(bits(8));]  the value, 8 bits
                    [final Bits po = wire(bits(4));]  the target, 4 bits
                    hint: bit patterns must match: use bits(high, low), cat() or asUInt().extend(w)
                1 error
                """);
    }

    static final class AnotherEnumeration extends Base {
        AnotherEnumeration() {
            colourSink(size);
        }

        private void colourSink(EnumSignal<Size> value) {
            var sink = wire(enumOf(Colour.class));
            sink.set(value);
        }
    }

    @Test
    void anotherEnumeration() {
        rejected(AnotherEnumeration::new, """
                [sink.set(value);]: error[type]: 'size' of Size(1) cannot drive 'sink' of Colour(2): it is of another enumeration
                      called from [colourSink(size);]
                    [final EnumSignal<Size> size = in(enumOf(Size.class));]  the value, 1 bit
                    [var sink = wire(enumOf(Colour.class));]  the target, 2 bits
                      called from [colourSink(size);]
                1 error
                """);
    }

    static final class LiteralTooLarge extends Base {
        LiteralTooLarge() {
            o.set(256);
        }
    }

    @Test
    void literalTooLarge() {
        rejected(LiteralTooLarge::new, """
                [o.set(256);]: error[literal-range]: 256 does not fit 'o' of UInt(8), which holds 0 to 255
                1 error
                """);
    }

    static final class NegativeLiteral extends Base {
        NegativeLiteral() {
            o.set(a.wrapAdd(-1));
        }
    }

    @Test
    void negativeLiteral() {
        rejected(NegativeLiteral::new, """
                [o.set(a.wrapAdd(-1));]: error[literal-range]: -1 is negative and the other operand is 'a' of UInt(8)
                    hint: use a signed signal
                1 error
                """);
    }

    static final class LiteralOutOfRangeOfComparison extends Base {
        LiteralOutOfRangeOfComparison() {
            co.set(s.eq(128));
        }
    }

    @Test
    void literalOutOfRangeOfComparison() {
        rejected(LiteralOutOfRangeOfComparison::new, """
                [co.set(s.eq(128));]: error[literal-range]: 128 does not fit 's' of SInt(8), which holds -128 to 127
                1 error
                """);
    }

    static final class ResetValueOutOfRange extends Base {
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

    static final class ResetValueOfAWire extends Base {
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

    static final class TwoResetValues extends Base {
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

    static final class InputSetInside extends Base {
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

    static final class OutputSetFromOutside extends Base {
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

    static final class InnerSignalOfAChild extends Base {
        InnerSignalOfAChild() {
            var leaf = new Leaf();
            o.set(leaf.held);
        }
    }

    @Test
    void innerSignalOfAChild() {
        rejected(InnerSignalOfAChild::new, """
                [o.set(leaf.held);]: error[outside-module]: 'held' of UInt(8) belongs to module Leaf and is used in module InnerSignalOfAChild
                    [final UInt held = reg(uint(8)).init(0);]  made here
                    hint: give Leaf an output for it
                1 error
                """);
    }

    static final class SignalOfTheParentInAChild extends Base {
        SignalOfTheParentInAChild() {
            var top = this;
            var child = new Module() {
                final UInt z = out(uint(8));

                {
                    z.set(top.a.wrapAdd(1));
                }
            };
            o.set(child.z);
        }
    }

    @Test
    void signalOfTheParentInAChild() {
        rejected(SignalOfTheParentInAChild::new, """
                [z.set(top.a.wrapAdd(1));]: error[outside-module]: a value of UInt(8) belongs to module SignalOfTheParentInAChild and is used in module SignalOfTheParentInAChild_anonymous
                    hint: give SignalOfTheParentInAChild_anonymous an input for it
                1 error
                """);
    }

    static final class TypeUsedAsSignal extends Base {
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

    static final class OperatorOnAType extends Base {
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

    static final class TypeSet extends Base {
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

    static final class SignalBoundTwice extends Base {
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

    static final class ExpressionSet extends Base {
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

    static final class ElementAtAVariableIndexSet extends Base {
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

    static final class BitBeyondTheWidth extends Base {
        BitBeyondTheWidth() {
            co.set(a.bit(8));
        }
    }

    @Test
    void bitBeyondTheWidth() {
        rejected(BitBeyondTheWidth::new, """
                [co.set(a.bit(8));]: error[index]: bit 8 of 'a' of UInt(8): bits are 0 to 7
                1 error
                """);
    }

    static final class BitsInTheWrongOrder extends Base {
        BitsInTheWrongOrder() {
            po.set(p.bits(0, 3));
        }
    }

    @Test
    void bitsInTheWrongOrder() {
        rejected(BitsInTheWrongOrder::new, """
                [po.set(p.bits(0, 3));]: error[index]: bits 0 to 3 of 'p' of Bits(8): bits are 7 to 0
                    hint: write bits(high, low) with high >= low
                1 error
                """);
    }

    static final class ElementBeyondTheVector extends Base {
        ElementBeyondTheVector() {
            var v = in(vec(4, i -> uint(8)));
            o.set(v.get(4));
        }
    }

    @Test
    void elementBeyondTheVector() {
        rejected(ElementBeyondTheVector::new, """
                [o.set(v.get(4));]: error[index]: element 4 of a vector of 4
                    hint: elements are 0 to 3
                1 error
                """);
    }

    static final class TruncateToMore extends Base {
        TruncateToMore() {
            o.set(a.truncate(9).truncate(8));
        }
    }

    @Test
    void truncateToMore() {
        rejected(TruncateToMore::new, """
                [o.set(a.truncate(9).truncate(8));]: error[width]: truncate(9) of 'a' of UInt(8)
                    hint: use extend(9)
                1 error
                """);
    }

    static final class ExtendToLess extends Base {
        ExtendToLess() {
            o.set(wide.extend(8));
        }
    }

    @Test
    void extendToLess() {
        rejected(ExtendToLess::new, """
                [o.set(wide.extend(8));]: error[width]: extend(8) of 'wide' of UInt(16)
                    hint: use truncate(8) or saturate(8)
                1 error
                """);
    }

    static final class ShiftGrowsTooFar extends Base {
        ShiftGrowsTooFar() {
            o.set(a.shl(wide).truncate(8));
        }
    }

    @Test
    void shiftGrowsTooFar() {
        rejected(ShiftGrowsTooFar::new, """
                [o.set(a.shl(wide).truncate(8));]: error[width]: shl() of 'a' of UInt(8) by 'wide' of UInt(16) would grow to more than 1024 bits
                    hint: use shlWrap() to keep the width, or truncate the amount
                1 error
                """);
    }

    static final class NegativeShift extends Base {
        NegativeShift() {
            o.set(a.shr(-1));
        }
    }

    @Test
    void negativeShift() {
        rejected(NegativeShift::new, """
                [o.set(a.shr(-1));]: error[literal-range]: shift of 'a' of UInt(8) by -1
                    hint: shift the other way
                1 error
                """);
    }

    static final class WideConditions extends Base {
        WideConditions() {
            co.set(a.asBool());
        }
    }

    @Test
    void wideConditions() {
        rejected(WideConditions::new, """
                [co.set(a.asBool());]: error[width]: asBool() of 'a' of UInt(8), which has 8 bits
                    hint: use orR(), bit(i) or a comparison such as ne(0)
                1 error
                """);
    }

    static final class BitPatternsOfUnequalWidth extends Base {
        BitPatternsOfUnequalWidth() {
            co.set(p.eq(po));
        }
    }

    @Test
    void bitPatternsOfUnequalWidth() {
        rejected(BitPatternsOfUnequalWidth::new, """
                [co.set(p.eq(po));]: error[width]: eq() of 'p' of Bits(8) and 'po' of Bits(4): bit patterns must have one width
                    hint: use bits(high, low), cat(), or asUInt() for a number
                1 error
                """);
    }

    static final class MuxOfDifferentKinds extends Base {
        MuxOfDifferentKinds() {
            o.set((UInt) mux(c, (dev.lutra.hdl.Data) a, s));
        }
    }

    @Test
    void muxOfDifferentKinds() {
        rejected(MuxOfDifferentKinds::new, """
                [o.set((UInt) mux(c, (dev.lutra.hdl.Data) a, s));]: error[type]: mux() of 'a' of UInt(8) and 's' of SInt(8)
                    hint: convert one of them: both must be of one kind
                1 error
                """);
    }

    static final class AnotherBundle extends Base {
        AnotherBundle() {
            var pixel = wire(new Pixel());
            pixel.set(wire(new Point()));
        }
    }

    @Test
    void anotherBundle() {
        rejected(AnotherBundle::new, """
                [pixel.set(wire(new Point()));]: error[type]: Point cannot drive Pixel
                    hint: set the fields one by one
                1 error
                """);
    }

    static final class AnotherVectorSize extends Base {
        AnotherVectorSize() {
            Vec<UInt> v = wire(vec(4, i -> uint(8)));
            v.set(in(vec(3, i -> uint(8))));
        }
    }

    @Test
    void anotherVectorSize() {
        rejected(AnotherVectorSize::new, """
                [v.set(in(vec(3, i -> uint(8))));]: error[type]: Vec(3, UInt(8)) cannot drive Vec(4, UInt(8))
                    hint: give both the same number of elements, or set them one by one
                1 error
                """);
    }

    static final class MemoryInitTooLong extends Base {
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

    static final class MemoryInitOutOfRange extends Base {
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

    static final class MaskThatDoesNotDivide extends Base {
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

    static final class CaseOutOfRange extends Base {
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

    static final class OtherwiseIsLast extends Base {
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

    static final class DroppedResult extends Base {
        DroppedResult() {
            o.set(a);
            o.add(1);
        }
    }

    @Test
    void droppedResult() {
        rejected(DroppedResult::new, """
                [o.add(1);]: error[unused-result]: the result of add() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class EqualsOnSignals extends Base {
        EqualsOnSignals() {
            if (a.equals(wide)) {
                o.set(1);
            }
        }
    }

    @Test
    void equalsOnSignals() {
        rejected(EqualsOnSignals::new, """
                [if (a.equals(wide)) {]: error[java-equals]: equals() compares Java objects while the circuit is built, not the values of a: UInt(8)
                    hint: use eq() for a comparison in hardware
                1 error
                """);
    }

    static final class IllegalName extends Base {
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

    static final class Conditional extends Module {
        final Bool go = in(bool());

        Conditional(java.util.function.Consumer<Bool> body) {
            when(go, () -> body.accept(go));
        }
    }

    static final class ConditionOfAnotherModule extends Base {
        ConditionOfAnotherModule() {
            var child = new Conditional(c -> o.set(1));
            child.go.set(c);
        }
    }

    @Test
    void conditionOfAnotherModule() {
        rejected(ConditionOfAnotherModule::new, """
                [var child = new Conditional(c -> o.set(1));]: error[scope]: 'o' of UInt(8) of module ConditionOfAnotherModule is driven under a condition of module Conditional, which would not apply to it
                      called from [when(go, () -> body.accept(go));]
                    hint: use when() of the module that holds the signal
                1 error
                """);
    }

    static final class SelectAmongUnlikeTypes extends Base {
        SelectAmongUnlikeTypes() {
            o.set(select(a.truncate(1), List.of(a, wide)));
        }
    }

    @Test
    void selectAmongUnlikeTypes() {
        rejected(SelectAmongUnlikeTypes::new, """
                [o.set(select(a.truncate(1), List.of(a, wide)));]: error[type]: select() among UInt(8) and an unlike UInt(16)
                    hint: give all elements one type, with extend(w) for instance
                1 error
                """);
    }

    static final class Tools {
        static void connect(UInt target, UInt value) {
            target.set(value);
        }
    }

    static final class InAUtilityMethod extends Base {
        InAUtilityMethod() {
            Tools.connect(o, wide);
        }
    }

    @Test
    void inAUtilityMethod() {
        rejected(InAUtilityMethod::new, """
                [target.set(value);]: error[width]: 'wide' of UInt(16) cannot drive 'o' of UInt(8): it would lose 8 bits
                      called from [Tools.connect(o, wide);]
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [final UInt o = wire(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class SeveralAtOnce extends Base {
        SeveralAtOnce() {
            o.set(wide);
            so.set(a);
            co.set(a.bit(9));
        }
    }

    @Test
    void severalAtOnce() {
        rejected(SeveralAtOnce::new, """
                [o.set(wide);]: error[width]: 'wide' of UInt(16) cannot drive 'o' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [final UInt o = wire(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                [so.set(a);]: error[type]: 'a' of UInt(8) cannot drive 'so' of SInt(8): it is of another kind
                    [final UInt a = in(uint(8));]  the value, 8 bits
                    [final SInt so = wire(sint(8));]  the target, 8 bits
                    hint: use toSInt() (same value, one bit more) or asSInt() (same bits)
                [co.set(a.bit(9));]: error[index]: bit 9 of 'a' of UInt(8): bits are 0 to 7
                3 errors
                """);
    }

    static final class Wrong extends Module {
        Wrong() {
            wire(uint(4)).set(in(uint(5)));
        }
    }

    static final class OnceForRepeatedModules extends Base {
        OnceForRepeatedModules() {
            for (int i = 0; i < 3; i++) {
                new Wrong();
            }
        }
    }

    @Test
    void onceForRepeatedModules() {
        rejected(OnceForRepeatedModules::new, """
                [wire(uint(4)).set(in(uint(5)));]: error[width]: an input of UInt(5) cannot drive a wire of UInt(4): it would lose 1 bit
                    hint: say what is meant: truncate(4), saturate(4), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class MuxOfUnlikeVectors extends Base {
        MuxOfUnlikeVectors() {
            var v = mux(c, in(vec(2, i -> uint(8))), in(vec(2, i -> uint(9))));
            o.set(v.get(0));
        }
    }

    @Test
    void muxOfUnlikeVectors() {
        rejected(MuxOfUnlikeVectors::new, """
                [var v = mux(c, in(vec(2, i -> uint(8))), in(vec(2, i -> uint(9))));]: error[type]: mux() of Vec(2, UInt(8)) and an unlike Vec(2, UInt(9))
                    hint: give both one type
                1 error
                """);
    }

    static final class UnlikeElements extends Base {
        UnlikeElements() {
            o.set(in(vec(2, i -> uint(8 + i))).get(0));
        }
    }

    @Test
    void unlikeElements() {
        rejected(UnlikeElements::new, """
                [o.set(in(vec(2, i -> uint(8 + i))).get(0));]: error[type]: vec: element 1 (UInt(9)) is not like element 0 (UInt(8))
                    hint: give all elements one type; for unlike ones use a Bundle or a Java list
                1 error
                """);
    }

    static final class NoWidth extends Base {
        NoWidth() {
            o.set(wide);
            in(uint(0));
        }
    }

    @Test
    void noWidth() {
        rejected(NoWidth::new, """
                [o.set(wide);]: error[width]: 'wide' of UInt(16) cannot drive 'o' of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    [final UInt o = wire(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                [in(uint(0));]: error[width]: uint(0): a width is from 1 to 65536
                    hint: leave a signal without bits out
                2 errors
                """);
    }

    @Test
    void secondTop() {
        rejected(
                () -> {
                    new Leaf();
                    return new Leaf();
                },
                """
                [new Leaf();]: error[orphan]: module Leaf is made outside any module and is not the top Leaf
                    hint: make instances in the constructor of the module that holds them
                1 error
                """);
    }
}
