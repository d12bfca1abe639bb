// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where values lie in the state: one {@code int[]} for up to 32 bits, one {@code long[]} for more, and arrays of their own. */
final class Places {
    /** Lanes start at multiples of this, so that HotSpot can take several of them in one instruction. */
    private static final int LANE_ALIGNMENT = 8;

    /**
     * Where the elements of a block lie.
     *
     * @param slot of the first, in the state or in a table
     * @param stride from one to the next
     * @param reach elements that can be read without looking at the index; a zero follows them if not every index is below it
     */
    record Block(int slot, int stride, int reach) {}

    /** A constant that lies in a slot from the start. */
    record Preset(Value constant, int slot) {}

    /** A slot that holds the place of a block from the start. */
    record Listed(int slot, int place) {}

    private final Design design;
    private final List<Value> values;
    private final Needs needs;
    private final int[] slot;
    private final Map<Value, Block> blocks = new HashMap<>();
    private final Map<Design.Store, Integer> stores = new HashMap<>();
    private final Map<Value, Integer> tables = new LinkedHashMap<>();
    private final Map<Lanes, Integer> lanes = new IdentityHashMap<>();
    /** Blocks in which loops look up. */
    private final Set<Value> laneBlocks = new HashSet<>();
    /** For lanes with a block each: where the places of the blocks are listed. */
    private final Map<Lanes, Integer> directories = new IdentityHashMap<>();

    private final List<Preset> presets = new ArrayList<>();
    private final List<Listed> listed = new ArrayList<>();
    private int ints;
    private int longs;

    Places(Design design, Needs needs) {
        this.design = design;
        this.values = design.graph().values();
        this.needs = needs;
        slot = new int[values.size()];
        Arrays.fill(slot, -1);
        for (Design.Store store : design.memories()) {
            stores.put(store, stores.size());
        }
        placeLanes();
        placeSources();
    }

    /** First slot of a value, or -1 if it lives in no slot. */
    int slot(Value v) {
        return slot[v.id];
    }

    /** First slot of lanes that lie side by side, or -1. */
    int slot(Lanes placed) {
        return lanes.getOrDefault(placed, -1);
    }

    int intSlots() {
        return ints;
    }

    int longSlots() {
        return longs;
    }

    /** First slot of the list of the places of blocks. */
    int directory(Lanes tables) {
        return directories.getOrDefault(tables, -1);
    }

    /** Slots that hold places of blocks from the start. */
    List<Listed> listed() {
        return listed;
    }

    /** Slots that hold constants from the start. */
    List<Preset> presets() {
        return presets;
    }

    Block block(Value block) {
        Block place = blocks.get(block);
        if (place == null) {
            throw new IllegalStateException("no place for " + block);
        }
        return place;
    }

    /** Number of a memory in the list of arrays. */
    int array(Design.Store store) {
        return stores.getOrDefault(store, -1);
    }

    /** Number of a block of constants in the list of arrays, or -1. */
    int table(Value block) {
        return tables.getOrDefault(block, -1);
    }

    /** Blocks of constants, which follow the memories in the list of arrays. */
    Map<Value, Integer> tables() {
        return tables;
    }

    /** New slots for a value, which become its place. */
    void place(Value v) {
        slot[v.id] = allocate(v, 1);
    }

    /** New slots for something of the type of a value. */
    int allocate(Value v, int count) {
        int first;
        if (v.isInt()) {
            first = ints;
            ints += count;
        } else {
            first = longs;
            longs += count * v.words();
        }
        return first;
    }

    /** New slots for something of the type of lanes. */
    int allocate(Lanes like) {
        ints = align(ints);
        longs = align(longs);
        return allocate(like.first(), like.count());
    }

    private static int align(int slots) {
        return (slots + LANE_ALIGNMENT - 1) / LANE_ALIGNMENT * LANE_ALIGNMENT;
    }

    private void constantSlot(Value v) {
        if (v.isConst() && slot[v.id] < 0) {
            place(v);
            presets.add(new Preset(v, slot[v.id]));
        }
    }

    // ---- lanes

    private void placeLanes() {
        for (LaneFinder.Group group : needs.lanes().groups()) {
            own(group.held());
        }
        for (Lanes operation : needs.lanes().operations()) {
            if (needs.lanes().isStored(operation)) {
                own(operation);
            }
        }
        for (Lanes gathered : needs.lanes().staged()) {
            if (!lanes.containsKey(gathered)) {
                if (ownable(gathered)) {
                    own(gathered);
                } else {
                    lanes.put(gathered, allocate(gathered));
                }
                presetConstants(gathered);
            }
        }
    }

