// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;
import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;

import dev.lutra.sim.EngineKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** What {@link Engines} does on classes and methods. */
final class EnginesExtension implements ClassTemplateInvocationContextProvider, TestTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return isAnnotated(context.getTestClass(), Engines.class);
    }

    @Override
    public Stream<EngineInvocation> provideClassTemplateInvocationContexts(ExtensionContext context) {
        return invocations(
                findAnnotation(context.getRequiredTestClass(), Engines.class).orElseThrow());
    }

    @Override
    public boolean mayReturnZeroClassTemplateInvocationContexts(ExtensionContext context) {
        return true;
    }

    /** A class may have other templates, such as parameterized tests. */
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return isAnnotated(context.getTestMethod(), Engines.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        return invocations(findAnnotation(context.getRequiredTestMethod(), Engines.class)
                        .orElseThrow())
                .map(TestTemplateInvocationContext.class::cast);
    }

    @Override
    public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
        return true;
    }

    private static Stream<EngineInvocation> invocations(Engines declared) {
        return ChosenEngines.of(declared).stream().sorted(EngineKind::compareTo).map(EngineInvocation::new);
    }
}
