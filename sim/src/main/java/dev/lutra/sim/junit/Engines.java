// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import dev.lutra.sim.EngineKind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test method, or all tests of a class, once per engine. The method, or the constructor of the class, takes the engine
 * as a parameter:
 *
 * <pre>{@code
 * @Engines({EMBEDDED, VERILATOR})
 * void counts(EngineKind engine) {
 *   try (var sim = engine.open(Circuit.of(Counter::new))) { ... }
 * }
 * }</pre>
 *
 * <p>An engine whose programs are not installed is skipped, with the reason. {@code -Dlutra.engines=embedded,icarus} chooses other
 * engines than a test declares, {@code -Dlutra.engines=all} or {@code -Dlutra.deep=true} all of them.
 *
 * <p>On a parameter {@code @ForAll EngineKind} of a jqwik property it says which engines are tried; without it, the embedded one.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ClassTemplate
@TestTemplate
@ExtendWith(EnginesExtension.class)
public @interface Engines {

    /** Engines of a run that chooses none. */
    EngineKind[] value() default EngineKind.EMBEDDED;

    /** Engines that cannot run the test, whatever a run chooses. */
    EngineKind[] except() default {};
}
