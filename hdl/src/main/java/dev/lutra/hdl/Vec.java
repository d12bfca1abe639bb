// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Elements of one type, chosen by a Java {@code int} or by a signal. In Verilog the elements are {@code name_0},
 * {@code name_1} and so on.
 *
 * @param <T> type of an element
 */
public final class Vec<T extends Data> extends Data implements Iterable<T> {
    private final List<T> elements;

    private Vec(List<T> elements) {
        this.elements = elements;
    }

    static <T extends Data> Vec<T> of(int size, IntFunction<T> element) {
        if (size < 1 || size > Types.MAX_WIDTH) {
            throw Session.misuse(
                    "width",
                    "vec(" + size + ", ...): a vector has 1 to " + Types.MAX_WIDTH + " elements",
                    size < 1 ? "leave it out where there are none" : "use memory() for many words");
        }
        var elements = new ArrayList<T>(size);
        for (int i = 0; i < size; i++) {
            elements.add(element.apply(i));
        }
        var first = elements.get(0);
        for (int i = 1; i < size; i++) {
            if (!elements.get(i).hasShapeOf(first)) {
                throw Session.misuse(
                        "type",
                        "vec: element " + i + " (" + elements.get(i).typeText() + ") is not like element 0 ("
                                + first.typeText() + ")",
                        "give all elements one type; for unlike ones use a Bundle or a Java list");
            }
        }
        return new Vec<>(elements);
    }

    /** Number of elements. */
    public int size() {
        return elements.size();
    }

    /** An element; the index is fixed when the circuit is built and must be in range. */
    public T get(int index) {
        if (index < 0 || index >= size()) {
            Build.error(
                    elements.get(0).leaves().get(0),
                    "index",
                    "element " + index + " of a vector of " + size(),
                    "elements are 0 to " + (size() - 1));
            return elements.get(0);
        }
        return elements.get(index);
    }

    /** The element at an index that hardware chooses; all bits 0 beyond the last one. Only for reading. */
    public T get(UInt index) {
        return Build.select(index, elements);
    }

    /** Drives the element at an index that hardware chooses; beyond the last one nothing is driven. */
    public void set(UInt index, T value) {
        var targets = elements.get(0).leaves();
        var values = value.leaves();
        var module = Build.driver(targets.get(0), values.get(0));
        if (module == null) {
            return;
        }
        module.checkScope(targets.get(0));
        var recording = module.recording();
        int subject = Build.use(module, index);
        int number = recording.add(Op.SWITCH, null, subject, -1, -1);
        for (int i = 0; i < Build.reachable(index, size()); i++) {
            recording.add(Op.CASE, null, -1, number, -1, List.of(BigInteger.valueOf(i)));
            module.session().openScope(module);
            elements.get(i).set(value);
            module.session().closeScope();
            recording.add(Op.END, null, -1, -1, -1);
        }
    }

    /** Drives every element by the element at the same place. */
    @Override
    public void set(Data value) {
        if (value instanceof Vec<?> that && that.size() == size()) {
            for (int i = 0; i < size(); i++) {
                elements.get(i).set(that.elements.get(i));
            }
            return;
        }
        var first = elements.get(0).leaves().get(0);
        var owner = first.owner();
        var session = owner == null ? Session.current() : owner.session();
        session.report(Diagnostic.error(
                "type",
                session.place(),
                value.typeText() + " cannot drive " + typeText(),
                "give both the same number of elements, or set them one by one"));
    }

    /** Gives every ground element of a register the same reset value. */
    public Vec<T> init(long value) {
        for (Ground leaf : leaves()) {
            Registers.init(leaf, leaf.code(value));
        }
        return this;
    }

    /** The elements in order. */
    public Stream<T> stream() {
        return elements.stream();
    }

    /** The elements in order, unmodifiable. */
    public List<T> asList() {
        return Collections.unmodifiableList(elements);
    }

    @Override
    public Iterator<T> iterator() {
        return asList().iterator();
    }

    @Override
    public int width() {
        return size() * elements.get(0).width();
    }

    @Override
    void leaves(List<Ground> into) {
        for (T element : elements) {
            element.leaves(into);
        }
    }

    @Override
    void msbFirst(List<Ground> into) {
        for (int i = size() - 1; i >= 0; i--) {
            elements.get(i).msbFirst(into);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // fresh keeps the class
    Vec<T> fresh() {
        return new Vec<>(elements.stream().map(e -> (T) e.fresh()).toList());
    }

    @Override
    void bind(Module owner, Op op, String path) {
        for (int i = 0; i < size(); i++) {
            elements.get(i).bind(owner, op, path + "_" + i);
        }
    }

    @Override
    String typeText() {
        return "Vec(" + size() + ", " + elements.get(0).typeText() + ")";
    }
}
