// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What the flow has to know of a Liberty file beside what Yosys reads itself. */
final class Liberty {

    private static final Pattern GROUP =
            Pattern.compile("\\b(cell|ff|ff_bank)\\s*\\(\\s*\"?([^\"()]*?)\"?\\s*\\)\\s*\\{");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

    private Liberty() {}

    /** Names of the cells with a flip-flop: those with a group {@code ff} or {@code ff_bank}. */
    static Set<String> flipFlops(String text) {
        var cells = new HashSet<String>();
        var group = GROUP.matcher(COMMENT.matcher(text).replaceAll(" "));
        String cell = "";
        while (group.find()) {
            if (group.group(1).equals("cell")) cell = group.group(2);
            else cells.add(cell);
        }
        return cells;
    }
}