    /** Gives the members of lanes their places. */
    private void own(Lanes placed) {
        int first = allocate(placed);
        lanes.put(placed, first);
        for (int i = 0; i < placed.count(); i++) {
            Value member = placed.members[i];
            if (!member.isConst()) {
                slot[member.id] = first + i;
            }
        }
    }

    private boolean ownable(Lanes gathered) {
        var seen = new HashSet<Value>();
        for (Value member : gathered.members) {
            if (!member.isConst() && (slot[member.id] >= 0 || !seen.add(member))) {
                return false;
            }
        }
        return true;
    }

    private void presetConstants(Lanes placed) {
        for (int i = 0; i < placed.count(); i++) {
            if (placed.members[i].isConst()) {
                presets.add(new Preset(placed.members[i], slot(placed) + i));
            }
        }
    }

    // ---- single values

    private void placeSources() {
        Map<Value, Integer> largestIndex = largestIndex();
        for (Value v : values) {
            if (needs.isLive(v) && v.op == Op.BLOCK) {
                placeBlock(v, largestIndex.getOrDefault(v, Integer.MAX_VALUE));
            }
        }
        for (Value v : values) {
            if (needs.isLive(v) && v.op == Op.SOURCE && slot[v.id] < 0) {
                place(v);
            } else if (needs.isLive(v) && Needs.usesHelper(v)) {
                for (Value operand : v.in) {
                    if (operand.isWide()) {
                        constantSlot(operand);
                    }
                }
            }
        }
        for (Lanes operation : needs.lanes().operations()) {
            if (operation.first().op == Op.SELECT && operation.in[1].kind == Lanes.Kind.BLOCKS) {
                placeDirectory(operation.in[1]);
            }
        }
        for (Value v : needs.lanes().gathered()) {
            if (slot[v.id] < 0) {
                place(v);
            }
        }
        design.outputs().forEach(output -> constantSlot(output.value()));
        design.signals().forEach(named -> constantSlot(named.value()));
        design.resets().forEach(reset -> constantSlot(reset.level()));
        Needs.watched(design).forEach(this::constantSlot);
    }

    private void placeDirectory(Lanes tables) {
        ints = align(ints);
        directories.put(tables, ints);
        for (Value block : tables.members) {
            listed.add(new Listed(ints++, block(block).slot()));
        }
    }

    private Map<Value, Integer> largestIndex() {
        var largest = new HashMap<Value, Integer>();
        for (Value v : values) {
            if (needs.isLive(v) && v.op == Op.SELECT) {
                largest.merge(v.in[1], Expressions.maximum(v.in[0]), Math::max);
            }
        }
        for (Lanes operation : needs.lanes().operations()) {
            if (operation.first().op == Op.SELECT) {
                for (Value block : operation.in[1].members) {
                    laneBlocks.add(block);
                    largest.merge(block, Expressions.maximum(operation.first().in[0]), Math::max);
                }
            }
        }
        return largest;
    }

    private void placeBlock(Value block, int largestIndex) {
        int n = block.in.length;
        int reach = MemoryShape.reach(n);
        int stride = block.isInt() ? 1 : block.words();
        if (Arrays.stream(block.in).allMatch(Value::isConst)) {
            tables.put(block, stores.size() + tables.size());
            blocks.put(block, new Block(0, stride, reach));
            return;
        }
        if (largestIndex < n && evenlyPlaced(block) && (!laneBlocks.contains(block) || distance(block) == 1)) {
            blocks.put(block, new Block(slot[block.in[0].id], distance(block), n));
            return;
        }
        int first = allocate(block, reach + 1);
        blocks.put(block, new Block(first, stride, reach));
        for (int i = 0; i < n; i++) {
            Value element = block.in[i];
            if (element.isConst()) {
                presets.add(new Preset(element, first + i * stride));
            } else if (slot[element.id] < 0) {
                slot[element.id] = first + i * stride;
            }
        }
    }

    private int distance(Value block) {
        return slot[block.in[1].id] - slot[block.in[0].id];
    }

    /** Whether the elements have places already, one as far from the next as the next from the one after it. */
    private boolean evenlyPlaced(Value block) {
        int stride = distance(block);
        for (int i = 0; i < block.in.length; i++) {
            Value element = block.in[i];
            if (slot[element.id] < 0 || slot[element.id] != slot[block.in[0].id] + i * stride) {
                return false;
            }
        }
        return stride > 0;
    }
}
