// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.IoReason;
import dev.lutra.machine.UserException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a project of the user's own. */
@Command(
        name = "new",
        description =
                "Makes a Maven project for hardware of your own: a matrix engine, its test, and its way to Verilog.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./lutra new my-core",
            "",
            "Then, in my-core: mvn -q test, ./verilog. Lutra goes along as one jar. Nothing that exists is overwritten."
        })
final class NewCommand implements Runnable {
    /** Files of the project, and the resources they come from. */
    private static final Map<String, String> FILES = new LinkedHashMap<>();

    static {
        for (String file : List.of(
                "pom.xml",
                "README.md",
                "verilog",
                "src/main/java/mycore/PlaneMac.java",
                "src/main/java/mycore/PlaneMacEngine.java",
                "src/main/java/mycore/ToVerilog.java",
                "src/main/resources/META-INF/services/dev.lutra.pe.MatrixEngine",
                "src/test/java/mycore/PlaneMacTest.java")) {
            FILES.put(file, "project/" + file + ".txt");
        }
        FILES.put(".gitignore", "project/gitignore.txt");
    }

    private static final String JAR = "lutra/lutra.jar";

    @Parameters(paramLabel = "DIR", description = "Folder of the project; made if it is not there.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        try {
            List<String> existing = new ArrayList<>();
            for (String file : FILES.keySet()) {
                if (Files.exists(folder.resolve(file))) {
                    existing.add(file);
                }
            }
            if (Files.exists(folder.resolve(JAR))) {
                existing.add(JAR);
            }
            if (!existing.isEmpty()) {
                throw UserException.badInput(
                        folder + " has files that would be overwritten: " + String.join(", ", existing),
                        "Give another folder, or move them away. Nothing was written.");
            }
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.writeString(path, text(file.getValue()));
            }
            if (!folder.resolve("verilog").toFile().setExecutable(true)) {
                throw new IOException("verilog cannot be made executable");
            }
            Path jar = folder.resolve(JAR);
            Files.createDirectories(Objects.requireNonNull(jar.getParent()));
            BundledJar.write(System.getProperty("java.class.path").split(File.pathSeparator), jar);
        } catch (IOException failure) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "cannot write to " + folder + ": " + IoReason.of(failure),
                    "Choose a folder that can be written, on a disk with room.",
                    failure);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("project  " + folder);
        out.println("test     cd " + folder + " && mvn -q test");
        out.println("Verilog  " + folder.resolve("verilog"));
        out.flush();
    }

    private String text(String resource) throws IOException {
        try (InputStream stream = Objects.requireNonNull(NewCommand.class.getResourceAsStream(resource), resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@NAME@", name())
                    .replace("@PATH@", folder.toString());
        }
    }

    /** A name for Maven, of the folder's. */
    private String name() {
        Path last = folder.toAbsolutePath().normalize().getFileName();
        String name = (last == null ? "" : last.toString())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "-")
                .replaceAll("^[-._]+|[-._]+$", "");
        return name.isEmpty() ? "core" : name;
    }
}
