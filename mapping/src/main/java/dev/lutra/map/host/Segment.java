// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import java.util.ArrayList;
import java.util.List;

/** Columns {@code from..to-1} of one group, few enough that sums over them fit the partial sums of a product. */
record Segment(int group, int from, int to) {

    int length() {
        return to - from;
    }

    /** Cuts the columns of a matrix at group ends and every {@code most} columns of a group. */
    static List<Segment> of(PlaneMatrix matrix, int most) {
        List<Segment> segments = new ArrayList<>();
        for (int group = 0; group < matrix.groups(); group++) {
            int end = Math.min((group + 1) * matrix.groupSize(), matrix.cols());
            for (int from = group * matrix.groupSize(); from < end; from += most) {
                segments.add(new Segment(group, from, Math.min(from + most, end)));
            }
        }
        return segments;
    }
}
