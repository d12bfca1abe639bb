// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import dev.lutra.sim.EngineKind;
import java.util.List;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/** One run of a class or a method, on one engine: hands the engine over, and skips the run where a program is missing. */
record EngineInvocation(EngineKind engine)
        implements ClassTemplateInvocationContext,
                TestTemplateInvocationContext,
                ParameterResolver,
                ExecutionCondition {

    @Override
    public String getDisplayName(int invocation) {
        return engine.toString();
    }

    /** Nothing; both kinds of invocation have a default. */
    @Override
    public void prepareInvocation(ExtensionContext context) {}

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EngineKind.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return engine;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return engine.missing()
                .map(why -> ConditionEvaluationResult.disabled("skipped on " + engine + ": " + why))
                .orElseGet(() -> ConditionEvaluationResult.enabled(engine + " can run"));
    }
}
