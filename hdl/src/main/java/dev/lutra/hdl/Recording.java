// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a module's constructor does, in order. As long as it does just what an earlier module of the same
 * {@linkplain ModuleKey class and parameters} did, nothing is stored and no names are looked up: the recording
 * <em>follows</em> that earlier one and only compares. At the first difference it goes its own way, with a copy of what
 * was common. So repeated instances cost little, and equality of definitions is proven rather than assumed.
 */
final class Recording {
    private static final int CANDIDATES = 16;

    private final Session session;
    private final Module module;
    private final ModuleKey key;
    private final List<Recording> peers;
    private @Nullable Recording followed;
    private List<Item> items = List.of();
    private int size;

    /**
     * @param module whose constructor this is of
     * @param peers recordings of the same key that have items of their own, oldest first; this one may be added
     */
    Recording(Session session, Module module, ModuleKey key, List<Recording> peers) {
        this.session = session;
        this.module = module;
        this.key = key;
        this.peers = peers;
        if (peers.isEmpty()) {
            goOwnWay();
        } else {
            followed = peers.get(peers.size() - 1);
        }
    }

    ModuleKey key() {
        return key;
    }

    int size() {
        return size;
    }

    Item get(int number) {
        return followed != null ? followed.items.get(number) : items.get(number);
    }

    /** Appends an item and returns its number. */
    int add(Op op, @Nullable Type type, int a, int b, int c, @Nullable Object x) {
        session.requireOpen();
        if (followed != null) {
            var theirs = followed.items;
            if (size < theirs.size() && theirs.get(size).is(op, type, a, b, c, x)) {
                return size++;
            }
            return diverge(op, type, a, b, c, x);
        }
        Origin origin;
        if (op == Op.INSTANCE) {
            origin = session.instanceOrigin();
        } else if (op == Op.ASSIGN && items.get(a).op == Op.INSTANCE_PORT) {
            // Connections of instances are the most frequent statements, and only messages ask where they are.
            origin = Origin.at(Loc.later(new StackTrace(module)));
        } else if (op.hasOrigin()) {
            origin = Frames.WALKER.walk(Frames.ORIGIN); // straight to the walker: each frame in between costs time
        } else {
            origin = Origin.UNKNOWN;
        }
        if (session.inPart()) {
            origin = origin.asPart();
        } else if (op.isValue() || op == Op.READ) {
            session.checkUse(origin);
        }
        items.add(new Item(op, type, a, b, c, x, origin, session.path()));
        return size++;
    }

    int add(Op op, @Nullable Type type, int a, int b, int c) {
        return add(op, type, a, b, c, null);
    }

    /** Appends a signal that is a leaf of a bundle or vector at a path. */
    int addLeaf(Op op, Type type, String path) {
        if (followed != null) {
            var theirs = followed.items;
            if (size < theirs.size() && theirs.get(size).is(op, type, -1, -1, -1, null)) {
                return size++;
            }
        }
        return Session.leaf(path, () -> add(op, type, -1, -1, -1));
    }

    /** Stops following, whether or not more items come, so that {@link #items} is final. */
    List<Item> items() {
        if (followed != null && followed.size != size) {
            goOwnWay();
        }
        return followed != null ? followed.items : items;
    }

    /** The recording followed to its very end, or null. Call {@link #items} first. */
    @Nullable
    Recording followed() {
        return followed;
    }

    private int diverge(Op op, @Nullable Type type, int a, int b, int c, @Nullable Object x) {
        int tried = 0;
        for (int i = peers.size() - 1; i >= 0 && tried < CANDIDATES; i--, tried++) {
            var peer = peers.get(i);
            if (peer != followed
                    && size < peer.items.size()
                    && peer.items.get(size).is(op, type, a, b, c, x)
                    && samePrefix(peer)) {
                followed = peer;
                return size++;
            }
        }
        goOwnWay();
        return add(op, type, a, b, c, x);
    }

    private boolean samePrefix(Recording peer) {
        for (int i = size - 1; i >= 0; i--) {
            var mine = get(i);
            var theirs = peer.items.get(i);
            if (mine != theirs && !mine.sameAs(theirs)) {
                return false;
            }
        }
        return true;
    }

    private void goOwnWay() {
        var own = new ArrayList<Item>();
        if (followed != null) {
            own.addAll(followed.items.subList(0, size));
        }
        items = own;
        followed = null;
        peers.add(this);
    }
}
