// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How values are brought side by side: long runs as a whole, the rest one by one. A run may carry along lanes that belong
 * elsewhere, if they come after it and are few, as at the edges of a grid.
 */
final class Moves {
    /** A shorter run is not worth a call that copies it. */
    private static final int MIN_RUN = 8;

    private static final int NOWHERE = Integer.MIN_VALUE;

    /**
     * A move within the state.
     *
     * @param from first slot, unless there is a constant
     * @param constant to store; null: what is in the slot
     */
    record Move(int from, int to, int count, @Nullable Value constant) {}

    private final Lanes lanes;
    private final int to;
    private final Places places;
    /** Distance that each lane moves. */
    private final int[] distance;

    private final boolean[] done;
    private final List<Move> moves = new ArrayList<>();

    private Moves(Lanes lanes, int to, Places places) {
        this.lanes = lanes;
        this.to = to;
        this.places = places;
        distance = new int[lanes.count()];
        done = new boolean[lanes.count()];
    }

    /** Moves that put the members of lanes at {@code to} and upwards, without those that lie there already. */
    static List<Move> of(Lanes lanes, int to, Places places) {
        return new Moves(lanes, to, places).moves();
    }

    private List<Move> moves() {
        boolean inPlace = false;
        for (int i = 0; i < distance.length; i++) {
            Value member = lanes.members[i];
            distance[i] = member.isConst() ? NOWHERE : places.slot(member) - (to + i);
            done[i] = distance[i] == 0;
            inPlace |= done[i];
        }
        if (!inPlace) {
            carry();
        }
        for (int i = 0; i < distance.length; ) {
            int end = i;
            while (end < distance.length && !done[end] && distance[end] == distance[i] && distance[i] != NOWHERE) {
                end++;
            }
            if (end - i >= MIN_RUN) {
                moves.add(new Move(to + i + distance[i], to + i, end - i, null));
                i = end;
            } else {
                if (!done[i]) {
                    Value member = lanes.members[i];
                    moves.add(
                            member.isConst()
                                    ? new Move(0, to + i, 1, member)
                                    : new Move(places.slot(member), to + i, 1, null));
                }
                i++;
            }
        }
        return moves;
    }

    /** Moves what most lanes have in common, and all that lies between. */
    private void carry() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int d : distance) {
            if (d != NOWHERE) {
                counts.merge(d, 1, Integer::sum);
            }
        }
        var most = counts.entrySet().stream().max(Map.Entry.comparingByValue());
        if (most.isEmpty() || most.get().getValue() < MIN_RUN) {
            return;
        }
        int common = most.get().getKey();
        int first = 0;
        while (distance[first] != common) {
            first++;
        }
        int last = distance.length - 1;
        while (distance[last] != common) {
            last--;
        }
        if (2 * most.get().getValue() >= last - first + 1) {
            moves.add(new Move(to + first + common, to + first, last - first + 1, null));
            for (int i = first; i <= last; i++) {
                done[i] = distance[i] == common;
            }
        }
    }
}
