// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The same design from class files with, without and with misleading debug information: the structure never changes, names
 * degrade and do not lie.
 */
class DebugInformationTest {
    private static final String SOURCE = """
            package sample;

            import dev.lutra.hdl.Bool;
            import dev.lutra.hdl.Module;
            import dev.lutra.hdl.UInt;

            public class Sample extends Module {
                final UInt a = in(uint(8));
                final UInt b = in(uint(8));
                final UInt o = out(uint(9));
                final Inner inner;

                public static class Inner extends Module {
                    final UInt x = in(uint(8));
                    final UInt y = out(uint(8));

                    Inner() {
                        var twice = x.wrapAdd(x);
                        y.set(twice);
                    }
                }

                public Sample() {
                    this(3);
                }

                Sample(int start) {
                    var held = reg(uint(8)).init(start);
                    inner = new Inner();
                    inner.x.set(held);
                    var sum = a.add(b);
                    var first = a.xor(b); var second = b.xor(inner.y);
                    UInt[] stage = new UInt[2];
                    for (int i = 0; i < 2; i++) {
                        stage[i] = reg(uint(8));
                        stage[i].set(i == 0 ? a : stage[i - 1]);
                    }
                    held.set(helped(first.and(stage[1])));
                    when(sum.eq(3), () -> {
                        var inside = sum.wrapAdd(second);
                        o.set(inside.truncate(8));
                    }).otherwise(() -> o.set(sum));
                }

                private UInt helped(UInt value) {
                    var more = value.wrapAdd(1);
                    return more.xor(value);
                }
            }
            """;

    private static final List<String> REGISTERS = List.of("held", "stage_0", "stage_1");

    @Test
    void withDebugInformation() {
        var good = elaborate(compile("-g"), UnaryOperator.identity());
        assertThat(names(good.circuit().top().registers())).isEqualTo(REGISTERS);
        assertThat(good.warnings()).isEmpty();
        assertThat(names(good.circuit().top().nodes())).contains("sum", "first", "second", "more", "inside_");
        assertThat(good.circuit().top().nodes().get(0).loc().toString()).isEqualTo("Sample.java:31");
    }

    @Test
    void withLinesOnly() {
        var lines = elaborate(compile("-g:lines,source"), UnaryOperator.identity());
        assertThat(structure(lines)).isEqualTo(structure(reference()));
        assertThat(names(lines.circuit().top().ports())).containsExactly("a", "b", "o");
        assertThat(lines.circuit().top().instances().get(0).name()).isEqualTo("inner");
        assertThat(lines.circuit().top().registers().get(0).loc().toString()).isEqualTo("Sample.java:28");
        assertThat(lines.warnings())
                .hasToString(
                        "[Sample.java:18: warning[no-names]: Sample.java was compiled without names of local variables;"
                                + " signals get made-up names\n    hint: compile with javac -g (Maven does by default)]");
    }

    @Test
    void withoutAny() {
        var none = elaborate(compile("-g:none"), UnaryOperator.identity());
        assertThat(structure(none)).isEqualTo(structure(reference()));
        assertThat(names(none.circuit().top().ports())).containsExactly("a", "b", "o");
        assertThat(none.circuit().top().nodes().get(0).loc().known()).isFalse();
    }

    /** Like a coverage agent on the fly: what runs is not what the class file says. */
    @Test
    void withProbesOfACoverageAgent() {
        var probed = elaborate(compile("-g"), DebugInformationTest::withProbes);
        assertThat(structure(probed)).isEqualTo(structure(reference()));
        assertThat(names(probed.circuit().top().registers())).isEqualTo(REGISTERS);
        // 'first' and 'second' come from two calls of one method on one line: nobody can tell them apart then.
        var nodes = names(probed.circuit().top().nodes());
        assertThat(nodes).contains("sum", "more", "inside_").doesNotContain("first", "second");
        assertThat(probed.circuit().top().nodes().get(0).loc().toString()).isEqualTo("Sample.java:31");
    }

    private static Elaboration<Module> reference() {
        return elaborate(compile("-g"), UnaryOperator.identity());
    }

    private static List<String> names(List<? extends Signal> signals) {
        return signals.stream().map(Signal::name).toList();
    }

    // ---- structure without names ----

    private static String structure(Elaboration<?> elaboration) {
        return elaboration.circuit().modules().stream()
                .map(DebugInformationTest::structure)
                .collect(Collectors.joining("\n"));
    }

