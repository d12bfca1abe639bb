// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.stats.Estimate;
import dev.lutra.hdl.stats.MemoryUse;
import dev.lutra.hdl.stats.ModuleStatistics;
import dev.lutra.hdl.stats.Operator;
import dev.lutra.hdl.stats.Statistics;
import dev.lutra.hdl.stats.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Statistics as JSON: {@code instances}, a tree in order with depths, and {@code modules}. */
final class StatisticsJson {
    private StatisticsJson() {}

    static Map<String, Object> of(Statistics statistics) {
        List<Object> instances = new ArrayList<>();
        for (Statistics.Row row : statistics.instances()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("depth", row.depth());
            one.put("instance", row.name());
            one.put("count", row.count());
            one.put("module", row.module().name());
            one.put("register_bits", row.totals().registerBits());
            one.put("memory_bits", row.totals().memoryBits());
            one.put("estimates", estimates(row.totals().estimates()));
            instances.add(one);
        }
        List<Object> modules = new ArrayList<>();
        for (ModuleStatistics module : statistics.modules()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("module", module.module().name());
            one.put("register_bits", module.registerBits());
            one.put(
                    "memories",
                    module.memories().stream().map(StatisticsJson::memory).toList());
            List<Object> operators = new ArrayList<>();
            module.operators().forEach((operator, count) -> operators.add(operator(operator, count)));
            one.put("operators", operators);
            one.put("estimates", estimates(module.estimates()));
            modules.add(one);
        }
        return Map.of("instances", instances, "modules", modules);
    }

    private static Map<String, Object> memory(MemoryUse memory) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", memory.name());
        one.put("words", memory.words());
        one.put("width", memory.width());
        one.put("reads", memory.readPorts());
        one.put("writes", memory.writePorts());
        return one;
    }

    private static Map<String, Object> operator(Operator operator, int count) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("kind", operator.kind().name().toLowerCase(Locale.ROOT));
        one.put("shape", operator.shape());
        one.put("count", count);
        return one;
    }

    private static Map<String, Object> estimates(Map<Target, Estimate> estimates) {
        Map<String, Object> all = new LinkedHashMap<>();
        estimates.forEach((target, e) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("luts", e.luts());
            one.put("flip_flops", e.flipFlops());
            one.put("dsps", e.dsps());
            one.put("block_rams", e.blockRams());
            all.put(target.id(), one);
        });
        return all;
    }
}
