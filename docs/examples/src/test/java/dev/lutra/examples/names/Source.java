// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;

/** A Java file, and where something can be added to its modules. */
final class Source {
    /** Behind a statement of a constructor or of a block in it, with the end of the class's body; or before a member of the class. */
    private record Place(int statement, int member) {}

    private final String text;
    private final List<Place> statements = new ArrayList<>();
    private final List<Place> members = new ArrayList<>();

    Source(Path file, JavaCompiler compiler, StandardJavaFileManager files) throws IOException {
        text = Files.readString(file);
        var task = (JavacTask)
                compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
        var positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : task.parse()) {
            new Scanner(unit, positions).scan(unit, null);
        }
    }

    /** At how many places an edit can be made. */
    int places(Edit edit) {
        return places(edit, 0, Integer.MAX_VALUE).size();
    }

    private List<Place> places(Edit edit, int from, int to) {
        var all = edit == Edit.PORT ? members : statements;
        return all.subList(Math.min(from, all.size()), Math.min(to, all.size()));
    }

    /** The text with an edit made at each of its places from (inclusive) to (exclusive). */
    String with(Edit edit, int from, int to) {
        var added = new TreeMap<Integer, StringBuilder>();
        int number = from;
        for (var place : places(edit, from, to)) {
            add(added, place.statement, edit.statement(number));
            add(added, place.member, edit.member(number));
            number++;
        }
        var edited = new StringBuilder(text);
        added.descendingMap().forEach(edited::insert);
        return edited.toString();
    }

    private static void add(TreeMap<Integer, StringBuilder> added, int at, String what) {
        if (!what.isEmpty()) {
            added.computeIfAbsent(at, a -> new StringBuilder("\n")).append(what).append('\n');
        }
    }

    private final class Scanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        /** End of the body of the module whose constructor is scanned, or -1 outside constructors. */
        private int end = -1;

        Scanner(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        private int start(Tree tree) {
            return (int) positions.getStartPosition(unit, tree);
        }

        private int end(Tree tree) {
            return (int) positions.getEndPosition(unit, tree);
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            var parent = type.getExtendsClause();
            if (parent == null || !parent.toString().equals("Module")) {
                return super.visitClass(type, null);
            }
            for (Tree member : type.getMembers()) {
                boolean constructor = member instanceof MethodTree method && method.getReturnType() == null;
                if (constructor || member.getKind() == Tree.Kind.VARIABLE) {
                    members.add(new Place(start(member), start(member)));
                }
                int outer = end;
                end = constructor ? end(type) - 1 : -1;
                scan(member, null);
                end = outer;
            }
            return null;
        }

        @Override
        public Void visitBlock(BlockTree block, Void nothing) {
            if (end >= 0) {
                for (StatementTree statement : block.getStatements()) {
                    statements.add(new Place(end(statement), end));
                }
            }
            return super.visitBlock(block, null);
        }
    }
}
