// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.model.Region;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which part of the weights every layer keeps. The head is never pruned.
 *
 * @param kept of all regions that are not among the exceptions
 * @param pairs whether rows 2i and 2i+1 of a matrix share the mask of N:M, so that a DSP block takes weights of both
 * @param exceptions by {@code region} or {@code layer.region}, such as {@code down} or {@code 0.qkv}; the narrower one counts
 */
public record Pruning(Kept kept, boolean pairs, Map<String, Kept> exceptions) {
    private static final Pattern PLACE = Pattern.compile("((0|[1-9]\\d{0,3})\\.)?(qkv|o|gate_up|down)");

    public Pruning {
        exceptions = Map.copyOf(exceptions);
    }

    /** What is kept of a region of a layer. */
    public Kept of(Region region, int layer) {
        String name = region.name().toLowerCase(Locale.ROOT);
        Kept narrow = exceptions.get(layer + "." + name);
        return narrow != null ? narrow : exceptions.getOrDefault(name, kept);
    }

    /** Layers that a model must have so that no exception is without one. */
    int layers() {
        return exceptions.keySet().stream()
                .filter(place -> place.contains("."))
                .mapToInt(place -> Integer.parseInt(place.substring(0, place.indexOf('.'))) + 1)
                .max()
                .orElse(0);
    }

    /** Reads {@code 2:4}, {@code 50%}, {@code 32x16:50%} or {@code 2:4/down=1:1/0.qkv=8:16}, with a {@code p} at the end for pairs of rows; empty if it is none of these. */
    public static Optional<Pruning> parse(String text) {
        boolean pairs = text.endsWith("p");
        String[] parts = text.substring(0, text.length() - (pairs ? 1 : 0))
                .toLowerCase(Locale.ROOT)
                .split("/", -1);
        Optional<Kept> all = Kept.parse(parts[0]);
        Map<String, Kept> exceptions = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] sides = parts[i].split("=", -1);
            Optional<Kept> one = sides.length == 2 ? Kept.parse(sides[1]) : Optional.empty();
            if (one.isEmpty() || !PLACE.matcher(sides[0]).matches() || exceptions.put(sides[0], one.get()) != null) {
                return Optional.empty();
            }
        }
        return all.map(kept -> new Pruning(kept, pairs, exceptions));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kept.toString());
        new TreeMap<>(exceptions)
                .forEach((place, one) ->
                        text.append('/').append(place).append('=').append(one));
        return pairs ? text.append('p').toString() : text.toString();
    }
}
