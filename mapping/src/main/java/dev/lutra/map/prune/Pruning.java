// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.machine.NmRatio;
import dev.lutra.map.model.Region;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which part of the weights every layer keeps. The head is never pruned.
 *
 * @param ratio of all regions that are not among the exceptions
 * @param pairs whether rows 2i and 2i+1 of a matrix share a mask, so that a DSP block takes weights of both
 * @param exceptions by {@code region} or {@code layer.region}, such as {@code down} or {@code 0.qkv}; the narrower one counts
 */
public record Pruning(NmRatio ratio, boolean pairs, Map<String, NmRatio> exceptions) {
    private static final Pattern PLACE = Pattern.compile("((0|[1-9]\\d{0,3})\\.)?(qkv|o|gate_up|down)");

    public Pruning {
        exceptions = Map.copyOf(exceptions);
    }

    /** One ratio for all layers. */
    public Pruning(NmRatio ratio) {
        this(ratio, false, Map.of());
    }

    /** The ratio of a region of a layer. */
    public NmRatio of(Region region, int layer) {
        String name = region.name().toLowerCase(Locale.ROOT);
        NmRatio narrow = exceptions.get(layer + "." + name);
        return narrow != null ? narrow : exceptions.getOrDefault(name, ratio);
    }

    /** Layers that a model must have so that no exception is without one. */
    int layers() {
        return exceptions.keySet().stream()
                .filter(place -> place.contains("."))
                .mapToInt(place -> Integer.parseInt(place.substring(0, place.indexOf('.'))) + 1)
                .max()
                .orElse(0);
    }

    /** Reads {@code 2:4} or {@code 2:4/down=1:1/0.qkv=8:16}, with a {@code p} at the end for pairs of rows; empty if it is neither. */
    public static Optional<Pruning> parse(String text) {
        boolean pairs = text.endsWith("p");
        String[] parts = text.substring(0, text.length() - (pairs ? 1 : 0))
                .toLowerCase(Locale.ROOT)
                .split("/", -1);
        Optional<NmRatio> all = NmRatio.parse(parts[0]);
        Map<String, NmRatio> exceptions = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] sides = parts[i].split("=", -1);
            Optional<NmRatio> one = sides.length == 2 ? NmRatio.parse(sides[1]) : Optional.empty();
            if (one.isEmpty() || !PLACE.matcher(sides[0]).matches() || exceptions.put(sides[0], one.get()) != null) {
                return Optional.empty();
            }
        }
        return all.map(ratio -> new Pruning(ratio, pairs, exceptions));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(ratio.toString());
        new TreeMap<>(exceptions)
                .forEach((place, one) ->
                        text.append('/').append(place).append('=').append(one));
        return pairs ? text.append('p').toString() : text.toString();
    }
}
