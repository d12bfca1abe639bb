// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds the arrows between the modules (docs/ARCHITECTURE.md, section 1) in main code. Nothing here sees cli, which may use everything. */
class ArchitectureTest {
    /** Package of a module, and the packages of other modules it may use. */
    static final Map<String, List<String>> ARROWS = Map.of(
            "hdl", List.of(),
            "machine", List.of(),
            "sim", List.of("hdl"),
            "pe", List.of("hdl", "machine"),
            "map", List.of("machine", "pe"),
            "runtime", List.of("machine", "map"),
            "gen", List.of("hdl", "machine", "sim", "pe", "runtime"),
            "bitstream", List.of("machine", "gen", "hdl", "pe", "sim"));

    static final List<String> MODULES = ARROWS.keySet().stream().sorted().toList();

    /** ArchUnit's own option knows target/test-classes, but not target/quick/test-classes. */
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.lutra");

    @Test
    void everyModuleIsSeen() {
        assertThat(MAIN.stream().map(c -> c.getPackageName().split("\\.")[2]).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(MODULES.stream(), Stream.of("verify")).toList());
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void usesOnlyTheModulesItsArrowsPointTo(String module) {
        String[] allowed = Stream.concat(Stream.of(module), ARROWS.get(module).stream())
                .map(name -> "dev.lutra." + name + "..")
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> elsewhere = resideInAnyPackage("dev.lutra..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
                .as("another module than %s", String.join(", ", allowed));
        noClasses()
                .that()
                .resideInAPackage("dev.lutra." + module + "..")
                .should()
                .dependOnClassesThat(elsewhere)
                .check(MAIN);
    }

    /** mapping may use the functional models of pe-arrays, and no hardware. */
    @Test
    void mappingKnowsNoHardware() {
        noClasses()
                .that()
                .resideInAPackage("dev.lutra.map..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are described with dev.lutra.hdl",
                        used -> used.getPackageName().startsWith("dev.lutra.pe")
                                && used.getDirectDependenciesFromSelf().stream()
                                        .anyMatch(d -> d.getTargetClass()
                                                .getPackageName()
                                                .startsWith("dev.lutra.hdl"))))
                .check(MAIN);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.lutra.(**)").should().beFreeOfCycles().check(MAIN);
    }

    /** Libraries return results and throw; only the command talks and ends the process. */
    @Test
    void librariesDoNotPrintOrExit() {
        noClasses().should().accessField(System.class, "out").check(MAIN);
        noClasses().should().accessField(System.class, "err").check(MAIN);
        noClasses().should().callMethod(System.class, "exit", int.class).check(MAIN);
    }

    /** The language must stay usable on its own. */
    @Test
    void hdlUsesNothingButAsm() {
        classes()
                .that()
                .resideInAPackage("dev.lutra.hdl..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.lutra.hdl..", "java..", "javax.annotation..", "org.objectweb.asm..", "org.jspecify..")
                .check(MAIN);
    }
}
