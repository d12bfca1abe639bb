// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.Wire;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the checks say, to the letter. */
class ChecksTest {
    private static final Type BOOL = new Type.Bool();
    private static final Type BYTE = new Type.UInt(8);
    private static final Type.Enumeration STATE = new Type.Enumeration("State", List.of("IDLE", "RUN", "DONE"), 2);

    private final Port en = input("en", BOOL, 1);
    private final Port state = input("state", STATE, 2);
    private final Port a = input("a", BYTE, 3);
    private final Port out = new Port("y", BYTE, Direction.OUT, at(4));
    private final List<Signal> extra = new ArrayList<>();
    private final List<Instance> instances = new ArrayList<>();

    private static Loc at(int line) {
        return new Loc("Top.java", line);
    }

    private static Port input(String name, Type type, int line) {
        return new Port(name, type, Direction.IN, at(line));
    }

    private static Expr ref(Signal signal) {
        return new Expr.Ref(signal);
    }

    private static Expr number(long value) {
        return new Expr.Literal(BigInteger.valueOf(value), BYTE);
    }

    private static Statement set(Signal target, Expr value, int line) {
        return new Statement.Assign(target, value, at(line));
    }

    private static Statement when(Signal cond, List<Statement> then, List<Statement> otherwise, int line) {
        return new Statement.When(ref(cond), then, otherwise, at(line));
    }

    private static Statement.Case is(int line, List<Statement> body, Integer... values) {
        return new Statement.Case(Arrays.stream(values).map(BigInteger::valueOf).toList(), body, at(line));
    }

    private <T extends Signal> T with(T signal) {
        extra.add(signal);
        return signal;
    }

