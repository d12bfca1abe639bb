// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Several findings in one report, and places in utility methods. */
class ReportsTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(ReportsTest.class, top, expected);
    }

    static final class Tools {
        static void connect(UInt target, UInt value) {
            target.set(value);
        }
    }

    static final class InAUtilityMethod extends Signals {
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

    static final class SeveralAtOnce extends Signals {
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

    static final class OnceForRepeatedModules extends Signals {
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
}
