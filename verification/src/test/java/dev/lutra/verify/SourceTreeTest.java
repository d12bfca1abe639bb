// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What every source file of the checkout must have, in all modules. */
class SourceTreeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> SKIPPED_FOLDERS = Set.of("target", ".git", ".idea", ".vscode");
    private static final List<String> SOURCE_ENDINGS =
            List.of(".java", ".c", ".h", ".cpp", ".hpp", ".v", ".py", ".sh", "pom.xml");
    private static final List<Path> FILES = files();

    private static List<Path> files() {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.add(ROOT.relativize(file));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(found);
    }

    private static boolean isSource(Path file) {
        String name = file.toString();
        return SOURCE_ENDINGS.stream().anyMatch(name::endsWith) || name.equals("lutra") || name.equals(".ci/run");
    }

    private static List<Path> sourcesWhere(Predicate<String> text) {
        return FILES.stream()
                .filter(SourceTreeTest::isSource)
                .filter(file -> text.test(read(file)))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theWholeCheckoutIsSeen() {
        assertThat(FILES)
                .contains(Path.of("pom.xml"), Path.of("lutra"), Path.of("cli/src/main/java/dev/lutra/cli/Main.java"));
    }

    @Test
    void sourcesNameTheirLicenceAtTheTop() {
        assertThat(sourcesWhere(text ->
                        text.lines().limit(2).noneMatch(line -> line.contains("SPDX-License-Identifier: Apache-2.0"))))
                .isEmpty();
    }

    @Test
    void sourcesHoldNoTabs() {
        assertThat(sourcesWhere(text -> text.indexOf('\t') >= 0)).isEmpty();
    }

    @Test
    void everyPackageOfMainCodeIsDescribedAndNullMarked() {
        List<Path> packages = FILES.stream()
                .filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
                .map(Path::getParent)
                .distinct()
                .toList();
        assertThat(packages).hasSizeGreaterThanOrEqualTo(10).allSatisfy(folder -> {
            Path info = ROOT.resolve(folder).resolve("package-info.java");
            assertThat(info).exists();
            assertThat(info).content().contains("/**").contains("@NullMarked");
        });
    }

    /**
     * Surefire and failsafe look for these names only: a test class called otherwise would never run. Abstract ones run as what
     * extends them.
     */
    @Test
    void testClassesHaveNamesTheBuildRuns() {
        List<Path> unseen = FILES.stream()
                .filter(file -> file.toString().matches(".*/src/test/java/.*\\.java"))
                .filter(file -> !file.toString().matches(".*(Test|Tests|IT)\\.java"))
                .filter(file -> read(file).lines().noneMatch(line -> line.matches("(public )?abstract class .*")))
                .filter(file -> read(file)
                        .lines()
                        .anyMatch(line -> line.matches("\\s*@(Test|Property|ParameterizedTest|Example|Engines)\\b.*")))
                .toList();
        assertThat(unseen).isEmpty();
    }
}
