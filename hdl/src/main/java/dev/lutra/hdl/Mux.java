// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** Selection between two signals of any type, leaf by leaf. */
final class Mux {
    private Mux() {}

    @SuppressWarnings("unchecked") // fresh and ofWidth keep the class
    static <T extends Data> T of(Bool condition, T a, T b) {
        if (a instanceof Ground left && b instanceof Ground right) {
            return (T) ground(condition, left, right);
        }
        var result = (T) a.fresh();
        var lefts = a.leaves();
        var rights = b.leaves();
        var results = result.leaves();
        if (!a.hasShapeOf(b)) {
            Build.error(
                    condition,
                    "type",
                    "mux() of " + a.typeText() + " and an unlike " + b.typeText(),
                    "give both one type");
            return a;
        }
        var paths = new LeafPaths(result);
        for (int i = 0; i < results.size(); i++) {
            var left = lefts.get(i);
            var right = rights.get(i);
            var leaf = results.get(i);
            leaf.bindLike(Session.leaf(paths.of(leaf), () -> ground(condition, left, right)));
        }
        return result;
    }

    private static Ground ground(Bool condition, Ground a, Ground b) {
        boolean numbers = a instanceof UInt || a instanceof SInt;
        if (a instanceof SFix left && b instanceof SFix right) {
            return fixed(condition, left, right);
        }
        if (a instanceof UFix left && b instanceof UFix right) {
            return fixed(condition, left, right);
        }
        if (a.getClass() != b.getClass() || !numbers && !a.type().equals(b.type())) {
            Build.error(
                    condition,
                    "type",
                    "mux() of " + a.describe() + " and " + b.describe(),
                    "convert one of them: both must be of one kind" + (numbers ? "" : " and width"));
            return a;
        }
        if (Ranges.known(a, b) && a instanceof UInt) {
            return Build.mux(condition, a, b, Ranges.uint(a.known().hull(b.known())));
        }
        if (Ranges.known(a, b) && a instanceof SInt) {
            return Build.mux(condition, a, b, Ranges.sint(a.known().hull(b.known())));
        }
        return Build.mux(condition, a, b, a.ofWidth(Math.max(a.width(), b.width())));
    }

    private static <F extends Fixed<F>> F fixed(Bool condition, F a, F b) {
        int fractions = a.fractions(b);
        var left = Session.part(() -> a.withFraction(fractions));
        var right = Session.part(() -> b.withFraction(fractions));
        return Build.mux(condition, left, right, a.format(a.integers(b), fractions));
    }
}
