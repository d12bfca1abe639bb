// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProgramTest {
    @Property(tries = 300)
    void bothFormsReadBack(@ForAll long seed) {
        Program program = random(new Random(seed));
        byte[] binary = ProgramFile.write(program);
        assertThat(ProgramFile.read(binary, "p")).isEqualTo(program);
        String text = Disassembler.text(program);
        assertThat(ProgramFile.write(Assembler.assemble(text, "p.txt"))).isEqualTo(binary);
    }

    @Property(tries = 1000)
    void damagedFilesAreRefused(@ForAll long seed) {
        Random r = new Random(seed);
        byte[] binary = ProgramFile.write(random(r));
        byte[] damaged = r.nextBoolean() ? Arrays.copyOf(binary, r.nextInt(binary.length)) : binary.clone();
        if (damaged.length == binary.length) {
            damaged[r.nextInt(damaged.length)] ^= (byte) (1 << r.nextInt(8));
        }
        assertThatThrownBy(() -> ProgramFile.read(damaged, "p.bin"))
                .isInstanceOf(UserException.class)
                .hasMessageMatching("(?s)p\\.bin, byte \\d+: .+");
    }

    @Test
    void textErrorsHaveLineAndColumn() {
        String text = """
                .isa 2
                .machine 0123456789abcdef
                .image bytes=0
                .region QKV, layers=1, k=4, n=4, bits=4, zp=1, group=0, in=16, out=64
                QKV:
                  lda  b0, s1, half=0, beats=x, wait=mx
                  ldx  b0
                  mx   a=0
                  mx.m1n48k64.i8.i9.i48.i32 a=0, o=0, first, last, ksteps=4, gsteps=2, blocks=3, obeat=0
                  mx.m1n48k64.i9.i4.i48.i32 a=0, o=0, first, last, ksteps=4, gsteps=2, blocks=3, obeat=0
                  mx.m1n48k64.i8.i4.i48.i32 a=0, o=0, first, last, ksteps=4, gsteps=2, blocks=5, obeat=0
                  mx.m1n48k64.i8.i4.i48.i32 a=0, o=0, first, last, ksteps=4, gsteps=2, blocks=1, obeat=0
                  st   b2, s1, half=0, beats=70000
                  lda  b0, s1, half=0, beats=4, wait=st
                  lda  b0, s1, half=0, beats=4, color=red
                  lda  q0, s1, half=0, beats=4
                  sync mz
                  halt ,
                """;
        assertThatThrownBy(() -> Assembler.assemble(text, "p.txt"))
                .isInstanceOf(UserException.class)
                .hasMessage("""
                        p.txt:6:24: 'x' is no decimal number
                        p.txt:7:3: there is no instruction 'ldx'
                        p.txt:8:3: 'mx' is not mx with shape and types of activations, weights, accumulators and results, such as mx.m1n48k64.i8.i4.i48.i32
                        p.txt:9:3: there are no weights 'i9': i1 to i8, ternary and fp4 exist
                        p.txt:10:3: there are no activations 'i9': i2 to i8, i16 and f16 exist
                        p.txt:11:72: 48 columns are not 5 equal blocks
                        p.txt:12:82: a block has 48 columns: it must be a power of two from 4 to 256
                        p.txt:13:24: beats is 70000: it must be from 0 to 65535
                        p.txt:14:24: there are no tokens between LDA and ST
                        p.txt:15:33: lda does not take 'color=red' here
                        p.txt:16:8: 'q0' is no register b0, b1, ...
                        p.txt:17:8: there is no unit 'mz': lda, ldw, mx, st and vec exist
                        p.txt:18:7: an operand is missing""".stripTrailing());
        assertThatThrownBy(() -> Assembler.assemble(".machine 0123456789abcdef\n.region A, k=1\n", "p.txt"))
                .hasMessageContaining("p.txt:2:1: .region needs layers=");
        assertThatThrownBy(() -> Assembler.assemble("halt\n", "p.txt"))
                .hasMessageContaining("there is no .machine directive");
    }

    private static Program random(Random r) {
        List<Instruction> code = new ArrayList<>();
        for (int i = 1 + r.nextInt(40); i > 0; i--) {
            code.add(Samples.instruction(r));
        }
        List<Program.Region> regions = new ArrayList<>();
        for (int i = r.nextInt(5); i > 0; i--) {
            regions.add(new Program.Region(
                    "R_" + i,
                    r.nextInt(code.size()),
                    1 + r.nextInt(80),
                    1 + r.nextInt(20000),
                    1 + r.nextInt(200000),
                    1 + r.nextInt(8),
                    r.nextInt(3) - 1,
                    r.nextInt(256),
                    r.nextBoolean(),
                    1 + r.nextLong(1L << 40),
                    1 + r.nextLong(1L << 40),
                    r.nextBoolean() ? NmRatio.DENSE : new NmRatio(1 << r.nextInt(3), 4 << r.nextInt(3)),
                    r.nextInt(3),
                    r.nextInt(3),
                    r.nextBoolean() ? 0 : 1 + r.nextLong(1L << 20),
                    r.nextBoolean() ? 0 : 1 + r.nextLong(1L << 40)));
        }
        List<Program.Tensor> tensors = new ArrayList<>();
        long at = 0;
        for (Program.Region region : regions) {
            at += r.nextInt(3) * 16L;
            long bytes = 1 + r.nextLong(1L << 33);
            tensors.add(new Program.Tensor(region.name() + ".0", region.name(), 0, at, bytes, r.nextInt()));
            at += bytes;
        }
        return new Program(r.nextLong(), at + r.nextInt(100), regions, tensors, code);
    }
}