    private <T> List<T> extra(Class<T> type) {
        return extra.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private Module module(Statement... body) {
        return new Module(
                "Top",
                "example.Top",
                "",
                List.of(),
                List.of(en, state, a, out),
                extra(Wire.class),
                extra(Node.class),
                extra(Register.class),
                List.of(),
                List.of(),
                instances,
                List.of(body),
                false,
                false);
    }

    private static String report(Module top, Module... children) {
        var all = new ArrayList<>(List.of(children));
        all.add(top);
        return Checks.check(new Circuit(top, all)).stream()
                .map(Diagnostic::toString)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void nothingToSay() {
        assertThat(report(module(set(out, ref(a), 10), when(en, List.of(set(out, number(1), 12)), List.of(), 11))))
                .isEmpty();
    }

    @Test
    void neverDriven() {
        assertThat(report(module())).isEqualTo("""
                        Top.java:4: error[undriven]: output y of Top is never driven
                            hint: drive it with set(...), since = only changes a Java variable; or remove it""");
    }

    @Test
    void drivenUnderAConditionOnly() {
        assertThat(report(module(when(en, List.of(set(out, ref(a), 11)), List.of(), 10))))
                .isEqualTo("""
                        Top.java:4: error[undriven]: output y of Top is not driven when en is false
                            Top.java:4  made here
                            Top.java:11  driven here under a condition
                            hint: give it a default with set(...) before the conditions, or drive it in otherwise(...) too""");
    }

    @Test
    void namesTheWholeUncoveredPath() {
        var inner = new Statement.Switch(
                ref(state), List.of(is(12, List.of(set(out, ref(a), 12)), 0, 1)), List.of(), at(11));
        assertThat(report(module(when(en, List.of(inner), List.of(set(out, number(0), 14)), 10))))
                .startsWith(
                        "Top.java:4: error[undriven]: output y of Top is not driven when en is true and state is DONE");
    }

    @Test
    void aSwitchOverAllNamesIsComplete() {
        var choice = new Statement.Switch(
                ref(state), List.of(is(11, List.of(set(out, ref(a), 11)), 0, 1, 2)), List.of(), at(10));
        assertThat(report(module(choice))).isEmpty();
    }

    @Test
    void drivenTwice() {
        assertThat(report(module(set(out, ref(a), 10), set(out, number(1), 11))))
                .isEqualTo("""
                        Top.java:11: error[driven-twice]: output y of Top is driven twice under the same conditions; the first assignment never counts
                            Top.java:11  drives it again
                            Top.java:10  drives it first
                            hint: remove one of the two, or put the second under a condition""");
    }

    @Test
    void aDefaultAfterItsExceptions() {
        assertThat(report(module(when(en, List.of(set(out, ref(a), 11)), List.of(), 10), set(out, number(1), 12))))
                .isEqualTo("""
                        Top.java:12: error[driven-twice]: output y of Top is driven under a condition and then again without it; the conditional assignment never counts
                            Top.java:12  drives it again
                            Top.java:11  drives it first
                            hint: put the default first and the conditional assignment after it""");
    }

    @Test
    void aRegisterNobodyAssigns() {
        with(new Register("count", BYTE, null, at(20)));
        assertThat(report(module(set(out, ref(a), 10)))).isEqualTo("""
                        Top.java:20: error[register-unassigned]: register count of Top is never assigned
                            hint: assign it with set(...), since = only changes a Java variable; or use a constant in its place""");
    }

    @Test
    void aCaseTwice() {
        var choice = new Statement.Switch(
                ref(state), List.of(is(11, List.of(), 0, 1), is(12, List.of(), 1)), List.of(), at(10));
        assertThat(report(module(set(out, ref(a), 9), choice))).isEqualTo("""
                        Top.java:12: error[case-twice]: case RUN of the switch on state in Top appears twice
                            Top.java:12  again here
                            Top.java:11  first here
                            hint: each value belongs to one case""");
    }

    @Test
    void aLoopWithALinePerHop() {
        var x = with(new Wire("x", BYTE, at(5)));
        var z = with(new Node("z", BYTE, new Expr.Binary(BinaryOp.XOR, ref(x), ref(a), BYTE), at(6)));
        assertThat(report(module(set(x, ref(z), 10), set(out, ref(x), 11)))).isEqualTo("""
                        Top.java:6: error[comb-loop]: combinational loop in Top: x -> z -> x
                            Top.java:6  z reads x
                            Top.java:10  x reads z
                            hint: put a register on the path; if different bits are meant, use one signal for each part""");
    }

    @Test
    void aLoopThroughAnInstance() {
        var in = new Port("in", BYTE, Direction.IN, new Loc("Child.java", 1));
        var result = new Port("result", BYTE, Direction.OUT, new Loc("Child.java", 2));
        var child = new Module(
                "Child",
                "example.Child",
                "",
                List.of(),
                List.of(in, result),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new Statement.Assign(result, ref(in), new Loc("Child.java", 3))),
                false,
                false);
        var instance = new Instance("u", child, at(7));
        instances.add(instance);
        var to = new InstancePort(instance, in);
        var from = new InstancePort(instance, result);
        assertThat(report(module(set(to, ref(from), 10), set(out, ref(from), 11)), child))
                .isEqualTo("""
                        Top.java:10: error[comb-loop]: combinational loop in Top: u.result -> u.in -> u.result
                            Top.java:10  u.in reads u.result
                            Top.java:7  u.result follows u.in through Child
                            Child.java:3    in Child: result reads in
                            hint: put a register on the path; if different bits are meant, use one signal for each part""");
    }

    @Test
    void noLoopThroughARegister() {
        var count = with(new Register("count", BYTE, null, at(5)));
        assertThat(report(module(
                        set(count, new Expr.Binary(BinaryOp.ADD, ref(count), number(1), BYTE), 10),
                        set(out, ref(count), 11))))
                .isEmpty();
    }

    @Test
    void severalFindingsInOneRun() {
        with(new Register("count", BYTE, null, at(20)));
        for (int i = 0; i < 6; i++) {
            with(new Wire("w_" + i, BYTE, at(21)));
        }
        assertThat(report(module()).lines().filter(line -> line.contains("error[")))
                .containsExactly(
                        "Top.java:4: error[undriven]: output y of Top is never driven",
                        "Top.java:21: error[undriven]: wire w_0 of Top is never driven",
                        "Top.java:21: error[undriven]: wire w_1 of Top is never driven",
                        "Top.java:21: error[undriven]: wire w_2 of Top is never driven",
                        "Top.java:20: error[register-unassigned]: register count of Top is never assigned",
                        "error[undriven]: and 3 more like this at Top.java:21");
    }
}
