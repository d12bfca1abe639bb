// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The type of a signal in a {@link Sketch}. */
sealed interface Shape {

    /** An unsigned number. */
    record U(int width) implements Shape {
        @Override
        public String toString() {
            return "uint(" + width + ")";
        }
    }

    /** A signed number. */
    record S(int width) implements Shape {
        @Override
        public String toString() {
            return "sint(" + width + ")";
        }
    }

    /** A bit pattern. */
    record B(int width) implements Shape {
        @Override
        public String toString() {
            return "bits(" + width + ")";
        }
    }

    /** A truth value. */
    record Truth() implements Shape {
        @Override
        public int width() {
            return 1;
        }

        @Override
        public String toString() {
            return "bool()";
        }
    }

    /** One of so many values of an enumeration. */
    record Choice(int count) implements Shape {
        @Override
        public int width() {
            return Math.max(1, 32 - Integer.numberOfLeadingZeros(count - 1));
        }

        @Override
        public String toString() {
            return "enumOf(" + Choices.of(count).getSimpleName() + ".class)";
        }
    }

    /** Elements of one shape. */
    record Row(int count, Shape element) implements Shape {
        @Override
        public int width() {
            return count * element.width();
        }

        @Override
        public String toString() {
            return "vec(" + count + ", i -> " + element + ")";
        }
    }

    /** One to three fields. */
    record Pack(List<Shape> fields) implements Shape {
        public Pack {
            fields = List.copyOf(fields);
        }

        @Override
        public int width() {
            return fields.stream().mapToInt(Shape::width).sum();
        }

        @Override
        public String toString() {
            return "bundle" + fields.toString().replace('[', '(').replace(']', ')');
        }
    }

    Shape TRUTH = new Truth();

    /** Bits, of all elements together. */
    int width();

    /** Whether it is one value. */
    default boolean ground() {
        return !(this instanceof Row) && !(this instanceof Pack);
    }

    /** A number. */
    default boolean number() {
        return this instanceof U || this instanceof S;
    }

    /** The ground elements in order. */
    default List<Shape> leaves() {
        if (this instanceof Row row) {
            var all = new ArrayList<Shape>();
            for (int i = 0; i < row.count(); i++) {
                all.addAll(row.element().leaves());
            }
            return all;
        } else if (this instanceof Pack pack) {
            return pack.fields().stream().flatMap(f -> f.leaves().stream()).toList();
        }
        return List.of(this);
    }

    /** The numbers of the leaves, the one with the top bits first. */
    default List<Integer> msbFirst() {
        var order = new ArrayList<Integer>();
        msbFirst(0, order);
        return order;
    }

    private void msbFirst(int base, List<Integer> into) {
        if (this instanceof Row row) {
            int size = row.element().leaves().size();
            for (int i = row.count() - 1; i >= 0; i--) {
                row.element().msbFirst(base + i * size, into);
            }
        } else if (this instanceof Pack pack) {
            int at = base;
            for (Shape field : pack.fields()) {
                field.msbFirst(at, into);
                at += field.leaves().size();
            }
        } else {
            into.add(base);
        }
    }

    /** The shape of an element or field. */
    default Shape part(int index) {
        return this instanceof Row row ? row.element() : ((Pack) this).fields().get(index);
    }

    /** Elements or fields. */
    default int parts() {
        return this instanceof Row row ? row.count() : ((Pack) this).fields().size();
    }

    /** The first leaf of an element or field. */
    default int firstLeaf(int index) {
        int at = 0;
        for (int i = 0; i < index; i++) {
            at += part(i).leaves().size();
        }
        return at;
    }

    /** The least value of a ground shape. */
    default BigInteger min() {
        return this instanceof S s ? BigInteger.ONE.shiftLeft(s.width() - 1).negate() : BigInteger.ZERO;
    }

    /** The greatest value of a ground shape. */
    default BigInteger max() {
        if (this instanceof Choice choice) {
            return BigInteger.valueOf(choice.count() - 1L);
        }
        return BigInteger.ONE
                .shiftLeft(this instanceof S ? width() - 1 : width())
                .subtract(BigInteger.ONE);
    }

    /** The value of a ground shape with these low bits. */
    default BigInteger wrap(BigInteger value) {
        if (value.signum() >= 0 && value.bitLength() < width()) {
            return value;
        }
        BigInteger low = value.and(BigInteger.ONE.shiftLeft(width()).subtract(BigInteger.ONE));
        return this instanceof S && low.testBit(width() - 1) ? low.subtract(BigInteger.ONE.shiftLeft(width())) : low;
    }

    /** A fresh type of the language. */
    default Data type() {
        if (this instanceof U u) {
            return Hdl.uint(u.width());
        } else if (this instanceof S s) {
            return Hdl.sint(s.width());
        } else if (this instanceof B b) {
            return Hdl.bits(b.width());
        } else if (this instanceof Choice choice) {
            return Choices.type(choice.count());
        } else if (this instanceof Row row) {
            return Hdl.vec(row.count(), i -> row.element().type());
        } else if (this instanceof Pack pack) {
            return new Fields(pack.fields());
        }
        return Hdl.bool();
    }

    /** The value with all bits 0. */
    default List<BigInteger> zero() {
        return Collections.nCopies(leaves().size(), BigInteger.ZERO);
    }

    /** A bundle of up to three fields. */
    final class Fields extends Bundle {
        final Data a;
        final Data b;
        final Data c;

        Fields(List<Shape> shapes) {
            a = field(shapes.get(0).type());
            b = shapes.size() > 1 ? field(shapes.get(1).type()) : null;
            c = shapes.size() > 2 ? field(shapes.get(2).type()) : null;
        }

        Data get(int index) {
            return index == 0 ? a : index == 1 ? b : c;
        }
    }
}
