// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Widths, kinds, constants and indices that do not fit. */
class ValueMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(ValueMistakesTest.class, top, expected);
    }

    static final class LostBits extends Signals {
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

    static final class LostBitsOfAnExpression extends Signals {
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

    static final class UnsignedIntoSigned extends Signals {
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

    static final class SignedIntoUnsigned extends Signals {
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

    static final class NumberIntoBool extends Signals {
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

    static final class NumberIntoBits extends Signals {
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

    static final class BitsOfAnotherWidth extends Signals {
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

    static final class AnotherEnumeration extends Signals {
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

    static final class LiteralTooLarge extends Signals {
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

    static final class NegativeLiteral extends Signals {
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

    static final class LiteralOutOfRangeOfComparison extends Signals {
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

    static final class BitBeyondTheWidth extends Signals {
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

    static final class BitsInTheWrongOrder extends Signals {
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

    static final class ElementBeyondTheVector extends Signals {
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

    static final class TruncateToMore extends Signals {
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

    static final class ExtendToLess extends Signals {
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

    static final class ShiftGrowsTooFar extends Signals {
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

    static final class NegativeShift extends Signals {
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

    static final class WideConditions extends Signals {
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

    static final class BitPatternsOfUnequalWidth extends Signals {
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

    static final class MuxOfDifferentKinds extends Signals {
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

    static final class MuxOfUnlikeVectors extends Signals {
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

    static final class SelectAmongUnlikeTypes extends Signals {
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

    static final class UnlikeElements extends Signals {
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

    static final class AnotherBundle extends Signals {
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

    static final class AnotherVectorSize extends Signals {
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

    static final class NoWidth extends Signals {
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

    static final class NegativeWidth extends Signals {
        NegativeWidth() {
            o.set(in(uint(o.width() - 9)));
        }
    }

    @Test
    void negativeWidth() {
        rejected(NegativeWidth::new, """
                [o.set(in(uint(o.width() - 9)));]: error[width]: uint(-1): a width is from 1 to 65536
                    hint: check how the width is computed
                1 error
                """);
    }

    static final class HugeWidth extends Signals {
        HugeWidth() {
            wire(bits(70_000)).set(p);
            co.set(a);
        }
    }

    @Test
    void hugeWidth() {
        rejected(HugeWidth::new, """
                [wire(bits(70_000)).set(p);]: error[width]: bits(70000): a width is from 1 to 65536
                    hint: check how the width is computed
                [co.set(a);]: error[type]: 'a' of UInt(8) cannot drive 'co' of Bool: it is of another kind
                    [final UInt a = in(uint(8));]  the value, 8 bits
                    [final Bool co = wire(bool());]  the target, 1 bit
                    hint: use asBool() for one bit, orR() or a comparison otherwise
                2 errors
                """);
    }

    static final class ProductTooWide extends Signals {
        ProductTooWide() {
            var x = in(uint(40_000));
            var y = x.mul(x);
            co.set(y.orR());
        }
    }

    @Test
    void productTooWide() {
        rejected(ProductTooWide::new, """
                [var y = x.mul(x);]: error[width]: the result of mul() has 80000 bits: a width is from 1 to 65536
                    hint: check how the width is computed
                1 error
                """);
    }

    static final class VectorWithoutElements extends Signals {
        VectorWithoutElements() {
            wire(vec(0, i -> uint(8)));
        }
    }

    @Test
    void vectorWithoutElements() {
        rejected(VectorWithoutElements::new, """
                [wire(vec(0, i -> uint(8)));]: error[width]: vec(0, ...): a vector has 1 to 65536 elements
                    hint: leave it out where there are none
                1 error
                """);
    }

    static final class VectorWithAMillionElements extends Signals {
        VectorWithAMillionElements() {
            wire(vec(1_000_000, i -> uint(8)));
        }
    }

    @Test
    void vectorWithAMillionElements() {
        rejected(VectorWithAMillionElements::new, """
                [wire(vec(1_000_000, i -> uint(8)));]: error[width]: vec(1000000, ...): a vector has 1 to 65536 elements
                    hint: use memory() for many words
                1 error
                """);
    }

    static final class NoCopies extends Signals {
        NoCopies() {
            po.set(cat(fill(0, c), p));
        }
    }

    @Test
    void noCopies() {
        rejected(NoCopies::new, """
                [po.set(cat(fill(0, c), p));]: error[width]: fill(0, bit): a width is from 1 to 65536
                    hint: leave a signal without bits out
                1 error
                """);
    }

    static final class NothingToConcatenate extends Signals {
        NothingToConcatenate() {
            po.set(cat(List.of()));
        }
    }

    @Test
    void nothingToConcatenate() {
        rejected(NothingToConcatenate::new, """
                [po.set(cat(List.of()));]: error[width]: cat() of no signals
                    hint: a signal has at least one bit
                1 error
                """);
    }

    static final class NothingToSelectFrom extends Signals {
        NothingToSelectFrom() {
            o.set(select(a, List.<UInt>of()));
        }
    }

    @Test
    void nothingToSelectFrom() {
        rejected(NothingToSelectFrom::new, """
                [o.set(select(a, List.<UInt>of()));]: error[index]: select() among no elements
                    hint: give at least one element
                1 error
                """);
    }

    static final class UnpackedFromTooFewBits extends Signals {
        UnpackedFromTooFewBits() {
            var pixel = unpack(p.bits(5, 0), new Pixel());
            o.set(pixel.red);
        }
    }

    @Test
    void unpackedFromTooFewBits() {
        rejected(UnpackedFromTooFewBits::new, """
                [var pixel = unpack(p.bits(5, 0), new Pixel());]: error[width]: unpack() of 6 bits into 8
                    hint: value and type must have the same width
                1 error
                """);
    }

    static final class VectorIntoOneSignal extends Signals {
        VectorIntoOneSignal() {
            o.set(in(vec(2, i -> uint(4))));
        }
    }

    @Test
    void vectorIntoOneSignal() {
        rejected(VectorIntoOneSignal::new, """
                [o.set(in(vec(2, i -> uint(4))));]: error[type]: Vec(2, UInt(4)) cannot drive 'o' of UInt(8)
                    hint: use asBits()
                1 error
                """);
    }

    static final class MemoryWithoutWords extends Signals {
        MemoryWithoutWords() {
            memory(uint(8), 0).write(a, a);
        }
    }

    @Test
    void memoryWithoutWords() {
        rejected(MemoryWithoutWords::new, """
                [memory(uint(8), 0).write(a, a);]: error[width]: memory of 0 words
                    hint: a memory has at least one word
                1 error
                """);
    }

    static final class WordTooWideForAMemory extends Signals {
        WordTooWideForAMemory() {
            memory(uint(8), 16).write(a, wide);
        }
    }

    @Test
    void wordTooWideForAMemory() {
        rejected(WordTooWideForAMemory::new, """
                [memory(uint(8), 16).write(a, wide);]: error[width]: 'wide' of UInt(16) cannot drive a word of UInt(8): it would lose 8 bits
                    [final UInt wide = in(uint(16));]  the value, 16 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class ShiftedOut extends Signals {
        ShiftedOut() {
            o.set(a.shl(4));
        }
    }

    @Test
    void shiftedOut() {
        rejected(ShiftedOut::new, """
                [o.set(a.shl(4));]: error[width]: a value of UInt(12) cannot drive 'o' of UInt(8): it would lose 4 bits
                    [final UInt o = wire(uint(8));]  the target, 8 bits
                    hint: say what is meant: truncate(8), saturate(8), or wrapAdd/wrapSub where the value is computed
                1 error
                """);
    }

    static final class NumbersChosenForACondition extends Signals {
        NumbersChosenForACondition() {
            co.set(mux(c, a, wide));
        }
    }

    @Test
    void numbersChosenForACondition() {
        rejected(NumbersChosenForACondition::new, """
                [co.set(mux(c, a, wide));]: error[type]: a value of UInt(16) cannot drive 'co' of Bool: it is of another kind
                    [final Bool co = wire(bool());]  the target, 1 bit
                    hint: use asBool() for one bit, orR() or a comparison otherwise
                1 error
                """);
    }

    enum Nothing {}

    static final class EnumerationWithoutValues extends Signals {
        EnumerationWithoutValues() {
            wire(enumOf(Nothing.class));
        }
    }

    @Test
    void enumerationWithoutValues() {
        rejected(EnumerationWithoutValues::new, """
                [wire(enumOf(Nothing.class));]: error[type]: the enumeration Nothing has no values
                    hint: give it at least one
                1 error
                """);
    }
}
