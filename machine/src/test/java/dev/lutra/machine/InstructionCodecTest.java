// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class InstructionCodecTest {
    @Property(tries = 2000)
    void decodesWhatItEncodes(@ForAll long seed) {
        Instruction i = Samples.instruction(new Random(seed));
        byte[] bytes = InstructionCodec.encode(i).bytes();
        assertThat(InstructionCodec.decode(Word.read(ByteBuffer.wrap(bytes)))).isEqualTo(i);
    }

    @Property(tries = 2000)
    void aWordItAcceptsEncodesToItself(@ForAll long seed) {
        Random r = new Random(seed);
        byte[] bytes = InstructionCodec.encode(Samples.instruction(r)).bytes();
        bytes[r.nextInt(16)] ^= (byte) (1 << r.nextInt(8));
        Word mutated = Word.read(ByteBuffer.wrap(bytes));
        try {
            assertThat(InstructionCodec.encode(InstructionCodec.decode(mutated)))
                    .isEqualTo(mutated);
        } catch (IllegalArgumentException e) {
            assertThat(e).message().isNotBlank();
        }
    }

    /** Bytes worked out by hand from the table of the instruction set. */
    @Test
    void bytesByHand() {
        assertThat(hex(new Loop(0x1234, 0, false, true))).isEqualTo("02000000" + "34120800" + "0000000000000000");
        assertThat(hex(Loop.layers(5))).isEqualTo("02000000" + "05001000" + "0000000000000000");
        assertThat(hex(new SetBase(3, 2, 0x1122334455L, 0x0102030405L)))
                .isEqualTo("04000000" + "23" + "5544332211" + "0504030201" + "00");
        assertThat(hex(new SetBase(3, 2, 0x1122334455L, 0x0102030405L, SetBase.Per.TOKEN)))
                .isEqualTo("04000000" + "23" + "5544332211" + "0504030201" + "01");
        assertThat(hex(new SetBase(3, 2, 0x1122334455L, 0x0102030405L, SetBase.Per.POSITION)))
                .isEqualTo("04000000" + "23" + "5544332211" + "0504030201" + "02");
        // s10, one end at 36, two at 37; results 0x12345 at 40, record 0x2bcde at 60, scales 0x34567 at 78
        assertThat(hex(new Next(10, 0x12345, 0x2bcde, 0x34567, List.of(0x1122, 0x3344))))
                .isEqualTo("0f000000" + "3a" + "4523e1cdeb59d1" + "2211" + "4433");
        // LDV of INT8: base 2, stride 3 at 36, beats 0x1234 at 40, row 0x567 at 56, format 1 at 68
        assertThat(hex(new LoadRows(Tokens.NONE, 2, 3, 0x567, 0x1234, RowFormat.INT8)))
                .isEqualTo("0c000000" + "32" + "3412" + "67" + "15" + "00000000000000");
        assertThat(hex(new StoreRows(Tokens.NONE, 2, 3, 0x567, 0x1234, RowFormat.BINARY16)))
                .isEqualTo("0d000000" + "32" + "3412" + "67" + "25" + "00000000000000");
        assertThat(hex(new Next(10, 0, 0, 0, List.of(2)))).isEqualTo("0f000000" + "1a000000" + "00000000" + "02000000");
        // base 2, stride 3 at 36, beats 0x12345 at 40, words 0x6789a at 60
        assertThat(hex(new LoadWeights(Tokens.NONE, 2, 3, 0x12345, 0x6789a)))
                .isEqualTo("07000000" + "32" + "4523" + "a1" + "8967" + "000000000000");
        assertThat(hex(new SetStride(5, -1))).isEqualTo("05000000" + "05" + "ffffffffff" + "000000000000");
        // from bit 32: a, first, last, weights 9 at 36, activations 5 at 40, kSteps 0x123 at 44, gSteps 0x456 at 56,
        // blocks 0x789 at 68,
        // oBeat 0xabc at 80, accumulator 47 at 92, wide at 98, k 15 at 99, log2 m 2 at 106, log2 n 4 at 109
        Tokens tokens = new Tokens(Unit.LDA.bit() | Unit.ST.bit(), Unit.ST.bit());
        MatrixTypes types = new MatrixTypes(ActivationType.INT6, WeightType.TERNARY, 48, true);
        assertThat(hex(new Multiply(
                        tokens, 1, 0, true, true, new MatrixTile(4, 16, 15), types, 0x123, 0x456, 0x789, 0xabc)))
                .isEqualTo(
                        "09090800" + "97" + "35" + "12" + "56" + "94" + "78" + "bc" + "fa" + "7e" + "88" + "00" + "00");
        MatrixTypes halves = new MatrixTypes(ActivationType.FP16, WeightType.INT4, 48, false);
        assertThat(hex(new Multiply(Tokens.NONE, 0, 0, true, true, new MatrixTile(1, 16, 16), halves, 4, 0, 3, 0)))
                .isEqualTo(
                        "09000000" + "36" + "40" + "00" + "00" + "30" + "00" + "00" + "f0" + "82" + "80" + "00" + "00");
        // source 0, sign 2 at 34, factor 3 at 36, addend 1 at 38, function 1 at 40, result 1 at 42, reduction 3 at 44,
        // keep 47, after 1 at 48, length 0x0102 at 52,
        // x 0x345 at 68, y 0x678 at 80, out 0x9ab at 92, target 0xc at 104, factor 0xd at 108, addend at 112, period
        // 0x25 at 116 and 124, swap 3 at 121
        VectorPass pass = VectorPass.of(0x345, 0x0102)
                .signed(VectorPass.Sign.MAGNITUDE)
                .swapped(4)
                .times(VectorPass.Factor.SCALAR, 0xd)
                .plusVector(0x678)
                .y(0x678, 0x25)
                .function(VectorPass.Function.EXPONENTIAL)
                .to(0x9ab)
                .reduced(VectorPass.Reduction.MAXIMUM, 0xc)
                .kept()
                .after(VectorPass.After.ROWS);
        assertThat(hex(new Vector(tokens, pass, 0)))
                .isEqualTo(
                        "0e090800" + "78" + "b5" + "21" + "10" + "50" + "34" + "78" + "b6" + "9a" + "dc" + "50" + "16");
        // factor 2, result 2, reduction 6, after 2; 2^5 parts in target, 2^4 elements spread at 108, 2^2 times at 112,
        // 2^3 rows in swap
        VectorPass parts = VectorPass.of(0x345, 0x0102)
                .repeated(4, 8)
                .timesSpread(0x678, 16)
                .write(VectorPass.Result.INT8, 0x9ab)
                .reduced(VectorPass.Reduction.PARTS, 5);
        assertThat(hex(new Vector(tokens, parts, 0)))
                .isEqualTo(
                        "0e090800" + "20" + "68" + "22" + "10" + "50" + "34" + "78" + "b6" + "9a" + "45" + "02" + "06");
        assertThat(hex(new Sync(Tokens.NONE.waitFor(Unit.LDA), Unit.MX))).startsWith("4b01");
    }

    @Test
    void refusesWhatIsIllegal() {
        assertThatThrownBy(() -> decode("00")).hasMessage("there is no operation 0");
        assertThatThrownBy(() -> decode("0100000001")).hasMessage("bits are set that halt does not use");
        assertThatThrownBy(() -> decode("4b02")).hasMessage("there are no tokens between MX and LDW");
        assertThatThrownBy(() -> decode("ab")).hasMessage("there is no unit 5");
        assertThatThrownBy(() -> decode("0200000010000100"))
                .hasMessageContaining("a pass for 2^16 of LEN1: 2^0 to 2^15");
        assertThatThrownBy(() -> decode("0900000000080000")).hasMessage("activation type 8 does not exist");
        assertThatThrownBy(() -> decode("0900000080070000")).hasMessage("weight type 8 does not exist");
        assertThatThrownBy(() -> decode("0900000000170000" + "10000000"))
                .hasMessage("a block has 1 columns: it must be a power of two from 4 to 256");
        assertThatThrownBy(() -> decode("06100000")).hasMessage("LDA has none for VEC in this instruction");
        assertThatThrownBy(() -> decode("0e00000000001300")).hasMessage("after is 3: it must be from 0 to 2");
        assertThatThrownBy(() -> decode("0e00000000001000" + "0000000000000800"))
                .hasMessageContaining("each 256 times");
        assertThatThrownBy(() -> decode("0e00000000001000000000000001"))
                .hasMessage("a field that the pass does not use is not 0");
        assertThatThrownBy(() -> decode("0f000000000000000000000002"))
                .hasMessage("bits are set that next does not use");
        assertThatThrownBy(() -> InstructionCodec.encode(new Next(0, 0, 0, 0, List.of(1, 2, 3))))
                .hasMessage("3 numbers end it: there is room for 2");
        assertThatThrownBy(() -> decode("06000000")).hasMessage("beats must not be 0");
        assertThatThrownBy(() -> decode("0c00000000" + "0100" + "00" + "30"))
                .hasMessage("format 3 of rows does not exist");
        assertThatThrownBy(() -> decode("0500000000")).hasMessageContaining("stride register 0");
        assertThatThrownBy(() -> InstructionCodec.encode(new Loop(70000, 0, false, false)))
                .hasMessage("count is 70000: it must be from 0 to 65535");
    }

    private static String hex(Instruction i) {
        return HexFormat.of().formatHex(InstructionCodec.encode(i).bytes());
    }

    private static Instruction decode(String prefix) {
        byte[] bytes = new byte[16];
        byte[] given = HexFormat.of().parseHex(prefix);
        System.arraycopy(given, 0, bytes, 0, given.length);
        return InstructionCodec.decode(Word.read(ByteBuffer.wrap(bytes)));
    }
}
