// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operator at every width from 1 to 200, signed and not, on extreme and random numbers, against {@link BigInteger}. */
class WideTest {
    private static final int VALUES = 12;

    /** One operator: an output with the expected value of its inputs. */
    private record Case(Port out, Expected expected) {}

    private interface Expected {
        BigInteger of(BigInteger a, BigInteger b, BigInteger amount);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyOperatorAtEveryWidth(boolean signed) {
        for (int width = 1; width <= 200; width++) {
            operators(width, signed);
        }
    }

    private static Type type(int width, boolean signed) {
        return signed ? new Type.SInt(width) : new Type.UInt(width);
    }

    private static void operators(int width, boolean signed) {
        Type type = type(width, signed);
        var a = new Port("a", type, Direction.IN, Loc.UNKNOWN);
        var b = new Port("b", type, Direction.IN, Loc.UNKNOWN);
        var amount = new Port("n", new Type.UInt(9), Direction.IN, Loc.UNKNOWN);
        var ports = new ArrayList<>(List.of(a, b, amount));
        var body = new ArrayList<Statement>();
        var cases = new ArrayList<Case>();
        Expr x = new Expr.Ref(a);
        Expr y = new Expr.Ref(b);
        Expr n = new Expr.Ref(amount);
        Type grown = type(width + 1, signed);
        Type product = type(2 * width, signed);
        Type bool = new Type.Bool();
        Type raw = new Type.UInt(width);

        add(ports, body, cases, new Expr.Binary(BinaryOp.ADD, x, y, grown), (p, q, k) -> p.add(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.ADD, x, y, type), (p, q, k) -> p.add(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.SUB, x, y, type(width + 1, true)), (p, q, k) -> p.subtract(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.SUB, x, y, type), (p, q, k) -> p.subtract(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.MUL, x, y, product), (p, q, k) -> p.multiply(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.MUL, x, y, type), (p, q, k) -> p.multiply(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.DIV, x, y, grown), (p, q, k) -> quotient(p, q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.REM, x, y, type), (p, q, k) -> remainder(p, q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.AND, x, y, type), (p, q, k) -> p.and(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.OR, x, y, type), (p, q, k) -> p.or(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.XOR, x, y, type), (p, q, k) -> p.xor(q));
        add(ports, body, cases, new Expr.Binary(BinaryOp.EQ, x, y, bool), (p, q, k) -> bool(p.equals(q)));
        add(ports, body, cases, new Expr.Binary(BinaryOp.NE, x, y, bool), (p, q, k) -> bool(!p.equals(q)));
        add(ports, body, cases, new Expr.Binary(BinaryOp.LT, x, y, bool), (p, q, k) -> bool(p.compareTo(q) < 0));
        add(ports, body, cases, new Expr.Binary(BinaryOp.LE, x, y, bool), (p, q, k) -> bool(p.compareTo(q) <= 0));
        add(ports, body, cases, new Expr.Binary(BinaryOp.GT, x, y, bool), (p, q, k) -> bool(p.compareTo(q) > 0));
        add(ports, body, cases, new Expr.Binary(BinaryOp.GE, x, y, bool), (p, q, k) -> bool(p.compareTo(q) >= 0));
        add(ports, body, cases, new Expr.Binary(BinaryOp.SHL, x, n, type), (p, q, k) -> p.shiftLeft(k.intValue()));
        add(ports, body, cases, new Expr.Binary(BinaryOp.SHR, x, n, type), (p, q, k) -> p.shiftRight(k.intValue()));
        add(ports, body, cases, new Expr.Unary(UnaryOp.NOT, x, type), (p, q, k) -> p.not());
        add(ports, body, cases, new Expr.Unary(UnaryOp.NEG, x, type(width + 1, true)), (p, q, k) -> p.negate());
        add(ports, body, cases, new Expr.Unary(UnaryOp.AND_R, x, bool), (p, q, k) -> bool(ones(p, width) == width));
        add(ports, body, cases, new Expr.Unary(UnaryOp.OR_R, x, bool), (p, q, k) -> bool(ones(p, width) > 0));
        add(ports, body, cases, new Expr.Unary(UnaryOp.XOR_R, x, bool), (p, q, k) -> bool(ones(p, width) % 2 == 1));
        add(
                ports,
                body,
                cases,
                new Expr.Mux(new Expr.Slice(n, 0, 0, bool), x, y, type),
                (p, q, k) -> k.testBit(0) ? p : q);
        add(ports, body, cases, new Expr.Extend(x, type(width + 70, signed)), (p, q, k) -> p);
        add(ports, body, cases, new Expr.Reinterpret(x, type(width, !signed)), (p, q, k) -> p);
        add(ports, body, cases, new Expr.Truncate(x, type((width + 1) / 2, signed)), (p, q, k) -> p);
        add(
                ports,
                body,
                cases,
                new Expr.Slice(x, width - 1, width / 3, new Type.Bits(width - width / 3)),
                (p, q, k) -> p.shiftRight(width / 3));
        add(
                ports,
                body,
                cases,
                new Expr.Concat(List.of(x, y, x), new Type.Bits(3 * width)),
                (p, q, k) -> raw.wrap(p)
                        .shiftLeft(2 * width)
                        .or(raw.wrap(q).shiftLeft(width))
                        .or(raw.wrap(p)));
        add(
                ports,
                body,
                cases,
                new Expr.Select(new Expr.Slice(n, 2, 0, new Type.UInt(3)), List.of(x, y, x, y, x), type),
                (p, q, k) -> k.intValue() % 8 > 4 ? BigInteger.ZERO : k.testBit(0) ? q : p);

        var module = new Module(
                "ops", "ops", "", List.of(), ports, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                body, false, false);
        var random = new Random(width);
        try (var engine = EmbeddedEngine.open(new Circuit(module, List.of(module)))) {
            for (int i = 0; i < VALUES; i++) {
                BigInteger p = number(random, type);
                BigInteger q = number(random, type);
                BigInteger k = BigInteger.valueOf(random.nextInt(random.nextBoolean() ? 512 : width + 1));
                engine.poke(0, words(p, width));
                engine.poke(1, words(q, width));
                engine.poke(2, k.longValue());
                for (Case one : cases) {
                    Type to = one.out.type();
                    long[] actual = new long[(to.width() + 63) / 64];
                    engine.peek(ports.indexOf(one.out), actual);
                    assertThat(actual)
                            .as("%s with a = %s, b = %s, n = %s", body.get(cases.indexOf(one)), p, q, k)
                            .isEqualTo(words(to.wrap(one.expected.of(p, q, k)), to.width()));
                }
            }
        }
    }

