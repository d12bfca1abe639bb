// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.stream.StreamFifo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Slips of Java users, and what becomes of exceptions. */
class JavaMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(JavaMistakesTest.class, top, expected);
    }

    private static void warned(Supplier<? extends Module> top, String expected) {
        Reports.assertWarned(JavaMistakesTest.class, top, expected);
    }

    static final class DroppedResult extends Signals {
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

    static final class EqualsOnSignals extends Signals {
        EqualsOnSignals() {
            if (a.equals(wide)) {
                o.set(1);
            }
        }
    }

    @Test
    void equalsOnSignals() {
        rejected(EqualsOnSignals::new, """
                [if (a.equals(wide)) {]: error[java-equals]: equals() compares Java objects while the circuit is built, not the values of 'a' of UInt(8)
                    hint: use eq() for a comparison in hardware
                1 error
                """);
    }

    static final class DroppedNot extends Signals {
        DroppedNot() {
            c.not();
        }
    }

    @Test
    void droppedNot() {
        rejected(DroppedNot::new, """
                [c.not();]: error[unused-result]: the result of not() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class DroppedComparison extends Signals {
        DroppedComparison() {
            a.eq(3);
        }
    }

    @Test
    void droppedComparison() {
        rejected(DroppedComparison::new, """
                [a.eq(3);]: error[unused-result]: the result of eq() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class DroppedMux extends Signals {
        DroppedMux() {
            mux(c, a, o);
        }
    }

    @Test
    void droppedMux() {
        rejected(DroppedMux::new, """
                [mux(c, a, o);]: error[unused-result]: the result of mux() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class DroppedConcatenation extends Signals {
        DroppedConcatenation() {
            cat(a, p);
        }
    }

    @Test
    void droppedConcatenation() {
        rejected(DroppedConcatenation::new, """
                [cat(a, p);]: error[unused-result]: the result of cat() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class DroppedRead extends Signals {
        DroppedRead() {
            memory(uint(8), 16).read(a);
        }
    }

    @Test
    void droppedRead() {
        rejected(DroppedRead::new, """
                [memory(uint(8), 16).read(a);]: error[unused-result]: the result of read() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class DroppedSlice extends Signals {
        DroppedSlice() {
            a.wrapAdd(1).bits(3, 0);
        }
    }

    @Test
    void droppedSlice() {
        rejected(DroppedSlice::new, """
                [a.wrapAdd(1).bits(3, 0);]: error[unused-result]: the result of bits() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class DroppedInALambda extends Signals {
        DroppedInALambda() {
            when(c, () -> a.wrapAdd(1));
        }
    }

    @Test
    void droppedInALambda() {
        rejected(DroppedInALambda::new, """
                [when(c, () -> a.wrapAdd(1));]: error[unused-result]: the result of wrapAdd() is not used
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class DroppedInAUtilityMethod extends Signals {
        DroppedInAUtilityMethod() {
            count(a);
        }

        private void count(UInt value) {
            value.wrapAdd(1);
        }
    }

    @Test
    void droppedInAUtilityMethod() {
        rejected(DroppedInAUtilityMethod::new, """
                [value.wrapAdd(1);]: error[unused-result]: the result of wrapAdd() is not used
                      called from [count(a);]
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                1 error
                """);
    }

    static final class EqualsOnVectors extends Signals {
        EqualsOnVectors() {
            var v = in(vec(2, i -> uint(8)));
            if (v.equals(in(vec(2, i -> uint(8))))) {
                o.set(1);
            }
        }
    }

    @Test
    void equalsOnVectors() {
        rejected(EqualsOnVectors::new, """
                [if (v.equals(in(vec(2, i -> uint(8))))) {]: error[java-equals]: equals() compares Java objects while the circuit is built, not the values of Vec(2, UInt(8))
                    hint: use asBits().eq(...), or eq() of the elements
                1 error
                """);
    }

    static final class EqualsInALambda extends Signals {
        EqualsInALambda() {
            when(c, () -> o.set(a.equals(o) ? 1 : 0));
        }
    }

    @Test
    void equalsInALambda() {
        rejected(EqualsInALambda::new, """
                [when(c, () -> o.set(a.equals(o) ? 1 : 0));]: error[java-equals]: equals() compares Java objects while the circuit is built, not the values of 'a' of UInt(8)
                    hint: use eq() for a comparison in hardware
                1 error
                """);
    }

    static final class EqualsOfObjects extends Signals {
        EqualsOfObjects() {
            if (Objects.equals(a, o)) {
                o.set(1);
            }
        }
    }

    @Test
    void equalsOfObjects() {
        rejected(EqualsOfObjects::new, """
                [if (Objects.equals(a, o)) {]: error[java-equals]: equals() compares Java objects while the circuit is built, not the values of 'a' of UInt(8)
                    hint: use eq() for a comparison in hardware
                1 error
                """);
    }

    static final class InCollections extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));

        InCollections() {
            var weights = new HashMap<UInt, Integer>();
            weights.put(a, 3);
            weights.put(o, 4);
            var list = new ArrayList<>(weights.keySet());
            o.set(list.contains(a) ? weights.get(a) : 0);
        }
    }

    /** Identity is what a generator wants there: nothing to report. */
    @Test
    void signalsInCollections() {
        warned(InCollections::new, "");
    }

    static final class WhenWithoutAStatement extends Module {
        final Bool enable = in(bool());
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));
        UInt next = lit(0);

        WhenWithoutAStatement() {
            when(enable, () -> next = a);
            o.set(next);
        }
    }

    @Test
    void whenWithoutAStatement() {
        warned(WhenWithoutAStatement::new, """
                [when(enable, () -> next = a);]: warning[empty-when]: when() without a statement: it drives nothing
                    hint: drive signals with set(...) in it; = only changes a Java variable
                """);
    }

    static final class SignalInAText extends Signals {
        SignalInAText() {
            printf("a is " + a);
            require(a.ne(0), "zero: " + a);
        }
    }

    @Test
    void signalInAText() {
        rejected(SignalInAText::new, """
                [printf("a is " + a);]: error[format]: the text "a is a: UInt(8)" has the name and type of a signal in it, "a: UInt(8)", not its value
                    hint: use printf("... %d ...", signal)
                [require(a.ne(0), "zero: " + a);]: error[format]: the text "zero: a: UInt(8)" has the name and type of a signal in it, "a: UInt(8)", not its value
                    hint: use printf("... %d ...", signal)
                2 errors
                """);
    }

    static final class SetToNull extends Signals {
        SetToNull() {
            o.set((UInt) null);
        }
    }

    @Test
    void setToNull() {
        rejected(SetToNull::new, """
                [o.set((UInt) null);]: error[null]: set() is given null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class FieldUsedTooEarly extends Module {
        final UInt a = in(uint(8));
        UInt total;

        FieldUsedTooEarly() {
            total.set(a);
            total = out(uint(8));
        }
    }

    @Test
    void fieldUsedTooEarly() {
        rejected(FieldUsedTooEarly::new, """
                [total.set(a);]: error[null]: set() is called on this.total, which is null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class NullInAUtilityMethod extends Signals {
        NullInAUtilityMethod() {
            o.set(Tools.sum(a, null));
        }
    }

    @Test
    void nullInAUtilityMethod() {
        rejected(NullInAUtilityMethod::new, """
                [return a.add(b);]: error[null]: add() is given null
                      called from [o.set(Tools.sum(a, null));]
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class Tools {
        static UInt sum(UInt a, @Nullable UInt b) {
            return a.add(b);
        }
    }

    static final class ArrayWithAHole extends Signals {
        ArrayWithAHole() {
            var parts = new UInt[3];
            parts[0] = a;
            po.set(cat(a, parts));
        }
    }

    @Test
    void arrayWithAHole() {
        rejected(ArrayWithAHole::new, """
                [po.set(cat(a, parts));]: error[null]: cat() is given null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class ConditionNull extends Signals {
        ConditionNull() {
            when(null, () -> o.set(1));
        }
    }

    @Test
    void conditionNull() {
        rejected(ConditionNull::new, """
                [when(null, () -> o.set(1));]: error[null]: when() is given null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class BodyNull extends Signals {
        BodyNull() {
            when(c, null);
        }
    }

    @Test
    void bodyNull() {
        rejected(BodyNull::new, """
                [when(c, null);]: error[null]: when() is given null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class TypeNull extends Signals {
        TypeNull() {
            wire((UInt) null);
        }
    }

    @Test
    void typeNull() {
        rejected(TypeNull::new, """
                [wire((UInt) null);]: error[null]: wire() is given null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class NullInTheLibrary extends Signals {
        NullInTheLibrary() {
            new StreamFifo<>((UInt) null, 4);
        }
    }

    @Test
    void nullInTheLibrary() {
        rejected(NullInTheLibrary::new, """
                [new StreamFifo<>((UInt) null, 4);]: error[null]: new StreamFifo() is given null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }

    static final class ArgumentOfTheLibrary extends Signals {
        ArgumentOfTheLibrary() {
            new StreamFifo<>(uint(8), 0);
        }
    }

    @Test
    void argumentOfTheLibrary() {
        rejected(ArgumentOfTheLibrary::new, """
                [new StreamFifo<>(uint(8), 0);]: error[argument]: a queue of 0 entries: at least 1
                1 error
                """);
    }

    static final class Shared {
        static final UInt TYPE = Hdl.uint(8);
        static final Leaf LEAF = new Leaf();

        static {
            TYPE.add(1);
        }
    }

    static final class StaticModule extends Signals {
        StaticModule() {
            Shared.LEAF.x.set(a);
        }
    }

    @Test
    void staticModule() {
        rejected(StaticModule::new, """
                [TYPE.add(1);]: error[unbound]: UInt(8) is only a type here, no signal
                      called from [Shared.LEAF.x.set(a);]
                    hint: make a signal of it with in(), out(), wire() or reg(), or use lit() for a constant
                [TYPE.add(1);]: error[unused-result]: the result of add() is not used
                      called from [Shared.LEAF.x.set(a);]
                    hint: an operator does not change its operands: keep its result in a variable, or set() a signal to it
                2 errors
                """);
    }

    record Depth(int depth) {}

    static final class EndlessModules extends Module {
        EndlessModules(Depth p) {
            super(p);
            new EndlessModules(new Depth(p.depth() - 1));
        }
    }

    @Test
    void endlessModules() {
        rejected(() -> new EndlessModules(new Depth(3)), """
                [new EndlessModules(new Depth(p.depth() - 1));]: error[endless]: the constructor of EndlessModules makes another EndlessModules without end
                    hint: end the recursion with a case that does not recurse, such as a width or depth of 1
                1 error
                """);
    }

    static final class EndlessMethod extends Signals {
        EndlessMethod() {
            o.set(tree(a));
        }

        private UInt tree(UInt value) {
            return tree(value.wrapAdd(1));
        }
    }

    @Test
    void endlessMethod() {
        rejected(EndlessMethod::new, """
                [return tree(value.wrapAdd(1));]: error[endless]: tree() of EndlessMethod calls itself without end
                    hint: end the recursion with a case that does not recurse, such as a width or depth of 1
                1 error
                """);
    }

    static final class Failing extends Signals {
        Failing() {
            o.set(wide);
            throw new UnsupportedOperationException("not written yet");
        }
    }

    @Test
    void exceptionOfTheUsersOwn() {
        assertThatThrownBy(() -> Circuit.of(Failing::new))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("not written yet")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .hasSize(1)
                        .allMatch(s -> s.toString().contains("error[width]: 'wide' of UInt(16)")));
    }

    static final class FailingOnNull extends Signals {
        FailingOnNull() {
            String text = Map.of("width", "8").get("depth");
            o.set(text.length());
        }
    }

    @Test
    void nullPointerOfTheUsersOwn() {
        assertThatThrownBy(() -> Circuit.of(FailingOnNull::new)).isExactlyInstanceOf(NullPointerException.class);
    }

    static final class ArithmeticOnAFieldOfNull extends Signals {
        @Nullable
        UInt later;

        ArithmeticOnAFieldOfNull() {
            o.set(later.wrapAdd(a));
        }
    }

    @Test
    void arithmeticOnAFieldOfNull() {
        rejected(ArithmeticOnAFieldOfNull::new, """
                [o.set(later.wrapAdd(a));]: error[null]: wrapAdd() is called on this.later, which is null
                    hint: make the signal before it is used: is a field or array element still empty?
                1 error
                """);
    }
}
