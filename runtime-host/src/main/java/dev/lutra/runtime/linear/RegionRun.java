// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linear;

import dev.lutra.runtime.device.Counters;

/**
 * One region that ran on a device.
 *
 * @param region name of its entry point
 * @param layer decoder layer
 * @param length rows of activations; of a step positions before its own
 * @param counters what the device counted
 */
public record RegionRun(String region, int layer, int length, Counters counters) {}
