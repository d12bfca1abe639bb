// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values of its subject the cases of a switch list.
 *
 * @param complete whether the cases are all there is: every value of the subject's type has one, of an enumeration every named
 *     value. Codes that are no value of the enumeration take the last case then; where there are such codes and a branch for
 *     the others, that branch is for them, and the switch counts as incomplete
 * @param missing some values without a case, none when complete
 * @param more whether there are others
 */
public record SwitchCover(boolean complete, List<BigInteger> missing, boolean more) {

    private static final int MISSING_SHOWN = 4;

    /** The cover of a switch. */
    public static SwitchCover of(Statement.Switch choice) {
        Set<BigInteger> listed = new HashSet<>();
        for (Statement.Case branch : choice.cases()) {
            listed.addAll(branch.values());
        }
        Type type = choice.subject().type();
        if (type instanceof Type.Enumeration names) {
            return named(names, listed, choice.otherwise().isEmpty());
        }
        BigInteger least = type.min();
        BigInteger most = type.max();
        BigInteger possible = most.subtract(least).add(BigInteger.ONE);
        if (BigInteger.valueOf(listed.size()).compareTo(possible) >= 0) {
            return new SwitchCover(true, List.of(), false);
        }
        var missing = new ArrayList<BigInteger>();
        for (BigInteger v = least;
                v.compareTo(most) <= 0 && missing.size() < MISSING_SHOWN;
                v = v.add(BigInteger.ONE)) {
            if (!listed.contains(v)) {
                missing.add(v);
            }
        }
        boolean more = possible.compareTo(BigInteger.valueOf((long) listed.size() + missing.size())) > 0;
        return new SwitchCover(false, List.copyOf(missing), more);
    }

    private static SwitchCover named(Type.Enumeration type, Set<BigInteger> listed, boolean noOther) {
        var missing =
                type.codes().stream().filter(code -> !listed.contains(code)).toList();
        boolean codesLeft = BigInteger.valueOf(type.codes().size()).bitCount() != 1
                || BigInteger.valueOf(type.codes().size()).bitLength() - 1 != type.width();
        boolean complete = missing.isEmpty() && (noOther || !codesLeft);
        int shown = Math.min(MISSING_SHOWN, missing.size());
        return new SwitchCover(complete, List.copyOf(missing.subList(0, shown)), missing.size() > shown);
    }
}
