// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.ClockDomain;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.EnumSwitch;
import dev.lutra.hdl.Ground;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.Rounding;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Switch;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.When;
import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.ir.ResetKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Null in place of each argument of each method of the language: the user's place, and no exception from inside. */
class NullArgumentsTest {
    enum Colour {
        RED,
        GREEN
    }

    static final class Pixel extends Bundle {
        final UInt red = field(uint(4));
    }

    /** Has a signal of every kind and calls one method with one argument null. */
    static final class Caller extends Module {
        record Params() {}

        final UInt number = reg(uint(4));
        final SInt signed = reg(sint(4));
        final Bool truth = reg(bool());
        final Bits pattern = reg(bits(4));
        final EnumSignal<Colour> colour = reg(enumOf(Colour.class));
        final Clock clock = in(clock());
        final Reset reset = in(reset());
        final Vec<UInt> vector = reg(vec(2, i -> uint(4)));
        final SFix fixed = reg(sfix(2, 6));
        final Pixel pixel = wire(new Pixel());

        Caller(Method method, int missing) {
            super(new Params());
            var arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = i == missing ? null : some(method.getParameterTypes()[i], method);
            }
            call(method, receiver(method.getDeclaringClass()), arguments);
        }

        private static void call(Method method, Object receiver, Object[] arguments) {
            try {
                method.setAccessible(true);
                method.invoke(receiver, arguments);
            } catch (InvocationTargetException e) {
                throw NullArgumentsTest.<RuntimeException>unchecked(e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        private Object receiver(Class<?> type) {
            if (type == Module.class || type == Hdl.class) {
                return this;
            }
            if (type == When.class) {
                return when(truth, () -> {});
            }
            if (type == Switch.class) {
                return switchOn(number);
            }
            if (type == EnumSwitch.class) {
                return switchOn(colour);
            }
            if (type == Memory.class) {
                return memory(uint(4), 16);
            }
            if (type == ClockDomain.class) {
                return domain(clock, reset);
            }
            return type == Data.class || type == Ground.class ? number : some(type, null);
        }

        /** A value that a parameter may have; of a supertype the one that suits the method. */
        private Object some(Class<?> type, Method method) {
            boolean typeWanted = method != null
                    && Set.of("in", "out", "wire", "reg", "decoupled", "memory", "unpack", "field", "flipped")
                            .contains(method.getName());
            Object[] all = {
                typeWanted ? uint(4) : number,
                signed,
                truth,
                pattern,
                colour,
                clock,
                reset,
                vector,
                pixel,
                this,
                "text",
                3,
                3L,
                true,
                BigInteger.ONE,
                new long[] {1},
                new BigInteger[] {BigInteger.ONE},
                List.of(Colour.RED),
                Colour.RED,
                ResetKind.SYNC,
                ReadDuringWrite.READ_FIRST,
                Rounding.FLOOR,
                BigDecimal.ONE,
                1.0,
                fixed,
                Colour.class,
                new Data[] {number},
                new Ground[] {number},
                new String[] {"text"},
                domain(clock, reset),
                (Runnable) () -> {},
                (Supplier<Object>) () -> number,
                (IntFunction<Object>) i -> uint(4)
            };
            if (type == List.class) {
                return List.of(number);
            }
            if (type == Object.class) {
                return number;
            }
            var wrapped = type == int.class
                    ? Integer.class
                    : type == long.class
                            ? Long.class
                            : type == double.class ? Double.class : type == boolean.class ? Boolean.class : type;
            return Stream.of(all)
                    .filter(wrapped::isInstance)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(type.getName()));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Every method that a design can call and every parameter of it that may be null in Java. */
    static List<Arguments> calls() {
        var calls = new ArrayList<Arguments>();
        for (var type : List.of(
                Module.class,
                Hdl.class,
                Data.class,
                Ground.class,
                UInt.class,
                SInt.class,
                Bool.class,
                Bits.class,
                EnumSignal.class,
                Reset.class,
                Vec.class,
                Bundle.class,
                Memory.class,
                When.class,
                Switch.class,
                EnumSwitch.class,
                ClockDomain.class)) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(m -> Modifier.isPublic(m.getModifiers()) || Modifier.isProtected(m.getModifiers()))
                    .filter(m ->
                            !m.isBridge() && !m.isSynthetic() && !m.getName().equals("equals"))
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .forEach(method -> {
                        for (int i = 0; i < method.getParameterCount(); i++) {
                            if (!method.getParameterTypes()[i].isPrimitive()) {
                                calls.add(Arguments.of(method, i));
                            }
                        }
                    });
        }
        return calls;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void isReportedWhereItIsGiven(Method method, int missing) {
        var thrown = catchThrowable(() -> Circuit.of(() -> new Caller(method, missing)));
        // A JVM drops the trace of an exception that recurs in compiled code: -XX:-OmitStackTraceInFastThrow.
        assumeThat(thrown instanceof NullPointerException && thrown.getStackTrace().length == 0)
                .isFalse();
        assertThat(thrown).isInstanceOf(HdlException.class);
        var finding = ((HdlException) thrown).diagnostics().get(0);
        assertThat(finding.toString())
                .startsWith("NullArgumentsTest.java:")
                .containsAnyOf(
                        "error[null]: " + method.getName() + "() is given null\n",
                        "to what is no part of",
                        "cannot be given to");
        assertThat(finding.sites().get(0).loc().method()).isEqualTo("call");
    }
}