    private static String structure(dev.lutra.hdl.ir.Module module) {
        var numbers = new HashMap<Object, Integer>();
        for (var list : List.of(module.ports(), module.wires(), module.registers())) {
            list.forEach(signal -> numbers.put(signal, numbers.size()));
        }
        return module.ports().size() + " " + module.registers().size() + " " + statements(module.body(), numbers);
    }

    private static String statements(List<Statement> body, Map<Object, Integer> numbers) {
        var text = new StringBuilder();
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign) {
                text.append(signal(assign.target(), numbers)).append('=').append(expr(assign.value(), numbers));
            } else if (statement instanceof Statement.When when) {
                text.append("when ").append(expr(when.cond(), numbers));
                text.append(" {").append(statements(when.then(), numbers)).append('}');
                text.append(" {").append(statements(when.otherwise(), numbers)).append('}');
            }
            text.append(';');
        }
        return text.toString();
    }

    private static String expr(Expr expr, Map<Object, Integer> numbers) {
        if (expr instanceof Expr.Ref ref) {
            return ref.signal() instanceof Node node ? expr(node.value(), numbers) : signal(ref.signal(), numbers);
        }
        if (expr instanceof Expr.Binary binary) {
            return binary.op() + ":" + binary.type() + "(" + expr(binary.a(), numbers) + "," + expr(binary.b(), numbers)
                    + ")";
        }
        if (expr instanceof Expr.Truncate truncate) {
            return truncate.type() + "(" + expr(truncate.a(), numbers) + ")";
        }
        if (expr instanceof Expr.Extend extend) {
            return extend.type() + "(" + expr(extend.a(), numbers) + ")";
        }
        if (expr instanceof Expr.Literal literal) {
            return literal + ":" + literal.type();
        }
        throw new IllegalArgumentException(expr.toString());
    }

    private static String signal(Signal signal, Map<Object, Integer> numbers) {
        if (signal instanceof dev.lutra.hdl.ir.InstancePort port) {
            return "port" + port.instance().module().ports().indexOf(port.port());
        }
        return "s" + numbers.get(signal);
    }

    // ---- class files ----

    private static Map<String, byte[]> compile(String debug) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var classes = new HashMap<String, ByteArrayOutputStream>();
        var source = new SimpleJavaFileObject(URI.create("string:///sample/Sample.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return SOURCE;
            }
        };
        var files =
                new ForwardingJavaFileManager<StandardJavaFileManager>(
                        compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                        return new SimpleJavaFileObject(URI.create("string:///" + name + ".class"), kind) {
                            @Override
                            public OutputStream openOutputStream() {
                                return classes.computeIfAbsent(name, n -> new ByteArrayOutputStream());
                            }
                        };
                    }
                };
        var options = List.of(debug, "-cp", System.getProperty("java.class.path"), "--release", "17");
        assertThat(compiler.getTask(null, files, null, options, null, List.of(source))
                        .call())
                .isTrue();
        var result = new HashMap<String, byte[]>();
        classes.forEach((name, bytes) -> result.put(name, bytes.toByteArray()));
        return result;
    }

    private static Elaboration<Module> elaborate(Map<String, byte[]> classes, UnaryOperator<byte[]> agent) {
        var loader = new ClassLoader(DebugInformationTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] file = classes.get(name);
                if (file == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] loaded = agent.apply(file);
                return defineClass(name, loaded, 0, loaded.length);
            }

            @Override
            public @Nullable InputStream getResourceAsStream(String name) {
                byte[] file = classes.get(name.replace(".class", "").replace('/', '.'));
                return file == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(file);
            }
        };
        return Circuit.of(() -> {
            try {
                return (Module)
                        loader.loadClass("sample.Sample").getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Puts instructions of several bytes before each call. */
    private static byte[] withProbes(byte[] file) {
        var writer = new ClassWriter(0);
        new ClassReader(file)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                var next = super.visitMethod(access, name, descriptor, signature, exceptions);
                                return new MethodVisitor(Opcodes.ASM9, next) {
                                    @Override
                                    public void visitMethodInsn(
                                            int opcode, String owner, String name, String descriptor, boolean itf) {
                                        for (int i = 0; i < 7; i++) {
                                            super.visitInsn(Opcodes.NOP);
                                        }
                                        super.visitMethodInsn(opcode, owner, name, descriptor, itf);
                                    }
                                };
                            }
                        },
                        0);
        return writer.toByteArray();
    }
}
