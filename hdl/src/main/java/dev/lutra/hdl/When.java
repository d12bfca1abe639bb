// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** Continues a {@link Module#when}. */
public final class When {
    private final Module module;
    private final int number;
    private boolean complete;

    When(Module module, Bool condition, Runnable body) {
        this.module = module;
        int cond = Build.use(module, condition);
        number = module.recording().add(Op.WHEN, null, cond, -1, -1);
        module.inScope(body);
    }

    /** Statements that hold while no earlier condition is true and this one is. */
    public When elseWhen(Bool condition, Runnable body) {
        requireIncomplete("elseWhen");
        int cond = Build.use(module, condition);
        module.recording().add(Op.ELSE_WHEN, null, cond, number, -1);
        module.inScope(body);
        return this;
    }

    /** Statements that hold while no condition is true. */
    public void otherwise(Runnable body) {
        requireIncomplete("otherwise");
        complete = true;
        module.recording().add(Op.OTHERWISE, null, -1, number, -1);
        module.inScope(body);
    }

    private void requireIncomplete(String method) {
        if (complete) {
            module.session()
                    .error(
                            "branch-order",
                            method + "() after otherwise()",
                            "otherwise() is the last branch of a when()");
        }
    }
}
