// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;
import java.util.List;

/** Records a switch and its cases. */
final class Cases {
    private final Module module;
    private final Ground subject;
    private final int number;
    private boolean complete;

    Cases(Module module, Ground subject) {
        this.module = module;
        this.subject = subject;
        number = module.recording().add(Op.SWITCH, null, Build.use(module, subject), -1, -1);
    }

    /** Records a case. Values out of the subject's range are reported and left out. */
    void add(List<BigInteger> values, Runnable body) {
        requireIncomplete("is");
        var legal = values.stream().filter(v -> Build.inRange(subject, v)).toList();
        module.recording().add(Op.CASE, null, -1, number, -1, legal);
        module.inScope(body);
    }

    void addDefault(Runnable body) {
        requireIncomplete("otherwise");
        complete = true;
        module.recording().add(Op.DEFAULT, null, -1, number, -1);
        module.inScope(body);
    }

    private void requireIncomplete(String method) {
        if (complete) {
            module.session()
                    .error(
                            "branch-order",
                            method + "() after otherwise()",
                            "otherwise() is the last branch of a switchOn()");
        }
    }
}