    /** A value of a type, often an extreme one. */
    private static BigInteger number(Random random, Type type) {
        return switch (random.nextInt(6)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> type.max();
            case 2 -> type.min();
            case 3 -> type.wrap(BigInteger.valueOf(random.nextInt(16)));
            default -> type.wrap(new BigInteger(type.width(), random));
        };
    }

    private static void add(List<Port> ports, List<Statement> body, List<Case> cases, Expr value, Expected expected) {
        var out = new Port("out" + cases.size(), value.type(), Direction.OUT, Loc.UNKNOWN);
        ports.add(out);
        Signal target = out;
        body.add(new Statement.Assign(target, value, Loc.UNKNOWN));
        cases.add(new Case(out, expected));
    }

    private static BigInteger quotient(BigInteger a, BigInteger b) {
        return b.signum() == 0 ? BigInteger.ONE.negate() : a.divide(b);
    }

    private static BigInteger remainder(BigInteger a, BigInteger b) {
        return b.signum() == 0 ? a : a.remainder(b);
    }

    private static int ones(BigInteger value, int width) {
        return value.and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE))
                .bitCount();
    }

    private static BigInteger bool(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    private static long[] words(BigInteger value, int width) {
        long[] words = new long[(width + 63) / 64];
        for (int k = 0; k < words.length; k++) {
            words[k] = value.shiftRight(64 * k).longValue();
        }
        return words;
    }
}
